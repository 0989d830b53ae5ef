"""JSON as the standard has it, and nothing that a store or a client would choke on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn, cast

from switchhook.domain.errors import InvalidInput

MAX_DEPTH = 32


def parse(raw: bytes) -> Any:
    """Return the value, or say what is wrong with the text without repeating it."""
    try:
        value = json.loads(
            raw,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise _invalid("the body is not UTF-8") from None
    except ValueError:
        raise _invalid("the body is not valid JSON") from None
    for text in _strings(value):
        check_text(text)
    return value


def check_text(text: str, *, field: str | None = None) -> None:
    """Refuse what PostgreSQL or UTF-8 cannot hold."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidInput(
            "the text holds a NUL character or half of a character pair",
            field=field,
            hint="send text that is valid UTF-8 without NUL",
        )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _invalid("an object has the same member twice")
    return members


def _no_constant(_word: str) -> NoReturn:
    raise _invalid("NaN and Infinity are not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _invalid("a number is too large")
    return number


def _strings(value: Any) -> Iterator[str]:
    """Yield every string, names of members too, and stop where the nesting gets too deep."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for item in level:
            match item:
                case str():
                    yield item
                case dict():
                    members = cast("dict[str, Any]", item)
                    yield from members
                    below.extend(members.values())
                case list():
                    below.extend(cast("list[Any]", item))
                case _:
                    pass
        if not below:
            return
        level = below
    raise _too_deep()


def _invalid(message: str) -> InvalidInput:
    return InvalidInput(message, hint="send one JSON object in UTF-8")


def _too_deep() -> InvalidInput:
    return InvalidInput(
        f"the body is nested deeper than {MAX_DEPTH} levels", hint="send a flatter object"
    )
