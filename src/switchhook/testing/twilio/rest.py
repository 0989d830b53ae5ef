"""Twilio's REST API, as much of it as telephones need."""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from switchhook.testing.twilio.answers import page, problem, unknown
from switchhook.testing.twilio.conference_rest import (
    PARTICIPANT,
    PARTICIPANTS,
    ROOM,
    ConferenceApi,
)
from switchhook.testing.twilio.conferences import Room
from switchhook.testing.twilio.contract import complaint
from switchhook.testing.twilio.faults import Mischief, Post
from switchhook.testing.twilio.ledger import Asked, FakeCall, Ledger, sid
from switchhook.testing.twilio.numbers import Answer, Numbers

_CALL_IS_OVER = 21220
_NUMBERS = {
    "+15550000001": (21211, "Invalid 'To' Phone Number"),
    "+15550000002": (21215, "Account not authorized to call that number"),
    "+15550000003": (21219, "'To' number not verified"),
}
"""Numbers that cannot be called, as real ones cannot, and why."""


class Exchange(Protocol):
    """What the REST API works on."""

    account_sid: str
    auth_token: str
    login: tuple[str, str]
    """A key of the account and its secret."""
    ledger: Ledger

    @property
    def mischief(self) -> Mischief:
        """What goes wrong."""
        ...

    def fate(self) -> Post:
        """Return how the next request to dial fares."""
        ...

    async def dial(self, asked: Asked) -> FakeCall:
        """Begin a call."""
        ...

    def end(self, call: FakeCall, status: str) -> None:
        """End a call."""
        ...

    def redirect(self, call: FakeCall, document: str) -> None:
        """Have a call follow another document."""
        ...

    @property
    def rooms(self) -> Mapping[str, Room]:
        """The conferences."""
        ...


class Api:
    """The routes of one account."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self, more: Mapping[str, Mapping[str, Answer]]) -> list[Route]:
        """Return what the account may ask: this, and what else the fake answers."""
        root = "/2010-04-01/Accounts/{account}"
        rooms = ConferenceApi(self._exchange.rooms, unknown)
        table: dict[str, Mapping[str, Answer]] = {
            "/Conferences.json": {"GET": rooms.list},
            ROOM: {"POST": rooms.update},
            PARTICIPANTS: {"GET": rooms.participants},
            PARTICIPANT: {"POST": rooms.change, "DELETE": rooms.kick},
            "/Calls.json": {"POST": self._create, "GET": self._list},
            "/Calls/{sid}.json": {"POST": self._update, "GET": self._read},
            "/Calls/{sid}/Recordings.json": {"POST": self._record, "GET": self._recordings},
            "/Recordings/{recording}.wav": {"GET": self._media},
            "/Recordings/{recording}.json": {"GET": self._recording, "DELETE": self._forget},
        }
        numbers = Numbers(self._exchange.account_sid, self._exchange.ledger)
        below = {
            root + path: answers for path, answers in {**table, **numbers.table(), **more}.items()
        }
        below["/v1/PhoneNumbers/Countries/{country}"] = {"GET": numbers.prices}
        return [
            Route(path, self._guarded(answer), methods=[method])
            for path, answers in below.items()
            for method, answer in answers.items()
        ]

    def _guarded(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """Let nobody pass who does not know the account's token."""

        async def guarded(request: Request) -> Response:
            exchange = self._exchange
            await asyncio.sleep(exchange.mischief.rest_delay)
            pairs = ((exchange.account_sid, exchange.auth_token), exchange.login)
            given = request.headers.get("authorization", "")
            if not any(hmac.compare_digest(given, _basic(*pair)) for pair in pairs):
                return problem(401, 20003, "Authenticate")
            if request.path_params.get("account", exchange.account_sid) != exchange.account_sid:
                return unknown(request)
            text = (await request.body()).decode() or request.url.query
            form = parse_qs(text, keep_blank_values=True)
            asked = Asked(request.method, request.url.path, form)
            exchange.ledger.asked.append(asked)
            # Twilio would let pass some of what it has not published; who relies on that is wrong.
            unpublished = complaint(request.method, request.url.path, form)
            if unpublished:
                return problem(400, 20001, unpublished)
            return await answer(request, asked)

        return guarded

    async def _create(self, _request: Request, asked: Asked) -> Response:
        refusal = self._refusal(asked)
        if refusal is not None:
            return refusal
        fate = self._exchange.fate()
        if fate is Post.BUSY:
            return problem(429, 20429, "Too Many Requests", **{"Retry-After": "1"})
        if fate is Post.SILENT_BEFORE:
            await asyncio.sleep(3600)
        if fate is Post.FAILED_BEFORE:
            return problem(500, 20500, "Internal Server Error")
        call = await self._exchange.dial(asked)
        match fate:
            case Post.FAILED_AFTER:
                return problem(500, 20500, "Internal Server Error")
            case Post.SILENT_AFTER:
                await asyncio.sleep(3600)
            case Post.LATE:
                await asyncio.sleep(1.0)
            case _:
                pass
        return JSONResponse(call.resource() | {"status": "queued"}, status_code=201)

    def _refusal(self, asked: Asked) -> Response | None:
        to, caller = asked.value("To"), asked.value("From")
        if not to.startswith("+"):
            return problem(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if to in _NUMBERS:
            return problem(400, *_NUMBERS[to])
        if caller not in self._exchange.ledger.numbers:
            return problem(400, 21210, f"'From' phone number not verified: {caller}")
        if not (asked.value("Url") or asked.value("Twiml") or asked.value("ApplicationSid")):
            return problem(400, 21205, "Url parameter is required")
        return None

    async def _list(self, _request: Request, asked: Asked) -> Response:
        wanted: Mapping[str, Callable[[FakeCall], str]] = {
            "To": lambda call: call.to,
            "From": lambda call: call.from_number,
            "Status": lambda call: call.status,
        }
        calls = [
            call.resource()
            for call in reversed(self._exchange.ledger.calls.values())
            if all(asked.value(name, of(call)) == of(call) for name, of in wanted.items())
        ]
        return page("calls", calls, asked)

    async def _read(self, request: Request, _asked: Asked) -> Response:
        call = self._call(request)
        return JSONResponse(call.resource()) if call else unknown(request)

    async def _update(self, request: Request, asked: Asked) -> Response:
        call = self._call(request)
        if call is None:
            return unknown(request)
        if call.over:
            return problem(400, _CALL_IS_OVER, "Call is not in-progress. Cannot redirect.")
        status = asked.value("Status")
        # `canceled` leaves a call alone that was answered meanwhile.
        if status == "completed" or (status == "canceled" and call.status != "in-progress"):
            self._exchange.end(call, status)
            return JSONResponse(call.resource() | {"status": status})
        if document := asked.value("Twiml"):
            if call.status != "in-progress":
                return problem(400, _CALL_IS_OVER, "Call is not in-progress. Cannot redirect.")
            self._exchange.redirect(call, document)
        return JSONResponse(call.resource())

    async def _record(self, request: Request, _asked: Asked) -> Response:
        call = self._call(request)
        if call is None:
            return unknown(request)
        if call.status != "in-progress":
            return problem(400, _CALL_IS_OVER, "Requested resource is not eligible for recording")
        recording = {"sid": sid("RE"), "call_sid": call.sid, "status": "in-progress"}
        recording |= {"account_sid": call.account_sid, "source": "StartCallRecordingAPI"}
        self._exchange.ledger.recordings[recording["sid"]] = recording
        return JSONResponse(recording, status_code=201)

    async def _recordings(self, request: Request, asked: Asked) -> Response:
        of = request.path_params["sid"]
        everything = self._exchange.ledger.recordings.values()
        return page("recordings", [one for one in everything if one["call_sid"] == of], asked)

    async def _media(self, request: Request, _asked: Asked) -> Response:
        file = self._exchange.ledger.media.get(request.path_params["recording"])
        return Response(file, media_type="audio/x-wav") if file else unknown(request)

    async def _recording(self, request: Request, _asked: Asked) -> Response:
        found = self._exchange.ledger.recordings.get(request.path_params["recording"])
        return JSONResponse(found) if found else unknown(request)

    async def _forget(self, request: Request, _asked: Asked) -> Response:
        ledger, named = self._exchange.ledger, request.path_params["recording"]
        if ledger.recordings.pop(named, None) is None:
            return unknown(request)
        ledger.media.pop(named, None)
        return Response(status_code=204)

    def _call(self, request: Request) -> FakeCall | None:
        return self._exchange.ledger.calls.get(request.path_params["sid"])


def _basic(name: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"
