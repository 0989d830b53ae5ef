"""Whole calls that a mind leads, in virtual time; a name ends with the scenario it stands for."""

from __future__ import annotations

import asyncio

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.engine import thinking
from switchhook.ports import Say
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
    Said,
    ScriptedMind,
    Waits,
    Writes,
    writes,
)
from switchhook.testing.minds import context
from tests.runtime.holding import DEAD_AIR, GOODBYE, HELLO, held, tool


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
