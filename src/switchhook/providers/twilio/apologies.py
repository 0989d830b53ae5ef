"""What somebody hears who is on the line, and with whom nobody can talk: why, and goodbye."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from switchhook.providers.twilio import documents
from switchhook.providers.twilio.legs import TwilioLeg
from switchhook.providers.twilio.rest import Account, Refused, Unanswered, Unreached

SECONDS: Final = 3.0
"""How long Twilio may take to be told; then the call is hung up without a word."""

_log = structlog.get_logger(__name__)


async def apologise(leg: TwilioLeg, account: Account) -> None:
    """Let Twilio say sorry and hang up; a call that cannot be told is hung up as any other."""
    try:
        async with asyncio.timeout(SECONDS):
            await account.move(str(leg.ref), documents.apology(leg.language))
    except (Refused, Unreached, Unanswered, TimeoutError) as failure:
        _log.warning("twilio.not_told", carrier_ref=leg.ref, problem=str(failure))
    else:
        leg.ends_itself()
