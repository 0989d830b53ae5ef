"""What an agent's settings of sound do to a whole call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from switchhook.audio import g711
from switchhook.audio.level import rms
from switchhook.domain.agent import Mind
from switchhook.domain.happenings import Kind
from switchhook.engine.expectation import Expectation
from switchhook.ports import DigitPressed, Ears, Frame, Heard, Hearing, Listening
from switchhook.testing import (
    AT_ONCE,
    AnsweredCall,
    Noise,
    Said,
    Step,
    Waits,
    a_call,
    answered,
    run_virtually,
    sounds,
)

ASSISTANT = Mind(kind="assistant")
SECONDS = 6


class KeptEars:
    """Ears that keep what they are given."""

    name = "kept"

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> Hearing:  # noqa: ARG002 - as heard in every language
        return self

    def expect(self, asked: Expectation) -> None: ...

    def push(self, frame: Frame, at_ms: int) -> None:  # noqa: ARG002 - whenever
        self.frames.append(frame)

    async def run(self) -> None: ...

    def close(self) -> None: ...

    def loudness(self, since: float = 0.0) -> float:
        return rms(b"".join(g711.decode(f.audio) for f in self.frames[round(since * 50) :]))


def held(
    script: Sequence[Step], ears: Ears | None = None, *, seconds: float = SECONDS, **spec: Any
) -> AnsweredCall:
    """Hold a call for some seconds."""

    async def main() -> AnsweredCall:
        call = a_call(mind=ASSISTANT, turns=AT_ONCE, **spec)
        async with answered(call, script, ears=ears) as running:
            await asyncio.sleep(seconds)
            running.line.hang_up()
            await running.ended()
            return running

    return run_virtually(main)


def test_noise_is_less_for_the_ears_the_more_suppression_is_asked_for() -> None:
    heard: list[float] = []
    for level in (0, 50, 100):
        ears = KeptEars()
        held([Noise(SECONDS * 1000)], ears, noise_suppression_level=level)
        heard.append(ears.loudness(since=3))

    assert heard[1] < heard[0] * 0.7
    assert heard[2] < heard[1] * 0.7


@pytest.mark.parametrize(("volume", "interrupted"), [(0.0, True), (0.9, False)])
def test_whoever_is_too_soft_interrupts_nobody(volume: float, *, interrupted: bool) -> None:
    greeting = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    script = [Waits(until_heard="three"), Said("wait a moment please stop now and listen to me")]

    ears = KeptEars()
    call = held(script, ears, min_volume=volume, first_message=greeting)

    assert (call.line.clears > 0) is interrupted
    assert (ears.loudness(since=1) > 0) is interrupted


@pytest.mark.parametrize("sound", ["keyboard", "office", "office-2"])
def test_the_room_is_heard_behind_the_words_and_between_them(sound: str) -> None:
    quiet = held([], seconds=24)
    furnished = held([], seconds=24, background_sound=sound)

    pauses = [g711.decode(f.audio) for f in furnished.line.played if not f.words]
    assert max(map(rms, pauses[-1000:])) > 50
    plain = {f.words: f.audio for f in quiet.line.played if f.words}
    spoken = {f.words: f.audio for f in furnished.line.played if f.words}
    assert spoken.keys() == plain.keys()
    assert spoken != plain


def test_a_key_that_the_carrier_reports_and_the_audio_has_counts_once() -> None:
    async def main() -> AnsweredCall:
        async with answered(a_call(mind=ASSISTANT), []) as call:
            await asyncio.sleep(2)
            call.line.report(DigitPressed("5"))
            for audio in sounds.key("5"):
                call.line.report(Frame(audio))
            await asyncio.sleep(4)
            call.line.hang_up()
            await call.ended()
            return call

    facts = run_virtually(main).journal.facts

    assert [f.data["digits"] for f in facts if f.kind is Kind.DIGITS] == ["5"]
