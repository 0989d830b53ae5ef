"""S53-S61: who answered, and keys."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from switchhook.audio import g711
from switchhook.audio.tones import KeyEar
from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine.events import CalleeHeard, MachineVerdict, ToneHeard
from switchhook.engine.screening import Verdict
from switchhook.ports import AnsweredBy, PressKeys
from switchhook.testing import (
    AnsweredCall,
    Beeps,
    HangsUp,
    Listens,
    Presses,
    Said,
    ScriptedMind,
    Waits,
    a_call,
)
from switchhook.testing.minds import Acts, Writes, writes
from tests.scenarios.bugs import (
    beep_not_heard,
    digits_not_told,
    every_end_is_a_hang_up,
    keys_pressed_twice,
    loops_are_not_seen,
    machine_for_good,
    says_it_again,
    unavailable_is_voicemail,
)
from tests.scenarios.stage import TELEPHONE, Backstage, Scene, by_assistant, play, waits
from tests.scenarios.twins import fails_with
from tests.simulation.bugs import late_verdict_cuts

GREETING = "Hi, this is Sam. Please leave a message after the tone."
MESSAGE = {"voicemail_message": "Please call Rosa back about the table."}
MENU = "For opening hours press one. For bookings press two."


def answered_by(scene: Scene) -> list[str]:
    """Every verdict that was reached, in order."""
    notes = scene.facts(Kind.NOTE)
    return [str(note.data["answered_by"]) for note in notes if "answered_by" in note.data]


@fails_with(unavailable_is_voicemail)
def test_s53_unavailable_human_is_not_voicemail() -> None:
    for text in ("He's not available at the moment.", "I'm busy right now."):
        scene = play(
            [Said(text), Listens(), Said("Yes, sure."), Waits(4), HangsUp()], conditions=TELEPHONE
        )
        assert not {"voicemail", "unavailable"} & set(answered_by(scene))
        assert scene.end.reason in {Reason.USER_HANGUP, Reason.AGENT_HANGUP}
        assert any("Can you help me" in line for line in scene.agent)


@fails_with(machine_for_good)
def test_s54_long_greeting_by_a_human() -> None:
    greeting = (
        "Good morning, Miller bakery on the corner of Market Street, open every day from six in"
        " the morning until eight in the evening, and on Sundays until noon."
    )
    script = [
        Said(greeting, word_ms=280),
        Waits(until_heard="that"),
        Waits(0.5),
        Said("Yes, sure."),
        Listens(),
        Said("No."),
    ]

    scene = play(script, conditions=TELEPHONE)

    assert scene.end.reason is Reason.AGENT_HANGUP
    assert answered_by(scene)[-1] == "human"
    assert scene.callee[1:] == ["Yes, sure.", "No."]


@fails_with(late_verdict_cuts)
def test_s55_late_machine_verdict_never_cuts_a_conversation() -> None:
    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(9.0)
        call.line.report(AnsweredBy(Verdict.VOICEMAIL))
        await asyncio.sleep(9.0)

    script = [
        Listens(),
        Said("Good morning, Miller bakery."),
        Waits(1.0),
        Said("What can I do for you?"),
        Waits(1.0),
        Said("We have bread and cakes, and on Sundays there are rolls as well, until noon."),
        Waits(9.0),
    ]

    scene = play(script, act, call=by_assistant(), conditions=TELEPHONE)

    at, _ = scene.events(MachineVerdict)[0]
    assert any(abs(sound - at) < 0.1 for sound in scene.call.line.uttered), "the callee talks"
    assert any(note.data.get("carrier") == "voicemail" for note in scene.facts(Kind.NOTE))
    assert scene.callee[-1].endswith("until noon.")
    assert scene.end.reason is Reason.USER_HANGUP


@fails_with(every_end_is_a_hang_up)
def test_s56_voicemail_is_a_different_end() -> None:
    script = [Said(GREETING), Beeps(), Waits(12)]
    hangs_up = play(script, conditions=TELEPHONE)
    leaves = play(script, call=a_call(name="Rosa", voicemail=MESSAGE), conditions=TELEPHONE)

    assert hangs_up.end.reason is Reason.VOICEMAIL_HANGUP
    assert leaves.end.reason is Reason.VOICEMAIL_LEFT
    assert leaves.agent[-1].endswith(MESSAGE["voicemail_message"])


@fails_with(says_it_again)
def test_s57_call_screening_assistant() -> None:
    screening = "Please state your name and why you are calling."
    script = [
        Said(screening),
        Listens(1.0),
        Said(screening),
        Waits(20),
        Said("Hello?"),
        Listens(),
        Said("Yes, sure."),
        HangsUp(),
    ]

    scene = play(script, conditions=TELEPHONE)

    assert "screening_assistant" in answered_by(scene)
    said = [line for line in scene.agent if "calling for Rosa. I'd like" in line]
    assert len(said) == 1
    assert scene.end.reason is Reason.USER_HANGUP


def begins(scene: Scene) -> float:
    """When the message began that was said to its end."""
    sent = scene.call.line.outgoing
    return next(s.at for s in sent if s.generation == sent[-1].generation)


@fails_with(beep_not_heard)
def test_s58_message_starts_after_the_beep() -> None:
    script = [Said(GREETING), Waits(1.0), Beeps(milliseconds=400), Waits(12)]

    scene = play(script, call=a_call(name="Rosa", voicemail=MESSAGE))

    beep = next(tone.end_ms / 1000 for _, tone in scene.events(ToneHeard))
    assert beep <= begins(scene) <= beep + 0.3
    assert " ".join(word for _, word in scene.played).endswith("about the table.")


def test_s58_without_a_beep_it_starts_after_the_silence() -> None:
    scene = play([Said(GREETING), Waits(15)], call=a_call(name="Rosa", voicemail=MESSAGE))

    quiet = max(heard.end_ms for _, heard in scene.events(CalleeHeard)) / 1000
    # The end of speech under our own voice is found up to a quarter of a second early.
    assert quiet + 1.2 <= begins(scene) <= quiet + 2.2
    assert scene.end.reason is Reason.VOICEMAIL_LEFT


def keys_heard(scene: Scene) -> tuple[str, list[float]]:
    """The keys that somebody with a telephone would hear, and when."""
    ear, keys, times = KeyEar(), "", list[float]()
    for played in scene.call.line.record:
        key = ear.push(g711.decode(played.frame.audio))
        if key:
            keys += key
            times.append(played.at)
    return keys, times


@fails_with(keys_pressed_twice)
def test_s59_pressing_a_key_sends_a_tone() -> None:
    mind = ScriptedMind([[Acts("send_digits", '{"digits": "2"}')], [Writes("")]])
    script = [Waits(4), Said(MENU), Waits(12), HangsUp()]

    scene = play(
        script,
        call=by_assistant(ivr_navigation_mode="default", actions=[{"type": "send_digits"}]),
        conditions=TELEPHONE,
        backstage=Backstage(mind=mind),
    )

    keys, _ = keys_heard(scene)
    assert keys == "2"
    assert not any("press" in line.lower() for line in scene.agent)


@fails_with(keys_pressed_twice)
def test_s59_each_key_is_pressed_once_and_told_apart() -> None:
    async def act(call: AnsweredCall) -> None:
        await call.running.control(PressKeys("12#"))

    scene = play([Listens(), Waits(30)], act, call=by_assistant(), conditions=TELEPHONE)

    keys, times = keys_heard(scene)
    assert keys == "12#"
    assert all(b - a >= 0.15 for a, b in pairwise(times))


@fails_with(loops_are_not_seen)
def test_s60_ivr_loop_is_noticed() -> None:
    script = [step for _ in range(6) for step in (Said(MENU), Waits(4.0))]

    scene = play(script, call=a_call(name="Rosa", idle_seconds=30), conditions=TELEPHONE)

    assert scene.end.reason is Reason.IVR_REACHED
    assert len(scene.callee) <= 4


@fails_with(digits_not_told)
def test_s61_digits_during_speech() -> None:
    story = "I would like to tell you a long story about keys and what they are good for."
    mind = ScriptedMind(writes(story, "You pressed one."))
    script = [Listens(), Said("Go on please."), Waits(until_heard="long"), Presses("1#"), Waits(9)]

    scene = play(
        script,
        waits(18),
        call=by_assistant(turns={"interrupt_on_digits": True}, idle_seconds=60),
        conditions=TELEPHONE,
        backstage=Backstage(mind=mind),
    )

    assert any(line.endswith(" -") for line in scene.agent)
    assert "You pressed one." in scene.agent
    assert [f.data["digits"] for f in scene.facts(Kind.DIGITS)] == ["1", "#"]
