"""S20-S29: nobody is left in silence, and nothing gets stuck."""

from __future__ import annotations

import asyncio

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import ReplaceEars
from switchhook.engine.events import CalleeHeard, EarsEnded
from switchhook.engine.offers import Offer
from switchhook.ports import Say
from switchhook.runtime.actions import Registered, ToolResult
from switchhook.testing import (
    AnsweredCall,
    Coughs,
    Faults,
    HangsUp,
    Listens,
    Noise,
    Pieces,
    PlainEars,
    PlainVoice,
    Said,
    ScriptedMind,
    Step,
    Waits,
)
from switchhook.testing.minds import Acts, Fault, Writes, writes
from tests.scenarios.bugs import (
    cold_start,
    ears_are_never_replaced,
    end_at_once,
    finals_get_lost,
    no_fillers,
    results_are_dropped,
    sentence_lost_with_the_connection,
)
from tests.scenarios.stage import LONG, TELEPHONE, Backstage, by_assistant, play, says, waits
from tests.scenarios.twins import fails_with
from tests.simulation.bugs import first_piece_is_the_whole, missed_audio_is_lost, reply_lost

DEAD_AIR = 4.0
TURNS = 200


@fails_with(finals_get_lost)
def test_s20_caller_is_heard_to_the_end() -> None:
    script: list[Step] = [Listens()]
    for number in range(TURNS):
        script += [Said(f"This is sentence number {number} of mine."), Listens(0.4), Waits(3.0)]

    async def act(call: AnsweredCall) -> None:
        heard = patience = 0
        while heard < TURNS and patience < 60:
            await asyncio.sleep(0.5)
            patience += 1
            finals = sum(line.startswith("callee") for line in call.journal.spoken)
            if finals > heard:
                heard, patience = finals, 0
                await call.running.control(Say("I see, please go on with it then."))

    scene = play(script, act, call=by_assistant(idle_seconds=120))

    assert scene.callee == [f"This is sentence number {n} of mine." for n in range(TURNS)]
    assert scene.seconds >= 20 * 60


@fails_with(ears_are_never_replaced)
def test_s20_ears_that_hear_speech_and_no_words_are_replaced() -> None:
    script = [Listens(), Coughs(6000), Listens(), Said("Can you hear me now?"), Waits(4.0)]

    scene = play(script, waits(25), conditions=TELEPHONE)

    assert len(scene.effects(ReplaceEars)) == 1
    assert scene.ears.opened == 2
    assert any(line.startswith("Sorry") for line in scene.agent)
    assert "Can you hear me now?" in scene.callee


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.HANGS, Fault.FAILS, Fault.DRIPS, Fault.EMPTY])
@fails_with(no_fillers)
def test_s21_no_dead_air(fault: Fault) -> None:
    mind = ScriptedMind(writes("Here is my answer for you."), fault=fault)
    script = [Listens(), Said("Where are you calling from?")]

    scene = play(
        script,
        waits(11),
        call=by_assistant(),
        conditions=TELEPHONE,
        backstage=Backstage(mind=mind),
    )

    final = next(at for at, heard in scene.events(CalleeHeard) if heard.final)
    assert any(final < s.at <= final + DEAD_AIR for s in scene.call.line.outgoing)


@fails_with(reply_lost)
def test_s22_noise_before_the_answer() -> None:
    script = [Listens(), Said("Who is this?"), Noise(300, 4000), Waits(6.0), HangsUp()]

    scene = play(script, conditions=TELEPHONE, backstage=Backstage(voice=Faults(latency=0.6)))

    assert any("AI assistant calling for Rosa. I'd like" in line for line in scene.agent[1:])
    finals = [at for at, heard in scene.events(CalleeHeard) if heard.final]
    answer = next(s.at for s in scene.call.line.outgoing if s.at > finals[-1])
    assert answer - finals[-1] <= DEAD_AIR


def tool(name: str, seconds: float) -> Registered:
    """An action that takes its time."""

    async def run(arguments: object) -> ToolResult:
        del arguments
        await asyncio.sleep(seconds)
        return ToolResult(f"{name} is done")

    return Registered(Offer(name, f"Do {name}."), run)


@fails_with(results_are_dropped)
def test_s23_two_actions_in_one_turn() -> None:
    mind = ScriptedMind([[Acts("slow"), Acts("quick")], [Writes("Both of them are done.")]])
    script = [Listens(), Said("Please do both of them.")]

    scene = play(
        script,
        waits(20),
        call=by_assistant(idle_seconds=60),
        conditions=TELEPHONE,
        backstage=Backstage(mind=mind, tools=(tool("slow", 4), tool("quick", 1))),
    )

    assert "Both of them are done." in scene.agent
    told = [m.text for m in mind.requests[-1].context if "is done" in m.text]
    assert [text.split()[0].strip('"') for text in told[:2]] == ["slow", "quick"]


@fails_with(end_at_once)
def test_s24_say_then_end() -> None:
    mind = ScriptedMind([[Writes("Thank you so much, have a nice day."), Acts("end_call")]])
    script = [Listens(), Said("That was all, thank you.")]

    scene = play(script, call=by_assistant(), conditions=TELEPHONE, backstage=Backstage(mind=mind))

    assert scene.end.reason is Reason.AGENT_HANGUP
    assert [word for _, word in scene.played][-2:] == ["nice", "day."]
    assert scene.agent[-1].endswith("have a nice day.")


@fails_with(sentence_lost_with_the_connection)
def test_s25_voice_session_recovers() -> None:
    script = [Listens(), Said("Yes, sure."), Listens(), Said("No, thanks.")]

    scene = play(
        script, conditions=TELEPHONE, backstage=Backstage(voice=Faults(error=1.0, after=3, times=1))
    )

    assert scene.end.reason is Reason.AGENT_HANGUP
    spoken = "All right. Is there a message that I should pass on?"
    assert scene.agent.count(spoken) == 1
    played = " ".join(word for _, word in scene.played)
    assert played.count(spoken) == 1
    assert isinstance(scene.voice, PlainVoice)


@pytest.mark.parametrize("said", ["Could you hear all of this sentence?", "Who is this?"])
@fails_with(missed_audio_is_lost, ears_are_never_replaced)
def test_s26_ears_reconnect_mid_word(said: str) -> None:
    script = [Listens(), Said(said), Listens(), Said("No, thanks."), Waits(3.0), HangsUp()]

    scene = play(script, conditions=TELEPHONE, backstage=Backstage(drops=(3,)))

    assert scene.ears.opened == 2
    assert scene.callee[0] == said
    [(lost, _)] = scene.events(EarsEnded)
    [(again, _)] = scene.effects(ReplaceEars)
    assert again - lost <= 1.0
    assert " ".join(scene.callee).count(said.split(maxsplit=1)[0]) == 1


def test_ears_that_cannot_be_had_back_end_the_call_with_an_apology() -> None:
    script = [Listens(), Said("Who is this?"), Waits(20.0)]

    scene = play(script, conditions=TELEPHONE, backstage=Backstage(drops=(2, 2)))

    assert scene.end.reason is Reason.ERROR_ASR
    assert "cannot go on" in scene.agent[-1]


def test_the_ears_that_stand_in_save_the_call() -> None:
    script = [Listens(), Said("Who is this?"), Listens(), Said("Yes, sure."), Waits(3.0), HangsUp()]
    spare = PlainEars()

    scene = play(
        script,
        conditions=TELEPHONE,
        backstage=Backstage(drops=(2, 2), spare_ears=spare),
    )

    assert scene.ears.opened == 2
    assert spare.opened == spare.closed == 1
    assert scene.callee[:2] == ["Who is this?", "Yes, sure."]


@pytest.mark.parametrize("between", [0.05, 0.6, 1.5])
@fails_with(first_piece_is_the_whole)
def test_s21_a_voice_slower_than_speech_is_heard_to_its_end(between: float) -> None:
    pieces = Pieces(most=15, between=between, seed=3)

    scene = play([Listens()], says(LONG), call=by_assistant(), backstage=Backstage(pieces=pieces))

    assert scene.agent[-1] == LONG
    assert " ".join(word for _, word in scene.played).endswith(LONG)
    gaps = scene.end.latency.get("counts", {}).get("underruns", 0)
    assert (gaps > 0) is (between > 0.3)


@fails_with(cold_start)
def test_s29_first_call_after_start_is_normal() -> None:
    script = [Listens(), Said("Yes, sure."), Listens(), Said("No, thanks.")]

    calls = [play(script, conditions=TELEPHONE) for _ in range(10)]

    assert len({call.watch.trace for call in calls}) == 1
    assert {call.call.line.outgoing[0].at for call in calls} == {calls[9].call.line.outgoing[0].at}
