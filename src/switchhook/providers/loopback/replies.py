"""What a simulated callee answers: something plausible for whatever they are asked."""

from __future__ import annotations

import re
from collections.abc import Callable

Answer = Callable[[int, str], str]

_NAMES = ("Alex Morgan", "Robin Clark", "Sam Rivera", "Kim Novak")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_NUMBERS = ("two", "three", "four", "five", "six")
_STREETS = ("12 Market Street", "7 Harbour Road", "31 Station Lane")
_THINGS = ("the usual one", "the blue one", "whatever you have", "the large one")
_CHOICES = re.compile(r":\s*([^:?]+\bor\b[^:?]+)\?$", re.IGNORECASE)
_CHECKING = re.compile(r"\b(is that|that's|is this) (right|correct)\?|still there")
_SENTENCE = re.compile(r"[^.!?]*\?")


def asked(text: str) -> str | None:
    """Return the last question in what the agent said."""
    questions = _SENTENCE.findall(text)
    return questions[-1].strip() if questions else None


def answer(question: str, seed: int) -> str:
    """Return an answer to the question; the same seed gives the same one."""
    lowered = question.lower()
    return next(give for pattern, give in _RULES if re.search(pattern, lowered))(seed, question)


def checks(question: str) -> bool:
    """Tell whether the agent only makes sure of something."""
    return bool(_CHECKING.search(question.lower()))


def question_only(question: str) -> str:
    """Return the question without what the agent says around it."""
    return _SENTENCE.findall(question)[-1].strip()


def _pick(options: tuple[str, ...], seed: int) -> str:
    return options[seed % len(options)]


def _choose(seed: int, question: str) -> str:
    listed = _CHOICES.search(question)
    options = re.split(r",\s*(?:or\s+)?|\s+or\s+", listed[1] if listed else question)
    return f"{_pick(tuple(o.strip() for o in options if o.strip()), seed)}, please."


def _day(seed: int, _question: str) -> str:
    return f"Next {_pick(_DAYS, seed)}."


def _time(seed: int, _question: str) -> str:
    return f"At {2 + seed % 4} pm."


def _moment(seed: int, _question: str) -> str:
    return f"{_pick(_DAYS, seed)} at {2 + seed % 4} pm."


def _fixed(text: str) -> Answer:
    return lambda _seed, _question: text


_RULES: tuple[tuple[str, Answer], ...] = (
    (r"\b(is that|that's|is this) (right|correct)\?", _fixed("Yes, that is right.")),
    (r"still there", _fixed("Yes, I am still here.")),
    (r"\byes or no\?", _fixed("Yes.")),
    (r":\s*[^:?]+\bor\b[^:?]+\?$", _choose),
    (r"message|pass on|anything else", _fixed("No, thank you.")),
    (r"^(can|could|do|does|did|is|are|will|would|have|has|may|shall|should)\b", _fixed("Yes.")),
    (r"\b(day|date)\b.*\btime\b", _moment),
    (r"\bwhat time\b|\btime\b|\bhour\b|\bo'clock\b", _time),
    (r"\b(day|date|when|birthday)\b", _day),
    (r"e-?mail", lambda seed, _q: f"guest{seed % 90 + 10}@example.com."),
    (r"(phone|telephone|mobile|call ?back) number", _fixed("plus one five five five 0100.")),
    (
        r"how (many|much|old|long|often)|\bnumber\b|\bquantity\b|\bamount\b|\bsize\b|\bprice\b",
        lambda seed, _q: f"{_pick(_NUMBERS, seed).capitalize()}.",
    ),
    (r"\baddress\b|\bstreet\b", lambda seed, _q: f"{_pick(_STREETS, seed)}."),
    (r"\bname\b|^who\b", lambda seed, _q: f"{_pick(_NAMES, seed)}."),
    (r"", lambda seed, _q: f"{_pick(_THINGS, seed).capitalize()}."),
)
