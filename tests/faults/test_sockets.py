"""Media sockets that should not be there, and one that ends before it began."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from switchhook.domain.lifecycle import Reason, State
from switchhook.testing import run_virtually
from switchhook.testing.twilio import Mischief, signature
from switchhook.testing.twilio.life import Life
from tests.faults.judging import SILENCE, longest_silence_of
from tests.faults.test_carrier import POLITE, ended
from tests.providers.twilio.sockets import CONNECTED, compact, start, stop
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones


async def says(at: Telephones, url: str, *messages: Any) -> bool:
    """Connect a socket that says this, and tell whether it was let in and stayed."""
    headers = {"X-Twilio-Signature": signature(at.twilio.auth_token, url, {})}
    try:
        async with connect(url, additional_headers=headers, proxy=None) as socket:
            for message in messages:
                await socket.send(compact(message))
            async with asyncio.timeout(60):
                await socket.recv()
    except (ConnectionClosed, InvalidHandshake):
        return False
    return True


def life(at: Telephones) -> Life:
    (only,) = at.twilio.lives.values()
    return only


@pytest.mark.parametrize("whose", ["the token of this call again", "a wrong token"])
def test_a_second_socket_is_refused_and_the_call_goes_on(tmp_path: Path, whose: str) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: POLITE}) as at:
            call_id = await at.call(agent={"idle_seconds": 2})
            await at.until(call_id, State.IN_PROGRESS)
            url = life(at).streams[0].url
            token = url.rpartition("/")[2]
            if whose == "a wrong token":
                token = token[::-1]
            there = url.rpartition("/")[0]
            assert not await says(at, f"{there}/{token}", CONNECTED, start(token))
            assert (await at.record(call_id)).state is State.IN_PROGRESS
            record = await ended(at, call_id)
            assert record.reason is not Reason.ERROR_NO_AUDIO
            assert longest_silence_of(life(at)) <= SILENCE

    run_virtually(main)


def test_a_socket_that_stops_before_it_started_is_none_and_the_callee_is_told(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: POLITE}, Mischief(no_media=True)) as at:
            call_id = await at.call()
            async with asyncio.timeout(10):
                while not (at.twilio.lives and life(at).streams):  # noqa: ASYNC110 - the carrier's own books
                    await asyncio.sleep(0.1)
            assert not await says(at, life(at).streams[0].url, CONNECTED, stop())
            assert (await ended(at, call_id)).reason is Reason.ERROR_NO_AUDIO
            await at.town.until_quiet()
            assert longest_silence_of(life(at)) <= SILENCE
            (said,) = at.twilio.ledger.spoken
            assert "sorry" in said

    run_virtually(main)
