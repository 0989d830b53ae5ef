"""Sealed secrets are opened where they belong, under the key they were closed with."""

from __future__ import annotations

import base64

import pytest

from switchhook.domain.errors import Unavailable
from switchhook.runtime.sealing import Seal

OURS = Seal(lambda: b"a key of this installation, 32 b")
PLACE = "org\nopenai\nconn"


def test_a_secret_comes_back_and_is_never_sealed_the_same_way() -> None:
    sealed = OURS.close("sk-secret", PLACE)

    assert OURS.open(sealed, PLACE) == "sk-secret"
    assert b"secret" not in base64.b64decode(sealed)
    assert OURS.close("sk-secret", PLACE) != sealed


@pytest.mark.parametrize(
    ("seal", "place"), [(OURS, "org\nopenai\nanother"), (Seal(lambda: bytes(32)), PLACE)]
)
def test_a_secret_is_closed_to_another_place_and_another_key(seal: Seal, place: str) -> None:
    sealed = OURS.close("sk-secret", PLACE)

    with pytest.raises(Unavailable, match="another signing key"):
        seal.open(sealed, place)
