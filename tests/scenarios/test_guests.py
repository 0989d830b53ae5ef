"""A third person in the call: all hear each other, and nobody is left on a line."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.errors import DialRefused, InvalidInput
from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason, State
from switchhook.engine.events import Quiet
from switchhook.ports import BeQuiet, BringIn, Command, Receipt, Say
from switchhook.providers.twilio.rest import Account, Credentials
from switchhook.service import calls, following
from switchhook.testing import Acts, HangsUp, Said, ScriptedMind, Waits, Writes, run_virtually
from switchhook.testing.minds import Answer
from switchhook.testing.twilio import FakeTwilio, Mischief, Phone, Post
from tests.mortal import Death, MortalStore
from tests.providers.twilio.town import TO, beside
from tests.scenarios import guest_bugs as bugs
from tests.scenarios.telephones import Telephones, engine, telephones
from tests.scenarios.test_dying import PATIENCE, MortalAccount
from tests.scenarios.test_transfers import BUSY, ENDED, SORRY, THEM, answered, life, said
from tests.scenarios.twins import fails_with

GUEST = {"type": "add_to_conference", "phone_number": THEM}
MIND = {"mind": {"kind": "model"}, "first_message": "Hi.", "actions": [GUEST]}
HOST = {"mind": {"kind": "assistant"}, "first_message": "Hi."}
WAITS = Phone([Waits(600)])
HERE = Phone([Said("Sam here."), Waits(600)])
OFF = Acts("set_hold", '{"on": false}')
BRINGS: list[Answer] = [
    [Writes("I will get Sam. "), Acts("add_to_conference")],
    [Writes("Ada asks about a bill. "), OFF],
    [Writes("Now we are together. ")],
    [Writes("You are welcome. ")],
]
ADA = Phone(
    [
        *(Said("Hello?"), Waits(until_heard="hi"), Said("I have a question.")),
        *(Waits(until_heard="together"), Waits(1.5), Said("Hello dear Sam."), Waits(600)),
    ]
)
SAM = Phone(
    [Said("Sam here."), Waits(until_heard="dear"), Waits(6), Said("Hello Ada."), Waits(600)]
)


async def live(at: Telephones, call_id: str, command: Command) -> Receipt:
    running = at.exchange.switchboard.find(call_id)
    assert running is not None
    return await running.control(command)


async def add(at: Telephones, call_id: str, to: str = THEM, *, hold_first: bool = True) -> Receipt:
    return await calls.bring_in(at.exchange, at.owner, call_id, BringIn(to, hold_first))


async def results(at: Telephones, call_id: str) -> list[dict[str, Any]]:
    """Return what was published of third persons."""
    page = await following.happenings(at.exchange, at.owner, call_id, limit=200)
    facts = [h.data for h in page.happenings if h.kind is Kind.CONTROL]
    return [data for data in facts if data["action"] == "add_to_conference" and "to" in data]


async def transcript(at: Telephones, call_id: str) -> list[str]:
    page = await following.transcript(at.exchange, at.owner, call_id)
    return [f"{line.speaker}: {line.text}" for line in page.lines]


@fails_with(bugs.aside_for_good, bugs.deaf_to_guests, bugs.one_voice)
def test_a_mind_briefs_somebody_and_then_all_three_talk(tmp_path: Path) -> None:
    async def main() -> None:
        mind = ScriptedMind(BRINGS)
        async with telephones(tmp_path, {TO: ADA, THEM: SAM}, minds={"model": mind}) as at:
            call_id = await answered(at, agent=MIND)
            await asyncio.sleep(30)
            ada, sam = " ".join(life(at, TO).heard), " ".join(life(at, THEM).heard)
            assert "Now we are together. You are welcome. Hello Ada. You are welcome." in ada
            assert sam.startswith("Ada asks about a bill. Now we are together. Hello dear Sam.")
            assert (await transcript(at, call_id))[2:12] == [
                "agent: Hi.",
                "callee: I have a question.",
                "agent: I will get Sam.",
                "guest: Sam here.",
                "agent: Ada asks about a bill.",
                "agent: Now we are together.",
                "callee: Hello dear Sam.",
                "agent: You are welcome.",
                "guest: Hello Ada.",
                "agent: You are welcome.",
            ]
            life(at, TO).hang_up("completed")
            await at.until(call_id, *ENDED)
            await at.town.until_quiet()

    run_virtually(main)


def test_a_callee_on_hold_hears_music_from_the_announcement_until_they_are_taken_back(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: HERE}) as at:
            call_id = await answered(at, agent=HOST)
            now = asyncio.get_running_loop().time
            assert (await add(at, call_id)).result == "done"
            began = now()
            await asyncio.sleep(2)
            await live(at, call_id, Say("Just us two."))
            ended = now()
            music = [at for at in life(at, TO).sounds if began < at < ended]
            assert len(music) > 0.9 * 50 * (ended - began)
            await live(at, call_id, BeQuiet(None, "All of us."))
            await live(at, call_id, BeQuiet(Quiet.ON_HOLD))
            await live(at, call_id, Say("Two again."))
            assert life(at, TO).heard[-3:] == ["All", "of", "us."]
            assert " ".join(life(at, THEM).heard) == "Just us two. All of us. Two again."

    run_virtually(main)


def test_without_a_hold_all_are_together_as_soon_as_they_pick_up(tmp_path: Path) -> None:
    async def main() -> None:
        ada = Phone([Waits(6), Said("I am still here."), Waits(600)])
        async with telephones(tmp_path, {TO: ada, THEM: HERE}) as at:
            call_id = await answered(at, agent=HOST)
            asking = asyncio.ensure_future(add(at, call_id, hold_first=False))
            await live(at, call_id, Say("It rings."))
            assert (await asking).result == "done"
            await asyncio.sleep(5)
            assert "It rings. Sam here." in " ".join(life(at, TO).heard)
            assert "still" in life(at, THEM).heard

    run_virtually(main)


@pytest.mark.parametrize(
    ("phone", "reason"),
    [(BUSY, Reason.BUSY), (Phone(picks_up="no-answer"), Reason.NO_ANSWER)],
    ids=["busy", "unanswered"],
)
@fails_with(bugs.failed_guest_hangs_up)
def test_a_callee_whose_guest_does_not_come_is_told_so(
    tmp_path: Path, phone: Phone, reason: Reason
) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: phone}) as at:
            call_id = await answered(at)
            receipt = await add(at, call_id)
            await asyncio.sleep(10)

            assert receipt.result in {"refused", "begun"}
            assert [data.get("reason") for data in await results(at, call_id)] == [
                None,
                reason.value,
            ]
            assert any(line.startswith(SORRY) for line in await said(at, call_id))
            assert [call.to for call in at.twilio.ledger.live] == [TO]

    run_virtually(main)


def test_a_number_that_may_not_be_called_is_refused_before_anybody_waits(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS}) as at:
            call_id = await answered(at)
            for number in ("+19002345678", "+442079460000", "911"):
                with pytest.raises((DialRefused, InvalidInput)):
                    await add(at, call_id, number)
            assert len(at.twilio.ledger.posts("/Calls.json")) == 1
            assert "One moment, please." not in await said(at, call_id)

    run_virtually(main)


def test_a_guest_is_dialled_once_however_unsure_it_is_whether_they_were(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: Phone(rings=300)}) as at:
            call_id = await answered(at)
            at.twilio.mischief = Mischief(post=Post.SILENT_AFTER)
            asking = asyncio.ensure_future(add(at, call_id))
            await asyncio.sleep(70)

            assert (await asking).result in {"begun", "refused"}
            assert len(at.twilio.ledger.posts("/Calls.json")) == 2
            assert any(line.startswith(SORRY) for line in await said(at, call_id))
            assert THEM not in [call.to for call in at.twilio.ledger.live]

    run_virtually(main)


@fails_with(bugs.aside_for_good)
def test_a_guest_who_hangs_up_leaves_the_callee_with_the_agent(tmp_path: Path) -> None:
    async def main() -> None:
        leaves = Phone([Said("Sam here."), Waits(6), HangsUp()])
        async with telephones(tmp_path, {TO: WAITS, THEM: leaves}) as at:
            call_id = await answered(at, agent=HOST)
            await add(at, call_id)
            await asyncio.sleep(2)
            await live(at, call_id, BeQuiet(None, "Together."))
            await asyncio.sleep(8)
            await live(at, call_id, Say("We are alone."))

            assert [data["result"] for data in await results(at, call_id)][-1] == "left"
            assert life(at, TO).heard[-4:] == ["Together.", "We", "are", "alone."]
            assert [call.to for call in at.twilio.ledger.live] == [TO]
            assert (await add(at, call_id)).result == "done"

    run_virtually(main)


@fails_with(bugs.guests_are_not_dropped)
def test_a_callee_who_leaves_while_it_rings_has_nobody_called(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: Phone(rings=25)}) as at:
            call_id = await answered(at)
            asking = asyncio.ensure_future(add(at, call_id))
            await asyncio.sleep(8)
            life(at, TO).hang_up("completed")
            record = await at.until(call_id, *ENDED)

            assert (await asking).result == "refused"
            assert record.reason is Reason.USER_HANGUP
            assert life(at, THEM).call.history == ["queued", "ringing", "canceled"]

    run_virtually(main)


@pytest.mark.parametrize("together", [True, False])
@fails_with(bugs.nobody_parts, bugs.guests_are_not_dropped)
def test_a_guest_whose_callee_leaves_is_told_so_and_hung_up(
    tmp_path: Path, *, together: bool
) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: HERE}) as at:
            call_id = await answered(at, agent=HOST)
            await add(at, call_id, hold_first=not together)
            await asyncio.sleep(3)
            life(at, TO).hang_up("completed")
            async with asyncio.timeout(8):
                record = await at.until(call_id, *ENDED)
            await asyncio.sleep(3)

            assert record.reason is Reason.USER_HANGUP
            assert " ".join(life(at, THEM).heard).endswith("I am sorry, they have hung up.")
            assert life(at, THEM).call.status == "completed"

    run_virtually(main)


def test_everybody_hears_the_goodbye_and_is_hung_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: HERE}) as at:
            call_id = await answered(at, agent=HOST)
            await add(at, call_id)
            await asyncio.sleep(2)
            await calls.end_call(at.exchange, at.owner, call_id)
            await at.until(call_id, *ENDED)
            await at.town.until_quiet()

            for number in (TO, THEM):
                assert life(at, number).heard[-1] == "Goodbye."
                assert life(at, number).call.status == "completed"

    run_virtually(main)


@pytest.mark.parametrize("rings", [2.0, 25.0], ids=["while they talk", "while it rings"])
def test_a_process_that_stops_leaves_nobody_on_a_line(tmp_path: Path, rings: float) -> None:
    async def main() -> None:
        them = Phone([Said("Sam here."), Waits(600)], rings=rings)
        async with telephones(tmp_path, {TO: WAITS, THEM: them}) as at:
            call_id = await answered(at, agent=HOST)
            asking = asyncio.ensure_future(add(at, call_id))
            await asyncio.sleep(9)
            await at.placing.stop()
            await at.town.until_quiet()

            assert at.twilio.ledger.live == []
            assert (await at.record(call_id)).state is State.ENDED
            await asking

    run_virtually(main)


def test_a_guest_whose_telephone_fails_in_the_middle_has_left(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: HERE}) as at:
            call_id = await answered(at, agent=HOST)
            await add(at, call_id, hold_first=False)
            await asyncio.sleep(2)
            life(at, THEM).hang_up("failed")
            await asyncio.sleep(1)
            assert [data["result"] for data in await results(at, call_id)][-1] == "left"
            assert (await live(at, call_id, Say("Only us."))).result == "done"

    run_virtually(main)


def test_a_guest_whom_a_process_has_dialled_before_it_died_is_left_on_no_line(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        death = Death(at=10_000)
        store = MortalStore("sqlite://", inline=True)
        phones = {TO: WAITS, THEM: Phone(rings=25)}

        def mortal(credentials: Credentials, base: str) -> Account:
            return MortalAccount(death, credentials, base)

        async with FakeTwilio(phones).open() as fake:
            async with beside(fake, mortal) as here, engine(tmp_path, here, store) as at:
                call_id = await answered(at, agent=HOST)
                asking = asyncio.ensure_future(add(at, call_id))
                await asyncio.sleep(6)
                store.death, death.happened = death, True
            await asking
            (them,) = [life.call for life in fake.lives.values() if life.call.to == THEM]
            assert them.status == "ringing"

            store.death = Death(at=10_000)
            async with beside(fake) as here, engine(tmp_path, here, store) as at:
                await at.until(call_id, *ENDED)
                await asyncio.sleep(PATIENCE)
                assert fake.ledger.live == []
                assert len(fake.ledger.posts("/Calls.json")) == 2
        store.close()

    run_virtually(main)
