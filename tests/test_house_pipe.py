from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import mcp_types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared import inbound

from switchhook.domain.errors import Unavailable
from switchhook.faces.mcp import wire
from switchhook.faces.mcp.pipe import Elsewhere, Endpoint, Pipe, Whereabouts

pytestmark = pytest.mark.anyio

MODERN = {"_meta": {wire.VERSION_KEY: "2026-07-28"}}
KEY = {"X-API-KEY": "key", "X-API-SECRET": "secret"}
HERE = Endpoint("http://127.0.0.1:1/mcp", KEY)
THERE = Endpoint("http://127.0.0.1:2/mcp", KEY)

Body = dict[str, Any]
Serve = Callable[[httpx2.Request, Body], Awaitable[httpx2.Response]]


class HostLines:
    """The host's end of stdin and stdout."""

    def __init__(self) -> None:
        self._typed: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._seen: asyncio.Queue[Body] = asyncio.Queue()

    async def incoming(self) -> AsyncGenerator[bytes]:
        while (line := await self._typed.get()) is not None:
            yield line

    def send(self, line: bytes) -> None:
        assert b"\n" not in line
        self._seen.put_nowait(json.loads(line))

    def say(self, **body: Any) -> None:
        self._typed.put_nowait(json.dumps({"jsonrpc": "2.0", **body}).encode() + b"\n")

    def type(self, line: bytes) -> None:
        self._typed.put_nowait(line)

    def close(self) -> None:
        self._typed.put_nowait(None)

    async def hear(self) -> Body:
        async with asyncio.timeout(5):
            return await self._seen.get()

    def heard_more(self) -> bool:
        return not self._seen.empty()


@dataclass
class FakeEngine:
    """Answers by the method's name, keeps what it was asked, and can be away."""

    answers: dict[str, Serve] = field(default_factory=dict[str, Serve])
    asked: list[tuple[httpx2.Request, Body]] = field(
        default_factory=list[tuple[httpx2.Request, Body]]
    )
    away: set[str] = field(default_factory=set[str])
    arrived: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if str(request.url) in self.away:
            raise httpx2.ConnectError("refused", request=request)
        body: Body = json.loads(request.content) if request.content else {}
        name = body.get("method") or ("answer" if body else request.method)
        self.asked.append((request, body))
        self.arrived.setdefault(name, asyncio.Event()).set()
        if name in self.answers:
            return await self.answers[name](request, body)
        if "id" not in body or "method" not in body:
            return httpx2.Response(202 if body else 405)
        return said({"jsonrpc": "2.0", "id": body["id"], "result": {"by": str(request.url)}})

    async def was_asked(self, name: str) -> None:
        async with asyncio.timeout(5):
            await self.arrived.setdefault(name, asyncio.Event()).wait()

    def methods(self) -> list[str]:
        return [body.get("method") or request.method for request, body in self.asked]


def said(*bodies: Body, session: str | None = None) -> httpx2.Response:
    async def events() -> AsyncIterator[bytes]:
        for body in bodies:
            yield b"event: message\ndata: " + json.dumps(body).encode() + b"\n\n"

    headers = {"content-type": "text/event-stream"}
    if session is not None:
        headers[wire.SESSION_HEADER] = session
    return httpx2.Response(200, headers=headers, content=events())


def in_session(request: httpx2.Request, body: Body, session: str = "s1") -> httpx2.Response:
    result = {"protocolVersion": "2025-11-25"}
    answer = {"jsonrpc": "2.0", "id": body["id"], "result": result}
    return said(answer, session=session)


async def greet(_request: httpx2.Request, body: Body) -> httpx2.Response:
    return in_session(_request, body)


@asynccontextmanager
async def piped(
    engine: FakeEngine, whereabouts: Whereabouts | None = None
) -> AsyncGenerator[HostLines]:
    lines = HostLines()
    async with (
        asyncio.timeout(10),
        httpx2.AsyncClient(transport=httpx2.MockTransport(engine)) as http,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(Pipe(lines, whereabouts or Elsewhere(HERE), http).run())
        yield lines
        lines.close()


async def open_session(host: HostLines, engine: FakeEngine) -> None:
    engine.answers.setdefault("initialize", greet)
    host.say(id=0, method="initialize", params={"protocolVersion": "2025-11-25"})
    await host.hear()
    host.say(method="notifications/initialized")
    await engine.was_asked("GET")


class Moving:
    """An engine that ends when the test says so, and is found again at the next place."""

    def __init__(self, *places: Endpoint) -> None:
        self._places = list(places)
        self.over = asyncio.Event()

    async def locate(self, lost: Endpoint | None) -> Endpoint:
        if lost is not None:
            self._places.remove(lost)
        if not self._places:
            raise Unavailable("nobody left", hint="start one")
        return self._places[0]

    async def gone(self, endpoint: Endpoint) -> None:
        if endpoint is HERE:
            await self.over.wait()
        else:
            await asyncio.get_running_loop().create_future()


async def test_a_modern_request_carries_its_headers_and_the_credentials() -> None:
    engine = FakeEngine()
    async with piped(engine) as host:
        host.say(id=7, method="tools/call", params={"name": "get_call", **MODERN})

        assert await host.hear() == {"jsonrpc": "2.0", "id": 7, "result": {"by": HERE.url}}

    request, _ = engine.asked[0]
    assert request.headers["x-api-key"] == "key"
    assert request.headers["mcp-protocol-version"] == "2026-07-28"
    assert request.headers["mcp-method"] == "tools/call"
    assert request.headers["mcp-name"] == "get_call"
    assert wire.SESSION_HEADER not in request.headers


async def test_what_the_engine_says_before_its_answer_reaches_the_host_first() -> None:
    engine = FakeEngine()

    async def slowly(_request: httpx2.Request, body: Body) -> httpx2.Response:
        progress: Body = {"jsonrpc": "2.0", "method": "notifications/progress"}
        return said(progress, {"jsonrpc": "2.0", "id": body["id"], "result": {}})

    engine.answers["tools/call"] = slowly
    async with piped(engine) as host:
        host.say(id="a", method="tools/call", params=MODERN)

        assert (await host.hear())["method"] == "notifications/progress"
        assert (await host.hear())["id"] == "a"


async def test_an_error_with_a_status_of_its_own_is_passed_on_under_the_hosts_id() -> None:
    engine = FakeEngine()

    async def refuse(_request: httpx2.Request, _body: Body) -> httpx2.Response:
        error = {"code": -32022, "message": "unsupported"}
        return httpx2.Response(400, json={"jsonrpc": "2.0", "id": None, "error": error})

    engine.answers["server/discover"] = refuse
    async with piped(engine) as host:
        host.say(id=3, method="server/discover", params=MODERN)

        answer = await host.hear()
    assert (answer["id"], answer["error"]["code"]) == (3, -32022)


async def test_a_handshake_session_is_kept_in_the_headers_of_all_that_follows() -> None:
    engine = FakeEngine()
    async with piped(engine) as host:
        await open_session(host, engine)
        host.say(id=1, method="tools/list")
        await host.hear()
        host.say(id=9, result={"action": "accept"})
        await engine.was_asked("answer")

    assert engine.methods()[:3] == ["initialize", "notifications/initialized", "GET"]
    for request, _ in engine.asked[1:]:
        assert request.headers[wire.SESSION_HEADER] == "s1"
        assert request.headers["mcp-protocol-version"] == "2025-11-25"
    assert engine.methods()[-1] == "DELETE"


async def test_what_arrives_on_the_standing_stream_is_forwarded() -> None:
    engine = FakeEngine()

    async def news(_request: httpx2.Request, _body: Body) -> httpx2.Response:
        del engine.answers["GET"]
        return said({"jsonrpc": "2.0", "method": "notifications/resources/updated"})

    engine.answers["GET"] = news
    async with piped(engine) as host:
        await open_session(host, engine)

        assert (await host.hear())["method"] == "notifications/resources/updated"


@pytest.mark.parametrize(
    ("line", "code"),
    [(b"not json\n", -32700), (b'[{"jsonrpc": "2.0"}]\n', -32600)],
)
async def test_a_line_that_is_no_message_is_answered_and_the_pipe_goes_on(
    line: bytes, code: int
) -> None:
    async with piped(FakeEngine()) as host:
        host.type(b"\n")
        host.type(line)
        answer = await host.hear()
        host.say(id=1, method="ping", params=MODERN)

        assert (answer["id"], answer["error"]["code"]) == (None, code)
        assert (await host.hear())["id"] == 1


async def test_taking_back_a_modern_request_hangs_up_and_tells_the_engine_nothing() -> None:
    engine, hung_up = FakeEngine(), asyncio.Event()

    async def wait(_request: httpx2.Request, _body: Body) -> httpx2.Response:
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            hung_up.set()

    engine.answers["tools/call"] = wait
    async with piped(engine) as host:
        host.say(id=1, method="tools/call", params=MODERN)
        await engine.was_asked("tools/call")
        host.say(method="notifications/cancelled", params={"requestId": 1})
        host.say(method="notifications/cancelled", params={"requestId": "1"})

        async with asyncio.timeout(5):
            await hung_up.wait()
    assert engine.methods() == ["tools/call"]
    assert not host.heard_more()


async def test_taking_back_a_request_of_a_session_is_told_and_its_loss_is_not_reported() -> None:
    engine, cancelled = FakeEngine(), asyncio.Event()

    async def wait(_request: httpx2.Request, _body: Body) -> httpx2.Response:
        await cancelled.wait()
        return said()

    async def cancel(_request: httpx2.Request, _body: Body) -> httpx2.Response:
        cancelled.set()
        return httpx2.Response(202)

    engine.answers |= {"tools/call": wait, "notifications/cancelled": cancel}
    async with piped(engine) as host:
        await open_session(host, engine)
        host.say(id=1, method="tools/call")
        await engine.was_asked("tools/call")
        host.say(method="notifications/cancelled", params={"requestId": 1})
        await engine.was_asked("notifications/cancelled")
        host.say(id=2, method="ping")

        assert (await host.hear())["id"] == 2
    assert not host.heard_more()


@pytest.mark.parametrize(
    ("status", "code", "way_out"),
    [
        (401, "not_authenticated", "SWITCHHOOK_API_KEY"),
        (403, "not_allowed", "administrator"),
        (404, "unavailable", "SWITCHHOOK_URL"),
        (502, "unavailable", "later"),
    ],
)
async def test_a_server_that_refuses_is_reported_with_the_way_out(
    status: int, code: str, way_out: str
) -> None:
    engine = FakeEngine()

    async def refuse(_request: httpx2.Request, _body: Body) -> httpx2.Response:
        return httpx2.Response(status, text="<html>no</html>")

    engine.answers["tools/list"] = refuse
    async with piped(engine) as host:
        host.say(id=1, method="tools/list", params=MODERN)
        error = (await host.hear())["error"]

    assert error["data"]["code"] == code
    assert HERE.url in error["message"]
    assert way_out in error["message"]
    assert "secret" not in json.dumps(error)


async def test_a_server_that_cannot_be_reached_is_reported_and_found_when_it_is_back() -> None:
    engine = FakeEngine(away={HERE.url})
    async with piped(engine) as host:
        host.say(id=1, method="tools/list", params=MODERN)
        error = (await host.hear())["error"]
        engine.away.clear()
        host.say(id=2, method="tools/list", params=MODERN)

        assert (await host.hear())["result"] == {"by": HERE.url}
    assert "cannot reach http://127.0.0.1:1/mcp" in error["message"]
    assert "SWITCHHOOK_URL" in error["message"]


async def lose(request: httpx2.Request, body: Body) -> httpx2.Response:
    if str(request.url) == HERE.url:
        raise httpx2.ReadError("reset", request=request)
    return said({"jsonrpc": "2.0", "id": body["id"], "result": {"by": str(request.url)}})


async def test_a_tool_call_whose_answer_was_lost_is_not_repeated_but_explained() -> None:
    engine = FakeEngine(answers={"tools/call": lose})
    async with piped(engine, Moving(HERE, THERE)) as host:
        host.say(id=1, method="tools/call", params=MODERN)
        error = (await host.hear())["error"]

    assert engine.methods() == ["tools/call"]
    assert "idempotency_key" in error["message"]
    assert error["data"]["retry_safe"] is True


async def test_a_question_whose_answer_was_lost_is_asked_again_where_the_engine_is_now() -> None:
    engine = FakeEngine(answers={"tools/list": lose})
    async with piped(engine, Moving(HERE, THERE)) as host:
        host.say(id=1, method="tools/list", params=MODERN)

        assert (await host.hear())["result"] == {"by": THERE.url}


async def test_a_tool_call_that_was_never_sent_goes_to_where_the_engine_is_now() -> None:
    engine = FakeEngine(away={HERE.url})
    async with piped(engine, Moving(HERE, THERE)) as host:
        host.say(id=1, method="tools/call", params=MODERN)

        assert (await host.hear())["result"] == {"by": THERE.url}


async def test_when_nobody_is_left_the_request_is_answered_with_what_to_do() -> None:
    engine = FakeEngine(away={HERE.url, THERE.url})
    async with piped(engine, Moving(HERE)) as host:
        host.say(id=1, method="tools/call", params=MODERN)

        assert (await host.hear())["error"]["message"] == "nobody left: start one"


async def test_a_second_engine_that_is_away_too_is_reported_and_not_tried_forever() -> None:
    engine = FakeEngine(away={HERE.url, THERE.url})
    async with piped(engine, Moving(HERE, THERE)) as host:
        host.say(id=1, method="tools/call", params=MODERN)

        assert THERE.url in (await host.hear())["error"]["message"]


async def test_a_session_whose_engine_ended_is_opened_again_unseen_by_the_host() -> None:
    engine, whereabouts = FakeEngine(), Moving(HERE, THERE)
    async with piped(engine, whereabouts) as host:
        await open_session(host, engine)
        for number, (method, uri) in enumerate(
            [
                ("resources/subscribe", "call://a"),
                ("resources/subscribe", "call://b"),
                ("resources/unsubscribe", "call://a"),
            ]
        ):
            host.say(id=10 + number, method=method, params={"uri": uri})
            await host.hear()
        before = len(engine.asked)
        engine.arrived["GET"].clear()
        whereabouts.over.set()
        await engine.was_asked("GET")
        host.say(id=1, method="ping")
        answer = await host.hear()

    again = [(body.get("method"), body.get("params")) for _, body in engine.asked[before:]][:4]
    assert again[:3] == [
        ("initialize", {"protocolVersion": "2025-11-25"}),
        ("notifications/initialized", None),
        ("resources/subscribe", {"uri": "call://b"}),
    ]
    assert {str(request.url) for request, _ in engine.asked[before:]} == {THERE.url}
    assert (answer["id"], answer["result"]) == (1, {"by": THERE.url})
    assert not host.heard_more()


async def test_a_session_that_the_engine_forgot_is_opened_again_and_the_question_repeated() -> None:
    engine, sessions = FakeEngine(), iter(["s1", "s2"])

    async def new_session(request: httpx2.Request, body: Body) -> httpx2.Response:
        return in_session(request, body, next(sessions))

    async def known(request: httpx2.Request, body: Body) -> httpx2.Response:
        if request.headers[wire.SESSION_HEADER] == "s1":
            return httpx2.Response(404)
        return said({"jsonrpc": "2.0", "id": body["id"], "result": {}})

    engine.answers |= {"initialize": new_session, "tools/list": known}
    async with piped(engine) as host:
        await open_session(host, engine)
        host.say(id=1, method="tools/list")
        host.say(id=2, method="tools/list")

        assert {(await host.hear())["id"], (await host.hear())["id"]} == {1, 2}
    assert engine.methods().count("initialize") == 2


async def test_a_standing_stream_of_a_forgotten_session_opens_the_session_again() -> None:
    engine, sessions = FakeEngine(), iter(["s1", "s2"])

    async def new_session(request: httpx2.Request, body: Body) -> httpx2.Response:
        return in_session(request, body, next(sessions))

    async def stand(request: httpx2.Request, _body: Body) -> httpx2.Response:
        if request.headers[wire.SESSION_HEADER] == "s1":
            return httpx2.Response(404)
        engine.answers.pop("GET")
        return said({"jsonrpc": "2.0", "method": "notifications/resources/updated"})

    engine.answers |= {"initialize": new_session, "GET": stand}
    async with piped(engine) as host:
        await open_session(host, engine)

        assert (await host.hear())["method"] == "notifications/resources/updated"


async def test_a_host_that_closes_stdin_ends_the_pipe_with_requests_still_open() -> None:
    engine = FakeEngine()

    async def never(_request: httpx2.Request, _body: Body) -> httpx2.Response:
        return await asyncio.get_running_loop().create_future()

    engine.answers |= {"tools/call": never, "DELETE": never}
    async with asyncio.timeout(2), piped(engine) as host:
        await open_session(host, engine)
        host.say(id=1, method="tools/call")
        await engine.was_asked("tools/call")
    assert not host.heard_more()


@given(st.text())
def test_a_name_travels_in_a_header_as_the_protocol_wants_it(name: str) -> None:
    assert inbound.decode_header_value(wire.in_header(name)) == name
    assert wire.in_header(name).isascii()


def test_the_protocols_own_names_are_used() -> None:
    assert wire.VERSION_KEY == mcp_types.PROTOCOL_VERSION_META_KEY
    assert dict(inbound.NAME_BEARING_METHODS) == wire.NAMED_BY
    assert wire.VERSION_HEADER == inbound.MCP_PROTOCOL_VERSION_HEADER
