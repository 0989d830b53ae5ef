"""The sentences that the agent says by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The sentences of one language; braces are filled in."""

    disclosure: str
    disclosure_for: str
    purpose: str
    who: str
    nobody: str
    robot: str
    can_help: str
    relay: str
    confirm: str
    noted: str
    again: str
    skipped: str
    gladly: str
    which: str
    when: str
    later: str
    no_person: str
    not_reached: str
    caller_waits: str
    take_call: str
    caller_left: str
    no_orders: str
    are_you_there: str
    one_moment: str
    still_working: str
    nearly_over: str
    fallback: str
    apology: str
    wrong_number: str
    stop_calling: str
    goodbye: str


def filled(sentence: str, **values: str) -> str:
    """Return the sentence with its braces filled in and without a doubled full stop."""
    text = sentence
    for name, value in values.items():
        text = text.replace("{" + name + "}", value.strip())
    for end in "?!.":
        text = text.replace(end + ".", end).replace(end + "。", end)
    return text
