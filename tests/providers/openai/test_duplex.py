from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.ports import Frame
from switchhook.providers.openai.conversing import (
    Audio,
    Called,
    CalleeSaid,
    Done,
    Event,
    Played,
    Ready,
    Settings,
    Text,
)
from switchhook.providers.openai.duplex import RENEWAL_SECONDS, OpenAIConversation, OpenAIDuplex
from switchhook.providers.openai.trouble import Kind
from switchhook.testing import Acts, Writes, run_virtually, sounds, virtual_clock
from switchhook.testing.openai import Fails, FakeOpenAI, Mishap, Scribe, when
from tests.providers.openai.asking import reaching

SETTINGS = Settings("gpt-realtime-2.1", "Book a table.")
SERVER = Settings("gpt-realtime-2.1", "Book a table.", turns="server")


@dataclass
class Call:
    """One conversation and everything that was told of it."""

    conversation: OpenAIConversation
    running: asyncio.Task[None]
    told: list[Event] = field(default_factory=list[Event])

    async def speaks(self, milliseconds: int) -> None:
        for audio in (*sounds.syllables(milliseconds), *[b"\xff" * 160] * 40):
            self.conversation.push(Frame(audio))
            await asyncio.sleep(0.02)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.told if isinstance(event, kind)]

    @property
    def text(self) -> str:
        return "".join(e.delta for e in self.told if isinstance(e, Text)).strip()


@asynccontextmanager
async def conversing(fake: FakeOpenAI, settings: Settings = SETTINGS) -> AsyncGenerator[Call]:
    told: list[Event] = []
    async with reaching(fake) as api, asyncio.TaskGroup() as tasks:
        conversation = OpenAIDuplex(api, virtual_clock()).open(settings, told.append)
        yield Call(conversation, tasks.create_task(conversation.run()), told)
        conversation.close()


def test_a_turn_of_ours_is_heard_and_answered() -> None:
    async def main() -> None:
        scribe = Scribe(texts=["A table, please."])
        fake = FakeOpenAI(brain=when({"table": "For how many?"}), scribe=scribe)
        async with conversing(fake) as call:
            await call.speaks(600)
            call.conversation.end_turn()
            await asyncio.sleep(1)
            assert call.text == "For how many?"
            assert call.of(CalleeSaid)[-1] == CalleeSaid("item_u0", "A table, please.", final=True)
            assert isinstance(call.of(Audio)[0], Audio)
            assert [e.status for e in call.told if isinstance(e, Done)] == ["completed"]

    run_virtually(main)


def test_a_turn_of_theirs_needs_nothing_from_us() -> None:
    async def main() -> None:
        fake = FakeOpenAI(scribe=Scribe(texts=["Hello?"]))
        async with conversing(fake, SERVER) as call:
            await call.speaks(600)
            await asyncio.sleep(1)
            assert call.text == "Pardon?"

    run_virtually(main)


def test_an_action_is_carried_out_and_its_result_spoken() -> None:
    async def main() -> None:
        brain = when({"free": "It is booked.", "table": [Acts("book", '{"people": 2}')]})
        fake = FakeOpenAI(brain=brain, scribe=Scribe(texts=["A table, please."]))
        async with conversing(fake) as call:
            await call.speaks(600)
            call.conversation.end_turn()
            await asyncio.sleep(1)
            (called,) = call.of(Called)
            assert isinstance(called, Called)
            call.conversation.result(called.call_id, "free")
            await asyncio.sleep(1)
            assert call.text == "It is booked."

    run_virtually(main)


def test_an_interrupted_answer_is_cut_without_complaint() -> None:
    async def main() -> None:
        long = [Writes(" ".join(["and so on"] * 30))]
        fake = FakeOpenAI(brain=lambda _: long, pace=0.05)
        async with conversing(fake) as call:
            call.conversation.ask()
            await asyncio.sleep(0.5)
            audio = call.of(Audio)[-1]
            assert isinstance(audio, Audio)
            call.conversation.interrupt([Played(audio.item, 10**6, "and so on")])
            call.conversation.ask()
            await asyncio.sleep(10)
            assert [e.status for e in call.told if isinstance(e, Done)] == [
                "cancelled",
                "completed",
            ]
        complaints = [m for m in fake.sent if m["type"] == "error"]
        assert complaints == []
        assert "conversation.item.truncated" in [m["type"] for m in fake.sent]

    run_virtually(main)


async def _talk(call: Call, times: int) -> None:
    for _ in range(times):
        call.conversation.ask()
        await asyncio.sleep(60)


def test_a_long_conversation_is_renewed_between_turns() -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        async with conversing(fake) as call:
            await _talk(call, 1)
            await asyncio.sleep(RENEWAL_SECONDS)
            await _talk(call, 2)
            assert len(call.of(Ready)) == 2
            assert call.text.count("Pardon?") == 3
        again = [m["item"] for m in fake.received if m["type"] == "conversation.item.create"]
        assert [item["content"][0]["text"] for item in again] == ["Pardon? ", "Pardon? "]

    run_virtually(main)


def test_silence_does_not_keep_a_conversation_from_its_renewal() -> None:
    async def main() -> None:
        async with conversing(FakeOpenAI()) as call:
            await asyncio.sleep(RENEWAL_SECONDS + 1)
            call.conversation.push(Frame(b"\xff" * 160))
            await asyncio.sleep(5)
            assert len(call.of(Ready)) == 2

    run_virtually(main)


def test_a_session_that_is_lost_is_replaced() -> None:
    async def main() -> None:
        fake = FakeOpenAI(lasts=30.0)
        async with conversing(fake) as call:
            await asyncio.sleep(40)
            call.conversation.ask()
            await asyncio.sleep(1)
            assert call.text == "Pardon?"
            assert len(call.of(Ready)) == 2

    run_virtually(main)


@pytest.mark.parametrize(
    ("mishap", "error"),
    [
        (Mishap(status=401), Misconfigured),
        (Mishap(status=500), Unavailable),
        (Mishap(hang_after=0), Unavailable),
        (Mishap(cut_after=2), Unavailable),
    ],
)
def test_a_session_that_cannot_be_had_is_given_up(mishap: Mishap, error: type[Unavailable]) -> None:
    async def main() -> None:
        async with reaching(FakeOpenAI(mishaps=[mishap])) as api:
            conversation = OpenAIDuplex(api, virtual_clock()).open(SETTINGS, lambda _: None)
            conversation.ask()
            with pytest.raises(error):
                await conversation.run()

    run_virtually(main)


def test_a_configuration_that_is_refused_is_given_up() -> None:
    async def main() -> None:
        async with reaching(FakeOpenAI()) as api:
            settings = Settings("m", "x", turns="server", transcription="gpt-live-transcribe")
            conversation = OpenAIDuplex(api, virtual_clock()).open(settings, lambda _: None)
            with pytest.raises(Misconfigured, match="Turn detection is not supported"):
                await conversation.run()

    run_virtually(main)


def test_a_request_that_is_refused_later_is_told() -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=lambda _: [Fails("rate_limit_exceeded")])
        async with conversing(fake) as call:
            call.conversation.ask()
            await asyncio.sleep(1)
            (done,) = call.of(Done)
            assert isinstance(done, Done)
            assert done.failure is not None
            assert done.failure.kind is Kind.BUSY

    run_virtually(main)
