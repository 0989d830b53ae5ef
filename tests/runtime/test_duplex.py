"""Whole calls with a model that hears and speaks by itself, and with one that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.engine.dialogue import Message, Role
from switchhook.engine.offers import Offer
from switchhook.ports import Guide, Say
from switchhook.runtime.actions import Registered, ToolResult
from switchhook.runtime.call import Ended
from switchhook.testing import (
    AT_ONCE,
    Acts,
    AnsweredCall,
    Breaks,
    Interrupts,
    Listens,
    PlainDuplex,
    PlainEars,
    Ponders,
    Presses,
    Said,
    ScriptedMind,
    Step,
    Waits,
    Writes,
    a_call,
    answered,
    run_virtually,
    writes,
)
from switchhook.testing.duplex import PlainConversing
from switchhook.testing.minds import NEVER, context

OPENING = "I call about a table."
GOODBYE = [Writes("Thank you, goodbye."), Acts("end_call")]
Act = Callable[[AnsweredCall], Awaitable[object]]


@dataclass
class Held:
    """What came of a call, and what the model knows of it."""

    duplex: PlainDuplex
    ears: PlainEars = field(default_factory=PlainEars)
    spoken: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    end: Ended = field(init=False)

    @property
    def model(self) -> PlainConversing:
        """Its one conversation."""
        (only,) = self.duplex.conversations
        return only

    def told(self, role: Role) -> list[Message]:
        """What it was told of this kind."""
        return [message for message in self.model.notes if message.role is role]


def hold(duplex: PlainDuplex, *script: Step, act: Act | None = None, **studio: Any) -> Held:
    """Hold a call with this callee to its end; nothing of it is left open."""
    held = Held(duplex)

    async def main() -> None:
        spec: dict[str, Any] = {"mind": {"kind": "duplex"}, "turns": AT_ONCE, "idle_seconds": 30}
        call = a_call("", options=None, name="Rosa", first_message=OPENING, **spec)
        stage = answered(call, script, duplex=duplex, ears=held.ears, **studio)
        async with stage as live:
            if act is not None:
                await act(live)
            held.end = await live.ended(within=120)
            held.spoken = live.journal.spoken
            held.notes = [fact.text for fact in live.journal.facts]
        assert duplex.live == 0
        assert held.ears.opened == held.ears.closed

    run_virtually(main)
    return held


def answering(*answers: Sequence[Any]) -> PlainDuplex:
    return PlainDuplex([*answers, GOODBYE])


BOOKING = (Listens(), Said("I want a table."), Listens(), Said("For four."), Listens())


def test_it_holds_the_call_from_ear_to_mouth() -> None:
    held = hold(answering([Writes("For how many people?")]), *BOOKING)

    assert held.spoken[1:] == [
        f"agent: {OPENING}",
        "callee: I want a table.",
        "agent: For how many people?",
        "callee: For four.",
        "agent: Thank you, goodbye.",
    ]
    assert held.end.reason is Reason.AGENT_HANGUP
    assert held.ears.opened == 0
    assert held.model.complaints == held.model.cuts == []


def test_it_knows_what_the_agent_s_own_voice_has_said() -> None:
    held = hold(answering(), Listens(), Said("Yes."), Listens())

    first, opening = held.told(Role.AGENT)
    assert "AI assistant" in first.text
    assert opening.text == OPENING
    assert "Rosa" in held.model.request.instructions


def test_the_agent_s_own_voice_says_what_it_is_asked_to_say() -> None:
    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(6)
        await call.running.control(Say("Please hold the line."))

    held = hold(answering(), Listens(), Waits(8), Said("Yes."), Listens(), act=act)

    assert held.told(Role.AGENT)[-1].text == "Please hold the line."


def test_who_interrupts_it_is_heard_and_it_learns_how_far_it_came() -> None:
    long = "There are tables at six, at seven, at eight, at nine, and a very late one at ten."
    held = hold(
        answering([Writes(long)]),
        *(Listens(), Said("I want a table.")),
        *(Interrupts("No, stop, it is too late.", after_ms=1500), Listens()),
    )

    ((item, ms, heard),) = held.model.cuts
    assert held.model.complaints == []
    assert item == "item-1-0"
    assert 1500 < ms < 3000
    assert f"agent: {heard} -" in held.spoken
    assert long.startswith(heard)
    assert held.spoken[-1] == "agent: Thank you, goodbye."


def look_up(seconds: float = 0.5) -> Registered:
    async def look(arguments: object) -> ToolResult:
        del arguments
        await asyncio.sleep(seconds)
        return ToolResult("a table at eight")

    return Registered(Offer("look", "Look for a table."), look)


def test_it_reads_the_result_of_an_action_and_goes_on() -> None:
    duplex = answering([Writes("One moment."), Acts("look")], [Writes("There is one at eight.")])
    held = hold(duplex, *BOOKING, tools=(look_up(),))

    (result,) = held.told(Role.RESULT)
    assert (result.text, result.name, result.call_id) == ("a table at eight", "look", "item-1-1")
    assert held.model.generations == [1, 2, 3]
    assert held.spoken[3:5] == ["agent: One moment.", "agent: There is one at eight."]
    assert "look" in [offer.name for offer in held.model.request.offers]


def test_it_is_told_what_it_cannot_hear() -> None:
    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(5)
        await call.running.control(Guide("Ask for a table outside."))

    held = hold(answering(), Listens(), Presses("12#"), Listens(), act=act)

    assert [note.text for note in held.told(Role.CALLEE)] == ["[pressed 12 on the telephone]"]
    assert [note.text for note in held.told(Role.INSTRUCTIONS)] == ["Ask for a table outside."]
    assert held.spoken[-1] == "agent: Thank you, goodbye."


def test_it_answers_what_nobody_has_written_down() -> None:
    duplex = replace(answering(), words_after=60.0)

    held = hold(duplex, Listens(), Said("I want a table for four people, please."), Listens())

    assert [line for line in held.spoken if line.startswith("callee")] == []
    assert held.spoken[-1] == "agent: Thank you, goodbye."


# ---- what goes wrong ----------------------------------------------------------------------------


def test_an_answer_that_breaks_off_is_asked_for_once_more() -> None:
    held = hold(answering([Breaks()]), Listens(), Said("I want a table."), Listens())

    assert held.model.generations == [1, 2]
    assert held.spoken[-1] == "agent: Thank you, goodbye."


@pytest.mark.parametrize("wrong", [Breaks(), Ponders(NEVER)])
def test_a_model_that_cannot_answer_gives_way_to_ears_a_mind_and_a_voice(
    wrong: Breaks | Ponders,
) -> None:
    mind = ScriptedMind(writes("For how many people?", "Thank you."))

    held = hold(
        PlainDuplex([[wrong]]),
        *(Listens(), Said("I want a table.")),
        *(Waits(until_heard="how"), Listens(), Said("For four."), Listens(), Waits(3)),
        act=hangs_up_after(30),
        minds={"model": mind},
    )

    assert "callee: <callee>I want a table.</callee>" in context(mind.requests[0])
    answers = [line for line in held.spoken if "moment" not in line][3:]
    assert answers[:3] == ["agent: For how many people?", "callee: For four.", "agent: Thank you."]
    assert held.model.closed
    assert held.ears.opened == 1


def hangs_up_after(seconds: float) -> Act:
    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(seconds)
        call.line.hang_up()

    return act


@pytest.mark.parametrize("after", [7.5, 8.0, 8.5, 9.0, 9.25])
def test_a_model_that_is_lost_takes_no_word_of_the_conversation_with_it(after: float) -> None:
    mind = ScriptedMind(writes("Very well."))
    duplex = PlainDuplex([[Writes("For how many people?")]], dies_after=after)

    held = hold(duplex, *BOOKING, act=hangs_up_after(25), minds={"model": mind})

    assert context(mind.requests[0])[1:] == [
        f"agent: {OPENING}",
        "callee: <callee>I want a table.</callee>",
        "agent: For how many people?",
        "callee: <callee>For four.</callee>",
    ]
    assert held.spoken[-1] == "agent: Very well."
    assert any("goes on with ears, a mind and a voice" in note for note in held.notes)


def test_without_a_mind_that_stands_by_the_call_ends_with_an_apology() -> None:
    held = hold(PlainDuplex([[]], dies_after=6.0), Listens(), Waits(30))

    assert held.end.reason is Reason.ERROR_LLM
    assert "sorry" in held.spoken[-1].lower()


def test_a_model_that_is_lost_in_the_middle_of_an_answer_is_heard_as_far_as_it_came() -> None:
    mind = ScriptedMind(writes("Where was I? At ten."))
    long = "There are tables at six, at seven, at eight, at nine, and a very late one at ten."
    duplex = PlainDuplex([[Writes(long)]], pace=0.25, dies_after=9.5)

    held = hold(
        duplex,
        *(Listens(), Said("I want a table."), Waits(30)),
        act=hangs_up_after(25),
        minds={"model": mind},
    )

    cut, rest = held.spoken[-2:]
    assert long.startswith(cut.removeprefix("agent: ").removesuffix(" -"))
    assert rest == "agent: Where was I? At ten."
