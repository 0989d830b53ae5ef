"""Two legs that are moved into one room, however badly Twilio answers."""

from __future__ import annotations

from collections import deque

import pytest

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import Unavailable
from switchhook.providers.loopback import LoopbackSwitch
from switchhook.providers.twilio.conferences import Conferences
from switchhook.providers.twilio.legs import TwilioLeg
from switchhook.providers.twilio.rest import Account, Credentials, Refused, Unanswered, Unreached
from switchhook.testing import run_virtually, virtual_clock
from switchhook.testing.carriers import FakeLeg
from switchhook.testing.lines import FakeLine
from switchhook.testing.twilio import NUMBER, FakeTwilio
from tests.providers.twilio.town import TO, Town, beside, seen

THEM = "+15550100177"
TROUBLE = [Unreached("ConnectError"), Unanswered("ReadTimeout")]


class Moody(Account):
    """An account that fails to move calls in these ways first."""

    def __init__(self, credentials: Credentials, base: str) -> None:
        super().__init__(credentials, base)
        self.trouble: deque[Exception | None] = deque()
        self.moved: list[str] = []

    async def move(self, ref: str, document: str) -> None:
        self.moved.append(ref)
        trouble = self.trouble.popleft() if self.trouble else None
        if trouble is not None:
            raise trouble
        await super().move(ref, document)


async def two(here: Town) -> tuple[TwilioLeg, TwilioLeg]:
    callee, other = await here.dial(), await here.dial(THEM, "attempt_two")
    await seen(callee)
    await seen(other)
    return callee, other


@pytest.mark.parametrize(
    ("trouble", "moves"),
    [([], 2), (TROUBLE, 4), ([*TROUBLE, *TROUBLE], 3), ([Refused(400, 21220, "it is over")], 1)],
    ids=["well", "late", "never", "refused"],
)
def test_a_move_is_asked_for_again_unless_it_is_refused(
    trouble: list[Exception], moves: int
) -> None:
    async def main() -> None:
        async with (
            FakeTwilio(numbers=(NUMBER,)).open() as fake,
            beside(fake, Moody) as here,
        ):
            account = here.account
            assert isinstance(account, Moody)
            callee, other = await two(here)
            account.trouble.extend(trouble)
            try:
                await Conferences(account).join(callee, other)
            except Unavailable:
                assert callee.ref not in account.moved, "the callee left for an empty room"
            assert len(account.moved) == moves
            await callee.hang_up()
            await other.hang_up()

    run_virtually(main)


def test_who_waits_in_vain_for_a_callee_that_cannot_be_moved_hears_why_and_goes() -> None:
    async def main() -> None:
        async with (
            FakeTwilio(numbers=(NUMBER,)).open() as fake,
            beside(fake, Moody) as here,
        ):
            account = here.account
            assert isinstance(account, Moody)
            callee = await here.dial()
            other = await here.dial(THEM, "attempt_two", AgentSpec(language="de"))
            await seen(callee)
            await seen(other)
            account.trouble.extend([None, Refused(400, 21220, "it is not in progress")])
            with pytest.raises(Unavailable):
                await Conferences(account).join(callee, other)
            await other.hang_up()
            await callee.hang_up()
            await here.until_quiet()

            (said,) = fake.ledger.spoken
            assert said.endswith("Auf Wiederhören.")
            ended = [asked.path for asked in fake.ledger.asked if asked.value("Status")]
            assert [str(callee.ref) in path for path in ended] == [True], "the sentence was cut off"

    run_virtually(main)


def test_legs_of_others_are_not_connected() -> None:
    async def main() -> None:
        async with FakeTwilio().open() as fake, beside(fake) as here:
            leg = await here.dial(TO)
            clock = virtual_clock()
            stranger = FakeLeg("x", FakeLine([], clock), clock, 0.0, None)
            for switch in (Conferences(here.account), LoopbackSwitch()):
                with pytest.raises(Unavailable):
                    await switch.join(leg, stranger)
            await leg.hang_up()

    run_virtually(main)
