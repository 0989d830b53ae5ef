"""The composition root: the only place that knows every concrete class.

Building costs little: what is heavy is imported when the engine starts, not when somebody merely
asks which tools there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

from switchhook.choosing import check
from switchhook.domain.errors import Unavailable
from switchhook.domain.policy import Policy
from switchhook.faces.mcp.identity import carrying, install_user
from switchhook.faces.mcp.server import Face, build_server
from switchhook.ports import Analyst, Carrier, Clock, Detector, Dial, Ears, Leg, Voice
from switchhook.runtime.clock import SystemClock
from switchhook.runtime.hub import Hub
from switchhook.runtime.sealing import Seal
from switchhook.runtime.signing import KeyFile, Signing
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import keys
from switchhook.service.connections import own_keys
from switchhook.service.exchange import ConfirmPolicy, Exchange
from switchhook.service.identity import Principal
from switchhook.services import Services, at_home, chains
from switchhook.settings import Settings
from switchhook.store.database import Database
from switchhook.telephones import (
    LOOPBACK,
    TWILIO,
    Telephones,
    check_telephony,
    own_numbers,
    recorded_by_carrier,
    telephones_of,
    text_ears,
)

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp

    from switchhook.providers.loopback import LoopbackCarrier
    from switchhook.providers.silero.model import Model
    from switchhook.runtime.ticker import Ticker
    from switchhook.service.rehearsal import Stage
    from switchhook.work.placing import Placing

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, nothing is bound

# What a client may ask before the store is open: none of it depends on what is stored.
_STATIC = frozenset(
    {
        "initialize",
        "ping",
        "prompts/list",
        "resources/templates/list",
        "server/discover",
        "tools/list",
    }
)


@dataclass(slots=True)
class Application:
    """Everything, put together from the settings; it does something while it is `running`."""

    settings: Settings
    exchange: Exchange
    face: Face
    owner: Principal | None = None
    _placing: Placing | None = None
    _carrier_routes: Sequence[BaseRoute] = ()
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _greeted: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def build(cls, settings: Settings) -> Application:
        """Return the application; nothing is opened yet."""
        exchange = exchange_of(settings)
        application = cls(settings, exchange, build_server(exchange, toolsets=settings.toolsets))
        application.face.server.middleware.insert(0, application.receive)
        return application

    @asynccontextmanager
    async def running(self, address: str = "http://127.0.0.1") -> AsyncGenerator[None]:
        """Open the store, end what a crash left behind, and place calls while the context lasts.

        The address is where this process can be reached on this machine.
        """
        async with AsyncExitStack() as stack:
            stack.callback(self.exchange.database.close)
            await self.exchange.database.ready()
            self.owner = await self._signed_in()
            telephones = await stack.enter_async_context(
                telephones_of(self.settings, self.exchange.clock, address)
            )
            self._carrier_routes = telephones.routes
            self._placing = await stack.enter_async_context(
                placing_calls(self.exchange, self.settings, telephones)
            )
            await stack.enter_async_context(self.face.running())
            self._open.set()
            try:
                yield
            finally:
                self.exchange.draining = True

    async def receive(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Let a request in once the store is open; without a credential it acts for the owner."""
        if ctx.method in _STATIC or ctx.method.startswith("notifications/"):
            try:
                return await call_next(ctx)
            finally:
                if ctx.method == "tools/list":
                    self._greeted.set()
        self._greeted.set()
        await self._open.wait()
        if get_access_token() is not None or self.owner is None:
            return await call_next(ctx)
        with carrying(self.owner):
            return await call_next(ctx)

    async def greeted(self, patience: float) -> None:
        """Return once a client knows the tools, or wants something, or the patience is over."""
        try:
            async with asyncio.timeout(patience):
                await self._greeted.wait()
        except TimeoutError:
            return

    async def drained(self) -> None:
        """Let live calls go on for as long as the settings say, then end them with a goodbye."""
        if self._placing is not None:
            await self._placing.drain(self.settings.drain_seconds)

    def asgi(self, *, public: bool = False) -> ASGIApp:
        """Return the HTTP face of everything; a server that serves others knows no local owner."""
        from switchhook.faces.http.app import Doors, build_asgi  # noqa: PLC0415 - only where served
        from switchhook.faces.mcp.transports import asgi_routes  # noqa: PLC0415 - as above

        url = self.settings.public_url if public else None
        host = self.settings.host if public else "127.0.0.1"
        mcp = asgi_routes(self.face, public_url=url, bind_host=host)
        return build_asgi(
            self.exchange,
            # An address that stands for all of them is nobody's name.
            Doors(public_url=url, hosts=() if host in EVERYWHERE else (host,)),
            mcp_routes=mcp.routes,
            carrier_routes=self._carrier_routes,
            lifespan=mcp.sessions.run,
            install_user=install_user,
        )

    async def _signed_in(self) -> Principal:
        if self.settings.pair is None:
            return await keys.local_owner(self.exchange)
        return await keys.authenticate(self.exchange, *self.settings.pair)


def exchange_of(settings: Settings) -> Exchange:
    """Return the exchange that the settings describe."""
    clock, key = SystemClock(settings.loopback_speed), _signing_key(settings)
    return Exchange(
        database=Database.open(settings.database),
        clock=clock,
        hub=Hub(),
        switchboard=Switchboard(),
        carriers={
            name: Expected(name, simulated=name != TWILIO) for name in (LOOPBACK, settings.dials_by)
        },
        default_carrier=settings.dials_by,
        own_numbers=own_numbers(settings),
        recordings=settings.recordings,
        policy=Policy(
            calls_enabled=settings.calls_enabled, allowed_regions=settings.allowed_regions
        ),
        confirm=ConfirmPolicy(settings.confirm),
        check_persona=_check_persona,
        secrets=Signing(key).secret,
        seal=Seal(key),
        check_agent=partial(check, settings),
        check_telephony=check_telephony,
        recorded_by_carrier=recorded_by_carrier,
        discards_recordings=not settings.twilio_keep_recordings,
    )


def _signing_key(settings: Settings) -> Callable[[], bytes]:
    given = settings.signing_key
    if given is None:
        return KeyFile(settings.data / "signing.key")
    return given.get_secret_value().encode


def _check_persona(name: str) -> None:
    from switchhook.providers.loopback import persona  # noqa: PLC0415 - numpy is heavy

    persona(name)


@dataclass(slots=True)
class Expected:
    """A carrier that is there as soon as the engine runs."""

    name: str
    simulated: bool

    async def dial(self, request: Dial) -> Leg:
        """Refuse: calls are placed by a running engine only."""
        raise Unavailable(
            f"the carrier {self.name!r} is not open yet, so {request.call_id} was not dialled",
            hint="start the engine first: switchhook serve, or switchhook mcp",
        )


@asynccontextmanager
async def placing_calls(
    exchange: Exchange,
    settings: Settings,
    telephones: Telephones | None = None,
    analyst: Analyst | None = None,
) -> AsyncGenerator[Placing]:
    """Place calls while the context lasts, beginning with what was accepted before a restart."""
    from switchhook.providers.loopback import LoopbackCarrier  # noqa: PLC0415 - numpy
    from switchhook.runtime.ticker import Ticker  # noqa: PLC0415 - as above
    from switchhook.service.placing import recover  # noqa: PLC0415 - as above
    from switchhook.work.placing import Placing  # noqa: PLC0415 - as above
    from switchhook.work.sweeping import Sweeping  # noqa: PLC0415 - as above

    ticker = Ticker(exchange.clock)
    telephones = telephones or Telephones()
    async with AsyncExitStack() as stack:
        text = text_ears(telephones.carrier)
        household = stack.enter_context(at_home(settings, text, real=telephones.want_ears))
        loopback = LoopbackCarrier(household.voice, exchange.clock, ticker)
        _plug_in(exchange, telephones, loopback)
        chosen = stack.enter_context(detecting(settings.detector, ticker, real=telephones.real))
        simulated = exchange.carriers[exchange.default_carrier].simulated
        exchange.chains = chains(settings, household, simulated=simulated)
        exchange.voice_name, exchange.detector_name = exchange.chains["voice"][0].name, chosen.name
        casting = Services(settings, exchange.clock, household, partial(own_keys, exchange))
        stack.push_async_callback(casting.close)
        await stack.enter_async_context(
            finishing_calls(exchange, telephones, analyst or casting.analyst())
        )
        found = await recover(exchange)
        sweeping = await stack.enter_async_context(Sweeping(exchange, telephones.books).open())
        if telephones.carrier is not None:
            telephones.carrier.stray = sweeping.wake
        placed = Placing(
            exchange, ticker, casting, detector=chosen.detector, talks=telephones.talks
        )
        async with placed.open() as placing:
            exchange.wake = placing.wake
            _receive_calls(exchange, telephones, placing, loopback)
            for call_id in found.queued:
                placing.wake(call_id)
            yield placing


def _receive_calls(
    exchange: Exchange, telephones: Telephones, placing: Placing, loopback: LoopbackCarrier
) -> None:
    """Take the calls that come in, and let simulated people call."""
    from switchhook.providers.loopback import LoopbackCallers  # noqa: PLC0415 - numpy is heavy
    from switchhook.work.receiving import Receiving  # noqa: PLC0415 - as above

    receiving = Receiving(exchange, placing)
    exchange.callers = {LOOPBACK: LoopbackCallers(loopback, receiving), **telephones.callers}
    if telephones.carrier is not None:
        telephones.carrier.reception = receiving


def _plug_in(exchange: Exchange, telephones: Telephones, loopback: Carrier) -> None:
    """Let the carriers be used, with what else they can do."""
    from switchhook.providers.loopback import LoopbackNumbers, LoopbackSwitch  # noqa: PLC0415 - numpy

    exchange.carriers = {LOOPBACK: loopback, **telephones.carriers}
    exchange.switches = {LOOPBACK: LoopbackSwitch(), **telephones.switches}
    exchange.numbers = {LOOPBACK: LoopbackNumbers(), **telephones.numbers}


@asynccontextmanager
async def finishing_calls(
    exchange: Exchange, telephones: Telephones, analyst: Analyst | None
) -> AsyncGenerator[None]:
    """Do what is owed to calls that are over while the context lasts.

    It lasts longer than calls are placed, so that the last of them is seen to as well.
    """
    from switchhook.work.finishing import Finishing  # noqa: PLC0415 - SQLAlchemy is heavy

    finishing = Finishing(exchange, analyst=analyst, recordings=telephones.recordings)
    exchange.analyses = analyst is not None
    exchange.finish = finishing.wake
    if telephones.carrier is not None:
        telephones.carrier.recorded = finishing.recorded
    async with finishing.open():
        yield


@dataclass(frozen=True, slots=True)
class Chosen:
    """A detector of speech, and what it is called."""

    name: str
    detector: Detector


@contextmanager
def detecting(wanted: str, ticker: Ticker, *, real: bool) -> Generator[Chosen]:
    """Hand out the detector that was asked for, or refuse where it is not installed.

    Who leaves the choice to us gets the neural one for real telephones, where it is installed. A
    loopback line is clean, and may run faster than a model in a thread of its own can follow.
    """
    from switchhook.runtime.listening import BuiltIn  # noqa: PLC0415 - numpy is heavy

    model = _speech_model(wanted) if wanted == "silero" or (wanted == "auto" and real) else None
    if model is None:
        yield Chosen("built-in", BuiltIn)
        return
    from switchhook.providers.silero.calls import Neural  # noqa: PLC0415 - an extra

    with closing(Neural(model, ticker)) as detector:
        yield Chosen("silero", detector)


def _speech_model(wanted: str) -> Model | None:
    from switchhook.providers.silero.model import Model  # noqa: PLC0415 - an extra

    try:
        return Model()
    except Unavailable:
        if wanted == "auto":
            return None
        raise


def stage(settings: Settings, voice: Voice, ears: Ears, clock: Clock | None = None) -> Stage:
    """Return what rehearsals are played with, on a clock of their own where one is given."""
    from switchhook.providers.loopback import LoopbackCarrier  # noqa: PLC0415 - numpy is heavy
    from switchhook.runtime.ticker import Ticker  # noqa: PLC0415 - as above
    from switchhook.service.rehearsal import Stage  # noqa: PLC0415 - as above

    time = clock or SystemClock(settings.loopback_speed)
    ticker = Ticker(time)
    carrier = LoopbackCarrier(voice, time, ticker)
    return Stage(carrier, ears, voice, time, ticker, settings.recordings)


def personas() -> tuple[str, ...]:
    """Return who may answer a simulated call."""
    from switchhook.providers.loopback import PERSONAS  # noqa: PLC0415 - numpy is heavy

    return PERSONAS
