"""WAV files of 16-bit samples, made and read without any file."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from switchhook.audio import g711

HEADER_BYTES = 44
_PCM = 1
_BITS = 16
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


@dataclass(frozen=True, slots=True)
class Wav:
    """What a WAV file holds; samples of the channels alternate."""

    rate: int
    channels: int
    pcm: bytes

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.pcm) / (2 * self.channels * self.rate)

    def channel(self, number: int) -> bytes:
        """Return the samples of one channel."""
        return np.frombuffer(self.pcm, dtype="<i2")[number :: self.channels].tobytes()


def header(data_bytes: int, *, channels: int = 2, rate: int = 8000) -> bytes:
    """Return the 44 bytes before so many bytes of samples."""
    block = 2 * channels
    riff = (b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16)
    shape = (_PCM, channels, rate, rate * block, block, _BITS)
    return _HEADER.pack(*riff, *shape, b"data", data_bytes)


def write(wav: Wav) -> bytes:
    """Return the file."""
    return header(len(wav.pcm), channels=wav.channels, rate=wav.rate) + wav.pcm


def read(file: bytes) -> Wav:
    """Return what the file holds; a file cut short holds what is there."""
    if len(file) < HEADER_BYTES:
        raise ValueError("this is not a WAV file: it is shorter than a header")
    fields = _HEADER.unpack_from(file)
    if (fields[0], fields[2], fields[11]) != (b"RIFF", b"WAVE", b"data") or fields[10] != _BITS:
        raise ValueError("this is not a WAV file of 16-bit samples")
    return Wav(rate=fields[7], channels=fields[6], pcm=file[HEADER_BYTES:][: fields[12]])


def stereo(left: bytes, right: bytes) -> bytes:
    """Return two channels of mu-law as alternating 16-bit samples; the shorter one is filled."""
    size = max(len(left), len(right))
    both = np.empty((size, 2), dtype="<i2")
    for number, side in enumerate((left, right)):
        full = side.ljust(size, g711.SILENCE)
        both[:, number] = np.frombuffer(g711.decode(full), dtype="<i2")
    return both.tobytes()
