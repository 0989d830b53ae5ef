"""What the mind may do besides talking, and what it says about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, cast

from switchhook.domain.actions import (
    Action,
    AddToConference,
    CallApi,
    EndCall,
    OnModel,
    SendDigits,
    SetHold,
    TransferCall,
)

TOOL_PATIENCE = 15.0
"""Seconds an action may take, unless it says otherwise."""

PRINCIPAL_PATIENCE = 20
"""Seconds in which those the agent calls for may answer a question."""

_EMPTY: Mapping[str, Any] = MappingProxyType({"type": "object", "properties": {}})


class Own(StrEnum):
    """The actions that the engine carries out itself."""

    END_CALL = "end_call"
    SEND_DIGITS = "send_digits"
    TRANSFER_CALL = "transfer_call"
    ADD_TO_CONFERENCE = "add_to_conference"
    SET_HOLD = "set_hold"
    TAKE_NOTE = "take_note"
    ASK_PRINCIPAL = "ask_principal"


@dataclass(frozen=True, slots=True)
class Offer:
    """An action the mind may call.

    One with side effects goes on when the callee interrupts; `cancel_on_interruption` is for
    those that only look something up.
    """

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    patience: float = TOOL_PATIENCE
    cancel_on_interruption: bool = False


END_CALL = Offer(
    Own.END_CALL,
    "Hang up once what you are saying was heard. Say goodbye in the same answer.",
    {
        "type": "object",
        "properties": {
            "outcome": {"enum": ["achieved", "partial", "not_achieved", "unknown"]},
            "summary": {"type": "string"},
        },
    },
)
SEND_DIGITS = Offer(
    Own.SEND_DIGITS,
    "Press keys on the telephone, as in a menu; do not say that you press them.",
    {"type": "object", "properties": {"digits": {"type": "string"}}, "required": ["digits"]},
)
ASK_PRINCIPAL = Offer(
    Own.ASK_PRINCIPAL,
    "Ask those you call for, before you agree to something that they did not say they want. The"
    " callee does not hear it: say that you ask, and go on when you have read the answer. Where"
    " nobody answers, agree to nothing; say that you will call back.",
    {"type": "object", "properties": {"question": {"type": "string"}}, "required": ["question"]},
    patience=PRINCIPAL_PATIENCE,
)
_ABOUT = {"type": "string", "description": "What a person who takes the call is told first"}
TRANSFER_CALL = Offer(
    Own.TRANSFER_CALL,
    "Hand the callee over to a person of ours. Say so in the same answer, and nothing after it.",
    {"type": "object", "properties": {"about": _ABOUT}},
)
ADD_TO_CONFERENCE = Offer(
    Own.ADD_TO_CONFERENCE,
    "Call a third person and bring them into this call. Say so in the same answer, and nothing"
    " after it: you are told when they pick up, or that they do not.",
)
SET_HOLD = Offer(
    Own.SET_HOLD,
    "Put the callee on hold with music, or take them back: while you do something that takes"
    " longer, or to talk to a third person alone. Say so in the same answer.",
    {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]},
)


def offered(
    actions: Sequence[Action],
    result_schema: Mapping[str, Any] | None = None,
    more: Sequence[Offer] = (),
) -> tuple[Offer, ...]:
    """Return what the mind may do; hanging up, unless only a phrase is to do that."""
    ends = [action for action in actions if isinstance(action, EndCall)]
    offers = [END_CALL] if not ends or any(map(by_mind, ends)) else []
    holds = any(isinstance(action, AddToConference | SetHold) for action in actions)
    actions = [action for action in actions if by_mind(action)]
    if any(isinstance(action, SendDigits) for action in actions):
        offers.append(SEND_DIGITS)
    numbers = [action.phone_number for action in actions if isinstance(action, TransferCall)]
    if numbers:
        offers.append(transfer_to(numbers) if len(numbers) > 1 else TRANSFER_CALL)
    guests = [action.phone_number for action in actions if isinstance(action, AddToConference)]
    if guests:
        offers.append(bring_in(guests) if len(guests) > 1 else ADD_TO_CONFERENCE)
    if holds:
        offers.append(SET_HOLD)
    fields = (result_schema or {}).get("properties")
    if fields:
        offers.append(_note_of(fields))
    offers += [request_of(action) for action in actions if isinstance(action, CallApi)]
    return (*offers, *more)


def by_mind(action: Action) -> bool:
    """Tell whether the mind decides when."""
    return isinstance(action.trigger, OnModel)


def request_of(action: CallApi) -> Offer:
    """Return what the mind is told about a request to another system."""
    return Offer(action.name, action.description, action.input_schema)


def arguments(text: str) -> dict[str, Any]:
    """Return the arguments of a call; raise ValueError where they are not an object."""
    found: object = json.loads(text or "{}")
    if not isinstance(found, dict):
        raise ValueError("the arguments are not an object")  # noqa: TRY004 - one error for all that is malformed
    return cast("dict[str, Any]", found)


def bring_in(numbers: Sequence[str]) -> Offer:
    """Return the action that brings one of these into the call."""
    properties = {"to": {"enum": list(numbers)}}
    schema = {"type": "object", "properties": properties, "required": ["to"]}
    return replace(ADD_TO_CONFERENCE, schema=schema)


def transfer_to(numbers: Sequence[str]) -> Offer:
    """Return the action that hands the callee over to one of these."""
    properties = {"to": {"enum": list(numbers)}, "about": _ABOUT}
    return replace(TRANSFER_CALL, schema={"type": "object", "properties": properties})


def _note_of(fields: Mapping[str, Any]) -> Offer:
    properties = {"field": {"enum": sorted(fields)}, "value": {}}
    schema = {"type": "object", "properties": properties, "required": ["field", "value"]}
    return Offer(
        Own.TAKE_NOTE, "Write down an answer of the callee as soon as you know it.", schema
    )
