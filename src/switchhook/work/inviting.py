"""Guests: somebody else is dialled for a call and takes part in it.

    dialled ──► rings ──► picked up ──► in the call ──► hung up

One at a time, over a line of their own that is mixed with the callee's. Whoever is still there
when the callee has gone is told so before they are hung up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial

import structlog

from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import DropGuest, Invite, SetAside
from switchhook.engine.events import GuestCame, GuestFailed, GuestLeft
from switchhook.ports import FRAME_MS, Line, NotPickedUp, PickedUp, TalkingLine
from switchhook.runtime.attending import PARTING_LIMIT
from switchhook.runtime.booth import Booth
from switchhook.runtime.party import Party, Seat
from switchhook.runtime.riding import riding
from switchhook.runtime.streams import reading
from switchhook.runtime.transfers import NO_SEAT, NOBODY, Told
from switchhook.service.exchange import Exchange
from switchhook.service.transfers import Purpose
from switchhook.work.reaching import Wish, carry_out, dial

WAY = 0.3
"""Seconds that the last word may take until it was heard."""

_log = structlog.get_logger(__name__)


class Inviting:
    """The guests of one call, who sit down at its party if its line has one."""

    def __init__(self, exchange: Exchange, own: Booth, party: Party | None) -> None:
        self._exchange = exchange
        self._call = own.call
        self._voice = own.voice
        self._party = party
        self._wish: Wish | None = None
        self._parting = ""

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Let guests come for as long as the context lasts; nobody is on a line after it."""
        async with asyncio.TaskGroup() as self._group:
            try:
                yield
            finally:
                self._drop()

    def perform(self, effect: Invite | SetAside | DropGuest, told: Told) -> None:
        """Bring somebody in or let them go, or change who hears whom; how it goes is told."""
        party = self._party
        if party is None:
            NOBODY.perform(effect, told)
            return
        match effect:
            case Invite():
                wish = self._wish = Wish(told, GuestFailed)
                hosting = partial(self._host, party, effect, wish)
                self._group.create_task(carry_out(wish, self._call.id, hosting))
            case SetAside(on):
                party.set_aside(on=on)
            case DropGuest(words):
                self._parting = words
                self._drop()

    def was_guest(self, since: float, until: float) -> bool:
        """Tell whether it was a guest who spoke between two moments."""
        return self._party is not None and self._party.was_guest(since, until)

    def _drop(self) -> None:
        if self._wish is not None:
            self._wish.drop()

    async def _host(self, party: Party, invite: Invite, wish: Wish) -> None:
        other = await dial(self._exchange, self._call, invite.to, Purpose.GUEST)
        try:
            match await other.answer():
                case NotPickedUp(reason, detail):
                    wish.fail(reason, detail)
                case PickedUp(line):
                    if isinstance(line, TalkingLine):
                        wish.fail(Reason.PROVIDER_UNAVAILABLE, NO_SEAT)
                        return
                    async with asyncio.timeout(self._call.agent.spec.max_duration_seconds):
                        await self._entertain(party.seated(line, aside=invite.aside), wish)
        finally:
            await other.let_go()

    async def _entertain(self, seated: AbstractContextManager[Seat], wish: Wish) -> None:
        """Have somebody in the call until they hang up, or are not wanted any more."""
        with seated as seat:
            async with asyncio.TaskGroup() as group:
                leaving = group.create_task(seat.listen())
                wish.tell(GuestCame())
                try:
                    await asyncio.wait({leaving})
                except asyncio.CancelledError:
                    if self._parting:
                        await self._part(seat.line, self._parting)
                    raise
        wish.end(GuestLeft())

    async def _part(self, line: Line, words: str) -> None:
        """Say to a guest who is still there what they are to hear last."""
        try:
            async with asyncio.timeout(PARTING_LIMIT):
                said = self._voice.say(words)
                said = riding(words, said) if line.carries_words else said
                async with reading(said) as pieces:
                    async for piece in pieces:
                        for frame in piece.frames:
                            line.send(frame)
                        await asyncio.sleep(len(piece.frames) * FRAME_MS / 1000)
                await asyncio.sleep(WAY)
        except Exception:  # noqa: BLE001 - whatever the voice does, they are hung up all the same
            _log.warning("guest_not_told", call_id=self._call.id, exc_info=True)
