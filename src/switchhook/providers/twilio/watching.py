"""Asks how a call stands while nothing but a callback would tell, since any of them may be lost.

That is so until its audio has come, and again once it was moved to where it goes on without us.
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from switchhook.providers.twilio.legs import Report, TwilioLeg
from switchhook.providers.twilio.rest import Account, Refused, Unanswered, Unreached

WATCH_SECONDS: Final = 20.0
"""How long a lost callback goes unnoticed."""

_log = structlog.get_logger(__name__)


async def watch(leg: TwilioLeg, account: Account) -> None:
    """Report to a leg how its call stands, again and again, until that is over."""
    while not leg.over.is_set():
        await asyncio.sleep(WATCH_SECONDS)
        ref = leg.ref
        if ref is None or leg.has_media:
            continue
        try:
            leg.report(Report(ref, await account.status(ref)))
        except (Refused, Unreached, Unanswered) as failure:
            _log.warning("twilio.not_watched", carrier_ref=ref, problem=str(failure))
