"""Which of the values that were given before the callee takes back, and what is said instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from switchhook.engine import meaning
from switchhook.engine.answers import Shape
from switchhook.engine.form import Blank

Told = Sequence[tuple[Blank, Any]]
Reading = Callable[[Blank, str], Any | None]


def replacement(text: str, told: Told, reading: Reading) -> tuple[Blank, Any] | None:
    """Return the field that gets another value: the one that is named, or the last it fits."""
    blank = named(text, told)
    if blank is not None:
        told = [(blank, value) for one, value in told if one is blank]
        said = meaning.after_name(text, blank.label)
    else:
        said = instead(text)
    for candidate, old in reversed(told):
        fits = candidate.shape is not Shape.TEXT or blank is not None or len(told) == 1
        value = reading(candidate, said) if said and fits else None
        if value is not None and value != old:
            return candidate, value
    return None


def named(text: str, told: Told) -> Blank | None:
    """Return the field of which the callee says what it is: "the name is Turing"."""
    return next((blank for blank, _ in told if meaning.after_name(text, blank.label)), None)


def mentioned(text: str, told: Told) -> Blank | None:
    """Return the field whose name alone is said: "the name"."""
    words = f" {meaning.plain(text)} "
    return next((blank for blank, _ in told if f" {blank.label.casefold()} " in words), None)


def instead(text: str) -> str:
    """Return what is said in the place of something: "no, I said six" gives "six"."""
    said = meaning.correction(text)
    if said is not None:
        return said
    return meaning.without_no(text) if meaning.yes_or_no(text) is False else ""
