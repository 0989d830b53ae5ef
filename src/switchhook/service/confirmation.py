"""Whether a person agreed: tokens bound to the exact arguments, each good for one call."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.errors import ConfirmationRequired
from switchhook.service.exchange import ConfirmPolicy, Exchange
from switchhook.service.intake import Plan

if TYPE_CHECKING:
    from sqlalchemy import Connection

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Nobody has agreed yet, why not, and the token that says they did."""

    why: str
    token: str

    def error(self, planned: Plan) -> ConfirmationRequired:
        """Return the refusal that hands the token out."""
        return ConfirmationRequired(
            f"{self.why}: a person has to agree to the call to {planned.to_number}",
            token=self.token,
            hint="ask the user; if they agree, repeat the same request with this confirm_token"
            f" within {LIFETIME.seconds // 60} minutes",
        )


def needed(exchange: Exchange, planned: Plan, *, ask_first: bool) -> bool:
    """Tell whether a person has to agree before this call is placed."""
    if not ask_first or not planned.to_be_dialled:
        return False
    match exchange.confirm:
        case ConfirmPolicy.ALWAYS:
            return True
        case ConfirmPolicy.REAL_CALLS:
            return not planned.simulated
        case ConfirmPolicy.NEVER:
            return False


def redeem(
    connection: Connection, exchange: Exchange, org_id: str, planned: Plan
) -> Unconfirmed | None:
    """Use up the token of the request, or return why it is not good and another one."""
    token = planned.request.confirm_token
    why: str | None = "this call is not confirmed"
    if token:
        why = use(connection, exchange, org_id, token, planned.fingerprint)
    if why is None:
        return None
    return Unconfirmed(why, offer(connection, exchange, org_id, planned.fingerprint))


def offer(connection: Connection, exchange: Exchange, org_id: str, fingerprint: str) -> str:
    """Return a fresh token for this very request."""
    token = ids.secret("confirm", 24)
    store.requests.offer(
        connection,
        org_id,
        _digest(token),
        fingerprint=fingerprint,
        expires_at=exchange.clock.now() + LIFETIME,
    )
    return token


def use(
    connection: Connection, exchange: Exchange, org_id: str, token: str, fingerprint: str
) -> str | None:
    """Use up a token for the request that it was offered for, or return why it is not good."""
    now = exchange.clock.now()
    known = store.requests.confirmation(connection, org_id, _digest(token))
    if known is None:
        return "the confirm_token is unknown"
    if known.used_at is not None:
        return "the confirm_token was used already"
    if known.expires_at <= now:
        return "the confirm_token has expired"
    if known.fingerprint != fingerprint:
        return "the confirm_token belongs to a request with other arguments"
    store.requests.use(connection, org_id, _digest(token), now=now)
    return None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
