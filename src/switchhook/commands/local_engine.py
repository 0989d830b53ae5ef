"""The engine of this machine: the application behind a port, under the lock of its directory."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchhook.app import Application
from switchhook.domain.errors import SwitchhookError, Unavailable
from switchhook.work.engine_lock import EngineAddress, EngineLock, fresh_address

if TYPE_CHECKING:
    from switchhook.faces.http.server import DrainingServer

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, nothing is bound


@dataclass(frozen=True, slots=True)
class Manner:
    """How an engine serves: at home for this machine's owner, or in public for others."""

    public: bool = False
    drain_seconds: float = 0.0
    close_seconds: int = 1


@dataclass(slots=True)
class LocalEngine:
    """Serves an application until somebody says stop, or a signal comes and the calls are over."""

    application: Application
    lock: EngineLock
    manner: Manner = field(default_factory=Manner)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    found: asyncio.Event = field(default_factory=asyncio.Event)
    address: EngineAddress | None = None

    async def run(
        self, door: socket.socket, *, opened: Callable[[EngineAddress], None] | None = None
    ) -> None:
        """Open the application, serve it behind the door, and close both again."""
        self.address = _address_of(door)
        async with self.application.running(self.address.url), asyncio.TaskGroup() as tasks:
            self.application.exchange.local_pair = (self.address.key, self.address.secret)
            server = self._server()
            serving = tasks.create_task(server.serve(sockets=[door]))
            serving.add_done_callback(lambda _: self.stop.set())
            await self.found.wait()
            if opened is not None:
                opened(self.address)
            await self.stop.wait()
            server.should_exit = True

    def _server(self) -> DrainingServer:
        # A host is greeted before this and what it brings is loaded.
        from switchhook.faces.http.server import (  # noqa: PLC0415
            Listening,
            Moments,
            server_for,
        )

        return server_for(
            self.application.asgi(public=self.manner.public),
            Listening(
                drain_seconds=self.manner.drain_seconds, close_seconds=self.manner.close_seconds
            ),
            Moments(
                bound=self._announce,
                draining=self._drain,
                drained=self.application.drained,
                closing=self.application.face.close,
            ),
        )

    def _announce(self, _port: int) -> None:
        assert self.address is not None  # noqa: S101 - set before the server starts
        self.lock.publish(self.address)
        self.found.set()

    def _drain(self) -> None:
        self.application.exchange.draining = True


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens already, or say why the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as refused:
        raise _unusable(host, port, refused) from None


def _address_of(door: socket.socket) -> EngineAddress:
    host: str = door.getsockname()[0]
    port: int = door.getsockname()[1]
    local: str = _EVERYWHERE.get(host, host)
    return fresh_address(f"http://{f'[{local}]' if ':' in local else local}:{port}")


def _unusable(host: str, port: int, refused: OSError) -> SwitchhookError:
    match refused.errno:
        case errno.EADDRINUSE:
            return Unavailable(
                f"port {port} on {host} is taken",
                hint="set SWITCHHOOK_PORT to a free one, or stop the program that uses it",
            )
        case errno.EACCES:
            return Unavailable(
                f"this user may not listen on port {port}",
                hint="set SWITCHHOOK_PORT to one above 1023",
            )
        case _:
            return Unavailable(
                f"{host}:{port} is no address to listen on: {refused.strerror}",
                hint="set SWITCHHOOK_HOST to an address of this machine",
            )
