"""Transfers: somebody else is dialled for a call, and the callee is connected with them.

    dialled ──► rings ──► picked up ──► is asked, where there is something to tell ──► connected

Every leg has an owner at every moment. Whoever is dialled is this one's until they hung up or are
hung up; the callee's leg stays with the placing of the call, which waits here until the two have
finished.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from switchhook.domain.errors import Unavailable
from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import DropTransfer, Transfer
from switchhook.engine.events import TransferDone, TransferFailed, TransferJoining
from switchhook.ports import (
    AnyLine,
    Command,
    HangUp,
    Leg,
    Meeting,
    NotPickedUp,
    PickedUp,
    Receipt,
)
from switchhook.runtime.attending import attending
from switchhook.runtime.booth import Booth
from switchhook.runtime.party import Party
from switchhook.runtime.transfers import Told, Wanted
from switchhook.service.exchange import Exchange
from switchhook.service.transfers import Purpose
from switchhook.work.inviting import Inviting
from switchhook.work.reaching import Other, Wish, carry_out, dial

JOIN_LIMIT = 20.0
"""How long the carrier may take to connect two, who hear nothing of each other meanwhile."""


class Transferring:
    """The transfers of one call: one at a time, the last of them for good."""

    def __init__(
        self, exchange: Exchange, own: Booth, leg: Leg, party: Party | None = None
    ) -> None:
        self._exchange = exchange
        self._studio = own.studio
        self._call = own.call
        self._leg = leg
        self._carrier = own.call.carrier or exchange.default_carrier
        self._inviting = Inviting(exchange, own, party)
        self._wish: Wish | None = None
        self._task: asyncio.Task[None] | None = None
        self.connected = False
        """Whether the callee talks to somebody else now, and no longer to us."""

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Carry transfers out for as long as the context lasts; nobody is on a line after it."""
        async with self._inviting.open(), asyncio.TaskGroup() as self._group:
            try:
                yield
            finally:
                self._drop()

    def perform(self, effect: Wanted, told: Told) -> None:
        """Begin a transfer or give it up, and leave guests to who invites them."""
        match effect:
            case Transfer():
                self._drop()
                wish = self._wish = Wish(told, TransferFailed)
                transfer = partial(self._transfer, effect, wish)
                self._task = self._group.create_task(carry_out(wish, self._call.id, transfer))
            case DropTransfer():
                self._drop()
            case _:
                self._inviting.perform(effect, told)

    def was_guest(self, since: float, until: float) -> bool:
        """Tell whether it was a guest who spoke between two moments."""
        return self._inviting.was_guest(since, until)

    def control(self, command: Command) -> Receipt:
        """Steer a call that goes on without us: it can only be ended."""
        if not isinstance(command, HangUp):
            return Receipt("refused", detail="the callee talks to somebody else now")
        self._drop()
        return Receipt("done")

    async def over(self) -> None:
        """Wait until those who were connected have finished."""
        if self._task is not None:
            await asyncio.wait({self._task})

    def _drop(self) -> None:
        if self._wish is not None:
            self._wish.drop()

    async def _transfer(self, wanted: Transfer, wish: Wish) -> None:
        other = await dial(self._exchange, self._call, wanted.to, Purpose.TRANSFER)
        try:
            meeting = await self._reach(other, wanted.text, wish)
            if meeting is not None:
                async with asyncio.timeout(self._call.agent.spec.max_duration_seconds):
                    await meeting.over()
        finally:
            await other.let_go()

    async def _reach(self, other: Other, text: str, wish: Wish) -> Meeting | None:
        match await other.answer():
            case NotPickedUp(reason, detail):
                wish.fail(reason, detail)
                return None
            case PickedUp(line) if text:
                return await self._ask(other, line, text, wish)
            case PickedUp():
                return await self._connect(other, wish)

    async def _ask(self, other: Other, line: AnyLine, text: str, wish: Wish) -> Meeting | None:
        async with attending(line, self._call, self._studio, text, wish.tell) as attendant:
            if not await attendant.accepted():
                wish.fail(Reason.DECLINED, "they did not take the call")
                await attendant.part()
                return None
            meeting = await self._connect(other, wish)
            if meeting is None:
                await attendant.apologise()
            return meeting

    async def _connect(self, other: Other, wish: Wish) -> Meeting | None:
        wish.tell(TransferJoining())
        try:
            async with asyncio.timeout(JOIN_LIMIT):
                meeting = await self._exchange.switches[self._carrier].join(self._leg, other.leg)
        except Unavailable as failure:
            wish.fail(Reason.PROVIDER_UNAVAILABLE, failure.message)
            return None
        except TimeoutError:
            wish.fail(Reason.PROVIDER_UNAVAILABLE, "they were not connected in time")
            return None
        if wish.dropped:
            return None
        self.connected = True
        wish.end(TransferDone())
        return meeting
