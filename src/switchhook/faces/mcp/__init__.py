"""The MCP face: tools, resources, prompts, subscriptions, confirmation, transports."""
