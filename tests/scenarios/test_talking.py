"""S04-S08, S11, S27, S28: a model that hears and speaks by itself, over its socket."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.engine.effects import Hold, PauseSpeech, Play, StopSpeech
from switchhook.engine.events import FramesSent
from switchhook.testing import Interrupts, Listens, Ponders, Said, Step, Waits, Writes
from switchhook.testing.openai import FakeOpenAI, when
from tests.scenarios.bugs_of_talkers import (
    answers_get_in_each_other_s_way,
    heard_by_the_clock,
    late_audio_is_played,
    nothing_is_carried_over,
    place_in_the_call,
    unheard_is_kept,
    what_was_heard_is_cut,
)
from tests.scenarios.stage import LONG, TELEPHONE, Backstage, Scene, play, waits
from tests.scenarios.talking import by_duplex, complaints, cut_ms, made_ms, told
from tests.scenarios.twins import fails_with

OPENING = "May I ask you something?"
INTERRUPTING = (
    *(Listens(), Said("How was the weather?")),
    *(Interrupts("No, tomorrow please.", after_ms=3000), Listens(), Waits(1)),
)


def talk(fake: FakeOpenAI, *script: Step, seconds: float = 25, **spec: Any) -> Scene:
    """Let the model hold a call, which the vendor has no reason to complain about."""
    scene = play(
        script,
        waits(seconds),
        call=by_duplex(first_message=OPENING, **spec),
        conditions=TELEPHONE,
        backstage=Backstage(openai=fake),
    )
    assert complaints(fake) == []
    return scene


def vendor(brain: dict[str, Any], **known: Any) -> FakeOpenAI:
    return FakeOpenAI(brain=when({"tomorrow": "Tomorrow it is."} | brain), pace=0.05, **known)


def heard_ms(scene: Scene, item: str) -> int:
    """How much of an item was played to the callee until the agent yielded: the truth."""
    (number,) = (hold.utterance for _, hold in scene.effects(Hold) if hold.item == item)
    frames, at = set[int](), 0
    for _, sent in scene.events(FramesSent):
        count = sent.milliseconds // 20
        if sent.utterance == number:
            frames |= {id(frame) for frame in scene.call.line.sent[at : at + count]}
        at += count
    began = next(at for at, playing in scene.effects(Play) if playing.utterance == number)
    yielded = [*scene.effects(PauseSpeech), *scene.effects(StopSpeech)]
    until = min(at for at, _ in yielded if at > began)
    played = (p.at for p in scene.call.line.record if id(p.frame) in frames and p.at <= until)
    return round(sum(min(0.02, until - at) for at in played) * 1000)


@fails_with(heard_by_the_clock)
def test_s04_truncate_never_exceeds_received_audio() -> None:
    fake = vendor({"weather": LONG})
    fake.pace = 0.3

    scene = talk(fake, *INTERRUPTING)

    ((item, ms),) = cut_ms(fake).items()
    assert 0 < ms <= made_ms(fake)[item]
    assert abs(ms - heard_ms(scene, item)) <= 80
    assert scene.agent[-1] == "Tomorrow it is."


@fails_with(place_in_the_call)
def test_s05_truncate_counts_playback_not_call_time() -> None:
    fake = vendor({"weather": LONG})
    script = [Listens(), Waits(4), *INTERRUPTING[1:]]

    scene = talk(fake, *script)

    ((item, ms),) = cut_ms(fake).items()
    assert abs(ms - heard_ms(scene, item)) <= 60
    assert 2500 <= ms <= 4500
    assert scene.agent[2].endswith(" -")
    assert LONG.startswith(scene.agent[2].removesuffix(" -"))


@fails_with(unheard_is_kept)
def test_s06_nothing_heard_means_delete() -> None:
    fake = vendor({"four": "Very well.", "table": [Ponders(1.0), Writes("For how many?")]})

    scene = talk(fake, Listens(), Said("I want a table."), Waits(1.2), Said("For four, please."))

    deleted = {message["item_id"] for message in told(fake, "conversation.item.delete")}
    assert len(deleted) == 1
    assert deleted < made_ms(fake).keys()
    assert told(fake, "conversation.item.truncate") == []
    assert scene.agent[2:] == ["Very well."]


@fails_with(what_was_heard_is_cut)
def test_s07_fully_heard_is_never_truncated() -> None:
    fake = vendor({"weather": "It was fine."})

    scene = talk(fake, Listens(), Said("How was the weather?"), Listens(), Said("Until tomorrow."))

    assert cut_ms(fake) == {}
    assert scene.agent[2:] == ["It was fine.", "Tomorrow it is."]


@fails_with(late_audio_is_played)
def test_s08_late_audio_of_a_dead_response_is_dropped() -> None:
    fake = vendor({"weather": LONG}, lingers=0.3)
    fake.pace = 0.15

    scene = talk(fake, *INTERRUPTING)

    (stopped, _), *_ = scene.effects(StopSpeech)
    again = next(at for at, _ in scene.effects(Play) if at > stopped)
    assert [p.at for p in scene.call.line.record if stopped + 0.2 < p.at < again] == []
    (item, ms), *_ = cut_ms(fake).items()
    assert made_ms(fake)[item] > ms
    assert len(scene.effects(Hold)) == 2
    assert next(hold.item for _, hold in scene.effects(Hold)) == item


@fails_with(place_in_the_call)
def test_s11_two_items_in_one_answer() -> None:
    words = ("It was warm on Monday.", LONG, "On Sunday it rained.")
    fake = vendor({"weather": [Writes(text) for text in words]})

    scene = talk(fake, *INTERRUPTING)

    first, second, third, _ = made_ms(fake)
    cuts = cut_ms(fake)
    assert first not in cuts
    assert abs(cuts[second] - heard_ms(scene, second)) <= 60
    assert cuts[third] == 0
    assert scene.agent[2] == words[0]
    assert scene.agent[3].endswith(" -")
    assert scene.agent[4:] == ["Tomorrow it is."]


@fails_with(nothing_is_carried_over)
def test_s27_session_of_60_minutes_is_renewed() -> None:
    """An hour is half a minute here."""
    fake = vendor({"weather": "It was fine."}, lasts=30.0)
    wait = Waits(13)
    again = (Said("And tomorrow?"), Listens(), wait)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("switchhook.providers.openai.duplex.RENEWAL_SECONDS", 20.0)
        script = (Listens(), Said("How was the weather?"), Listens(), wait, *again)
        scene = talk(fake, *script, seconds=40)

    sessions = [n for n, m in enumerate(fake.received) if m["type"] == "session.update"]
    assert len(sessions) == 2
    assert complaints(fake) == []
    items = [m["item"] for m in fake.received[sessions[1] :] if "item" in m]
    texts = [item["content"][0]["text"].strip() for item in items]
    assert texts[1:] == [OPENING, "How was the weather?", "It was fine."]
    assert scene.agent[2:] == ["It was fine.", "Tomorrow it is."]


@fails_with(answers_get_in_each_other_s_way)
def test_s28_a_cancelled_response_never_wedges_the_next() -> None:
    fake = vendor({"weather": LONG}, lingers=3.0)
    fake.pace = 0.3

    scene = talk(fake, *INTERRUPTING)

    assert len(told(fake, "response.create")) == 2
    assert scene.agent[-1] == "Tomorrow it is."
