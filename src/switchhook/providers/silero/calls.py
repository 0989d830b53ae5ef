"""Silero as the calls of a node see it: each has a seat, and the beat has all of them judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from switchhook.audio import g711
from switchhook.audio.activity import Change, Echo, Patience, Spell
from switchhook.audio.samples import WIDTH, audioop
from switchhook.ports import FRAME_MS, Frame
from switchhook.providers.silero.batch import WINDOW_MS
from switchhook.providers.silero.detector import Detector
from switchhook.providers.silero.model import Scorer
from switchhook.runtime.ticker import Ticker


class Neural:
    """Opens a detector for each call; the model, its thread and its inferences are one for all."""

    def __init__(self, scorer: Scorer, ticker: Ticker, patience: Patience | None = None) -> None:
        self._shared = Detector(scorer, patience)
        self._ticker = ticker
        self._seated = 0
        self._stop_ticking: Callable[[], None] | None = None

    def __call__(self, told: Callable[[Change], None], min_volume: float) -> Seated:
        """Start to listen; what is softer than the volume comes here as silence already."""
        del min_volume
        if self._stop_ticking is None:
            self._stop_ticking = self._ticker.subscribe(lambda _: self._shared.tick())
        self._seated += 1
        return Seated(self._shared, told, self._left)

    def close(self) -> None:
        """End the thread; nobody is told anything after this."""
        self._shared.close()

    def _left(self) -> None:
        """Let the beat rest once nobody is there to be judged."""
        self._seated -= 1
        if not self._seated and self._stop_ticking is not None:
            self._stop_ticking()
            self._stop_ticking = None


class Seated:
    """The detector of one call."""

    def __init__(
        self, shared: Detector, told: Callable[[Change], None], left: Callable[[], None]
    ) -> None:
        self._shared = shared
        self._told = told
        self._left = left
        self._echo = Echo()
        self._last = 0.0
        self._moment = Spell(_MOMENT, WINDOW_MS)
        self._speaking = False
        self._seat = shared.attach(self._judged)

    @property
    def fading(self) -> bool:
        """Whether speech is on, but has been quiet for a moment."""
        return self._speaking and not self._moment.speaking

    def feed(self, frame: Frame, pcm: bytes, own: int) -> None:
        """Take 20 ms; the model knows a voice, but not whose, so that ours must not reach it."""
        echo = self._echo.explains(audioop.rms(pcm, WIDTH), own, speaking=self._last >= _LIKELY)
        self._shared.feed(self._seat, _SILENCE if echo else frame.audio)

    def close(self) -> None:
        """Leave the seat."""
        if self._seat.live:
            self._shared.detach(self._seat)
            self._left()

    def _judged(self, probability: float, change: Change | None) -> None:
        self._last = probability
        self._moment.feed(probability)
        if change is not None:
            self._speaking = change is Change.STARTED
            self._told(change)


_LIKELY: Final = 0.5
_MOMENT: Final = Patience(onset=WINDOW_MS, within=WINDOW_MS, end=2 * WINDOW_MS)
_SILENCE: Final = g711.silence(FRAME_MS)
