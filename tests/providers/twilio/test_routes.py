from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from switchhook.domain.errors import Unavailable
from switchhook.faces.http.server import Listening, Moments, server_for
from switchhook.ports import Frame, LineClosed
from switchhook.providers.twilio.admissions import Admission, Admissions
from switchhook.providers.twilio.line import MediaLine
from switchhook.providers.twilio.media import LONGEST
from switchhook.providers.twilio.routes import START_SECONDS, MediaDoor, media_route
from switchhook.runtime.clock import SystemClock
from switchhook.testing import run_virtually, virtual_clock
from tests.providers.twilio.sockets import (
    CONNECTED,
    FRAME,
    FakeSocket,
    compact,
    mark,
    media,
    start,
    stop,
)

POLICY = 1008
PATH = "/twilio/media"


def trusting(_path: str, _headers: Mapping[str, str]) -> bool:
    return True


def distrustful(_path: str, _headers: Mapping[str, str]) -> bool:
    return False


@dataclass
class Visit:
    """A socket at the door, with the admission that was issued."""

    socket: FakeSocket
    admission: Admission
    admissions: Admissions
    serving: asyncio.Task[None]


def scope(token: str) -> dict[str, Any]:
    path = f"{PATH}/{token}"
    return {"type": "websocket", "path": path, "headers": [], "path_params": {"token": token}}


@asynccontextmanager
async def at_the_door(token: str | None = None) -> AsyncGenerator[Visit]:
    """Connect a socket, with the issued token unless another is given."""
    admissions = Admissions(virtual_clock())
    admission, socket = admissions.issue(), FakeSocket()
    socket.connects()
    door = MediaDoor(admissions, trusting)
    async with asyncio.TaskGroup() as group:
        path = scope(token or admission.token)
        serving = group.create_task(door(path, socket.receive, socket.send))
        yield Visit(socket, admission, admissions, serving)


def test_a_socket_with_a_good_token_becomes_the_line() -> None:
    async def main() -> tuple[list[Any], list[Any], int | None]:
        async with at_the_door() as visit:
            visit.socket.says(CONNECTED, start(visit.admission.token), media())
            line = await visit.admission.line()
            assert isinstance(line, MediaLine)
            assert line.start.call_sid == "CA1"
            line.send(Frame(FRAME))
            events = line.events()
            heard = [await anext(events)]
            await asyncio.sleep(0.02)
            visit.socket.says(stop())
            heard.append(await anext(events))
            await visit.serving
        return heard, visit.socket.texts, visit.socket.closed_with

    heard, sent, closed = run_virtually(main)
    assert heard == [Frame(FRAME), LineClosed()]
    assert [text["event"] for text in sent] == ["media"]
    assert closed == 1000


def test_an_unknown_token_is_refused_before_anything_is_said() -> None:
    async def main() -> list[Any]:
        async with at_the_door("another") as visit:
            await visit.serving
            visit.admissions.withdraw(visit.admission)
        return visit.socket.sent

    assert run_virtually(main) == [{"type": "websocket.close"}]


def test_a_stranger_with_a_good_token_is_refused_and_does_not_use_it_up() -> None:
    async def main() -> None:
        admissions = Admissions(virtual_clock())
        admission, socket = admissions.issue(), FakeSocket()
        door = MediaDoor(admissions, distrustful)
        await door(scope(admission.token), socket.receive, socket.send)
        assert socket.sent == [{"type": "websocket.close"}]
        assert admissions.redeem(admission.token) is admission

    run_virtually(main)


def test_a_token_admits_one_socket_only() -> None:
    async def main() -> list[Any]:
        async with at_the_door() as visit:
            visit.socket.says(CONNECTED, start(visit.admission.token))
            line = await visit.admission.line()
            second = FakeSocket()
            second.connects()
            door = MediaDoor(visit.admissions, trusting)
            await door(scope(visit.admission.token), second.receive, second.send)
            line.close()
        return second.sent

    assert run_virtually(main) == [{"type": "websocket.close"}]


def test_a_token_is_good_for_a_while_only() -> None:
    async def main() -> None:
        clock = virtual_clock()
        admissions = Admissions(clock)
        admission = admissions.issue(seconds=60)
        await clock.sleep_until(60)
        assert admissions.redeem(admission.token) is None
        with pytest.raises(Unavailable):
            await admission.line()

    run_virtually(main)


def test_tokens_that_nobody_used_are_forgotten() -> None:
    async def main() -> None:
        clock = virtual_clock()
        admissions = Admissions(clock)
        for number in range(5):
            admissions.issue(seconds=60)
            await clock.sleep_until(30 * (number + 1))
        assert len(admissions) == 2

    run_virtually(main)


def test_a_withdrawn_token_tells_who_waits() -> None:
    async def main() -> None:
        admissions = Admissions(virtual_clock())
        admission = admissions.issue()
        async with asyncio.TaskGroup() as group:
            group.create_task(_disappointed(admission))
            await asyncio.sleep(1)
            admissions.withdraw(admission)
        assert admissions.redeem(admission.token) is None

    run_virtually(main)


async def _disappointed(admission: Admission) -> None:
    with pytest.raises(Unavailable, match="before it began"):
        await admission.line()


@pytest.mark.parametrize("repeated", ["", "another", "\u00e9"])
def test_the_parameter_must_repeat_the_token_of_the_path(repeated: str) -> None:
    assert refused(CONNECTED, start(repeated)) == POLICY


@pytest.mark.parametrize(
    "messages",
    [
        [media()],
        [CONNECTED, mark("g0:200")],
        ["{"],
        ["x" * (LONGEST + 1)],
    ],
    ids=["media", "a mark", "garbage", "too much"],
)
def test_a_socket_must_begin_with_a_start(messages: list[Any]) -> None:
    assert refused(*messages) == POLICY


def test_a_socket_that_does_not_start_in_time_is_closed() -> None:
    async def main() -> float:
        async with at_the_door() as visit:
            visit.socket.says(CONNECTED)
            await _disappointed(visit.admission)
            await visit.serving
            assert visit.socket.closed_with == POLICY
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == pytest.approx(START_SECONDS)


def test_a_socket_that_leaves_before_it_starts_disappoints_who_waits() -> None:
    async def main() -> None:
        async with at_the_door() as visit:
            visit.socket.says(CONNECTED)
            await asyncio.sleep(1)
            visit.socket.leaves()
            await _disappointed(visit.admission)

    run_virtually(main)


def test_a_socket_that_leaves_before_it_is_accepted_disappoints_who_waits() -> None:
    async def main() -> None:
        async with at_the_door() as visit:
            visit.socket.gone = True
            await _disappointed(visit.admission)

    run_virtually(main)


def test_a_line_that_nobody_wants_any_more_is_closed() -> None:
    async def main() -> int | None:
        async with at_the_door() as visit:
            await asyncio.sleep(1)
            visit.admissions.withdraw(visit.admission)
            visit.socket.says(CONNECTED, start(visit.admission.token))
            await visit.serving
        return visit.socket.closed_with

    assert run_virtually(main) == POLICY


def test_a_line_that_is_closed_by_us_closes_the_socket() -> None:
    async def main() -> int | None:
        async with at_the_door() as visit:
            visit.socket.says(CONNECTED, start(visit.admission.token))
            line = await visit.admission.line()
            line.close()
            await visit.serving
        return visit.socket.closed_with

    assert run_virtually(main) == 1000


def test_a_socket_that_is_gone_needs_no_closing() -> None:
    async def main() -> int | None:
        async with at_the_door() as visit:
            visit.socket.says(CONNECTED, start(visit.admission.token))
            line = await visit.admission.line()
            visit.socket.leaves()
            assert [event async for event in line.events()] == [LineClosed()]
            await visit.serving
        return visit.socket.closed_with

    assert run_virtually(main) is None


def refused(*messages: Any) -> int | None:
    """Return the code with which a socket that says this is closed."""

    async def main() -> int | None:
        async with at_the_door() as visit:
            visit.socket.says(*messages)
            await _disappointed(visit.admission)
            await visit.serving
        return visit.socket.closed_with

    return run_virtually(main)


# ---- on a real socket ---------------------------------------------------------------------------


@asynccontextmanager
async def listening(admissions: Admissions) -> AsyncGenerator[str]:
    """Serve the route on a free port and give its address."""
    bound: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    app = Starlette(routes=[media_route(admissions, PATH + "/{token}", trusting)])
    server = server_for(app, Listening(port=0), Moments(bound=bound.set_result))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        running = group.create_task(server.serve())
        yield f"ws://127.0.0.1:{await bound}/twilio/media"
        server.should_exit = True
        await running


@pytest.mark.anyio
async def test_a_call_passes_over_a_real_socket() -> None:
    admissions = Admissions(SystemClock())
    async with listening(admissions) as url:
        admission = admissions.issue()
        async with connect(f"{url}/{admission.token}", compression=None) as carrier:
            await carrier.send(compact(CONNECTED))
            await carrier.send(compact(start(admission.token)))
            await carrier.send(compact(media()))
            line = await admission.line()
            assert isinstance(line, MediaLine)
            events = line.events()
            assert await anext(events) == Frame(FRAME)
            line.send(Frame(FRAME))
            line.mark("g0:20")
            assert '"media"' in str(await carrier.recv())
            assert '"g0:20"' in str(await carrier.recv())
            await carrier.send(compact(stop()))
            assert await anext(events) == LineClosed()
            with pytest.raises(ConnectionClosed):
                await carrier.recv()


@pytest.mark.anyio
async def test_a_stranger_is_answered_with_403() -> None:
    async with listening(Admissions(SystemClock())) as url:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(f"{url}/guess", compression=None):
                pass
        assert caught.value.response.status_code == 403


@pytest.mark.anyio
async def test_a_message_over_64_kib_ends_the_call() -> None:
    admissions = Admissions(SystemClock())
    async with listening(admissions) as url:
        admission = admissions.issue()
        async with connect(f"{url}/{admission.token}", compression=None) as carrier:
            await carrier.send(compact(CONNECTED))
            await carrier.send(compact(start(admission.token)))
            line = await admission.line()
            await carrier.send("x" * (LONGEST + 1))
            assert [event async for event in line.events()] == [LineClosed()]
            with pytest.raises(ConnectionClosed):
                await carrier.recv()
