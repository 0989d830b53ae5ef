"""Whole calls that a mind leads, in virtual time; a name ends with the scenario it stands for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.engine import thinking
from switchhook.engine.offers import Offer
from switchhook.ports import Mind, Say
from switchhook.runtime.actions import Registered, ToolResult
from switchhook.runtime.call import Ended
from switchhook.testing import (
    Acts,
    AnsweredCall,
    Coughs,
    Fault,
    Faults,
    HangsUp,
    Interrupts,
    Listens,
    PlainVoice,
    Ponders,
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
from switchhook.testing.minds import NEVER, Answer, context

DEAD_AIR = 4.0
HELLO = "Hello, I would like to book a table for four."
GOODBYE: Answer = [Writes("Thank you very much, goodbye."), Acts("end_call")]


@dataclass
class Held:
    """A call that was held, and what came of it."""

    call: AnsweredCall
    end: Ended

    @property
    def spoken(self) -> list[str]:
        return self.call.journal.spoken

    @property
    def dead_air(self) -> float:
        """The longest silence between the callee's last sound and the agent's next one."""
        return max(self.silences(), default=0.0)

    def silences(self) -> list[float]:
        line = self.call.line
        sounding = [p.at - line.answered_at for p in line.record if p.frame.words]
        turns = [
            (fact.data["end_ms"] / 1000, fact.text)
            for fact in self.call.journal.facts
            if fact.kind is Kind.SPOKEN and fact.data["speaker"] == "callee"
        ]
        after = [(end, [at for at in sounding if at > end]) for end, _ in turns]
        return [min(later) - end for end, later in after if later]


def held(
    script: Sequence[Step],
    mind: Mind | None,
    *,
    during: Callable[[AnsweredCall], Any] | None = None,
    spec: Mapping[str, Any] | None = None,
    spare: Mind | None = None,
    **studio: Any,
) -> Held:
    """Hold a call to its end."""
    found = {"interview": mind, "spare": spare}
    minds = {name: mind for name, mind in found.items() if mind is not None}

    async def main() -> Held:
        call = a_call(first_message=HELLO, **(spec or {}))
        async with answered(call, script, minds=minds, **studio) as running:
            if during is not None:
                await during(running)
            return Held(running, await running.ended(600))

    return run_virtually(main)


def tool(name: str, takes: float = 1.0, result: str = "{}", *, cancel: bool = False) -> Registered:
    async def work(arguments: Mapping[str, Any]) -> ToolResult:
        await asyncio.sleep(takes)
        return ToolResult(result or str(arguments))

    return Registered(Offer(name, name, cancel_on_interruption=cancel), work)


def test_a_mind_holds_a_conversation_and_ends_it() -> None:
    mind = ScriptedMind([*writes("For tonight at eight, please. Is that possible?"), GOODBYE])
    script = [Listens(), Said("Yes, sure."), Listens(), Said("That is fine.")]

    call = held(script, mind)

    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.spoken == [
        "agent: Hello, this is an AI assistant.",
        f"agent: {HELLO}",
        "callee: Yes, sure.",
        "agent: For tonight at eight, please.",
        "agent: Is that possible?",
        "callee: That is fine.",
        "agent: Thank you very much, goodbye.",
    ]
    assert context(mind.requests[1])[-3:] == [
        "agent: For tonight at eight, please.",
        "agent: Is that possible?",
        "callee: <callee>That is fine.</callee>",
    ]
    assert mind.live == 0
    assert mind.most_live == 1


def test_thinking_ahead_answers_sooner() -> None:
    script = [Listens(), Said("Yes, sure."), Listens(), HangsUp()]
    ahead = held(script, ScriptedMind(writes("For tonight, please."), first_word=0.5))
    late = held(script, ScriptedMind(writes("For tonight, please."), first_word=1.0))

    # The end of a turn takes longer than half a second to be sure of: that much is free.
    assert ahead.silences()[0] < late.silences()[0]
    assert ahead.call.journal.facts  # it was written down as any other


def test_without_a_mind_the_agent_follows_its_rules() -> None:
    call = held([Listens(), Listens(), HangsUp()], None)

    assert "Can you help me with that?" in " ".join(call.spoken)


# ---- S17, S18, S22 ----


def test_an_operator_speaks_while_an_action_runs_and_the_callee_interrupts_s17() -> None:
    mind = ScriptedMind(
        [[Writes("Let me see."), Acts("look_up")], *writes("Well then, at nine?"), GOODBYE]
    )
    script = [
        *[Listens(), Said("Is that possible?")],
        *[Waits(until_heard="hold"), Waits(0.5), Said("No stop it please.")],
        *[Waits(until_heard="nine"), Waits(1.0), Said("Very well.")],
    ]

    async def during(call: AnsweredCall) -> None:
        await asyncio.sleep(12.0)
        receipt = await call.running.control(Say("Please hold the line while I look that up."))
        assert receipt.result == "interrupted"

    call = held(script, mind, during=during, tools=[tool("look_up", 30.0, cancel=True)])

    assert "agent: Please hold the -" in call.spoken
    assert call.end.reason is Reason.AGENT_HANGUP
    assert "result: cancelled: the callee interrupted" in context(mind.requests[-1])


def test_after_each_of_twenty_interruptions_there_is_an_answer_s18() -> None:
    mind = ScriptedMind(writes("I would like to tell you a very long story about tables. " * 3))
    script = [Listens(), Said("Go on."), *[Interrupts("Stop, no, wait.", 900)] * 20, HangsUp()]

    call = held(script, mind)

    assert sum(line.endswith(" -") for line in call.spoken) == 20
    assert call.dead_air < DEAD_AIR
    assert mind.most_live == 1


def test_a_name_said_with_a_pause_is_one_turn_s18() -> None:
    mind = ScriptedMind([*writes("Good evening, Mister Doe, how are you?"), GOODBYE])
    script = [
        *[Listens(), Said("My name is John"), Waits(1.0), Said("Doe.")],
        *[Listens(), Said("Fine, thanks.")],
    ]

    call = held(script, mind)

    asked = " ".join(context(mind.requests[-2]) + context(mind.requests[-1]))
    assert "John" in asked
    assert "Doe." in asked
    assert call.dead_air < DEAD_AIR
    assert call.end.reason is Reason.AGENT_HANGUP


def test_noise_between_turn_and_answer_does_not_swallow_the_answer_s22() -> None:
    mind = ScriptedMind(writes("For tonight, please."), first_word=2.0)
    script = [Listens(), Said("Yes, sure."), Waits(1.2), Coughs(150), Listens(), HangsUp()]

    call = held(script, mind)

    assert "agent: For tonight, please." in call.spoken
    assert call.dead_air < DEAD_AIR


# ---- S21 ----

SHORT = writes("For tonight, please.")
MIDWAY = {Fault.FAILS_MIDWAY, Fault.HANGS_MIDWAY, Fault.FLOODS}


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
@pytest.mark.parametrize("spare", [False, True], ids=["alone", "with another mind"])
def test_there_is_no_dead_air_whatever_the_mind_does_s21(fault: Fault, *, spare: bool) -> None:
    mind = ScriptedMind(SHORT, fault=fault)
    script = [Listens(), Said("Yes, sure."), Waits(40), HangsUp()]

    call = held(script, mind, spare=ScriptedMind(SHORT) if spare else None)

    assert call.dead_air < DEAD_AIR
    if fault in (Fault.SLOW, Fault.DRIPS) or (spare and fault is not Fault.FLOODS):
        assert "agent: For tonight, please." in call.spoken
        assert call.end.reason in (Reason.USER_HANGUP, Reason.INACTIVITY)
    elif fault is not Fault.FLOODS:
        assert call.end.reason is Reason.ERROR_LLM
        assert "I am sorry, I cannot go on" in call.spoken[-1]


@pytest.mark.parametrize("fault", [Fault.HANGS, Fault.SLOW], ids=lambda fault: fault.name.lower())
def test_without_fillers_there_would_be_dead_air_s21(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thinking, "FIRST_FILLER", 99.0)
    script = [Listens(), Said("Yes, sure."), Waits(40), HangsUp()]

    assert held(script, ScriptedMind(SHORT, fault=fault)).dead_air > DEAD_AIR


VOICES = {
    "hangs": Faults(hang=1.0, after=2),
    "fails": Faults(error=1.0, after=2),
    "fails once": Faults(error=1.0, after=2, times=1),
    "is slow": Faults(latency=2.0),
}


@pytest.mark.parametrize("faults", VOICES.values(), ids=VOICES.keys())
def test_there_is_no_dead_air_whatever_the_voice_does_s21(faults: Faults) -> None:
    script = [Listens(), Said("Yes, sure."), Waits(20), HangsUp()]

    call = held(script, ScriptedMind(SHORT), voice=PlainVoice(faults), spare_voice=PlainVoice())

    assert call.dead_air < DEAD_AIR + 0.5
    assert "agent: For tonight, please." in call.spoken
    assert call.end.reason is Reason.USER_HANGUP


def test_a_voice_that_fails_for_good_ends_the_call_s21() -> None:
    script = [Listens(), Said("Yes, sure."), Waits(20), HangsUp()]
    voice = PlainVoice(VOICES["hangs"])

    call = held(script, ScriptedMind(SHORT), voice=voice)

    assert call.end.reason is Reason.ERROR_TTS


# ---- S23, S24, S25, S28 ----


def test_two_actions_of_one_turn_come_back_in_the_order_of_the_calls_s23() -> None:
    mind = ScriptedMind(
        [
            [Writes("One moment."), Acts("slow"), Acts("fast")],
            *writes("Both of it is done now. "),
            GOODBYE,
        ]
    )
    tools = [tool("slow", 3.0, "first"), tool("fast", 0.5, "second")]

    call = held([Listens(), Said("Do both."), Listens(1.5), Said("Great.")], mind, tools=tools)

    results = [line for line in context(mind.requests[-1]) if line.startswith("result")]
    assert results == ["result: first", "result: second"]
    assert "agent: Both of it is done now." in call.spoken
    assert call.dead_air < DEAD_AIR


def test_an_interruption_of_one_of_two_actions_does_not_mute_the_agent_s23() -> None:
    waiting = "Let me have a look at all of that for you right now"
    mind = ScriptedMind(
        [[Writes(f"{waiting}."), Acts("look_up"), Acts("book")], *writes("As you like.")]
    )
    tools = [tool("look_up", 5.0, cancel=True), tool("book", 5.0, "booked")]
    script = [Listens(), Said("Do both."), Interrupts("Stop, no, wait."), Waits(9), HangsUp()]

    call = held(script, mind, tools=tools)

    assert "agent: As you like." in call.spoken
    facts = [fact.text for fact in call.call.journal.facts if fact.kind is Kind.CONTROL]
    assert facts == ["look_up: cancelled: the callee interrupted", "book: booked"]


def test_a_goodbye_and_the_hanging_up_in_one_answer_s24() -> None:
    mind = ScriptedMind([GOODBYE])

    call = held([Listens(), Said("No, thanks.")], mind)

    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.spoken[-1] == "agent: Thank you very much, goodbye."
    heard = [word for frame in call.call.line.played for word in frame.words]
    assert heard[-1] == "goodbye."


def test_a_mind_that_never_stops_after_its_goodbye_does_not_keep_the_line_s24() -> None:
    mind = ScriptedMind([[*GOODBYE, Ponders(NEVER)]])

    call = held([Listens(), Said("No, thanks.")], mind)

    assert call.end.reason is Reason.AGENT_HANGUP


def test_a_voice_that_is_closed_between_two_sentences_says_each_of_them_once_s25() -> None:
    mind = ScriptedMind([*writes("This is the first sentence. This is the second."), GOODBYE])
    script = [Listens(), Said("Yes, sure."), Listens(), Said("I see, thank you.")]

    call = held(script, mind, voice=PlainVoice(Faults(error=1.0, after=3, times=1)))

    heard = " ".join(word for frame in call.call.line.played for word in frame.words)
    assert heard.count("This is the first sentence.") == 1
    assert heard.count("This is the second.") == 1
    assert call.end.reason is Reason.AGENT_HANGUP


def test_an_answer_that_does_not_let_itself_be_cancelled_never_wedges_the_next_s28() -> None:
    mind = ScriptedMind(
        [*writes("A long answer that goes on and on and on. " * 5), GOODBYE], stubborn=30.0
    )
    script = [Listens(), Said("Yes, sure."), Interrupts("Stop, no, wait."), Waits(5)]

    call = held(script, mind)

    assert call.spoken[-1] == "agent: Thank you very much, goodbye."
    assert call.end.reason is Reason.AGENT_HANGUP


# ---- S42, S45 ----


def test_a_finished_task_is_no_failure_s42() -> None:
    schema = {"type": "object", "properties": {"guests": {"type": "integer"}}}
    note = Acts("take_note", '{"field": "guests", "value": 4}')
    end = Acts("end_call", '{"outcome": "achieved", "summary": "A table for four is booked."}')
    mind = ScriptedMind([[note, Writes("Thank you very much, goodbye."), end]])

    call = held([Listens(), Said("It is booked, for four.")], mind, spec={"result_schema": schema})

    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.end.outcome.verdict is Verdict.ACHIEVED
    assert call.end.outcome.fields["guests"].value == 4
    evidence = call.end.outcome.fields["guests"].evidence
    assert evidence is not None
    assert call.spoken[evidence.line] == f"callee: {evidence.quote}"


def test_a_mind_that_breaks_touches_no_other_call_s45() -> None:
    script = [Listens(), Said("Yes, sure."), Listens(), HangsUp()]
    good = ScriptedMind(SHORT)
    alone = held(script, good).spoken

    async def main() -> tuple[list[str], Reason]:
        floods = ScriptedMind(SHORT, fault=Fault.FLOODS)
        breaks = ScriptedMind(SHORT, fault=Fault.FAILS)
        call = a_call(first_message=HELLO)
        async with (
            answered(call, script, minds={"interview": floods}) as _,
            answered(call, script, minds={"interview": breaks}) as third,
            answered(call, script, minds={"interview": replace(good, requests=[])}) as other,
        ):
            await other.ended()
            await third.ended()
            return other.journal.spoken, (await third.ended()).reason

    spoken, reason = run_virtually(main)

    assert spoken == alone
    assert reason in (Reason.ERROR_LLM, Reason.USER_HANGUP)


def test_a_hang_up_during_thinking_leaves_nothing_behind() -> None:
    mind = ScriptedMind([[Acts("slow"), Ponders(NEVER)]], stubborn=0.05)

    call = held([Listens(), Said("Yes."), Waits(3), HangsUp()], mind, tools=[tool("slow", 99.0)])

    assert call.end.reason is Reason.USER_HANGUP
    assert mind.live == 0


def test_arguments_that_do_not_fit_go_back_to_the_mind_once() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}

    async def work(arguments: Mapping[str, Any]) -> ToolResult:
        return ToolResult(str(arguments["n"]), say="There are three of them left.")

    async def broken(arguments: Mapping[str, Any]) -> ToolResult:
        raise ZeroDivisionError

    tools = [
        Registered(Offer("count", "Count.", schema), work),
        Registered(Offer("break", "Break."), broken),
    ]
    mind = ScriptedMind(
        [
            [Acts("count", '{"n": "three"}'), Acts("break")],
            [Acts("count", '{"n": 3}')],
            GOODBYE,
        ]
    )

    call = held([Listens(), Said("How many?"), Listens(), Said("Good, bye.")], mind, tools=tools)

    assert "agent: There are three of them left." in call.spoken
    told = " ".join(context(mind.requests[1]))
    assert "result: it failed: n: 'three' is not of type 'integer'" in told
    assert "say so politely" in told
