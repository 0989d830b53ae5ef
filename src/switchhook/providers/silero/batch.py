"""Windows of all calls, joined to batches; nothing here waits, locks or knows the model.

A call's mu-law gathers in its seat and becomes floats only in the batch, thousands of samples at
once. A batch holds at most one window of each seat, since a window needs what the model remembers
of the one before it; who has fallen behind takes part in one batch after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import structlog

from switchhook.audio.activity import Change, Patience, Spell
from switchhook.audio.samples import FULL_SCALE, WIDTH, audioop
from switchhook.providers.silero.model import CONTEXT, STATE, WINDOW, Floats

log = structlog.get_logger(__name__)

WINDOW_MS: Final = WINDOW // 8
LARGEST: Final = 256
"""Windows of one batch; more make none of them cheaper, and the first wait for the last."""

ABOVE: Final = 1.6
"""How much louder than its line a window must be to be judged; at 0 all are."""

Listener = Callable[[float, Change | None], None]
"""Told the probability of every window, in order, and whether speech began or ended with it."""


class Loudness:
    """Tells which windows of a call are so quiet that nobody needs to judge them."""

    __slots__ = ("_above", "_floor", "_hold", "rested")

    def __init__(self, above: float) -> None:
        self._above = above
        self._floor = _SOFTEST
        self._hold = 0
        self.rested = 0

    def quiet(self, ulaw: bytes | bytearray) -> bool:
        """Tell whether the window, and those before it, are no louder than the line itself."""
        volume = audioop.rms(audioop.ulaw2lin(ulaw, WIDTH), WIDTH)
        self._floor = max(_SOFTEST, min(volume, self._floor * _RISE))
        if volume >= self._floor * self._above:
            self._hold = _HOLD_MS // WINDOW_MS
        elif self._hold:
            self._hold -= 1
        self.rested = 0 if self._hold else self.rested + 1
        return self._hold == 0


class Seat:
    """One call's place in the batches."""

    __slots__ = ("_context", "_loudness", "_spell", "heard", "listener", "live", "row")

    def __init__(self, row: int, listener: Listener, spell: Spell, loudness: Loudness) -> None:
        self.row = row
        self.live = True
        self.listener = listener
        self.heard = bytearray()
        self._context = _SILENCE * CONTEXT
        self._loudness = loudness
        self._spell = spell

    @property
    def ready(self) -> bool:
        """Tell whether a whole window waits."""
        return self.live and len(self.heard) >= WINDOW

    @property
    def forgotten(self) -> bool:
        """Tell whether it has just been quiet for so long that what was remembered is stale."""
        return self._loudness.rested == _FORGET_MS // WINDOW_MS

    def take(self) -> tuple[bytes, bool]:
        """Return the next window with its context, and whether it is quiet."""
        window = bytes(self.heard[:WINDOW])
        del self.heard[:WINDOW]
        context, self._context = self._context, window[-CONTEXT:]
        return context + window, self._loudness.quiet(window)

    def tell(self, probability: float) -> None:
        """Tell the listener what its window was found to be."""
        self.listener(probability, self._spell.feed(probability))


@dataclass(frozen=True, slots=True)
class Work:
    """Windows to be judged together, with what is remembered of their calls."""

    seats: tuple[Seat, ...]
    windows: bytes
    state: Floats

    def inputs(self) -> Floats:
        """Return the windows as the model wants them."""
        return _FLOATS[np.frombuffer(self.windows, np.uint8)].reshape(-1, CONTEXT + WINDOW)


class Batch:
    """The seats of all calls, and the batches made of them."""

    def __init__(self, patience: Patience | None = None, above: float = ABOVE) -> None:
        self._patience = patience or Patience()
        self._above = above
        self._free: list[int] = []
        self._state = np.zeros((STATE[0], 0, STATE[1]), np.float32)
        self._ready: dict[Seat, None] = {}
        self.behind = False
        """Whether windows wait for which the last batch had no room."""

    def attach(self, listener: Listener) -> Seat:
        """Return a place for a call that begins."""
        if not self._free:
            self._grow()
        row = self._free.pop()
        self._state[:, row] = 0
        return Seat(row, listener, Spell(self._patience, WINDOW_MS), Loudness(self._above))

    def detach(self, seat: Seat) -> None:
        """Give the place away; what is under way for it will not be told."""
        if seat.live:
            self._free.append(seat.row)
            seat.live = False
        self._ready.pop(seat, None)

    def feed(self, seat: Seat, ulaw: bytes) -> None:
        """Take mu-law of a call, of any length."""
        seat.heard += ulaw
        if seat.ready:
            self._ready[seat] = None

    def collect(self) -> Work | None:
        """Return a batch of the windows that wait; quiet ones are answered on the way."""
        seats: list[Seat] = []
        windows: list[bytes] = []
        for seat in list(self._ready):
            if len(seats) == LARGEST:
                break
            del self._ready[seat]
            window = self._loud(seat)
            if window is not None:
                seats.append(seat)
                windows.append(window)
        self.behind = bool(self._ready)
        if not seats:
            return None
        rows = [seat.row for seat in seats]
        return Work(tuple(seats), b"".join(windows), self._state[:, rows])

    def finish(self, work: Work, probabilities: Floats, state: Floats) -> None:
        """Remember and tell what a batch found, except to calls that have ended."""
        alive = [place for place, seat in enumerate(work.seats) if seat.live]
        self._state[:, [work.seats[place].row for place in alive]] = state[:, alive]
        found: list[float] = probabilities.tolist()
        for place in alive:
            seat = work.seats[place]
            self._tell(seat, found[place])
            if seat.ready:
                self._ready[seat] = None
                self.behind = True

    def _loud(self, seat: Seat) -> bytes | None:
        """Return the seat's next window that has to be judged, if there is one."""
        while seat.ready:
            window, quiet = seat.take()
            if not quiet:
                return window
            if seat.forgotten:
                self._state[:, seat.row] = 0
            self._tell(seat, 0.0)
        return None

    def _tell(self, seat: Seat, probability: float) -> None:
        """Tell one listener; its failure is its own, and the last that it is told."""
        if not seat.live:
            return
        try:
            seat.tell(probability)
        except Exception:
            log.exception("a listener failed and is told no more")
            self.detach(seat)

    def _grow(self) -> None:
        before = self._state.shape[1]
        more = np.zeros((STATE[0], max(_FIRST, before), STATE[1]), np.float32)
        self._state = np.concatenate((self._state, more), axis=1)
        self._free.extend(reversed(range(before, self._state.shape[1])))


_SILENCE: Final = b"\xff"
_EVERY: Final = np.frombuffer(audioop.ulaw2lin(bytes(range(256)), WIDTH), "<i2")
_FLOATS: Final[Floats] = (_EVERY / FULL_SCALE).astype(np.float32)
_FIRST: Final = 16  # seats
_SOFTEST: Final = 12.0  # a line's own noise
_RISE: Final = 1.008  # a window: by half in 1.6 s
_HOLD_MS: Final = 320
_FORGET_MS: Final = 1000
