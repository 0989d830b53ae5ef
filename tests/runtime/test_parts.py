"""The parts of a running call, each by itself."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from switchhook.audio import wav
from switchhook.domain.agent import Prompt
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.transcript import Word
from switchhook.engine.events import AnswerGiven, HangUpAsked, KeysAsked, SayAsked
from switchhook.ports import AnswerQuestion, Entry, Frame, HangUp, PressKeys, Say
from switchhook.runtime.briefing import asked, brief
from switchhook.runtime.framing import QUIET, framed, wordless
from switchhook.runtime.hub import Changed, Hub
from switchhook.runtime.pacer import Pacer
from switchhook.runtime.recorder import Recorder
from switchhook.runtime.scribe import Scribe
from switchhook.runtime.switchboard import Switchboard
from switchhook.testing import FakeLine, NotedJournal, a_call, run_virtually, virtual_clock

LOUD = Frame(b"\x00" * 160)


def test_a_late_beat_sends_no_more_than_the_lead() -> None:
    async def main() -> None:
        line = FakeLine([], virtual_clock())
        pacer = Pacer(line)
        assert pacer.send_due(0.0) == []
        pacer.hold(1, [LOUD] * 100)
        pacer.play(1)
        assert len(pacer.send_due(0.0)) == 5
        assert len(pacer.send_due(0.02)) == 1
        assert len(pacer.send_due(5.0)) == 5
        pacer.clear(5.0)
        assert pacer.send_due(6.0) == []
        assert len(line.sent) == 11

    run_virtually(main)


def test_a_word_rides_on_the_frame_in_which_most_of_it_is_audible() -> None:
    words = (
        Word(text="Hello", start_ms=0, end_ms=100),
        Word(text="there", start_ms=100, end_ms=900),
    )
    speech = framed(bytes(1600), words)

    assert [frame.words for frame in speech.frames[2:4]] == [(), ("Hello",)]
    assert speech.frames[-1].words == ("there",)
    assert speech.words == words
    assert framed(b"", words).frames == ()
    assert [frame.words for frame in wordless(bytes(320))] == [(), ()]


@pytest.mark.parametrize(
    ("changes", "spec", "name", "task"),
    [
        ({"variables": {"on_behalf_of": "Dr. Lee"}}, {"name": "Rosa"}, "Dr. Lee", "book a table"),
        ({}, {"name": "Rosa"}, "Rosa", "book a table"),
        ({}, {}, "", "book a table"),
        ({"task": None}, {"prompt": Prompt(content="confirm {{ what }}")}, "", "confirm it"),
        ({"task": None}, {"prompt": Prompt(content="You are a helpful agent.")}, "", ""),
        ({"task": None}, {"prompt": Prompt(content="x" * 201)}, "", ""),
    ],
)
def test_the_brief_names_who_calls_and_what_about(
    changes: dict[str, Any], spec: dict[str, Any], name: str, task: str
) -> None:
    call = a_call(variables={"what": "it"}, **spec).model_copy(update=changes)

    told = brief(call, date(2026, 11, 21))

    assert (told.name, told.task) == (name, task)


def test_limits_of_the_call_come_before_those_of_the_agent() -> None:
    call = a_call(options=CallOptions(max_duration_seconds=30), max_duration_seconds=60)

    assert brief(call, date(2026, 11, 21)).max_seconds == 30
    assert brief(a_call(max_duration_seconds=60), date(2026, 11, 21)).max_seconds == 60


def test_commands_become_events() -> None:
    assert asked(Say("Hi", interrupt=True), 1) == SayAsked(1, "Hi", interrupt=True)
    assert asked(PressKeys("1"), 2) == KeysAsked(2, "1")
    assert asked(AnswerQuestion("q1", "Yes"), 3) == AnswerGiven(3, "q1", "Yes")
    assert asked(HangUp(), 4) == HangUpAsked(4, Reason.API_HANGUP)


class SlowJournal(NotedJournal):
    """A journal whose store takes a while."""

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        await asyncio.sleep(0.1)
        return await super().write(call_id, entry)


def test_what_gathers_while_the_store_is_busy_is_written_together_and_in_order() -> None:
    facts = [Fact(kind=Kind.NOTE, text=str(number)) for number in range(5)]

    async def main() -> list[Entry]:
        journal = SlowJournal(a_call())
        scribe = Scribe("call_test", journal)
        async with asyncio.TaskGroup() as group:
            group.create_task(scribe.run())
            scribe.note(Entry(facts=(facts[0],), state=State.IN_PROGRESS))
            await asyncio.sleep(0.05)
            scribe.note(Entry(facts=(facts[1],)))
            scribe.note(Entry(facts=(facts[2],)))
            scribe.note(Entry(facts=(facts[3],), state=State.ENDING))
            scribe.note(Entry(facts=(facts[4],)))
            scribe.close()
        return journal.entries

    written = run_virtually(main)

    assert written == [
        Entry(facts=(facts[0],), state=State.IN_PROGRESS),
        Entry(facts=(facts[1], facts[2])),
        Entry(facts=(facts[3], facts[4]), state=State.ENDING),
    ]


def test_a_recording_is_a_valid_file_while_the_call_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"

    async def main() -> None:
        recorder = Recorder(path)
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(recorder.run())
            recorder.agent([LOUD] * 100)
            recorder.caller(LOUD)
            recorder.advance(2010, 1500)
            await asyncio.sleep(0.1)
            half = wav.read(path.read_bytes())
            assert half.seconds == 2.0
            assert half.channel(0)[:320] == half.channel(1)[:320]
            recorder.cut(1540)
            recorder.close()
        right = wav.read(path.read_bytes()).channel(1)
        assert sum(sample != 0 for sample in memoryview(right).cast("h")) == 77 * 160
        assert writing.result().seconds == pytest.approx(2.04)

    run_virtually(main)


def test_a_disk_that_is_too_slow_costs_the_recording_and_not_the_call(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call.wav")

    recorder.advance(15_000, 0)

    assert recorder.dropped == 5


def test_listeners_hear_of_changes_until_they_stop() -> None:
    hub, heard = Hub(), list[int]()
    stop = hub.listen(lambda changed: heard.append(changed.seq))

    hub.publish(Changed("org", "call", 1))
    stop()
    stop()
    hub.publish(Changed("org", "call", 2))

    assert heard == [1]


def test_a_call_is_found_for_as_long_as_it_is_plugged_in() -> None:
    async def main() -> None:
        board, line = Switchboard(), FakeLine([], virtual_clock())
        assert line.carries_words
        assert board.find("one") is None
        assert (len(board), board.ids()) == (0, ())

    run_virtually(main)
    assert QUIET.words == ()
