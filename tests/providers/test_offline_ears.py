from __future__ import annotations

import numpy as np
import pytest

from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.engine.answers import Shape
from switchhook.engine.expectation import UNCLEAR, Expectation
from switchhook.ports import (
    Heard,
    Listening,
)
from switchhook.providers import offline
from switchhook.providers.offline import OfflineEars, OfflineVoice, telephone
from switchhook.providers.offline.grammar import answers, as_written, wishes
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
        (Expectation(Shape.DATE), "the twenty third of november", "the twenty third"),
        (
            Expectation(Shape.DATE, checking=True),
            "actually make it friday please",
            "actually make it",
        ),
        (Expectation(Shape.TEXT), "no thanks", "stop calling me"),
    ],
)
def test_only_whole_sentences_of_a_question_are_believed(
    asked: Expectation, whole: str, part: str
) -> None:
    sentences = answers(asked, known)

    assert sentences.whole(whole)
    assert not sentences.whole(part)
    assert sentences.text.startswith("#JSGF V1.0;")


@pytest.mark.parametrize("wish", ["stop calling me", "who is this", "wrong number", "hello"])
def test_what_may_be_wished_at_any_time_is_believed_whole(wish: str) -> None:
    assert wishes().whole(wish)
    assert not wishes().whole(f"{wish} five")


def test_the_halves_of_the_day_are_written_as_people_do() -> None:
    assert as_written("at four p_m") == "at four pm"


def test_the_filters_of_the_telephone_are_those_that_the_model_has_below_its_end() -> None:
    settings = dict(line.split(" ", 1) for line in telephone.features().splitlines())

    assert settings["-nfilt"] == "19"
    assert 3400 < float(settings["-upperf"]) < telephone.RATE / 2


def test_the_model_is_turned_to_the_telephone_by_one_matrix_a_stream() -> None:
    lines = telephone.adaptation().splitlines()
    matrix = np.array([line.split() for line in lines[3:16]], dtype=float)
    loud = np.eye(13)[0]

    assert lines[:3] == ["1", "3", "13"]
    assert len(lines) == 2 + 3 * (1 + 13 + 2)
    # A sound that is equally loud everywhere is so on the telephone: 19 filters, no longer 25.
    assert matrix @ loud == pytest.approx(loud * (19 / 25) ** 0.5, abs=1e-5)


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
