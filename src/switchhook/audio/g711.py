"""G.711 mu-law: the eight bits per sample in which telephones talk."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Python 3.11 and 3.12 announce that the module leaves; audioop-lts brings it back for 3.13.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

SILENCE = b"\xff"
"""One sample of nothing."""


def encode(pcm: bytes) -> bytes:
    """Return 16-bit samples as mu-law."""
    return audioop.lin2ulaw(pcm, 2)


def decode(ulaw: bytes) -> bytes:
    """Return mu-law as 16-bit samples."""
    return audioop.ulaw2lin(ulaw, 2)


def silence(milliseconds: int) -> bytes:
    """Return so many milliseconds of nothing at 8 kHz."""
    return SILENCE * (milliseconds * 8)


def frames(ulaw: bytes, size: int = 160) -> list[bytes]:
    """Cut the audio into frames of one size; the last one is filled up with silence."""
    return [ulaw[start : start + size].ljust(size, SILENCE) for start in range(0, len(ulaw), size)]
