"""The fields that an interview fills in, and how it asks for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from switchhook.engine.answers import Shape
from switchhook.engine.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Blank:
    """One field: what it is called, how it is asked for, and what fits in."""

    name: str
    question: str
    shape: Shape
    choices: tuple[Any, ...] = ()
    required: bool = True
    guessed: bool = False
    """Whether the shape is told by the name alone; then words that do not fit are kept as said."""

    @property
    def label(self) -> str:
        """What the field is called when it is read back."""
        return self.name.replace("_", " ")


_FORMATS = {
    "date": Shape.DATE,
    "time": Shape.TIME,
    "date-time": Shape.MOMENT,
    "email": Shape.EMAIL,
    "idn-email": Shape.EMAIL,
    "phone": Shape.PHONE,
    "tel": Shape.PHONE,
}
_NAMES = (
    (re.compile(r"e_?mail(_address)?$"), Shape.EMAIL),
    (re.compile(r"((tele)?phone|mobile|call_?back)(_(number|no))?$|^cell$"), Shape.PHONE),
    (re.compile(r"(^|_)(day|date)$"), Shape.DATE),
    (re.compile(r"(^|_)(time|hour)$"), Shape.TIME),
)
_OWNERS = frozenset({"your", "their", "his", "her", "our", "my"})
_PLAIN = frozenset({"type", "title", "description", "examples"})
_TYPES = {"integer": Shape.INTEGER, "number": Shape.NUMBER, "boolean": Shape.BOOLEAN}
_HINTS = {
    Shape.INTEGER: "What is the {title}, as a number?",
    Shape.NUMBER: "What is the {title}, as a number?",
    Shape.BOOLEAN: "{Title}, yes or no?",
    Shape.CHOICE: "What is the {title}: {choices}?",
    Shape.DATE: "{Title}: on which day?",
    Shape.TIME: "{Title}: at what time?",
    Shape.MOMENT: "{Title}: on which day and at what time?",
    Shape.PHONE: "What is the {title}?",
    Shape.EMAIL: "What is the {title}?",
    Shape.TEXT: "What is the {title}?",
}


def blanks(schema: Mapping[str, Any] | None, phrases: Phrases) -> tuple[Blank, ...]:
    """Return the fields of a JSON Schema object; without one, whether they help, and a message."""
    properties = _mapping((schema or {}).get("properties"))
    if not properties:
        return (
            Blank("agreed", phrases.can_help, Shape.BOOLEAN),
            Blank("message", phrases.relay, Shape.TEXT, required=False),
        )
    required = (schema or {}).get("required")
    asked = cast("list[str]", required) if isinstance(required, list) else list(properties)
    return tuple(
        _blank(name, _mapping(rule), required=name in asked) for name, rule in properties.items()
    )


def _blank(name: str, rule: Mapping[str, Any], *, required: bool) -> Blank:
    choices = tuple(cast("list[Any]", rule.get("enum") or []))
    shape = Shape.CHOICE if choices else _shape(rule)
    guess = _guess(name, rule) if shape is Shape.TEXT else None
    shape = guess or shape
    question = _question(name, rule, shape, choices)
    return Blank(name, question, shape, choices, required, guess is not None)


def _shape(rule: Mapping[str, Any]) -> Shape:
    kinds = rule.get("type")
    kind = kinds if isinstance(kinds, str) else next(iter(cast("list[str]", kinds or [])), "string")
    return _TYPES.get(kind, _FORMATS.get(str(rule.get("format")), Shape.TEXT))


def _guess(name: str, rule: Mapping[str, Any]) -> Shape | None:
    """Return what the name of a field promises that its schema leaves open."""
    if rule.keys() - _PLAIN:
        return None
    return next((shape for pattern, shape in _NAMES if pattern.search(name.casefold())), None)


def _question(name: str, rule: Mapping[str, Any], shape: Shape, choices: tuple[Any, ...]) -> str:
    for text in (rule.get("description"), rule.get("title")):
        if isinstance(text, str) and text.strip().endswith("?"):
            return _offering(text.strip(), choices)
    title = str(rule.get("title") or rule.get("description") or name.replace("_", " "))
    title = title.strip().rstrip(".")
    lowered = title[:1].lower() + title[1:] if title[1:2].islower() else title
    raised = title[:1].upper() + title[1:]
    pattern = _HINTS[shape]
    if shape is Shape.PHONE and "number" not in lowered:
        lowered += " number"
    bare = lowered.removeprefix("the ")
    owned = bare.split(" ", 1)[0] in _OWNERS
    asked = pattern.replace("the {title}" if owned else "{title}", bare)
    return asked.replace("{Title}", raised).replace("{choices}", _listed(choices))


def _offering(question: str, choices: tuple[Any, ...]) -> str:
    named = all(str(choice).casefold() in question.casefold() for choice in choices)
    return question if named else f"{question[:-1].rstrip()}: {_listed(choices)}?"


def _listed(choices: tuple[Any, ...]) -> str:
    spoken = [str(choice).replace("_", " ") for choice in choices]
    return " or ".join([", ".join(spoken[:-1]), spoken[-1]]) if len(spoken) > 1 else "".join(spoken)


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
