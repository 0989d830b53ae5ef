"""Those who hear, speak and think, from the settings: a part of the composition root, as `app` is.

What is heavy is imported when it is wanted, and the vendors' code where a vendor is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchhook.choosing import INTERVIEW, LAST, OFFLINE, TEXT, VENDORS, able, chain
from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import Unavailable
from switchhook.domain.interaction import Interaction
from switchhook.ports import Analyst, Clock, Ears, Voice
from switchhook.runtime.breaker import Breakers, Port
from switchhook.runtime.casting import Cast
from switchhook.service.exchange import Link
from switchhook.settings import Settings, variable

if TYPE_CHECKING:
    from switchhook.vendors import Vendors

HUM = "hum"
"""What stands in for the voice where none is installed."""

OwnKeys = Callable[[Interaction], Awaitable[Mapping[str, str]]]
"""Returns the keys that an account itself has to vendors, as far as a call's agent names them."""


@dataclass(frozen=True, slots=True)
class Household:
    """Whoever needs no key: the voice, the ears of simulated lines, and those of real ones."""

    voice: Voice
    text: Ears
    offline: Ears | None = None


class Services:
    """Casts the calls of a process; called with one, it says who takes part in it."""

    def __init__(
        self, settings: Settings, clock: Clock, household: Household, own_keys: OwnKeys
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._household = household
        self._own_keys = own_keys
        self._vendors: Vendors | None = None
        self._breakers: dict[str, Breakers] = {}

    async def __call__(self, call: Interaction) -> Cast:
        """Return who takes part in a call, under the keys of its account where it has some."""
        spec = call.agent.spec
        own = await self._own_keys(call)
        chosen = chain(self._settings, spec, own, simulated=call.simulated)
        return Cast(
            ears=tuple(self._hearing(chosen.ears, own)),
            voices=tuple(self._voice(name, own) for name in chosen.voices),
            minds=self._company().minds(spec.mind, own) if chosen.minds else (),
            duplex=self._company().duplex(own) if chosen.duplex else None,
            breakers=self._breakers.setdefault(call.org_id, Breakers(self._clock)) if own else None,
        )

    def analyst(self) -> Analyst | None:
        """Return who judges calls that are over; nobody, where no mind keeps to a schema."""
        judges = able(self._settings, "mind") and not self._settings.openai_only_chats
        return self._company().analyst() if judges else None

    async def close(self) -> None:
        """Let go of all connections."""
        if self._vendors is not None:
            await self._vendors.close()

    def _hearing(self, names: Sequence[str], own: Mapping[str, str]) -> Iterator[Ears]:
        for name in names:
            if name not in LAST:
                yield self._company().ears(name, own)
            elif name == TEXT:
                yield self._household.text
            elif self._household.offline is not None:
                yield self._household.offline
            elif len(names) == 1:
                raise Unavailable(
                    "the agent's ears are offline, and no recogniser is installed",
                    hint="pip install 'switchhook[offline]', or let the agent's ears be 'auto'",
                )

    def _voice(self, name: str, own: Mapping[str, str]) -> Voice:
        return self._household.voice if name in LAST else self._company().voice(name, own)

    def _company(self) -> Vendors:
        if self._vendors is None:
            from switchhook.vendors import Vendors  # noqa: PLC0415 - only where there is a key

            self._vendors = Vendors(self._settings, self._clock)
        return self._vendors


def chains(
    settings: Settings, household: Household, *, simulated: bool
) -> dict[Port, tuple[Link, ...]]:
    """Return who is asked in which order for an agent that names nobody, and who cannot be."""
    chosen = chain(settings, AgentSpec(), simulated=simulated)
    asked: dict[Port, tuple[str, ...]] = {
        "ears": chosen.ears,
        "voice": chosen.voices,
        "mind": (*chosen.minds, INTERVIEW),
    }
    at_home = _at_home(household)
    return {
        port: tuple(
            at_home.get((port, name)) or _link(settings, name, works=name in names)
            for name in dict.fromkeys((*names, *VENDORS[port]))
        )
        for port, names in asked.items()
    }


def _at_home(household: Household) -> dict[tuple[Port, str], Link]:
    voice, offline = household.voice.name, household.offline
    speaks = voice != HUM
    return {
        ("mind", INTERVIEW): Link(INTERVIEW, works=True, why="needs no key"),
        ("voice", OFFLINE): Link(
            voice, works=speaks, why="needs no key" if speaks else "hums; no voice is installed"
        ),
        ("ears", TEXT): Link(TEXT, works=True, why="reads the words that simulated audio carries"),
        ("ears", OFFLINE): Link(
            offline.name if offline else OFFLINE,
            works=offline is not None,
            why="hears answers to what is asked, in English; no general recognition"
            if offline
            else "is not installed",
        ),
    }


def _link(settings: Settings, vendor: str, *, works: bool) -> Link:
    key = f"{vendor}_api_key"
    if works and getattr(settings, key) is None:
        return Link(vendor, works=True, why=f"{variable('openai_base_url')} is set")
    if not works and vendor in settings.vendor_keys:
        return Link(vendor, works=False, why="is not asked, as things are set")
    return Link(vendor, works=works, why=f"{variable(key)} is {'' if works else 'not '}set")


@contextmanager
def at_home(settings: Settings, text: Ears, *, real: bool) -> Generator[Household]:
    """Hand out whoever needs no key, as far as they are installed."""
    with speaking() as voice, hearing(settings, real=real) as offline:
        yield Household(voice, text, offline)


@contextmanager
def hearing(settings: Settings, *, real: bool) -> Generator[Ears | None]:
    """Hand out the ears that need no key, where they are installed.

    Refuse where real telephones are dialled, and nobody would hear what is said there.
    """
    from switchhook.providers import offline  # noqa: PLC0415 - numpy is heavy

    if real and settings.ears == TEXT:
        raise Unavailable(
            "SWITCHHOOK_EARS=text reads words that only simulated lines carry, so a real"
            " telephone would not be heard",
            hint="leave SWITCHHOOK_EARS unset",
        )
    if settings.ears == OFFLINE:
        with listening(OFFLINE) as ears:
            yield ears
    elif offline.can_hear():
        with closing(offline.OfflineEars()) as ears:
            yield ears
    elif real and not able(settings, "ears"):
        raise Unavailable(
            "nobody is set up who hears, so a real telephone would not be heard",
            hint="set SWITCHHOOK_DEEPGRAM_API_KEY or SWITCHHOOK_OPENAI_API_KEY, or"
            " pip install 'switchhook[offline]'",
        )
    else:
        yield None


@contextmanager
def speaking() -> Generator[Voice]:
    """Hand out the best voice that is installed."""
    from switchhook.providers import offline  # noqa: PLC0415 - numpy is heavy
    from switchhook.providers.loopback import Hum  # noqa: PLC0415 - as above

    if not offline.available():
        yield Hum()
        return
    with closing(offline.OfflineVoice()) as voice:
        yield voice


@contextmanager
def listening(wanted: str) -> Generator[Ears]:
    """Hand out the ears that were asked for, or refuse where they are not installed."""
    from switchhook.providers import offline  # noqa: PLC0415 - numpy is heavy
    from switchhook.providers.loopback import TextEars  # noqa: PLC0415 - as above

    if wanted != "offline":
        yield TextEars()
        return
    if not (offline.available() and offline.can_hear()):
        raise Unavailable(
            "SWITCHHOOK_EARS is offline, but the recogniser or the voice is not installed",
            hint="pip install 'switchhook[offline]' (it has no wheel for Python 3.12), or set"
            " SWITCHHOOK_EARS=text",
        )
    with closing(offline.OfflineEars()) as ears:
        yield ears
