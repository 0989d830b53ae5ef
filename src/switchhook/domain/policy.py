"""Whether a number may be dialled now.

`authorize_dial` is the one gate before every outbound leg; `examine` is the same gate, told rule
by rule, for somebody who wants to know beforehand. Counting is the store's work: the facts come
in, the verdict goes out.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from switchhook.domain.errors import DialRefused, InvalidInput, LimitReached, SwitchedOff
from switchhook.domain.phone import Phone, look_up, normalise, reaches_emergency
from switchhook.domain.values import Frozen

KILL_SWITCH = "calls_enabled"

_SERVICE_CODES = re.compile(
    r"000|10[0-38]|11[0-35-9]|12[02]|144|19[02-49]|[2-8]11|911|933|988|99[5789]"
)
_PREFIXED = re.compile(r"(?:\*[0-9]{2}|0|1|9)?([0-9]{3})")
_REFUSED_KINDS = frozenset(
    {"premium_rate", "shared_cost", "uan", "pager", "personal_number", "voicemail", "unknown"}
)
_REFUSED_COUNTRY_CODES = ("+870", "+878", "+881", "+882", "+883", "+979")


class Caps(Frozen):
    """How much an account may call; nothing means no limit."""

    concurrent: int | None = Field(default=5, ge=0)
    per_second: int | None = Field(default=1, ge=0)
    per_hour: int | None = Field(default=60, ge=0)
    per_day: int | None = Field(default=200, ge=0)
    per_callee_per_day: int | None = Field(default=3, ge=0)


UNCAPPED = Caps(
    concurrent=None, per_second=None, per_hour=None, per_day=None, per_callee_per_day=None
)


Region = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}$")]
"""Two letters as in ISO 3166."""


class Policy(Frozen):
    """What an account may dial; simulated calls ring nowhere and have caps of their own."""

    calls_enabled: bool = True
    allowed_regions: tuple[Region, ...] | None = None
    caps: Caps = Caps()
    simulated_caps: Caps = UNCAPPED


@dataclass(frozen=True, slots=True)
class Usage:
    """What the account has already called."""

    concurrent: int = 0
    last_second: int = 0
    last_hour: int = 0
    last_day: int = 0
    callee_last_day: int = 0


@dataclass(frozen=True, slots=True)
class DialFacts:
    """Everything the gate looks at."""

    to_number: str
    from_number: str | None
    simulated: bool
    do_not_call: bool = False
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says; `hint` is the way out when it says no."""

    rule: str
    passed: bool
    message: str
    hint: str = ""
    field: str = "to"
    retry_after: int | None = None

    def refusal(self) -> DialRefused:
        """Return the error that a failed rule raises."""
        if self.retry_after is None:
            return DialRefused(self.rule, self.message, hint=self.hint, field=self.field)
        error = SwitchedOff if self.rule == KILL_SWITCH else LimitReached
        return error(
            self.rule,
            self.message,
            hint=self.hint,
            retry_after=self.retry_after,
            field=self.field,
        )


def authorize_dial(policy: Policy, facts: DialFacts) -> None:
    """Let the dial pass, or raise what the first rule against it says."""
    for finding in examine(policy, facts):
        if not finding.passed:
            raise finding.refusal()


def examine(policy: Policy, facts: DialFacts) -> Iterator[Finding]:
    """Yield what each rule says; a number that cannot be read ends the examination."""
    readable = yield from _examine_number(policy, facts)
    if readable:
        yield from _caps(policy.simulated_caps if facts.simulated else policy.caps, facts.usage)


def authorize_message(policy: Policy, facts: DialFacts) -> None:
    """Let a written message pass, or raise what the first rule against it says.

    The rules are those of a call, but for what limits calls.
    """
    for finding in _examine_number(policy, facts):
        if not finding.passed:
            raise finding.refusal()


def _examine_number(policy: Policy, facts: DialFacts) -> Generator[Finding, None, bool]:
    """Yield what the rules about whom say; return whether the number could be read."""
    yield _kill_switch(policy)
    yield _emergency(facts)
    try:
        phone = look_up(normalise(facts.to_number, field="to"))
    except InvalidInput as unreadable:
        yield Finding(
            "number", passed=False, message=unreadable.message, hint=unreadable.hint or ""
        )
        return False
    yield Finding("number", passed=True, message="the number is in international form")
    yield _kind(phone)
    yield _region(policy, facts, phone)
    yield _do_not_call(facts)
    return True


def _kill_switch(policy: Policy) -> Finding:
    if policy.calls_enabled:
        return Finding(KILL_SWITCH, passed=True, message="calling is switched on")
    return Finding(
        KILL_SWITCH,
        passed=False,
        message="calling is switched off for this account",
        hint="an administrator can switch it on again with calls_enabled",
        retry_after=300,
    )


def _emergency(facts: DialFacts) -> Finding:
    digits = re.sub(r"[^0-9*]", "", facts.to_number)
    short = _PREFIXED.fullmatch(digits)
    home = look_up(facts.from_number).region if facts.from_number else None
    if (short and _SERVICE_CODES.fullmatch(short[1])) or reaches_emergency(facts.to_number, home):
        return Finding(
            "emergency",
            passed=False,
            message="emergency and service numbers are never dialled",
            hint="in an emergency, call from a telephone yourself",
        )
    return Finding("emergency", passed=True, message="this is no emergency or service number")


def _kind(phone: Phone) -> Finding:
    if not phone.valid:
        return Finding(
            "number_type",
            passed=False,
            message="no telephone can have this number",
            hint="check the digits and the country code",
        )
    if phone.e164.startswith(_REFUSED_COUNTRY_CODES) or phone.kind in _REFUSED_KINDS:
        kind = phone.kind.replace("_", " ")
        return Finding(
            "number_type",
            passed=False,
            message=f"{kind} numbers like this one are not dialled, because of what they can cost",
            hint="call a fixed line or a mobile number",
        )
    return Finding("number_type", passed=True, message=f"the number is {phone.kind}")


def _region(policy: Policy, facts: DialFacts, phone: Phone) -> Finding:
    allowed = policy.allowed_regions
    if phone.fictional:
        return Finding("region", passed=True, message="an example number rings nowhere")
    if allowed is None and facts.from_number is None and facts.simulated:
        return Finding("region", passed=True, message="the loopback line reaches every region")
    if allowed is None:
        home = look_up(facts.from_number).region if facts.from_number else None
        allowed = (home,) if home else ()
    if phone.region in allowed:
        return Finding("region", passed=True, message=f"calls to {phone.region} are allowed")
    return Finding(
        "region",
        passed=False,
        message=f"calls to {phone.region or 'an unknown region'} are not allowed"
        f" (allowed: {', '.join(allowed) or 'none'})",
        hint="call from a number of that region, or let an administrator set allowed_regions",
    )


def _do_not_call(facts: DialFacts) -> Finding:
    if facts.do_not_call:
        return Finding(
            "do_not_call",
            passed=False,
            message="this person asked not to be called",
            hint="respect it; only an administrator can remove a number from the list",
        )
    return Finding("do_not_call", passed=True, message="the number is not on the do-not-call list")


def _caps(caps: Caps, usage: Usage) -> Iterator[Finding]:
    yield _cap("concurrent_calls", caps.concurrent, usage.concurrent, "at the same time", 30)
    yield _cap("calls_per_second", caps.per_second, usage.last_second, "per second", 1)
    yield _cap("calls_per_hour", caps.per_hour, usage.last_hour, "per hour", 600)
    yield _cap("calls_per_day", caps.per_day, usage.last_day, "per day", 3600)
    yield _cap(
        "calls_per_callee",
        caps.per_callee_per_day,
        usage.callee_last_day,
        "per day to the same person",
        3600,
    )


def _cap(rule: str, limit: int | None, used: int, what: str, retry_after: int) -> Finding:
    if limit is None:
        return Finding(rule, passed=True, message=f"there is no limit of calls {what}")
    if used < limit:
        return Finding(rule, passed=True, message=f"{used} of {limit} calls {what} are used")
    return Finding(
        rule,
        passed=False,
        message=f"all {limit} calls {what} are used",
        hint="wait, or let an administrator raise the cap",
        retry_after=retry_after,
    )
