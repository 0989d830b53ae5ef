"""The fake ConversationRelay, as a customer's socket sees it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from switchhook.audio import g711, wav
from switchhook.testing import (
    HangsUp,
    Interrupts,
    Presses,
    Said,
    Step,
    Waits,
    run_virtually,
    sounds,
)
from switchhook.testing.scripted import ScriptedCallee
from switchhook.testing.talking import TalkingEnd
from switchhook.testing.twilio.relaying import FakeRelay

ASKED = {
    "dtmfDetection": "true",
    "events": "speaker-events",
    "reportInputDuringAgentSpeech": "any",
}
CUT = "I am calling about a table"
LONG = "I am calling about a table for four at eight on Sunday"


def relayed(
    script: Sequence[Step],
    customer: Callable[[ServerConnection], Awaitable[None]],
    attributes: dict[str, str] | None = None,
) -> FakeRelay:
    """Let a customer and a callee talk until one of them leaves."""

    async def main() -> FakeRelay:
        async with serve(customer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            relay = FakeRelay(
                url=f"ws://127.0.0.1:{port}/",
                call_sid="CA1",
                account_sid="AC1",
                token="secret",
                attributes=ASKED if attributes is None else attributes,
                parameters={"token": "T"},
                end=TalkingEnd(ScriptedCallee(script)),
            )
            async with asyncio.timeout(600):
                await relay.run()
            return relay

    return run_virtually(main)


def text(token: str, **more: Any) -> str:
    return json.dumps({"type": "text", "token": token, "last": True} | more)


async def until(socket: ServerConnection, kind: str) -> list[dict[str, Any]]:
    """Return what comes, up to the first message of this type."""
    seen = list[dict[str, Any]]()
    while not seen or seen[-1]["type"] != kind:
        seen.append(json.loads(await socket.recv()))
    return seen


def test_it_introduces_the_call_and_tells_what_it_heard() -> None:
    seen: list[dict[str, Any]] = []

    async def customer(socket: ServerConnection) -> None:
        seen.extend(await until(socket, "prompt"))
        await socket.send(json.dumps({"type": "end", "handoffData": "done"}))
        await socket.wait_closed()

    relay = relayed([Said("Hello there?"), Waits(60)], customer)

    assert seen[0]["type"] == "setup"
    assert seen[0]["customParameters"] == {"token": "T"}
    assert [(m["name"], m["value"]) for m in seen if m["type"] == "info"] == [
        ("clientSpeaking", "on"),
        ("clientSpeaking", "off"),
    ]
    assert seen[-1]["voicePrompt"] == "Hello there?"
    assert relay.session()["HandoffData"] == "done"
    assert relay.session()["SessionStatus"] == "ended"


def test_it_tells_nothing_that_was_not_asked_for() -> None:
    seen: list[dict[str, Any]] = []

    async def customer(socket: ServerConnection) -> None:
        seen.extend(await until(socket, "prompt"))

    relayed([Presses("1"), Said("Hello?"), Waits(5)], customer, {})

    assert [message["type"] for message in seen] == ["setup", "prompt"]


def test_a_callee_who_speaks_over_it_silences_it_and_the_customer_is_told_at_which_word() -> None:
    seen: list[dict[str, Any]] = []

    async def customer(socket: ServerConnection) -> None:
        await socket.send(text(LONG))
        await socket.send(text("This waits, and is never said."))
        seen.extend(await until(socket, "prompt"))

    relay = relayed([Waits(until_heard="table"), Interrupts("Stop.", 0), Waits(5)], customer)

    (interrupt,) = [message for message in seen if message["type"] == "interrupt"]
    assert interrupt["utteranceUntilInterrupt"] == "I am calling about a table"
    assert relay.end.heard == interrupt["utteranceUntilInterrupt"].split()


def test_nobody_silences_what_may_not_be_interrupted() -> None:
    async def customer(socket: ServerConnection) -> None:
        await socket.send(text(LONG, interruptible=False))
        await until(socket, "prompt")
        await asyncio.sleep(10)

    relay = relayed([Waits(until_heard="table"), Interrupts("Stop.", 0), Waits(5)], customer)

    assert " ".join(relay.end.heard) == LONG


def test_what_is_said_into_its_words_is_lost_where_nobody_asked_for_it() -> None:
    seen: list[dict[str, Any]] = []

    async def customer(socket: ServerConnection) -> None:
        await socket.send(text(LONG, interruptible=False))
        seen.extend(await until(socket, "prompt"))

    script = [Waits(until_heard="table"), Said("Stop."), Waits(8), Said("Hello?"), Waits(5)]
    relayed(script, customer, {"dtmfDetection": "true"})

    assert seen[-1]["voicePrompt"] == "Hello?"


@pytest.mark.parametrize(
    ("attribute", "own", "heard"),
    [
        ("speech", {}, LONG),
        ("dtmf", {}, CUT),
        ("speech", {"interruptible": True}, CUT),
        ("any", {"interruptible": False}, LONG),
    ],
)
def test_a_key_cuts_off_what_keys_may_and_a_text_that_says_so_itself_decides(
    attribute: str, own: dict[str, bool], heard: str
) -> None:
    async def customer(socket: ServerConnection) -> None:
        await socket.send(text(LONG, **own))
        await asyncio.sleep(10)

    asked = ASKED | {"interruptible": attribute}
    relay = relayed([Waits(until_heard="table"), Presses("1"), Waits(5)], customer, asked)

    assert " ".join(relay.end.heard) == heard


def test_tokens_make_a_cycle_and_the_next_one_waits_unless_the_first_gives_way() -> None:
    async def patient(socket: ServerConnection) -> None:
        await socket.send(text("I am ", last=False))
        await socket.send(text("calling."))
        await socket.send(text("Goodbye."))
        await asyncio.sleep(10)

    async def hasty(socket: ServerConnection) -> None:
        await socket.send(text(LONG, preemptible=True))
        await asyncio.sleep(1)
        await socket.send(text("Goodbye."))
        await asyncio.sleep(10)

    assert " ".join(relayed([Waits(60)], patient).end.heard) == "I am calling. Goodbye."
    cut = relayed([Waits(60)], hasty).end.heard
    assert cut[-1] == "Goodbye."
    assert len(cut) < len(LONG.split())


def test_one_strange_message_is_answered_and_ten_in_a_row_end_it() -> None:
    answers: list[dict[str, Any]] = []
    codes: list[int | None] = []

    async def customer(socket: ServerConnection) -> None:
        for strange in ["garbage", '{"type":"dance"}', '{"type":"sendDigits","digits":"A"}']:
            await socket.send(strange)
        await socket.send(json.dumps({"type": "language", "ttsLanguage": "sv-SE"}))
        for _ in range(10):
            await socket.send('{"type":"text","token":null}')
        with suppress(ConnectionClosed):
            while True:
                answers.append(json.loads(await socket.recv()))
        codes.append(socket.close_code)

    relay = relayed([Waits(60)], customer)

    assert [a["type"] for a in answers].count("error") == 13
    assert codes == [1007]
    assert relay.session()["ErrorCode"] == "64105"


def test_a_customer_who_just_leaves_is_a_failed_session() -> None:
    async def customer(socket: ServerConnection) -> None:
        await until(socket, "setup")

    session = relayed([Waits(60)], customer).session()

    assert (session["SessionStatus"], session["ErrorCode"]) == ("failed", "64105")


def test_a_customer_who_is_not_there_is_one_too() -> None:
    async def main() -> str:
        relay = FakeRelay(
            "ws://127.0.0.1:1/", "CA1", "AC1", "secret", {}, {}, TalkingEnd(ScriptedCallee([]))
        )
        await relay.run()
        return relay.session()["ErrorCode"]

    assert run_virtually(main) == "64102"


@asynccontextmanager
async def hosted(file: bytes) -> AsyncGenerator[str]:
    """Serve a file and return its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(file)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + file)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/tone.wav"


def test_media_is_fetched_and_plays_until_a_text_takes_its_place() -> None:
    tone = g711.decode(b"".join(sounds.tone(440, 400)))

    async def customer(socket: ServerConnection) -> None:
        async with hosted(wav.write(wav.Wav(8000, 1, tone))) as source:
            await socket.send(play(source, loop=0, preemptible=True, interruptible=False))
            seen = await until(socket, "prompt")
            assert [m for m in seen if m["type"] == "interrupt"] == []
        await socket.send(text("Goodbye."))
        await asyncio.sleep(5)

    relay = relayed([Waits(3), Said("Hello?"), Waits(60)], customer)

    assert relay.end.heard == ["Goodbye."]
    assert relay.playing == ""


def play(source: str, **more: Any) -> str:
    return json.dumps({"type": "play", "source": source} | more)


@pytest.mark.parametrize(
    "attributes",
    [
        {"interruptable": "any"},
        {"interruptible": "sometimes"},
        {"language": "english"},
        {"ttsProvider": "ElevenLabs", "voice": "en-US-Journey-O"},
        {"transcriptionProvider": "Google", "speechModel": "nova-3-general"},
    ],
)
def test_a_relay_that_is_not_asked_for_as_published_says_so_and_ends(
    attributes: dict[str, str],
) -> None:
    seen: list[dict[str, Any]] = []

    async def customer(socket: ServerConnection) -> None:
        seen.extend(await until(socket, "error"))
        await socket.wait_closed()

    relay = relayed([Said("Hello?"), Waits(60)], customer, attributes)

    assert [message["type"] for message in seen] == ["setup", "error"]
    assert relay.session()["ErrorCode"] == "64101"


def test_a_callee_who_hangs_up_completes_the_session() -> None:
    async def customer(socket: ServerConnection) -> None:
        await socket.wait_closed()

    session = relayed([Waits(1), HangsUp()], customer).session()

    assert (session["SessionStatus"], session["CallStatus"]) == ("completed", "completed")


def test_a_network_that_fails_is_the_session_s_failure() -> None:
    codes: list[int | None] = []

    async def main() -> FakeRelay:
        async def customer(socket: ServerConnection) -> None:
            await socket.wait_closed()
            codes.append(socket.close_code)

        async with serve(customer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            end = TalkingEnd(ScriptedCallee([Waits(60)]))
            relay = FakeRelay(f"ws://127.0.0.1:{port}/", "CA1", "AC1", "secret", {}, {}, end)
            async with asyncio.TaskGroup() as group:
                group.create_task(relay.run())
                await asyncio.sleep(1)
                relay.lose()
            return relay

    assert run_virtually(main).session()["ErrorCode"] == "39001"
    assert codes == [1006]
