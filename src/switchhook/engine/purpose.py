"""Why somebody calls, in a sentence that a person would say, from a task as it was written."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = _words(
    "add agree announce apply arrange ask book buy cancel change check clarify collect complain"
    " confirm contact deliver discuss enquire extend file find follow get give hand hear hire"
    " inform inquire invite know learn leave let make modify move notify offer open order organise"
    " organize pass pay pick place plan postpone prolong propose put quote register remind renew"
    " rent reorder repair replace report request reschedule reserve return say schedule see sell"
    " send set settle sign sort speak start stop submit subscribe survey switch take talk tell"
    " thank transfer try turn update verify"
)
_CALLING = re.compile(
    r"^(?:please\s+)?(?:(?:call|phone|ring|telephone|contact)\b[^,;.]*?\b(?:and|to)\s+)?"
    r"(?:please\s+)?",
    re.IGNORECASE,
)
_ASKING = frozenset({"ask", "check", "clarify", "enquire", "find", "inquire", "know", "learn"})
_YOU = {"they": "you", "they're": "you're", "their": "your", "them": "you"}
_THEY = re.compile(rf"\b({'|'.join(_YOU)})\b")
_QUESTION = "?"


def sentence(task: str, name: str = "") -> str:
    """Return the task as the first sentence of the call: "I'd like to book a table for four."."""
    wanted = _spoken_for(_CALLING.sub("", task.strip(), count=1).strip(), name)
    wanted = wanted.rstrip(" .")
    if not wanted:
        return ""
    if wanted.endswith(_QUESTION):
        return f"I have a question: {wanted}"
    first = wanted.split(maxsplit=1)[0].casefold()
    if first in _VERBS:
        rest = wanted[len(first) :]
        return f"I'd like to {first}{_to_you(rest) if first in _ASKING else rest}."
    return f"I am calling about {_lowered(wanted)}."


def _spoken_for(wanted: str, name: str) -> str:
    """Return the task said of the one on whose behalf the call is made."""
    return re.sub(r"\bmy\b", f"{name}'s", wanted) if name else wanted


def _to_you(wanted: str) -> str:
    """Return the question as it is put to the one it is about."""
    return _THEY.sub(lambda they: _YOU[they[1]], wanted)


def _lowered(wanted: str) -> str:
    word = wanted.split(maxsplit=1)[0]
    article = word.casefold() in {"a", "an", "the", "your", "our", "their", "his", "her", "my"}
    return wanted[:1].lower() + wanted[1:] if article else wanted
