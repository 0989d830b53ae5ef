"""What Twilio is answered when somebody calls, whoever takes the call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import pytest

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import Unavailable
from switchhook.domain.lifecycle import Reason
from switchhook.ports import Leg, LegEvent, NotPickedUp, PickedUp, Refusal, Ring
from switchhook.testing import run_virtually
from switchhook.testing.twilio import NUMBER, FakeCall, Mischief, signature
from tests.providers.twilio.town import Town, town

CALLER = "+14155550177"


@dataclass
class Porter:
    """Takes every call, unless there is a reason against it, and waits for its audio."""

    against: Refusal | Exception | None = None
    rings: list[Ring] = field(default_factory=list[Ring])
    legs: list[Leg] = field(default_factory=list[Leg])
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, ring: Ring, leg: Leg) -> AgentSpec | Refusal:
        self.rings.append(ring)
        await self.ready.wait()
        if isinstance(self.against, Exception):
            raise self.against
        self.legs.append(leg)
        return self.against or AgentSpec()

    async def events(self) -> list[LegEvent]:
        [leg] = self.legs
        return [event async for event in leg.events()]


@asynccontextmanager
async def called(porter: Porter) -> AsyncGenerator[Town]:
    """Open a carrier whose number is pointed at us."""
    porter.ready.set()
    async with town() as at:
        reach = at.carrier.reach
        at.twilio.own(NUMBER, reach.voice, reach.ended)
        at.carrier.reception = porter
        yield at


async def over(at: Town, call: FakeCall) -> None:
    async with asyncio.timeout(600):
        await at.twilio.lives[call.sid].ended.wait()


async def ask(at: Town, ref: str, caller: str = CALLER) -> str:
    form = {"CallSid": ref, "From": caller, "To": NUMBER, "CallStatus": "ringing"}
    url = at.carrier.reach.voice
    async with httpx2.AsyncClient(trust_env=False) as client:
        headers = {"X-Twilio-Signature": signature(at.twilio.auth_token, url, form)}
        answer = await client.post(url, data=form, headers=headers)
    assert answer.headers["content-type"].startswith("text/xml")
    return answer.text


def test_a_call_that_is_taken_has_a_line() -> None:
    async def main() -> None:
        porter = Porter()
        async with called(porter) as at:
            ringing = await at.twilio.ring(CALLER, NUMBER)
            async with asyncio.timeout(60):
                while not porter.legs:  # noqa: ASYNC110 - another's call
                    await asyncio.sleep(0.05)
                events = await porter.events()
            await porter.legs[0].hang_up()
            await over(at, ringing)

        assert porter.rings == [Ring("twilio", ringing.sid, CALLER, NUMBER)]
        assert isinstance(events[-1], PickedUp)
        assert ringing.status == "completed"

    run_virtually(main)


def test_a_call_whose_audio_never_comes_is_given_up_and_hung_up() -> None:
    async def main() -> None:
        porter = Porter()
        async with called(porter) as at:
            at.twilio.mischief = Mischief(no_media=True)
            ringing = await at.twilio.ring(CALLER, NUMBER)
            await asyncio.sleep(20)
            last = (await porter.events())[-1]
            await porter.legs[0].hang_up()
            await over(at, ringing)

        assert isinstance(last, NotPickedUp)
        assert last.reason is Reason.ERROR_NO_AUDIO
        assert ringing.status == "completed"

    run_virtually(main)


@pytest.mark.parametrize("hidden", ["+266696687", "anonymous", ""])
def test_who_hides_the_number_has_none(hidden: str) -> None:
    async def main() -> None:
        porter = Porter(Refusal.NOBODY)
        async with called(porter) as at:
            await ask(at, "CA1", hidden)
        assert porter.rings == [Ring("twilio", "CA1", None, NUMBER)]

    run_virtually(main)


@pytest.mark.parametrize(
    ("against", "told"),
    [
        (Refusal.NOBODY, "<Say>"),
        (Refusal.BUSY, '<Reject reason="busy" />'),
        (Unavailable("the disk is full", hint="h"), '<Reject reason="busy" />'),
    ],
)
def test_who_is_turned_away_is_told_and_leaves_no_open_door(
    against: Refusal | Exception, told: str
) -> None:
    async def main() -> None:
        async with called(Porter(against)) as at:
            assert told in await ask(at, "CA1")
            assert told in await ask(at, "CA1")
            await asyncio.sleep(0)
            assert len(at.carrier.admissions) == 0
            assert at.twilio.ledger.posts("/Calls/CA1.json") == []

    run_virtually(main)


def test_two_questions_at_once_are_decided_together() -> None:
    async def main() -> None:
        porter = Porter()
        async with called(porter) as at:
            porter.ready.clear()
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(ask(at, "CA1")) for _ in range(3)]
                await asyncio.sleep(1)
                porter.ready.set()
            await porter.legs[0].hang_up()

        assert len(porter.rings) == 1
        assert len({task.result() for task in asked}) == 1

    run_virtually(main)


def test_while_nobody_is_there_to_take_calls_it_is_busy() -> None:
    async def main() -> None:
        async with town() as at:
            assert "<Reject" in await ask(at, "CA1")

    run_virtually(main)
