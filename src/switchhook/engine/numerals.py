"""Numbers as people say them, in digits or in English words."""

from __future__ import annotations

import re

from switchhook.engine.meaning import plain

_NUMERAL = re.compile(r"(?<![\w.])[+-]?\d+(?:[.,]\d+)*(?![\w])")
_ORDINAL = re.compile(r"(\d{1,4})(?:st|nd|rd|th)?,?")
_TEN = 10
_HUNDRED = 100


def _counted(words: str, step: int = 1) -> dict[str, int]:
    return {word: index * step for index, word in enumerate(words.split()) if word != "-"}


ONES = _counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
TENS = _counted("- - twenty thirty forty fifty sixty seventy eighty ninety", 10)
_SCALES = {"hundred": _HUNDRED, "thousand": 1000, "million": 1_000_000}
_ORDINALS = _counted(
    "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
) | {"twentieth": 20, "thirtieth": 30}
_SMALL = "|".join([*ONES, *TENS])
_WORD = re.compile(rf"\b(?:{_SMALL})\b")
_COMPOUND = re.compile(rf"\b({'|'.join(TENS)})[ -]({'|'.join(list(ONES)[1:_TEN])})\b")
_HALF = re.compile(rf"\b(\d+|{_SMALL}) and a half\b")
_POINT = re.compile(rf"\b(\d+|{_SMALL}) point ((?:(?:\d+|{_SMALL})\b ?)+)")
_NO_NUMBER = re.compile(r"\b(?:the|that|this|which|another|any)(?: (?!is\b)[a-z]+)? one\b")
"""The blue one is not a number."""

_COUNTED = {"a couple of": "two", "a couple": "two", "half a dozen": "six", "a dozen": "twelve"}


def number(text: str) -> float | None:
    """Return the only number in the text, in digits or in words."""
    words = _NO_NUMBER.sub(" ", plain(text))
    for spoken, same in _COUNTED.items():
        words = re.sub(rf"\b{spoken}\b", same, words)
    if fraction := _fraction(words):
        return fraction
    found = [_value(match[0]) for match in _NUMERAL.finditer(words)] + _spelled(words)
    return found[0] if len(set(found)) == 1 else None


def in_digits(words: str) -> str:
    """Return the words with every number below a hundred in digits: "twenty five" is "25"."""
    words = _COMPOUND.sub(lambda m: str(TENS[m[1]] + ONES[m[2]]), words)
    return _WORD.sub(lambda m: str(_digit(m[0])), words)


def ordinal(word: str) -> int | None:
    """Return the place that a word such as "third", "3rd" or "three" names."""
    digits = _ORDINAL.fullmatch(word)
    if digits:
        return int(digits[1])
    return _ORDINALS.get(word, ONES.get(word, TENS.get(word)))


def _fraction(words: str) -> float | None:
    """Return "three and a half" or "three point five"."""
    if match := _HALF.search(words):
        return _digit(match[1]) + 0.5
    if match := _POINT.search(words):
        digits = "".join(str(_digit(word)) for word in match[2].split())
        return float(f"{_digit(match[1])}.{digits}")
    return None


def _digit(word: str) -> int:
    return int(word) if word.isdigit() else ONES.get(word, TENS.get(word, 0))


def _value(digits: str) -> float:
    # A comma before exactly three digits groups thousands; any other comma is a decimal one.
    whole, *parts = re.sub(r",(?=\d{3}(?:\D|$))", "", digits).replace(",", ".").split(".")
    return float(".".join([whole, "".join(parts)]))


def _spelled(text: str) -> list[float]:
    """Return the numbers in words: "two hundred and five" is one, "four or five" are two."""
    found: list[float] = []
    run: list[str] = []
    for word in [*plain(text).replace("-", " ").split(), "."]:
        belongs = word in ONES or word in TENS or (bool(run) and word in (*_SCALES, "and"))
        if belongs and not _starts_anew(run, word):
            run.append(word)
            continue
        if run:
            found.append(_sum(run))
        run = [word] if belongs else []
    return found


def _starts_anew(run: list[str], word: str) -> bool:
    """Tell whether the word cannot continue the number: "five six", "twenty thirty"."""
    last = run[-1] if run else "and"
    if word in ONES:
        return last in ONES or (last in TENS and not 0 < ONES[word] < _TEN)
    return word in TENS and (last in ONES or last in TENS)


def _sum(run: list[str]) -> float:
    total = group = 0
    for word in run:
        if word not in _SCALES:
            group += ONES.get(word, TENS.get(word, 0))
        elif _SCALES[word] == _HUNDRED:
            group *= _HUNDRED
        else:
            total, group = total + group * _SCALES[word], 0
    return float(total + group)
