"""Ears of the load benchmark that hear with the neural detector."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from switchhook.audio.activity import Change
from switchhook.ports import Frame, Heard
from switchhook.providers.silero.detector import Detector
from switchhook.providers.silero.model import Model
from tests.bench.load_fakes import PATIENCE, FakeHearing


class Neural(FakeHearing):
    """Hears with the detector that all calls share."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self._detector = detector
        self._seat = detector.attach(self._told)
        self._at_ms = 0

    def push(self, frame: Frame, at_ms: int) -> Sequence[Heard]:
        """Take 20 ms."""
        self._at_ms = at_ms
        self._detector.feed(self._seat, frame.audio)
        return self.due(at_ms)

    def close(self) -> None:
        """Leave the seat."""
        self._detector.detach(self._seat)

    def _told(self, probability: float, change: Change | None) -> None:
        if change is not None:
            self.changed(change, self._at_ms)


class SileroEars:
    """Opens ears on one detector."""

    name = "bench"

    def __init__(self) -> None:
        self._detector = Detector(Model(), PATIENCE)

    def __enter__(self) -> Self:
        """Return the ears themselves."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the detector's thread."""
        self._detector.__exit__(kind, error, trace)

    def open(self, language: str) -> Neural:
        """Start listening to one call."""
        return Neural(self._detector)

    def tick(self, now: float) -> None:
        """Have the windows judged that wait."""
        self._detector.tick()
