from __future__ import annotations

import pytest

from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.engine.answers import Shape
from switchhook.engine.expectation import UNCLEAR, Expectation
from switchhook.ports import (
    Heard,
    Listening,
)
from switchhook.providers import offline
from switchhook.providers.offline import OfflineEars, OfflineVoice
from switchhook.providers.offline.decoder import doubled
from switchhook.providers.offline.grammar import as_written, grammar
from switchhook.runtime.framing import QUIET
from switchhook.testing import (
    run_virtually,
    uttered,
)

hearing = pytest.mark.skipif(
    not (offline.available() and offline.can_hear()), reason="needs the extra `offline`"
)


def known(word: str) -> bool:
    return word != "turbot"


@pytest.mark.parametrize(
    ("asked", "whole", "part"),
    [
        (Expectation(Shape.INTEGER), "twenty five please", "twenty five please and"),
        (Expectation(Shape.DATE), "next tuesday", "next"),
        (Expectation(Shape.TIME), "at four p_m", "at"),
        (Expectation(Shape.MOMENT), "tomorrow at ten", "tomorrow at"),
        (Expectation(Shape.BOOLEAN), "no thank you", "no thank"),
        (Expectation(Shape.CHOICE, ("salmon", "turbot")), "the salmon please", "the turbot please"),
        (Expectation(Shape.CHOICE, ("salmon", "no. 5")), "the second one", "five"),
        (Expectation(Shape.PHONE), "plus one two three four five six", "one two"),
        (Expectation(Shape.EMAIL), "a_ b_ dot two at example dot com", "at example"),
        (Expectation(Shape.DATE, checking=True), "actually make it friday", "actually make it"),
        (Expectation(Shape.TEXT), "stop calling me", "stop calling"),
        (Expectation(Shape.BOOLEAN), "who is this", "who is"),
        (Expectation(Shape.TIME), "wrong number", "number"),
    ],
)
def test_only_whole_sentences_of_a_question_are_believed(
    asked: Expectation, whole: str, part: str
) -> None:
    sentences = grammar(asked, known)

    assert sentences.whole(whole)
    assert not sentences.whole(part)
    assert sentences.text.startswith("#JSGF V1.0;")


def test_letters_and_halves_of_the_day_are_written_as_people_do() -> None:
    assert as_written("a_ n_ at four p_m") == "a n at four pm"


def test_telephone_audio_becomes_as_long_at_twice_the_rate_and_never_silent() -> None:
    twice = doubled(b"\0\0" * 160)

    assert len(twice) == 640
    assert any(twice)
    assert doubled(b"\0\0" * 160) == twice


def heard(text: str, asked: Expectation) -> list[Heard]:
    """What the ears make of a sentence in the ordinary voice."""

    async def main() -> list[Heard]:
        ears, voice = OfflineEars(), OfflineVoice()
        found: list[Heard] = []
        ear = ears.open(Listening("en"), found.append)
        ear.expect(asked)
        ear.expect(asked)
        chosen = VoiceChoice(name="en-us", provider="espeak-ng")
        speech = await uttered(voice, text, choice=chosen)
        frames = [*[QUIET] * 25, *speech.frames, *[QUIET] * 60]
        for at, frame in enumerate(frames):
            ear.push(frame, at * 20)
        ear.close()
        ears.close()
        voice.close()
        return found

    return run_virtually(main)


@hearing
def test_an_answer_to_the_question_is_understood() -> None:
    [answer] = heard("No, thank you.", Expectation(Shape.BOOLEAN))

    assert answer.text == "no thank you"
    assert answer.final
    assert 400 < answer.start_ms < 800
    assert answer.start_ms + 700 < answer.end_ms


@hearing
def test_what_is_no_answer_is_reported_as_not_understood() -> None:
    [answer] = heard("The quick brown fox jumps over seven lazy dogs.", Expectation(Shape.BOOLEAN))

    assert answer.text == UNCLEAR


@hearing
def test_silence_is_nothing() -> None:
    assert heard("", Expectation(Shape.BOOLEAN)) == []
