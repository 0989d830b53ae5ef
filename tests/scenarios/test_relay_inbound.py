"""Somebody calls a number of ours, and Twilio hears and speaks for the agent that answers."""

from __future__ import annotations

import asyncio
from pathlib import Path

from switchhook.domain.agent import AgentSpec
from switchhook.domain.interaction import Direction
from switchhook.domain.lifecycle import Reason, State
from switchhook.service import agents
from switchhook.testing import HangsUp, Listens, Said, run_virtually
from switchhook.testing.twilio import NUMBER, Phone
from tests.scenarios.telephones import telephones
from tests.scenarios.test_inbound import CALLER, only_call, over, own, said

ASKS = Phone([Listens(), Said("Siete aperti?"), Listens(), HangsUp()])
HOST = AgentSpec(name="Host", language="it", first_message="Trattoria Roma, buongiorno.")


def test_who_calls_a_number_is_answered_in_the_agents_language_over_words(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {CALLER: ASKS}) as at:
            at.town.carrier.media = "relay"
            await agents.create_agent(at.exchange, at.owner, HOST)
            await own(at, agent="Host")
            ringing = await at.twilio.ring(CALLER, NUMBER)
            await over(at, ringing)
            call = await at.until((await only_call(at)).id, State.ENDED)
            words = await said(at, call)
            (relay,) = at.twilio.lives[ringing.sid].relays
            await asyncio.sleep(5)
            assert at.twilio.ledger.live == []

        assert (call.direction, call.reason) == (Direction.INBOUND, Reason.USER_HANGUP)
        assert relay.attributes["language"] == "it-IT"
        assert relay.session()["SessionStatus"] == "completed"
        assert "Trattoria Roma, buongiorno." in " ".join(relay.end.heard)
        assert ("callee", "Siete aperti?") in words

    run_virtually(main)
