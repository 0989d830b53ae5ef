"""Twilio's REST API, asked through the official library.

The library's own asynchronous client ignores its timeout, knows one address only, and reports a
connection that never was like an answer that never came. Its documented way out is a client of
one's own, so the requests leave through the HTTP library that the rest of this program uses. Then
what may have dialled is told from what cannot have: that difference decides whether to try again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, cast

import httpx2
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from switchhook.ports import Booked
from switchhook.providers.twilio import reasons

API: Final = "https://api.twilio.com"

_HOST: Final = re.compile(r"^https://[a-z]+\.twilio\.com")
"""Each of its hosts; one fake is all of them."""
_SECONDS: Final = httpx2.Timeout(10.0, connect=3.0, write=5.0, pool=3.0)
_LATEST: Final = 20
_MOST_LIVE: Final = 1000
_UNKNOWN: Final = 404
_SERVERS_FAULT: Final = 500


class Refused(Exception):
    """Twilio says no."""

    def __init__(self, status: int, code: int | None, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Unreached(Exception):
    """Nothing was asked, because nobody was reached."""


class Unanswered(Exception):
    """It was asked, and nobody knows what came of it."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who pays, and the token that also signs what Twilio sends."""

    account_sid: str
    auth_token: str = field(repr=False)
    login: tuple[str, str] | None = field(default=None, repr=False)
    """A key of the account and its secret, which ask in place of the token."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording at Twilio, and how far it has got."""

    sid: str
    status: str


class Account:
    """One account; every request is made once."""

    def __init__(
        self, credentials: Credentials, base: str = API, seconds: httpx2.Timeout = _SECONDS
    ) -> None:
        self._credentials = credentials
        self._http = _Http(base, seconds)
        name, secret = credentials.login or (credentials.account_sid, credentials.auth_token)
        self._client = Client(name, secret, credentials.account_sid, http_client=self._http)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.close()

    async def ask(self, request: Callable[[Client], Awaitable[Any]]) -> Any:
        """Make one request of the library's, and return what is answered."""
        return await _asked(request(self._client))

    async def dial(self, order: dict[str, Any]) -> str:
        """Ask for a call and return its sid."""
        call = await _asked(self._client.calls.create_async(**order))
        return str(call.sid)

    async def send(self, order: dict[str, Any]) -> str:
        """Ask for a message to be sent and return its sid."""
        message = await _asked(self._client.messages.create_async(**order))
        return str(message.sid)

    async def end(self, ref: str, *, answered: bool = True) -> None:
        """End a call; one that has ended already is a success.

        `canceled` makes a telephone stop ringing and is recorded as such, but leaves alone who
        picked up meanwhile.
        """
        call = self._client.calls(ref)
        try:
            if not answered:
                left = await _asked(call.update_async(status="canceled"))
                if left.status != "in-progress":
                    return
            await _asked(call.update_async(status="completed"))
        except Refused as refusal:
            if refusal.code not in reasons.GONE:
                raise

    async def move(self, ref: str, document: str) -> None:
        """Have a call that is spoken on follow another document from now on."""
        await _asked(self._client.calls(ref).update_async(twiml=document))

    async def status(self, ref: str) -> str:
        """Return how a call stands, in the words of the callbacks."""
        return str((await _asked(self._client.calls(ref).fetch_async())).status)

    async def find(self, to_number: str, from_number: str | None) -> Sequence[Booked]:
        """Return the latest calls between two numbers, newest first."""
        calls = self._client.calls
        pair = {"to": to_number} | ({"from_": from_number} if from_number else {})
        return await self._booked(calls.list_async(**pair, limit=_LATEST, page_size=_LATEST))

    async def live(self) -> Sequence[Booked]:
        """Return the calls that ring or are spoken on now."""
        found: list[Booked] = []
        for status in ("queued", "ringing", "in-progress"):
            found += await self._booked(
                self._client.calls.list_async(status=status, limit=_MOST_LIVE, page_size=_MOST_LIVE)
            )
        return found

    async def leads_to(self, number: str) -> str | None:
        """Return who is asked about calls to a number of the account; nothing for any other.

        A trunk or an application of the account replaces the address of the number's own.
        """
        numbers = self._client.incoming_phone_numbers
        for own in await _asked(numbers.list_async(phone_number=number, limit=1)):
            return own.trunk_sid or own.voice_application_sid or own.voice_url or ""
        return None

    async def recordings(self, ref: str) -> Sequence[Recorded]:
        """Return what was recorded of a call."""
        listing = self._client.calls(ref).recordings.list_async(limit=_LATEST)
        return [Recorded(one.sid, one.status) for one in await _asked(listing)]

    async def discard(self, recording: str) -> None:
        """Delete a recording; one that is gone already is a success."""
        try:
            await _asked(self._client.recordings(recording).delete_async())
        except Refused as refusal:
            if refusal.status != _UNKNOWN:
                raise

    @asynccontextmanager
    async def media(self, recording: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        """Give a recording as a WAV file, piece by piece; both sides, where it has both."""
        account = self._credentials.account_sid
        path = f"/2010-04-01/Accounts/{account}/Recordings/{recording}.wav?RequestedChannels=2"
        try:
            async with self._http.stream(path, self._credentials) as answer:
                if answer.status_code >= _SERVERS_FAULT:
                    raise Unanswered(f"Twilio answered with {answer.status_code}")
                if not answer.is_success:
                    said = f"Twilio answered with {answer.status_code}"
                    raise Refused(answer.status_code, None, said)
                yield answer.aiter_bytes()
        except httpx2.HTTPError as failure:
            raise Unanswered(type(failure).__name__) from None

    async def _booked(self, listing: Any) -> list[Booked]:
        return [
            Booked(call.sid, call.date_created, reasons.of_ended(call.status))
            for call in await _asked(listing)
        ]


async def _asked(request: Any) -> Any:
    """Return the answer, or raise what is known of a request without one."""
    try:
        return await request
    except (TwilioRestException, TwilioServiceException) as refusal:
        if refusal.status >= _SERVERS_FAULT:
            raise Unanswered(f"Twilio answered with {refusal.status}") from None
        said = refusal.msg if isinstance(refusal, TwilioRestException) else refusal.title
        raise Refused(refusal.status, refusal.code, said) from None
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as failure:
        raise Unreached(type(failure).__name__) from None
    except TwilioException as failure:
        raise _of_listing(failure) from None
    except (httpx2.HTTPError, ValueError) as failure:
        raise Unanswered(type(failure).__name__) from None


def _of_listing(failure: TwilioException) -> Refused | Unanswered:
    """Return what a list says that cannot be fetched: the library hands on the bare answer."""
    answer = failure.args[-1] if failure.args else None
    if isinstance(answer, Response) and answer.status_code < _SERVERS_FAULT:
        return Refused(answer.status_code, None, f"Twilio answered with {answer.status_code}")
    return Unanswered(str(failure.args[:1]))


class _Http(AsyncHttpClient):
    """How the library reaches Twilio: with our patience, and at another address in tests."""

    def __init__(self, base: str, seconds: httpx2.Timeout) -> None:
        super().__init__(logging.getLogger("twilio"), is_async=True)
        self._base = base
        self._client = httpx2.AsyncClient(timeout=seconds, follow_redirects=False)

    async def request(  # noqa: PLR0913, PLR0917 - the library's signature
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> Response:
        """Make one request, once."""
        del timeout, allow_redirects
        answer = await self._client.request(
            method,
            uri if self._base == API else _HOST.sub(self._base, uri),
            params=cast("Any", params),
            data=cast("Any", data),
            headers=headers,
            auth=auth,
        )
        return Response(answer.status_code, answer.text, answer.headers)

    def stream(self, path: str, whose: Credentials) -> AbstractAsyncContextManager[httpx2.Response]:
        """Fetch something large; Twilio may keep it elsewhere, and our token stays here."""
        pair = whose.account_sid, whose.auth_token
        return self._client.stream("GET", self._base + path, auth=pair, follow_redirects=True)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()
