from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured
from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Word
from switchhook.ports import Speech, Voice
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.clock import SystemClock
from switchhook.runtime.connections import Connections
from switchhook.runtime.framing import QUIET
from switchhook.runtime.lines import Line, Lines
from switchhook.runtime.streams import reading
from switchhook.runtime.utterances import whole
from switchhook.runtime.voicing import PIECE_PATIENCE, SteadyVoice
from switchhook.testing import (
    AnsweredCall,
    Faults,
    Listens,
    Pieces,
    PlainVoice,
    Said,
    Waits,
    a_call,
    answered,
    run_virtually,
)
from switchhook.testing.voices import murmured


class Singer:
    """A voice that fails as the test wants it to: with an exception, or by hanging (`None`)."""

    def __init__(self, name: str, *faults: Exception | None) -> None:
        self.name = name
        self.faults = deque(faults)
        self.said: list[str] = []
        self.choices: list[VoiceChoice] = []

    def open(self, language: Language, choice: VoiceChoice) -> Singer:
        assert language == "en"
        self.choices.append(choice)
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
        yield murmured(text)


def steadied(*voices: Voice, lines: Lines | None = None, speed: float = 1.0) -> SteadyVoice:
    breakers = Breakers(SystemClock(seconds=lambda: 0.0))
    return SteadyVoice(voices, "en", VoiceChoice(speed=speed), lines, breakers=breakers)


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


def test_a_voice_that_is_done_with_hardly_a_sound_has_broken_off() -> None:
    curt, stand_in = PlainVoice(Faults(nothing=1.0)), Singer("two")

    run_virtually(lambda: sing(steadied(curt, stand_in), "I am calling about your table."))

    assert stand_in.said == ["I am calling about your table."]


def test_a_voice_of_which_only_drops_come_is_not_waited_for_longer_than_for_one_that_hangs() -> (
    None
):
    slow, stand_in = PlainVoice(pieces=Pieces(most=1, between=6.0)), Singer("two")

    took = run_virtually(lambda: sing(steadied(slow, stand_in), "I am calling about your table."))

    assert stand_in.said == ["I am calling about your table."]
    assert took == pytest.approx(PIECE_PATIENCE)


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


def test_whoever_is_left_says_the_sentence_that_two_could_not_say() -> None:
    voices = Singer("one", BROKEN), Singer("two", BROKEN), Singer("three")

    run_virtually(lambda: sing(steadied(*voices), "First.", "Second."))

    assert [voice.said for voice in voices] == [["First."], ["First."], ["First.", "Second."]]


def test_the_name_of_a_voice_is_the_first_ones_alone() -> None:
    voice, stand_in = Singer("one", BROKEN), Singer("two")
    choice = VoiceChoice(name="anna", model="fast", speed=1.5)
    breakers = Breakers(SystemClock(seconds=lambda: 0.0))
    steady = SteadyVoice([voice, stand_in], "en", choice, breakers=breakers)

    run_virtually(lambda: sing(steady, "First."))

    assert voice.choices == [choice]
    assert stand_in.choices == [VoiceChoice(speed=1.5)]


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


@pytest.mark.parametrize("faults", [Faults(error=1.0, after=3), Faults(hang=1.0, after=3)])
def test_a_voice_that_dies_has_left_an_apology(faults: Faults) -> None:
    """Disclosure, opening and apology are made; nothing more ever is."""

    async def main() -> AnsweredCall:
        script = [Listens(), Said("Yes, sure."), Waits(60)]
        async with answered(a_call(name="Rosa"), script, voice=PlainVoice(faults)) as call:
            assert (await call.ended(60)).reason is Reason.ERROR_TTS
            return call

    call = run_virtually(main)

    goodbye = (
        "I am sorry, I cannot go on with this call right now. Thank you for your time. Goodbye."
    )
    assert call.journal.spoken[-1] == f"agent: {goodbye}"
    assert " ".join(w for frame in call.line.played for w in frame.words).endswith(goodbye)


def test_a_voice_that_was_never_there_ends_the_call_without_a_word() -> None:
    async def main() -> list[str]:
        voice = PlainVoice(Faults(error=1.0))
        async with answered(a_call(), [Waits(60)], voice=voice) as call:
            assert (await call.ended(10)).reason is Reason.ERROR_TTS
            return call.journal.spoken

    assert run_virtually(main) == []


class Reader:
    """A voice that makes a word a piece, 200 ms each, and may break off or hang after some."""

    def __init__(self, name: str, *, stops_after: int | None = None, hangs: bool = False) -> None:
        self.name = name
        self.stops_after = stops_after
        self.hangs = hangs
        self.timed = True
        self.said: list[str] = []
        self.choices: list[VoiceChoice] = []

    def open(self, language: Language, choice: VoiceChoice) -> Reader:
        assert language == "en"
        self.choices.append(choice)
        return self

    async def run(self) -> None:
        raise OSError("no connection")

    def close(self) -> None: ...

    async def say(self, text: str) -> AsyncIterator[Speech]:
        self.said.append(text)
        for number, word in enumerate(text.split()):
            if number == self.stops_after:
                # What was begun of the next word has no end.
                yield self._piece(word, number, frames=4)
                if self.hangs:
                    await asyncio.Event().wait()
                raise BROKEN
            yield self._piece(word, number, frames=10)

    def _piece(self, word: str, number: int, *, frames: int) -> Speech:
        start = number * 200
        timed = Word(text=word, start_ms=start, end_ms=start + 200)
        return Speech((QUIET,) * frames, (timed,) if self.timed else ())


def uttered(voice: SteadyVoice, text: str) -> list[Speech]:
    async def main() -> list[Speech]:
        return [piece async for piece in voice.say(text)]

    return run_virtually(main)


@pytest.mark.parametrize("hangs", [False, True])
def test_a_stand_in_goes_on_with_the_word_that_was_not_finished(hangs: bool) -> None:  # noqa: FBT001 - a parameter of the test
    first, second = Reader("one", stops_after=2, hangs=hangs), Reader("two")

    speech = whole(uttered(steadied(first, second), "a b c d"))

    assert second.said == ["c d"]
    assert [word.text for word in speech.words] == ["a", "b", "c", "d"]
    assert [word.start_ms for word in speech.words] == [0, 200, 480, 680]
    assert len(speech.frames) == 10 + 10 + 4 + 20


def test_a_voice_without_the_times_of_its_words_is_left_off_where_it_stopped() -> None:
    first, second = Reader("one", stops_after=2), Reader("two")
    first.timed = False

    with pytest.raises(ConnectionError):
        uttered(steadied(first, second), "a b c d")
    assert second.said == []


def test_a_voice_that_is_not_let_in_is_not_asked_again() -> None:
    voice = Singer("one", Misconfigured("no such voice", hint="choose another"))

    with pytest.raises(Misconfigured):
        run_virtually(lambda: sing(steadied(voice), "First."))
    assert voice.said == ["First."]


def test_words_without_sound_are_told_at_the_end() -> None:
    voice = Reader("one")

    pieces = uttered(steadied(voice), "a")

    assert [len(piece.words) for piece in pieces] == [1, 0]


def test_what_was_prepared_is_said_at_once_in_every_call() -> None:
    voice, lines = PlainVoice(Faults(latency=1.0)), Lines()

    async def main() -> float:
        first = steadied(voice, lines=lines)
        await first.prepare(["Goodbye.", "Goodbye."])
        began = asyncio.get_running_loop().time()
        other = steadied(voice, lines=lines)
        assert [w.text async for piece in other.say("Goodbye.") for w in piece.words] == [
            "Goodbye."
        ]
        return asyncio.get_running_loop().time() - began

    assert run_virtually(main) == 0
    assert voice.asked == ["Goodbye."]


def test_another_manner_of_speaking_is_another_line() -> None:
    voice, lines = PlainVoice(), Lines()

    async def main() -> None:
        await steadied(voice, lines=lines).prepare(["Goodbye."])
        await sing(steadied(voice, lines=lines, speed=2.0), "Goodbye.")

    run_virtually(main)

    assert voice.asked == ["Goodbye.", "Goodbye."]


def test_the_lines_that_nobody_wants_make_room() -> None:
    lines = Lines(most=2)
    one, two, three = (Line("plain", "en", VoiceChoice(), text) for text in ("1", "2", "3"))
    for line in (one, two):
        lines.keep(line, Speech((), ()))
    lines.find(one)

    lines.keep(three, Speech((), ()))

    assert lines.find(two) is None
    assert lines.find(one) == lines.find(three) == Speech((), ())


def test_what_nobody_wants_any_more_is_cancelled_at_the_vendor() -> None:
    voice = PlainVoice(pieces=Pieces(most=1, between=0.1))

    async def main() -> None:
        async with reading(steadied(voice).say("Hello there.")) as said:
            await anext(said)

    run_virtually(main)

    assert voice.cancelled == ["Hello there."]


def test_a_connection_that_is_lost_is_no_matter_until_something_is_said() -> None:
    async def main() -> None:
        connections = Connections()
        steadied(Reader("one")).connect(connections)
        await asyncio.sleep(0)
        await connections.close()

    with capture_logs() as logs:
        run_virtually(main)

    assert [log["event"] for log in logs] == ["voice_disconnected"]
