"""The vendors by name, under our keys or an account's own: a part of the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import SystemRandom
from typing import Final

from switchhook.domain.agent import Mind as MindChoice
from switchhook.ports import Analyst, Clock, Duplex, Ears, Mind, Voice
from switchhook.providers.cartesia import account as cartesia_account
from switchhook.providers.cartesia import voice as cartesia
from switchhook.providers.deepgram import account as deepgram
from switchhook.providers.deepgram.ears import DeepgramEars
from switchhook.providers.deepgram.voice import DeepgramVoice
from switchhook.providers.elevenlabs import account as elevenlabs_account
from switchhook.providers.elevenlabs import voice as elevenlabs
from switchhook.providers.openai import api as openai
from switchhook.providers.openai.analysis import OpenAIAnalyst
from switchhook.providers.openai.chat import ChatMind
from switchhook.providers.openai.duplex import OpenAIDuplex
from switchhook.providers.openai.ears import MODEL as EARS_MODEL
from switchhook.providers.openai.ears import OpenAIEars
from switchhook.providers.openai.responses import MODEL, ResponsesMind
from switchhook.providers.openai.voice import MODEL as VOICE_MODEL
from switchhook.providers.openai.voice import OpenAIVoice
from switchhook.settings import Settings

Keys = Mapping[str, str]

OPENAI: Final = "openai"

ENDS_SOON: Final = timedelta(days=60)
"""How long before a vendor ends a model somebody should know of it."""


class Vendors:
    """Makes ears, voices and minds; an account's own key goes to the vendor itself, not to ours."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._random = SystemRandom()
        self._pool: openai.Api | None = None

    def ears(self, vendor: str, own: Keys) -> Ears:
        """Return the ears of a vendor that hears."""
        if vendor == OPENAI:
            return OpenAIEars(self._api(own))
        key = self._key(vendor, own)
        return DeepgramEars(key, self._clock, url=self._socket(vendor, deepgram.URL))

    def voice(self, vendor: str, own: Keys) -> Voice:
        """Return the voice of a vendor that speaks."""
        if vendor == OPENAI:
            return OpenAIVoice(self._api(own))
        make, url = _VOICES[vendor]
        key = self._key(vendor, own)
        return make(key, self._clock, self._random, url=self._socket(vendor, url))

    def minds(self, choice: MindChoice, own: Keys) -> tuple[Mind, ...]:
        """Return who thinks, and the second choice where the agent has one."""
        api, model = self._api(own), self._settings.openai_model or MODEL
        make = ResponsesMind
        if self._settings.openai_only_chats:
            # Our server's name for its model means nothing to OpenAI.
            make, model = (ResponsesMind, MODEL) if OPENAI in own else (ChatMind, model)
        minds = make(api, model), make(api, model, spare=True)
        return minds if choice.fallback_model or choice.model else minds[:1]

    def analyst(self) -> Analyst:
        """Return who judges calls that are over."""
        return OpenAIAnalyst(self._api({}), self._settings.openai_model or MODEL)

    def duplex(self, own: Keys) -> Duplex:
        """Return who hears, thinks and speaks in one."""
        return OpenAIDuplex(self._api(own), self._clock)

    async def close(self) -> None:
        """Let go of all connections."""
        if self._pool is not None:
            await self._pool.close()

    def _api(self, own: Keys) -> openai.Api:
        if self._pool is None:
            key = self._settings.vendor_keys.get(OPENAI, "")
            self._pool = openai.Api(key, self._settings.openai_base_url or openai.URL)
        if OPENAI not in own:
            return self._pool
        # A server that only speaks like OpenAI is no place for somebody's key to OpenAI.
        elsewhere = None if self._settings.openai_only_chats else self._settings.openai_base_url
        return self._pool.under(own[OPENAI], elsewhere or openai.URL)

    def _key(self, vendor: str, own: Keys) -> str:
        return own.get(vendor) or self._settings.vendor_keys[vendor]

    def _socket(self, vendor: str, url: str) -> str:
        given = self._settings.base_urls.get(vendor)
        return given.replace("http", "ws", 1) if given else url


_VOICES = {
    "elevenlabs": (elevenlabs.ElevenLabsVoice, elevenlabs.URL),
    "cartesia": (cartesia.CartesiaVoice, cartesia.URL),
    "deepgram": (DeepgramVoice, deepgram.URL),
}


async def prove(settings: Settings, vendor: str, today: date) -> str:
    """Return what is to be known of a vendor that takes our key, or raise why it does not."""
    key = settings.vendor_keys[vendor]
    if vendor != OPENAI:
        ask, url = _PROOFS[vendor]
        await ask(key, settings.base_urls.get(vendor, url))
        return "accepts the key"
    # The vendor's own library takes a second to import, and nothing else needs it.
    from switchhook.providers.openai.models import models  # noqa: PLC0415

    known = await models(key, settings.openai_base_url or openai.URL)
    wanted = {settings.openai_model or MODEL}
    if not settings.openai_only_chats:
        wanted |= {EARS_MODEL, VOICE_MODEL}
    soon = today + ENDS_SOON
    ends = [model for model in known if model.name in wanted and model.ends and model.ends < soon]
    told = [f"{model.name} ends on {model.ends}" for model in ends]
    return "; ".join([f"offers {len(known)} models", *told])


_PROOFS = {
    "deepgram": (deepgram.prove, deepgram.API),
    "elevenlabs": (elevenlabs_account.prove, elevenlabs_account.URL),
    "cartesia": (cartesia_account.prove, cartesia_account.URL),
}
