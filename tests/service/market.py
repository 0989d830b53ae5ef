"""A carrier that rents out one number, and an account that buys it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from switchhook.domain.agent import AgentSpec
from switchhook.domain.numbers import Number, NumberOffer, NumberSearch
from switchhook.service import agents, numbers
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.numbers import Binding, Proposal
from tests.service.fakes import Town

WANTED = "+14155550201"
CALLER = "+14155550177"
NOTHING = Binding()


@dataclass
class Market:
    """A carrier that has one number for sale, and notes what it is asked."""

    owned: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[str] = field(default_factory=list[str])
    trouble: Exception | None = None

    async def available(self, wanted: NumberSearch) -> Sequence[NumberOffer]:
        fits = (wanted.contains or "").strip("+") in WANTED
        offer = NumberOffer(number=WANTED, country="US", kind="local", monthly_price="1.15 USD")
        return [offer] if fits else []

    async def rented(self, number: str) -> str | None:
        return self.owned.get(number)

    async def rent(self, number: str) -> str:
        self.asked.append(f"rent {number}")
        if self.trouble is not None:
            raise self.trouble
        self.owned[number] = f"PN{number}"
        return self.owned[number]

    async def connect(self, ref: str) -> None:
        self.asked.append(f"connect {ref}")

    async def release(self, ref: str) -> None:
        self.asked.append(f"release {ref}")


async def proposed(
    exchange: Exchange, principal: Principal, number: str = WANTED, binding: Binding = NOTHING
) -> Proposal:
    proposal = await numbers.buy_number(exchange, principal, number, binding)
    assert isinstance(proposal, Proposal)
    return proposal


async def bought(
    exchange: Exchange, principal: Principal, number: str = WANTED, **binding: str
) -> Number:
    """Buy a number in both steps."""
    wanted = Binding(**binding)
    token = (await proposed(exchange, principal, number, wanted)).confirm_token
    made = await numbers.buy_number(exchange, principal, number, wanted, confirm_token=token)
    assert isinstance(made, Number)
    return made


async def answered(town: Town, **binding: str) -> Number:
    """Buy a number where an agent answers."""
    await agents.create_agent(town.exchange, town.owner, AgentSpec(name="Host"))
    return await bought(town.exchange, town.owner, agent="Host", **binding)
