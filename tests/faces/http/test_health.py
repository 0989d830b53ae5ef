"""Probes, the front page, and faults of ours."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import structlog

import switchhook
from switchhook.domain.errors import SwitchhookError
from switchhook.faces.http.answers import failure
from tests.faces.http.town import ADDRESS, Town, credentials, made_call, said

pytestmark = pytest.mark.anyio


async def test_a_server_that_lives_and_is_ready_says_so(stranger: httpx.AsyncClient) -> None:
    for path in ("/livez", "/readyz"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_draining_server_lives_and_wants_no_work(
    stranger: httpx.AsyncClient, town: Town
) -> None:
    town.exchange.draining = True

    ready, live = await stranger.get("/readyz"), await stranger.get("/livez")

    assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
    assert live.status_code == 200


async def test_a_server_without_its_store_wants_no_work(
    stranger: httpx.AsyncClient,
    town: Town,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A command that ran earlier in this process may have sent the log elsewhere.
    structlog.reset_defaults()
    monkeypatch.setattr("switchhook.service.readiness._log", structlog.get_logger())
    town.exchange.database.close()

    answer = await stranger.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"status": "store unavailable"})
    assert "store.unavailable" in capsys.readouterr().out


async def test_the_front_page_names_what_there_is(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/")).json() == {
        "name": "switchhook",
        "version": switchhook.__version__,
        "openapi": "/openapi.json",
        "mcp": "/mcp",
    }


async def test_a_fault_of_ours_tells_nothing_but_that(town: Town, alice: httpx.AsyncClient) -> None:
    await made_call(alice)
    town.exchange.database.close()
    quiet = httpx.ASGITransport(town.app, raise_app_exceptions=False)

    async with httpx.AsyncClient(
        transport=quiet, base_url=ADDRESS, headers=credentials(town.bob)
    ) as client:
        answer = await client.get("/api/calls")

    assert answer.status_code == 500
    assert answer.json()["error"] == "internal_error: this is our fault"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_urls_follow_the_request_where_no_public_url_is_known(
    town: Town, alice: httpx.AsyncClient
) -> None:
    from switchhook.faces.http.app import build_asgi  # noqa: PLC0415

    town.app = build_asgi(town.exchange)
    async with town.client(town.alice) as client:
        assert said(await client.get("/api/calls"))["calls"] == []


def test_an_error_without_a_title_still_has_a_message() -> None:
    class Teapot(SwitchhookError):
        code = "teapot"
        status = 418

    answer: Any = failure(Teapot("short and stout"))

    assert b'"message": "Error"' in answer.body
