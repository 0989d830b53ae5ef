"""Transfers: somebody else is dialled for a call, and the callee is connected with them.

    dialled ──► rings ──► picked up ──► is asked, where there is something to tell ──► connected

Every leg has an owner at every moment. Whoever is dialled is this one's from the attempt, which
is committed before it leaves, until they hung up or are hung up; the callee's leg stays with the
placing of the call, which waits here until the two have finished.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import structlog

from switchhook.domain.errors import DialRefused, SwitchhookError, Unavailable
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import DropTransfer, Transfer
from switchhook.engine.events import TransferDone, TransferFailed, TransferJoining
from switchhook.engine.events import Transferring as Transferred
from switchhook.ports import (
    AnyLine,
    Command,
    Dial,
    Dialled,
    HangUp,
    Leg,
    Meeting,
    NotPickedUp,
    PickedUp,
    Receipt,
)
from switchhook.runtime.attending import attending
from switchhook.runtime.studio import Studio
from switchhook.runtime.transfers import Told
from switchhook.service import transfers
from switchhook.service.exchange import Exchange
from switchhook.service.transfers import Onward, reason_of

RING_SECONDS = 30
"""How long somebody's telephone rings while the callee waits."""
ANSWER_LIMIT = RING_SECONDS + 10.0
"""Longer than the carrier rings, even where an answer of its own is late."""
JOIN_LIMIT = 20.0
"""How long the carrier may take to connect two, who hear nothing of each other meanwhile."""
HANG_UP_LIMIT = 2.0

_log = structlog.get_logger(__name__)


class Wish:
    """One transfer, for as long as somebody wants it; how it ended is told once."""

    def __init__(self, effect: Transfer, told: Told) -> None:
        self.to, self.text = effect.to, effect.text
        self.dropped = False
        self._told = told
        self._patience: asyncio.Timeout | None = None

    @asynccontextmanager
    async def wanted(self) -> AsyncGenerator[None]:
        """Let it be carried out, until it is dropped; then a TimeoutError leaves the context."""
        try:
            async with asyncio.timeout(None) as self._patience:
                yield
        finally:
            self._patience = None

    def drop(self) -> None:
        """Want it no longer."""
        self.dropped = True
        patience, self._patience = self._patience, None
        if patience is not None:
            patience.reschedule(asyncio.get_running_loop().time())

    def tell(self, how: Transferred) -> None:
        """Tell how it goes, to who wants to know."""
        if not self.dropped:
            self._told(how)

    def end(self, how: TransferDone | TransferFailed) -> None:
        """Tell how it ended."""
        self.tell(how)
        self._told = _nobody


class Transferring:
    """The transfers of one call: one at a time, the last of them for good."""

    def __init__(self, exchange: Exchange, studio: Studio, call: Interaction, leg: Leg) -> None:
        self._exchange = exchange
        self._studio = studio
        self._call = call
        self._leg = leg
        self._carrier = call.carrier or exchange.default_carrier
        self._wish: Wish | None = None
        self._task: asyncio.Task[None] | None = None
        self.connected = False
        """Whether the callee talks to somebody else now, and no longer to us."""

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Carry transfers out for as long as the context lasts; nobody is on a line after it."""
        async with asyncio.TaskGroup() as self._group:
            try:
                yield
            finally:
                self._drop()

    def perform(self, effect: Transfer | DropTransfer, told: Told) -> None:
        """Begin a transfer or give it up; how it goes is told."""
        self._drop()
        if isinstance(effect, Transfer):
            self._wish = Wish(effect, told)
            self._task = self._group.create_task(self._put_through(self._wish))

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

    async def _put_through(self, wish: Wish) -> None:
        try:
            async with wish.wanted():
                await self._transfer(wish)
        except TimeoutError:
            _log.info("transfer_given_up", call_id=self._call.id)
        except DialRefused as refusal:
            wish.end(TransferFailed(reason_of(refusal), refusal.message))
        except SwitchhookError as failure:
            wish.end(TransferFailed(Reason.PROVIDER_UNAVAILABLE, failure.message))
        except Exception:  # noqa: BLE001 - a task's root: the callee is still there and is told
            _log.exception("transfer_failed", call_id=self._call.id)
            wish.end(TransferFailed(Reason.ERROR_INTERNAL, "the transfer failed"))

    async def _transfer(self, wish: Wish) -> None:
        if wish.dropped:
            return
        onward = await transfers.begin(self._exchange, self._call.id, wish.to)
        leg = await self._exchange.carriers[self._carrier].dial(self._dial(onward))
        other = Other(self._exchange, onward, leg)
        try:
            meeting = await self._reach(other, wish)
            if meeting is not None:
                async with asyncio.timeout(self._call.agent.spec.max_duration_seconds):
                    await meeting.over()
        finally:
            await other.let_go()

    async def _reach(self, other: Other, wish: Wish) -> Meeting | None:
        match await other.answer():
            case NotPickedUp(reason, detail):
                wish.end(TransferFailed(reason, detail))
                return None
            case PickedUp(line) if wish.text:
                return await self._ask(other, line, wish)
            case PickedUp():
                return await self._connect(other, wish)

    async def _ask(self, other: Other, line: AnyLine, wish: Wish) -> Meeting | None:
        async with attending(line, self._call, self._studio, wish.text, wish.tell) as attendant:
            if not await attendant.accepted():
                wish.end(TransferFailed(Reason.DECLINED, "they did not take the call"))
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
            wish.end(TransferFailed(Reason.PROVIDER_UNAVAILABLE, failure.message))
            return None
        except TimeoutError:
            wish.end(TransferFailed(Reason.PROVIDER_UNAVAILABLE, "they were not connected in time"))
            return None
        if wish.dropped:
            return None
        self.connected = True
        wish.end(TransferDone())
        return meeting

    def _dial(self, onward: Onward) -> Dial:
        spec = self._call.agent.spec
        return Dial(
            self._call.id,
            onward.token,
            onward.to_number,
            onward.from_number,
            {"language": spec.language, "persona": "colleague"},
            spec.max_duration_seconds,
            ring_seconds=RING_SECONDS,
            other_from=onward.own_number,
        )


class Other:
    """Whoever is dialled for a callee."""

    def __init__(self, exchange: Exchange, onward: Onward, leg: Leg) -> None:
        self._exchange = exchange
        self._onward = onward
        self.leg = leg
        self._certain = False

    async def answer(self) -> PickedUp | NotPickedUp:
        """Wait until somebody picks up, or nobody does."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_LIMIT):
                async for event in self.leg.events():
                    match event:
                        case Dialled(ref):
                            self._certain = True
                            await transfers.name(self._exchange, self._onward, ref)
                        case PickedUp() | NotPickedUp():
                            self._certain |= isinstance(event, PickedUp) or event.certain
                            return event
                        case _:
                            pass
        return NotPickedUp(Reason.NO_ANSWER, "nobody picked up in time")

    async def let_go(self) -> None:
        """Hang up, and note that the attempt is over."""
        try:
            async with asyncio.timeout(HANG_UP_LIMIT):
                await self.leg.hang_up()
        except Exception:  # noqa: BLE001 - whatever a carrier does, the sweep finds who is left
            _log.exception("hang_up_failed", to=self._onward.to_number)
        await transfers.close(self._exchange, self._onward, in_doubt=not self._certain)


def _nobody(_how: Transferred) -> None: ...
