"""Where Twilio tells us things: signed requests, each about one attempt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from switchhook.providers.twilio import reasons
from switchhook.providers.twilio.carrier import TwilioCarrier
from switchhook.providers.twilio.legs import Report
from switchhook.providers.twilio.music import music
from switchhook.providers.twilio.reach import MUSIC, ROOT
from switchhook.providers.twilio.routes import media_route, relay_route
from switchhook.providers.twilio.signing import Signatures

_log = structlog.get_logger(__name__)

_MOST_FIELDS: Final = 200

Form = Mapping[str, Sequence[str]]


def routes(carrier: TwilioCarrier, signatures: Signatures) -> list[BaseRoute]:
    """Return everything that Twilio may call."""
    hooks = Hooks(carrier)
    table = {
        "status": hooks.status,
        "detected": hooks.detected,
        "stream": hooks.stream,
        "recording": hooks.recording,
        "relayed": hooks.relayed,
    }
    return [
        media_route(carrier.admissions, f"{ROOT}/media/{{token}}", signatures.genuine_upgrade),
        relay_route(
            carrier.admissions,
            f"{ROOT}/relay/{{token}}",
            signatures.genuine_upgrade,
            carrier.reach.music,
        ),
        Route(MUSIC, music, methods=["GET"]),
        *(
            Route(f"{ROOT}/{{token}}/{what}", signed(hook, signatures), methods=["POST"])
            for what, hook in table.items()
        ),
    ]


def signed(
    answer: Callable[[Request, Form], Awaitable[Response]], signatures: Signatures
) -> Callable[[Request], Awaitable[Response]]:
    """Let only Twilio ask; anybody else is answered with 403 and learns nothing."""

    async def checked(request: Request) -> Response:
        try:
            body = (await request.body()).decode()
            form = parse_qs(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            return Response(status_code=400)
        if not signatures.genuine(request.url.path, form, request.headers):
            _log.warning("twilio.forged_callback", path=request.url.path)
            return Response(status_code=403)
        return await answer(request, form)

    return checked


def one(form: Form, name: str) -> str:
    """Return the first value of a field, or nothing."""
    return next(iter(form.get(name, ())), "")


class Hooks:
    """What the callbacks of outgoing calls mean; they may come late, twice and in any order."""

    def __init__(self, carrier: TwilioCarrier) -> None:
        self._carrier = carrier

    async def status(self, request: Request, form: Form) -> Response:
        """Take how far a call has got."""
        report = Report(one(form, "CallSid"), one(form, "CallStatus"), one(form, "SipResponseCode"))
        self._carrier.report(request.path_params["token"], report)
        return _taken()

    async def detected(self, request: Request, form: Form) -> Response:
        """Take who the carrier says has answered."""
        verdict = reasons.of_answer(one(form, "AnsweredBy"))
        self._carrier.detected(request.path_params["token"], verdict)
        return _taken()

    async def stream(self, request: Request, form: Form) -> Response:
        """Take what became of the audio's way to us."""
        if problem := one(form, "StreamError"):
            self._carrier.trouble(request.path_params["token"], problem)
        return _taken()

    async def recording(self, _request: Request, form: Form) -> Response:
        """Take that a call's recording is ready, or that there is none."""
        self._carrier.recorded(one(form, "CallSid"))
        return _taken()

    async def relayed(self, request: Request, form: Form) -> Response:
        """Take why Twilio hears and speaks no longer, and let the call end."""
        if problem := one(form, "ErrorMessage") or one(form, "ErrorCode"):
            self._carrier.trouble(request.path_params["token"], problem)
        return Response("<Response><Hangup/></Response>", media_type="application/xml")


def _taken() -> Response:
    return Response(status_code=204)
