"""The neural detector for all calls of the load benchmark's server."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from switchhook.audio.activity import Change
from switchhook.ports import Frame
from switchhook.providers.silero.detector import Detector
from switchhook.providers.silero.model import Model
from tests.bench.load_fakes import PATIENCE


class Neural:
    """One detector, and a seat in it for each call."""

    def __init__(self) -> None:
        self._detector = Detector(Model(), PATIENCE)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the detector's thread."""
        self._detector.__exit__(kind, error, trace)

    def open(self, told: Callable[[Change], None], min_volume: float) -> Seated:
        """Take a seat."""
        del min_volume
        return Seated(self._detector, told)

    def tick(self, now: float) -> None:
        """Have the windows judged that wait."""
        del now
        self._detector.tick()


class Seated:
    """One call's seat."""

    def __init__(self, detector: Detector, told: Callable[[Change], None]) -> None:
        self._detector = detector
        self._told = told
        self._seat = detector.attach(self._judged)

    @property
    def fading(self) -> bool:
        """Nobody can tell between two windows."""
        return False

    def feed(self, frame: Frame, pcm: bytes, own: int) -> None:
        """Take 20 ms."""
        del pcm, own
        self._detector.feed(self._seat, frame.audio)

    def close(self) -> None:
        """Leave the seat."""
        self._detector.detach(self._seat)

    def _judged(self, probability: float, change: Change | None) -> None:
        del probability
        if change is not None:
            self._told(change)
