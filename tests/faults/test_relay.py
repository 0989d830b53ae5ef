"""A carrier that hears and speaks for us, and does so badly or no longer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import TERMINAL, Reason, State
from switchhook.testing import HangsUp, Listens, Said, Vanishes, Waits, run_virtually
from switchhook.testing.twilio import Mischief, Phone
from switchhook.testing.twilio.relaying import FakeRelay
from tests.faults.test_carrier import PATIENCE, POLITE, ended
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones
from tests.scenarios.test_relay import relay_at

RELAYED = CallOptions(telephony_params={"media": "relay"})
PROMPT = {"type": "prompt", "voicePrompt": "Yes.", "last": True}
ENDS_WITHIN = 5.0
"""Seconds after which nobody is left on a line over which nothing passes."""

MATRIX: dict[str, tuple[Phone, Mischief]] = {
    "nothing is wrong": (POLITE, Mischief()),
    "the socket never comes": (POLITE, Mischief(no_media=True)),
    "callbacks five times": (POLITE, Mischief(repeats=5)),
    "callbacks in any order": (POLITE, Mischief(shuffled=True, repeats=2, seed=1)),
    "no callbacks": (POLITE, Mischief(mute=True)),
    "every answer is slow": (POLITE, Mischief(rest_delay=4.0)),
    "the callee is not there any more": (Phone([Said("Hello?"), Vanishes()]), Mischief()),
    "the callee leaves at once": (Phone([HangsUp()]), Mischief()),
    "no JSON": (POLITE, Mischief(intrusion='{"type": "pro')),
    "a message that nobody knows": (POLITE, Mischief(intrusion='{"type":"configUpdated"}')),
    "a prompt without words": (POLITE, Mischief(intrusion='{"type":"prompt"}')),
    "a prompt of a megabyte": (
        POLITE,
        Mischief(intrusion=json.dumps(PROMPT | {"voicePrompt": "yes " * 250_000})),
    ),
    "a second setup": (
        POLITE,
        Mischief(intrusion=json.dumps({"type": "setup", "sessionId": "V", "callSid": "C"})),
    ),
    "a word that it cannot speak": (
        POLITE,
        Mischief(intrusion='{"type":"error","description":"64111: TTS failed"}'),
    ),
    "an interruption of nothing": (
        POLITE,
        Mischief(intrusion='{"type":"interrupt","utteranceUntilInterrupt":"Bananas"}'),
    ),
}


@pytest.mark.parametrize("name", MATRIX)
def test_whatever_the_relay_does_the_call_is_over_once_for_everybody(
    name: str, tmp_path: Path
) -> None:
    phone, mischief = MATRIX[name]

    async def main() -> None:
        async with telephones(tmp_path, {TO: phone}, mischief) as at:
            began = at.exchange.clock.monotonic()
            record = await ended(at, await at.call(options=RELAYED))
            assert record.reason is not None
            assert at.exchange.clock.monotonic() - began <= PATIENCE
            assert at.placing.live == ()
            assert len(at.twilio.ledger.posts("/Calls.json")) == 1

    run_virtually(main)


def after(
    folder: Path, trouble: Callable[[Telephones, FakeRelay], Awaitable[None]]
) -> tuple[Interaction, FakeRelay]:
    """Return a call in which this happens, and what carried it; nobody may wait in silence."""

    async def main() -> tuple[Interaction, FakeRelay]:
        phone = Phone([Said("Hello?"), Listens(), Waits(600)])
        async with telephones(folder, {TO: phone}) as at:
            call_id = await at.call(options=RELAYED)
            relay = await relay_at(at)
            await at.until(call_id, State.IN_PROGRESS)
            await asyncio.sleep(6)
            await trouble(at, relay)
            async with asyncio.timeout(ENDS_WITHIN):
                while at.twilio.ledger.live:  # noqa: ASYNC110 - the carrier's own books
                    await asyncio.sleep(0.1)
            record = await at.until(call_id, *TERMINAL)
            assert at.placing.live == ()
            return record, relay

    return run_virtually(main)


async def network_fails(_at: Telephones, relay: FakeRelay) -> None:
    relay.lose()


async def we_are_not_understood(at: Telephones, relay: FakeRelay) -> None:
    """Have Twilio leave, as it does after ten messages that make no sense to it."""
    relay.problem = ("64105", "Websocket ended")
    await relay.leave(1007, "Too many consecutive malformed messages.")
    del at


@pytest.mark.parametrize("trouble", [network_fails, we_are_not_understood])
def test_a_socket_that_breaks_hangs_the_callee_up_and_is_nobodys_hang_up(
    trouble: Callable[[Telephones, FakeRelay], Awaitable[None]], tmp_path: Path
) -> None:
    record, relay = after(tmp_path, trouble)

    assert (record.state, record.reason) == (State.ERROR, Reason.ERROR_NO_AUDIO)
    assert relay.session()["SessionStatus"] == "failed"


def test_a_callee_who_hangs_up_is_believed_to_have_done_so(tmp_path: Path) -> None:
    async def hangs_up(at: Telephones, relay: FakeRelay) -> None:
        at.twilio.lives[relay.call_sid].hang_up("completed")

    record, _ = after(tmp_path, hangs_up)

    assert (record.state, record.reason) == (State.ENDED, Reason.USER_HANGUP)
