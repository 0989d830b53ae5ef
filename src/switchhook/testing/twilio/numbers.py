"""The numbers of the fake: what can be had, what the account has, and what it pays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from switchhook.testing.twilio.answers import page, problem, unknown
from switchhook.testing.twilio.ledger import Asked, Ledger, sid

Answer = Callable[[Request, Asked], Awaitable[Response]]

_AREAS = ("415", "212", "310")
_PREFIXES = {"Local": _AREAS, "Mobile": _AREAS, "TollFree": ("800", "888")}
_PRICES = {"local": "1.15", "mobile": "1.15", "toll free": "2.15"}
_SETTINGS = {
    "VoiceUrl": "voice_url",
    "StatusCallback": "status_callback",
    "FriendlyName": "friendly_name",
}


def resource(account_sid: str, number: str, **settings: str) -> dict[str, Any]:
    """Return a number as the account has it."""
    return {
        "sid": sid("PN"),
        "account_sid": account_sid,
        "phone_number": number,
        "voice_url": "",
        "status_callback": "",
        "capabilities": {"voice": True, "sms": True, "mms": True},
        **settings,
    }


class Numbers:
    """The part of the REST API that is about numbers."""

    def __init__(self, account_sid: str, ledger: Ledger) -> None:
        self._account_sid = account_sid
        self._owned = ledger.numbers

    def table(self) -> Mapping[str, Mapping[str, Answer]]:
        """Return what may be asked, below the account."""
        return {
            "/IncomingPhoneNumbers.json": {"GET": self._list, "POST": self._buy},
            "/IncomingPhoneNumbers/{number}.json": {"POST": self._update, "DELETE": self._release},
            "/AvailablePhoneNumbers/{country}/{kind}.json": {"GET": self._available},
        }

    async def prices(self, request: Request, _asked: Asked) -> Response:
        """Return what the numbers of a country cost in a month."""
        listed = [
            {"number_type": kind, "base_price": price, "current_price": price}
            for kind, price in _PRICES.items()
        ]
        country = request.path_params["country"]
        prices = {"country": country, "iso_country": country, "price_unit": "USD"}
        return JSONResponse(prices | {"phone_number_prices": listed, "url": str(request.url)})

    async def _list(self, _request: Request, asked: Asked) -> Response:
        wanted = asked.value("PhoneNumber")
        found = [n for n in self._owned.values() if wanted in ("", n["phone_number"])]
        return page("incoming_phone_numbers", found, asked)

    async def _buy(self, _request: Request, asked: Asked) -> Response:
        number = asked.value("PhoneNumber")
        if number in self._owned or number not in _for_sale():
            return problem(400, 21422, f"{number} is not available.")
        self._owned[number] = resource(self._account_sid, number) | _settings(asked)
        return JSONResponse(self._owned[number], status_code=201)

    async def _update(self, request: Request, asked: Asked) -> Response:
        number = self._named(request)
        if number is None:
            return unknown(request)
        number |= _settings(asked)
        return JSONResponse(number)

    async def _release(self, request: Request, _asked: Asked) -> Response:
        number = self._named(request)
        if number is None:
            return unknown(request)
        del self._owned[number["phone_number"]]
        return Response(status_code=204)

    async def _available(self, request: Request, asked: Asked) -> Response:
        kind, country = request.path_params["kind"], request.path_params["country"]
        if kind not in _PREFIXES or country != "US":
            return unknown(request)
        area, pattern = asked.value("AreaCode"), asked.value("Contains").strip("+*")
        numbers = [
            {
                "phone_number": number,
                "iso_country": country,
                "locality": "Fakeville",
                "capabilities": {"voice": True, "SMS": True, "MMS": False},
            }
            for number in _for_sale(kind)
            if number not in self._owned and number[2:].startswith(area) and pattern in number
        ]
        return page("available_phone_numbers", numbers, asked)

    def _named(self, request: Request) -> dict[str, Any] | None:
        wanted = request.path_params["number"]
        return next((n for n in self._owned.values() if n["sid"] == wanted), None)


def _for_sale(*kinds: str) -> list[str]:
    prefixes = [prefix for kind in kinds or _PREFIXES for prefix in _PREFIXES[kind]]
    return [f"+1{prefix}55502{n:02}" for prefix in prefixes for n in range(20)]


def _settings(asked: Asked) -> dict[str, str]:
    return {ours: asked.value(theirs) for theirs, ours in _SETTINGS.items() if theirs in asked.form}
