"""Whole calls that a mind leads, in virtual time; a name ends with the scenario it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.engine.offers import Offer
from switchhook.runtime import actions
from switchhook.runtime.actions import Registered, ToolResult
from switchhook.runtime.outgoing import Doorway
from switchhook.runtime.signing import Signing
from switchhook.testing import (
    Acts,
    Fault,
    Faults,
    HangsUp,
    Interrupts,
    Listens,
    PlainVoice,
    Ponders,
    Said,
    ScriptedMind,
    Waits,
    Writes,
    a_call,
    answered,
    run_virtually,
    writes,
)
from switchhook.testing.minds import NEVER, context
from tests.runtime.holding import DEAD_AIR, GOODBYE, HELLO, held, tool
from tests.runtime.test_actions import ADDRESS, BOOK, Desk

SHORT = writes("For tonight, please.")


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
            answered(call, script, minds={"model": floods}) as _,
            answered(call, script, minds={"model": breaks}) as third,
            answered(call, script, minds={"model": replace(good, requests=[])}) as other,
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


def test_a_request_of_an_agent_is_signed_with_the_secret_of_its_account_and_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()

    async def resolve(_host: str) -> tuple[str, ...]:
        return (ADDRESS,)

    monkeypatch.setattr(actions, "Doorway", lambda: Doorway(resolve, desk))
    mind = ScriptedMind([[Acts("book", '{"guests": 4}')], *writes("It is booked."), GOODBYE])
    signing = Signing(lambda: b"key")

    held(
        [Listens(), Said("Please do."), Listens(1.5), Said("Great.")],
        mind,
        spec={"actions": (BOOK,)},
        secrets=signing.secret,
    )

    (request,) = desk.requests
    secret = signing.secret("org_test", BOOK.url)
    assert request.headers[actions.SIGNATURE] == actions.signature(secret, request.content)
