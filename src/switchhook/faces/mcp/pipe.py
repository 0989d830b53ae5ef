"""A pipe between a host that speaks stdio and an engine that answers elsewhere over HTTP.

It forwards messages and knows nothing of tools. Both eras of the protocol pass: a modern request
stands alone; a handshake-era session is opened again, unseen by the host, when the engine that
held it is gone. It needs no MCP library, so that a second process starts quickly.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, Protocol, cast

import httpx2

from switchhook.domain.errors import SwitchhookError, Unavailable
from switchhook.faces.mcp import wire
from switchhook.faces.mcp.pipe_session import Session
from switchhook.faces.mcp.standard_streams import Lines
from switchhook.faces.mcp.wire import Body, Lost, Message, NoStream, Reply, Unsent

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
SERVER_ERROR = -32000

TIMEOUT = httpx2.Timeout(10, read=None)
RETRY_SECONDS = (0.05, 0.2, 1.0, 5.0)
GOODBYE_SECONDS = 0.5

# A tool may have done its work before its answer was lost; everything else can be asked again.
NOT_REPEATABLE = frozenset({"tools/call"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine answers, and the headers that say who asks."""

    url: str
    headers: Mapping[str, str] = field(repr=False)


class Whereabouts(Protocol):
    """Knows where the engine is."""

    async def locate(self, lost: Endpoint | None) -> Endpoint:
        """Return where the engine answers now; at `lost` it does not any more.

        Raise `Unavailable`, with the way out, when there is no other place.
        """
        ...

    async def gone(self, endpoint: Endpoint) -> None:
        """Return once the engine behind the endpoint is known to have ended."""
        ...


class Elsewhere:
    """An engine at a fixed address, which somebody else looks after."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def locate(self, lost: Endpoint | None) -> Endpoint:
        """Return the address, unless it was lost just now."""
        if lost is not None:
            raise Unavailable(
                f"cannot reach {lost.url}",
                hint="check SWITCHHOOK_URL and that the server runs there, then ask again",
            )
        return self._endpoint

    async def gone(self, endpoint: Endpoint) -> None:  # noqa: ARG002 - part of the Protocol
        """Never return: the address stays the same, whatever answers there."""
        await asyncio.get_running_loop().create_future()


@dataclass(slots=True)
class _Pending:
    message: Message
    task: asyncio.Task[None]
    cancelled: bool = False


class Pipe:
    """Carries messages between a host's lines and an engine."""

    def __init__(self, lines: Lines, whereabouts: Whereabouts, http: httpx2.AsyncClient) -> None:
        self._lines = lines
        self._whereabouts = whereabouts
        self._http = http
        self._session = Session()
        self._pending: dict[str, _Pending] = {}
        self._endpoint: Endpoint | None = None
        self._moving = asyncio.Lock()
        self._tasks = asyncio.TaskGroup()
        self._standing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Carry messages until the host closes its side."""
        async with self._tasks:
            watch = self._tasks.create_task(self._watch())
            async for line in self._lines.incoming():
                self._take(line)
            for task in (watch, self._standing, *(p.task for p in self._pending.values())):
                if task is not None:
                    task.cancel()
        await self._say_goodbye()

    # ---- from the host ---------------------------------------------------------------------------

    def _take(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            body: object = json.loads(line)
        except ValueError:
            self._refuse(None, PARSE_ERROR, "this line is not JSON")
            return
        if not isinstance(body, dict):
            self._refuse(None, INVALID_REQUEST, "send one JSON-RPC message a line, no batches")
            return
        self._pass_on(Message(cast("Body", body)))

    def _pass_on(self, message: Message) -> None:
        if message.method == "notifications/cancelled" and self._cancelled(message):
            return
        if not message.asks:
            self._tasks.create_task(self._tell(message))
            return
        task = self._tasks.create_task(self._ask(message))
        self._pending[message.key] = _Pending(message, task)

    def _cancelled(self, message: Message) -> bool:
        """Tell whether nothing is left to do: in the modern era hanging up is the signal."""
        pending = self._pending.get(message.cancels)
        if pending is None:
            return not self._session.open
        pending.cancelled = True
        if pending.message.version is None:
            return False
        pending.task.cancel()
        return True

    # ---- to the engine ---------------------------------------------------------------------------

    async def _ask(self, message: Message) -> None:
        try:
            answer = await self._answer(message)
            self._session.learn(message, answer)
            self._forward(answer)
        except SwitchhookError as problem:
            pending = self._pending.get(message.key)
            if pending is None or not pending.cancelled:
                self._refuse(message.id, SERVER_ERROR, problem.message, problem)
        finally:
            self._pending.pop(message.key, None)

    async def _answer(self, message: Message) -> Body:
        endpoint = await self._located()
        try:
            return await self._post(endpoint, message)
        except Unsent:
            pass
        except Lost:
            if message.method in NOT_REPEATABLE:
                raise _unanswered(endpoint) from None
        endpoint = await self._moved(endpoint)
        try:
            return await self._post(endpoint, message)
        except (Unsent, Lost):
            raise _unanswered(endpoint) from None

    async def _post(self, endpoint: Endpoint, message: Message) -> Body:
        session = self._session.id
        reply = await self._exchange(endpoint, message)
        if reply.session_unknown:
            await self._reopened(endpoint, session)
            reply = await self._exchange(endpoint, message)
        if message.method == "initialize":
            self._session.begin(message, reply)
        return reply.answer

    async def _exchange(self, endpoint: Endpoint, message: Message) -> Reply:
        headers = {**endpoint.headers, **self._session.headers(message)}
        return await wire.ask(self._http, endpoint.url, headers, message, self._forward)

    async def _tell(self, message: Message) -> None:
        if not self._session.open:
            return  # the modern era has no messages of this kind over HTTP
        try:
            endpoint = await self._located()
            headers = {**endpoint.headers, **self._session.headers(message)}
            await wire.tell(self._http, endpoint.url, headers, message)
        except (Unsent, Lost, SwitchhookError):
            return  # nobody waits for an answer, and who asks next learns what is wrong
        if message.method == "notifications/initialized":
            self._stand_by()

    # ---- where the engine is ---------------------------------------------------------------------

    async def _located(self) -> Endpoint:
        async with self._moving:
            if self._endpoint is None:
                self._endpoint = await self._whereabouts.locate(None)
            return self._endpoint

    async def _moved(self, lost: Endpoint) -> Endpoint:
        """Return where the engine answers after it was lost; whoever notices first looks for it."""
        async with self._moving:
            if self._endpoint is not None and self._endpoint is not lost:
                return self._endpoint
            self._endpoint = None
            found = await self._whereabouts.locate(lost)
            await self._open_again(found)
            self._endpoint = found
            return found

    async def _reopened(self, endpoint: Endpoint, session: str | None) -> None:
        async with self._moving:
            if self._session.id == session:
                await self._open_again(endpoint)

    async def _open_again(self, endpoint: Endpoint) -> None:
        """Repeat what the host once said to open its session, and what it wanted to follow."""
        try:
            for message in self._session.opening():
                await self._repeat(endpoint, message)
        except (Unsent, Lost):
            raise _unanswered(endpoint) from None
        if self._standing is not None:
            self._stand_by()

    async def _repeat(self, endpoint: Endpoint, message: Message) -> None:
        if not message.asks:
            headers = {**endpoint.headers, **self._session.headers(message)}
            await wire.tell(self._http, endpoint.url, headers, message)
            return
        reply = await self._exchange(endpoint, message)
        if message.method == "initialize":
            self._session.begin(message, reply)

    async def _watch(self) -> None:
        """Find the engine at once, and again whenever it ends."""
        while True:
            try:
                endpoint = await self._located()
                await self._whereabouts.gone(endpoint)
                await self._moved(endpoint)
            except SwitchhookError:
                await asyncio.sleep(RETRY_SECONDS[-1])

    # ---- the standing stream of the handshake era ------------------------------------------------

    def _stand_by(self) -> None:
        if self._standing is not None:
            self._standing.cancel()
        self._standing = self._tasks.create_task(self._stand())

    async def _stand(self) -> None:
        for pause in _pauses():
            try:
                await self._listen()
            except NoStream:
                return
            except (Unsent, Lost, SwitchhookError):
                pass
            await asyncio.sleep(pause)

    async def _listen(self) -> None:
        endpoint, session = await self._located(), self._session.id
        headers = {**endpoint.headers, **self._session.standing_headers()}
        try:
            await wire.stand(self._http, endpoint.url, headers, self._forward)
        except NoStream as refused:
            if not refused.session_unknown:
                raise
            await self._reopened(endpoint, session)

    # ---- to the host -----------------------------------------------------------------------------

    def _forward(self, body: Body) -> None:
        self._lines.send(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())

    def _refuse(
        self, request_id: Any, code: int, message: str, problem: SwitchhookError | None = None
    ) -> None:
        error: Body = {"code": code, "message": message}
        if problem is not None:
            error["message"] = f"{message}: {problem.hint}" if problem.hint else message
            error["data"] = problem.facts()
        self._forward({"jsonrpc": "2.0", "id": request_id, "error": error})

    async def _say_goodbye(self) -> None:
        if self._endpoint is None or self._session.id is None:
            return
        headers = {**self._endpoint.headers, **self._session.standing_headers()}
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._http.delete(self._endpoint.url, headers=headers)
        except (httpx2.HTTPError, TimeoutError):
            return  # the engine forgets idle sessions by itself


def _pauses() -> Iterator[float]:
    return chain(RETRY_SECONDS, repeat(RETRY_SECONDS[-1]))


def _unanswered(endpoint: Endpoint) -> Unavailable:
    return Unavailable(
        f"the engine at {endpoint.url} went away before it answered",
        hint="ask again; list_calls shows whether a call was placed, and the same"
        " idempotency_key places no second one",
    )
