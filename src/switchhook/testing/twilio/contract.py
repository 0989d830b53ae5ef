"""What Twilio has published of its REST API: the parameters that a request may have.

`published.json` has them by method and path: `type` is of the value and a string unless it says
otherwise, `array` allows several values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

_ROOT: Final = "/2010-04-01/Accounts/"
_BOOLEANS: Final = frozenset({"true", "false", "True", "False"})

Facts = Mapping[str, Any]


def complaint(method: str, path: str, form: Mapping[str, Sequence[str]]) -> str | None:
    """Return what is wrong with a request by what is published; nothing, where it is right.

    Sound files and prices are not described there.
    """
    if not (path.startswith(_ROOT) and path.endswith(".json")):
        return None
    operation = _operation(method, path)
    if operation is None:
        return f"{method} {path} is not published"
    missing = [name for name, facts in operation.items() if facts.get("required")]
    for name in missing:
        if name not in form:
            return f"{name} is required"
    for name, values in form.items():
        wrong = _wrong(operation.get(name), values)
        if wrong:
            return f"{name} {wrong}"
    return None


def _operation(method: str, path: str) -> Mapping[str, Facts] | None:
    below = path.removeprefix(_ROOT).partition("/")[2]
    known = _published()
    return next((facts for shape, facts in known if shape.fullmatch(f"{method} /{below}")), None)


def _wrong(facts: Facts | None, values: Sequence[str]) -> str:
    if facts is None:
        return "is not a published parameter"
    if len(values) > 1 and not facts.get("array"):
        return "is given more than once"
    return next(filter(None, (_unfit(facts, value) for value in values)), "")


def _unfit(facts: Facts, value: str) -> str:
    match facts.get("type"):
        case "integer":
            number = int(value) if re.fullmatch(r"-?\d+", value) else None
            if number is None:
                return f"is no integer: {value!r}"
            low, high = facts.get("minimum", number), facts.get("maximum", number)
            return "" if low <= number <= high else f"is not from {low} to {high}: {value}"
        case "boolean":
            return "" if value in _BOOLEANS else f"is neither true nor false: {value!r}"
        case _:
            return _misspelt(facts, value)


def _misspelt(facts: Facts, value: str) -> str:
    if "enum" in facts and value not in facts["enum"]:
        return f"is none of {', '.join(facts['enum'])}: {value!r}"
    if "pattern" in facts and not re.search(facts["pattern"], value):
        return f"is not like {facts['pattern']}: {value!r}"
    if facts.get("format") == "uri" and not value.startswith(("http://", "https://")):
        return f"is no address: {value!r}"
    return ""


@cache
def _published() -> tuple[tuple[re.Pattern[str], Mapping[str, Facts]], ...]:
    text = files(__package__ or __name__).joinpath("published.json").read_text()
    known: dict[str, dict[str, Facts]] = json.loads(text)
    return tuple(
        (re.compile(re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(shape))), facts)
        for shape, facts in known.items()
    )
