from __future__ import annotations

import asyncio
import json

import httpx2
import mcp_types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared import inbound

from switchhook.faces.mcp import wire
from tests.piping import (
    HERE,
    MODERN,
    THERE,
    Body,
    FakeEngine,
    Moving,
    in_session,
    open_session,
    piped,
    said,
)

pytestmark = pytest.mark.anyio


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
