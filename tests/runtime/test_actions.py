from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
import pytest

from switchhook.domain.actions import Action, CallApi, EndCall
from switchhook.engine.offers import Offer
from switchhook.runtime import actions
from switchhook.runtime.actions import (
    ASK_AGAIN,
    NOT_ALLOWED,
    TRY_LATER,
    BadArguments,
    Registered,
    Toolbox,
    ToolResult,
    ToolTrouble,
    api_tools,
)
from switchhook.runtime.outgoing import Doorway

pytestmark = pytest.mark.anyio

URL = "https://desk.example/tables?city=rome"
ADDRESS = "93.184.215.14"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"guests": {"type": "integer"}},
    "required": ["guests"],
}
BOOK = CallApi(name="book", description="Book a table.", url=URL, input_schema=SCHEMA)
Answer = Callable[[httpx2.Request], httpx2.Response]


def answers(status: int, content: bytes) -> Answer:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, content=content, request=request)

    return answer


class Desk(httpx2.AsyncBaseTransport):
    """The other system, without a network; it may refuse the first connections."""

    def __init__(self, answer: Answer | None = None, *, refuses: int = 0) -> None:
        self._answer = answer or answers(200, b'{"result": {"free": true}}')
        self._refuses = refuses
        self.requests: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if len(self.requests) <= self._refuses:
            raise httpx2.ConnectError("refused")
        return self._answer(request)


def toolbox(desk: Desk, *addresses: str, secret: bytes | None = None) -> Toolbox:
    async def resolve(host: str) -> tuple[str, ...]:
        assert host == "desk.example"
        return addresses or (ADDRESS,)

    offered: tuple[Action, ...] = (EndCall(), BOOK)
    return Toolbox(api_tools(offered, "call_1", lambda _: secret, Doorway(resolve, desk)))


async def book(desk: Desk, *addresses: str) -> ToolResult:
    return await toolbox(desk, *addresses).run("book", {"guests": 4})


async def test_a_request_goes_to_the_address_that_was_checked_under_the_name_it_has() -> None:
    desk = Desk()

    result = await book(desk)

    (request,) = desk.requests
    assert request.method == "POST"
    assert str(request.url) == f"https://{ADDRESS}/tables?city=rome"
    assert request.headers["host"] == "desk.example"
    assert request.extensions["sni_hostname"] == "desk.example"
    assert request.headers["accept"] == request.headers["content-type"] == "application/json"
    assert request.content == b'{"call_id": "call_1", "payload": {"guests": 4}}'
    assert result == ToolResult('{"free": true}')


async def test_a_request_to_an_ipv6_address_is_written_as_such() -> None:
    desk = Desk()

    await book(desk, "2606:2800:21f:cb07:6820:80da:af6b:8b2c")

    assert str(desk.requests[0].url).startswith("https://[2606:2800:21f:")


async def test_the_signature_proves_the_exact_body() -> None:
    desk = Desk()

    await toolbox(desk, secret=b"secret").run("book", {"guests": 4})

    (request,) = desk.requests
    expected = hmac.digest(b"secret", request.content, hashlib.sha256)
    assert base64.b64decode(request.headers["x-vocode-signature"]) == expected
    # Receivers write what they parsed again, with the usual separators, and check that.
    assert json.dumps(json.loads(request.content)).encode() == request.content


async def test_without_a_secret_nothing_is_signed() -> None:
    desk = Desk()

    await book(desk)

    assert "x-vocode-signature" not in desk.requests[0].headers


async def test_what_the_other_system_wants_said_comes_along() -> None:
    result = await book(
        Desk(answers(200, b'{"result": {"id": 7}, "agent_message": "It is booked."}'))
    )

    assert result == ToolResult('{"id": 7}', "It is booked.")


FAILURES = {
    "not let in": (401, b"{}", NOT_ALLOWED),
    "forbidden": (403, b'{"result": {}}', NOT_ALLOWED),
    "not understood": (422, b'{"result": {}}', ASK_AGAIN),
    "sent elsewhere": (302, b'{"result": {}}', TRY_LATER),
    "broken": (500, b'{"result": {}}', TRY_LATER),
    "no result": (200, b"{}", TRY_LATER),
    "a result that is no object": (200, b'{"result": "fine"}', TRY_LATER),
    "a message that is no text": (200, b'{"result": {}, "agent_message": 5}', TRY_LATER),
    "no JSON": (200, b"<html>", TRY_LATER),
    "no object": (200, b"[1]", TRY_LATER),
    "endless": (200, b'"' + b"a" * 2_000_000 + b'"', TRY_LATER),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_tells_the_mind_what_to_say(failure: str) -> None:
    status, content, advice = FAILURES[failure]

    with pytest.raises(ToolTrouble, match=advice):
        await book(Desk(answers(status, content)))


async def test_a_redirect_is_not_followed() -> None:
    def elsewhere(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(307, headers={"location": "http://127.0.0.1/"})

    desk = Desk(elsewhere)

    with pytest.raises(ToolTrouble):
        await book(desk)
    assert len(desk.requests) == 1


async def test_a_connection_is_tried_three_times_at_the_addresses_in_turn() -> None:
    desk = Desk(refuses=2)

    await book(desk, ADDRESS, "93.184.215.15")

    assert [request.url.host for request in desk.requests] == [ADDRESS, "93.184.215.15", ADDRESS]


async def test_a_connection_that_is_always_refused_is_a_failure() -> None:
    desk = Desk(refuses=9)

    with pytest.raises(ToolTrouble, match=TRY_LATER):
        await book(desk)
    assert len(desk.requests) == 3


async def test_what_was_sent_is_never_sent_again() -> None:
    def broken(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("reset")

    desk = Desk(broken)

    with pytest.raises(ToolTrouble):
        await book(desk)
    assert len(desk.requests) == 1


async def test_an_answer_that_never_comes_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Silent(Desk):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            await asyncio.Event().wait()
            return await super().handle_async_request(request)

    monkeypatch.setattr(actions, "REQUEST_LIMIT", 0.01)

    with pytest.raises(ToolTrouble, match=TRY_LATER):
        await book(Silent())


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
async def test_nothing_is_sent_to_an_address_of_our_own(address: str) -> None:
    desk = Desk()

    with pytest.raises(ToolTrouble, match=TRY_LATER):
        await book(desk, ADDRESS, address)
    assert desk.requests == []


@pytest.mark.parametrize("arguments", [{}, {"guests": "four"}], ids=str)
async def test_arguments_that_do_not_fit_are_not_sent(arguments: Mapping[str, Any]) -> None:
    desk = Desk()

    with pytest.raises(BadArguments, match="guests"):
        await toolbox(desk).run("book", arguments)
    assert desk.requests == []


async def test_an_action_of_ones_own_is_called_by_its_name() -> None:
    async def weather(arguments: Mapping[str, Any]) -> ToolResult:
        return ToolResult(f"sunny in {arguments['city']}")

    box = Toolbox([Registered(Offer("weather", "How it is."), weather)])

    assert await box.run("weather", {"city": "Rome"}) == ToolResult("sunny in Rome")
    with pytest.raises(ToolTrouble, match="nobody"):
        await box.run("book", {})
