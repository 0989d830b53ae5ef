"""The fake itself: an account with numbers, behind a port of 127.0.0.1."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from starlette.applications import Starlette

from switchhook.domain.errors import NumberNotFound
from switchhook.testing.doors import local_door
from switchhook.testing.twilio.callbacks import Postman
from switchhook.testing.twilio.conferences import Room
from switchhook.testing.twilio.faults import WELL, Mischief, Post
from switchhook.testing.twilio.ledger import Asked, FakeCall, FakeMessage, Ledger, sid
from switchhook.testing.twilio.life import Life
from switchhook.testing.twilio.messaging import deliver, messages_of
from switchhook.testing.twilio.numbers import resource
from switchhook.testing.twilio.phones import Phone
from switchhook.testing.twilio.rest import Api

NUMBER: Final = "+14155550199"
"""The number that the account has, unless it is given others."""


class FakeTwilio:
    """An account; `phones` says who answers where, and `anybody` who answers elsewhere."""

    def __init__(
        self,
        phones: Mapping[str, Phone] | None = None,
        *,
        anybody: Phone | None = None,
        mischief: Mischief = WELL,
        numbers: tuple[str, ...] = (NUMBER,),
    ) -> None:
        self.account_sid = sid("AC")
        self.auth_token = secrets.token_hex(16)
        self.login = (sid("SK"), secrets.token_hex(16))
        self.mischief = mischief
        self.ledger = Ledger()
        self.lives: dict[str, Life] = {}
        self.rooms: dict[str, Room] = {}
        self.base = ""
        self._phones = dict(phones or {})
        self._anybody = anybody or Phone()
        self._left = mischief.times
        for number in numbers:
            self.own(number)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[FakeTwilio]:
        """Serve for as long as the context lasts; every call that is left ends with it."""
        with local_door() as door:
            self.base = f"http://127.0.0.1:{door.getsockname()[1]}"
            self.postman = Postman(self.auth_token, self.ledger, self.mischief)
            app = Starlette(routes=Api(self).routes(messages_of(self)))
            config = uvicorn.Config(
                app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
            )
            server = _Quiet(config)
            try:
                async with asyncio.TaskGroup() as serving, asyncio.TaskGroup() as self._group:
                    running = serving.create_task(server.serve(sockets=[door]))
                    yield self
                    self._hang_up_all()
                    server.should_exit = True
                    await running
            finally:
                await self.postman.close()

    def own(self, number: str, voice_url: str = "", status_callback: str = "") -> None:
        """Give the account a number; who calls it is connected to the URL."""
        self.ledger.numbers[number] = resource(
            self.account_sid, number, voice_url=voice_url, status_callback=status_callback
        )

    def phone(self, number: str) -> Phone:
        """Return the telephone with this number."""
        return self._phones.get(number, self._anybody)

    def fate(self) -> Post:
        """Return how the next request to dial fares."""
        if self._left == 0:
            return Post.ANSWERED
        self._left = None if self._left is None else self._left - 1
        return self.mischief.post

    async def dial(self, asked: Asked) -> FakeCall:
        """Begin a call; early callbacks are sent before this returns."""
        calls = [
            FakeCall(sid("CA"), self.account_sid, asked.value("To"), asked.value("From"), asked)
            for _ in range(2 if self.mischief.twice else 1)
        ]
        for call in calls:
            self.place(call)
        return calls[0]

    def text(self, message: FakeMessage) -> None:
        """Take a message and bring it to its reader."""
        self.ledger.messages[message.sid] = message
        self._group.create_task(deliver(message, self.postman))

    def place(self, call: FakeCall) -> Life:
        """Begin a call whose resource is made already."""
        life = Life(self, call)
        self.ledger.calls[call.sid] = call
        self.lives[call.sid] = life
        self._group.create_task(life.run())
        return life

    def end(self, call: FakeCall, status: str) -> None:
        """End a call."""
        self.lives[call.sid].hang_up(status)

    def redirect(self, call: FakeCall, document: str) -> None:
        """Have a call follow another document."""
        self.lives[call.sid].redirect(document)

    def room(self, name: str) -> Room:
        """Return the conference of this name that goes on, or a new one."""
        going_on = (r for r in self.rooms.values() if r.name == name and r.status != "completed")
        room = next(going_on, None) or Room(name, self.account_sid)
        self.rooms[room.sid] = room
        return room

    async def ring(self, caller: str, number: str) -> FakeCall:
        """Let somebody call one of the account's numbers."""
        own = self.ledger.numbers.get(number)
        if own is None:
            raise NumberNotFound(number)
        wanted = {"Url": [own["voice_url"]], "StatusCallback": [own["status_callback"]]}
        asked = Asked("POST", "", wanted)
        call = FakeCall(sid("CA"), self.account_sid, number, caller, asked, direction="inbound")
        call.status = "ringing"
        self.place(call)
        return call

    def _hang_up_all(self) -> None:
        for life in self.lives.values():
            life.hang_up("completed")


class _Quiet(uvicorn.Server):
    """A server that leaves the signals of the process alone."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
