"""A process that dies between any two steps of a call by Twilio, and the one that comes after.

Every write to the store and every request to the carrier is a step; death comes before or after
one of them, and whatever the dead process still tries is in vain.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.interaction import CallOptions
from switchhook.domain.lifecycle import TERMINAL
from switchhook.ports import Booked
from switchhook.providers.twilio.rest import Account, Credentials, Unanswered
from switchhook.testing import HangsUp, Said, run_virtually
from switchhook.testing.twilio import WELL, FakeTwilio, Mischief, Phone, Post
from switchhook.work.sweeping import Sweeping
from tests.mortal import Death, MortalStore
from tests.providers.twilio.town import TO, beside
from tests.scenarios.telephones import engine

SHORT = Phone([Said("Hello?"), HangsUp()], rings=2.0)
LONG_RINGING = Phone(rings=500.0)
MOST_MOMENTS = 60
PATIENCE = 190.0
"""Seconds after which a doubt is settled: the carrier's two minutes, and the sweep after them."""


class MortalAccount(Account):
    """An account that a dead process cannot use."""

    def __init__(self, death: Death, credentials: Credentials, base: str) -> None:
        super().__init__(credentials, base)
        self._death = death

    async def dial(self, order: dict[str, Any]) -> str:
        step = super().dial
        return await self._death.around(lambda: step(order), Unanswered("dead"))

    async def end(self, ref: str, *, answered: bool = True) -> None:
        step = super().end
        await self._death.around(lambda: step(ref, answered=answered), Unanswered("dead"))

    async def live(self) -> Sequence[Booked]:
        # The sweep at the start is not what dies here.
        return [] if self._death.happened else await super().live()


async def lives_and_dies(folder: Path, fake: FakeTwilio, store: MortalStore, death: Death) -> str:
    """Ask for a call and follow it to its end or to that of the process."""

    def mortal(credentials: Credentials, base: str) -> Account:
        return MortalAccount(death, credentials, base)

    async with beside(fake, mortal) as here, engine(folder, here, store) as at:
        call_id = await at.call(options=CallOptions(telephony_params={"Timeout": "600"}))
        store.death = death
        async with asyncio.timeout(3600):
            while not death.happened and not (await at.record(call_id)).terminal:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    return call_id


async def comes_after(folder: Path, fake: FakeTwilio, store: MortalStore, call_id: str) -> None:
    """Start again, and check that nothing is left in limbo, on the line, or dialled twice."""
    store.death = Death(at=10_000)
    async with beside(fake) as here, engine(folder, here, store) as at:
        await at.until(call_id, *TERMINAL)
        await asyncio.sleep(PATIENCE)
        record = await at.record(call_id)
        assert not record.outcome_unknown
        assert len(fake.ledger.posts("/Calls.json")) <= 1
        assert [call.status for call in fake.ledger.live] == []


async def every_death(folder: Path, phone: Phone, mischief: Mischief) -> int:
    """Die at every moment of a call, one after the other; return how many there are."""
    for moment in range(MOST_MOMENTS):
        death = Death(moment)
        store = MortalStore("sqlite://", inline=True)
        async with FakeTwilio({TO: phone}, mischief=mischief).open() as fake:
            call_id = await lives_and_dies(folder, fake, store, death)
            await comes_after(folder, fake, store, call_id)
        store.close()
        if not death.happened:
            return moment
    raise AssertionError("the call has more moments than anybody expected")


@pytest.mark.parametrize(
    ("phone", "mischief", "least"),
    [
        (SHORT, WELL, 12),
        (LONG_RINGING, WELL, 8),
        (LONG_RINGING, Mischief(post=Post.FAILED_AFTER, mute=True), 6),
        (LONG_RINGING, Mischief(post=Post.FAILED_BEFORE), 4),
    ],
    ids=["answered", "rings", "dialled in doubt", "not dialled in doubt"],
)
def test_a_call_survives_a_death_between_any_two_steps(
    tmp_path: Path, phone: Phone, mischief: Mischief, least: int
) -> None:
    assert run_virtually(lambda: every_death(tmp_path, phone, mischief)) >= least


async def _never(_sweeping: Sweeping) -> None: ...


def test_without_sweeping_a_telephone_would_ring_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sweeping, "sweep", _never)

    with pytest.raises(ExceptionGroup):
        run_virtually(lambda: every_death(tmp_path, LONG_RINGING, WELL))


async def _again(account: Account, order: dict[str, Any]) -> str:
    try:
        return await DIAL(account, order)
    except Unanswered:
        return await DIAL(account, order)


DIAL = Account.dial


def test_asking_a_second_time_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "dial", _again)
    in_doubt = Mischief(post=Post.FAILED_AFTER, mute=True)

    with pytest.raises(ExceptionGroup):
        run_virtually(lambda: every_death(tmp_path, LONG_RINGING, in_doubt))
