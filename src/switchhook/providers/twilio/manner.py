"""How Twilio is to hear and speak for an agent: its settings, as a <ConversationRelay> has them.

What Twilio has no such thing for is left to Twilio's own default, and so is a voice of a vendor
that it does not speak by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Final

from switchhook.domain.agent import AgentSpec, TurnSettings, Voice

LOCALES: Final = MappingProxyType(
    {
        "en": "en-US",
        "es": "es-ES",
        "de": "de-DE",
        "hi": "hi-IN",
        "pt": "pt-BR",
        "fr": "fr-FR",
        "nl": "nl-NL",
        "id": "id-ID",
        "it": "it-IT",
        "ja": "ja-JP",
        "ko": "ko-KR",
    }
)
_SENSITIVITY: Final = MappingProxyType({"low": "low", "normal": "medium", "high": "high"})
_MODELS: Final = MappingProxyType(
    {
        "nova-2": "nova-2-general",
        "nova-2-general": "nova-2-general",
        "nova-3": "nova-3-general",
        "nova-3-general": "nova-3-general",
        "flux-general-en": "flux",
    }
)
"""What Deepgram's models are called there; with any other name the call would be cut off."""

_VOICE_ID: Final = re.compile(r"[A-Za-z0-9]{20}")
_SPOKEN_BY: Final = ("flash_v2_5", "turbo_v2_5", "flash_v2", "turbo_v2")
"""The models of ElevenLabs that Twilio speaks by; ElevenLabs itself says `eleven_` before them."""

_MOST_HINTS: Final = 1000
"""Characters; the request to dial takes a document of 4000."""


def manner(spec: AgentSpec) -> dict[str, Any]:
    """Return the attributes, as the library names them."""
    return {
        "language": LOCALES[spec.language],
        "dtmf_detection": True,
        "report_input_during_agent_speech": "any",
        "events": "speaker-events",
        # Without a word the oldest accounts are heard by somebody else, who knows other models.
        "transcription_provider": "Deepgram",
        "speech_model": _MODELS.get(spec.ears.model or ""),
        "hints": _hints(spec.ears.keywords),
        **_interruption(spec.turns),
        **_voice(spec.voice),
    }


def _interruption(turns: TurnSettings) -> dict[str, Any]:
    mode = turns.interruption_mode
    by = "any" if turns.interrupt_on_digits else "speech"
    return {
        "interruptible": "none" if mode == "off" else by,
        "interrupt_sensitivity": _SENSITIVITY[turns.interrupt_sensitivity],
        "ignoreBackchannel": mode != "immediate",
    }


def _voice(voice: Voice) -> dict[str, Any]:
    if voice.provider.strip().lower() != "elevenlabs" or not _VOICE_ID.fullmatch(voice.name):
        return {}
    model = (voice.model or "").removeprefix("eleven_")
    name = f"{voice.name}-{model}" if model in _SPOKEN_BY else voice.name
    return {"tts_provider": "ElevenLabs", "voice": name}


def _hints(keywords: Sequence[str]) -> str | None:
    """Return as many as there is room for."""
    hints = [keyword.replace(",", " ") for keyword in keywords]
    fits = [size <= _MOST_HINTS for size in accumulate(len(hint) + 1 for hint in hints)]
    return ",".join(hints[: sum(fits)]) or None
