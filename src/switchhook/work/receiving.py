"""Receiving calls: takes those that come in for an agent, and turns the others away.

The caller hears it ring meanwhile, so everything here is bounded: a write to the store, and a
question to the number's context endpoint where it has one.
"""

from __future__ import annotations

import structlog

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import InvalidInput
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import Entry, Leg, Refusal, Ring
from switchhook.runtime import context
from switchhook.runtime.outgoing import Doorway
from switchhook.service import limits, reception
from switchhook.service.exchange import Exchange
from switchhook.service.placing import write
from switchhook.service.reception import Received
from switchhook.work.placing import Placing

_log = structlog.get_logger(__name__)


class Receiving:
    """The reception of this process: what it takes is held beside the calls that it places."""

    def __init__(
        self, exchange: Exchange, placing: Placing, doorway: Doorway | None = None
    ) -> None:
        self._exchange = exchange
        self._placing = placing
        self._doorway = doorway

    async def receive(self, ring: Ring, leg: Leg) -> AgentSpec | Refusal:
        """Hold the call over its leg from now on and return who answers, or say why not."""
        if not self._placing.room:
            return Refusal.BUSY
        received = await reception.receive(self._exchange, ring)
        if isinstance(received, Refusal):
            _log.info("call_turned_away", carrier_ref=ring.ref, why=received.value)
            return received
        call = await self._with_context(received)
        if self._placing.hold(call, leg):
            return call.agent.spec
        # The process began to stop while the context was fetched.
        await write(
            self._exchange, call.id, Entry(state=State.NOT_CONNECTED, reason=Reason.CANCELED)
        )
        return Refusal.BUSY

    async def _with_context(self, received: Received) -> Interaction:
        """Return the call with what the number's owner knows of the caller, if it comes in time."""
        call, endpoint = received.call, received.number.context_endpoint
        if endpoint is None:
            return call
        secret = self._exchange.secrets(call.org_id, endpoint)
        try:
            found = await context.variables(endpoint, _facts(call), secret, self._doorway)
            limits.check_object(dict(found), field="the answer")
            note = f"The context endpoint told {len(found)} variables"
        except context.NoContext as trouble:
            found, note = {}, f"The context endpoint was of no use: {trouble}"
        except InvalidInput as unfit:
            found, note = {}, f"The context endpoint was of no use: {unfit.message}"
        return await reception.enrich(self._exchange, call, found, note)


def _facts(call: Interaction) -> dict[str, str]:
    return {
        "phone_number": call.from_number or "",
        "to_number": call.to_number or "",
        "call_id": call.id,
    }
