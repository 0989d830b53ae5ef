"""A carrier that misbehaves over its own wires: its REST API, its callbacks, its media."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import TERMINAL, Reason
from switchhook.providers.twilio.rest import Unanswered
from switchhook.service import calls
from switchhook.testing import HangsUp, Listens, Said, Waits, run_virtually
from switchhook.testing.twilio import Mischief, Phone, Post, signature
from switchhook.testing.twilio.life import Life
from tests.faults.judging import SILENCE, longest_silence_of
from tests.providers.twilio.sockets import compact, media, start, stop
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones

PATIENCE = 400.0
"""Seconds in which every call has an end: the doubt about its dialling, the sweep, or its own."""

POLITE = Phone([Said("Hello?"), Listens(), Said("Yes, all day."), Waits(20.0), HangsUp()])
DECLINED = Phone(picks_up="busy")
LARGE = media(bytes(1024 * 1024))
GARBLED = {"event": "media", "media": {"payload": "%%%"}, "streamSid": "MZ0"}

MATRIX: dict[str, tuple[Phone, Mischief]] = {
    "no answer after accepting": (POLITE, Mischief(post=Post.SILENT_AFTER)),
    "no answer after accepting, and no callback": (
        POLITE,
        Mischief(post=Post.SILENT_AFTER, mute=True),
    ),
    "500 after accepting": (POLITE, Mischief(post=Post.FAILED_AFTER)),
    "500 and two calls": (POLITE, Mischief(post=Post.FAILED_AFTER, mute=True, twice=True)),
    "500 before accepting": (POLITE, Mischief(post=Post.FAILED_BEFORE)),
    "429 for ever": (POLITE, Mischief(post=Post.BUSY)),
    "429 once": (POLITE, Mischief(post=Post.BUSY, times=1)),
    "callbacks before the answer": (POLITE, Mischief(post=Post.LATE)),
    "callbacks five times": (POLITE, Mischief(repeats=5)),
    "callbacks in any order": (POLITE, Mischief(shuffled=True, repeats=2, seed=1)),
    "callbacks in another order": (POLITE, Mischief(shuffled=True, repeats=3, seed=2)),
    "no callbacks": (POLITE, Mischief(mute=True)),
    "busy without ringing": (DECLINED, Mischief()),
    "busy without callbacks": (DECLINED, Mischief(mute=True)),
    "every answer is slow": (POLITE, Mischief(rest_delay=4.0)),
    "media never connects": (POLITE, Mischief(no_media=True)),
    "media: bad base64": (POLITE, Mischief(intrusion=compact(GARBLED))),
    "media: a frame of a megabyte": (POLITE, Mischief(intrusion=compact(LARGE))),
    "media: no JSON": (POLITE, Mischief(intrusion='{"event": "med')),
    "media: an event that nobody knows": (POLITE, Mischief(intrusion='{"event":"new"}')),
    "media: a second start": (POLITE, Mischief(intrusion=compact(start()))),
    "media: a stop in between": (POLITE, Mischief(intrusion=compact(stop()))),
}


def lives(at: Telephones) -> list[Life]:
    """Return every call that Twilio has had on the line."""
    return list(at.twilio.lives.values())


async def ended(at: Telephones, call_id: str) -> Interaction:
    """Return the record when the call is over, for us and for the carrier."""
    record = await at.until(call_id, *TERMINAL)
    async with asyncio.timeout(PATIENCE):
        while at.twilio.ledger.live:  # noqa: ASYNC110 - the carrier's own books
            await asyncio.sleep(0.1)
    return record


@pytest.mark.parametrize("name", MATRIX)
def test_whatever_the_carrier_does_the_call_is_over_once_for_everybody(
    name: str, tmp_path: Path
) -> None:
    phone, mischief = MATRIX[name]

    async def main() -> None:
        async with telephones(tmp_path, {TO: phone}, mischief) as at:
            began = at.exchange.clock.monotonic()
            record = await ended(at, await at.call(agent={"idle_seconds": 2}))
            assert record.reason is not None
            assert at.exchange.clock.monotonic() - began <= PATIENCE
            assert at.placing.live == ()
            silences = {life.call.to: longest_silence_of(life) for life in lives(at)}
            assert max(silences.values(), default=0.0) <= SILENCE, silences
            most = 1 if mischief.post is not Post.BUSY else 5
            assert len(at.twilio.ledger.posts("/Calls.json")) <= most

    run_virtually(main)


def test_callbacks_that_come_an_hour_late_change_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: POLITE}) as at:
            record = await ended(at, await at.call())
            await asyncio.sleep(3600)
            for posted in list(at.twilio.ledger.posted):
                stamp = signature(at.twilio.auth_token, posted.url, posted.form)
                path = posted.url.removeprefix(at.town.public_url)
                assert await at.town.post(path, posted.form, {"X-Twilio-Signature": stamp}) == 204
            assert await at.record(record.id) == record
            assert at.placing.live == ()

    run_virtually(main)


def test_a_hang_up_that_fails_again_and_again_is_made_by_the_next_sweep(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone(rings=500.0)}) as at:
            end, refusals = at.town.account.end, 0

            async def refused(ref: str, *, answered: bool = True) -> None:
                nonlocal refusals
                refusals += 1
                if refusals <= 3:
                    raise Unanswered("the carrier does not answer")
                await end(ref, answered=answered)

            at.town.account.end = refused
            call_id = await at.call()
            while not at.twilio.ledger.live:  # noqa: ASYNC110 - the carrier's own books
                await asyncio.sleep(0.1)
            await calls.end_call(at.exchange, at.owner, call_id)
            assert (await ended(at, call_id)).reason is Reason.CANCELED
            assert refusals > 3

    run_virtually(main)
