"""Whether a caller who makes sound while the agent speaks interrupts it.

The agent yields in grades, each of which can be taken back until the last:

    CLEAR ─► SPEECH ── 120 ms ─► DUCKED ── 300 ms ─► PAUSED ── 500 ms, or words ─► TAKEN
      ▲         │                  │                   │
      └─────────┴──────────────────┴───────────────────┘
        a back-channel, or speech that ended and brought no words

`step` is given what is heard, and told when the deadline that the state reports has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import assert_never

from switchhook.domain.agent import Language
from switchhook.engine.words import plain, words_of

WORDS_WITHIN = 2.0
"""Seconds after the speech in which its words must come, or there were none."""
OVERRULE_WITHIN = 0.3
"""Seconds in which a classifier may overrule the lists."""
REWIND_AFTER = 0.5
"""Seconds of pause after which the agent begins the interrupted word again."""
REWIND_AT_MOST_MS = 400


class Mode(StrEnum):
    """How an agent yields."""

    GRADED = "graded"
    IMMEDIATE = "immediate"
    """Pauses where the graded mode would only duck."""
    WORDS = "words"
    """Noise does nothing; only enough words take the floor."""
    OFF = "off"
    """Never yields; what is said becomes the next turn."""


class Sensitivity(StrEnum):
    """How little is enough to take the floor."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What takes the floor."""

    words: int
    patience: float
    """Seconds of speech without words."""
    stubborn: float
    """Seconds of speech whose words so far are too few, or only show that one listens."""
    hears_backchannels: bool
    """Whether words that show that one listens are not counted as words."""


THRESHOLDS: MappingProxyType[Sensitivity, Threshold] = MappingProxyType(
    {
        Sensitivity.LOW: Threshold(4, 1.2, 2.5, hears_backchannels=True),
        Sensitivity.NORMAL: Threshold(2, 0.5, 1.2, hears_backchannels=True),
        Sensitivity.HIGH: Threshold(1, 0.5, 0.5, hears_backchannels=False),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How an agent lets itself be interrupted."""

    language: Language = "en"
    mode: Mode = Mode.GRADED
    sensitivity: Sensitivity = Sensitivity.NORMAL
    words: int = 2
    """How many words take the floor in the mode of words."""
    duck_after: float = 0.12
    pause_after: float = 0.3


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller's first frame of speech."""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The caller fell silent."""


@dataclass(frozen=True, slots=True)
class WordsHeard:
    """The words of the caller's utterance so far."""

    text: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A provider says that the caller takes a turn, with the words it has."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A classifier says whether the utterance only shows that one listens."""

    backchannel: bool


@dataclass(frozen=True, slots=True)
class DeadlineReached:
    """The deadline of the state has come."""


Evidence = SpeechStarted | SpeechEnded | WordsHeard | TurnStarted | Judged | DeadlineReached


class Decision(Enum):
    """What the agent does; `resume_from` says where it speaks on after a pause."""

    NONE = "go on as before"
    DUCK = "speak low"
    PAUSE = "stop sending, keep the place"
    COMMIT = "the caller has the floor"
    RESTORE = "a back-channel: speak on, nothing is lost"
    DISMISS = "a false interruption: speak on"
    UNDUCK = "the sound is over: speak on in full voice, the words may still come"
    QUEUE = "keep the words for the next turn"


class Phase(Enum):
    """How far the agent has yielded."""

    CLEAR = "speaking"
    SPEECH = "hearing speech, not yet confirmed"
    DUCKED = "speaking low"
    PAUSED = "holding its place"
    TAKEN = "interrupted"


@dataclass(frozen=True, slots=True)
class State:
    """One utterance of the agent, and what has been heard over it."""

    settings: Settings = Settings()
    phase: Phase = Phase.CLEAR
    started: float | None = None
    """When the caller's present speech began; none while silent."""
    ended: float | None = None
    """When it ended, as long as its words are awaited."""
    text: str = ""
    restored: float | None = None
    """When the list took the words for a back-channel."""


def step(state: State, evidence: Evidence, now: float) -> tuple[State, Decision]:
    """Return the next state and what the agent does."""
    if state.phase is Phase.TAKEN:
        return state, Decision.NONE
    if state.settings.mode is Mode.OFF:
        heard = isinstance(evidence, WordsHeard) and evidence.final and evidence.text.strip()
        return state, Decision.QUEUE if heard else Decision.NONE
    return _consider(state, evidence, now)


def deadline(state: State) -> float | None:
    """Return when the state changes by itself, if it does."""
    if state.ended is not None:
        return state.ended + WORDS_WITHIN
    if state.started is None or state.settings.mode is Mode.WORDS:
        return None
    return state.started + _next_grade(state)


def resume_from(position_ms: int, word_starts_ms: Iterable[int], paused_for: float) -> int:
    """Return where speech goes on: at the exact place, or after a long pause at the last word."""
    if paused_for <= REWIND_AFTER:
        return position_ms
    starts = [s for s in word_starts_ms if position_ms - REWIND_AT_MOST_MS <= s <= position_ms]
    return max(starts, default=position_ms)


def is_backchannel(text: str, language: Language, sensitivity: Sensitivity) -> bool:
    """Tell whether words of a finished utterance leave the floor with the agent.

    Under low sensitivity three words do so as well, unless one of them asks to stop.
    """
    turns = words_of(language).turns
    if sensitivity is Sensitivity.HIGH:
        return False
    if turns.backchannels.make_up(text):
        return True
    few = _count(text) < THRESHOLDS[sensitivity].words
    return sensitivity is Sensitivity.LOW and few and not turns.stops.within(text)


def _consider(state: State, evidence: Evidence, now: float) -> tuple[State, Decision]:
    match evidence:
        case SpeechStarted():
            return _speech_started(state, now), Decision.NONE
        case SpeechEnded():
            return _speech_ended(state, now)
        case WordsHeard(text, final):
            return _weigh(replace(state, text=text), now, final=final)
        case TurnStarted(text):
            return _turn_started(replace(state, text=text or state.text), now)
        case Judged(backchannel):
            return _judged(state, now, backchannel=backchannel)
        case DeadlineReached():
            return _due(state, now)
        case _ as unknown:
            assert_never(unknown)


def _next_grade(state: State) -> float:
    """Return after how much speech the agent yields further."""
    settings, threshold = state.settings, THRESHOLDS[state.settings.sensitivity]
    match state.phase:
        case Phase.CLEAR | Phase.SPEECH:
            return settings.duck_after
        case Phase.DUCKED if not _only_listens(state):
            return settings.pause_after
        case _:
            return threshold.stubborn if _only_listens(state) else threshold.patience


def _speech_started(state: State, now: float) -> State:
    if state.started is not None:
        return state
    # The same utterance goes on after a short silence; otherwise its words begin anew.
    text = state.text if state.ended is not None else ""
    phase = Phase.SPEECH if state.phase is Phase.CLEAR else state.phase
    return replace(state, phase=phase, started=now, ended=None, text=text, restored=None)


def _speech_ended(state: State, now: float) -> tuple[State, Decision]:
    """Wait for the words; a voice that was only lowered is raised at once."""
    if state.started is None:
        return state, Decision.NONE
    quiet = replace(state, started=None, ended=now)
    if quiet.text.strip() and is_backchannel(quiet.text, *_lists(state)):
        return _restore(quiet, now)
    match state.phase:
        case Phase.DUCKED:
            return replace(quiet, phase=Phase.CLEAR), Decision.UNDUCK
        case Phase.PAUSED:
            return quiet, Decision.NONE
        case _:
            return replace(quiet, phase=Phase.CLEAR, ended=None), Decision.NONE


def _weigh(state: State, now: float, *, final: bool) -> tuple[State, Decision]:
    """Decide by the words."""
    if not state.text.strip():
        return state, Decision.NONE
    if _takes_floor(state):
        return _commit(state)
    if final:
        return _settle(state, now)
    return _pause(state) if _may_pause(state) else (state, Decision.NONE)


def _turn_started(state: State, now: float) -> tuple[State, Decision]:
    """Believe a provider that has words for it, unless they only show that one listens."""
    believed = state.text.strip() and state.settings.mode is not Mode.WORDS
    if believed and not is_backchannel(state.text, *_lists(state)):
        return _commit(state)
    return _weigh(state, now, final=False)


def _judged(state: State, now: float, *, backchannel: bool) -> tuple[State, Decision]:
    """Let a classifier decide what is open, or overrule the list for a moment."""
    if state.restored is not None:
        late = now - state.restored > OVERRULE_WITHIN
        return (state, Decision.NONE) if backchannel or late else _commit(state)
    if state.phase is Phase.CLEAR and state.ended is None:
        return state, Decision.NONE
    return _restore(state, now) if backchannel else _commit(state)


def _due(state: State, now: float) -> tuple[State, Decision]:
    """Yield by the next grade, or give up waiting for words."""
    due = deadline(state)
    if due is None or now < due:
        return state, Decision.NONE
    if state.ended is not None:
        return _settle(state, now)
    if state.phase is Phase.SPEECH:
        return _confirm(state)
    return _pause(state) if _may_pause(state) else _commit(state)


def _confirm(state: State) -> tuple[State, Decision]:
    """Yield for the first time, now that the sound is surely speech."""
    if state.settings.mode is Mode.IMMEDIATE and not _only_listens(state):
        return _pause(state)
    return replace(state, phase=Phase.DUCKED), Decision.DUCK


def _may_pause(state: State) -> bool:
    return state.phase is Phase.DUCKED and not _only_listens(state)


def _pause(state: State) -> tuple[State, Decision]:
    return replace(state, phase=Phase.PAUSED), Decision.PAUSE


def _settle(state: State, now: float) -> tuple[State, Decision]:
    """Decide about an utterance whose words are complete, or never came."""
    if not state.text.strip():
        return State(state.settings), Decision.DISMISS
    enough = state.settings.mode is not Mode.WORDS
    if enough and not is_backchannel(state.text, *_lists(state)):
        return _commit(state)
    return _restore(state, now)


def _restore(state: State, now: float) -> tuple[State, Decision]:
    """Speak on; while the caller still makes sound the agent keeps watching."""
    if state.started is None:
        return State(state.settings, restored=now), Decision.RESTORE
    watching = replace(state, phase=Phase.SPEECH, started=now, restored=now)
    return watching, Decision.RESTORE


def _commit(state: State) -> tuple[State, Decision]:
    taken = replace(state, phase=Phase.TAKEN, started=None, ended=None)
    return taken, Decision.COMMIT


def _takes_floor(state: State) -> bool:
    """Tell whether the words so far are enough, whatever the time."""
    language, sensitivity = _lists(state)
    turns, threshold = words_of(language).turns, THRESHOLDS[sensitivity]
    if threshold.hears_backchannels and turns.backchannels.make_up(state.text):
        return False
    if state.settings.mode is Mode.WORDS:
        return _count(state.text) >= state.settings.words
    return turns.stops.within(state.text) or _count(state.text) >= threshold.words


def _only_listens(state: State) -> bool:
    """Tell whether there are words, and they leave the floor with the agent."""
    return bool(state.text.strip()) and is_backchannel(state.text, *_lists(state))


def _lists(state: State) -> tuple[Language, Sensitivity]:
    return state.settings.language, state.settings.sensitivity


def _count(text: str) -> int:
    """Return how many words there are; where no spaces part them, two characters are one."""
    words = plain(text).split()
    return sum(max(1, len(word) // 2) if _is_japanese(word) else 1 for word in words)


def _is_japanese(word: str) -> bool:
    return any("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in word)
