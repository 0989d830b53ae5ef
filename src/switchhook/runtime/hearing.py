"""Ears that last as long as the call: what ends is opened again, and hears again what it missed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from switchhook.engine.expectation import Expectation
from switchhook.ports import FRAME_MS, Ears, Frame, Heard, Hearing, Listening
from switchhook.runtime.breaker import Attempt, Breaker, Breakers
from switchhook.runtime.connections import Connections

KEPT_MS = 20_000
"""How much of the callee's audio new ears are given to hear again, at most: a sentence or two, and
the time in which a session that was lost is tried to be had again."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Ears that may hear the call: what they are told of it, and whether they are left alone."""

    ears: Ears
    listening: Listening
    breaker: Breaker


def candidates(
    ears: Sequence[Ears], listening: Listening, breakers: Breakers
) -> Sequence[Candidate]:
    """Return who may hear a call, in their order; who is left alone for a while comes last."""
    # The model is one of the first ones'; nobody else knows its name.
    plain = replace(listening, model=None)
    found = [
        Candidate(one, plain if number else listening, breakers.of("ears", one.name))
        for number, one in enumerate(ears)
    ]
    return sorted(found, key=lambda candidate: candidate.breaker.rests)


class SteadyEars:
    """The ears of one call, whichever they are by now.

    The audio after the last words that are certain is kept, so that no ears that are replaced
    take words with them.
    """

    def __init__(self, row: Sequence[Candidate], connections: Connections) -> None:
        self._row = deque(row)
        self._connections = connections
        self._told: Callable[[Heard], None] = _nobody
        self._ended: Callable[[], None] | None = None
        self._hearing: Hearing | None = None
        self._attempt: Attempt | None = None
        self._opened = 0
        self._missed: deque[tuple[Frame, int]] = deque(maxlen=KEPT_MS // FRAME_MS)
        self._asked = Expectation()
        self._open()

    def listen(self, told: Callable[[Heard], None], ended: Callable[[], None]) -> None:
        """Tell from now on what is heard, and when nothing more will be."""
        self._told, self._ended = told, ended
        if self._hearing is None:
            ended()

    def expect(self, asked: Expectation) -> None:
        """Learn what sort of answer may come."""
        self._asked = asked
        if self._hearing is not None:
            self._hearing.expect(asked)

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        self._missed.append((frame, at_ms))
        if self._hearing is not None:
            self._give(self._hearing, frame, at_ms)

    def replace(self, *, by_others: bool) -> None:
        """Open them again, or those that stand in for them, and let them hear what was missed."""
        if by_others:
            self._failed()
            self._row.rotate(-1)
        self.close()
        try:
            hearing = self._open()
        except Exception as failure:  # noqa: BLE001 - whatever a vendor raises, the call is told
            self._lose(failure)
            return
        hearing.expect(self._asked)
        for frame, at_ms in list(self._missed):
            if hearing is self._hearing:
                self._give(hearing, frame, at_ms)

    def close(self) -> None:
        """Let go of everything."""
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            hearing.close()
        if self._attempt is not None:
            self._attempt.over()

    def _open(self) -> Hearing:
        self._opened += 1
        number, one = self._opened, self._row[0]
        self._attempt = one.breaker.attempt()
        try:
            hearing = one.ears.open(one.listening, lambda heard: self._hear(number, heard))
        except Exception:
            self._failed()
            raise
        self._hearing = hearing
        self._connections.keep(hearing.run(), lambda failure: self._end(hearing, failure))
        return hearing

    def _give(self, hearing: Hearing, frame: Frame, at_ms: int) -> None:
        try:
            hearing.push(frame, at_ms)
        except Exception as failure:  # noqa: BLE001 - as above
            self._end(hearing, failure)

    def _hear(self, number: int, heard: Heard) -> None:
        if number != self._opened:
            return
        if self._attempt is not None:
            self._attempt.worked()
        if heard.text and (heard.final or heard.certain):
            while self._missed and self._missed[0][1] < heard.end_ms:
                self._missed.popleft()
        self._told(heard)

    def _end(self, hearing: Hearing, failure: Exception) -> None:
        if hearing is self._hearing:
            self.close()
            self._lose(failure)

    def _lose(self, failure: Exception) -> None:
        self._failed()
        _log.warning("ears_ended", ears=self._row[0].ears.name, exc_info=failure)
        if self._ended is not None:
            self._ended()

    def _failed(self) -> None:
        if self._attempt is not None:
            self._attempt.failed()


def _nobody(heard: Heard) -> None:
    """Let what is heard before the call pass."""
    del heard
