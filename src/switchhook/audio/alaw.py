"""G.711 A-law: the other eight bits per sample, in which Europe's telephones talk."""

from __future__ import annotations

from switchhook.audio.samples import WIDTH, audioop

SILENCE = b"\xd5"
"""One sample of nothing."""


def encode(pcm: bytes) -> bytes:
    """Return 16-bit samples as A-law."""
    return audioop.lin2alaw(pcm, WIDTH)


def decode(alaw: bytes) -> bytes:
    """Return A-law as 16-bit samples."""
    return audioop.alaw2lin(alaw, WIDTH)


def from_ulaw(ulaw: bytes) -> bytes:
    """Return mu-law as A-law, each sample as the nearest one there is."""
    return ulaw.translate(_FROM_ULAW)


def to_ulaw(alaw: bytes) -> bytes:
    """Return A-law as mu-law, each sample as the nearest one there is."""
    return alaw.translate(_TO_ULAW)


_EVERY = bytes(range(256))
_FROM_ULAW = audioop.lin2alaw(audioop.ulaw2lin(_EVERY, WIDTH), WIDTH)
_TO_ULAW = audioop.lin2ulaw(audioop.alaw2lin(_EVERY, WIDTH), WIDTH)
