"""A callee that follows a script: says, waits, listens, interrupts, presses, coughs, hangs up.

The script is a list of small steps, done one after the other; while a step makes sound or waits,
the callee hears all the same. `Listens(), Said("Yes.")` is a polite person; `Interrupts("Stop.",
after_ms=700)` is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from switchhook.ports import FRAME_MS, DigitPressed, Frame, LineClosed, LineEvent
from switchhook.runtime.framing import QUIET
from switchhook.testing import sounds

_FRAME_S = FRAME_MS / 1000
_WORD_MS = 240
_PUNCTUATION = ".,?!;:"
_BREATH = 0.3
"""Seconds of silence between two words that do not end what one is listening to."""


@dataclass(frozen=True, slots=True)
class Said:
    """The callee says this, a word in so many milliseconds."""

    text: str
    word_ms: int = _WORD_MS


@dataclass(frozen=True, slots=True)
class Waits:
    """The callee is silent, until it heard this word of the agent or the seconds are over."""

    seconds: float = 0.0
    until_heard: str | None = None


@dataclass(frozen=True, slots=True)
class Listens:
    """The callee lets the agent say something, and waits until it has been silent for so long."""

    pause: float = 0.6


@dataclass(frozen=True, slots=True)
class Interrupts:
    """The callee says this when the agent has been audible for so many milliseconds on end."""

    text: str
    after_ms: int = 500


@dataclass(frozen=True, slots=True)
class Coughs:
    """The callee makes a sound of a voice without words."""

    milliseconds: int = 200


@dataclass(frozen=True, slots=True)
class Noise:
    """There is a steady hiss at the callee's end."""

    milliseconds: int = 1000
    loudness: int = 600


@dataclass(frozen=True, slots=True)
class Beeps:
    """A tone, such as that of an answering machine."""

    hertz: float = 1000.0
    milliseconds: int = 400


@dataclass(frozen=True, slots=True)
class Presses:
    """The callee presses keys; the carrier reports them."""

    digits: str


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The callee hangs up."""


@dataclass(frozen=True, slots=True)
class Vanishes:
    """The media stops, and nobody says so."""


Step = Said | Waits | Listens | Interrupts | Coughs | Noise | Beeps | Presses | HangsUp | Vanishes


class ScriptedCallee:
    """Gives 20 ms of sound for every 20 ms it hears, as the script wants it."""

    def __init__(self, script: Sequence[Step]) -> None:
        self._script = deque(script)
        self._frames: deque[Frame] = deque()
        self._heard: set[str] = set()
        self._waited = 0.0
        self._audible = 0.0
        self._silent = 0.0
        self._spoken_to = False
        self.vanished = False

    @property
    def finished(self) -> bool:
        """Whether nothing of the script is left."""
        return not self._script and not self._frames

    def hear(self, frames: Iterable[Frame]) -> list[LineEvent]:
        """Take what the agent sounded like for 20 ms and return what the callee does in them."""
        self._listen(frames)
        reported: list[LineEvent] = []
        while not self._frames and self._script and self._is_due(self._script[0]):
            reported += self._do(self._script.popleft())
        return [*reported, self._frames.popleft() if self._frames else QUIET]

    def _listen(self, frames: Iterable[Frame]) -> None:
        sounding = False
        for frame in frames:
            sounding = sounding or frame.audio != QUIET.audio
            if frame.words:
                self._heard.update(word.strip(_PUNCTUATION).casefold() for word in frame.words)
        if sounding:
            self._audible += _FRAME_S
            self._silent = 0.0
            self._spoken_to = True
        else:
            self._silent += _FRAME_S
            if self._silent > _BREATH:
                self._audible = 0.0

    def _do(self, step: Step) -> Sequence[LineEvent]:
        """Do a step whose time has come and return what the carrier reports of it."""
        self._waited = 0.0
        match step:
            case Waits():
                self._heard.clear()
            case Listens():
                self._spoken_to = False
            case Vanishes():
                self.vanished = True
            case HangsUp():
                return [LineClosed()]
            case Presses(digits):
                return [DigitPressed(digit) for digit in digits]
            case _:
                self._frames.extend(_sound(step))
        return []

    def _is_due(self, step: Step) -> bool:
        match step:
            case Waits(seconds, word):
                self._waited += _FRAME_S
                heard = word is not None and word.casefold() in self._heard
                return heard or (word is None and self._waited >= seconds)
            case Listens(pause):
                return self._spoken_to and self._silent >= pause
            case Interrupts(_, after_ms):
                return self._audible * 1000 >= after_ms
            case _:
                return True


def _sound(step: Said | Interrupts | Coughs | Noise | Beeps) -> Iterable[Frame]:
    match step:
        case Said(text, word_ms):
            return _speech(text, word_ms)
        case Interrupts(text):
            return _speech(text, _WORD_MS)
        case Coughs(milliseconds):
            return map(Frame, sounds.syllables(milliseconds))
        case Noise(milliseconds, loudness):
            return map(Frame, sounds.noise(milliseconds, loudness))
        case Beeps(hertz, milliseconds):
            return map(Frame, sounds.tone(hertz, milliseconds))


def _speech(text: str, word_ms: int) -> Iterable[Frame]:
    audio = sounds.syllables(word_ms)
    for word in text.split():
        yield Frame(audio[0], (word,))
        yield from map(Frame, audio[1:])
