"""The native REST API: the calls, agents and rules of an account under X-API-KEY/X-API-SECRET."""
