"""Telephone numbers over REST."""

from __future__ import annotations

import httpx
import pytest

from switchhook.domain.interaction import Direction
from switchhook.ports import Ring
from switchhook.service import reception
from switchhook.service.reception import Received
from tests.faces.http.town import ANYBODY, Town, made_agent, refused, said

pytestmark = pytest.mark.anyio

WANTED = "+15552000000"
PATH = f"/api/numbers/{WANTED}"


async def bought(client: httpx.AsyncClient, **members: str) -> dict[str, object]:
    asked = {"number": WANTED, **members}
    token = said(await client.post("/api/numbers", json=asked))["confirm_token"]
    return said(await client.post("/api/numbers", json=asked | {"confirm_token": token}))["number"]


async def test_a_purchase_without_a_token_is_a_dry_run(alice: httpx.AsyncClient) -> None:
    found = said(await alice.get("/api/numbers/available", params={"limit": 2}))
    dry = said(await alice.post("/api/numbers", json={"number": WANTED}))

    assert len(found["numbers"]) == 2
    assert (dry["operation"], dry["number"]) == ("dry_run", None)
    assert dry["offer"]["monthly_price"] == "0.00 USD"
    assert said(await alice.get("/api/numbers"))["numbers"] == []


async def test_a_number_is_bought_changed_and_given_back(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    agent = await made_agent(alice)
    number = await bought(alice, agent_id=agent["agent_id"], label="Desk")
    changed = said(await alice.patch(PATH, json={"label": "Door"}))
    shown = said(await alice.get(f"/api/numbers/{number['number_id']}"))
    refused(await bob.get(PATH), 404, "number_not_found")
    refused(await bob.delete(PATH), 404, "number_not_found")
    refused(await bob.post("/api/numbers", json={"number": WANTED}), 409, "number_taken")

    dry = said(await alice.delete(PATH))
    token = {"confirm_token": dry["confirm_token"]}
    kept = said(await alice.get("/api/numbers"))["numbers"]
    gone = said(await alice.delete(PATH, params=token))

    assert (number["state"], number["agent_id"]) == ("active", agent["agent_id"])
    assert (changed["label"], changed["agent_id"]) == ("Door", agent["agent_id"])
    assert kept == [shown]
    assert (dry["operation"], gone["operation"]) == ("dry_run", "released")
    refused(await alice.get(PATH), 404, "number_not_found")


async def test_a_call_that_came_in_is_listed_with_its_direction(
    alice: httpx.AsyncClient, town: Town
) -> None:
    agent = await made_agent(alice)
    await bought(alice, agent_id=agent["agent_id"])
    ring = Ring("loopback", "CA1", ANYBODY, WANTED)
    received = await reception.receive(town.exchange, ring)
    assert isinstance(received, Received)

    [call] = said(await alice.get("/api/calls"))["calls"]

    assert call["direction"] == Direction.INBOUND.value
    assert (call["from_number"], call["to_number"]) == (ANYBODY, WANTED)
    assert call["call_status"] == "ongoing"


async def test_a_number_of_a_simulated_carrier_can_be_tried(
    alice: httpx.AsyncClient, town: Town
) -> None:
    rang: list[tuple[str, str]] = []

    class Noted:
        async def ring(self, caller: str, number: str) -> None:
            rang.append((caller, number))

    await bought(alice)
    refused(await alice.post(f"{PATH}/ring", json={}), 409, "conflict")
    town.exchange.callers = {"loopback": Noted()}
    told = said(await alice.post(f"{PATH}/ring", json={"from_number": ANYBODY}))

    assert (told["operation"], told["from_number"]) == ("ringing", ANYBODY)
    assert rang == [(ANYBODY, WANTED)]
