"""Secrets that have to be read again are stored sealed: a copy of the database tells none.

The key of the seal is derived from the key of this installation, and a sealed secret can be opened
only where it belongs: moved to another row it cannot be read.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from switchhook.domain.errors import Unavailable

NONCE_BYTES = 12
"""What NIST SP 800-38D recommends."""

_PURPOSE = b"switchhook sealed secrets"
_KEY_BYTES = 32


class Seal:
    """Closes and opens secrets; the key is asked for when the first one is."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key
        self._cipher: AESGCM | None = None

    def close(self, secret: str, place: str) -> str:
        """Return the secret as it can be stored in this place."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._derived().encrypt(nonce, secret.encode(), place.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> str:
        """Return the secret, which was closed under the same key and for the same place."""
        whole = base64.b64decode(sealed)
        nonce, text = whole[:NONCE_BYTES], whole[NONCE_BYTES:]
        try:
            return self._derived().decrypt(nonce, text, place.encode()).decode()
        except InvalidTag:
            raise Unavailable(
                "a stored key was sealed under another signing key, and cannot be read",
                hint="bring back the signing key it was stored with, or store the key anew",
            ) from None

    def _derived(self) -> AESGCM:
        if self._cipher is None:
            derivation = HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE)
            self._cipher = AESGCM(derivation.derive(self._key()))
        return self._cipher
