"""A line of words on a socket that is played by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from switchhook.engine.screening import Verdict
from switchhook.ports import (
    AgentCutOff,
    AgentSounds,
    AnsweredBy,
    CalleeSaid,
    CalleeSounds,
    DigitPressed,
    LineClosed,
    TalkingLine,
    TalkingLineEvent,
)
from switchhook.providers.twilio.relay import LONGEST, Setup
from switchhook.providers.twilio.relay_line import Conversation, RelayLine
from switchhook.providers.twilio.stream import MOST_STRANGE
from switchhook.testing import run_virtually
from tests.providers.twilio.sockets import FakeSocket
from tests.providers.twilio.test_relay import SETUP

PROMPT = {"type": "prompt", "voicePrompt": "Yes.", "last": True}
SAID = CalleeSaid("Yes.", final=True)
MUSIC = "https://calls.example.com/music.wav"


@dataclass
class Visit:
    """A line that is served."""

    socket: FakeSocket
    line: RelayLine

    async def heard(self, *messages: Any) -> list[TalkingLineEvent]:
        """Return what the messages mean, up to the end of the line."""
        self.socket.says(*messages)
        await asyncio.sleep(0.1)
        self.line.close()
        return [event async for event in self.line.events()]

    async def sent(self) -> list[Any]:
        await asyncio.sleep(0.1)
        return self.socket.texts


@asynccontextmanager
async def served() -> AsyncGenerator[Visit]:
    socket = FakeSocket()
    line = RelayLine(Setup("VX1", "CA1", "AC1"), socket, MUSIC)
    async with asyncio.TaskGroup() as group:
        group.create_task(line.serve())
        yield Visit(socket, line)
        line.close()


def test_what_twilio_tells_is_told_in_its_order() -> None:
    async def main() -> None:
        async with served() as visit:
            assert isinstance(visit.line, TalkingLine)
            assert await visit.heard(
                {"type": "info", "name": "agentSpeaking", "value": "on"},
                {"type": "info", "name": "clientSpeaking", "value": "on"},
                {"type": "interrupt", "utteranceUntilInterrupt": "Sure,"},
                {"type": "info", "name": "tokensPlayed", "value": "Sure,"},
                {"type": "dtmf", "digit": "1"},
                PROMPT,
            ) == [
                AgentSounds(begins=True),
                CalleeSounds(begins=True),
                AgentCutOff("Sure,"),
                DigitPressed("1"),
                SAID,
                LineClosed(),
            ]

    run_virtually(main)


def test_what_is_said_leaves_in_its_order() -> None:
    async def main() -> None:
        async with served() as visit:
            visit.line.say("Hello.", interruptible=False)
            visit.line.send_digits("12")
            visit.line.play_music()
            visit.line.hush()

            assert [tuple(m.values())[:2] for m in await visit.sent()] == [
                ("text", "Hello."),
                ("sendDigits", "12"),
                ("play", MUSIC),
                ("text", ""),
            ]

    run_virtually(main)


def test_who_leaves_has_the_call_ended_and_says_nothing_more() -> None:
    async def main() -> None:
        async with served() as visit:
            visit.line.say("This is too late.", interruptible=True)
            visit.line.close()
            visit.line.say("So is this.", interruptible=True)
            visit.line.close()

            assert [message["type"] for message in await visit.sent()] == ["end"]
            assert [event async for event in visit.line.events()] == [LineClosed()]

    run_virtually(main)


def test_who_was_left_has_nothing_to_end() -> None:
    async def main() -> None:
        async with served() as visit:
            visit.socket.says(PROMPT)
            visit.socket.leaves(1000)

            assert [event async for event in visit.line.events()] == [SAID, LineClosed()]
            assert await visit.sent() == []

    run_virtually(main)


def test_a_socket_that_breaks_while_we_speak_ends_the_line() -> None:
    async def main() -> None:
        async with served() as visit:
            visit.socket.gone = True
            visit.line.say("Hello.", interruptible=True)

            assert [event async for event in visit.line.events()] == [LineClosed()]

    run_virtually(main)


def test_the_carriers_verdict_does_not_wait_for_a_word() -> None:
    async def main() -> None:
        async with served() as visit:
            visit.line.report(AnsweredBy(Verdict.VOICEMAIL))

            assert await anext(visit.line.events()) == AnsweredBy(Verdict.VOICEMAIL)

    run_virtually(main)


def test_garbage_is_counted_and_left_out() -> None:
    async def main() -> None:
        async with served() as visit:
            trouble = {"type": "error", "description": "Invalid message received"}
            heard = await visit.heard("garbage", "{}", SETUP, trouble, PROMPT)

            assert heard == [SAID, LineClosed()]
            assert visit.line.strange == 3

    run_virtually(main)


@pytest.mark.parametrize("code", [1005, 1006, 1007, 1011])
def test_a_socket_that_was_not_closed_as_after_a_hang_up_is_lost(code: int) -> None:
    async def main() -> None:
        async with served() as visit:
            visit.socket.leaves(code)

            assert [event async for event in visit.line.events()] == [LineClosed(lost=True)]

    run_virtually(main)


def test_a_socket_that_sends_nothing_else_is_left() -> None:
    async def main() -> None:
        async with served() as visit:
            visit.socket.says(*["garbage"] * (MOST_STRANGE + 1), PROMPT)

            assert [event async for event in visit.line.events()] == [LineClosed(lost=True)]

    run_virtually(main)


def test_a_message_that_is_far_too_long_ends_the_line() -> None:
    async def main() -> None:
        async with served() as visit:
            visit.socket.says("x" * (LONGEST + 1))

            assert [event async for event in visit.line.events()] == [LineClosed(lost=True)]

    run_virtually(main)


def test_after_the_end_nothing_means_anything() -> None:
    conversation = Conversation(Setup("VX1", "CA1", "AC1"))
    conversation.end()

    assert conversation.receive('{"type":"dtmf","digit":"1"}') == ()
