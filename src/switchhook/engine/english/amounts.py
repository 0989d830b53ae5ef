"""Money, shares, measures and plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from switchhook.engine.english.numerals import amount, cardinal, digits, ordinal, year
from switchhook.engine.english.rules import NUMBER, Rule, exact, rule

_CURRENCIES: dict[str, tuple[str, str, str, str]] = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}
_CODES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_MAGNITUDES = {
    "k": "thousand",
    "thousand": "thousand",
    "m": "million",
    "million": "million",
    "b": "billion",
    "bn": "billion",
    "billion": "billion",
    "trillion": "trillion",
}
_UNITS = {
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "km": ("kilometer", "kilometers"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "m": ("meter", "meters"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ml": ("milliliter", "milliliters"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "GB": ("gigabyte", "gigabytes"),
    "MB": ("megabyte", "megabytes"),
    "TB": ("terabyte", "terabytes"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "kW": ("kilowatt", "kilowatts"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
}
_FRACTIONS = {
    "1/2": "half",
    "½": "half",
    "1/3": "third",
    "⅓": "third",
    "1/4": "quarter",
    "¼": "quarter",
    "2/3": "two thirds",
    "⅔": "two thirds",
    "3/4": "three quarters",
    "¾": "three quarters",
}
_PER = {
    "month": "month", "mo": "month", "year": "year", "yr": "year", "week": "week", "wk": "week",
    "day": "day", "night": "night", "hour": "hour", "hr": "hour", "h": "hour", "minute": "minute",
    "min": "minute", "person": "person", "kg": "kilogram", "lb": "pound", "unit": "unit",
}  # fmt: skip
_LABELS = [
    "code",
    "pin",
    "zip",
    "number",
    "order",
    "account",
    "reference",
    "extension",
    "ext",
    "room",
    "flight",
    "id",
]
_LONGEST_SPOKEN = 6
"""Digits without separators above which a number is a code rather than a count."""

_SIGN = r"(?P<minus>(?<![\w)])[-−])?"  # noqa: RUF001
_MAGNITUDE = r"(?P<magnitude>\s(?:thousand|million|billion|trillion)\b|(?:k|m|bn?)(?!\w))"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SYMBOL = _any_of(_CURRENCIES)
_CODE = _any_of(_CODES)
_AFTER_LABEL = "|".join(
    rf"(?<=\b{label}{link})" for label in _LABELS for link in (" ", " is ", ": ", " number ")
)


def _minus(found: re.Match[str]) -> str:
    return "minus " if found["minus"] else ""


def _price(found: re.Match[str]) -> str:
    symbol = found["symbol"].strip()
    currency = _CURRENCIES[_CODES.get(symbol.upper(), symbol)]
    if found["magnitude"]:
        magnitude = _MAGNITUDES[found["magnitude"].strip().lower()]
        return f"{_minus(found)}{amount(found['number'])} {magnitude} {currency[1]}"
    return _minus(found) + _coins(found["number"], currency)


def _coins(number: str, currency: tuple[str, str, str, str]) -> str:
    """Return an amount of money with its small change."""
    one, many, one_part, many_parts = currency
    whole, _, part = number.replace(",", "").partition(".")
    if len(part) > 2:  # noqa: PLR2004 - finer than the small change
        return f"{amount(number)} {many}"
    cents = int(part.ljust(2, "0")) if part else 0
    words: list[str] = []
    if int(whole) or not cents:
        words.append(f"{cardinal(int(whole))} {one if int(whole) == 1 else many}")
    if cents:
        words.append(f"{cardinal(cents)} {one_part if cents == 1 else many_parts}")
    return " and ".join(words)


def _percent(found: re.Match[str]) -> str:
    return f"{_minus(found)}{amount(found['number'])} percent"


def _measure(found: re.Match[str]) -> str:
    one, many = _UNITS[found["unit"]]
    # "a 5-km run" is a five kilometer run.
    single = found["number"] == "1" or found["link"] == "-"
    return f"{_minus(found)}{amount(found['number'])} {one if single else many}"


def _fraction(found: re.Match[str]) -> str:
    part = _FRACTIONS[found["part"]]
    single = " " not in part
    if found["whole"]:
        return f"{cardinal(int(found['whole']))} and {'a ' * single}{part}"
    return f"{'one ' * single}{part}"


def _number(found: re.Match[str]) -> str:
    number = found["number"]
    if number.isdecimal() and len(number) > _LONGEST_SPOKEN:
        return digits(number)
    return _minus(found) + amount(number)


def _dotted(found: re.Match[str]) -> str:
    return " point ".join(amount(part) for part in found[0].split("."))


RULES: tuple[Rule, ...] = (
    rule(
        rf"{_SIGN}(?P<symbol>{_SYMBOL}|\b(?:{_CODE})\s)\s?(?P<number>{NUMBER}){_MAGNITUDE}?",
        _price,
    ),
    rule(
        rf"{_SIGN}(?<![\w.])(?P<number>{NUMBER}){_MAGNITUDE}?\s?(?P<symbol>{_SYMBOL}|(?:{_CODE})\b)",
        _price,
    ),
    exact(rf"{_SIGN}(?<![\w.])(?P<number>{NUMBER})\s?%", _percent),
    rule(r"(?<![\w.])(\d+)(?:st|nd|rd|th)\b", lambda found: ordinal(int(found[1]))),
    exact(
        r"(?<![\w./])(?:(?P<whole>\d+)(?:\s|(?=[½⅓¼⅔¾])))?"
        r"(?P<part>[½⅓¼⅔¾]|1/[234]|2/3|3/4)(?![\w/])",
        _fraction,
    ),
    rule(rf"(?:{_AFTER_LABEL})\d{{3,}}(?![\w.,]\w|\w)", lambda found: digits(found[0])),
    exact(
        rf"{_SIGN}(?<![\w.])(?P<number>{NUMBER})(?P<link>[\s-]?)(?P<unit>"
        rf"{_any_of(_UNITS)})(?![\w/])",
        _measure,
    ),
    rule(
        r"(?:(?<=\bin )|(?<=\bsince )|(?<=\bby )|(?<=\buntil )|(?<=\bfrom )|(?<=\byear )"
        r"|(?<=\bof )|(?<=\bbefore )|(?<=\bafter )|(?<=\bspring )|(?<=\bsummer )|(?<=\bfall ))"
        r"(1[1-9]\d\d|20\d\d)(?![\w,.]\d|\w)",
        lambda found: year(int(found[1])),
    ),
    exact(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)", _dotted),
    exact(r"\b24/7\b", lambda _: "twenty-four seven"),
    rule(
        rf"(?<=\w)\s?/\s?({'|'.join(_PER)})\b",
        lambda found: f" per {_PER[found[1].lower()]}",
    ),
    exact(r"(?<=[\d%mM])\s?[-–]\s?(?=[$€£¥₹]?\d)", lambda _: " to "),  # noqa: RUF001
    exact(rf"{_SIGN}(?<![\w.])(?P<number>{NUMBER})(?!\w)", _number),
    exact(r"(?<![\w.])\.(\d+)(?!\w)", lambda found: f"point {digits(found[1])}"),
)
