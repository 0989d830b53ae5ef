"""S01-S19: the callee speaks while the agent does, and the record has what was heard."""

from __future__ import annotations

import asyncio

from switchhook.engine.effects import StopSpeech
from switchhook.engine.events import CalleeHeard
from switchhook.ports import Say
from switchhook.testing import (
    AnsweredCall,
    Conditions,
    HangsUp,
    Interrupts,
    Listens,
    Said,
    Waits,
    Wire,
)
from switchhook.testing.wires import chance
from tests.scenarios.bugs import (
    burst,
    disclosure_may_be_interrupted,
    first_syllables_lost,
    stops_while_silent,
)
from tests.scenarios.stage import LONG, TELEPHONE, Scene, by_assistant, play, says
from tests.scenarios.twins import fails_with
from tests.simulation.bugs import (
    clear_forgotten,
    marks_unread,
    reply_lost,
    sent_counted_as_heard,
    stale_marks_counted,
    unheard_text_written,
)

_FRAME = 0.02
_LEAD_FRAMES = 6
SORRY = "Sorry, please go on with what you wanted to say to me."


def interrupted(after_ms: int = 4000, conditions: Conditions = TELEPHONE) -> Scene:
    """The assistant tells something long, the callee interrupts it, and it says something else."""

    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(4.5)
        await call.running.control(Say(LONG))
        await asyncio.sleep(2)
        await call.running.control(Say(SORRY))

    script = [Listens(), Interrupts("No, tomorrow please.", after_ms=after_ms)]
    return play(script, act, call=by_assistant(), conditions=conditions)


@fails_with(clear_forgotten)
def test_s01_barge_in_flushes_the_carrier() -> None:
    scene = interrupted()
    line = scene.call.line

    assert len(line.cleared) == 1
    cleared = line.cleared[0]
    old = [played for played in line.record if played.generation == 0]
    assert old[-1].at <= cleared + TELEPHONE.there.delay + TELEPHONE.there.jitter
    assert "out" not in [word for _, word in scene.played]
    assert scene.agent[1].endswith(" -")


@fails_with(burst)
def test_s02_no_burst_after_barge_in() -> None:
    scene = interrupted()
    line = scene.call.line

    for generation in (0, line.outgoing[-1].generation):
        sent = [s.at for s in line.outgoing if s.generation == generation]
        for number, at in enumerate(sent):
            assert number <= (at - sent[0]) / _FRAME + _LEAD_FRAMES
    new = [s for s in line.outgoing if s.generation == line.outgoing[-1].generation]
    words = [word for s in new for word in s.frame.words]
    assert words == SORRY.split()


def error_of_the_ledger(seed: int) -> int:
    """How far the ledger was from the truth when the callee interrupted, in milliseconds."""
    random = chance(seed)
    way = random.uniform(0.01, 0.05)
    conditions = Conditions(
        there=Wire(delay=way, jitter=0.03),
        back=Wire(delay=way),
        echoes=Wire(delay=way, jitter=0.03),
        buffer=random.uniform(0.04, 0.2),
        wobble=0.03,
        seed=seed,
    )

    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(3.6)
        await call.running.control(Say(LONG))

    cuts_in = Interrupts("No, tomorrow please.", after_ms=random.randint(500, 3000))
    scene = play([Listens(0.4), cuts_in], act, call=by_assistant(), conditions=conditions)
    at, stop = scene.effects(StopSpeech)[0]
    return stop.heard_ms - scene.call.line.heard_ms(0, at)


@fails_with(marks_unread, sent_counted_as_heard)
def test_s03_heard_is_within_50_ms() -> None:
    for seed in range(150):
        assert abs(error_of_the_ledger(seed)) <= 50, f"seed {seed}"


@fails_with(unheard_text_written)
def test_s03_the_text_is_cut_at_the_right_word() -> None:
    for after_ms in range(600, 5000, 400):
        scene = interrupted(after_ms)
        cut = scene.agent[1].removesuffix(" -").split()
        played = [word for _, word in scene.played][len(scene.agent[0].split()) :]
        heard = next(n for n, word in enumerate([*played, "Sorry,"]) if word == "Sorry,")
        assert cut == LONG.split()[: len(cut)]
        assert abs(heard - len(cut)) <= 1


@fails_with(stale_marks_counted)
def test_s09_stale_marks_prove_nothing() -> None:
    echoes = Wire(delay=0.06, jitter=0.1, duplicate=1.0, reorder=0.5, late=0.6)
    conditions = Conditions(there=Wire(delay=0.03), echoes=echoes, buffer=0.1, seed=3)

    async def act(call: AnsweredCall) -> None:
        for _ in range(3):
            await asyncio.sleep(4.5)
            await call.running.control(Say(LONG))

    script = [Listens(), *[Interrupts("No, tomorrow please.", after_ms=1600)] * 3]
    scene = play(script, act, call=by_assistant(), conditions=conditions)

    for at, stop in scene.effects(StopSpeech)[:3]:
        generation = sum(cleared < at for cleared in scene.call.line.cleared)
        assert abs(stop.heard_ms - scene.call.line.heard_ms(generation, at)) <= 250


@fails_with(stops_while_silent)
def test_s12_speech_while_silent_is_not_an_interruption() -> None:
    script = [Listens(), Said("Yes, sure."), Listens(), Said("No, thanks.")]

    scene = play(script, conditions=TELEPHONE)

    assert scene.call.line.cleared == []
    assert not any(line.endswith(" -") for line in scene.agent)
    assert scene.callee == ["Yes, sure.", "No, thanks."]


@fails_with(first_syllables_lost)
def test_s13_the_first_syllables_of_an_interruption_are_kept() -> None:
    scene = interrupted()

    assert scene.callee[0] == "No, tomorrow please."
    _, first = scene.events(CalleeHeard)[0]
    assert first.text == "No,"


@fails_with(disclosure_may_be_interrupted)
def test_s16_uninterruptible_speech_is_finished_and_listening_continues() -> None:
    script = [Interrupts("Who is this?", after_ms=400), Listens(), HangsUp()]

    scene = play(script, conditions=TELEPHONE)

    assert scene.agent[0] == "Hello, this is an AI assistant calling for Rosa."
    assert scene.callee == ["Who is this?"]
    assert any("AI assistant calling for Rosa. I'd like" in line for line in scene.agent[1:])
    assert [log for log in scene.logs if log["log_level"] == "error"] == []


@fails_with(reply_lost)
def test_s18_after_an_interruption_the_agent_answers() -> None:
    script = [Listens(), *[Interrupts("Who is this?", after_ms=600)] * 20, Waits(5.0), HangsUp()]

    scene = play(script, conditions=TELEPHONE)

    finals = [at for at, heard in scene.events(CalleeHeard) if heard.final]
    assert len(finals) == 20
    answers = [s.at for s in scene.call.line.outgoing]
    for final in finals:
        assert any(final <= at <= final + 4.0 for at in answers)
    assert scene.callee == ["Who is this?"] * 20


@fails_with(unheard_text_written)
def test_s19_hang_up_mid_sentence_records_what_was_said() -> None:
    script = [Waits(until_heard="weather"), HangsUp()]

    scene = play(script, says(LONG), call=by_assistant(), conditions=TELEPHONE)

    assert scene.agent[1].startswith("I would like to tell you everything about the")
    assert scene.agent[1].endswith(" -")
    assert len(scene.agent[1].split()) <= 13
