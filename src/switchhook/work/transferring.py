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

from switchhook.domain.errors import DialRefused, SwitchhookError
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import DropTransfer, Transfer
from switchhook.engine.events import TransferDone, TransferFailed, TransferJoining
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
HANG_UP_LIMIT = 2.0

_log = structlog.get_logger(__name__)


class Transferring:
    """The transfers of one call: one at a time, the last of them for good."""

    def __init__(self, exchange: Exchange, studio: Studio, call: Interaction, leg: Leg) -> None:
        self._exchange = exchange
        self._studio = studio
        self._call = call
        self._leg = leg
        self._carrier = call.carrier or exchange.default_carrier
        self._patience: asyncio.Timeout | None = None
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
        if isinstance(effect, DropTransfer):
            self._drop()
        else:
            self._task = self._group.create_task(self._put_through(effect, told))

    def control(self, command: Command) -> Receipt:
        """Steer a call that goes on without us: it can only be ended."""
        if not isinstance(command, HangUp):
            return Receipt(
                "refused", detail="the callee was transferred and talks to somebody else"
            )
        self._drop()
        return Receipt("done")

    async def over(self) -> None:
        """Wait until those who were connected have finished."""
        if self._task is not None:
            await asyncio.wait({self._task})

    def _drop(self) -> None:
        patience, self._patience = self._patience, None
        if patience is not None:
            patience.reschedule(asyncio.get_running_loop().time())
        elif self._task is not None:
            # It has not begun yet, or has told already how it ended.
            self._task.cancel()

    async def _put_through(self, wanted: Transfer, told: Told) -> None:
        try:
            async with asyncio.timeout(None) as self._patience:
                await self._transfer(wanted, told)
        except TimeoutError:
            _log.info("transfer_given_up", call_id=self._call.id)
        except DialRefused as refusal:
            told(TransferFailed(reason_of(refusal), refusal.message))
        except SwitchhookError as failure:
            told(TransferFailed(Reason.PROVIDER_UNAVAILABLE, failure.message))
        except Exception:  # noqa: BLE001 - a task's root: the callee is still there and is told
            _log.exception("transfer_failed", call_id=self._call.id)
            told(TransferFailed(Reason.ERROR_INTERNAL, "the transfer failed"))
        finally:
            self._patience = None

    async def _transfer(self, wanted: Transfer, told: Told) -> None:
        onward = await transfers.begin(self._exchange, self._call.id, wanted.to)
        leg = await self._exchange.carriers[self._carrier].dial(self._dial(onward))
        other = Other(self._exchange, onward, leg)
        try:
            meeting = await self._reach(other, wanted, told)
            if meeting is not None:
                async with asyncio.timeout(self._call.agent.spec.max_duration_seconds):
                    await meeting.over()
        finally:
            await other.let_go()

    async def _reach(self, other: Other, wanted: Transfer, told: Told) -> Meeting | None:
        match await other.answer():
            case NotPickedUp(reason, detail):
                told(TransferFailed(reason, detail))
                return None
            case PickedUp(line) if wanted.text:
                return await self._ask(other, line, wanted, told)
            case PickedUp():
                return await self._connect(other, told)

    async def _ask(
        self, other: Other, line: AnyLine, wanted: Transfer, told: Told
    ) -> Meeting | None:
        async with attending(line, self._call, self._studio, wanted.text) as attendant:
            if await attendant.accepted():
                return await self._connect(other, told)
            told(TransferFailed(Reason.DECLINED, "they did not take the call"))
            await attendant.part()
            return None

    async def _connect(self, other: Other, told: Told) -> Meeting:
        told(TransferJoining())
        meeting = await self._exchange.switches[self._carrier].join(self._leg, other.leg)
        self.connected = True
        told(TransferDone())
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
