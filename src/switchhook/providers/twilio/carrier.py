"""Calls by Twilio: dialled once, reported by callbacks, heard through a media stream.

Nothing is dialled twice. Where the answer to the one request is missing, a callback that bears the
attempt's token, or the carrier's own list of calls, tells what became of it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from switchhook.domain.agent import AgentSpec
from switchhook.domain.lifecycle import Reason
from switchhook.engine.screening import Verdict
from switchhook.ports import Booked, Clock, Dial, InDoubt, Leg, Reception, Refusal, Ring
from switchhook.providers.twilio import documents, reasons
from switchhook.providers.twilio.admissions import Admissions
from switchhook.providers.twilio.apologies import apologise
from switchhook.providers.twilio.legs import Report, TwilioLeg
from switchhook.providers.twilio.orders import RELAY, STREAM, media_of, order
from switchhook.providers.twilio.reach import Reach
from switchhook.providers.twilio.rest import Account, Refused, Unanswered, Unreached
from switchhook.providers.twilio.watching import watch

DOUBT_SECONDS: Final = 120.0
"""How long a callback is waited for, where a request to dial was not answered."""

_PAUSES: Final = (1.0, 2.0, 4.0)
"""Before what was certainly not dialled is asked for again."""
_ASKING: Final = timedelta(seconds=15)
"""How long before the doubt the request may have been made, and the clocks differ."""
_REMEMBERED: Final = 1000

_log = structlog.get_logger(__name__)


def _nobody() -> None: ...


class _Closed:
    """Takes no calls: nobody said who should."""

    async def receive(self, ring: Ring, leg: Leg) -> Refusal:
        del ring, leg
        return Refusal.BUSY


def _nothing(_ref: str) -> None: ...


class TwilioCarrier:
    """Dials real telephones, while it is open; `simulated` where the account is a fake."""

    def __init__(
        self,
        account: Account,
        reach: Reach,
        clock: Clock,
        *,
        name: str = "twilio",
        simulated: bool = False,
        media: str = STREAM,
    ) -> None:
        self.name = name
        self.media = media
        self.simulated = simulated
        self.reach = reach
        self.admissions = Admissions(clock, carries_words=simulated)
        self.stray: Callable[[], None] = _nobody
        """Told that a call is on the line which nobody here runs."""
        self.reception: Reception = _Closed()
        """Takes the calls that come in."""
        self.recorded: Callable[[str], None] = _nothing
        """Told of which call there is a recording, or never will be one."""
        self._account = account
        self._clock = clock
        self._legs: dict[str, TwilioLeg] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._recent: deque[str] = deque(maxlen=_REMEMBERED)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[TwilioCarrier]:
        """Dial for as long as the context lasts; what is to be hung up then still is."""
        try:
            async with asyncio.TaskGroup() as self._endings, asyncio.TaskGroup() as self._attempts:
                yield self
                for attempt in list(self._running):
                    attempt.cancel()
        finally:
            await self._account.close()

    async def dial(self, request: Dial) -> TwilioLeg:
        """Start one attempt; never repeated by itself."""
        wanted = order(request, self.reach)
        leg = self._leg(request.token)
        wanted["twiml"] = self.connect(leg, request.token, request.agent, request.options)
        self._own(request.token, leg, partial(self._start, request, leg, wanted))
        return leg

    def take(self, ref: str, token: str) -> TwilioLeg:
        """Return the leg of a call that came in."""
        leg = self._leg(token)
        self._own(token, leg, partial(_answered, leg, ref))
        return leg

    def connect(
        self, leg: TwilioLeg, token: str, agent: AgentSpec, options: Mapping[str, Any]
    ) -> str:
        """Give a leg to an agent; return the document by which its audio or words reach us."""
        leg.language = agent.language
        admitted = leg.admission.token
        if self.talks(options):
            ended = self.reach.callback(token, "relayed")
            return documents.relay(self.reach.relay(admitted), admitted, agent, ended)
        events = self.reach.callback(token, "stream")
        return documents.connect(self.reach.media(admitted), admitted, events)

    def talks(self, options: Mapping[str, Any]) -> bool:
        """Tell whether Twilio hears and speaks for us in a call with these options."""
        return media_of(options, self.media) == RELAY

    def report(self, token: str, report: Report) -> None:
        """Take a status callback; a call that nobody wants is hung up."""
        leg = self._legs.get(token)
        if report.live and leg is None:
            _log.warning("twilio.stray_call", carrier_ref=report.ref, status=report.status)
            self.stray()
        if leg is not None and not leg.report(report) and report.live:
            self._dismiss(report.ref)

    def detected(self, token: str, verdict: Verdict) -> None:
        """Take who the carrier says has answered."""
        if leg := self._legs.get(token):
            leg.detected(verdict)

    def trouble(self, token: str, problem: str) -> None:
        """Take what the carrier says is wrong with the media."""
        _log.warning("twilio.stream_error", problem=problem)
        if leg := self._legs.get(token):
            leg.trouble(problem)

    # ---- one attempt ----------------------------------------------------------------------------

    def _leg(self, token: str) -> TwilioLeg:
        leg = self._legs[token] = TwilioLeg(self.admissions.issue(), self._hang_up)
        return leg

    def _own(self, token: str, leg: TwilioLeg, start: Callable[[], Awaitable[None]]) -> None:
        attempt = self._attempts.create_task(self._attempt(token, leg, start))
        self._running.add(attempt)
        attempt.add_done_callback(self._running.discard)

    async def _attempt(
        self, token: str, leg: TwilioLeg, start: Callable[[], Awaitable[None]]
    ) -> None:
        """Own an attempt, until it was let go and nothing of it can come to light any more."""
        try:
            async with asyncio.TaskGroup() as group:
                attending = [self._listen(leg), watch(leg, self._account)]
                tasks = [group.create_task(work) for work in attending]
                await start()
                await leg.let_go.wait()
                for task in tasks:
                    task.cancel()
            if leg.ref is not None:
                self._recent.append(leg.ref)
        except Exception:  # noqa: BLE001 - a task's root: this attempt fails, every other goes on
            _log.exception("twilio.attempt_failed", carrier_ref=leg.ref)
            leg.fail(Reason.ERROR_INTERNAL, "the attempt failed")
        finally:
            self.admissions.withdraw(leg.admission)
            del self._legs[token]

    async def _listen(self, leg: TwilioLeg) -> None:
        """Wait for the audio; who answered in vain is told so."""
        if not await leg.media():
            await apologise(leg, self._account)
            leg.fail(Reason.ERROR_NO_AUDIO, "somebody answered, but the audio did not come")

    async def _start(self, request: Dial, leg: TwilioLeg, wanted: dict[str, Any]) -> None:
        try:
            leg.name(await self._asked(request, leg, wanted))
        except Refused as refusal:
            said = f"Twilio refused to dial ({refusal.code}): {refusal}"
            leg.fail(reasons.of_code(refusal.code), said)
        except Unreached as failure:
            leg.fail(Reason.PROVIDER_UNAVAILABLE, f"Twilio was not reached ({failure})")
        except Unanswered as failure:
            _log.warning("twilio.dial_unanswered", call_id=request.call_id, problem=str(failure))
            await self._clear_up(request, leg, wanted["from_"])
        if leg.let_go.is_set() and leg.ref is not None:
            # It was hung up before it had a name.
            self._dismiss(leg.ref)

    async def _asked(self, request: Dial, leg: TwilioLeg, wanted: dict[str, Any]) -> str:
        """Ask for the call, and once more from the other number where the first may not call."""
        try:
            return await self._ask(leg, wanted)
        except Refused as refusal:
            other = request.other_from
            if refusal.code not in reasons.CALLER_ID or other in (None, wanted["from_"]):
                raise
        wanted["from_"] = other
        return await self._ask(leg, wanted)

    async def _ask(self, leg: TwilioLeg, wanted: dict[str, Any]) -> str:
        """Ask for the call, once; again only while it is certain that nothing was dialled."""
        for pause in _PAUSES:
            try:
                return await self._account.dial(wanted)
            except Unreached:
                pass
            except Refused as refusal:
                if refusal.status != reasons.TOO_MANY:
                    raise
            if leg.let_go.is_set():
                break
            await asyncio.sleep(pause)
        return await self._account.dial(wanted)

    async def _clear_up(self, request: Dial, leg: TwilioLeg, from_number: str | None) -> None:
        """Find out what became of a request that was not answered."""
        if leg.ref is not None:
            return
        asked_at = self._clock.now()
        leg.tell(InDoubt())
        while leg.ref is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(DOUBT_SECONDS):
                    await leg.named.wait()
                    return
            try:
                found = await self._account.find(request.to_number, from_number)
            except (Refused, Unreached, Unanswered) as failure:
                _log.warning("twilio.doubt_remains", call_id=request.call_id, problem=str(failure))
                continue
            self._adopt(leg, self._ours(found, asked_at))
            return

    def _ours(self, found: Sequence[Booked], asked_at: datetime) -> list[Booked]:
        """Return the calls that no other attempt has, of those that this one may have made."""
        taken = {leg.ref for leg in self._legs.values()} | set(self._recent)
        since = asked_at - _ASKING
        return [
            call
            for call in reversed(found)
            if call.ref not in taken and (call.created_at is None or call.created_at >= since)
        ]

    def _adopt(self, leg: TwilioLeg, calls: Sequence[Booked]) -> None:
        if not calls:
            nothing = "Twilio was asked to dial, did not answer, and knows of no such call"
            leg.fail(Reason.DIAL_FAILED, nothing)
            return
        first, *others = calls
        leg.name(first.ref)
        if first.ended is not None:
            leg.fail(first.ended, "the call was over when it was found")
        for other in others:
            if other.ended is None:
                self._dismiss(other.ref)

    # ---- hanging up -----------------------------------------------------------------------------

    async def _hang_up(self, ref: str, *, answered: bool) -> None:
        """End a call; who stops waiting does not stop the ending."""
        await asyncio.shield(self._dismiss(ref, answered=answered))

    def _dismiss(self, ref: str, *, answered: bool = True) -> asyncio.Task[None]:
        return self._endings.create_task(self._ended(ref, answered=answered))

    async def _ended(self, ref: str, *, answered: bool) -> None:
        for pause in _PAUSES:
            try:
                await self._account.end(ref, answered=answered)
                return  # noqa: TRY300 - it is done
            except (Refused, Unreached, Unanswered) as failure:
                _log.warning("twilio.hang_up_failed", carrier_ref=ref, problem=str(failure))
            await asyncio.sleep(pause)
        # Somebody may still be on the line.
        self.stray()


async def _answered(leg: TwilioLeg, ref: str) -> None:
    leg.report(Report(ref, "in-progress"))
