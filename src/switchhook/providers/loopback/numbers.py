"""Numbers that cost nothing and ring only here, so that everything about numbers can be tried."""

from __future__ import annotations

from collections.abc import Sequence

from switchhook.domain.numbers import NumberOffer, NumberSearch

_SHOWN = 100
"""How many numbers a search looks through; any other has to be asked for by all its digits."""


class LoopbackNumbers:
    """Every number of the area code 555, which telephone companies assign to nobody."""

    async def available(self, wanted: NumberSearch) -> Sequence[NumberOffer]:
        """Return numbers that can be rented."""
        if wanted.country != "US" or wanted.area_code not in (None, "555"):
            return ()
        pattern = (wanted.contains or "").strip("+*")
        some = [f"+1555{2000000 + n * 10007}" for n in range(_SHOWN)]
        fitting = [n for n in dict.fromkeys([f"+{pattern}", *some]) if pattern in n and _ours(n)]
        return [_offer(number) for number in fitting[: wanted.limit]]

    async def rented(self, number: str) -> str | None:
        """Return nothing: who has a number is known to the store alone."""
        del number

    async def rent(self, number: str) -> str:
        """Return a name for the number; it is connected already."""
        return f"loopback-{number}"

    async def connect(self, ref: str) -> None:
        """Do nothing: what is called here is called through us."""

    async def release(self, ref: str) -> None:
        """Do nothing: there is nobody to give it back to."""


def _ours(number: str) -> bool:
    return number.startswith("+1555") and len(number) == len("+15552000000")


def _offer(number: str) -> NumberOffer:
    return NumberOffer(
        number=number, country="US", kind="local", locality="Loopback", monthly_price="0.00 USD"
    )
