from __future__ import annotations

from dataclasses import fields
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.agent import Language
from switchhook.engine.words import Phrases, Script, plain, words_of

LANGUAGES: tuple[Language, ...] = get_args(Language)


def test_plain_words_have_neither_case_nor_punctuation() -> None:
    assert plain("  That’s—RIGHT, isn't it?! ") == "thats right isnt it"  # noqa: RUF001
    assert plain("हाँ, ठीक है।") == "हाँ ठीक है"
    assert plain("はい、 分かりました。", Script.JOINED) == "はい分かりました"


def test_phrases_are_found_as_whole_words_only() -> None:
    no = Phrases.of("no, not at all")
    assert no.within("Well, no!")
    assert no.within("It is NOT at all so.")
    assert not no.within("I know, nobody")


def test_korean_phrases_carry_particles_behind_them() -> None:
    voicemail = Phrases.of("음성사서함", Script.SUFFIXED)
    assert voicemail.within("고객님의 음성사서함으로 연결합니다")
    assert not voicemail.within("새음성사서함")
    assert Phrases.of("는", Script.SUFFIXED).end("제 번호는")


def test_japanese_phrases_stand_anywhere() -> None:
    assert Phrases.of("伝言", Script.JOINED).within("ご伝言をどうぞ")


def test_phrases_end_a_text() -> None:
    leaning = Phrases.of("to, my number is")
    assert leaning.end("Well, my number is…")
    assert not leaning.end("hitherto")


def test_phrases_make_up_a_text_in_any_order() -> None:
    listening = Phrases.of("uh, huh, uh huh, right, I see")
    assert listening.make_up("Uh-huh. Right, I see, uh.")
    assert not listening.make_up("Right, stop")
    assert not listening.make_up("...")
    assert not listening.make_up("rights")
    assert Phrases.of("はい, うん", Script.JOINED).make_up("はい、はい、うん。")


def test_long_talk_is_judged_at_once() -> None:
    assert not Phrases.of("a, a a, a a a").make_up("a " * 2000 + "b")


def test_phrases_at_the_end_are_counted() -> None:
    digits = Phrases.of("five, six")
    assert digits.count("it is five, six six") == 3
    assert digits.count("five or") == 0
    assert digits.count("five") == 1


def test_an_empty_list_finds_nothing() -> None:
    nothing = Phrases.of("")
    assert not nothing.within("a")
    assert not nothing.end("a")
    assert not nothing.make_up("a")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_kind_of_words(language: Language) -> None:
    words = words_of(language)
    for group in (words.turns, words.answering):
        for kind in fields(group):
            assert getattr(group, kind.name).phrases, kind.name
    assert words.still_there


@pytest.mark.parametrize("language", LANGUAGES)
def test_listening_and_taking_the_floor_are_told_apart(language: Language) -> None:
    turns = words_of(language).turns
    assert not turns.backchannels.phrases & turns.stops.phrases


@pytest.mark.parametrize(
    ("language", "kind"),
    list(product(LANGUAGES, ["voicemail", "menu", "assistant", "unavailable"])),
)
def test_no_machine_speaks_like_a_human(language: Language, kind: str) -> None:
    answering = words_of(language).answering
    assert not getattr(answering, kind).phrases & answering.human.phrases


@given(st.lists(st.sampled_from(["uh huh", "right", "I see", "Okay!", "mhm"]), min_size=1))
def test_any_number_of_backchannels_is_still_a_backchannel(said: list[str]) -> None:
    assert words_of("en").turns.backchannels.make_up(", ".join(said))


def test_of_overlapping_phrases_the_earlier_and_longer_is_found() -> None:
    phrases = Phrases.of("leave a message, would you like to leave a message, tell, tell me")
    assert phrases.found("Would you like to leave a message? Tell me!") == {
        "would you like to leave a message",
        "tell me",
    }
