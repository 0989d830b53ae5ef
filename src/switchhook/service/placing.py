"""The record of a call being placed: begin an attempt, write what happens, recover."""

from __future__ import annotations

from dataclasses import dataclass

from switchhook.domain.interaction import Interaction
from switchhook.ports import Entry
from switchhook.service.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Attempt:
    """One permission to dial: the call as it stands, and the token that marks the attempt."""

    call: Interaction
    token: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a start found: calls that were live and are ended now, calls to be placed."""

    ended: tuple[str, ...]
    queued: tuple[str, ...]


async def begin_attempt(exchange: Exchange, call_id: str) -> Attempt | None:
    """Ask the gate once more, commit the attempt and move the call to `dialing`.

    Return nothing when the call is no longer queued, or when the gate refuses: then the record
    says why.
    """
    raise NotImplementedError


async def write(exchange: Exchange, call_id: str, entry: Entry) -> Interaction:
    """Store what a running call reports and tell everybody who follows it."""
    raise NotImplementedError


async def recover(exchange: Exchange) -> Recovery:
    """End what was live when the engine stopped, and find what was only accepted."""
    raise NotImplementedError
