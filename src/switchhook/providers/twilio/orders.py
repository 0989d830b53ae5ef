"""What Twilio is asked for: the parameters of a call, and those that a user may set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from switchhook.domain.errors import InvalidInput, UnsupportedParameter
from switchhook.ports import Dial
from switchhook.providers.twilio.reach import Reach

RING_SECONDS: Final = 60
MEDIA: Final = "media"
"""The one parameter that is not Twilio's: whether audio or words pass between Twilio and us."""
STREAM: Final = "stream"
RELAY: Final = "relay"
_GRACE: Final = 60
"""Seconds after our own limit at which Twilio ends the call, should we be gone."""


def order(request: Dial, reach: Reach) -> dict[str, Any]:
    """Return what the library's request to dial takes, but for the document."""
    asked = check(_params(request.options))
    # It is ours to choose by which document the call is connected.
    asked.pop(MEDIA, None)
    status = reach.callback(request.token, "status")
    wanted: dict[str, Any] = {
        "to": request.to_number,
        "from_": request.from_number,
        "status_callback": status,
        "status_callback_event": ["initiated", "ringing", "answered", "completed"],
        "timeout": request.ring_seconds or RING_SECONDS,
        "time_limit": request.max_seconds + _GRACE,
    }
    if "machine_detection" in asked:
        detected = reach.callback(request.token, "detected")
        wanted |= {"async_amd": "true", "async_amd_status_callback": detected}
    if asked.get("record"):
        # Trimmed silence would move the two channels against each other.
        wanted |= {"recording_channels": "dual", "trim": "do-not-trim"}
        wanted |= {
            "recording_status_callback": reach.callback(request.token, "recording"),
            "recording_status_callback_event": ["completed", "absent"],
        }
    return wanted | asked


def media_of(options: Mapping[str, Any], usual: str) -> str:
    """Return how a call with these options is connected to us."""
    return _params(options).get(MEDIA, usual)


def _params(options: Mapping[str, Any]) -> Mapping[str, str]:
    return options.get("telephony_params") or {}


def check(params: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters as the library names them; any that could dial or cost is refused."""
    asked: dict[str, Any] = {}
    for name, text in params.items():
        known = _ALLOWED.get(name)
        if known is None:
            raise UnsupportedParameter(
                f"telephony_params.{name[:40]} cannot be set for a call by Twilio",
                field="options.telephony_params",
                hint=f"use {', '.join(_ALLOWED)}",
            )
        try:
            asked[known[0]] = known[1](str(text))
        except ValueError:
            raise InvalidInput(
                f"telephony_params.{name} cannot be {str(text)[:40]!r}",
                field="options.telephony_params",
                hint="see the parameter in Twilio's description of a call",
            ) from None
    return asked


def _between(least: int, most: int) -> Callable[[str], Any]:
    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return number


def _one_of(values: Mapping[str, Any]) -> Callable[[str], Any]:
    def choice(text: str) -> Any:
        if text not in values:
            raise ValueError(text)
        return values[text]

    return choice


_DETECTION = {"Enable": "Enable", "DetectMessageEnd": "DetectMessageEnd"}
_ALLOWED: Final = MappingProxyType(
    {
        MEDIA: (MEDIA, _one_of({STREAM: STREAM, RELAY: RELAY})),
        "Timeout": ("timeout", _between(5, 600)),
        "CallReason": ("call_reason", str),
        "Record": ("record", _one_of({"true": True, "false": False})),
        "MachineDetection": ("machine_detection", _one_of(_DETECTION)),
        "MachineDetectionTimeout": ("machine_detection_timeout", _between(3, 59)),
        "MachineDetectionSpeechThreshold": (
            "machine_detection_speech_threshold",
            _between(1000, 6000),
        ),
        "MachineDetectionSpeechEndThreshold": (
            "machine_detection_speech_end_threshold",
            _between(500, 5000),
        ),
        "MachineDetectionSilenceTimeout": (
            "machine_detection_silence_timeout",
            _between(2000, 10000),
        ),
    }
)
