"""Written messages: taken by the REST API, brought to nobody, reported as real ones are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from switchhook.testing.twilio.answers import problem, unknown
from switchhook.testing.twilio.callbacks import Postman
from switchhook.testing.twilio.faults import Post
from switchhook.testing.twilio.ledger import Asked, FakeMessage, Ledger, sid
from switchhook.testing.twilio.numbers import Answer

_LONGEST = 1600
_WAY_S = 1.0
_WHATSAPP = "whatsapp:"

OPTED_OUT: Final = "+15550000011"
LANDLINE: Final = "+15550000012"
SWITCHED_OFF: Final = "+15550000013"
STRANGER: Final = "+15550000014"
"""Who has not written for more than a day, so that WhatsApp wants a template."""

_REFUSED = {
    OPTED_OUT: (21610, "Attempt to send to unsubscribed recipient"),
    LANDLINE: (21614, "'To' number is not a valid mobile number"),
}
_LOST = {SWITCHED_OFF: ("undelivered", 30003), STRANGER: ("failed", 63016)}


class PostOffice(Protocol):
    """What the REST API works on."""

    account_sid: str
    ledger: Ledger

    def fate(self) -> Post:
        """Return how the next request fares."""
        ...

    def text(self, message: FakeMessage) -> None:
        """Take a message and bring it to its reader."""
        ...


def messages_of(office: PostOffice) -> Mapping[str, Mapping[str, Answer]]:
    """Return what the account may ask about messages."""

    async def create(_request: Request, asked: Asked) -> Response:
        refusal = _refusal(office, asked)
        if refusal is not None:
            return refusal
        fate = office.fate()
        if fate is Post.BUSY:
            return problem(429, 20429, "Too Many Requests")
        message = FakeMessage(sid("SM"), office.account_sid, asked)
        if fate not in {Post.SILENT_BEFORE, Post.FAILED_BEFORE}:
            office.text(message)
        if fate in {Post.SILENT_BEFORE, Post.SILENT_AFTER}:
            await asyncio.sleep(3600)
        if fate in {Post.FAILED_BEFORE, Post.FAILED_AFTER}:
            return problem(500, 20500, "Internal Server Error")
        return JSONResponse(message.resource(), status_code=201)

    async def read(request: Request, _asked: Asked) -> Response:
        message = office.ledger.messages.get(request.path_params["sid"])
        return JSONResponse(message.resource()) if message else unknown(request)

    return {"/Messages.json": {"POST": create}, "/Messages/{sid}.json": {"GET": read}}


async def deliver(message: FakeMessage, postman: Postman) -> None:
    """Bring a message on its way, and tell the customer of every step."""
    to = message.asked.value("To").removeprefix(_WHATSAPP)
    last, code = _LOST.get(to, ("delivered", None))
    for status in ("sent", last) if last != "failed" else ("failed",):
        await asyncio.sleep(_WAY_S)
        message.status = status
        message.error_code = code if status == last else None
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": message.account_sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": message.asked.value("To"),
            "From": message.asked.value("From"),
            "ApiVersion": "2010-04-01",
        }
        if message.error_code is not None:
            form["ErrorCode"] = str(message.error_code)
        if url := message.asked.value("StatusCallback"):
            await postman.ask(url, form)


def _refusal(office: PostOffice, asked: Asked) -> Response | None:
    to, sender, body = asked.value("To"), asked.value("From"), asked.value("Body")
    number = to.removeprefix(_WHATSAPP)
    rules = [
        (number.startswith("+"), 21211, f"Invalid 'To' Phone Number: {to}"),
        (body, 21602, "Message body is required."),
        (len(body) <= _LONGEST, 21617, "The message body exceeds the 1600 character limit"),
        (
            sender.startswith(_WHATSAPP) is to.startswith(_WHATSAPP),
            63007,
            "Could not find a Channel with the specified From address",
        ),
        (
            sender.removeprefix(_WHATSAPP) in office.ledger.numbers,
            21606,
            f"The 'From' phone number {sender} is not valid",
        ),
        (number not in _REFUSED, *_REFUSED.get(number, (0, ""))),
    ]
    broken = next(((code, words) for kept, code, words in rules if not kept), None)
    return problem(400, *broken) if broken else None
