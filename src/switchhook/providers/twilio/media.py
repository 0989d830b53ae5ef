"""Twilio Media Streams: the messages of the media socket, without the socket.

Both directions are written for fifty messages a second and call: the regular `media` message is
taken apart by one expression that matches nothing but valid JSON, everything else by `json`.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from switchhook.domain.errors import ProtocolBroken

LONGEST: Final = 64 * 1024
"""Characters of one message; Twilio sends about 300."""

FORMAT: Final = ("audio/x-mulaw", "8000", "1")
"""Encoding, sample rate and channels, the only ones that the stream carries."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket speaks our protocol; nothing is known of the call yet."""


@dataclass(frozen=True, slots=True)
class Start:
    """Which call this stream carries, and what our TwiML told it to say."""

    stream_sid: str
    call_sid: str
    account_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Media:
    """Mu-law audio of the far end, nearly always 20 ms."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """All that was sent before this mark has been played, or thrown away by a clear."""

    name: str


@dataclass(frozen=True, slots=True)
class Dtmf:
    """The far end pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The call is over, or has moved to another stream."""

    call_sid: str


Message = Connected | Start | Media | Mark | Dtmf | Stop

_REGULAR = re.compile(
    r'\{"event":"media","sequenceNumber":"[0-9]+(?:","streamSid":"[0-9A-Za-z]+)?",'
    r'"media":\{"track":"inbound","chunk":"[0-9]+","timestamp":"[0-9]+",'
    r'"payload":"([^"]*)"\}(?:,"streamSid":"[0-9A-Za-z]+")?\}'
).fullmatch
_unbase64 = binascii.a2b_base64


def decode(text: str) -> Message:
    """Return what a message of the socket says."""
    if len(text) > LONGEST:
        raise ProtocolBroken(f"a media stream message has {len(text)} characters, not {LONGEST}")
    regular = _REGULAR(text)
    if regular is not None:
        try:
            return Media(_unbase64(regular[1], strict_mode=True))
        except ValueError:
            pass  # The slow way knows what is wrong with it.
    message = _object(text)
    event = _text(message, "event")
    reader = _READERS.get(event)
    if reader is None:
        raise ProtocolBroken(f"a media stream message has the unknown event {event[:40]!r}")
    return reader(message)


class Outgoing:
    """Says things to one stream."""

    __slots__ = ("_clear", "_mark", "_media")

    def __init__(self, stream_sid: str) -> None:
        if not (stream_sid.isascii() and stream_sid.isalnum()):
            raise ProtocolBroken(f"{stream_sid[:60]!r} is no stream sid: letters and digits only")
        self._media = f'{{"event":"media","streamSid":"{stream_sid}","media":{{"payload":"'
        self._mark = f'{{"event":"mark","streamSid":"{stream_sid}","mark":{{"name":'
        self._clear = f'{{"event":"clear","streamSid":"{stream_sid}"}}'

    def media(self, ulaw: bytes) -> str:
        """Return the message that plays the audio after all that was sent before."""
        return self._media + binascii.b2a_base64(ulaw, newline=False).decode("ascii") + '"}}'

    def mark(self, name: str) -> str:
        """Return the message that is echoed when everything before it has been played."""
        return f"{self._mark}{json.dumps(name)}}}}}"

    def is_media(self, text: str) -> bool:
        """Tell whether a message of this stream plays audio."""
        return text.startswith(self._media)

    def clear(self) -> str:
        """Return the message that throws away what has not been played; all marks come back."""
        return self._clear


def _start(message: Mapping[str, Any]) -> Start:
    start = _inner(message, "start")
    audio = _inner(start, "mediaFormat")
    # Twilio writes most numbers as strings, and these in one place so and in another so.
    found = tuple(str(audio.get(name)) for name in ("encoding", "sampleRate", "channels"))
    if found != FORMAT:
        raise ProtocolBroken(f"the media stream carries {str(found)[:80]}, not {FORMAT}")
    parameters: Any = start.get("customParameters") or {}
    if not isinstance(parameters, dict):
        raise ProtocolBroken("the media stream's customParameters are not an object")
    return Start(
        stream_sid=_text(start, "streamSid"),
        call_sid=_text(start, "callSid"),
        account_sid=_text(start, "accountSid"),
        parameters={str(k): str(v) for k, v in cast("dict[Any, Any]", parameters).items()},
    )


def _media(message: Mapping[str, Any]) -> Media:
    media = _inner(message, "media")
    if media.get("track", "inbound") != "inbound":
        raise ProtocolBroken(
            "a media message carries our own side: the stream is not bidirectional"
        )
    payload = _text(media, "payload")
    try:
        return Media(_unbase64(payload, strict_mode=True))
    except ValueError:
        raise ProtocolBroken("the payload of a media message is not base64") from None


def _mark(message: Mapping[str, Any]) -> Mark:
    return Mark(_text(_inner(message, "mark"), "name"))


def _dtmf(message: Mapping[str, Any]) -> Dtmf:
    digit = _text(_inner(message, "dtmf"), "digit")
    if len(digit) != 1 or digit not in "0123456789*#ABCD":
        raise ProtocolBroken(f"{digit[:20]!r} is no key of a telephone")
    return Dtmf(digit)


def _stop(message: Mapping[str, Any]) -> Stop:
    return Stop(_text(_inner(message, "stop"), "callSid"))


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Message]]] = {
    "connected": lambda _message: Connected(),
    "start": _start,
    "media": _media,
    "mark": _mark,
    "dtmf": _dtmf,
    "stop": _stop,
}


def _object(text: str) -> Mapping[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolBroken("a media stream message is not JSON") from None
    if not isinstance(message, dict):
        raise ProtocolBroken("a media stream message is not a JSON object")
    return cast("dict[str, Any]", message)


def _inner(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = message.get(name)
    if not isinstance(inner, dict):
        raise ProtocolBroken(f"a media stream message lacks the object {name!r}")
    return cast("dict[str, Any]", inner)


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise ProtocolBroken(f"a media stream message lacks the text {name!r}")
    return value
