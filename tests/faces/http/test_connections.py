"""An account's own keys to vendors over REST: they go in, and never come out."""

from __future__ import annotations

import json

import httpx
import pytest
from sqlalchemy import text

from tests.faces.http.town import Town, refused, said

pytestmark = pytest.mark.anyio

KEY = "sk-a-key-of-our-own-1234"
OPENAI = {"provider": "OpenAI", "name": "ours", "key": KEY}


async def test_a_key_is_stored_listed_and_forgotten_and_never_told(
    alice: httpx.AsyncClient, town: Town
) -> None:
    made = said(await alice.post("/api/connections/create", json=OPENAI))
    listed = await alice.get("/api/connections")

    assert made == {
        "connection_id": made["connection_id"],
        "organization_id": town.alice.org_id,
        "provider": "openai",
        "name": "ours",
        "ends_with": "1234",
        "created_at": "2026-03-02T12:00:00+00:00",
    }
    assert said(listed)["connections"] == [made]
    assert KEY not in listed.text
    gone = said(await alice.delete(f"/api/connections/{made['connection_id']}"))
    assert (gone["operation"], gone["connection_id"]) == ("deleted", made["connection_id"])
    assert said(await alice.get("/api/connections"))["connections"] == []
    answer = await alice.delete(f"/api/connections/{made['connection_id']}")
    refused(answer, 404, "connection_not_found")


async def test_the_store_cannot_tell_a_key(alice: httpx.AsyncClient, town: Town) -> None:
    said(await alice.post("/api/connections/create", json=OPENAI))

    rows = await town.exchange.database.read(
        lambda connection: connection.execute(text("select * from connections")).fetchall()
    )

    assert len(rows) == 1
    assert KEY not in str(rows)


async def test_somebody_elses_connection_does_not_exist(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = said(await alice.post("/api/connections/create", json=OPENAI))
    reference = made["connection_id"]

    assert said(await bob.get("/api/connections"))["connections"] == []
    refused(await bob.delete(f"/api/connections/{reference}"), 404, "connection_not_found")
    body = {"agent_name": "Thief", "connections": {"openai": reference}}
    refused(await bob.post("/api/agents/create", json=body), 404, "connection_not_found")
    mine = said(await alice.post("/api/agents/create", json=body))
    assert mine["connections"] == {"openai": reference}


@pytest.mark.parametrize(
    "body",
    [
        OPENAI | {"provider": "acme"},
        OPENAI | {"key": "short"},
        OPENAI | {"key": f"{KEY}\nX-Header: yes"},
        OPENAI | {"name": "n" * 81},
    ],
)
async def test_what_is_no_key_is_refused_and_not_repeated(
    alice: httpx.AsyncClient, body: dict[str, str]
) -> None:
    answer = await alice.post("/api/connections/create", json=body)

    refused(answer, 400, "invalid_input")
    assert KEY not in json.dumps(answer.json())
