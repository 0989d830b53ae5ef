"""Nobody is lost on the way to somebody else: S62, S63, S64."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.errors import DialRefused, InvalidInput
from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason, Stage, StageOutcome, State
from switchhook.ports import HangUp, PutThrough, Receipt
from switchhook.service import calls, following
from switchhook.testing import Listens, Presses, Said, Step, Waits, run_virtually
from switchhook.testing.twilio import Mischief, Phone, Post
from switchhook.testing.twilio.life import Life
from tests.providers.twilio.town import TO
from tests.scenarios import transfer_bugs as bugs
from tests.scenarios.telephones import Telephones, telephones
from tests.scenarios.twins import fails_with

THEM = "+15550100177"
OURS = "+14155550188"
ENDED = (State.ENDED, State.NOT_CONNECTED, State.ERROR)
SORRY = "I am sorry, I could not reach anybody."
WAITS = Phone([Said("Hello?"), Waits(until_heard="sam"), Said("My bill is wrong."), Waits(600)])
BUSY = Phone(picks_up="busy")
TALKS = Phone([Waits(2.0), Said("Hello, here is Sam."), Waits(600)])


async def answered(at: Telephones, **request: Any) -> str:
    """Call, and return the call once it is answered."""
    call_id = await at.call(**request)
    await at.until(call_id, State.IN_PROGRESS)
    await asyncio.sleep(4)
    return call_id


async def transfer(at: Telephones, call_id: str, text: str = "", to: str = THEM) -> Receipt:
    return await calls.transfer_call(at.exchange, at.owner, call_id, PutThrough(to, text))


async def until_connected(at: Telephones, call_id: str) -> Interaction:
    async with asyncio.timeout(60):
        while (record := await at.record(call_id)).stage is not Stage.TRANSFER_SUCCESSFUL:  # noqa: ASYNC110 - another's call
            await asyncio.sleep(0.1)
    return record


async def said(at: Telephones, call_id: str) -> list[str]:
    page = await following.transcript(at.exchange, at.owner, call_id)
    return [line.text for line in page.lines]


async def told(at: Telephones, call_id: str) -> dict[str, str]:
    """Return what was published of the transfer last."""
    page = await following.happenings(at.exchange, at.owner, call_id, limit=200)
    return [h.data for h in page.happenings if h.kind is Kind.CONTROL][-1]


def life(at: Telephones, number: str) -> Life:
    (found,) = [life for life in at.twilio.lives.values() if life.call.to == number]
    return found


def test_two_who_are_connected_hear_each_other_until_one_hangs_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: TALKS}) as at:
            call_id = await answered(at)
            assert (await transfer(at, call_id)).result == "done"
            record = await until_connected(at, call_id)
            await asyncio.sleep(8)
            assert record.state is State.IN_PROGRESS
            assert life(at, TO).heard[-4:] == ["Hello,", "here", "is", "Sam."]
            assert life(at, THEM).heard == ["My", "bill", "is", "wrong."]

            life(at, THEM).hang_up("completed")
            record = await at.until(call_id, *ENDED)
            await at.town.until_quiet()
            assert (record.reason, record.stage_outcome) == (
                Reason.TRANSFER_COMPLETED,
                StageOutcome.TRANSFER_DISCONNECTED,
            )
            assert record.outcome is not None

    run_virtually(main)


@pytest.mark.parametrize(
    ("phone", "reason"),
    [(BUSY, Reason.BUSY), (Phone(picks_up="no-answer"), Reason.NO_ANSWER)],
    ids=["busy", "unanswered"],
)
@fails_with(bugs.failed_transfer_hangs_up)
def test_s62_transfer_keeps_the_caller(tmp_path: Path, phone: Phone, reason: Reason) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone([Waits(600)]), THEM: phone}) as at:
            call_id = await answered(at)
            receipt = await transfer(at, call_id)
            await asyncio.sleep(10)

            assert receipt.result in {"refused", "begun"}
            assert (await told(at, call_id))["reason"] == reason.value
            assert any(line.startswith(SORRY) for line in await said(at, call_id))
            assert (await at.record(call_id)).state is State.IN_PROGRESS
            assert [call.to for call in at.twilio.ledger.live] == [TO]

    run_virtually(main)


def test_s62_a_number_that_may_not_be_called_is_refused_before_anybody_waits(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone([Waits(600)])}) as at:
            call_id = await answered(at)
            for number in ("+19002345678", "+442079460000", "911"):
                with pytest.raises((DialRefused, InvalidInput)):
                    await transfer(at, call_id, to=number)
            assert len(at.twilio.ledger.posts("/Calls.json")) == 1
            assert "One moment, please." not in await said(at, call_id)

    run_virtually(main)


def test_s62_an_agents_own_number_that_may_not_be_called_is_not_dialled(tmp_path: Path) -> None:
    async def main() -> None:
        premium = {"actions": [{"type": "transfer_call", "phone_number": "+19002345678"}]}
        asks = Phone([Said("Hello?"), Listens(1.2), Said("Can I speak to a human?"), Waits(600)])
        async with telephones(tmp_path, {TO: asks}) as at:
            call_id = await answered(at, agent=premium)
            await asyncio.sleep(25)
            assert len(at.twilio.ledger.posts("/Calls.json")) == 1
            assert (await told(at, call_id))["reason"] == Reason.INVALID_DESTINATION.value
            assert any(line.startswith(SORRY) for line in await said(at, call_id))

    run_virtually(main)


@fails_with(bugs.transfers_are_not_dropped)
def test_s63_a_caller_who_leaves_while_it_rings_has_nobody_called(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone([Waits(600)]), THEM: Phone(rings=25)}) as at:
            call_id = await answered(at)
            asking = asyncio.ensure_future(transfer(at, call_id))
            await asyncio.sleep(8)
            life(at, TO).hang_up("completed")
            record = await at.until(call_id, *ENDED)
            await asyncio.sleep(3)

            assert (await asking).result == "refused"
            assert record.reason is Reason.USER_HANGUP
            assert life(at, THEM).call.history == ["queued", "ringing", "canceled"]

    run_virtually(main)


@fails_with(bugs.nobody_is_told_goodbye)
def test_s63_caller_leaves_during_warm_transfer(tmp_path: Path) -> None:
    async def main() -> None:
        phones = {TO: Phone([Waits(600)]), THEM: Phone([Said("Hello?"), Waits(600)])}
        async with telephones(tmp_path, phones) as at:
            call_id = await answered(at)
            asking = asyncio.ensure_future(transfer(at, call_id, "A guest has a wrong bill."))
            await asyncio.sleep(20)
            assert life(at, THEM).call.status == "in-progress"
            left = asyncio.get_running_loop().time()
            life(at, TO).hang_up("completed")
            await at.until(call_id, *ENDED)
            await asyncio.sleep(8)

            assert (await asking).result == "refused"
            assert life(at, THEM).call.status == "completed"
            assert [at for at in life(at, THEM).sounds if at > left + 0.5]

    run_virtually(main)


@fails_with(bugs.nothing_is_written_down)
def test_what_was_said_where_the_callee_did_not_hear_it_can_be_read(tmp_path: Path) -> None:
    async def main() -> None:
        answer = [Said("The weather is fine."), Listens(1.5), Presses("1")]
        them = Phone([Said("Hello?"), Listens(1.5), *answer, Waits(600)])
        async with telephones(tmp_path, {TO: Phone([Waits(600)]), THEM: them}) as at:
            call_id = await answered(at)
            await transfer(at, call_id, "A guest has a wrong bill.")
            page = await following.happenings(at.exchange, at.owner, call_id, limit=200)
            notes = [h.text for h in page.happenings if h.data.get("action") == "transfer"]
            take = "Will you take the call? Say yes, or press one."
            assert notes[1:-1] == [
                f"{THEM} said: Hello?",
                f"told {THEM}: Hello, this is an AI assistant.",
                f"told {THEM}: A guest has a wrong bill. {take}",
                f"{THEM} said: The weather is fine.",
                f"told {THEM}: Sorry, I did not understand that. {take}",
                f"{THEM} said: 1",
            ]
            assert not [line for line in await said(at, call_id) if "bill" in line]

    run_virtually(main)


@pytest.mark.parametrize(
    ("answer", "connected"),
    [
        ([Said("Yes, of course.")], True),
        ([Said("No, not now.")], False),
        ([Presses("1")], True),
        ([Said("The weather is fine."), Listens(1.5), Said("Yes.")], True),
    ],
    ids=["yes", "no", "key", "unclear"],
)
def test_somebody_is_told_about_the_call_and_takes_it_or_not(
    tmp_path: Path, answer: list[Step], *, connected: bool
) -> None:
    async def main() -> None:
        them = Phone([Said("Hello?"), Listens(1.5), *answer, Waits(600)])
        async with telephones(tmp_path, {TO: Phone([Waits(600)]), THEM: them}) as at:
            call_id = await answered(at)
            receipt = await transfer(at, call_id, "A guest has a wrong bill.")
            await asyncio.sleep(6)
            assert (receipt.result == "done") is connected
            assert (await at.record(call_id)).state is State.IN_PROGRESS
            live = [call.to for call in at.twilio.ledger.live]
            assert live == ([TO, THEM] if connected else [TO])
            rooms = [room.status for room in at.twilio.rooms.values()]
            assert rooms == (["in-progress"] if connected else [])

    run_virtually(main)


@fails_with(bugs.no_second_number)
def test_s64_a_number_that_may_not_be_shown_gives_way_to_our_own(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone([Waits(600)]), THEM: TALKS}) as at:
            call_id = await answered(at)
            at.twilio.ledger.numbers.clear()
            at.twilio.own(OURS)
            at.exchange.own_numbers = {"twilio": OURS}
            assert (await transfer(at, call_id)).result == "done"
            asked = at.twilio.ledger.posts("/Calls.json")
            assert [post.value("From") == OURS for post in asked] == [False, False, True]

    run_virtually(main)


@pytest.mark.parametrize("post", [Post.SILENT_AFTER, Post.FAILED_BEFORE])
@fails_with(bugs.dials_again_in_doubt)
def test_s64_transfer_retries_only_what_was_not_dialled(tmp_path: Path, post: Post) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: Phone([Waits(900)]), THEM: Phone(rings=300)}) as at:
            call_id = await answered(at)
            at.twilio.mischief = Mischief(post=post)
            asking = asyncio.ensure_future(transfer(at, call_id))
            await asyncio.sleep(60)

            assert (await asking).result in {"begun", "refused"}
            assert len(at.twilio.ledger.posts("/Calls.json")) == 2
            assert any(line.startswith(SORRY) for line in await said(at, call_id))
            await asyncio.sleep(10)
            assert THEM not in [call.to for call in at.twilio.ledger.live]

    run_virtually(main)


def test_whoever_ends_a_call_that_was_transferred_hangs_both_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: TALKS}) as at:
            call_id = await answered(at)
            await transfer(at, call_id)
            await until_connected(at, call_id)
            live = at.exchange.switchboard.find(call_id)
            assert live is not None
            refused = await live.control(PutThrough(OURS))
            assert "talks to somebody else now" in refused.detail
            assert (await live.control(HangUp())).result == "done"
            record = await at.until(call_id, *ENDED)
            await at.town.until_quiet()
            assert record.reason is Reason.TRANSFER_COMPLETED

    run_virtually(main)
