"""Messages by Twilio: SMS, and WhatsApp through the same account.

Like a call, a message is asked for once. Where no answer comes nobody knows whether it was sent;
then what is reported of its token tells.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

import structlog

from switchhook.domain.interaction import Channel
from switchhook.ports.messages import (
    Delivery,
    Message,
    NotSent,
    PerhapsSent,
    Progress,
    Sent,
    Undelivered,
)
from switchhook.providers.twilio.reach import Reach
from switchhook.providers.twilio.rest import Account, Refused, Unanswered, Unreached

LONGEST: Final = 1600
"""Characters of a body; what is longer is refused, since half a message is worse than none."""

_PREFIXES: Final = MappingProxyType({Channel.SMS: "", Channel.WHATSAPP: "whatsapp:"})

_REASONS: Final = MappingProxyType(
    {
        code: reason
        for reason, codes in {
            Undelivered.OPTED_OUT: (21610,),
            Undelivered.INVALID_DESTINATION: (
                *(21211, 21214, 21265, 21604, 21612, 21614, 21635),
                *(30005, 30006, 63003, 63024),
            ),
            Undelivered.UNREACHABLE: (30003,),
            Undelivered.OUTSIDE_WINDOW: (63016,),
            Undelivered.INVALID_BODY: (21602, 21617, 21619, 63005, 63021),
            Undelivered.FILTERED: (30004, 30007, 63032),
            Undelivered.DENIED: (
                *(20003, 20005, 20008, 10002, 30002),  # our own account
                *(21408, 21608, 572005),  # the destination, for this account
                *(21212, 21603, 21606, 21659, 21660, 30034, 63007, 63015, 63020),  # the sender
            ),
            Undelivered.TOO_MANY: (20429, 14107, 21611, 30001, 63018),
            Undelivered.UNAVAILABLE: (20409, 20500, 20503, 63012),
        }.items()
        for code in codes
    }
)

_PROGRESS: Final = MappingProxyType(
    {
        "sent": Progress.SENT,
        "delivered": Progress.DELIVERED,
        "read": Progress.READ,
        "undelivered": Progress.FAILED,
        "failed": Progress.FAILED,
    }
)

_log = structlog.get_logger(__name__)


def _nobody(delivery: Delivery) -> None:
    del delivery


class TwilioMessages:
    """Sends written messages; `told` hears what becomes of them."""

    def __init__(
        self, account: Account, reach: Reach, *, name: str = "twilio", simulated: bool = False
    ) -> None:
        self.name = name
        self.simulated = simulated
        self.told: Callable[[Delivery], None] = _nobody
        self._account = account
        self._reach = reach

    async def send(self, message: Message) -> Sent | NotSent | PerhapsSent:
        """Send it, once."""
        body = message.body
        if not body.strip() or len(body) > LONGEST:
            said = f"the body has {len(body)} characters, and there may be 1 to {LONGEST}"
            return NotSent(Undelivered.INVALID_BODY, said)
        try:
            return Sent(await self._account.send(self._order(message)))
        except Refused as refusal:
            said = f"Twilio refused the message ({refusal.code}): {refusal}"
            return NotSent(reason_of(refusal.code), said)
        except Unreached as failure:
            said = f"Twilio was not reached ({failure})"
            return NotSent(Undelivered.UNAVAILABLE, said)
        except Unanswered as failure:
            _log.warning("twilio.message_unanswered", problem=str(failure))
            return PerhapsSent()

    def report(self, token: str, ref: str, status: str, code: str) -> None:
        """Take a status callback; that a message waits at Twilio is no news."""
        progress = _PROGRESS.get(status)
        if progress is None:
            return
        reason = reason_of(int(code) if code.isdecimal() else None)
        failed = progress is Progress.FAILED
        self.told(Delivery(token, ref, progress, reason if failed else None))

    def _order(self, message: Message) -> dict[str, Any]:
        prefix = _PREFIXES[message.channel]
        return {
            "to": prefix + message.to_number,
            "from_": prefix + message.from_number,
            "body": message.body,
            "status_callback": self._reach.callback(message.token, "message"),
        }


def reason_of(code: int | None) -> Undelivered:
    """Return what an error code means for a message."""
    return _REASONS.get(code or 0, Undelivered.UNKNOWN)
