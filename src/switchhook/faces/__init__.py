"""What the outside sees: MCP and HTTP."""
