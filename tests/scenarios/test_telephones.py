"""What ends at the carrier, and what a slow one may not do: S33, S34, S35, S44."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import HangUp
from switchhook.service import following
from switchhook.testing import Beeps, HangsUp, Listens, Said, Waits, run_virtually
from switchhook.testing.twilio import COOPERATIVE, Mischief, Phone, Post
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones

OPEN = {
    "type": "object",
    "properties": {"open": {"type": "boolean", "description": "Are you open on Sundays?"}},
}
ENDED = (State.ENDED, State.NOT_CONNECTED, State.ERROR)


async def control_hang_up(at: Telephones, call_id: str) -> None:
    live = at.exchange.switchboard.find(call_id)
    assert live is not None
    await live.control(HangUp())


def test_a_call_by_twilio_is_held_and_recorded_from_the_request_to_its_result(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: COOPERATIVE}) as at:
            call_id = await at.call(result_schema=OPEN)
            record = await at.until(call_id, *ENDED)

            assert (record.state, record.reason) == (State.ENDED, Reason.AGENT_HANGUP)
            assert record.outcome is not None
            assert record.outcome.fields["open"].value is True
            page = await following.transcript(at.exchange, at.owner, call_id)
            assert page.lines[0].text == "Hello?"
            (call,) = at.twilio.ledger.dialled
            assert (record.carrier_ref, record.outcome_unknown) == (call.sid, False)
            await at.town.until_quiet()

    run_virtually(main)


def test_hangup_is_a_rest_call(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone([Waits(3600)])}) as at:
            call_id = await at.call()
            record = await at.until(call_id, State.IN_PROGRESS)
            await control_hang_up(at, call_id)
            await at.until(call_id, State.ENDED)

            (post,) = at.twilio.ledger.posts(f"/Calls/{record.carrier_ref}.json")
            assert post.form["Status"] == ["completed"]

    run_virtually(main)


@pytest.mark.parametrize("gone", ["hung up there", "not there at all"])
def test_hangup_of_an_ended_call_is_success(tmp_path: Path, gone: str) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone([Waits(3600)])}) as at:
            call_id = await at.call()
            record = await at.until(call_id, State.IN_PROGRESS)
            ref = record.carrier_ref or ""
            if gone == "not there at all":
                ref = "CA" + "0" * 32
            else:
                at.twilio.lives[ref].hang_up("completed")
                await at.twilio.lives[ref].ended.wait()
            await at.town.account.end(ref)
            await at.town.account.end(ref, answered=False)

    run_virtually(main)


def test_a_message_is_left_after_the_beep_over_the_carriers_media(tmp_path: Path) -> None:
    async def main() -> None:
        greeting = Said("Hi, this is Sam. Please leave a message after the tone.")
        machine = Phone([greeting, Beeps(), Waits(60)])
        agent = {"voicemail": {"voicemail_message": "Please call Rosa back."}}
        async with telephones(tmp_path, {TO: machine}) as at:
            call_id = await at.call(agent=agent)
            record = await at.until(call_id, *ENDED)
            page = await following.transcript(at.exchange, at.owner, call_id)
            (life,) = at.twilio.lives.values()

            assert record.reason is Reason.VOICEMAIL_LEFT
            assert page.lines[-1].text.endswith("Please call Rosa back.")
            assert page.lines[-1].start_ms > page.lines[0].end_ms + 400, "the beep was talked over"
            assert len(life.sounds) > 50

    run_virtually(main)


def test_ringing_is_cancelled(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone(rings=30)}) as at:
            call_id = await at.call()
            await at.until(call_id, State.RINGING)
            await control_hang_up(at, call_id)
            record = await at.until(call_id, *ENDED)
            await at.town.until_quiet()

            assert record.reason is Reason.CANCELED
            (call,) = at.twilio.ledger.dialled
            assert call.history == ["queued", "ringing", "canceled"]

    run_virtually(main)


def test_an_answer_that_races_the_cancel_is_hung_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone(rings=3)}, Mischief(rest_delay=1)) as at:
            call_id = await at.call()
            await at.until(call_id, State.RINGING)
            await asyncio.sleep(2.2)
            await control_hang_up(at, call_id)
            await at.until(call_id, *ENDED)
            await at.town.until_quiet()

            (call,) = at.twilio.ledger.dialled
            assert call.history[-2:] == ["in-progress", "completed"]

    run_virtually(main)


def test_slow_carrier_does_not_stall_audio(tmp_path: Path) -> None:
    async def main() -> None:
        script = Phone([Said("Hello?"), *[Listens(), Said("Yes.")] * 20, HangsUp()])
        async with telephones(tmp_path, {TO: script}) as at:
            one = await at.call()
            await at.until(one, State.IN_PROGRESS)
            # From now on every answer of the REST API takes ten seconds.
            at.twilio.mischief = Mischief(rest_delay=10.0)
            two = await at.call("+15550100124")
            await asyncio.sleep(8)
            (stream,) = at.twilio.lives[(await at.record(one)).carrier_ref or ""].streams
            played = [played.at for played in stream.end.record]
            assert len(played) > 50
            gaps = [b - a for a, b in pairwise(played) if b - a < 0.2]
            assert max(gaps) < 0.041
            assert (await at.record(two)).state is State.DIALING

    run_virtually(main)


@pytest.mark.parametrize("post", [Post.FAILED_AFTER, Post.SILENT_AFTER])
def test_a_doubt_is_shown_and_the_call_is_not_dialled_again(tmp_path: Path, post: Post) -> None:
    async def main() -> None:
        phone = Phone([Waits(60)], rings=400.0)
        async with telephones(tmp_path, {TO: phone}, Mischief(post=post, mute=True)) as at:
            call_id = await at.call()
            await asyncio.sleep(30)
            record = await at.record(call_id)
            assert (record.state, record.status) == (State.DIALING, "outcome_unknown")
            record = await at.until(call_id, *ENDED)
            assert not record.outcome_unknown
            assert len(at.twilio.ledger.posts("/Calls.json")) == 1
            await at.town.until_quiet()

    run_virtually(main)
