"""What Twilio has published of <ConversationRelay>: its attributes, and what may be sent to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

_SWITCH: Final = re.compile(r"true|false")
_INPUT: Final = re.compile(r"none|dtmf|speech|any")
_MAY_INTERRUPT: Final = re.compile(rf"{_INPUT.pattern}|{_SWITCH.pattern}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}-[A-Z]{2}|multi")
_VOICES: Final = re.compile(r"elevenlabs|google|amazon", re.IGNORECASE)
_EARS: Final = re.compile(r"deepgram|google", re.IGNORECASE)
_ANYTHING: Final = re.compile(r".+", re.DOTALL)

_ATTRIBUTES: Final = MappingProxyType(
    {
        "url": re.compile(r"wss?://.+"),
        "language": _LANGUAGE,
        "ttsLanguage": _LANGUAGE,
        "ttsProvider": _VOICES,
        "voice": _ANYTHING,
        "transcriptionLanguage": _LANGUAGE,
        "transcriptionProvider": _EARS,
        "speechModel": _ANYTHING,
        "eotThreshold": re.compile(r"0\.[5-9]\d*"),
        "partialPrompts": _SWITCH,
        "deepgramSmartFormat": _SWITCH,
        "speechTimeout": re.compile(r"auto|[6-9]\d\d|[1-4]\d{3}|5000"),
        "welcomeGreeting": _ANYTHING,
        "welcomeGreetingInterruptible": _INPUT,
        "interruptible": _MAY_INTERRUPT,
        "interruptSensitivity": re.compile(r"low|medium|high"),
        "reportInputDuringAgentSpeech": _INPUT,
        "ignoreBackchannel": _SWITCH,
        "preemptible": _SWITCH,
        "dtmfDetection": _SWITCH,
        "hints": _ANYTHING,
        "events": re.compile(r"(speaker-events|tokens-played)( (speaker-events|tokens-played))*"),
        "debug": _ANYTHING,
        "elevenlabsTextNormalization": re.compile(r"on|auto|off"),
        "intelligenceService": _ANYTHING,
    }
)
_VOICE_NAMES: Final = MappingProxyType(
    {
        # An id of the vendor's, and how it is to speak: model, then speed, stability, likeness.
        "elevenlabs": re.compile(r"[A-Za-z0-9]{20}(-.+)?"),
        "google": re.compile(r"[a-z]{2,3}-[A-Z]{2}-.+"),
        "amazon": re.compile(r"[A-Z][a-z]+(-(Neural|Generative))?"),
    }
)
_MODELS: Final = MappingProxyType(
    {
        "deepgram": re.compile(r"nova-[23]-[a-z]+|flux"),
        "google": re.compile(r"telephony|telephony_short|long|short|chirp.*"),
    }
)
_KEYS: Final = frozenset("0123456789w#*")


def complaint(attributes: Mapping[str, str]) -> str:
    """Return what is wrong with how a relay is to be; nothing, where it is right."""
    for name, value in attributes.items():
        published = _ATTRIBUTES.get(name)
        if published is None:
            return f"Attribute '{name}' is not allowed to appear in element 'ConversationRelay'"
        if not published.fullmatch(value):
            return f"Invalid value for attribute '{name}': {value!r}"
    return _mismatch(attributes)


def _mismatch(attributes: Mapping[str, str]) -> str:
    """Return which of the vendors has no such voice or model; who names none gets the default."""
    speaker = attributes.get("ttsProvider", "ElevenLabs")
    voice = attributes.get("voice", "")
    if voice and not _VOICE_NAMES[speaker.lower()].fullmatch(voice):
        return f"Invalid values ({speaker}/{voice}) for tts settings"
    listener = attributes.get("transcriptionProvider", "Deepgram")
    model = attributes.get("speechModel", "")
    if model and not _MODELS[listener.lower()].fullmatch(model):
        return f"Invalid values ({listener}/{model}) for transcription settings"
    return ""


def is_valid(message: Mapping[str, Any]) -> bool:
    """Tell whether a message is one of those that may be sent."""
    match message.get("type"):
        case "text":
            return isinstance(message.get("token"), str) and _flags_are_flags(message)
        case "play":
            loop = message.get("loop", 1)
            is_address = bool(urlsplit(str(message.get("source", ""))).hostname)
            return is_address and isinstance(loop, int) and _flags_are_flags(message)
        case "sendDigits":
            digits = message.get("digits")
            return isinstance(digits, str) and bool(digits) and set(digits) <= _KEYS
        case "language":
            named = [message[name] for name in _LANGUAGES if name in message]
            return bool(named) and all(_LANGUAGE.fullmatch(str(name)) for name in named)
        case "end":
            return isinstance(message.get("handoffData", ""), str)
        case _:
            return False


_LANGUAGES: Final = ("ttsLanguage", "transcriptionLanguage")


def _flags_are_flags(message: Mapping[str, Any]) -> bool:
    flags = ("last", "interruptible", "preemptible")
    return all(isinstance(message.get(flag, True), bool) for flag in flags)
