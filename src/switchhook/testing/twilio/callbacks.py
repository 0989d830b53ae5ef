"""What Twilio tells its customer: signed requests, in order or not, once or more often."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx2

from switchhook.testing.twilio.faults import Mischief
from switchhook.testing.twilio.ledger import FakeCall, Ledger, Posted
from switchhook.testing.twilio.signing import signature
from switchhook.testing.wires import chance

_PATIENCE = httpx2.Timeout(15.0, connect=5.0)


class Postman:
    """Sends callbacks, and keeps in the ledger how they were answered."""

    def __init__(self, token: str, ledger: Ledger, mischief: Mischief) -> None:
        self._token = token
        self._ledger = ledger
        self._mischief = mischief
        self._random = chance(mischief.seed)
        self._kept: dict[str, list[tuple[str, dict[str, str]]]] = {}
        self._client = httpx2.AsyncClient(timeout=_PATIENCE, trust_env=False)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def ask(self, url: str, form: Mapping[str, str]) -> str:
        """Return the document that the customer answers with; nothing where there is none."""
        answer = await self._send(url, form)
        return answer.text if answer is not None and answer.is_success else ""

    async def tell(self, call: FakeCall, url: str, form: Mapping[str, str]) -> None:
        """Tell of something, as the mischief wants it: not at all, later, or more than once."""
        if not url or self._mischief.mute:
            return
        if not self._mischief.shuffled:
            for _ in range(self._mischief.repeats):
                await self._send(url, form)
            return
        kept = self._kept.setdefault(call.sid, [])
        kept += [(url, dict(form))] * self._mischief.repeats
        if call.over:
            self._random.shuffle(kept)
            for to, late in self._kept.pop(call.sid):
                await self._send(to, late)

    async def _send(self, url: str, form: Mapping[str, str]) -> httpx2.Response | None:
        headers = {"X-Twilio-Signature": signature(self._token, url, form)}
        try:
            answer = await self._client.post(url, data=dict(form), headers=headers)
        except httpx2.HTTPError:
            self._ledger.posted.append(Posted(url, form, 0))
            return None
        self._ledger.posted.append(Posted(url, form, answer.status_code))
        return answer


def told(call: FakeCall) -> dict[str, str]:
    """Return what every callback says of a call."""
    return {
        "CallSid": call.sid,
        "AccountSid": call.account_sid,
        "From": call.from_number,
        "Caller": call.from_number,
        "To": call.to,
        "Called": call.to,
        "Direction": call.direction,
        "CallStatus": call.status,
        "ApiVersion": "2010-04-01",
    }


def progress(call: FakeCall, status: str) -> dict[str, str]:
    """Return a status callback."""
    form = told(call) | {
        "CallStatus": status,
        "Timestamp": format_datetime(datetime.now(UTC)),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
    }
    call.sequence += 1
    if call.over:
        # Twilio's Duration counts begun minutes, its CallDuration seconds.
        minutes = -(-call.seconds // 60)
        form |= {"CallDuration": str(call.seconds), "Duration": str(minutes)}
        form |= {"SipResponseCode": _SIP.get(status, "200")}
    return form


_SIP = {"busy": "486", "no-answer": "487", "failed": "404", "canceled": "487"}
