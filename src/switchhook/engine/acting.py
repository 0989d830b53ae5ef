"""What becomes of an action the mind wants: done at once, begun, or refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from switchhook.domain.outcome import Evidence, FieldResult, Verdict
from switchhook.engine.dialogue import Deed
from switchhook.engine.errands import MOST
from switchhook.engine.offers import Offer, Own, arguments
from switchhook.engine.thoughts import BringIn, Farewell, HandOver, MindAction, Move, Press

_DIGITS = re.compile(r"[0-9*#wW]{1,32}")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


@dataclass(slots=True)
class Notes:
    """The answers that the mind wrote down, each with the words of the callee that prove it."""

    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    taken: dict[str, FieldResult] = field(default_factory=dict[str, FieldResult])
    evidence: Evidence | None = None
    """What the callee said last."""
    farewell: Farewell = field(default_factory=Farewell)

    def said(self, line: int, text: str) -> None:
        """Note what the callee said last."""
        self.evidence = Evidence(line=line, quote=text)


class Told(Enum):
    """How much the result of an action matters to the mind."""

    READ = auto()
    """It must read it before it goes on."""
    NOTED = auto()
    """It knows the result already, and goes on unless it has said something."""
    DONE = auto()
    """There is nothing to say about it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be done as it was written."""

    deed: Deed
    problem: str


@dataclass(frozen=True, slots=True)
class Settled:
    """It is done."""

    deed: Deed
    moves: tuple[Move, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class Leaving:
    """It was the last."""

    deed: Deed
    farewell: Farewell


@dataclass(frozen=True, slots=True)
class Started:
    """It goes on beside the conversation."""

    deed: Deed
    offer: Offer
    arguments: Mapping[str, Any]


Result = Refused | Settled | Leaving | Started


def verdict(event: MindAction, offers: Sequence[Offer], notes: Notes, *, started: int) -> Result:
    """Return what becomes of an action; only what was offered before the call is ever done."""
    deed = Deed(event.call_id, event.name, event.arguments)
    offer = next((offer for offer in offers if offer.name == event.name), None)
    if offer is None:
        return Refused(deed, "there is no such action")
    try:
        given = arguments(event.arguments)
    except ValueError:
        return Refused(deed, "the arguments are not a JSON object")
    own = _OWN.get(offer.name)
    if own is not None:
        return own(deed, given, notes, offer)
    if started >= MOST:
        return Refused(deed, "too many actions in one call")
    return Started(deed, offer, given)


def _end(deed: Deed, given: Mapping[str, Any], notes: Notes, offer: Offer) -> Result:
    del offer
    said = given.get("outcome")
    found = Verdict(said) if said in list(Verdict) else Verdict.UNKNOWN
    notes.farewell = Farewell(found, str(given.get("summary") or ""))
    deed.result = "the call ends once you were heard"
    return Leaving(deed, notes.farewell)


def _press(deed: Deed, given: Mapping[str, Any], notes: Notes, offer: Offer) -> Result:
    del notes, offer
    digits = str(given.get("digits", ""))
    if not _DIGITS.fullmatch(digits):
        return Refused(deed, "digits are 1 to 32 of 0-9, * and #, with w for a pause")
    deed.result = f"pressed {digits}"
    return Settled(deed, (Press(digits),), Told.DONE)


def _consult(deed: Deed, given: Mapping[str, Any], notes: Notes, offer: Offer) -> Result:
    del notes
    question = given.get("question")
    if not isinstance(question, str) or not question.strip():
        return Refused(deed, "question is what they are to answer")
    return Started(deed, offer, {"question": question.strip()})


def _transfer(deed: Deed, given: Mapping[str, Any], notes: Notes, offer: Offer) -> Result:
    del notes
    to, known = str(given.get("to", "")), offer.schema["properties"].get("to", {}).get("enum", ())
    if to not in ("", *known):
        return Refused(deed, f"to is one of {', '.join(known) or 'nobody: leave it out'}")
    deed.result = "the callee waits and is connected; if nobody takes the call, you are told"
    return Settled(deed, (HandOver(to, str(given.get("about") or "")),), Told.DONE)


def _bring_in(deed: Deed, given: Mapping[str, Any], notes: Notes, offer: Offer) -> Result:
    del notes
    to, known = str(given.get("to", "")), offer.schema["properties"].get("to", {}).get("enum", ())
    if to not in (known or ("",)):
        return Refused(deed, f"to is one of {', '.join(known) or 'nobody: leave it out'}")
    deed.result = "they are called; you are told when they pick up, or that they do not"
    return Settled(deed, (BringIn(to),), Told.DONE)


def _set_hold(deed: Deed, given: Mapping[str, Any], notes: Notes, offer: Offer) -> Result:
    del notes
    on = given.get("on")
    if not isinstance(on, bool):
        return Refused(deed, "on is true or false")
    return Started(deed, offer, {"on": on})


def _note(deed: Deed, given: Mapping[str, Any], notes: Notes, offer: Offer) -> Result:
    del offer
    name, value = given.get("field"), given.get("value")
    schema = notes.fields.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or schema is None:
        return Refused(deed, f"field is one of {', '.join(sorted(notes.fields))}")
    if not _fits(value, schema):
        return Refused(deed, f"the value does not fit the field {name}")
    notes.taken[name] = FieldResult(value=value, known=True, evidence=notes.evidence)
    deed.result = "noted"
    return Settled(deed, (), Told.NOTED)


_OWN: dict[str, Callable[[Deed, Mapping[str, Any], Notes, Offer], Result]] = {
    Own.END_CALL: _end,
    Own.SEND_DIGITS: _press,
    Own.TRANSFER_CALL: _transfer,
    Own.ADD_TO_CONFERENCE: _bring_in,
    Own.SET_HOLD: _set_hold,
    Own.TAKE_NOTE: _note,
    Own.ASK_PRINCIPAL: _consult,
}


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    choices = schema.get("enum")
    if choices is not None:
        return value in choices
    types = _TYPES.get(schema.get("type", ""))
    if isinstance(value, bool) and types is not None:
        return bool in types
    return types is None or isinstance(value, types)
