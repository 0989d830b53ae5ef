"""A program has a callee connected with somebody else, or somebody brought into the call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from switchhook.domain.lifecycle import State
from switchhook.ports import BringIn, Command, Entry, PutThrough, Receipt
from switchhook.providers.loopback import LoopbackSwitch
from switchhook.service import placing
from tests.faces.http.town import ANYBODY, Town, made_call, refused, said

pytestmark = pytest.mark.anyio

THEM = "+14155550177"


@dataclass
class Told:
    """A live call that notes what it was told."""

    receipt: Receipt
    commands: list[Command] = field(default_factory=list[Command])

    async def control(self, command: Command) -> Receipt:
        self.commands.append(command)
        return self.receipt


async def transfer(
    town: Town, client: httpx.AsyncClient, live: Told, how: str = "transfer", **body: Any
) -> httpx.Response:
    made = await made_call(client, to_number=ANYBODY)
    carrier = next(iter(town.exchange.carriers))
    town.exchange.switches = {carrier: LoopbackSwitch()}
    await placing.begin_attempt(town.exchange, made["id"])
    await placing.write(town.exchange, made["id"], Entry(state=State.IN_PROGRESS))
    with town.exchange.switchboard.plugged(made["id"], live):
        return await client.post(f"/api/calls/{made['id']}/{how}", json=body)


async def test_a_callee_is_connected_with_a_number(town: Town, alice: httpx.AsyncClient) -> None:
    live = Told(Receipt("done"))
    data = said(await transfer(town, alice, live, to_number=THEM, text="A guest."))

    assert data["operation"] == "transfer"
    assert live.commands == [PutThrough(THEM, "A guest.")]


async def test_somebody_is_brought_into_the_call(town: Town, alice: httpx.AsyncClient) -> None:
    live = Told(Receipt("done"))
    wanted = {"to_number": THEM, "hold_first": False, "text": "Let me ask Sam."}
    data = said(await transfer(town, alice, live, "add", **wanted))

    assert data["operation"] == "add"
    assert live.commands == [BringIn(THEM, hold_first=False, text="Let me ask Sam.")]


async def test_somebody_who_still_rings_is_not_waited_for(
    town: Town, alice: httpx.AsyncClient
) -> None:
    live = Told(Receipt("begun", detail="it still rings"))
    answer = await transfer(town, alice, live, "add", to_number=THEM)

    assert answer.json()["message"] == "Begun: it still rings"
    assert live.commands == [BringIn(THEM)]


async def test_a_transfer_that_fails_is_a_conflict_that_says_why(
    town: Town, alice: httpx.AsyncClient
) -> None:
    live = Told(Receipt("refused", detail="the transfer failed (busy)"))
    answer = await transfer(town, alice, live, to_number=THEM)

    refused(answer, 409, "conflict")
    assert "busy" in answer.text


@pytest.mark.parametrize("how", ["transfer", "add"])
async def test_a_number_that_may_not_be_called_is_refused(
    town: Town, alice: httpx.AsyncClient, how: str
) -> None:
    live = Told(Receipt("done"))
    answer = await transfer(town, alice, live, how, to_number="+19002345678")

    refused(answer, 400, "policy_blocked.number_type")
    assert live.commands == []


async def test_a_call_that_nobody_has_answered_is_not_transferred(
    town: Town, alice: httpx.AsyncClient
) -> None:
    made = await made_call(alice, to_number=ANYBODY)
    answer = await alice.post(f"/api/calls/{made['id']}/transfer", json={"to_number": THEM})

    refused(answer, 409, "call_over")


async def test_a_carrier_that_cannot_transfer_says_so(town: Town, alice: httpx.AsyncClient) -> None:
    made = await made_call(alice, to_number=ANYBODY)
    await placing.begin_attempt(town.exchange, made["id"])
    await placing.write(town.exchange, made["id"], Entry(state=State.IN_PROGRESS))
    answer = await alice.post(f"/api/calls/{made['id']}/transfer", json={"to_number": THEM})

    refused(answer, 503, "unavailable")
