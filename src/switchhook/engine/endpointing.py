"""When somebody has finished speaking: how long to wait for more after the last sound.

The best evidence decides: a provider's end of turn, then a turn model, then the words. What was
learned from the caller lengthens the wait, never shortens it; the agent's settings bound it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from types import MappingProxyType

from switchhook.domain.agent import Language
from switchhook.engine.words import Phrases, Turns, plain, words_of

UNINTELLIGIBLE_AFTER = 1.5
"""Seconds to wait for words when speech was heard and none have come."""


class Mode(StrEnum):
    """Who decides that a turn is over."""

    FIXED = "fixed"
    """The words, by the table alone."""
    PROVIDER = "provider"
    """The ears' own end of turn; silence only at the last limit."""
    DYNAMIC = "dynamic"
    """All evidence, and what was learned from this caller."""


class Sensitivity(StrEnum):
    """How soon a pause is taken for the end."""

    AUTO = "auto"
    RELAXED = "relaxed"
    SENSITIVE = "sensitive"


class Expectation(StrEnum):
    """What kind of answer the question asks for."""

    FREE = "free"
    YES_NO = "yes_no"
    CHOICE = "choice"
    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    DIGITS = "digits"
    SPELLING = "spelling"
    EMAIL = "email"


class Completeness(Enum):
    """How finished the words sound."""

    COMPLETE = "complete"
    OPEN = "open"
    UNFINISHED = "unfinished"
    COUNTING = "in the middle of digits or letters"


_Waits = MappingProxyType[Completeness, float]


def _waits(complete: float, neither: float, unfinished: float, counting: float) -> _Waits:
    waits = (complete, neither, unfinished, counting)
    return MappingProxyType(dict(zip(Completeness, waits, strict=True)))


WAITS: MappingProxyType[Sensitivity, _Waits] = MappingProxyType(
    {
        Sensitivity.AUTO: _waits(0.3, 0.6, 1.2, 1.5),
        Sensitivity.RELAXED: _waits(0.6, 1.4, 1.4, 1.5),
        Sensitivity.SENSITIVE: _waits(0.3, 0.6, 0.7, 1.2),
    }
)
"""Seconds after the last speech, by how finished the words sound."""

PROBABILITY_WAITS: tuple[tuple[float, float], ...] = ((0.8, 0.3), (0.5, 0.7), (0.0, 2.0))
"""The least probability that the turn is over, and the seconds to wait then."""

EXPECTED_PACE: MappingProxyType[Expectation, float] = MappingProxyType(
    {
        Expectation.FREE: 1.0,
        Expectation.YES_NO: 0.75,
        Expectation.CHOICE: 0.85,
        Expectation.NAME: 1.0,
        Expectation.NUMBER: 1.0,
        Expectation.DATE: 1.1,
        Expectation.DIGITS: 1.2,
        Expectation.SPELLING: 1.2,
        Expectation.EMAIL: 1.2,
    }
)
"""By how much a kind of answer lengthens the waits for words that are not complete."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an agent waits for its caller."""

    language: Language = "en"
    mode: Mode = Mode.DYNAMIC
    sensitivity: Sensitivity = Sensitivity.AUTO
    conversation_speed: float = 1.0
    dynamic_min_wait: float = 0.2
    max_silence: float = 3.0

    @property
    def speed(self) -> float:
        """The speed of the conversation within its limits, half to double."""
        return min(2.0, max(0.5, self.conversation_speed))


@dataclass(frozen=True, slots=True)
class Pace:
    """How a caller speaks: the pauses inside their turns, and their speed.

    The first pauses are learned against an ordinary one, so that a single long one changes little;
    a rate of one is 150 words a minute.
    """

    pause: float = 0.25
    rate: float = 1.0

    _MEMORY = 0.9
    _LONGEST_PAUSE = 2.0
    _BASE_RATE = 150.0

    def after_pause(self, seconds: float) -> Pace:
        """Return the pace after a pause that the caller ended by speaking on."""
        seen = min(seconds, self._LONGEST_PAUSE)
        return replace(self, pause=self._MEMORY * self.pause + (1 - self._MEMORY) * seen)

    def after_speech(self, words: int, seconds: float) -> Pace:
        """Return the pace after an utterance of so many words; long ones weigh more."""
        if seconds <= 0 or words <= 0:
            return self
        seen = min(2.0, max(0.5, words / seconds * 60 / self._BASE_RATE))
        weight = min(1.0, 0.1 * (words + 3) / 8)
        return replace(self, rate=self.rate + weight * (seen - self.rate))


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about an utterance while it is silent."""

    text: str = ""
    provider_ended: bool = False
    provider_eager: bool = False
    turn_probability: float | None = None
    expectation: Expectation = Expectation.FREE
    expected_characters: int | None = None
    """How many digits or letters the question asks for."""
    pace: Pace = field(default_factory=Pace)


def end_delay(evidence: Evidence, settings: Settings) -> float:
    """Return how many seconds after the last speech the turn is over; zero is at once."""
    if evidence.provider_ended:
        return 0.0
    if settings.mode is Mode.PROVIDER:
        return settings.max_silence
    if not evidence.text.strip():
        return UNINTELLIGIBLE_AFTER
    wait = _table_wait(evidence, settings) / evidence.pace.rate
    if settings.mode is Mode.DYNAMIC:
        wait = max(wait, 1.2 * evidence.pace.pause)
    wait /= settings.speed
    return min(settings.max_silence, max(settings.dynamic_min_wait, wait))


def speculates(evidence: Evidence) -> bool:
    """Tell whether the mind should begin to think before the turn is surely over."""
    return evidence.provider_eager and not evidence.provider_ended


def completeness(evidence: Evidence, language: Language) -> Completeness:
    """Return how finished the words sound to somebody who expects this kind of answer."""
    counted = _counted(evidence, language)
    if counted is not None:
        return counted
    turns, text = words_of(language).turns, evidence.text.rstrip().rstrip("\"'”’»)")  # noqa: RUF001
    if re.search(r"[?!？！]\Z", text):  # noqa: RUF001
        return Completeness.COMPLETE
    if _trails_off(text):
        return Completeness.UNFINISHED
    if turns.yes.make_up(text) or turns.no.make_up(text):
        return Completeness.COMPLETE
    if turns.hesitations.end(text) or turns.conjunctions.end(text):
        return Completeness.UNFINISHED
    return _by_full_stop(text, turns)


def _by_full_stop(text: str, turns: Turns) -> Completeness:
    """Judge words that are neither an answer nor surely broken off."""
    if re.search(r"[.。।]\Z", text) or turns.closings.end(text):
        return Completeness.COMPLETE
    return Completeness.UNFINISHED if turns.leaning.end(text) else Completeness.OPEN


def _table_wait(evidence: Evidence, settings: Settings) -> float:
    """Return the wait that the words or the turn model ask for."""
    probability = evidence.turn_probability
    if probability is not None:
        return next((s for p, s in PROBABILITY_WAITS if probability >= p), PROBABILITY_WAITS[-1][1])
    finished = completeness(evidence, settings.language)
    wait = WAITS[settings.sensitivity][finished]
    if finished is Completeness.COMPLETE:
        return wait
    return wait * EXPECTED_PACE[evidence.expectation]


def _trails_off(text: str) -> bool:
    """Tell whether the punctuation says that more will come."""
    return re.search(r"(?:[,;:、，；：—–-]|\.\.+|…)\Z", text) is not None  # noqa: RUF001


def _counted(evidence: Evidence, language: Language) -> Completeness | None:
    """Judge digits, spelled names and e-mail addresses, which end when they are long enough."""
    if evidence.expectation is Expectation.EMAIL:
        return _judge_email(evidence.text, language)
    told = _characters_told(evidence.text, language)
    expected = evidence.expected_characters
    if evidence.expectation in {Expectation.DIGITS, Expectation.SPELLING} and expected and told:
        return Completeness.COMPLETE if told >= expected else Completeness.COUNTING
    # Two letters or digits alone are the beginning of a sequence, whatever was asked.
    return Completeness.UNFINISHED if _ends_spelled(evidence.text) else None


def _characters_told(text: str, language: Language) -> int:
    """Return how many digits or single letters were told."""
    digits = words_of(language).turns.digits
    told = sum(_width(word, digits) for word in plain(text).split())
    return max(told, digits.count(text))


def _width(word: str, digits: Phrases) -> int:
    """Return how many characters a word stands for: "555" for three, "five" and "b" for one."""
    if word.isdecimal():
        return len(word)
    return 1 if len(word) == 1 or word in digits.phrases else 0


def _ends_spelled(text: str) -> bool:
    return re.search(r"(?<!\w)[A-Za-z\d][ .,-]+[A-Za-z\d][.,-]?\s*\Z", text) is not None


def _judge_email(text: str, language: Language) -> Completeness:
    """Judge an address: it goes on until something follows a dot behind the at sign."""
    turns = words_of(language).turns
    if turns.yes.make_up(text) or turns.no.make_up(text):
        return Completeness.COMPLETE
    written = re.search(r"@[\w-]+(?:\.[\w-]+)+\W*\Z", text)
    at_sign = "@" in text or turns.at_sign.within(text)
    told = at_sign and turns.dot.within(text) and not turns.dot.end(text)
    return Completeness.COMPLETE if written or told else Completeness.COUNTING
