"""How large and how deep what users send may be, and what no store can keep."""

from __future__ import annotations

import json
import math
from typing import Any

from switchhook.domain.errors import InvalidInput

MAX_DEPTH = 32
MAX_TEXT = 64 * 1024
MAX_OBJECT = 16 * 1024
MAX_MEMBERS = 50


def check_object(value: dict[str, Any], *, field: str, members: int = MAX_MEMBERS) -> None:
    """Let an object pass that is small, flat and made of storable text."""
    if len(value) > members:
        raise InvalidInput(
            f"{field} has {len(value)} members, more than {members}",
            field=field,
            hint="keep the large part where it is and send a reference to it",
        )
    check_storable(value, field=field)
    size = len(json.dumps(value, ensure_ascii=False).encode())
    if size > MAX_OBJECT:
        raise InvalidInput(
            f"{field} is {size} bytes long, more than {MAX_OBJECT}",
            field=field,
            hint="keep the large part where it is and send a reference to it",
        )


def check_text(value: str, *, field: str, limit: int = MAX_TEXT) -> None:
    """Let a text pass that is short enough and can be stored."""
    if len(value) > limit:
        raise InvalidInput(
            f"{field} is {len(value)} characters long, more than {limit}",
            field=field,
            hint="shorten it",
        )
    check_storable(value, field=field)


def check_storable(value: object, *, field: str) -> None:
    """Let a value pass that is JSON, is not nested too deeply, and has no broken characters."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise InvalidInput(
                f"{field} is nested more than {MAX_DEPTH} levels deep",
                field=field,
                hint="flatten it",
            )
        match item:
            case str():
                _check_characters(item, field)
            case dict() | list() | tuple():
                waiting += [(part, depth + 1) for part in _parts(item)]
            case float() if not math.isfinite(item):
                raise InvalidInput(
                    f"{field} has a number that JSON does not know",
                    field=field,
                    hint="leave it out",
                )
            case _:
                pass


def _parts(item: Any) -> list[Any]:
    return [*item, *item.values()] if isinstance(item, dict) else list(item)


def _check_characters(text: str, field: str) -> None:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidInput(
            f"{field} has a character that cannot be stored (NUL, or half of a surrogate pair)",
            field=field,
            hint="leave it out",
        )
