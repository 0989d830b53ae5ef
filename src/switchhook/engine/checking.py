"""What the interview says in English where it has more than one way to say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from switchhook.engine.answers import Shape
from switchhook.engine.form import Blank
from switchhook.engine.phrases import Phrases, filled
from switchhook.engine.readback import spoken

ENGLISH = "en"
CHECKED_AT_ONCE = frozenset({Shape.DATE, Shape.TIME, Shape.MOMENT, Shape.PHONE, Shape.EMAIL})
"""What is easily misheard and costs most when it is wrong."""

_NOTED = ("All right.", "Thank you.", "Good.", "Got it.")
_AGAIN = ("Sorry, I did not catch that.", "I am sorry, I still did not get that.")
_READ_BACK = ("{value}, is that right?", "{value}. Is that correct?", "So {value}, is that right?")
_HELP = {
    Shape.INTEGER: "A number is enough.",
    Shape.NUMBER: "A number is enough.",
    Shape.BOOLEAN: "Yes or no is enough.",
    Shape.DATE: "For example, next Tuesday.",
    Shape.TIME: "For example, four thirty pm.",
    Shape.MOMENT: "For example, next Tuesday at four pm.",
    Shape.PHONE: "One digit after the other, please.",
    Shape.EMAIL: "Letter by letter, please.",
}


def noted(said: Phrases, language: str, count: int) -> str:
    """Return a word that an answer arrived; never the same twice in a row."""
    return _NOTED[count % len(_NOTED)] if language == ENGLISH else said.noted


def again(said: Phrases, language: str, blank: Blank, tries: int) -> str:
    """Return the question once more, the second time with an example of an answer."""
    if language != ENGLISH:
        return f"{said.again} {blank.question}"
    sorry = _AGAIN[min(tries, len(_AGAIN)) - 1]
    helped = _HELP.get(blank.shape, "") if tries > 1 else ""
    return f"{sorry} {blank.question} {helped}".strip()


def read_back(said: Phrases, language: str, told: tuple[Blank, Any], count: int) -> str:
    """Return the question whether a value is right."""
    blank, value = told
    if language != ENGLISH:
        return filled(said.confirm, value=str(value).replace("_", " "))
    words = spoken(value, blank.shape)
    return filled(_READ_BACK[count % len(_READ_BACK)], value=words[:1].upper() + words[1:])


def summary(said: Phrases, language: str, told: Sequence[tuple[Blank, Any]]) -> str:
    """Return the question whether several values are right."""
    listed = ", ".join(f"{blank.label} {spoken(value, blank.shape)}" for blank, value in told)
    if language != ENGLISH:
        return filled(said.confirm, value=listed)
    return f"Let me check that I have it right: {listed}. Is that correct?"
