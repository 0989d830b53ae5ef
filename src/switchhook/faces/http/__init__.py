"""The HTTP face: authentication, limits, the native REST API, health."""
