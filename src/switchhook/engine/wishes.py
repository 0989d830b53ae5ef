"""What becomes of the callee's wishes about the call itself."""

from __future__ import annotations

from datetime import date

from switchhook.domain.lifecycle import Reason
from switchhook.engine import calendar, hours
from switchhook.engine.meaning import Wish
from switchhook.engine.phrases import Phrases

REASONS = {
    Wish.STOP_CALLING: Reason.USER_REQUESTED_DNC,
    Wish.VOICEMAIL: Reason.VOICEMAIL_HANGUP,
    Wish.WRONG_NUMBER: Reason.AGENT_HANGUP,
    Wish.GOODBYE: Reason.AGENT_HANGUP,
}
"""Why the call ends that the callee wants to end."""


def parting(wish: Wish, said: Phrases) -> str:
    """Return what is said before the goodbye."""
    return {Wish.STOP_CALLING: said.stop_calling, Wish.WRONG_NUMBER: said.wrong_number}.get(
        wish, ""
    )


def moment(text: str, today: date) -> str | None:
    """Return when to call back: a day, a time, both, or nothing when neither was said."""
    day, time = calendar.day(text, today), hours.clock(text)
    return "T".join(part for part in (day.isoformat() if day else None, time) if part) or None
