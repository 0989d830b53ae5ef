"""What the fake answers to requests, judged by the vendor's own types."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from switchhook.testing import Acts, Breaks, Ponders, Writes, run_virtually
from switchhook.testing.openai import Fails, FakeOpenAI, Mishap, Quirk, Refuses, when

Json = dict[str, Any]
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
CHUNK: TypeAdapter[Any] = TypeAdapter(ChatCompletionChunk)
BOOK = Acts("book", '{"people": 4}')


@asynccontextmanager
async def client(fake: FakeOpenAI) -> AsyncGenerator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {fake.key}"}
    async with (
        fake.serving() as url,
        httpx2.AsyncClient(base_url=url, headers=headers, timeout=60) as http,
    ):
        yield http


def asked(fake: FakeOpenAI, path: str, body: Json) -> list[Json]:
    async def main() -> list[Json]:
        async with client(fake) as http:
            text = (await http.post(path, json=body)).text
        lines = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
        return [json.loads(line) for line in lines]

    return run_virtually(main)


def responses(fake: FakeOpenAI, words: str = "four") -> list[Json]:
    body = {"model": "m", "input": [{"role": "user", "content": words}], "stream": True}
    events = asked(fake, "/responses", body)
    for event in events:
        EVENT.validate_python(event)
    return events


def chat(fake: FakeOpenAI, words: str = "four") -> list[Json]:
    body = {"model": "m", "messages": [{"role": "user", "content": words}], "stream": True}
    chunks = asked(fake, "/chat/completions", body)
    for chunk in chunks:
        CHUNK.validate_python(chunk)
    return chunks


def test_a_response_is_written_and_acts() -> None:
    events = responses(FakeOpenAI(brain=when({"four": [Writes("One moment."), BOOK]})))

    deltas = [e["delta"] for e in events if e["type"] == "response.output_text.delta"]
    assert "".join(deltas).strip() == "One moment."
    assert [e["sequence_number"] for e in events] == list(range(len(events)))
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"]["usage"]["output_tokens"] == 3


def test_a_result_is_what_was_asked_last() -> None:
    body: Json = {"model": "m", "stream": True}
    body["input"] = [{"type": "function_call_output", "call_id": "c", "output": "sold out"}]
    events = asked(FakeOpenAI(brain=when({"sold out": "I am sorry."})), "/responses", body)

    assert "I am sorry." in json.dumps(events[-1])


def test_a_refusal_is_an_item_of_its_own_kind() -> None:
    events = responses(FakeOpenAI(brain=lambda _: [Refuses("I cannot do that.")]))

    assert "response.refusal.delta" in [e["type"] for e in events]


def test_a_response_may_be_given_up() -> None:
    events = responses(FakeOpenAI(brain=lambda _: [Fails("rate_limit_exceeded")]))

    assert events[-1]["response"]["error"]["code"] == "rate_limit_exceeded"


def test_a_response_without_a_stream_comes_as_a_whole() -> None:
    async def main() -> Json:
        async with client(FakeOpenAI(brain=when({"hello": "Hi."}))) as http:
            request = {"model": "m", "input": [{"role": "user", "content": "hello"}]}
            return (await http.post("/responses", json=request)).json()

    assert run_virtually(main)["output"][0]["content"][0]["text"] == "Hi. "


def test_a_completion_is_written_and_acts() -> None:
    chunks = chat(FakeOpenAI(brain=when({"four": [Writes("One moment."), BOOK]})))

    choices = [c["choices"][0] for c in chunks if c["choices"]]
    pieces = [c["delta"]["tool_calls"][0] for c in choices if "tool_calls" in c["delta"]]
    assert [p["index"] for p in pieces] == [0, 0, 0]
    assert "".join(p["function"]["arguments"] for p in pieces) == BOOK.arguments
    assert choices[-1]["finish_reason"] == "tool_calls"
    assert chunks[-1]["usage"]["completion_tokens"] == 3


@pytest.mark.parametrize("quirk", list(Quirk))
def test_others_speak_it_differently(quirk: Quirk) -> None:
    brain = when({"four": [BOOK, BOOK]})
    usual = chat(FakeOpenAI(brain=brain))
    fake = FakeOpenAI(brain=brain, quirks=frozenset({quirk}))

    raw = run_virtually(lambda: _raw(fake))
    peculiar = chat(fake)

    signs: dict[Quirk, Callable[[], bool]] = {
        Quirk.COMMENTS: lambda: ": keepalive" in raw,
        Quirk.NO_DONE: lambda: "[DONE]" not in raw,
    }
    assert signs.get(quirk, lambda: peculiar != usual)()


async def _raw(fake: FakeOpenAI) -> str:
    async with client(fake) as http:
        body = {"model": "m", "messages": [{"role": "user", "content": "four"}], "stream": True}
        return (await http.post("/chat/completions", json=body)).text


def test_a_mind_may_be_slow_or_break_off() -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=lambda _: [Ponders(9.0), Writes("Well"), Breaks()])
        async with client(fake) as http:
            body: Json = {"model": "m", "input": [], "stream": True}
            with pytest.raises(httpx2.RemoteProtocolError):
                await http.post("/responses", json=body)

    run_virtually(main)


def test_speech_is_as_long_as_its_words() -> None:
    async def main() -> bytes:
        async with client(FakeOpenAI(pace=0.01)) as http:
            body = {"model": "tts", "voice": "alloy", "input": "hello", "speed": 1.0}
            return (await http.post("/audio/speech", json=body)).content

    assert len(run_virtually(main)) == 5 * 60 * 24 * 2


def status_of(mishap: Mishap | None, path: str, key: str = "sk-test") -> int:
    async def main() -> int:
        fake = FakeOpenAI()
        fake.mishaps += [mishap] if mishap else []
        async with client(fake) as http:
            headers = {"Authorization": f"Bearer {key}"}
            if path.startswith("/models"):
                return (await http.get(path, headers=headers)).status_code
            return (await http.post(path, json={"input": ""}, headers=headers)).status_code

    return run_virtually(main)


PATHS = ("/responses", "/chat/completions", "/audio/speech", "/models/m")


@pytest.mark.parametrize("path", PATHS)
def test_a_request_may_be_refused(path: str) -> None:
    assert status_of(Mishap(status=503, wait=1.0), path) == 503
    assert status_of(None, path, key="sk-wrong") == 401


def test_every_model_exists() -> None:
    assert status_of(None, "/models/anything") == 200


@pytest.mark.parametrize(
    ("mishap", "outcome"),
    [
        (Mishap(cut_after=3), httpx2.RemoteProtocolError),
        (Mishap(hang_after=3), httpx2.ReadTimeout),
    ],
)
def test_a_stream_may_be_cut_or_hang(mishap: Mishap, outcome: type[Exception]) -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        fake.mishaps.append(mishap)
        async with client(fake) as http:
            with pytest.raises(outcome):
                await http.post("/responses", json={"model": "m", "input": [], "stream": True})

    run_virtually(main)


def test_garbage_comes_between_what_makes_sense() -> None:
    async def main() -> str:
        fake = FakeOpenAI()
        fake.mishaps.append(Mishap(garbage_after=1))
        async with client(fake) as http:
            body: Json = {"model": "m", "input": [], "stream": True}
            return (await http.post("/responses", json=body)).text

    text = run_virtually(main)
    assert 'data: {"type": "resp\n' in text
    assert "response.completed" in text
