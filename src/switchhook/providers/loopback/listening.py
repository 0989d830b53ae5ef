"""Whether what the agent reads back is what the callee said; people do not nod at anything."""

from __future__ import annotations

import re
from collections.abc import Mapping

from switchhook.engine.numerals import in_digits

_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_DATED = re.compile(rf"\b({_DAYS.replace(' ', '|')})\b")
_TIMED = re.compile(r"\b(\d{1,2})(?::(\d{2}))? ?([ap])m\b")
_PLAIN_ANSWER = re.compile(r"^(yes|no)\b")
_AT_ONCE = re.compile(r"@|\bplus\b|\b[ap]m\b")
_LISTED = "have it right:"
_IDLE = frozenset({"it", "is", "we", "are", "the", "a", "my", "name", "next", "at", "on", "please"})


def mistaken(read_back: str, answers: Mapping[str, str], last: str) -> str | None:
    """Return what was said where something else is read back."""
    heard = _plain(read_back)
    if _LISTED in heard:
        said = [a for a in answers.values() if not _checked_before(a)]
    else:
        said = [answers[last]] if last in answers else []
    return next((answer for answer in said if not _same(_plain(answer), heard)), None)


def _checked_before(answer: str) -> bool:
    """Tell whether an answer is none of those that are checked together."""
    words = _plain(answer)
    return bool(_PLAIN_ANSWER.search(words) or _AT_ONCE.search(words) or _DATED.search(words))


def _same(said: str, heard: str) -> bool:
    if "@" in said or said.startswith("plus"):
        joined = re.sub(r"[^a-z0-9]", "", said.partition("@")[0].replace("plus", ""))
        return joined in re.sub(r"[^a-z0-9]", "", heard)
    day = _DATED.search(said)
    if day and day[1] not in heard:
        return False
    time = _TIMED.search(said)
    if time:
        return any(match.groups() == time.groups() for match in _TIMED.finditer(heard))
    return bool(day) or set(said.split()) - _IDLE <= set(re.sub(r"[,?]", " ", heard).split())


def _plain(text: str) -> str:
    return in_digits(text.casefold()).rstrip(". ").replace(". ", " ").replace(",", " ")
