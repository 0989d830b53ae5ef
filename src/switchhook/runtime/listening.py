"""From the callee's frames to what the conversation core senses: speech, tones, keys.

Every frame is decoded once. What is dear is done only where it is wanted: tones while somebody
finds out who answered, keys where the line does not report them, less noise where the agent's
settings ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import cycle
from types import MappingProxyType

from switchhook.audio import g711
from switchhook.audio.activity import Activity, Change, Patience, Spell
from switchhook.audio.beeps import Beeps, Kind
from switchhook.audio.comfort import Comfort
from switchhook.audio.denoising import Denoiser
from switchhook.audio.mixing import Gate
from switchhook.audio.samples import WIDTH
from switchhook.audio.tones import KeyEar
from switchhook.domain.agent import AgentSpec
from switchhook.engine.events import (
    DigitPressed,
    Event,
    SpeechFades,
    SpeechStarted,
    SpeechStopped,
    ToneHeard,
)
from switchhook.engine.screening import Tone
from switchhook.ports import FRAME_BYTES, FRAME_MS, Detector, Frame

ONSET_MS = 120
"""How much speech there was when the detector is sure of it."""
OFFSET_MS = 200
"""How much silence there was when it is sure of that."""

_NOTHING = bytes(FRAME_BYTES * WIDTH)
_FAINT_FRAMES = 7000 // FRAME_MS
_MOMENT = Patience(onset=20, within=20, end=60)

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
        self._moment = Spell(_MOMENT)

    def feed(self, frame: Frame, pcm: bytes, own: int) -> None:
        """Take 20 ms, of which `own` is the RMS of our own side."""
        del frame
        probability = self._activity.feed(pcm, own)
        self._moment.feed(probability)
        change = self._spell.feed(probability)
        if change is not None:
            self._told(change)

    @property
    def fading(self) -> bool:
        """Whether speech is on, but has been quiet for a moment."""
        return self._spell.speaking and not self._moment.speaking

    def close(self) -> None:
        """Let go of everything."""


class Listener:
    """One call's ear for everything that is not a word."""

    def __init__(
        self,
        spec: AgentSpec,
        open_detector: Detector = BuiltIn,
        told: Callable[[Change], None] | None = None,
        *,
        carries_words: bool = True,
        reports_keys: bool = True,
    ) -> None:
        self._detecting = open_detector(self._changed, spec.min_volume)
        self._gate = Gate(spec.min_volume) if spec.min_volume else None
        level = spec.noise_suppression_level
        self._denoiser = Denoiser(level) if level else None
        # Recognisers take digital silence for a fault, and some of them hear words in it.
        self._faint = None if carries_words else cycle(_faint())
        self._keys = None if reports_keys else KeyEar()
        self._beeps: Beeps | None = None
        self._beeps_since = 0
        self._changes: list[Change] = []
        self._told = told
        self._hearing = False
        self._fading = False

    def hear(self, frame: Frame, at_ms: int, own: int = 0) -> tuple[Frame, Sequence[Event]]:
        """Return the frame as the ears should get it, and what was sensed by it."""
        pcm = g711.decode(frame.audio)
        key = self._keys.push(pcm) if self._keys is not None else None
        clean = self._cleaned(pcm)
        if self._faint is not None and clean == _NOTHING:
            clean, audio = next(self._faint)
            frame = Frame(audio, frame.words)
        elif clean is not pcm:
            frame = Frame(g711.encode(clean), frame.words)
        sensed: list[Event] = [] if key is None else [DigitPressed(key)]
        sensed += self._speech(frame, clean, own, at_ms)
        if self._beeps is not None:
            sensed += self._tones(pcm)
        return frame, sensed

    def listen_for_tones(self, *, wanted: bool, at_ms: int) -> None:
        """Tell of tones, or do so no longer."""
        self._beeps = Beeps() if wanted else None
        self._beeps_since = at_ms

    def close(self) -> None:
        """Let go of everything."""
        self._detecting.close()

    def _cleaned(self, pcm: bytes) -> bytes:
        if self._keys is not None and self._keys.sounding:
            # Whoever holds a key does not speak.
            pcm = _NOTHING
        if self._denoiser is not None:
            pcm = self._denoiser.feed(pcm)
        if self._gate is not None:
            pcm = self._gate.feed(pcm)
        return pcm

    def _speech(self, frame: Frame, pcm: bytes, own: int, at_ms: int) -> list[Event]:
        self._hearing = True
        self._detecting.feed(frame, pcm, own)
        self._hearing = False
        sensed = [event_of(change, at_ms) for change in self._changes]
        self._changes.clear()
        if self._detecting.fading is not self._fading:
            self._fading = self._detecting.fading
            sensed.append(SpeechFades(self._fading))
        return sensed

    def _changed(self, change: Change) -> None:
        """Take a change; one that a shared detector finds between two frames is told at once."""
        if self._hearing or self._told is None:
            self._changes.append(change)
        else:
            self._told(change)

    def _tones(self, pcm: bytes) -> list[Event]:
        signal = self._beeps.feed(pcm) if self._beeps is not None else None
        tone = _TONES.get(signal.kind) if signal is not None else None
        if signal is None or tone is None:
            return []
        return [ToneHeard(tone, self._beeps_since + signal.end_ms)]


@cache
def _faint() -> tuple[tuple[bytes, bytes], ...]:
    """Return some seconds of comfort noise, frame by frame, as samples and as mu-law."""
    comfort = Comfort()
    frames = [comfort.feed(FRAME_BYTES) for _ in range(_FAINT_FRAMES)]
    return tuple((pcm, g711.encode(pcm)) for pcm in frames)


def event_of(change: Change, at_ms: int) -> Event:
    """Return a change that was found at a moment, with the one at which it truly happened."""
    if change is Change.STARTED:
        return SpeechStarted(max(0, at_ms + FRAME_MS - ONSET_MS))
    return SpeechStopped(max(0, at_ms + FRAME_MS - OFFSET_MS))
