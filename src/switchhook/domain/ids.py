"""Ids and secrets that nobody can guess."""

from __future__ import annotations

import secrets
import uuid


def new(kind: str) -> str:
    """Return a fresh id such as `call_af26d2ba-d720-440d-aff1-7df8459eebc7`."""
    return f"{kind}_{uuid.uuid4()}"


def secret(prefix: str, size: int = 32) -> str:
    """Return a fresh secret with `size` random bytes behind a readable prefix."""
    return f"{prefix}_{secrets.token_urlsafe(size)}"
