"""What the requests of agents are signed with, so that their receivers know who sent them.

A secret is derived from the key of this installation, the account and the address it is for. No
secret is stored: a copy of the database tells none, and each receiver knows only its own.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from switchhook.domain.errors import Unavailable

Secrets = Callable[[str, str], bytes | None]
"""Returns what the requests of an account to an address are signed with, if anything."""

KEY_BYTES = 32


def unsigned(org_id: str, url: str) -> None:
    """Return no secret."""
    del org_id, url


class Signing:
    """Derives the secrets; the key is asked for when the first one is wanted."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key

    def secret(self, org_id: str, url: str) -> bytes:
        """Return what an account's requests to an address are signed with."""
        return hmac.digest(self._key(), f"{org_id}\n{url}".encode(), hashlib.sha256)


class KeyFile:
    """A key in a file that only this user may read; it is made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key = b""

    def __call__(self) -> bytes:
        """Return the key."""
        if not self._key:
            self._make()
            key = self._path.read_bytes()
            if len(key) != KEY_BYTES:
                raise Unavailable(
                    f"{self._path} is damaged",
                    hint="bring it back, or remove it; agents' requests have new secrets then",
                )
            self._key = key
        return self._key

    def _make(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
