"""Who answered: a person, a machine, or the network; and what people ask of callers at once.

`judge` looks at everything heard so far, so that every verdict may be revised by what follows;
two exchanged turns make it a human for good.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from switchhook.domain.agent import Language
from switchhook.engine.words import Phrases, plain, words_of

SHORT_GREETING = 2.5
"""Seconds that a person's first words last at the most, if nothing else tells."""
LONG_GREETING = 3.5
"""Seconds of unbroken speech from which a machine is likely."""
HUMAN_SILENCE = 0.5
MACHINE_SILENCE = 1.5
NO_SPEECH = 10.0
TOTAL = 20.0
TURNS_OF_A_HUMAN = 2
SAME_MENU = 0.85
"""Likeness from which two prompts are the same menu."""
MENUS_OF_A_LOOP = 3


class Verdict(StrEnum):
    """Who answered."""

    HUMAN = "human"
    VOICEMAIL = "voicemail"
    MENU = "ivr"
    ASSISTANT = "screening_assistant"
    UNAVAILABLE = "unavailable"
    UNCERTAIN = "uncertain"
    """Nobody can tell: to be treated as a human."""


class Tone(StrEnum):
    """What the line itself may say."""

    BEEP = "beep"
    SPECIAL_INFORMATION = "sit"


class Reason(StrEnum):
    """What a verdict rests on."""

    TURNS = "turns"
    TONE = "tone"
    WORDS = "words"
    CARRIER = "carrier"
    TIMING = "timing"
    SILENCE = "silence"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict; before it is confirmed one waits before acting on it."""

    verdict: Verdict
    confirmed: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech; without an end it goes on."""

    start: float
    end: float | None = None

    def lasted(self, now: float) -> float:
        """Return how long it lasted until now."""
        return (now if self.end is None else self.end) - self.start


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was heard since the call was answered."""

    answered: float
    language: Language = "en"
    text: str = ""
    utterances: tuple[Utterance, ...] = ()
    tones: frozenset[Tone] = frozenset()
    carrier: Verdict | None = None
    turns: int = 0
    """Exchanged with whoever answered."""

    def speech_started(self, now: float) -> Evidence:
        """Return the evidence with speech; a break too short for a person goes unnoticed."""
        last = self.utterances[-1] if self.utterances else None
        if last is None or (last.end is not None and now - last.end >= HUMAN_SILENCE):
            return replace(self, utterances=(*self.utterances, Utterance(now)))
        return replace(self, utterances=(*self.utterances[:-1], Utterance(last.start)))

    def speech_ended(self, now: float) -> Evidence:
        """Return the evidence with the speech over."""
        if not self.utterances or self.utterances[-1].end is not None:
            return self
        ended = replace(self.utterances[-1], end=now)
        return replace(self, utterances=(*self.utterances[:-1], ended))

    def silence(self, now: float) -> float:
        """Return how long nobody has spoken after the last speech."""
        end = self.utterances[-1].end if self.utterances else None
        return now - end if end is not None else 0.0


def judge(evidence: Evidence, now: float) -> Judgement | None:
    """Return who answered as far as can be told, or nothing while it cannot."""
    if evidence.turns >= TURNS_OF_A_HUMAN:
        return Judgement(Verdict.HUMAN, confirmed=True, reason=Reason.TURNS)
    if Tone.SPECIAL_INFORMATION in evidence.tones:
        return Judgement(Verdict.UNAVAILABLE, confirmed=True, reason=Reason.TONE)
    said = by_words(evidence.text, evidence.language)
    if said is not None:
        return Judgement(said, _is_confirmed(said, evidence, now), Reason.WORDS)
    if Tone.BEEP in evidence.tones:
        return Judgement(Verdict.VOICEMAIL, confirmed=True, reason=Reason.TONE)
    if evidence.carrier not in {None, Verdict.UNCERTAIN}:
        return Judgement(
            evidence.carrier or Verdict.UNCERTAIN, confirmed=True, reason=Reason.CARRIER
        )
    return _by_time(evidence, now)


def deadline(evidence: Evidence, now: float) -> float | None:
    """Return when the verdict may change although nothing is heard."""
    times = [evidence.answered + NO_SPEECH, evidence.answered + TOTAL]
    if evidence.utterances:
        last = evidence.utterances[-1]
        if last.end is None:
            times.append(last.start + LONG_GREETING)
        else:
            times += [last.end + HUMAN_SILENCE, last.end + MACHINE_SILENCE]
    return min((time for time in times if time > now), default=None)


def by_words(text: str, language: Language) -> Verdict | None:
    """Return who speaks such words.

    A person's words may contain a machine's, as "would you like to leave a message" does, and the
    other way round; the longer ones count.
    """
    answering = words_of(language).answering
    found = _all_phrases(language).found(text)
    verdicts = (
        (answering.unavailable, Verdict.UNAVAILABLE),
        (answering.assistant, Verdict.ASSISTANT),
        (answering.voicemail, Verdict.VOICEMAIL),
        (answering.menu, Verdict.MENU),
        (answering.human, Verdict.HUMAN),
    )
    return next((verdict for kind, verdict in verdicts if kind.phrases & found), None)


def asks_not_to_be_called(text: str, language: Language) -> bool:
    """Tell whether somebody asks never to be called again."""
    answering = words_of(language).answering
    if answering.do_not_call.within(text):
        return True
    clauses = re.split(r"[.!?;,。！？、।]", text)  # noqa: RUF001
    return any(answering.do_not_call_at_end.end(clause) for clause in clauses)


@dataclass(frozen=True, slots=True)
class MenuLoop:
    """The last prompts of a menu, to notice that one goes round in circles."""

    language: Language = "en"
    prompts: tuple[frozenset[str], ...] = ()

    _KEPT = 8

    def heard(self, prompt: str) -> MenuLoop:
        """Return the loop with another prompt; silence is none."""
        tokens = _tokens(prompt, self.language)
        kept = (*self.prompts, tokens)[-self._KEPT :] if tokens else self.prompts
        return replace(self, prompts=kept)

    @property
    def repeated(self) -> int:
        """How often the last prompt was heard."""
        return sum(likeness(self.prompts[-1], p) >= SAME_MENU for p in self.prompts)

    @property
    def looping(self) -> bool:
        """Whether another way is needed."""
        return self.repeated >= MENUS_OF_A_LOOP


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of their words two prompts share, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other))


_CONFIRMING_SILENCE = MappingProxyType(
    {Verdict.HUMAN: HUMAN_SILENCE, Verdict.VOICEMAIL: MACHINE_SILENCE}
)


@cache
def _all_phrases(language: Language) -> Phrases:
    answering = words_of(language).answering
    kinds = (answering.unavailable, answering.assistant, answering.voicemail, answering.menu)
    phrases = answering.human.phrases.union(*(kind.phrases for kind in kinds))
    return Phrases(phrases, answering.human.script)


def _is_confirmed(verdict: Verdict, evidence: Evidence, now: float) -> bool:
    """Tell whether the words were said to their end; a menu's words are clear at once."""
    if verdict is Verdict.VOICEMAIL and Tone.BEEP in evidence.tones:
        return True
    return evidence.silence(now) >= _CONFIRMING_SILENCE.get(verdict, 0.0)


def _by_time(evidence: Evidence, now: float) -> Judgement | None:
    """Judge by how long was spoken and how long not."""
    if now - evidence.answered >= TOTAL:
        return Judgement(Verdict.UNCERTAIN, confirmed=True, reason=Reason.TIMEOUT)
    if not evidence.utterances:
        silent = now - evidence.answered >= NO_SPEECH
        return (
            Judgement(Verdict.UNCERTAIN, confirmed=False, reason=Reason.SILENCE) if silent else None
        )
    return _by_greeting(evidence, now)


def _by_greeting(evidence: Evidence, now: float) -> Judgement | None:
    longest = max(utterance.lasted(now) for utterance in evidence.utterances)
    silence = evidence.silence(now)
    if longest > LONG_GREETING:
        confirmed = silence >= MACHINE_SILENCE
        return Judgement(Verdict.VOICEMAIL, confirmed, Reason.TIMING)
    first = evidence.utterances[0]
    if first.end is not None and first.lasted(now) <= SHORT_GREETING and silence >= HUMAN_SILENCE:
        return Judgement(Verdict.HUMAN, confirmed=True, reason=Reason.TIMING)
    return None


def _tokens(prompt: str, language: Language) -> frozenset[str]:
    """Return the words of a prompt, or where no spaces part them its pairs of characters."""
    if language != "ja":
        return frozenset(plain(prompt).split())
    said = plain(prompt).replace(" ", "")
    return frozenset(said[i : i + 2] for i in range(len(said) - 1))
