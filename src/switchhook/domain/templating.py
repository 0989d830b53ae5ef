"""Variables in prompts and greetings.

`{{ any name }}` and `${name}` always stand for a variable; `{name}` only when there is one of
that name, because prompts contain braces of their own. One pass: a value is never read as a
template again. A variable that nobody set stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SLOT = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}|\$\{(\w+)\}|\{(\w+)\}")


def render(template: str, variables: Mapping[str, str]) -> str:
    """Return the template with every known variable filled in."""
    known = _index(variables)

    def fill(slot: re.Match[str]) -> str:
        name = slot[1] or slot[2] or slot[3]
        value = variables.get(name, known.get(_key(name)))
        return slot[0] if value is None else value

    return _SLOT.sub(fill, template)


def missing(template: str, variables: Mapping[str, str]) -> list[str]:
    """Return the names that the template asks for and nobody set, in order, each once."""
    known = _index(variables)
    names = [slot[1] or slot[2] for slot in _SLOT.finditer(template) if not slot[3]]
    return list(dict.fromkeys(name for name in names if _key(name) not in known))


def stringified(value: object) -> str:
    """Return a value as it is spoken: true and false in lower case, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _index(variables: Mapping[str, str]) -> dict[str, str]:
    return {_key(name): value for name, value in variables.items()}


def _key(name: str) -> str:
    return name.strip().lower().replace(" ", "_")
