"""The vendor's own library finds in the fake what it knows."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionUserMessageParam

from switchhook.testing import Acts, Writes, run_virtually
from switchhook.testing.openai import FakeOpenAI, Mishap, when

BOOK = [Writes("One moment."), Acts("book", '{"people": 4}')]


@asynccontextmanager
async def library(fake: FakeOpenAI) -> AsyncGenerator[AsyncOpenAI]:
    async with (
        fake.serving() as url,
        AsyncOpenAI(api_key=fake.key, base_url=url, max_retries=0, timeout=30) as client,
    ):
        yield client


def test_it_reads_a_response() -> None:
    async def main() -> None:
        async with library(FakeOpenAI(brain=when({"four": BOOK}))) as client:
            stream = await client.responses.create(model="m", input="four", stream=True)
            events = [event async for event in stream]
            last = events[-1]
            assert last.type == "response.completed"
            assert last.response.output_text == "One moment. "

    run_virtually(main)


USER: ChatCompletionUserMessageParam = {"role": "user", "content": "four"}


def test_it_reads_a_completion() -> None:
    async def main() -> None:
        async with library(FakeOpenAI(brain=when({"four": BOOK}))) as client:
            stream = client.chat.completions.stream(model="m", messages=[USER])
            async with stream as completion:
                message = (await completion.get_final_completion()).choices[0].message
            assert message.content == "One moment. "
            assert message.tool_calls is not None
            assert message.tool_calls[0].function.arguments == '{"people": 4}'

    run_virtually(main)


def test_it_hears_speech() -> None:
    async def main() -> None:
        async with library(FakeOpenAI()) as client:
            speech = client.audio.speech.with_streaming_response.create(
                model="m", voice="alloy", input="hello", response_format="pcm"
            )
            async with speech as answer:
                assert len(await answer.read()) == 5 * 60 * 24 * 2

    run_virtually(main)


def test_it_talks() -> None:
    async def main() -> None:
        async with (
            library(FakeOpenAI()) as client,
            client.realtime.connect(model="m") as connection,
        ):
            await connection.response.create()
            kinds: list[str] = []
            while "response.done" not in kinds:
                kinds.append((await connection.recv()).type)
            assert "response.output_audio.delta" in kinds

    run_virtually(main)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, openai.AuthenticationError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
    ],
)
def test_it_knows_the_refusals(status: int, error: type[Exception]) -> None:
    async def main() -> None:
        async with library(FakeOpenAI(mishaps=[Mishap(status=status)])) as client:
            with pytest.raises(error):
                await client.models.retrieve("m")

    run_virtually(main)
