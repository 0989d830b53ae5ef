"""The numbers of an account at Twilio: rented, pointed at us, given back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from types import MappingProxyType
from typing import Any, Final, get_args

import structlog
from twilio.rest import Client

from switchhook.domain.errors import CarrierRefused, NumberTaken, Unavailable
from switchhook.domain.numbers import Capability, Kind, NumberOffer, NumberSearch
from switchhook.providers.twilio.reach import Reach
from switchhook.providers.twilio.rest import Account, Refused, Unanswered, Unreached

_PRICED_AS: Final = MappingProxyType(
    {"local": "local", "mobile": "mobile", "toll_free": "toll free"}
)
_NOT_TO_BE_HAD: Final = frozenset({21421, 21422})
"""The number is not for sale, or not any more."""
_GONE: Final = 404

_log = structlog.get_logger(__name__)


class TwilioNumbers:
    """What an account has, and could have."""

    def __init__(self, account: Account, reach: Reach) -> None:
        self._account = account
        self._reach = reach

    async def available(self, wanted: NumberSearch) -> Sequence[NumberOffer]:
        """Return numbers that can be rented, with what their kind costs."""
        found = await self._asked(lambda client: _search(client, wanted))
        price = await self._price(wanted.country, wanted.kind) if found else None
        return [_offer(number, wanted, price) for number in found]

    async def rented(self, number: str) -> str | None:
        """Return the sid of a number that the account has."""
        found = await self._asked(
            lambda client: client.incoming_phone_numbers.list_async(phone_number=number, limit=1)
        )
        return found[0].sid if found else None

    async def rent(self, number: str) -> str:
        """Rent this number; where the answer is missing, the account's list tells."""
        try:
            bought = await self._account.ask(
                lambda client: client.incoming_phone_numbers.create_async(
                    phone_number=number, **self._connection()
                )
            )
        except Refused as refusal:
            raise NumberTaken(number) if refusal.code in _NOT_TO_BE_HAD else _no(refusal) from None
        except (Unanswered, Unreached) as failure:
            sid = await self.rented(number) if isinstance(failure, Unanswered) else None
            if sid is None:
                raise _away(failure) from None
            return sid
        return str(bought.sid)

    async def connect(self, ref: str) -> None:
        """Let the calls to a number come to us."""
        await self._asked(
            lambda client: client.incoming_phone_numbers(ref).update_async(**self._connection())
        )

    async def release(self, ref: str) -> None:
        """Give a number back; one that is gone already is a success."""
        try:
            await self._account.ask(
                lambda client: client.incoming_phone_numbers(ref).delete_async()
            )
        except Refused as refusal:
            if refusal.status != _GONE:
                raise _no(refusal) from None
        except (Unreached, Unanswered) as failure:
            raise _away(failure) from None

    def _connection(self) -> dict[str, str]:
        return {
            "voice_url": self._reach.voice,
            "voice_method": "POST",
            "status_callback": self._reach.ended,
            "status_callback_method": "POST",
        }

    async def _price(self, country: str, kind: Kind) -> str | None:
        try:
            prices: Any = await self._account.ask(
                lambda client: client.pricing.v1.phone_numbers.countries(country).fetch_async()
            )
        except (Refused, Unreached, Unanswered) as failure:
            # A number can be had without its price; whoever buys is told that it is not known.
            _log.warning("twilio.price_unknown", country=country, problem=str(failure))
            return None
        unit = str(prices.price_unit).upper()
        listed = prices.phone_number_prices or ()
        amounts = {price["number_type"]: price["current_price"] for price in listed}
        amount = amounts.get(_PRICED_AS[kind])
        return f"{amount} {unit}" if amount else None

    async def _asked(self, request: Callable[[Client], Awaitable[Any]]) -> Any:
        try:
            return await self._account.ask(request)
        except Refused as refusal:
            raise _no(refusal) from None
        except (Unreached, Unanswered) as failure:
            raise _away(failure) from None


def _search(client: Client, wanted: NumberSearch) -> Awaitable[Any]:
    country = client.available_phone_numbers(wanted.country)
    kinds: dict[Kind, Any] = {
        "local": country.local,
        "mobile": country.mobile,
        "toll_free": country.toll_free,
    }
    given = {"area_code": wanted.area_code, "contains": wanted.contains}
    asked: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for capability in wanted.capabilities:
        asked[f"{capability}_enabled"] = True
    return kinds[wanted.kind].list_async(**asked, limit=wanted.limit, page_size=wanted.limit)


def _offer(number: Any, wanted: NumberSearch, price: str | None) -> NumberOffer:
    # Some answers spell the capabilities in capitals.
    capabilities: dict[str, bool] = number.capabilities or {}
    able = {name.lower() for name, has in capabilities.items() if has}
    return NumberOffer(
        number=number.phone_number,
        country=number.iso_country or wanted.country,
        kind=wanted.kind,
        locality=number.locality or None,
        capabilities=tuple(name for name in get_args(Capability) if name in able),
        monthly_price=price,
    )


def _no(refusal: Refused) -> CarrierRefused:
    return CarrierRefused(
        f"Twilio refuses ({refusal.code or refusal.status}): {refusal}",
        hint="see what it says; some countries want an address or a bundle first",
    )


def _away(failure: Unreached | Unanswered) -> Unavailable:
    return Unavailable(
        f"Twilio does not answer ({failure})", hint="send the same request again in a minute"
    )
