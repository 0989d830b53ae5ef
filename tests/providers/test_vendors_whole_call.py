"""Whole calls over the vendors' wires, in virtual time: what a callee would notice."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.ports import Ears, Voice
from switchhook.testing import (
    Interrupts,
    Listens,
    Said,
    Step,
    Waits,
    a_call,
    answered,
    run_virtually,
    virtual_clock,
)
from switchhook.testing.vendors import Mishap
from tests.providers.rigs import EARS, VOICES, EarsRig, Hearer, Speaker, VoiceRig

SCHEMA = {"type": "object", "properties": {"table_for": {"type": "integer"}}}
SAID = ["Yes.", "Four.", "Yes."]
SCRIPT = [step for text in SAID for step in (Listens(), Said(text))]

voices = pytest.mark.parametrize("rig", VOICES, ids=lambda rig: rig.name)
ears = pytest.mark.parametrize("rig", EARS, ids=lambda rig: rig.name)


async def held(
    script: Sequence[Step], *, voice: Voice | None = None, ears: Ears | None = None
) -> list[str]:
    """Return the transcript of a call in which the callee does this."""
    call = a_call(result_schema=SCHEMA)
    async with answered(call, [*script, Waits(30.0)], voice=voice, ears=ears) as running:
        assert (await running.ended(120)).reason is Reason.AGENT_HANGUP
    return running.journal.spoken


@asynccontextmanager
async def speaking(rig: VoiceRig, fake: Speaker) -> AsyncGenerator[Voice]:
    async with fake.reception.serving() as url:
        yield rig.voice(fake.key, virtual_clock(), url)


@asynccontextmanager
async def hearing(rig: EarsRig, fake: Hearer) -> AsyncGenerator[Ears]:
    async with fake.reception.serving() as url:
        yield rig.ears(fake.key, virtual_clock(), url)


@voices
def test_a_call_is_spoken_over_one_connection(rig: VoiceRig) -> None:
    fake = rig.fake()

    async def main() -> list[str]:
        async with speaking(rig, fake) as voice:
            return await held(SCRIPT, voice=voice)

    assert run_virtually(main) == run_virtually(lambda: held(SCRIPT))
    assert len(fake.reception.visits) == 1
    assert fake.reception.live == 0


@pytest.mark.parametrize("rig", [rig for rig in VOICES if rig.timed], ids=lambda rig: rig.name)
def test_who_is_interrupted_is_recorded_as_far_as_the_words_were_heard(rig: VoiceRig) -> None:
    script = [Interrupts("Wait a moment, please.", after_ms=3500), *SCRIPT[2:]]

    async def main() -> list[str]:
        async with speaking(rig, rig.fake()) as voice:
            return await held(script, voice=voice)

    transcript = run_virtually(main)
    assert transcript == run_virtually(lambda: held(script))
    assert "agent: I'd like to book a table. What is the -" in transcript


@voices
def test_a_voice_that_is_cut_off_between_two_sentences_says_each_of_them_once(
    rig: VoiceRig,
) -> None:
    """S25, however early or late the connection is lost."""
    expected = run_virtually(lambda: held(SCRIPT))
    for messages in (1, 8, 16):
        fake = rig.fake()
        fake.reception.mishaps += [Mishap(cut_after=messages, close_code=1011)]

        async def main(fake: Speaker = fake) -> list[str]:
            async with speaking(rig, fake) as voice:
                return await held(SCRIPT, voice=voice)

        transcript = run_virtually(main)
        assert [line for line in transcript if line.startswith("callee")] == [
            line for line in expected if line.startswith("callee")
        ]
        assert transcript[-1] == expected[-1]
        assert len(fake.reception.visits) == 2


@ears
def test_ears_that_drop_in_the_middle_of_a_word_lose_and_double_nothing(rig: EarsRig) -> None:
    """S26, over the wire: the runtime plays again what was not certain."""
    said = ["Yes, that is right, this is the place.", "Four.", "Yes."]
    script = [step for text in said for step in (Listens(), Said(text))]
    fake = rig.fake(list(said))
    fake.reception.mishaps += [Mishap(cut_after=5)]

    async def main() -> list[str]:
        async with hearing(rig, fake) as ears:
            return await held(script, ears=ears)

    transcript = run_virtually(main)
    assert [line for line in transcript if line.startswith("callee")] == [
        f"callee: {text}" for text in said
    ]
    assert len(fake.reception.visits) == 2
