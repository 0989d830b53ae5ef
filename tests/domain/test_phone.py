"""What may be written as a telephone number, and what it means."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from switchhook.domain import phone
from switchhook.domain.errors import InvalidInput


@pytest.mark.parametrize(
    "written",
    ["+14155552671", "+1 415 555 2671", "+1 (415) 555-2671", "+1.415.555.2671", "+1–415–5552671"],  # noqa: RUF001 - people paste dashes
)
def test_one_number_is_written_in_many_ways(written: str) -> None:
    assert phone.normalise(written, field="to") == "+14155552671"


@pytest.mark.parametrize("example", sorted(phone.EXAMPLES))
def test_the_examples_of_the_documentations_are_numbers(example: str) -> None:
    assert phone.normalise(example, field="to") == example
    assert phone.is_fictional(example)
    assert phone.look_up(example).valid


@pytest.mark.parametrize(
    "written",
    ["+14155552671x5", "+14155552671 ext. 5", "+1 415 555 2671 #12", "+14155552671;ext=5"],
)
def test_an_extension_is_refused_and_not_dropped(written: str) -> None:
    with pytest.raises(InvalidInput, match="extension") as refused:
        phone.normalise(written, field="to")
    assert refused.value.field == "to"


@pytest.mark.parametrize(
    "written",
    ["", "+", "4155552671", "004915123456789", "+0415555267", "+1415555267\u0661", "+12345",
     "+1" * 9, "<string>", "tel:+14155552671"],
)  # fmt: skip
def test_nothing_else_is_a_number(written: str) -> None:
    with pytest.raises(InvalidInput, match="international form"):
        phone.normalise(written, field="from")


@pytest.mark.parametrize(
    "number", ["+15550100123", "+12125550199", "+15550123", "+15551234567", "+1234567890"]
)
def test_fictional_numbers_ring_nowhere(number: str) -> None:
    found = phone.look_up(phone.normalise(number, field="to"))
    assert (found.fictional, found.valid, found.region, found.kind) == (
        True,
        True,
        "US",
        "fictional",
    )


@pytest.mark.parametrize("number", ["+14155552671", "+12125550200", "+4915550100123"])
def test_other_numbers_are_real(number: str) -> None:
    assert not phone.is_fictional(number)


def test_a_prefix_is_not_a_region() -> None:
    assert phone.look_up("+14155552671").region == "US"
    assert phone.look_up("+18765551234").region == "JM"
    cayman = phone.look_up("+13455551234")
    assert (cayman.region, cayman.valid) == ("KY", False)


def test_what_cannot_be_parsed_is_unknown() -> None:
    nothing = phone.look_up("+999")
    assert (nothing.valid, nothing.region, nothing.kind) == (False, None, "unknown")


def test_a_valid_number_reaches_its_owner_even_if_it_begins_like_an_emergency() -> None:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        if example is not None:
            number = phonenumbers.format_number(example, PhoneNumberFormat.E164)
            assert not phone.reaches_emergency(number, "US")
    assert not phone.reaches_emergency("+33153456789")


@pytest.mark.parametrize("number", ["+1911123", "+49112", "+44999", "+1911", "+331512"])
def test_a_short_national_part_reaches_an_emergency_desk(number: str) -> None:
    assert phone.reaches_emergency(number)


def test_the_callers_own_emergency_desk_counts_too() -> None:
    assert not phone.reaches_emergency("+3991199")
    assert phone.reaches_emergency("+3991199", "US")
    assert not phone.reaches_emergency("no number")


def test_a_log_shows_only_the_ends_of_a_number() -> None:
    assert phone.masked("+14155552671") == "+1415***2671"
    assert phone.masked("+1555") == "***"
