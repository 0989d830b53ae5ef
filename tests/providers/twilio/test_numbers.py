"""The numbers of an account, over the fake's REST API."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from twilio.rest import Client

from switchhook.domain.errors import CarrierRefused, NumberTaken, Unavailable
from switchhook.domain.numbers import NumberSearch
from switchhook.providers.twilio.numbers import TwilioNumbers
from switchhook.providers.twilio.reach import Reach
from switchhook.providers.twilio.rest import Account, Credentials, Unanswered, Unreached
from switchhook.testing import run_virtually
from switchhook.testing.twilio import NUMBER, FakeTwilio

PUBLIC = "https://calls.example.com"
WANTED = "+14155550201"


class Line(Account):
    """A way to Twilio on which answers can get lost, or questions."""

    lose: Exception | None = None

    async def ask(self, request: Callable[[Client], Awaitable[Any]]) -> Any:
        if isinstance(self.lose, Unreached):
            raise self.lose
        answer = await super().ask(request)
        if (lost := self.lose) is not None:
            self.lose = None
            raise lost
        return answer


@dataclass
class Shop:
    fake: FakeTwilio
    line: Line
    numbers: TwilioNumbers


@asynccontextmanager
async def shop() -> AsyncGenerator[Shop]:
    async with FakeTwilio().open() as fake:
        line = Line(Credentials(fake.account_sid, fake.auth_token), fake.base)
        yield Shop(fake, line, TwilioNumbers(line, Reach(PUBLIC)))
        await line.close()


def test_numbers_are_found_with_what_they_cost() -> None:
    async def main() -> None:
        async with shop() as at:
            local = await at.numbers.available(NumberSearch(area_code="212", limit=3))
            free = await at.numbers.available(NumberSearch(kind="toll_free", contains="88855502"))
            none = await at.numbers.available(NumberSearch(contains="9999999"))

        assert [offer.number[:5] for offer in local] == ["+1212"] * 3
        assert {offer.monthly_price for offer in local} == {"1.15 USD"}
        assert local[0].capabilities == ("voice", "sms")
        assert (free[0].number[:5], free[0].monthly_price) == ("+1888", "2.15 USD")
        assert none == []

    run_virtually(main)


def test_a_number_without_a_price_can_be_had_all_the_same() -> None:
    async def main() -> None:
        async with shop() as at:
            ask = at.line.ask

            async def priceless(request: Callable[[Client], Awaitable[Any]]) -> Any:
                answer = await ask(request)
                if not isinstance(answer, list):
                    raise Unanswered("no answer")
                return answer  # pyright: ignore[reportUnknownVariableType] - whatever it lists

            at.line.ask = priceless
            [offer] = await at.numbers.available(NumberSearch(limit=1))

        assert offer.monthly_price is None

    run_virtually(main)


def test_a_rented_number_is_pointed_at_us() -> None:
    async def main() -> None:
        async with shop() as at:
            sid = await at.numbers.rent(WANTED)
            owned = at.fake.ledger.numbers[WANTED]
            assert (owned["sid"], await at.numbers.rented(WANTED)) == (sid, sid)
            assert owned["voice_url"] == f"{PUBLIC}/carriers/twilio/voice"
            assert owned["status_callback"] == f"{PUBLIC}/carriers/twilio/voice/ended"

            before = at.fake.ledger.numbers[NUMBER]
            await at.numbers.connect(before["sid"])
            assert before["voice_url"] == owned["voice_url"]

    run_virtually(main)


def test_a_number_that_somebody_has_cannot_be_rented() -> None:
    async def main() -> None:
        async with shop() as at:
            with pytest.raises(NumberTaken):
                await at.numbers.rent(NUMBER)

    run_virtually(main)


def test_a_purchase_whose_answer_is_lost_is_found_and_not_made_again() -> None:
    async def main() -> None:
        async with shop() as at:
            at.line.lose = Unanswered("no answer")
            sid = await at.numbers.rent(WANTED)
            assert sid == at.fake.ledger.numbers[WANTED]["sid"]
            assert len(at.fake.ledger.posts("/IncomingPhoneNumbers.json")) == 1

    run_virtually(main)


def test_a_number_is_given_back_once() -> None:
    async def main() -> None:
        async with shop() as at:
            sid = await at.numbers.rent(WANTED)
            await at.numbers.release(sid)
            await at.numbers.release(sid)
            assert WANTED not in at.fake.ledger.numbers

    run_virtually(main)


def test_an_account_that_is_not_let_in_says_so() -> None:
    async def main() -> None:
        async with FakeTwilio().open() as fake:
            account = Account(Credentials(fake.account_sid, "wrong"), fake.base)
            numbers = TwilioNumbers(account, Reach(PUBLIC))
            for asking in (numbers.rent(WANTED), numbers.release("PN1"), numbers.rented(WANTED)):
                with pytest.raises(CarrierRefused, match="Twilio refuses"):
                    await asking
            await account.close()

    run_virtually(main)


def test_a_twilio_that_is_not_reached_is_asked_again_later() -> None:
    async def main() -> None:
        async with shop() as at:
            at.line.lose = Unreached("ConnectError")
            for asking in (
                at.numbers.rent(WANTED),
                at.numbers.release("PN1"),
                at.numbers.available(NumberSearch()),
            ):
                with pytest.raises(Unavailable, match="does not answer"):
                    await asking
            assert WANTED not in at.fake.ledger.numbers

    run_virtually(main)
