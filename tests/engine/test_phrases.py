from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from switchhook.domain.agent import Language
from switchhook.engine.phrases import Phrases, filled, phrases
from switchhook.engine.words import words_of

LANGUAGES: tuple[Language, ...] = get_args(Language)
BRACES = {"disclosure_for": "{name}", "who": "{name}", "purpose": "{task}", "confirm": "{value}"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [field.name for field in fields(Phrases)])
def test_every_language_says_everything_in_its_own_words(language: Language, name: str) -> None:
    said = getattr(phrases(language), name)

    assert said.strip()
    assert (said == getattr(phrases("en"), name)) is (language == "en")
    assert BRACES.get(name, "") in said
    assert ("{" in said) is (name in BRACES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_asked_to_take_a_call_is_told_a_word_that_is_understood(
    language: Language,
) -> None:
    assert words_of(language).turns.yes.within(phrases(language).take_call)


def test_a_sentence_is_filled_in_and_ends_once() -> None:
    assert filled("About: {task}.", task=" Are you open? ") == "About: Are you open?"
    assert filled("About: {task}.", task="{task}.") == "About: {task}."
