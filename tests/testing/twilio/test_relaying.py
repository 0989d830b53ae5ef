"""The fake ConversationRelay, as a customer's socket sees it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from switchhook.testing import Interrupts, Presses, Said, Step, Waits, run_virtually
from switchhook.testing.talking import TalkingEnd
from switchhook.testing.twilio.relaying import FakeRelay

ASKED = {"dtmfDetection": "true", "events": "speaker-events"}
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
                end=TalkingEnd(script),
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
        await socket.send(json.dumps({"type": "play", "source": "https://a.example/x.mp3"}))
        for _ in range(10):
            await socket.send('{"type":"text","token":null}')
        with suppress(ConnectionClosed):
            while True:
                answers.append(json.loads(await socket.recv()))
        codes.append(socket.close_code)

    relay = relayed([Waits(60)], customer)

    assert [a["type"] for a in answers].count("error") == 13
    assert codes == [1007]
    assert relay.session()["ErrorCode"] == "64107"


def test_a_customer_who_just_leaves_is_a_failed_session() -> None:
    async def customer(socket: ServerConnection) -> None:
        await until(socket, "setup")

    session = relayed([Waits(60)], customer).session()

    assert (session["SessionStatus"], session["ErrorCode"]) == ("failed", "64105")


def test_a_customer_who_is_not_there_is_one_too() -> None:
    async def main() -> str:
        relay = FakeRelay("ws://127.0.0.1:1/", "CA1", "AC1", "secret", {}, {}, TalkingEnd([]))
        await relay.run()
        return relay.session()["ErrorCode"]

    assert run_virtually(main) == "64102"
