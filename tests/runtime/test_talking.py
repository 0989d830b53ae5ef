"""Whole calls over a line that hears and speaks by itself, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchhook.domain.agent import TurnSettings, VoicemailSettings
from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import CallOptions
from switchhook.domain.lifecycle import Reason
from switchhook.ports import HangUp, PressKeys, Say
from switchhook.providers.loopback import Hum, TextEars
from switchhook.runtime.booth import booth
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.call import Ended, RunningCall
from switchhook.runtime.casting import Troupe
from switchhook.runtime.studio import Studio
from switchhook.runtime.ticker import Ticker
from switchhook.testing import (
    FakeLine,
    FakeTalkingLine,
    HangsUp,
    Interrupts,
    Listens,
    Manner,
    NotedJournal,
    Presses,
    Said,
    Step,
    Waits,
    a_call,
    run_virtually,
    virtual_clock,
)

OPEN = {
    "type": "object",
    "properties": {"open": {"type": "boolean", "description": "Are you open on Sundays?"}},
}
ORDINARY, SILENT = Manner(), Manner(tells=False)


@dataclass
class Talked:
    """A call that was held over words, and what came of it."""

    line: FakeTalkingLine
    journal: NotedJournal
    end: Ended
    seconds: float

    def line_of(self, begin: str) -> Any:
        (fact,) = [
            f for f in self.journal.facts if f.kind is Kind.SPOKEN and f.text.startswith(begin)
        ]
        return {**fact.data, "text": fact.text}


def talked(
    script: Sequence[Step],
    *,
    manner: Manner = ORDINARY,
    during: Callable[[RunningCall], Awaitable[Any]] | None = None,
    options: CallOptions | None = None,
    **spec: Any,
) -> Talked:
    """Hold a call to its end."""

    async def main() -> Talked:
        clock = virtual_clock()
        ticker, began = Ticker(clock), clock.monotonic()
        call = a_call(options=options, **spec)
        journal, line = NotedJournal(call), FakeTalkingLine(script, clock, manner)
        parts = (clock, ticker, Troupe(TextEars(), Hum()), journal, Path("recordings"))
        studio = Studio(*parts, breakers=Breakers(clock), talks=lambda _call: True)
        async with booth(call, studio) as own, asyncio.TaskGroup() as group:
            own.warm_up()
            running = RunningCall(line, own)
            beating = group.create_task(ticker.run())
            ending = group.create_task(running.run())
            await asyncio.sleep(0)
            if during is not None:
                await during(running)
            async with asyncio.timeout(600):
                end = await ending
            beating.cancel()
        return Talked(line, journal, end, clock.monotonic() - began)

    return run_virtually(main)


def test_an_interview_fills_its_form_over_words() -> None:
    call = talked(
        [Said("Hello?"), Listens(1.0), Said("Yes, we are."), Listens(1.0), Said("Yes.")],
        result_schema=OPEN,
    )

    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.end.outcome.fields["open"].value is True
    assert call.journal.spoken[0] == "callee: Hello?"
    assert not call.line_of("Hello, this")["heard_estimated"]


def test_what_must_be_heard_is_said_so_that_nobody_can_cut_it_off() -> None:
    call = talked([Said("Hello?"), HangsUp()])
    polite = talked([Said("Hello?"), Listens(), HangsUp()])

    assert [interruptible for _, interruptible in polite.line.said] == [False, True]
    assert call.end.reason is Reason.USER_HANGUP


def test_an_agent_that_never_yields_is_never_cut_off() -> None:
    turns = TurnSettings(interruption_mode="off")
    call = talked([Said("Hello?"), Listens(), HangsUp()], turns=turns)

    assert {interruptible for _, interruptible in call.line.said} == {False}


BARGES_IN = [
    Said("Hello?"),
    Waits(until_heard="book"),
    Interrupts("Wait, who is this?", after_ms=100),
    Waits(until_heard="calling"),
    HangsUp(),
]


def test_the_transcript_of_a_barge_in_says_what_was_heard() -> None:
    call = talked(BARGES_IN)

    cut = call.line_of("I'd like to book")
    assert (cut["text"], cut["interrupted"]) == ("I'd like to book", True)
    assert not cut["heard_estimated"]
    assert call.end.latency["counts"]["interruptions"] == 1
    assert "callee: Wait, who is this?" in call.journal.spoken


def test_a_line_that_tells_nothing_of_its_speech_holds_the_same_call_by_the_clock() -> None:
    call = talked(
        [Said("Hello?"), Listens(1.0), Said("Yes, we are."), Listens(1.0), Said("Yes.")],
        manner=SILENT,
        result_schema=OPEN,
    )

    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.end.outcome.fields["open"].value is True
    assert call.line_of("Hello, this")["heard_estimated"]


def test_a_slow_voice_is_never_spoken_over_by_the_next_words() -> None:
    slow = talked(
        [Said("Hello?"), Listens(1.5), Said("Yes, we are."), Listens(1.5), Said("Yes.")],
        manner=Manner(letter_ms=78),
        result_schema=OPEN,
    )

    asked = " ".join(text for text, _ in slow.line.said)
    assert " ".join(slow.line.end.heard) == asked


def test_the_callee_hangs_up_in_the_middle_of_a_word() -> None:
    call = talked([Said("Hello?"), Waits(until_heard="book"), HangsUp()])

    assert call.end.reason is Reason.USER_HANGUP
    assert call.line_of("I'd like")["interrupted"]


def test_keys_are_pressed_by_the_line_and_count_as_done() -> None:
    receipts: list[Any] = []

    async def press(call: RunningCall) -> None:
        receipts.append(await call.control(PressKeys("12#")))

    call = talked([Waits(20), HangsUp()], during=press)

    assert call.line.digits == "12#"
    assert [receipt.result for receipt in receipts] == ["done"]


def test_keys_of_the_callee_cut_the_agent_off_and_are_read() -> None:
    script = [Said("Hello?"), Waits(until_heard="book"), Presses("9"), Waits(5), HangsUp()]
    call = talked(script)

    assert call.end.reason is Reason.USER_REQUESTED_DNC
    assert call.line_of("I'd like")["interrupted"]


def test_words_that_interrupt_are_said_at_once() -> None:
    async def interrupt(call: RunningCall) -> None:
        await asyncio.sleep(4)
        await call.control(Say("Stop, there is news.", interrupt=True))

    call = talked([Waits(12), HangsUp()], during=interrupt, task="ask " + "again and " * 12)

    heard = " ".join(call.line.end.heard)
    assert call.line.hushed == 1
    assert heard.endswith("Stop, there is news.")
    assert " ".join(text for text, _ in call.line.said) != heard


def test_a_message_is_left_to_a_machine_that_says_it_is_one() -> None:
    voicemail = VoicemailSettings(voicemail_message="Please call Rosa back.")
    greeting = "You have reached Bella. Please leave a message after the tone."
    call = talked([Said(greeting), Waits(30)], voicemail=voicemail)

    assert call.end.reason is Reason.VOICEMAIL_LEFT
    assert call.line.said[-1][0].endswith("Please call Rosa back.")
    assert " ".join(call.line.end.heard).endswith("Please call Rosa back.")


def test_a_hang_up_that_is_asked_for_is_said_goodbye_to() -> None:
    async def leave(call: RunningCall) -> None:
        await asyncio.sleep(6)
        await call.control(HangUp())

    call = talked([Said("Hello?"), Waits(60)], during=leave)

    assert call.end.reason is Reason.API_HANGUP
    assert "Goodbye" in call.line.said[-1][0]
    assert call.line.end.heard[-1] == call.line.said[-1][0].split()[-1]


def test_a_silent_line_is_asked_whether_anybody_is_there_and_is_not_taken_for_dead() -> None:
    call = talked([Said("Hello?"), Waits(300)])

    assert call.end.reason is Reason.INACTIVITY


def test_a_call_that_cannot_be_recorded_here_says_so() -> None:
    call = talked([HangsUp()], options=CallOptions(record=True))
    plain = talked([HangsUp()])

    def notes(of: Talked) -> list[str]:
        return [f.text for f in of.journal.facts if "not recorded" in f.text]

    assert (len(notes(call)), len(notes(plain))) == (1, 0)
    assert call.end.recording is None


def test_a_line_that_cannot_talk_after_all_is_left() -> None:
    async def main() -> Ended:
        clock = virtual_clock()
        ticker, call = Ticker(clock), a_call()
        parts = (clock, ticker, Troupe(TextEars(), Hum()), NotedJournal(call), Path("recordings"))
        studio = Studio(*parts, breakers=Breakers(clock), talks=lambda _call: True)
        async with booth(call, studio) as own, asyncio.TaskGroup() as group:
            beating = group.create_task(ticker.run())
            async with asyncio.timeout(600):
                end = await RunningCall(FakeLine([Waits(60)], clock), own).run()
            beating.cancel()
        return end

    assert run_virtually(main).reason is Reason.ERROR_TTS
