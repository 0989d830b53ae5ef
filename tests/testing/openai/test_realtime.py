"""The fake's socket says only what the vendor's own types know, and refuses what it must."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import TypeAdapter
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from switchhook.testing import Acts, Breaks, Ponders, Writes, run_virtually, sounds
from switchhook.testing.openai import Fails, FakeOpenAI, Mishap, Scribe, when

Json = dict[str, Any]
T = TypeVar("T")
SERVER: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
CLIENT: TypeAdapter[Any] = TypeAdapter(RealtimeClientEvent)
ULAW = {"type": "audio/pcmu"}


class Client:
    """A client that keeps what it was told."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.told: list[Json] = []

    async def says(self, kind: str, **members: Any) -> None:
        message = {"type": kind, **members}
        CLIENT.validate_python(message)
        await self.sends(message)

    async def sends(self, message: Json) -> None:
        await self._socket.send(json.dumps(message))

    async def until(self, kind: str) -> Json:
        while True:
            message = json.loads(await self._socket.recv())
            SERVER.validate_python(message, strict=False)
            self.told.append(message)
            if message["type"] == kind:
                return message

    async def speaks(self, milliseconds: int) -> None:
        loud = b"".join(sounds.syllables(milliseconds)) + b"\xff" * 8 * 700
        await self.says("input_audio_buffer.append", audio=base64.b64encode(loud).decode())


@asynccontextmanager
async def talking(
    fake: FakeOpenAI, query: str = "model=gpt-realtime-2.1"
) -> AsyncGenerator[Client]:
    async with fake.serving() as url:
        address = f"{url.replace('http', 'ws', 1)}/realtime?{query}"
        headers = {"Authorization": f"Bearer {fake.key}"}
        async with connect(address, additional_headers=headers, proxy=None) as socket:
            client = Client(socket)
            await client.until("session.created")
            yield client


def played(fake: FakeOpenAI, script: Callable[[Client], Any], query: str = "model=m") -> list[Json]:
    async def main() -> list[Json]:
        async with talking(fake, query) as client:
            await script(client)
            return client.told

    return run_virtually(main)


def kinds(told: list[Json]) -> list[str]:
    return [message["type"] for message in told]


def test_a_spoken_turn_is_heard_written_down_and_answered() -> None:
    async def script(client: Client) -> None:
        audio = {"input": {"format": ULAW, "transcription": {"model": "gpt-transcribe"}}}
        await client.says("session.update", session={"type": "realtime", "audio": audio})
        await client.speaks(800)
        await client.until("response.done")

    scribe = Scribe(texts=["A table, please."])
    fake = FakeOpenAI(brain=when({"table": "For how many people?"}), scribe=scribe)
    told = played(fake, script)

    spoken = [m for m in told if m["type"] == "response.output_audio_transcript.done"]
    written = [m for m in told if m["type"].endswith("transcription.completed")]
    assert spoken[0]["transcript"] == "For how many people?"
    assert written[0]["transcript"] == "A table, please."
    assert kinds(told).index("input_audio_buffer.speech_started") < kinds(told).index(
        "input_audio_buffer.committed"
    )


def test_the_callee_who_speaks_again_cancels_the_answer() -> None:
    async def script(client: Client) -> None:
        await client.speaks(500)
        await client.until("response.output_audio.delta")
        await client.speaks(500)
        done = await client.until("response.done")
        assert done["response"]["status_details"]["reason"] == "turn_detected"

    long = " ".join(["and so on"] * 40)
    played(FakeOpenAI(brain=when({}, otherwise=long), pace=0.05), script)


def test_an_action_is_called_in_pieces() -> None:
    async def script(client: Client) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "4"}]}
        await client.says("conversation.item.create", item=item)
        await client.says("response.create")
        await client.until("response.done")

    call = [Acts("book", '{"people": 4}')]
    told = played(FakeOpenAI(brain=when({"4": call})), script)

    pieces = [m["delta"] for m in told if m["type"] == "response.function_call_arguments.delta"]
    assert len(pieces) == 2
    assert json.loads("".join(pieces)) == {"people": 4}


def test_only_one_answer_is_made_at_a_time() -> None:
    async def script(client: Client) -> None:
        await client.says("response.create")
        await client.says("response.create", event_id="second")
        error = (await client.until("error"))["error"]
        assert error["code"] == "conversation_already_has_active_response"
        assert error["event_id"] == "second"
        await client.says("response.cancel")
        done = await client.until("response.done")
        assert done["response"]["status_details"]["reason"] == "client_cancelled"
        await client.says("response.cancel")
        assert (await client.until("error"))["error"]["code"] == "response_cancel_not_active"

    slow = [Ponders(5.0), Writes("Well.")]
    played(FakeOpenAI(brain=lambda _: slow), script)


@pytest.mark.parametrize(
    ("end_ms", "complaint"),
    [(0, "greater than 0"), (10**6, "already shorter than 1000000ms")],
)
def test_a_cut_is_neither_nothing_nor_more_than_there_is(end_ms: int, complaint: str) -> None:
    async def script(client: Client) -> None:
        await client.says("response.create")
        done = await client.until("response.done")
        item: str = done["response"]["output"][0]["id"]
        cut = {"item_id": item, "content_index": 0}
        await client.says("conversation.item.truncate", **cut, audio_end_ms=end_ms)
        assert complaint in (await client.until("error"))["error"]["message"]
        await client.says("conversation.item.truncate", **cut, audio_end_ms=100)
        await client.until("conversation.item.truncated")
        await client.says("conversation.item.delete", item_id=item)
        await client.until("conversation.item.deleted")
        await client.says("conversation.item.delete", item_id=item)
        assert (await client.until("error"))["error"]["code"] == "item_delete_invalid_item_id"
        await client.says("conversation.item.truncate", **cut, audio_end_ms=50)
        assert (await client.until("error"))["error"]["code"] == "item_truncate_invalid_item_id"

    played(FakeOpenAI(), script)


def test_an_answer_may_fail() -> None:
    async def script(client: Client) -> None:
        await client.says("response.create")
        done = await client.until("response.done")
        assert done["response"]["status"] == "failed"

    played(FakeOpenAI(brain=lambda _: [Fails()]), script)


def test_a_socket_may_be_cut_in_the_middle_of_an_answer() -> None:
    async def script(client: Client) -> None:
        await client.says("response.create")
        with pytest.raises(ConnectionClosed):
            await client.until("response.done")

    played(FakeOpenAI(brain=lambda _: [Writes("Well,"), Breaks()]), script)


def test_what_is_no_event_of_the_vendors_is_refused() -> None:
    async def script(client: Client) -> None:
        await client.sends({"type": "response.explain"})
        assert (await client.until("error"))["error"]["code"] == "unknown_event"

    played(FakeOpenAI(), script)


def test_words_may_be_late_out_of_order_or_not_understood() -> None:
    async def script(client: Client) -> None:
        detection = {"type": "server_vad", "silence_duration_ms": 300}
        transcription = {"model": "gpt-transcribe", "language": "en"}
        audio = {"format": ULAW, "transcription": transcription, "turn_detection": detection}
        session = {"type": "transcription", "audio": {"input": audio}}
        await client.says("session.update", session=session)
        await client.until("session.updated")
        for _ in range(3):
            await client.speaks(400)
        await client.until("conversation.item.input_audio_transcription.failed")
        await client.until("conversation.item.input_audio_transcription.completed")

    scribe = Scribe(texts=["one", "two", ""], seconds=[2.0, 0.1, 0.5], fails=frozenset({2}))
    told = played(FakeOpenAI(scribe=scribe), script, "intent=transcription")

    written = [m["transcript"] for m in told if m["type"].endswith("completed")]
    assert written == ["two", "one"]
    assert "response.created" not in kinds(told)


def test_a_streaming_model_writes_while_it_hears_and_detects_no_turns() -> None:
    async def script(client: Client) -> None:
        audio: Json = {"format": ULAW, "transcription": {"model": "gpt-live-transcribe"}}
        session: Json = {"type": "transcription", "audio": {"input": audio}}
        await client.says("session.update", session=session)
        audio["turn_detection"] = {"type": "server_vad"}
        await client.says("session.update", session=session)
        assert "not supported" in (await client.until("error"))["error"]["message"]
        audio["turn_detection"] = None
        await client.says("session.update", session=session)
        await client.speaks(400)
        early = await client.until("conversation.item.input_audio_transcription.delta")
        await client.says("input_audio_buffer.commit")
        done = await client.until("conversation.item.input_audio_transcription.completed")
        assert early["item_id"] == done["item_id"]
        assert done["transcript"] == "Good morning to you."

    told = played(
        FakeOpenAI(scribe=Scribe(texts=["Good morning to you."])), script, "intent=transcription"
    )

    deltas = [m["delta"] for m in told if m["type"].endswith("transcription.delta")]
    assert "".join(deltas) == "Good morning to you."


def test_nothing_is_not_committed() -> None:
    async def script(client: Client) -> None:
        await client.says("input_audio_buffer.commit")
        assert (await client.until("error"))["error"]["code"] == "input_audio_buffer_commit_empty"
        await client.says("input_audio_buffer.append", audio="/////w==")
        await client.says("input_audio_buffer.clear")
        await client.until("input_audio_buffer.cleared")
        await client.says("input_audio_buffer.commit")
        await client.until("error")

    played(FakeOpenAI(), script)


def test_a_session_that_is_too_old_is_closed() -> None:
    async def script(client: Client) -> None:
        with pytest.raises(ConnectionClosed) as closed:
            await client.until("never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001

    played(FakeOpenAI(lasts=60.0), script)


def test_a_mishap_strikes_one_socket() -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        fake.mishaps += [Mishap(status=429), Mishap(cut_after=2, close_code=1011)]
        with pytest.raises(InvalidStatus) as refused:
            async with talking(fake):
                pass
        assert refused.value.response.status_code == 429
        assert b"rate_limit_exceeded" in (refused.value.response.body or b"")
        async with talking(fake) as client:
            await client.says("input_audio_buffer.clear")
            await client.says("input_audio_buffer.clear")
            with pytest.raises(ConnectionClosed):
                await client.until("never")
        async with talking(fake) as client:
            await client.says("input_audio_buffer.clear")
            await client.until("input_audio_buffer.cleared")

    run_virtually(main)


def test_what_hangs_can_still_be_left() -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        fake.mishaps.append(Mishap(hang_after=1))
        async with talking(fake) as client:
            await client.says("response.create")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(30):
                    await client.until("response.created")
        assert fake.live == 0

    run_virtually(main)
