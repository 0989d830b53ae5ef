"""Calls that the carrier records instead of us, over sockets, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from switchhook.audio import level, wav
from switchhook.domain.errors import RecordingNotFound
from switchhook.domain.happenings import Happening, Kind
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import TERMINAL
from switchhook.providers.twilio.keeping import KeptByTwilio
from switchhook.service import calls, following
from switchhook.telephones import recorded_by_carrier
from switchhook.testing import HangsUp, Listens, Said, run_virtually
from switchhook.testing.twilio import WELL, Mischief, Phone
from switchhook.work.finishing import Finishing
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones

POLITE = Phone([Said("Hello?"), Listens(), Said("Yes, all day."), Listens(), HangsUp()])
RECORDED = CallOptions(telephony_params={"Record": "true"})


@asynccontextmanager
async def recording(folder: Path, mischief: Mischief = WELL) -> AsyncGenerator[Telephones]:
    """Run an engine that fetches what the carrier has recorded."""
    async with telephones(folder, {TO: POLITE}, mischief) as at:
        kept = KeptByTwilio(at.town.account)
        finishing = Finishing(at.exchange, recordings={"twilio": kept})
        at.exchange.recorded_by_carrier = recorded_by_carrier
        at.exchange.finish = finishing.wake
        at.town.carrier.recorded = finishing.recorded
        async with finishing.open():
            yield at


async def story(at: Telephones, call_id: str) -> tuple[Happening, ...]:
    return (await following.happenings(at.exchange, at.owner, call_id)).happenings


async def ended(at: Telephones, options: CallOptions = RECORDED) -> str:
    """Hold a call, and return its id when it is over."""
    call_id = await at.call(options=options)
    await at.until(call_id, *TERMINAL)
    return call_id


async def told(at: Telephones, call_id: str, kind: Kind, text: str) -> Interaction:
    """Return the record when this is part of its story."""
    async with asyncio.timeout(20_000):
        while not any(h.kind is kind and text in h.text for h in await story(at, call_id)):  # noqa: ASYNC110 - another's call
            await asyncio.sleep(0.1)
    return await at.record(call_id)


def test_what_the_carrier_recorded_is_the_recording_of_the_call(tmp_path: Path) -> None:
    async def main() -> bytes:
        async with recording(tmp_path) as at:
            call = await told(at, await ended(at), Kind.RECORDING, "ready")
            [asked] = at.twilio.ledger.posts("/Calls.json")
            assert asked.value("RecordingChannels") == "dual"
            assert call.recording is not None
            assert call.duration_seconds == pytest.approx(call.recording.seconds, abs=1.0)
            return await calls.recording_of(at.exchange, at.owner, call.id)

    both = wav.read(run_virtually(main))

    assert (both.channels, both.rate) == (2, 8000)
    callee, agent = both.channel(0), both.channel(1)
    hello = 2 * 8000 // 4  # the callee says it first, and we listen
    assert (level.rms(callee[:hello]) > 50, level.rms(agent[:hello]) > 50) == (True, False)
    assert level.rms(agent) > 50


@pytest.mark.parametrize(
    ("options", "discards"),
    [(RECORDED, True), (RECORDED.model_copy(update={"record": True}), True), (RECORDED, False)],
    ids=["fetched", "ours is preferred", "kept"],
)
def test_twilio_keeps_nothing_of_what_is_here_unless_it_is_to(
    tmp_path: Path, options: CallOptions, *, discards: bool
) -> None:
    async def main(*, discards: bool, options: CallOptions) -> tuple[int, bytes]:
        async with recording(tmp_path) as at:
            at.exchange.discards_recordings = discards
            call_id = await ended(at, options)
            await asyncio.sleep(60)
            return len(at.twilio.ledger.recordings), await calls.recording_of(
                at.exchange, at.owner, call_id
            )

    left, here = run_virtually(partial(main, discards=discards, options=options))

    assert left == (0 if discards else 1)
    assert len(here) > 44


LATE = 1000.0
"""When we look for the recording rarely: two minutes after the end, and a good half-hour later."""


def test_the_carrier_tells_when_the_recording_is_ready(tmp_path: Path) -> None:
    async def main() -> float:
        async with recording(tmp_path, Mischief(recording_delay=LATE)) as at:
            call_id = await ended(at)
            began = at.exchange.clock.monotonic()
            await told(at, call_id, Kind.RECORDING, "ready")
            return at.exchange.clock.monotonic() - began

    assert LATE <= run_virtually(main) + 0.1 < 2 * LATE


def test_without_the_callback_the_recording_is_found_all_the_same(tmp_path: Path) -> None:
    async def main() -> float:
        async with recording(tmp_path, Mischief(mute=True, recording_delay=LATE)) as at:
            call_id = await ended(at)
            began = at.exchange.clock.monotonic()
            await told(at, call_id, Kind.RECORDING, "ready")
            return at.exchange.clock.monotonic() - began

    assert run_virtually(main) > 2 * LATE


def test_a_recording_that_never_came_to_be_leaves_a_note(tmp_path: Path) -> None:
    async def main() -> None:
        async with recording(tmp_path, Mischief(recording_absent=True)) as at:
            call = await told(at, await ended(at), Kind.NOTE, "Twilio recorded nothing")
            assert call.recording is None
            with pytest.raises(RecordingNotFound):
                await calls.recording_of(at.exchange, at.owner, call.id)

    run_virtually(main)


def test_our_own_recording_is_preferred_where_there_are_both(tmp_path: Path) -> None:
    async def main() -> None:
        async with recording(tmp_path) as at:
            call_id = await ended(at, RECORDED.model_copy(update={"record": True}))
            assert (await at.record(call_id)).recording is not None
            await asyncio.sleep(LATE)
            ready = [h for h in await story(at, call_id) if h.kind is Kind.RECORDING]
            assert len(ready) == 1
            assert [a for a in at.twilio.ledger.asked if a.path.endswith(".wav")] == []

    run_virtually(main)


def test_a_call_that_nobody_wanted_recorded_is_not(tmp_path: Path) -> None:
    async def main() -> None:
        async with recording(tmp_path) as at:
            call_id = await ended(at, CallOptions())
            await asyncio.sleep(LATE)
            assert (await at.record(call_id)).recording is None
            assert at.twilio.ledger.recordings == {}

    run_virtually(main)
