"""Progress notifications: only for callers who sent a token, never a reason to fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mcp.server.mcpserver import Context

SLICE = 5.0
"""How long a waiting tool keeps quiet at the most."""


@dataclass(slots=True)
class Progress:
    """How far a tool has come; steps count up, because progress may never run backwards."""

    context: Context[Any, Any]
    step: int = 0

    async def tell(self, message: str) -> None:
        """Send the message to a caller who wants to know; the SDK drops it for all others."""
        self.step += 1
        await self.context.report_progress(self.step, message=message)
