"""Audio that arrives in pieces: whatever the cuts, the result is that of the whole.

Pieces may be of any length, also odd, in the middle of a sample. A resampler of our own because
the usual libraries hold back 25 to 75 ms of a stream and agree with themselves only to a bit or
two; this one holds back 3 ms and is exact: its coefficients are whole numbers, so that the sums
are too, in whatever order they are taken.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from switchhook.audio.samples import WIDTH

RATES: Final = (8000, 16000, 24000, 48000)

_Matrix = npt.NDArray[np.float64]

_REACH_MS: Final = 2.0  # of the filter to each side: 60 dB down beyond the band
_PASS: Final = 0.95  # of the lower rate's band is kept
_SHARPNESS: Final = 5.6  # of the Kaiser window
_UNIT: Final = 1 << 15  # a coefficient of one; 2^15 · 2^15 · 200 stays far below 2^53


class Whole:
    """Joins pieces of any length into pieces of whole samples or frames."""

    __slots__ = ("_rest", "_size")

    def __init__(self, size: int = WIDTH) -> None:
        self._size = size
        self._rest = b""

    def feed(self, piece: bytes) -> bytes:
        """Return all that is complete by now."""
        if self._rest:
            piece = self._rest + piece
        cut = len(piece) - len(piece) % self._size
        self._rest = piece[cut:]
        return piece[:cut]

    def flush(self, fill: bytes = b"\0") -> bytes:
        """Return what is left, filled up, or nothing where nothing is left."""
        rest, self._rest = self._rest, b""
        return rest.ljust(self._size, fill) if rest else b""


class Resampler:
    """Brings a stream of 16-bit samples to another rate."""

    __slots__ = ("_down", "_filter", "_given", "_history", "_reach", "_taken", "_up", "_whole")

    def __init__(self, source: int, target: int) -> None:
        unknown = {source, target} - set(RATES)
        if unknown:
            raise ValueError(f"{unknown.pop()} Hz is not a rate we resample: {RATES}")
        # A row of work is a millisecond, so many inputs and so many outputs: that keeps the
        # product of matrices small and in one thread.
        self._up, self._down = target // 1000, source // 1000
        self._reach, self._filter = _filter(source, self._up, self._down)
        self._whole = Whole()
        self._restart()

    def feed(self, piece: bytes) -> bytes:
        """Return the samples at the new rate that are certain by now."""
        pcm = self._whole.feed(piece)
        if self._up == self._down:
            return pcm
        samples = np.frombuffer(pcm, "<i2")
        self._taken += len(samples)
        return self._resampled(samples)

    def flush(self) -> bytes:
        """Return the rest of the stream, without half a sample, and begin a new one."""
        self._whole.flush()
        if self._up == self._down:
            return b""
        due = -(-self._taken * self._up // self._down) - self._given
        rest = self._resampled(np.zeros(len(self._filter) + self._down, np.int16))
        self._restart()
        return rest[: due * WIDTH]

    def _restart(self) -> None:
        self._taken = self._given = 0
        self._history = np.zeros(self._reach)

    def _resampled(self, samples: npt.NDArray[np.int16]) -> bytes:
        history = np.concatenate((self._history, samples))
        width = len(self._filter)
        rows = max(0, (len(history) - width) // self._down + 1)
        self._history = history[rows * self._down :]
        self._given += rows * self._up
        # Each row is the window that begins `down` samples after the one above it.
        strides = (self._down * history.itemsize, history.itemsize)
        windows = np.ndarray((rows, width), np.float64, history, 0, strides)
        result = np.ascontiguousarray(windows) @ self._filter
        result *= 1 / _UNIT
        np.rint(result, out=result)
        np.minimum(result, 32767, out=result)
        np.maximum(result, -32768, out=result)
        return result.astype("<i2").tobytes()


@lru_cache(maxsize=len(RATES) ** 2)
def _filter(source: int, up: int, down: int) -> tuple[int, _Matrix]:
    """Return the inputs before the first, and the weights of a window for `up` outputs of it."""
    band = _PASS * min(1.0, up / down)
    reach = round(source * _REACH_MS / 1000)
    position = np.arange(up) * down / up  # of each output, in inputs after the first of its row
    distance = np.arange(-reach, reach + down + 1)[:, None] - position[None, :]
    inside = np.clip(1 - (distance / reach) ** 2, 0, 1)
    window = np.i0(_SHARPNESS * np.sqrt(inside)) * (np.abs(distance) <= reach)
    weights = np.sinc(distance * band) * window
    whole = np.rint(weights / weights.sum(axis=0) * _UNIT)
    # What rounding took or gave goes to the largest weight, so that a constant stays what it is.
    whole[np.argmax(whole, axis=0), np.arange(up)] += _UNIT - whole.sum(axis=0)
    return reach, whole
