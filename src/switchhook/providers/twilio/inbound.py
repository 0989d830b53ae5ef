"""Calls that come in: Twilio asks what becomes of each, and tells when it is over."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import InvalidInput, SwitchhookError
from switchhook.domain.phone import normalise
from switchhook.ports import Refusal, Ring
from switchhook.providers.twilio import documents
from switchhook.providers.twilio.carrier import TwilioCarrier
from switchhook.providers.twilio.hooks import Form, one, signed
from switchhook.providers.twilio.legs import Report
from switchhook.providers.twilio.reach import ENDED, VOICE
from switchhook.providers.twilio.signing import Signatures

_REMEMBERED: Final = 1000
_HIDDEN: Final = frozenset(
    {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"}
)
"""ANONYMOUS, RESTRICTED, BLOCKED and the like on a telephone's keys: callers without a number."""

_log = structlog.get_logger(__name__)


def routes(carrier: TwilioCarrier, signatures: Signatures) -> list[BaseRoute]:
    """Return what the numbers of the account are pointed at."""
    calls = IncomingCalls(carrier)
    return [
        Route(VOICE, signed(calls.voice, signatures), methods=["POST"]),
        Route(ENDED, signed(calls.ended, signatures), methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that was asked about: the token of its leg, and the document it gets."""

    token: str
    document: asyncio.Future[str]


class IncomingCalls:
    """Decides about each call once; who asks again, meanwhile or later, is told the same."""

    def __init__(self, carrier: TwilioCarrier) -> None:
        self._carrier = carrier
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    async def voice(self, _request: Request, form: Form) -> Response:
        """Return what becomes of a call."""
        ring = Ring(
            self._carrier.name, one(form, "CallSid"), _caller(one(form, "From")), one(form, "To")
        )
        known = self._asked.get(ring.ref)
        document = await asyncio.shield(known.document) if known else await self._decided(ring)
        return Response(document, media_type="text/xml")

    async def ended(self, _request: Request, form: Form) -> Response:
        """Take that a call is over."""
        if known := self._asked.get(one(form, "CallSid")):
            report = Report(one(form, "CallSid"), one(form, "CallStatus"))
            self._carrier.report(known.token, report)
        return Response(status_code=204)

    async def _decided(self, ring: Ring) -> str:
        asked = Asked(secrets.token_urlsafe(32), asyncio.get_running_loop().create_future())
        self._asked[ring.ref] = asked
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        document = documents.turned_away(Refusal.BUSY)
        try:
            document = await self._received(ring, asked.token)
        except SwitchhookError as trouble:
            _log.warning("twilio.call_not_taken", carrier_ref=ring.ref, problem=trouble.message)
        finally:
            asked.document.set_result(document)
        return document

    async def _received(self, ring: Ring, token: str) -> str:
        leg = self._carrier.take(ring.ref, token)
        answer: AgentSpec | Refusal = Refusal.BUSY
        try:
            answer = await self._carrier.reception.receive(ring, leg)
        finally:
            if isinstance(answer, Refusal):
                leg.decline()
        if isinstance(answer, Refusal):
            return documents.turned_away(answer)
        return self._carrier.connect(leg, token, answer, {})


def _caller(text: str) -> str | None:
    """Return the number of the caller; some have none, and some hide it."""
    try:
        number = normalise(text, field="From")
    except InvalidInput:
        return None
    return None if number in _HIDDEN else number
