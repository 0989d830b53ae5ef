"""Minds as a seed wants them: what they write and do, how slowly, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from switchhook.domain.agent import MindKind
from switchhook.engine.offers import Own
from switchhook.runtime.casting import SPARE
from switchhook.testing import (
    Acts,
    Breaks,
    Fault,
    PlainDuplex,
    Ponders,
    ScriptedMind,
    Writes,
)
from switchhook.testing.minds import NEVER, Answer

_KINDS: tuple[MindKind, ...] = ("interview", "assistant", "model", "duplex")
_BEGINNINGS = ("Of course. ", "Let me see. ", "I am calling about a table for four. ", "")
_QUESTIONS = (
    "Would eight be possible?",
    "For how many people is that?",
    "I am the assistant of Rosa, and I am calling to ask whether there is a table on Sunday.",
    "Thank you.",
)
_DEEDS = (
    Acts("transfer_call", '{"about": "A guest wants a table."}'),
    Acts("transfer_call"),
    Acts("take_note", '{"field": "people", "value": 4}'),
    Acts("ask_principal", '{"question": "Is nine fine, too?"}'),
    Acts("ask_principal", '{"question": "What may it cost?"}'),
    Acts("end_call", '{"outcome": "achieved", "summary": "They have a table."}'),
    Acts("send_digits", '{"digits": "12"}'),
    Acts("launch", "{"),
)
_FAULTS = (
    Fault.SLOW,
    Fault.HANGS,
    Fault.FAILS,
    Fault.FAILS_MIDWAY,
    Fault.HANGS_MIDWAY,
    Fault.EMPTY,
    Fault.GARBAGE,
    Fault.DRIPS,
    Fault.MALFORMED,
)


@dataclass(frozen=True)
class Thinking:
    """Who thinks in a call."""

    kind: MindKind
    answers: tuple[Answer, ...] = ()
    fault: Fault | None = None
    stubborn: float = 0.0
    spare: bool = False
    first_sound: float = 0.4
    words_after: float = 0.3
    turn_over_after: float | None = None
    """Where the model decides when a turn is over, how long it waits."""
    lost_after: float | None = None

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong with whoever thinks."""
        strokes = [stroke for answer in self.answers for stroke in answer]
        broken = any(isinstance(stroke, Breaks | Ponders) for stroke in strokes)
        slow = self.first_sound + self.words_after > 2.0
        return not (broken or slow) and self.fault is None and self.lost_after is None

    @property
    def consults(self) -> bool:
        """Whether there is anything that the mind wants to know."""
        strokes = (stroke for answer in self.answers for stroke in answer)
        return any(isinstance(s, Acts) and s.name == Own.ASK_PRINCIPAL for s in strokes)

    def minds(self) -> dict[str, ScriptedMind]:
        """Return the minds that write."""
        if self.kind not in ("model", "duplex"):
            return {}
        first = ScriptedMind(self.answers, fault=self.fault, stubborn=self.stubborn)
        spare = ScriptedMind(self.answers[:1], name=SPARE)
        if self.kind == "model":
            return {"model": first, SPARE: spare} if self.spare else {"model": first}
        return {"model": spare} if self.spare else {}

    def duplex(self) -> PlainDuplex | None:
        """Return the model that hears and speaks itself."""
        if self.kind != "duplex":
            return None
        return PlainDuplex(
            self.answers,
            first_sound=self.first_sound,
            words_after=self.words_after,
            turn_over_after=self.turn_over_after or 0.0,
            dies_after=self.lost_after,
        )


def thinking(random: Random, *, well: bool) -> Thinking:
    """Draw who thinks; `well` where nothing is to be wrong with them."""
    kind = random.choice(_KINDS)
    if kind in ("interview", "assistant"):
        return Thinking(kind)
    answers = tuple(_answer(random) for _ in range(random.randint(1, 4)))
    spare = random.random() < 0.6
    decides = random.choice((None, 0.2, 0.6)) if kind == "duplex" else None
    if well:
        return Thinking(kind, answers, spare=spare, turn_over_after=decides)
    if kind == "model":
        stubborn = random.choice((0.0, 0.0, 0.05, 1.0))
        return Thinking(kind, answers, random.choice(_FAULTS), stubborn, spare)
    return Thinking(
        kind,
        (*answers[:-1], _broken(random)) if random.random() < 0.5 else answers,
        spare=spare,
        first_sound=random.choice((0.1, 0.4, 3.0, 8.0)),
        words_after=random.choice((0.1, 0.3, 1.5, 5.0)),
        turn_over_after=random.choice((decides, 9.0)),
        lost_after=random.choice((None, 0.0, 1.0, random.uniform(2.0, 12.0))),
    )


def _answer(random: Random) -> Answer:
    words = Writes(random.choice(_BEGINNINGS) + random.choice(_QUESTIONS))
    if random.random() < 0.4:
        return (words,)
    deed = random.choice(_DEEDS)
    return random.choice(((words, deed), (deed,), (deed, words)))


def _broken(random: Random) -> Answer:
    """Return an answer of a model that breaks off, stalls, or says nothing."""
    words = Writes(random.choice(_QUESTIONS))
    return random.choice(
        (
            (Breaks(),),
            (words, Breaks()),
            (Ponders(NEVER),),
            (words, Ponders(NEVER)),
            (Writes("I"), Ponders(2.5), words),
            (),
        )
    )


def at_rest(minds: dict[str, ScriptedMind], duplex: PlainDuplex | None) -> bool:
    """Tell whether no mind thinks any more."""
    return not any(mind.live for mind in minds.values()) and (duplex is None or not duplex.live)
