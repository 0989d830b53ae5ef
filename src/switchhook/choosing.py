"""Who hears, speaks and thinks: the order in which they are asked, and why it is this one.

First whom the agent names, or else the settings; then every other vendor with a key, in the order
below; last what needs no key. It is a part of the composition root, and opens nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import InvalidInput
from switchhook.runtime.breaker import Port
from switchhook.settings import Settings, variable

AUTO: Final = "auto"
OFFLINE: Final = "offline"
TEXT: Final = "text"
INTERVIEW: Final = "interview"
OPENAI: Final = "openai"

VENDORS: Final = MappingProxyType[Port, tuple[str, ...]](
    {
        "mind": ("openai",),
        "ears": ("deepgram", "openai"),
        "voice": ("elevenlabs", "cartesia", "deepgram", "openai"),
    }
)
"""Who can do what, in the order in which they are asked where nobody is named."""

LAST: Final = (OFFLINE, TEXT)
"""Who needs no key, and is asked last."""

_ESPEAK: Final = "espeak-ng"
"""Another name for the voice that needs no key."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Names in the order in which they are asked; without a mind the agent follows rules.

    Where a model hears and speaks by itself, all others stand by.
    """

    ears: tuple[str, ...]
    voices: tuple[str, ...]
    minds: tuple[str, ...]
    duplex: bool = False


def chain(
    settings: Settings, spec: AgentSpec, own: Collection[str] = (), *, simulated: bool
) -> Chain:
    """Return who takes part in a call of the agent; the account has `own` keys to some vendors."""
    last = TEXT if simulated else OFFLINE
    ears = _named(spec.ears.provider) or _named(settings.ears) or (TEXT if simulated else AUTO)
    if ears == TEXT and not simulated:
        # No words ride on the audio of a real telephone, so these would hear nothing there.
        ears = AUTO
    voice = _named(spec.voice.provider) or settings.voice
    thinks = spec.mind.kind in (AUTO, "model", "duplex")
    return Chain(
        ears=_order(ears, able(settings, "ears", own), last),
        voices=_order(voice, able(settings, "voice", own), OFFLINE),
        minds=able(settings, "mind", own) if thinks else (),
        duplex=spec.mind.kind == "duplex" and converses(settings, own),
    )


def converses(settings: Settings, own: Collection[str] = ()) -> bool:
    """Tell whether there is a key to a model that hears and speaks by itself."""
    return OPENAI in able(settings, "voice", own)


def able(settings: Settings, port: Port, own: Collection[str] = ()) -> tuple[str, ...]:
    """Return the vendors that there is a key to, in their order."""
    ours = set(settings.vendor_keys)
    if settings.openai_only_chats and port != "mind":
        ours.discard("openai")
    return tuple(vendor for vendor in VENDORS[port] if vendor in own or vendor in ours)


def check(settings: Settings, spec: AgentSpec) -> None:
    """Let an agent pass whose ears, voice and mind are set up; say which setting is missing."""
    own = spec.connections
    for vendor in own:
        if not any(vendor in vendors for vendors in VENDORS.values()):
            raise InvalidInput(
                f"no vendor is called {vendor[:40]!r}",
                field="connections",
                hint=f"use one of: {', '.join(sorted({*VENDORS['ears'], *VENDORS['voice']}))}",
            )
    _check("ears", spec.ears.provider, able(settings, "ears", own))
    _check("voice", spec.voice.provider, able(settings, "voice", own))
    kind = spec.mind.kind
    there = {"duplex": converses(settings, own), "model": bool(able(settings, "mind", own))}
    if not there.get(kind, True):
        raise InvalidInput(
            f"the agent's mind is {kind!r}, and none is set up",
            field="mind",
            hint=f"set {variable('openai_api_key')} or {variable('openai_base_url')}, or let the"
            " agent's mind be 'interview' or 'assistant'",
        )


def _check(port: Port, wanted: str, vendors: tuple[str, ...]) -> None:
    named = _named(wanted)
    if not named or named == OFFLINE or named in vendors:
        return
    if named not in VENDORS[port]:
        known = ", ".join((AUTO, OFFLINE, *VENDORS[port]))
        raise InvalidInput(
            f"{port}.provider: nobody is called {wanted[:40]!r}",
            field=f"{port}.provider",
            hint=f"use one of: {known}",
        )
    setting = variable(f"{named}_api_key")
    raise InvalidInput(
        f"{port}.provider is {named!r}, and {setting} is not set",
        field=f"{port}.provider",
        hint=f"set {setting}, or name a connection of the account to {named} in connections",
    )


def _named(provider: str) -> str:
    """Return who is named; nothing, where the choice is left to us."""
    name = provider.strip().lower()
    return {AUTO: "", _ESPEAK: OFFLINE}.get(name, name)


def _order(wanted: str, vendors: tuple[str, ...], last: str) -> tuple[str, ...]:
    if wanted in LAST:
        return (wanted,)
    if wanted in vendors:
        vendors = (wanted, *(vendor for vendor in vendors if vendor != wanted))
    return (*vendors, last)
