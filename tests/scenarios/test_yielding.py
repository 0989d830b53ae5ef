"""S10, S14-S17: sounds and words over the agent that take the floor, or do not."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import get_args

import pytest

from switchhook.domain.agent import Language
from switchhook.domain.happenings import Kind
from switchhook.engine.effects import Duck, PauseSpeech, StopSpeech, Unduck
from switchhook.engine.offers import Offer
from switchhook.engine.words import words_of
from switchhook.ports import Say
from switchhook.runtime.actions import Registered, ToolResult
from switchhook.testing import (
    AnsweredCall,
    Conditions,
    Coughs,
    Interrupts,
    Listens,
    Marks,
    Said,
    ScriptedMind,
    Waits,
    Wire,
)
from switchhook.testing.minds import Acts, Writes
from tests.scenarios.bugs import (
    backchannels_interrupt,
    coughs_interrupt,
    marks_at_once_believed,
    never_resumes,
    never_yields,
)
from tests.scenarios.stage import LONG, TELEPHONE, Backstage, Scene, by_assistant, play, waits
from tests.scenarios.twins import fails_with
from tests.simulation.bugs import reply_lost


def telling(*script: Said | Coughs | Interrupts | Waits, **spec: object) -> Scene:
    """The assistant tells something long, and the callee does this meanwhile."""

    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(8)
        await call.running.control(Say(LONG))
        await asyncio.sleep(4)

    return play(
        [Listens(), Waits(until_heard="weather"), *script],
        act,
        call=by_assistant(**spec),
        conditions=TELEPHONE,
    )


@fails_with(marks_at_once_believed)
def test_s10_marks_echoed_at_once_are_noticed() -> None:
    way = Wire(delay=0.03)
    conditions = Conditions(there=way, echoes=way, buffer=0.1, marks=Marks.AT_ONCE)

    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(4.5)
        await call.running.control(Say(LONG))

    script = [Listens(), Interrupts("No, tomorrow please.", after_ms=3000)]
    scene = play(script, act, call=by_assistant(), conditions=conditions)

    (at, stop), *_ = scene.effects(StopSpeech)
    assert abs(stop.heard_ms - scene.call.line.heard_ms(0, at)) <= 60
    assert scene.call.running._session.ledger.unreliable  # pyright: ignore[reportPrivateUsage] - it is noticed nowhere else


@fails_with(coughs_interrupt)
def test_s14_a_short_cough_only_lowers_the_voice() -> None:
    scene = telling(Coughs(200))

    assert scene.effects(PauseSpeech) == []
    assert len(scene.effects(Duck)) == len(scene.effects(Unduck)) == 1
    assert scene.effects(Unduck)[0][0] - scene.effects(Duck)[0][0] <= 0.5
    assert scene.agent[1] == LONG
    assert scene.effects(StopSpeech) == []


@fails_with(never_resumes, coughs_interrupt)
def test_s14_false_interruption_resumes_at_the_frame() -> None:
    scene = telling(Coughs(420))

    assert len(scene.effects(PauseSpeech)) == 1
    assert scene.agent[1] == LONG
    assert scene.agent.count(LONG) == 1
    played = [word for _, word in scene.played][9:]
    again = len(played) - len(LONG.split())
    assert 0 <= again <= 2
    assert [word for n, word in enumerate(played) if played[n - 1 : n] != [word]][-3:] == [
        "out",
        "at",
        "all.",
    ]
    rest = iter(played)
    assert all(word in rest for word in LONG.split())


@pytest.mark.parametrize("language", get_args(Language))
@fails_with(backchannels_interrupt)
def test_s15_backchannel_does_not_take_the_floor(language: Language) -> None:
    turns = words_of(language).turns
    stops = set(turns.stops.phrases)
    words = sorted(p for p in turns.backchannels.phrases - stops if len(p) > 1)[:2]

    for word in words:
        scene = telling(Said(word, word_ms=240), language=language)
        assert scene.effects(StopSpeech) == [], word
        assert scene.agent[1] == LONG
        assert scene.call.line.outgoing[-1].at > 16


@fails_with(never_yields)
def test_s15_okay_stop_interrupts() -> None:
    scene = telling(Said("okay stop please"))

    assert scene.effects(StopSpeech) != []
    assert scene.agent[1].endswith(" -")
    assert scene.callee == ["okay stop please"]
    assert [f.text for f in scene.facts(Kind.TURN)] == ["okay stop please"]


def slow_tool() -> Registered:
    """An action that takes three seconds."""

    async def look(arguments: object) -> ToolResult:
        del arguments
        await asyncio.sleep(3)
        return ToolResult("there is a table at eight")

    return Registered(Offer("look", "Look for a table."), look)


@fails_with(reply_lost)
def test_s17_say_inside_an_action_then_interrupt() -> None:
    mind = ScriptedMind(
        [
            [
                Writes("One moment, I am going to look that up for you in our big old book."),
                Acts("look"),
            ],
            [Writes("There is a table at eight.")],
        ]
    )
    script = [Listens(), Said("A table please."), Interrupts("No, for tomorrow.", after_ms=900)]

    scene = play(
        script,
        waits(25),
        call=by_assistant(idle_seconds=60),
        conditions=TELEPHONE,
        backstage=Backstage(mind=mind, tools=(slow_tool(),)),
    )

    assert any(line.startswith("One moment, I") and line.endswith(" -") for line in scene.agent)
    assert scene.callee[:2] == ["A table please.", "No, for tomorrow."]
    assert "There is a table at eight." in scene.agent
    assert mind.live == 0
    gaps = [b.at - a.at for a, b in pairwise(scene.call.line.record)]
    assert max(gaps) <= 6.0
