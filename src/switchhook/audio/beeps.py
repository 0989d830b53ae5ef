"""The tones of the network and its machines: voicemail beep, information tones, fax, busy.

What is tonal in the frames is joined to tones, tones without a gap to groups; a group is named
once it has been followed by a moment without any tone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

import numpy as np

from switchhook.audio.pitch import Pitch, pitch_of

FRAME_MS: Final = 20


class Kind(Enum):
    """What a tone means."""

    BEEP = "beep"
    INFORMATION = "information"
    INTERCEPT = "intercept"
    VACANT = "vacant"
    REORDER = "reorder"
    NO_CIRCUIT = "no_circuit"
    FAX_CALLING = "fax_calling"
    FAX_ANSWERING = "fax_answering"
    BUSY = "busy"
    CONGESTION = "congestion"


@dataclass(frozen=True, slots=True)
class Signal:
    """A tone that was recognised, with the milliseconds since listening began."""

    kind: Kind
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Tone:
    """A stretch of one pitch."""

    pitch: Pitch
    start_ms: int
    end_ms: int

    @property
    def length(self) -> int:
        """Return its milliseconds."""
        return self.end_ms - self.start_ms


class Beeps:
    """Listens to one call."""

    __slots__ = ("_before", "_group", "_left_out", "_now", "_past", "_pitches")

    def __init__(self) -> None:
        self._now = 0
        self._before = self._left_out = b""
        self._pitches: list[Pitch] = []  # of the tone that sounds now
        self._group: list[Tone] = []  # the tones just before it
        self._past: list[Tone] = []  # earlier tones that stood alone

    def feed(self, pcm: bytes) -> Signal | None:
        """Return the signal that became certain with these 20 ms at 8 kHz."""
        window = self._before + pcm
        self._before = pcm
        self._now += FRAME_MS
        if not self._pitches and not self._left_out:
            # No tone fits between two windows, so that every second one tells whether one begins.
            self._left_out = window
            return None
        pitch = pitch_of(window)
        left_out, self._left_out = self._left_out, b""
        if pitch and left_out:
            earlier = pitch_of(left_out)
            self._pitches = [earlier] if earlier else []
        if pitch and self._pitches and pitch.near(self._pitches[-1], _DRIFT):
            self._pitches.append(pitch)
            return self._endless()
        self._end_tone()
        if pitch:
            self._pitches = [pitch]
            return None
        return self._end_group()

    def _endless(self) -> Signal | None:
        """Return what a tone means that sounds for longer than any beep."""
        if len(self._pitches) != _LONGEST_BEEP // FRAME_MS:
            return None
        tone = self._tone(self._now)
        return _signal(Kind.FAX_ANSWERING, tone) if tone.pitch.near(_CED, _CED_HZ) else None

    def _end_tone(self) -> None:
        if len(self._pitches) >= _SHORTEST // FRAME_MS:
            self._group.append(self._tone(self._now - FRAME_MS))
        self._pitches = []

    def _tone(self, end_ms: int) -> Tone:
        low = float(np.median([pitch.low for pitch in self._pitches]))
        high = float(np.median([pitch.high for pitch in self._pitches]))
        # The first window of a tone reaches back over two frames.
        return Tone(Pitch(low, high), end_ms - (len(self._pitches) + 1) * FRAME_MS, end_ms)

    def _end_group(self) -> Signal | None:
        if not self._group or self._now - self._group[-1].end_ms < _GAP:
            return None
        group, self._group = self._group, []
        if len(group) > 1:
            kind = _information(group)
            return kind and _signal(kind, Tone(group[0].pitch, group[0].start_ms, group[-1].end_ms))
        self._past = [*self._past[-_CADENCES:], *group]
        kind = _cadence(self._past[-_CADENCES:]) or _fax(self._past[-2:]) or _beep(group[0])
        return kind and _signal(kind, group[0])


def _signal(kind: Kind, tone: Tone) -> Signal:
    return Signal(kind, tone.start_ms, tone.end_ms)


def _beep(tone: Tone) -> Kind | None:
    fits = tone.pitch.single and _within(tone.pitch.low, _BEEP_HZ) and tone.length <= _LONGEST_BEEP
    return Kind.BEEP if fits else None


def _information(group: Sequence[Tone]) -> Kind | None:
    """Return the meaning of three rising tones, which in America their exact pitches tell."""
    if len(group) != len(_SIT) or not all(tone.pitch.single for tone in group):
        return None
    pitches = [tone.pitch.low for tone in group]
    for steps, kind in _MEANING.items():
        if all(abs(step - hertz) <= _EXACT for step, hertz in zip(steps, pitches, strict=True)):
            return kind
    rough = all(abs(step - hertz) <= _ROUGH for step, hertz in zip(_SIT, pitches, strict=True))
    return Kind.INFORMATION if rough else None


def _fax(tones: Sequence[Tone]) -> Kind | None:
    """Return a fax that calls, once it has called twice: a single call may be a beep."""
    calls = [t for t in tones if t.pitch.near(_CNG, _CNG_HZ) and _within(t.length, _CNG_ON)]
    pauses = [later.start_ms - tone.end_ms for tone, later in pairwise(calls)]
    return Kind.FAX_CALLING if pauses and _within(pauses[0], _CNG_OFF) else None


def _cadence(tones: Sequence[Tone]) -> Kind | None:
    """Return busy or congestion, once the same tone and the same pause have come three times."""
    first = tones[0]
    if len(tones) < _CADENCES or not any(first.pitch.near(busy, _BUSY_HZ) for busy in _BUSY):
        return None
    pauses = [later.start_ms - tone.end_ms for tone, later in pairwise(tones)]
    lengths = [tone.length for tone in tones]
    same = all(tone.pitch.near(first.pitch, _DRIFT) for tone in tones)
    if not (same and _even(lengths) and _even(pauses)):
        return None
    return Kind.BUSY if lengths[0] >= _BUSY_ON else Kind.CONGESTION


def _even(lengths: Sequence[int]) -> bool:
    return max(lengths) - min(lengths) <= _UNEVEN and max(lengths) <= _SLOWEST


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


_DRIFT: Final = 12.0  # hertz from frame to frame
_SHORTEST: Final = 60
_GAP: Final = 120
_BEEP_HZ: Final = (395.0, 2205.0)
_LONGEST_BEEP: Final = 1500

# ITU-T E.180: 950, 1400 and 1800 Hz; the American pitches, which carry a meaning, lie near them.
_SIT: Final = (950.0, 1400.0, 1800.0)
_ROUGH: Final = 55.0
_EXACT: Final = 20.0
_MEANING: Final = {
    (913.8, 1370.6, 1776.7): Kind.INTERCEPT,
    (985.2, 1370.6, 1776.7): Kind.VACANT,
    (913.8, 1428.5, 1776.7): Kind.REORDER,
    (985.2, 1428.5, 1776.7): Kind.NO_CIRCUIT,
}

# ITU-T T.30: half a second of 1100 Hz every three seconds, answered by 2100 Hz.
_CNG: Final = Pitch(1100, 1100)
_CNG_HZ: Final = 38.0
_CNG_ON: Final = (425.0, 575.0)
_CNG_OFF: Final = (2600.0, 3400.0)
_CED: Final = Pitch(2100, 2100)
_CED_HZ: Final = 20.0

_BUSY: Final = (Pitch(480, 620), Pitch(400, 400), Pitch(425, 425), Pitch(450, 450))
_BUSY_HZ: Final = 15.0
_BUSY_ON: Final = 330
_CADENCES: Final = 3
_UNEVEN: Final = 60
_SLOWEST: Final = 700
