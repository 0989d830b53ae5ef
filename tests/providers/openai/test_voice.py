from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from switchhook.audio import g711, level
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.ports import FRAME_BYTES, Speech
from switchhook.providers.openai.voice import OpenAIVoice
from switchhook.testing import run_virtually
from switchhook.testing.openai import FakeOpenAI, Mishap
from switchhook.testing.openai.speech import LETTER_MS
from tests.providers.openai.asking import reaching

TEXT = "Good morning, this is Ava."


def said(fake: FakeOpenAI, choice: VoiceChoice | None = None, **voice: Any) -> list[Speech]:
    async def main() -> list[Speech]:
        async with reaching(fake) as api:
            speaking = OpenAIVoice(api, **voice).open("en", choice or VoiceChoice())
            await speaking.run()
            async with aclosing(speaking.say(TEXT)) as pieces:
                speech = [piece async for piece in pieces]
            speaking.close()
            return speech

    return run_virtually(main)


def test_an_utterance_comes_piece_by_piece_in_whole_frames() -> None:
    pieces = said(FakeOpenAI(pace=0.02))

    frames = [frame for piece in pieces for frame in piece.frames]
    audio = b"".join(frame.audio for frame in frames)
    assert len(pieces) > 5
    assert {len(frame.audio) for frame in frames} == {FRAME_BYTES}
    assert abs(len(audio) // 8 - len(TEXT) * LETTER_MS) <= 20
    assert level.dbfs(g711.decode(audio)) > -20


def test_the_first_piece_does_not_wait_for_the_last() -> None:
    async def main() -> float:
        fake = FakeOpenAI(pace=0.5)
        async with reaching(fake) as api:
            speaking = OpenAIVoice(api).open("en", VoiceChoice())
            async with aclosing(speaking.say(TEXT)) as pieces:
                await anext(pieces)
                return asyncio.get_running_loop().time()

    assert run_virtually(main) < 0.5


def test_to_leave_is_to_cancel_at_the_vendor() -> None:
    async def main() -> None:
        fake = FakeOpenAI(pace=0.5)
        async with reaching(fake) as api:
            speaking = OpenAIVoice(api).open("en", VoiceChoice())
            async with aclosing(speaking.say(TEXT)) as pieces:
                await anext(pieces)
                assert fake.live == 1
            await asyncio.sleep(0.1)
            assert fake.live == 0

    run_virtually(main)


def test_wishes_reach_the_vendor() -> None:
    fake = FakeOpenAI()
    choice = VoiceChoice(name="cedar", speed=1.5, model="another-tts")

    said(fake, choice, instructions="Speak calmly.")

    assert fake.requests == [
        (
            "/audio/speech",
            {
                "model": "another-tts",
                "voice": "cedar",
                "input": TEXT,
                "instructions": "Speak calmly.",
                "response_format": "pcm",
                "speed": 1.5,
            },
        )
    ]


@pytest.mark.parametrize("model", ["tts-1", "tts-1-hd"])
def test_a_model_without_manners_gets_no_instructions(model: str) -> None:
    fake = FakeOpenAI()

    said(fake, model=model, instructions="Speak calmly.")

    assert "instructions" not in fake.requests[0][1]


@pytest.mark.parametrize(
    ("mishap", "error"),
    [
        (Mishap(status=400, code="invalid_voice"), Misconfigured),
        (Mishap(status=500), Unavailable),
        (Mishap(wait=3.5), Unavailable),
        (Mishap(cut_after=1), Unavailable),
    ],
)
def test_a_voice_that_fails_says_so(mishap: Mishap, error: type[Unavailable]) -> None:
    with pytest.raises(error):
        said(FakeOpenAI(mishaps=[mishap]))
