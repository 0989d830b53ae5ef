"""The gate before every outbound call."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from pydantic import ValidationError

from switchhook.domain.errors import DialRefused, LimitReached, SwitchedOff
from switchhook.domain.phone import EXAMPLES
from switchhook.domain.policy import (
    Caps,
    DialFacts,
    Policy,
    Usage,
    authorize_dial,
    authorize_message,
    examine,
)

MOBILE = "+14155552671"
EVERYWHERE = Policy(allowed_regions=tuple(sorted(phonenumbers.SUPPORTED_REGIONS)))
SATELLITES = ("+870", "+878", "+881", "+882", "+883", "+979")
COSTLY = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.PAGER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
    PhoneNumberType.UNKNOWN,
}


def facts(to: str = MOBILE, **changes: Any) -> DialFacts:
    plain: dict[str, Any] = {"to_number": to, "from_number": MOBILE, "simulated": False}
    return DialFacts(**plain | changes)


def refused_by(policy: Policy, asked: DialFacts) -> str | None:
    try:
        authorize_dial(policy, asked)
    except DialRefused as refused:
        return refused.rule if refused.hint else "a refusal without a hint"
    return None


def examples() -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                found.append((phonenumbers.format_number(number, PhoneNumberFormat.E164), kind))
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        number = phonenumbers.example_number_for_non_geo_entity(code)
        if number is not None:
            found.append((f"+{code}{number.national_number}", phonenumbers.number_type(number)))
    return found


def test_a_plain_call_in_the_own_country_passes() -> None:
    assert refused_by(Policy(), facts()) is None
    assert all(finding.passed and finding.message for finding in examine(Policy(), facts()))


def test_no_example_number_of_a_costly_kind_passes_anywhere() -> None:
    numbers = examples()
    assert len(numbers) > 1000
    for number, kind in numbers:
        parsed = phonenumbers.parse(number, None)
        costly = phonenumbers.number_type(parsed) in COSTLY
        satellite = number.startswith(SATELLITES)
        passed = refused_by(EVERYWHERE, facts(number)) is None
        assert not (passed and (costly or satellite)), (number, kind)


def test_ordinary_example_numbers_pass_where_their_region_is_allowed() -> None:
    ordinary = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE}
    for number, kind in examples():
        if kind in ordinary and not number.startswith(SATELLITES):
            assert refused_by(EVERYWHERE, facts(number)) is None, number


def test_only_the_callers_own_region_is_allowed_by_default() -> None:
    for number, _ in examples():
        if refused_by(Policy(), facts(number)) is None:
            assert phonenumbers.region_code_for_number(phonenumbers.parse(number)) == "US"


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_no_number_passes_that_is_not_valid_or_lies_elsewhere(number: str) -> None:
    if number in EXAMPLES or refused_by(Policy(), facts(number)) is not None:
        return
    parsed = phonenumbers.parse(number, None)
    fictional = number.startswith("+1") and "555" in number
    assert fictional or phonenumbers.region_code_for_number(parsed) == "US"


@given(st.text(max_size=20))
def test_the_gate_answers_to_any_text(number: str) -> None:
    findings = list(examine(EVERYWHERE, facts(number, simulated=True)))
    assert findings[0].rule == "calls_enabled"


def test_plus_one_is_not_the_united_states() -> None:
    assert refused_by(Policy(), facts("+18765551234")) == "region"
    assert refused_by(Policy(allowed_regions=("jm",)), facts("+18765551234")) is None


@pytest.mark.parametrize(
    "number",
    ["911", "112", "999", "110", "000", "108", "988", "933", "411", "*67911", "9911", "1911",
     "+911", "+112", "+1911", "0112", "+1911123", "+44999"],
)  # fmt: skip
def test_emergency_and_service_numbers_are_refused_even_on_the_loopback_line(number: str) -> None:
    for simulated in (True, False):
        assert refused_by(EVERYWHERE, facts(number, simulated=simulated)) == "emergency"


@pytest.mark.parametrize("number", ["+14155552671x5", "abc", "", "4155552671"])
def test_what_is_no_number_ends_the_examination(number: str) -> None:
    findings = list(examine(Policy(), facts(number)))
    assert (findings[-1].rule, findings[-1].passed) == ("number", False)


@pytest.mark.parametrize("number", ["+19005551234", "+449098790879", "+88213300655", "+8816123456"])
def test_premium_and_satellite_numbers_are_refused(number: str) -> None:
    assert refused_by(EVERYWHERE, facts(number)) == "number_type"


def test_a_number_that_cannot_exist_is_refused() -> None:
    assert refused_by(EVERYWHERE, facts("+13455551234")) == "number_type"


def test_a_known_kind_of_an_invalid_number_is_refused() -> None:
    findings = {f.rule: f for f in examine(EVERYWHERE, facts("+4919001234567"))}
    assert not findings["number_type"].passed


@pytest.mark.parametrize("example", [*sorted(EXAMPLES), "+15550100123"])
def test_fictional_numbers_pass_whatever_the_regions(example: str) -> None:
    assert refused_by(Policy(allowed_regions=("DE",)), facts(example, simulated=True)) is None


def test_without_a_from_number_only_the_loopback_line_reaches_everybody() -> None:
    assert refused_by(Policy(), facts("+4915123456789", from_number=None, simulated=True)) is None
    assert refused_by(Policy(), facts(from_number=None)) == "region"
    assert refused_by(Policy(), facts(from_number="+999")) == "region"
    assert refused_by(EVERYWHERE, facts(from_number=None)) is None


def test_a_wish_not_to_be_called_is_respected() -> None:
    assert refused_by(Policy(), facts(do_not_call=True)) == "do_not_call"


@pytest.mark.parametrize(
    ("used", "rule"),
    [
        (Usage(concurrent=5), "concurrent_calls"),
        (Usage(last_second=1), "calls_per_second"),
        (Usage(last_hour=60), "calls_per_hour"),
        (Usage(last_day=200), "calls_per_day"),
        (Usage(callee_last_day=3), "calls_per_callee"),
    ],
)
def test_each_cap_has_its_code_and_says_when_to_try_again(used: Usage, rule: str) -> None:
    with pytest.raises(LimitReached) as refused:
        authorize_dial(Policy(), facts(usage=used))
    assert refused.value.rule == rule
    assert refused.value.status == 429
    assert refused.value.facts()["retry_after_seconds"] > 0
    assert refused_by(Policy(), facts(usage=used, simulated=True)) is None
    assert refused_by(Policy(simulated_caps=Caps()), facts(usage=used, simulated=True)) == rule


def test_the_kill_switch_comes_first_and_is_a_503() -> None:
    with pytest.raises(SwitchedOff) as refused:
        authorize_dial(Policy(calls_enabled=False), facts("911"))
    assert refused.value.status == 503
    assert refused.value.facts()["retry_after_seconds"] == 300


def test_a_region_has_two_letters() -> None:
    assert Policy(allowed_regions=("us",)).allowed_regions == ("US",)
    with pytest.raises(ValidationError):
        Policy(allowed_regions=("Jamaica",))


def test_a_message_is_let_pass_by_the_rules_of_a_call_but_for_its_limits() -> None:
    busy = facts(usage=Usage(concurrent=99, last_day=9999))

    authorize_message(EVERYWHERE, busy)

    for asked, rule in [
        (facts(do_not_call=True), "do_not_call"),
        (facts("911"), "emergency"),
        (facts("nobody"), "number"),
        (facts("+19002345678"), "number_type"),
    ]:
        with pytest.raises(DialRefused) as refused:
            authorize_message(EVERYWHERE, asked)
        assert refused.value.rule == rule
    with pytest.raises(SwitchedOff):
        authorize_message(Policy(calls_enabled=False), facts())
    with pytest.raises(DialRefused):
        authorize_message(Policy(allowed_regions=("DE",)), facts("+16502530000"))
