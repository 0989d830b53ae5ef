"""From the callee's frames to what the conversation core senses: speech, tones, words.

Every frame is decoded once. What is dear is done only where it is wanted: tones while somebody
finds out who answered, less noise where the agent's settings ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from switchhook.audio import g711
from switchhook.audio.activity import Activity, Change, Spell
from switchhook.audio.beeps import Beeps, Kind
from switchhook.audio.denoising import Denoiser
from switchhook.audio.mixing import Gate
from switchhook.domain.agent import AgentSpec
from switchhook.engine.events import Event, SpeechStarted, SpeechStopped, ToneHeard
from switchhook.engine.screening import Tone
from switchhook.ports import FRAME_MS, Detector, Frame

ONSET_MS = 120
"""How much speech there was when the detector is sure of it."""
OFFSET_MS = 200
"""How much silence there was when it is sure of that."""

_TONES = MappingProxyType(
    {
        Kind.BEEP: Tone.BEEP,
        Kind.INFORMATION: Tone.SPECIAL_INFORMATION,
        Kind.INTERCEPT: Tone.SPECIAL_INFORMATION,
        Kind.VACANT: Tone.SPECIAL_INFORMATION,
        Kind.REORDER: Tone.SPECIAL_INFORMATION,
        Kind.NO_CIRCUIT: Tone.SPECIAL_INFORMATION,
    }
)


class BuiltIn:
    """The detector that needs nothing, for one call."""

    def __init__(self, told: Callable[[Change], None], min_volume: float) -> None:
        self._told = told
        self._activity = Activity(min_volume)
        self._spell = Spell()

    def feed(self, frame: Frame, pcm: bytes, own: int) -> None:
        """Take 20 ms, of which `own` is the RMS of our own side."""
        del frame
        change = self._spell.feed(self._activity.feed(pcm, own))
        if change is not None:
            self._told(change)

    def close(self) -> None:
        """Let go of everything."""


class Listener:
    """One call's ear for everything that is not a word."""

    def __init__(
        self,
        spec: AgentSpec,
        open_detector: Detector = BuiltIn,
    ) -> None:
        self._detecting = open_detector(self._changed, spec.min_volume)
        self._gate = Gate(spec.min_volume) if spec.min_volume else None
        level = spec.noise_suppression_level
        self._denoiser = Denoiser(level) if level else None
        self._beeps: Beeps | None = None
        self._beeps_since = 0
        self._changes: list[Change] = []

    def hear(self, frame: Frame, at_ms: int, own: int = 0) -> tuple[Frame, Sequence[Event]]:
        """Return the frame as the ears should get it, and what was sensed by it."""
        pcm = g711.decode(frame.audio)
        clean = self._cleaned(pcm)
        self._detecting.feed(frame, clean, own)
        sensed: list[Event] = [_event(change, at_ms) for change in self._changes]
        self._changes.clear()
        if self._beeps is not None:
            sensed += self._tones(pcm)
        if clean is not pcm:
            frame = Frame(g711.encode(clean), frame.words)
        return frame, sensed

    def listen_for_tones(self, *, wanted: bool, at_ms: int) -> None:
        """Tell of tones, or do so no longer."""
        self._beeps = Beeps() if wanted else None
        self._beeps_since = at_ms

    def close(self) -> None:
        """Let go of everything."""
        self._detecting.close()

    def _cleaned(self, pcm: bytes) -> bytes:
        if self._denoiser is not None:
            pcm = self._denoiser.feed(pcm)
        return self._gate.feed(pcm) if self._gate is not None else pcm

    def _changed(self, change: Change) -> None:
        self._changes.append(change)

    def _tones(self, pcm: bytes) -> list[Event]:
        signal = self._beeps.feed(pcm) if self._beeps is not None else None
        tone = _TONES.get(signal.kind) if signal is not None else None
        if signal is None or tone is None:
            return []
        return [ToneHeard(tone, self._beeps_since + signal.end_ms)]


def _event(change: Change, at_ms: int) -> Event:
    """Return the change with the moment at which it truly happened."""
    if change is Change.STARTED:
        return SpeechStarted(max(0, at_ms + FRAME_MS - ONSET_MS))
    return SpeechStopped(max(0, at_ms + FRAME_MS - OFFSET_MS))
