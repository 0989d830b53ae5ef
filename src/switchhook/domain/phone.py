"""Telephone numbers: what may be written, what it means, what is only an example."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, connects_to_emergency_number

from switchhook.domain.errors import InvalidInput

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SEPARATORS = re.compile(r"[\s().\-\u00a0\u2010-\u2015]")
_EXTENSION = re.compile(r"(?:ext(?:n|ension)?\.?|[x#;,])[\s=:]*\d+\s*$", re.IGNORECASE)

# Area code 555 is assigned to nobody, and 555-01xx is kept for fiction in every area code.
_FICTIONAL = re.compile(r"\+1(?:555[0-9]{7}|(?:[0-9]{3})?55501[0-9]{2})")

# The numbers that the documentation of compatible calling APIs shows as examples.
EXAMPLES = frozenset({"+1234567890", "+0987654321", "+11234567890", "+12673624524"})

LOOPBACK_NUMBER = "+15550100000"
"""Whom the loopback line calls from when nobody said otherwise."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What can be known of a number without any network."""

    e164: str
    region: str | None
    kind: str
    valid: bool
    fictional: bool


def normalise(text: str, *, field: str) -> str:
    """Return the number in E.164, or say what is wrong with it."""
    if text in EXAMPLES:
        return text
    if _EXTENSION.search(text.strip()):
        raise InvalidInput(
            f"{field} has an extension, which cannot be dialled",
            field=field,
            hint="call the main number and let the agent press the digits",
        )
    number = _SEPARATORS.sub("", text)
    if not _E164.fullmatch(number):
        raise InvalidInput(
            f"{field} is not a telephone number in international form: {text[:40]!r}",
            field=field,
            hint="write + and the country code, for example +14155550123",
        )
    return number


def is_fictional(number: str) -> bool:
    """Tell whether the number exists only in examples, so that no telephone can ring."""
    return number in EXAMPLES or _FICTIONAL.fullmatch(number) is not None


def look_up(number: str) -> Phone:
    """Return region, kind and validity of a normalised number."""
    if number in EXAMPLES:
        return Phone(number, region="US", kind="fictional", valid=True, fictional=True)
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return Phone(number, None, "unknown", valid=False, fictional=is_fictional(number))
    if is_fictional(number):
        return Phone(number, region="US", kind="fictional", valid=True, fictional=True)
    region = phonenumbers.region_code_for_number(parsed)
    kind = PhoneNumberType.to_string(phonenumbers.number_type(parsed)).lower()
    return Phone(number, region, kind, phonenumbers.is_valid_number(parsed), fictional=False)


@lru_cache(maxsize=1024)  # the gate asks twice for every call, and the library takes its time
def reaches_emergency(number: str, home: str | None = None) -> bool:
    """Tell whether the national part alone would reach an emergency desk, there or at home.

    A number that is complete and valid is dialled with its country code and reaches its owner,
    even where it begins with an emergency number, as those of Paris and Colombo do.
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return False
    if phonenumbers.is_valid_number(parsed):
        return False
    national = phonenumbers.national_significant_number(parsed)
    regions = {home, *phonenumbers.region_codes_for_country_code(parsed.country_code or 0)}
    return any(connects_to_emergency_number(national, region) for region in regions if region)


def masked(number: str) -> str:
    """Return the number as logs may show it."""
    return f"{number[:5]}***{number[-4:]}" if len(number) > 9 else "***"  # noqa: PLR2004
