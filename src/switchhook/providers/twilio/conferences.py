"""Two calls by Twilio that become one: both are moved into a conference of their own."""

from __future__ import annotations

import asyncio
from typing import Final

from switchhook.domain.errors import Unavailable
from switchhook.ports import Leg
from switchhook.providers.twilio import documents
from switchhook.providers.twilio.apologies import apologise
from switchhook.providers.twilio.legs import TwilioLeg
from switchhook.providers.twilio.rest import Account, Refused, Unanswered, Unreached

_PAUSES: Final = (0.3, 0.9)
"""Before a call is told again where to go; who is there already stays there."""


class Room:
    """A conference of two, which ends for both when one of them leaves."""

    def __init__(self, *legs: TwilioLeg) -> None:
        self._legs = legs

    async def over(self) -> None:
        """Wait until one of them has hung up."""
        waiting = {asyncio.ensure_future(leg.over.wait()) for leg in self._legs}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for left in waiting:
                left.cancel()


class Conferences:
    """Connects the legs of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def join(self, callee: Leg, other: Leg) -> Room:
        """Connect the two: first the other one, so that the callee never waits in an empty room."""
        if not (isinstance(callee, TwilioLeg) and isinstance(other, TwilioLeg)):
            raise _not_connected("not both are calls by Twilio")
        if callee.ref is None or other.ref is None:
            raise _not_connected("a call has no name yet")
        document = documents.conference(f"switchhook-{callee.ref}")
        await self._move(other.ref, document)
        try:
            await self._move(callee.ref, document)
        except Unavailable:
            await apologise(other, self._account)
            raise
        return Room(callee, other)

    async def _move(self, ref: str, document: str) -> None:
        for pause in (*_PAUSES, None):
            try:
                await self._account.move(ref, document)
                return  # noqa: TRY300 - it is done
            except Refused as refusal:
                raise _not_connected(str(refusal)) from None
            except (Unreached, Unanswered) as failure:
                if pause is None:
                    raise _not_connected(str(failure)) from None
                await asyncio.sleep(pause)


def _not_connected(why: str) -> Unavailable:
    return Unavailable(f"Twilio did not connect the two: {why}", hint="the callee is still there")
