"""The carrier, the fake of its vendor, and the port that the one tells the other of things."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from starlette.applications import Starlette

from switchhook.domain.agent import AgentSpec
from switchhook.faces.http.server import server_for
from switchhook.ports import Dial, LegEvent
from switchhook.providers.twilio import hooks, inbound
from switchhook.providers.twilio.carrier import TwilioCarrier
from switchhook.providers.twilio.legs import TwilioLeg
from switchhook.providers.twilio.reach import Reach
from switchhook.providers.twilio.rest import Account, Credentials
from switchhook.providers.twilio.signing import Signatures
from switchhook.testing import Listens, Said, virtual_clock
from switchhook.testing.twilio import NUMBER, WELL, FakeTwilio, Mischief, Phone

TO = "+15550100123"
TOKEN = "attempt_one"
POLITE = Phone([Said("Hello?"), Listens(), Said("Yes.")])


@dataclass
class Town:
    """A carrier that is open, and what it dials with."""

    twilio: FakeTwilio
    carrier: TwilioCarrier
    account: Account
    public_url: str
    strays: list[None] = field(default_factory=list[None])

    async def dial(
        self, to: str = TO, token: str = TOKEN, agent: AgentSpec | None = None, **options: Any
    ) -> TwilioLeg:
        who = agent or AgentSpec()
        return await self.carrier.dial(Dial("call_1", token, to, NUMBER, options, agent=who))

    async def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> int:
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                self.public_url + path, data=dict(form), headers=dict(headers)
            )
        return answer.status_code

    async def until_quiet(self) -> None:
        """Wait until nobody is on the line at the carrier."""
        async with asyncio.timeout(600):
            for life in list(self.twilio.lives.values()):
                await life.ended.wait()


@asynccontextmanager
async def town(
    phones: Mapping[str, Phone] | None = None, mischief: Mischief = WELL
) -> AsyncGenerator[Town]:
    """Open both; the callee is polite unless a telephone is given."""
    async with (
        FakeTwilio(phones, anybody=POLITE, mischief=mischief).open() as fake,
        beside(fake) as here,
    ):
        yield here


@asynccontextmanager
async def beside(
    fake: FakeTwilio, open_account: Callable[[Credentials, str], Account] = Account
) -> AsyncGenerator[Town]:
    """Open the carrier beside a fake that is open already."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with asyncio.TaskGroup() as serving:
            account = open_account(Credentials(fake.account_sid, fake.auth_token), fake.base)
            carrier = TwilioCarrier(account, Reach(url), virtual_clock())
            here = Town(fake, carrier, account, url)
            carrier.stray = lambda: here.strays.append(None)
            signatures = Signatures(fake.auth_token, url)
            doors = [*inbound.routes(carrier, signatures), *hooks.routes(carrier, signatures)]
            server = server_for(Starlette(routes=doors))
            running = serving.create_task(server.serve(sockets=[door]))
            async with carrier.open():
                yield here
            server.should_exit = True
            await running


async def seen(leg: TwilioLeg) -> Sequence[LegEvent]:
    """Return everything that the leg tells until somebody picked up or nobody did."""
    async with asyncio.timeout(3600):
        return [event async for event in leg.events()]
