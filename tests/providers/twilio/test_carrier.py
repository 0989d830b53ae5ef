from __future__ import annotations

import asyncio
from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.engine.screening import Verdict
from switchhook.ports import (
    AnsweredBy,
    Dialled,
    Frame,
    InDoubt,
    LineClosed,
    NotPickedUp,
    PickedUp,
    Ringing,
)
from switchhook.testing import Waits, run_virtually
from switchhook.testing.twilio import WELL, Mischief, Phone, Post
from tests.providers.twilio.town import TO, seen, town


def kinds(events: Any) -> list[type]:
    return [type(event) for event in events]


def test_a_call_is_dialled_once_rings_and_is_picked_up_with_its_audio() -> None:
    async def main() -> None:
        async with town() as here:
            leg = await here.dial()
            events = await seen(leg)
            (call,) = here.twilio.ledger.dialled
            assert events[:2] == [Dialled(call.sid), Ringing()]
            picked_up = events[2]
            assert isinstance(picked_up, PickedUp)
            heard = await anext(picked_up.line.events())
            assert isinstance(heard, Frame)
            await leg.hang_up()
            await here.until_quiet()
            assert call.status == "completed"
            assert len(here.twilio.ledger.posts("/Calls.json")) == 1

    run_virtually(main)


@pytest.mark.parametrize(
    ("phone", "reason"),
    [
        (Phone(picks_up="busy"), Reason.BUSY),
        (Phone(picks_up="no-answer"), Reason.NO_ANSWER),
        (Phone(picks_up="failed"), Reason.INVALID_DESTINATION),
    ],
)
def test_nobody_picks_up_for_a_reason(phone: Phone, reason: Reason) -> None:
    async def main() -> None:
        async with town({TO: phone}) as here:
            leg = await here.dial()
            last = (await seen(leg))[-1]
            assert isinstance(last, NotPickedUp)
            assert last.reason is reason
            await leg.hang_up()
            # What is over is not hung up.
            assert len(here.twilio.ledger.posts(".json")) == 1

    run_virtually(main)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+15550000001", Reason.INVALID_DESTINATION),
        ("+15550000002", Reason.PROVIDER_DENIED),
        ("+15550000003", Reason.PROVIDER_DENIED),
    ],
)
def test_a_refusal_says_why(number: str, reason: Reason) -> None:
    async def main() -> None:
        async with town() as here:
            leg = await here.dial(number)
            (event,) = await seen(leg)
            assert isinstance(event, NotPickedUp)
            assert event.reason is reason
            assert "Twilio refused" in event.detail
            await leg.hang_up()

    run_virtually(main)


def test_a_callback_may_come_before_the_answer() -> None:
    async def main() -> None:
        async with town(mischief=Mischief(post=Post.LATE)) as here:
            leg = await here.dial()
            assert kinds(await seen(leg)) == [Dialled, Ringing, PickedUp]
            await leg.hang_up()

    run_virtually(main)


@pytest.mark.parametrize("post", [Post.FAILED_AFTER, Post.SILENT_AFTER])
def test_a_call_that_was_dialled_without_an_answer_is_known_by_its_callback(post: Post) -> None:
    async def main() -> None:
        async with town(mischief=Mischief(post=post)) as here:
            leg = await here.dial()
            assert [k for k in kinds(await seen(leg)) if k is not InDoubt] == [
                Dialled,
                Ringing,
                PickedUp,
            ]
            await leg.hang_up()
            await here.until_quiet()
            assert len(here.twilio.ledger.dialled) == 1

    run_virtually(main)


@pytest.mark.parametrize("post", [Post.FAILED_BEFORE, Post.SILENT_BEFORE])
def test_a_call_that_was_not_dialled_is_not_dialled_again(post: Post) -> None:
    async def main() -> None:
        async with town(mischief=Mischief(post=post)) as here:
            leg = await here.dial()
            events = await seen(leg)
            assert events[0] == InDoubt()
            last = events[1]
            assert isinstance(last, NotPickedUp)
            assert last.reason is Reason.DIAL_FAILED
            assert len(here.twilio.ledger.posts("/Calls.json")) == 1
            await leg.hang_up()

    run_virtually(main)


def test_a_call_that_nobody_tells_of_is_found_in_the_list() -> None:
    async def main() -> None:
        long = Phone([Waits(3600)], rings=200.0)
        mischief = Mischief(post=Post.FAILED_AFTER, mute=True)
        async with town({TO: long}, mischief) as here:
            leg = await here.dial(telephony_params={"Timeout": "600"})
            events = leg.events()
            assert await anext(events) == InDoubt()
            (call,) = here.twilio.ledger.dialled
            assert await anext(events) == Dialled(call.sid)
            await leg.hang_up()
            await here.until_quiet()
            assert call.status == "canceled"

    run_virtually(main)


def test_of_several_calls_in_the_list_one_is_kept() -> None:
    async def main() -> None:
        long = Phone([Waits(3600)], rings=200.0)
        mischief = Mischief(post=Post.FAILED_AFTER, mute=True, twice=True)
        async with town({TO: long}, mischief) as here:
            leg = await here.dial(telephony_params={"Timeout": "600"})
            events = leg.events()
            assert kinds([await anext(events) for _ in range(4)]) == [
                *(InDoubt, Dialled),
                *(Ringing, PickedUp),
            ]
            assert [call.sid for call in here.twilio.ledger.live] == [leg.ref]
            await leg.hang_up()
            await here.until_quiet()

    run_virtually(main)


def test_a_second_call_for_the_same_attempt_is_hung_up() -> None:
    async def main() -> None:
        async with town(mischief=Mischief(twice=True)) as here:
            leg = await here.dial()
            await seen(leg)
            assert [call.sid for call in here.twilio.ledger.live] == [leg.ref]
            await leg.hang_up()
            await here.until_quiet()

    run_virtually(main)


def test_too_many_calls_at_once_wait_and_are_dialled_then() -> None:
    async def main() -> None:
        async with town(mischief=Mischief(post=Post.BUSY, times=2)) as here:
            leg = await here.dial()
            assert kinds(await seen(leg)) == [Dialled, Ringing, PickedUp]
            assert len(here.twilio.ledger.dialled) == 1
            await leg.hang_up()

    run_virtually(main)


def test_too_many_calls_for_too_long_are_a_limit() -> None:
    async def main() -> None:
        async with town(mischief=Mischief(post=Post.BUSY)) as here:
            leg = await here.dial()
            (event,) = await seen(leg)
            assert isinstance(event, NotPickedUp)
            assert event.reason is Reason.CONCURRENCY_LIMIT
            await leg.hang_up()

    run_virtually(main)


def test_a_call_that_is_hung_up_before_it_has_a_name_is_ended_as_soon_as_it_has_one() -> None:
    async def main() -> None:
        async with town(mischief=Mischief(post=Post.LATE, mute=True)) as here:
            leg = await here.dial()
            await asyncio.sleep(0.5)
            await leg.hang_up()
            assert leg.ref is None
            await here.until_quiet()
            assert [call.status for call in here.twilio.ledger.dialled] == ["completed"]

    run_virtually(main)


def test_a_hang_up_that_fails_is_tried_again_since_it_may_be_repeated() -> None:
    async def main() -> None:
        async with town({TO: Phone([Waits(3600)])}) as here:
            leg = await here.dial()
            await seen(leg)
            here.twilio.mischief = Mischief(rest_delay=11.0)
            async with asyncio.TaskGroup() as group:
                group.create_task(leg.hang_up())
                await asyncio.sleep(5)
                here.twilio.mischief = WELL
            await here.until_quiet()
            assert here.twilio.ledger.live == []

    run_virtually(main)


def test_media_that_never_connects_ends_the_call() -> None:
    async def main() -> None:
        async with town(mischief=Mischief(no_media=True)) as here:
            leg = await here.dial()
            last = (await seen(leg))[-1]
            assert isinstance(last, NotPickedUp)
            assert last.reason is Reason.ERROR_NO_AUDIO
            await leg.hang_up()
            await here.until_quiet()

    run_virtually(main)


def test_callbacks_that_come_late_and_often_change_nothing() -> None:
    async def main() -> None:
        async with town(mischief=Mischief(repeats=3, shuffled=True)) as here:
            leg = await here.dial()
            events = await seen(leg)
            assert kinds(events) == [Dialled, PickedUp]
            await leg.hang_up()
            await here.until_quiet()

    run_virtually(main)


def test_the_carrier_may_say_who_answered_while_the_call_goes_on() -> None:
    async def main() -> None:
        phone = Phone([Waits(60)], answered_by="machine_end_beep")
        async with town({TO: phone}) as here:
            leg = await here.dial(telephony_params={"MachineDetection": "DetectMessageEnd"})
            picked_up = (await seen(leg))[-1]
            assert isinstance(picked_up, PickedUp)
            async for event in picked_up.line.events():
                if not isinstance(event, Frame):
                    assert event == AnsweredBy(Verdict.VOICEMAIL)
                    break
            await leg.hang_up()

    run_virtually(main)


def test_a_callee_who_hangs_up_closes_the_line() -> None:
    async def main() -> None:
        async with town({TO: Phone([Waits(1)], rings=1)}) as here:
            leg = await here.dial()
            picked_up = (await seen(leg))[-1]
            assert isinstance(picked_up, PickedUp)
            here.twilio.lives[leg.ref or ""].hang_up("completed")
            events = [event async for event in picked_up.line.events()]
            assert events[-1] == LineClosed()
            await leg.hang_up()

    run_virtually(main)
