"""What the models of this package share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: it never changes, and it knows exactly its own members."""

    model_config = ConfigDict(frozen=True, extra="forbid")
