"""The asyncio shell around the conversation core."""
