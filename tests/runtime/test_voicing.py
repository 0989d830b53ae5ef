from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import pytest

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Speech
from switchhook.runtime.voicing import PIECE_PATIENCE, SteadyVoice
from switchhook.testing import run_virtually


class Singer:
    """A voice that fails as the test wants it to: with an exception, or by hanging (`None`)."""

    def __init__(self, name: str, *faults: Exception | None) -> None:
        self.name = name
        self.faults = deque(faults)
        self.said: list[str] = []

    def open(self, language: Language, choice: VoiceChoice) -> Singer:
        del language, choice
        return self

    async def run(self) -> None: ...

    def close(self) -> None: ...

    async def say(self, text: str) -> AsyncIterator[Speech]:
        self.said.append(text)
        if self.faults:
            fault = self.faults.popleft()
            if fault is None:
                await asyncio.Event().wait()
            else:
                raise fault
        yield Speech((), ())


def steadied(*voices: Singer) -> SteadyVoice:
    return SteadyVoice(voices, "en", VoiceChoice())


async def sing(voice: SteadyVoice, *texts: str) -> float:
    start = asyncio.get_running_loop().time()
    for text in texts:
        _ = [piece async for piece in voice.say(text)]
    return asyncio.get_running_loop().time() - start


BROKEN = ConnectionError("closed")


def test_a_voice_whose_connection_was_closed_between_two_sentences_is_asked_again() -> None:
    voice = Singer("one", BROKEN)

    run_virtually(lambda: sing(steadied(voice), "First.", "Second."))

    assert voice.said == ["First.", "First.", "Second."]


def test_a_voice_that_fails_twice_has_failed() -> None:
    with pytest.raises(ConnectionError):
        run_virtually(lambda: sing(steadied(Singer("one", BROKEN, BROKEN)), "First."))


@pytest.mark.parametrize("fault", [BROKEN, None])
def test_the_stand_in_takes_over_and_stays(fault: Exception | None) -> None:
    voice, stand_in = Singer("one", fault), Singer("two")

    took = run_virtually(lambda: sing(steadied(voice, stand_in), "First.", "Second."))

    assert voice.said == ["First."]
    assert stand_in.said == ["First.", "Second."]
    assert took <= PIECE_PATIENCE


def test_when_the_stand_in_fails_later_the_first_one_is_asked() -> None:
    voice, stand_in = Singer("one", BROKEN), Singer("two")
    steady = steadied(voice, stand_in)

    async def main() -> None:
        await sing(steady, "First.")
        stand_in.faults.append(BROKEN)
        await sing(steady, "Second.")

    run_virtually(main)

    assert voice.said == ["First.", "Second."]


def test_two_sentences_that_fail_together_call_the_stand_in_once() -> None:
    voice, stand_in = Singer("one", None, None), Singer("two")
    steady = steadied(voice, stand_in)

    async def main() -> None:
        await asyncio.gather(sing(steady, "First."), sing(steady, "Second."))

    run_virtually(main)

    assert stand_in.said == ["First.", "Second."]


def test_a_voice_that_hangs_and_has_no_stand_in_is_not_asked_again() -> None:
    voice = Singer("one", None)

    with pytest.raises(TimeoutError):
        run_virtually(lambda: sing(steadied(voice), "First."))
    assert voice.said == ["First."]
