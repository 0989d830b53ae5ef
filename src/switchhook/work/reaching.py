"""Somebody else is dialled for a call: asked for, reached or not, and hung up.

Whoever is dialled is this one's from the attempt, which is committed before it leaves, until they
hung up or are hung up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from switchhook.domain.errors import DialRefused, SwitchhookError
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason
from switchhook.engine.events import GuestFailed, TransferFailed, Transferring, Visiting
from switchhook.ports import Dial, Dialled, Leg, NotPickedUp, PickedUp
from switchhook.runtime.transfers import Told
from switchhook.service import transfers
from switchhook.service.exchange import Exchange
from switchhook.service.transfers import Onward, Purpose, reason_of

RING_SECONDS = 30
"""How long somebody's telephone rings while the callee waits."""
ANSWER_LIMIT = RING_SECONDS + 10.0
"""Longer than the carrier rings, even where an answer of its own is late."""
HANG_UP_LIMIT = 2.0

_log = structlog.get_logger(__name__)

Failure = type[TransferFailed] | type[GuestFailed]


class Wish:
    """Somebody who is wanted, for as long as they are; how it ended is told once."""

    def __init__(self, told: Told, failure: Failure) -> None:
        self.dropped = False
        self._told = told
        self._failure = failure
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

    def tell(self, how: Transferring | Visiting) -> None:
        """Tell how it goes, to who wants to know."""
        if not self.dropped:
            self._told(how)

    def end(self, how: Transferring | Visiting) -> None:
        """Tell how it ended."""
        self.tell(how)
        self._told = _nobody

    def fail(self, reason: Reason, detail: str) -> None:
        """Tell that it came to nothing."""
        self.end(self._failure(reason, detail))


async def carry_out(wish: Wish, call_id: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work for as long as it is wanted; what goes wrong in it is told."""
    try:
        async with wish.wanted():
            if not wish.dropped:
                await work()
    except TimeoutError:
        _log.info("given_up", call_id=call_id)
    except DialRefused as refusal:
        wish.fail(reason_of(refusal), refusal.message)
    except SwitchhookError as failure:
        wish.fail(Reason.PROVIDER_UNAVAILABLE, failure.message)
    except Exception:  # noqa: BLE001 - a task's root: the callee is still there and is told
        _log.exception("not_carried_out", call_id=call_id)
        wish.fail(Reason.ERROR_INTERNAL, "something went wrong here")


async def dial(exchange: Exchange, call: Interaction, to: str, purpose: Purpose) -> Other:
    """Dial somebody by the carrier of the call, once the gate has said yes."""
    onward = await transfers.begin(exchange, call.id, to, purpose)
    carrier = exchange.carriers[call.carrier or exchange.default_carrier]
    spec = call.agent.spec
    leg = await carrier.dial(
        Dial(
            call.id,
            onward.token,
            onward.to_number,
            onward.from_number,
            {"persona": "colleague"},
            spec.max_duration_seconds,
            ring_seconds=RING_SECONDS,
            other_from=onward.own_number,
            agent=spec,
        )
    )
    return Other(exchange, onward, leg)


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


def _nobody(_how: Transferring | Visiting) -> None: ...
