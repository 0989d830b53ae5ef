"""The toolset `numbers`: find, buy and give back telephone numbers, and say who answers there.

What costs money or cannot be undone is a dry run until it is repeated with its confirm token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from mcp.types import CallToolResult, ToolAnnotations
from pydantic import BeforeValidator, Field

from switchhook.domain.numbers import Kind, Number, NumberOffer, NumberSearch
from switchhook.faces.mcp.arguments import Nothing
from switchhook.faces.mcp.identity import Desk
from switchhook.faces.mcp.results import Answer, answer, done, step
from switchhook.faces.mcp.strict import Arguments, StrictTool, folded
from switchhook.service import numbers
from switchhook.service.numbers import Binding, Proposal

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=True)
_CHANGES = ToolAnnotations(read_only_hint=False, idempotent_hint=True)
_RINGS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_SPENDS = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=False)

Token = Annotated[str | None, Field(description="From the dry run, once your user agreed")]


class SearchNumbers(Arguments):
    """Numbers to be found."""

    country: str = Field("US", pattern="^[A-Za-z]{2}$")
    kind: Annotated[Kind, BeforeValidator(folded)] = "local"
    area_code: str | None = Field(None, pattern="^[0-9]{2,5}$")
    contains: str | None = Field(
        None, pattern=r"^\+?[0-9A-Za-z*]{2,16}$", description="Digits, or letters on the keys"
    )
    sms: bool = Field(default=False, description="Only numbers that can send messages")
    limit: int = Field(10, ge=1, le=50)


class _Bound(Arguments):
    label: str | None = Field(None, max_length=80)
    agent: str | None = Field(None, description="Who answers; empty: nobody")
    context_endpoint: str | None = Field(
        None, max_length=2048, description="https URL asked for the agent's variables"
    )

    def binding(self) -> Binding:
        """Return what is to be set."""
        return Binding(label=self.label, agent=self.agent, context_endpoint=self.context_endpoint)


class BuyNumber(_Bound):
    """A number to be bought."""

    number: str
    confirm_token: Token = None


class UpdateNumber(_Bound):
    """A number to be changed."""

    number: str


class ReleaseNumber(Arguments):
    """A number to be given back."""

    number: str
    confirm_token: Token = None


class RingNumber(Arguments):
    """A call to be received, for a trial."""

    number: str
    caller: str = Field(numbers.CALLER, alias="from", description="Who seems to call")


@dataclass(frozen=True, slots=True)
class NumberTools:
    """The tools, at the desk they work at."""

    desk: Desk

    async def list_numbers(self, wanted: Nothing) -> Answer:  # noqa: ARG002 - every tool has it
        """List your telephone numbers and who answers there."""
        found = await numbers.list_numbers(self.desk.exchange, self.desk.caller())
        facts = done(numbers=[_shown(number) for number in found], total=len(found))
        if not found:
            facts["next_action"] = "search_numbers"
        return answer(facts, f"{len(found)} numbers.", *[_line(number) for number in found[:10]])

    async def search_numbers(self, wanted: SearchNumbers) -> Answer:
        """Find numbers that can be bought, with their price where the carrier says it."""
        search = NumberSearch(
            country=wanted.country,
            kind=wanted.kind,
            area_code=wanted.area_code,
            contains=wanted.contains,
            capabilities=("voice", "sms") if wanted.sms else ("voice",),
            limit=wanted.limit,
        )
        found = await numbers.search_numbers(self.desk.exchange, self.desk.caller(), search)
        facts = done(numbers=[_offered(offer) for offer in found], total=len(found))
        if found:
            facts["next_action"] = step("buy_number", number=...)
        return answer(facts, f"{len(found)} numbers can be had.", f"Next: {facts['next_action']}")

    async def buy_number(self, wanted: BuyNumber) -> Answer:
        """Buy a number; without confirm_token a dry run that tells the price and buys nothing."""
        bought = await numbers.buy_number(
            self.desk.exchange,
            self.desk.caller(),
            wanted.number,
            wanted.binding(),
            confirm_token=wanted.confirm_token,
        )
        if isinstance(bought, Proposal):
            return _proposed(
                bought, _price(bought), "buy_number", wanted.model_dump(exclude_none=True)
            )
        return self._told(bought, f"{bought.number} is yours.")

    async def update_number(self, wanted: UpdateNumber) -> Answer:
        """Say who answers at a number, what it is called, where its context comes from."""
        changed = await numbers.update_number(
            self.desk.exchange, self.desk.caller(), wanted.number, wanted.binding()
        )
        return self._told(changed, f"{changed.number} is changed.")

    async def release_number(self, wanted: ReleaseNumber) -> Answer:
        """Give a number back for good; without confirm_token a dry run."""
        released = await numbers.release_number(
            self.desk.exchange,
            self.desk.caller(),
            wanted.number,
            confirm_token=wanted.confirm_token,
        )
        if isinstance(released, Proposal):
            said = f"{released.offer.number} would be given back to the carrier, for good."
            return _proposed(released, said, "release_number", {"number": wanted.number})
        return answer(done(number=released.number), f"{released.number} is given back.")

    async def ring_number(self, wanted: RingNumber) -> Answer:
        """Let a simulated person call a number of a simulated carrier, to try its agent."""
        called = await numbers.ring_number(
            self.desk.exchange, self.desk.caller(), wanted.number, caller=wanted.caller
        )
        facts = done(number=called.number) | {"next_action": step("list_calls", status="live")}
        return answer(facts, f"{wanted.caller} calls {called.number}.")

    def _told(self, number: Number, sentence: str) -> CallToolResult:
        facts = done(**_shown(number))
        if secret := numbers.signing_secret(self.desk.exchange, number):
            facts["signing_secret"] = secret
        return answer(facts, sentence, _line(number))


def number_tools(desk: Desk) -> list[StrictTool]:
    """Return the tools of the set."""
    tools = NumberTools(desk)
    buy = StrictTool.of(tools.buy_number, title="Buy a number", annotations=_SPENDS)
    return [
        StrictTool.of(tools.list_numbers, title="List numbers", annotations=_READS),
        StrictTool.of(tools.search_numbers, title="Find numbers", annotations=_READS),
        buy,
        StrictTool.of(tools.update_number, title="Change a number", annotations=_CHANGES, like=buy),
        StrictTool.of(
            tools.release_number, title="Give a number back", annotations=_SPENDS, like=buy
        ),
        StrictTool.of(tools.ring_number, title="Try a number", annotations=_RINGS, like=buy),
    ]


def _proposed(
    proposal: Proposal, sentence: str, tool: str, arguments: dict[str, Any]
) -> CallToolResult:
    known = {name: value for name, value in arguments.items() if name != "confirm_token"}
    following = step(tool, **known, confirm_token=proposal.confirm_token)
    facts = done(
        status="confirmation_required",
        terminal=False,
        next_action=following,
        dry_run=True,
        already_owned=proposal.owned,
        confirm_token=proposal.confirm_token,
        confirm_within_seconds=proposal.seconds,
        **_offered(proposal.offer),
    )
    return answer(
        facts, sentence, "Nothing was done. Ask your user; if they agree:", f"Next: {following}"
    )


def _price(proposal: Proposal) -> str:
    number = proposal.offer.number
    if proposal.owned:
        return f"{number} is in the account already; its calls would come here from now on."
    price = proposal.offer.monthly_price or "a price that the carrier does not tell"
    return f"{number} would be bought, for {price} a month."


def _shown(number: Number) -> dict[str, Any]:
    return {
        "number_id": number.id,
        "number": number.number,
        "state": "active" if number.carrier_ref else "pending",
        "carrier": number.carrier,
        "label": number.label,
        "agent_id": number.agent_id,
        "context_endpoint": number.context_endpoint,
        "created_at": number.created_at.isoformat(timespec="milliseconds"),
    }


def _offered(offer: NumberOffer) -> dict[str, Any]:
    return offer.model_dump(mode="json", exclude_none=True)


def _line(number: Number) -> str:
    label = f" ({number.label})" if number.label else ""
    who = f"agent {number.agent_id} answers" if number.agent_id else "nobody answers"
    return f"{number.number}{label}: {who}"
