"""Placing calls: takes what was queued, dials, holds the conversation, writes how it ended.

A call that came in is held in the same way, from the moment at which it is taken.

One task per call, all owned by `run`. A call ends alone: whatever goes wrong in one is logged,
written as its reason, and touches no other. The carrier is told to hang up on every way out.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Protocol

import structlog

from switchhook.domain.errors import SwitchhookError
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason
from switchhook.ports import (
    AnyLine,
    Command,
    Detector,
    Dial,
    Entry,
    HangUp,
    Leg,
    NotPickedUp,
    PickedUp,
    Receipt,
    TalkingLine,
)
from switchhook.runtime.actions import Registered
from switchhook.runtime.booth import Booth, booth
from switchhook.runtime.call import RunningCall
from switchhook.runtime.casting import Casting
from switchhook.runtime.listening import BuiltIn
from switchhook.runtime.party import Party
from switchhook.runtime.scribe import Scribe, writing
from switchhook.runtime.studio import Studio, never_talks
from switchhook.runtime.ticker import Ticker
from switchhook.service.exchange import Exchange
from switchhook.service.placing import Attempt, begin_attempt, write
from switchhook.work import entries
from switchhook.work.transferring import Transferring

CAPACITY = 100
"""How many calls one process holds at once, unless it is told otherwise."""

RING_LIMIT = 300.0
"""Longer than a carrier rings by itself, even where it was long in doubt whether it does."""
HANG_UP_LIMIT = 2.0
WRITE_LIMIT = 5.0
GOODBYE_LIMIT = 8.0

_log = structlog.get_logger(__name__)


class Desk(Protocol):
    """Where placing gets its permission to dial, and writes."""

    async def begin(self, call_id: str) -> Attempt | None:
        """Return the permission to dial, or nothing where there is none."""
        ...

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Store the entry and return the record as it now stands."""
        ...


class StoreDesk:
    """The desk whose drawers are the store."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def begin(self, call_id: str) -> Attempt | None:
        """Return the permission to dial, or nothing where there is none."""
        return await begin_attempt(self._exchange, call_id)

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Store the entry and return the record as it now stands."""
        return await write(self._exchange, call_id, entry)


class DialledCall:
    """A call from the first attempt to its end; until somebody answers it can only be given up."""

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        self.running: RunningCall | None = None
        self.transferring: Transferring | None = None
        self.given_up = False
        self.hung_up = False
        self.ringing: asyncio.Task[PickedUp | NotPickedUp] | None = None

    async def control(self, command: Command) -> Receipt:
        """Carry out a command and tell what became of it."""
        if self.transferring is not None and self.transferring.connected:
            return self.transferring.control(command)
        if self.running is not None:
            return await self.running.control(command)
        if not isinstance(command, HangUp):
            return Receipt("refused", detail="nobody has answered yet")
        self.given_up = True
        if self.ringing is not None:
            self.ringing.cancel()
        return Receipt("done")

    @property
    def cut_off(self) -> Entry:
        """How the call ends when this process stops."""
        return entries.ending(Reason.CANCELED if self.running is None else Reason.API_HANGUP)


class Placing:
    """Places queued calls, in order, no more at once than there is room for."""

    def __init__(  # noqa: PLR0913 - each is another part of the world that somebody replaces
        self,
        exchange: Exchange,
        ticker: Ticker,
        casting: Casting,
        *,
        capacity: int = CAPACITY,
        desk: Desk | None = None,
        detector: Detector = BuiltIn,
        tools: Sequence[Registered] = (),
        talks: Callable[[Interaction], bool] = never_talks,
    ) -> None:
        self._exchange = exchange
        self._ticker = ticker
        self._desk = desk or StoreDesk(exchange)
        self._studio = Studio(
            exchange.clock,
            ticker,
            casting,
            self._desk,
            exchange.recordings,
            detector,
            tools,
            exchange.secrets,
            talks=talks,
            breakers=exchange.breakers,
        )
        self._capacity = capacity
        self._queue: deque[str] = deque()
        self._live: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False

    @property
    def live(self) -> tuple[str, ...]:
        """The ids of the calls that have begun and not ended."""
        return tuple(self._live)

    def wake(self, call_id: str) -> None:
        """Place this call as soon as there is room; never blocks."""
        known = call_id in self._queue or call_id in self._live
        if not known and not self._draining:
            self._queue.append(call_id)
            self._idle.clear()
            self._changed.set()

    @property
    def room(self) -> bool:
        """Whether one more call can be held."""
        return not self._draining and len(self._live) < self._capacity

    def hold(self, call: Interaction, leg: Leg) -> bool:
        """Hold a call that came in, over the leg that it came by, while this is open.

        Return whether it is held.
        """
        if self._draining:
            return False
        self._idle.clear()
        work = partial(self._answer, call, leg)
        self._live[call.id] = self._group.create_task(self._keep(call.id, work))
        return True

    async def idle(self) -> None:
        """Wait until no call is live and none waits."""
        await self._idle.wait()

    async def run(self) -> None:
        """Place calls until drained or stopped, and return when the last one has ended."""
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(self._ticker.run())
            while not (self._draining and not self._live):
                await self._changed.wait()
                self._changed.clear()
                while self._queue and len(self._live) < self._capacity:
                    call_id = self._queue.popleft()
                    work = partial(self._attempt, call_id)
                    self._live[call_id] = group.create_task(self._keep(call_id, work))
            beating.cancel()

    @asynccontextmanager
    async def open(self, drain_seconds: float = 0.0) -> AsyncGenerator[Placing]:
        """Place calls for as long as the context lasts; then let live ones end."""
        async with asyncio.TaskGroup() as self._group:
            self._group.create_task(self.run())
            try:
                yield self
            finally:
                await self.drain(drain_seconds)

    async def drain(self, seconds: float) -> None:
        """Take no new call, let live ones go on for so long, then end them with a goodbye."""
        self._take_no_more()
        if seconds > 0 and not await self._empty_within(seconds):
            async with asyncio.TaskGroup() as group:
                for call_id in self.live:
                    group.create_task(self._leave(call_id))
            await self._empty_within(HANG_UP_LIMIT)
        await self.stop()

    async def stop(self) -> None:
        """End everything now: what rings is cancelled, what talks is hung up."""
        self._take_no_more()
        for task in list(self._live.values()):
            task.cancel()
        await self._empty_within(HANG_UP_LIMIT + WRITE_LIMIT)

    async def _keep(
        self, call_id: str, work: Callable[[DialledCall], Awaitable[Entry | None]]
    ) -> None:
        """Own a call until it is over, and write how it ended."""
        dialled = DialledCall(call_id)
        try:
            with self._exchange.switchboard.plugged(call_id, dialled):
                entry = await work(dialled)
            if entry is not None:
                await self._conclude(call_id, entry)
        except asyncio.CancelledError:
            await self._conclude(call_id, dialled.cut_off)
            raise
        except Exception:  # noqa: BLE001 - a task's root: this call ends, every other one goes on
            _log.exception("call_failed", call_id=call_id)
            await self._conclude(call_id, entries.ending(Reason.ERROR_INTERNAL))
        finally:
            self._live.pop(call_id, None)
            self._note_idle()
            self._changed.set()

    def _take_no_more(self) -> None:
        """Leave what waits to the next start: it is accepted, and the store knows it."""
        self._draining = True
        self._queue.clear()
        self._note_idle()
        self._changed.set()

    def _note_idle(self) -> None:
        if not self._live and not self._queue:
            self._idle.set()

    async def _attempt(self, call_id: str, dialled: DialledCall) -> Entry | None:
        attempt = await self._desk.begin(call_id)
        if attempt is None:
            return None
        if dialled.given_up:
            return entries.ending(Reason.CANCELED)
        call = attempt.call
        carrier = self._exchange.carriers[call.carrier or self._exchange.default_carrier]
        async with AsyncExitStack() as stack:
            try:
                own = await stack.enter_async_context(booth(call, self._studio))
                leg = await carrier.dial(_dial(attempt))
            except SwitchhookError as refusal:
                _log.warning("dial_failed", call_id=call_id, problem=refusal.message)
                return entries.ending(Reason.DIAL_FAILED, refusal.message)
            return await self._follow(own, leg, dialled)

    async def _answer(self, call: Interaction, leg: Leg, dialled: DialledCall) -> Entry:
        try:
            async with booth(call, self._studio) as own:
                return await self._follow(own, leg, dialled)
        finally:
            await self._hang_up(dialled, leg)

    async def _follow(self, own: Booth, leg: Leg, dialled: DialledCall) -> Entry:
        # Nobody on the line waits for the store: not to learn that it rang, and not to be let go.
        async with writing(own.call.id, self._desk) as scribe:
            try:
                own.warm_up()
                return await self._held(own, leg, dialled, scribe)
            finally:
                await self._hang_up(dialled, leg)

    async def _held(self, own: Booth, leg: Leg, dialled: DialledCall, scribe: Scribe) -> Entry:
        match await self._ring(scribe, leg, dialled):
            case NotPickedUp(reason, detail, certain):
                end = entries.ending(reason, detail)
                return replace(end, in_doubt=False if certain else None)
            case PickedUp(line):
                return await self._converse(own, leg, line, dialled, scribe)

    async def _converse(
        self, own: Booth, leg: Leg, line: AnyLine, dialled: DialledCall, scribe: Scribe
    ) -> Entry:
        # A line that talks by itself cannot be mixed with another.
        party = None if isinstance(line, TalkingLine) else Party(line, own.studio.clock)
        transferring = Transferring(self._exchange, own, leg, party)
        async with transferring.open():
            dialled.running = RunningCall(party or line, own, transferring, scribe)
            dialled.transferring = transferring
            async with asyncio.TaskGroup() as group:
                group.create_task(self._part(dialled, dialled.running, leg))
                end = await dialled.running.run()
            if not transferring.connected:
                return entries.ended(end)
            own.close()
            scribe.note(entries.handed_over(end))
            await transferring.over()
        return entries.ending(end.reason)

    async def _part(self, dialled: DialledCall, running: RunningCall, leg: Leg) -> None:
        """Hang up after the last word: whoever is on the line does not wait for the store."""
        await running.over()
        if dialled.transferring is not None and not dialled.transferring.connected:
            await self._hang_up(dialled, leg)

    async def _ring(self, scribe: Scribe, leg: Leg, dialled: DialledCall) -> PickedUp | NotPickedUp:
        async with asyncio.TaskGroup() as group:
            dialled.ringing = group.create_task(_until_picked_up(scribe, leg))
            if dialled.given_up:
                dialled.ringing.cancel()
        if dialled.given_up or dialled.ringing.cancelled():
            return NotPickedUp(Reason.CANCELED, certain=False)
        return dialled.ringing.result()

    async def _hang_up(self, dialled: DialledCall, leg: Leg) -> None:
        if dialled.hung_up:
            return
        try:
            async with asyncio.timeout(HANG_UP_LIMIT):
                await leg.hang_up()
            # Not before: who was cut short here is told again on the way out.
            dialled.hung_up = True
        except Exception:  # noqa: BLE001 - whatever a carrier does, the call is over for us
            _log.exception("hang_up_failed", call_id=dialled.call_id)

    async def _conclude(self, call_id: str, entry: Entry) -> None:
        try:
            async with asyncio.timeout(WRITE_LIMIT):
                await self._desk.write(call_id, entry)
        except Exception:  # noqa: BLE001 - the next start finds the call unfinished and ends it
            _log.exception("ending_not_written", call_id=call_id)

    async def _leave(self, call_id: str) -> None:
        call = self._exchange.switchboard.find(call_id)
        if call is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_LIMIT):
                    await call.control(HangUp())

    async def _empty_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


async def _until_picked_up(scribe: Scribe, leg: Leg) -> PickedUp | NotPickedUp:
    with suppress(TimeoutError):
        async with asyncio.timeout(RING_LIMIT):
            async for event in leg.events():
                if isinstance(event, PickedUp | NotPickedUp):
                    return event
                scribe.note(entries.progress(event))
            return NotPickedUp(Reason.DIAL_FAILED, "the carrier said nothing more")
    return NotPickedUp(Reason.NO_ANSWER, certain=False)


def _dial(attempt: Attempt) -> Dial:
    call, spec = attempt.call, attempt.call.agent.spec
    return Dial(
        call.id,
        attempt.token,
        call.to_number or "",
        call.from_number,
        call.options.model_dump(exclude_none=True),
        spec.max_duration_seconds,
        agent=spec,
    )
