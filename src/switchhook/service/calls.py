"""Calls: make, read, list, steer, end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from switchhook.domain.interaction import Interaction
from switchhook.domain.policy import Finding
from switchhook.ports import Command, Receipt
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.requests import CallFilter, CallRequest


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that was accepted; `replayed` when an earlier request had made it already."""

    call: Interaction
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some of the calls, and how many there are."""

    calls: tuple[Interaction, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Preflight:
    """What would become of a request: every rule's verdict, without dialing."""

    allowed: bool
    findings: tuple[Finding, ...]
    simulated: bool
    carrier: str
    confirmation_required: bool
    confirm_token: str | None = None


async def create_call(
    exchange: Exchange,
    principal: Principal,
    request: CallRequest,
    *,
    confirmed: bool = False,
    ask_first: bool = False,
) -> Placed:
    """Commit the intent to call and return at once; the dialling follows by itself.

    `ask_first` says that the caller is an assistant, so that the confirmation policy applies;
    `confirmed` that a person agreed. A confirm token in the request is used up with the intent.
    """
    raise NotImplementedError


async def check_call(
    exchange: Exchange, principal: Principal, request: CallRequest, *, ask_first: bool = False
) -> Preflight:
    """Tell what each rule says about the request; hand out a confirm token where one is needed."""
    raise NotImplementedError


async def get_call(exchange: Exchange, principal: Principal, call_id: str) -> Interaction:
    """Return a call of the account."""
    raise NotImplementedError


async def list_calls(exchange: Exchange, principal: Principal, wanted: CallFilter) -> CallPage:
    """Return a page of the account's calls."""
    raise NotImplementedError


async def update_call(
    exchange: Exchange,
    principal: Principal,
    call_id: str,
    *,
    metadata: dict[str, Any] | None = None,
    from_number: str | None = None,
) -> Interaction:
    """Merge metadata into a call, or give a call that was not dialled yet another from number."""
    raise NotImplementedError


async def delete_call(exchange: Exchange, principal: Principal, call_id: str) -> Interaction:
    """Wipe a call with its transcript and recording; a live one is refused."""
    raise NotImplementedError


async def end_call(exchange: Exchange, principal: Principal, call_id: str) -> Placed:
    """Hang up, or cancel what was not dialled yet; `replayed` when it had ended already."""
    raise NotImplementedError


async def control_call(
    exchange: Exchange, principal: Principal, call_id: str, command: Command
) -> Receipt:
    """Carry out a command on a live call and tell what became of it."""
    raise NotImplementedError


async def recording_of(exchange: Exchange, principal: Principal, call_id: str) -> bytes:
    """Return the call's recording as a WAV file."""
    raise NotImplementedError
