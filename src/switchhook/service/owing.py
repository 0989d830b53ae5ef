"""What is owed to a call that has just ended: noted in the same breath as its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.analysis import PENDING
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason
from switchhook.service.exchange import Exchange

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MACHINE = frozenset({Reason.VOICEMAIL_HANGUP, Reason.VOICEMAIL_LEFT})


def owe(connection: Connection, exchange: Exchange, call: Interaction) -> Interaction:
    """Note what is to be done about an ended call, and return it with what is pending."""
    now = exchange.clock.now()
    steps = store.finishing.Step
    if call.answered_at is None:
        return call
    if _recorded_there(exchange, call):
        if call.recording is None:
            store.finishing.owe(connection, call, steps.RECORDING, now=now)
        else:
            discard(connection, exchange, call)
    if not (exchange.analyses and _spoken(connection, call)):
        return call
    store.finishing.owe(connection, call, steps.ANALYSIS, now=now)
    return call.model_copy(update={"analysis": PENDING})


def discard(connection: Connection, exchange: Exchange, call: Interaction) -> bool:
    """Note that what the carrier has recorded goes, unless it is to stay; tell which."""
    goes = exchange.discards_recordings and _recorded_there(exchange, call)
    if goes:
        step = store.finishing.Step.DISCARD
        store.finishing.owe(connection, call, step, now=exchange.clock.now())
    return goes


def _recorded_there(exchange: Exchange, call: Interaction) -> bool:
    return bool(call.carrier_ref) and exchange.recorded_by_carrier(call)


def _spoken(connection: Connection, call: Interaction) -> bool:
    """Tell whether a person said something that could be analysed."""
    if call.reason in _MACHINE:
        return False
    return store.log.said_by(connection, call, "callee")
