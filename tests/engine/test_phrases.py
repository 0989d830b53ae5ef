from __future__ import annotations

from typing import get_args

import pytest

from switchhook.domain.agent import Language
from switchhook.engine.phrases import ENGLISH, filled, phrases


@pytest.mark.parametrize("language", [code for code in get_args(Language) if code != "en"])
def test_every_language_discloses_asks_and_leaves_in_its_own_words(language: str) -> None:
    said = phrases(language)

    for name in ("disclosure", "disclosure_for", "are_you_there", "one_moment", "goodbye"):
        assert getattr(said, name) != getattr(ENGLISH, name)
    assert "{name}" in said.disclosure_for
    assert "{task}" in said.purpose
    assert "{value}" in said.confirm


def test_an_unknown_language_is_spoken_to_in_english() -> None:
    assert phrases("xx") is ENGLISH


def test_a_sentence_is_filled_in_and_ends_once() -> None:
    assert filled("About: {task}.", task=" Are you open? ") == "About: Are you open?"
    assert filled("About: {task}.", task="{task}.") == "About: {task}."
