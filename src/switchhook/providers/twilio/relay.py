"""Twilio ConversationRelay: the messages of its socket, without the socket.

Twilio hears, speaks and lets itself be interrupted; what passes is text. Telnyx speaks the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from switchhook.domain.errors import ProtocolBroken

LONGEST: Final = 64 * 1024
"""Characters of one message; the longest are what somebody says in one turn."""

_WITHOUT_END: Final = 0
"""Twilio plays it a thousand times then, and no more."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Which call this is, and what our TwiML told it to say; always the first message."""

    session_id: str
    call_sid: str
    account_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Prompt:
    """The far end said this; `last` when its turn is complete."""

    text: str
    last: bool


@dataclass(frozen=True, slots=True)
class Interrupt:
    """The far end cut our words off; this much of them was heard."""

    heard: str


@dataclass(frozen=True, slots=True)
class Dtmf:
    """The far end pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class Speaking:
    """One side begins or ends to speak; told where `events` asks for it."""

    agent: bool
    begins: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """Twilio did not understand us, or cannot go on."""

    description: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that needs no answer."""


Message = Setup | Prompt | Interrupt | Dtmf | Speaking | Trouble | Remark


def decode(text: str) -> Message:
    """Return what a message of the socket says."""
    if len(text) > LONGEST:
        raise ProtocolBroken(f"a relay message has {len(text)} characters, not {LONGEST}")
    message = _object(text)
    reader = _READERS.get(kind := _text(message, "type"))
    if reader is None:
        raise ProtocolBroken(f"a relay message has the unknown type {kind[:40]!r}")
    return reader(message)


def say(text: str, *, interruptible: bool) -> str:
    """Return the message that speaks a text; whatever is sent next takes its place."""
    message = {"type": "text", "token": text, "last": True, "preemptible": True}
    # What may be cut off says nothing, so that our TwiML decides by what: true would mean anything.
    return _message(message if interruptible else message | {"interruptible": False})


def play(url: str) -> str:
    """Return the message that plays a sound, again and again until something is sent."""
    message = {"type": "play", "source": url, "loop": _WITHOUT_END}
    return _message(message | {"preemptible": True, "interruptible": False})


def send_digits(digits: str) -> str:
    """Return the message that presses keys; `w` is a pause of half a second."""
    return _message({"type": "sendDigits", "digits": digits.replace("W", "ww")})


def end(reason: str) -> str:
    """Return the message that ends the session; the reason comes back with the call's action."""
    return _message({"type": "end", "handoffData": json.dumps({"reason": reason})})


def _message(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def _setup(message: Mapping[str, Any]) -> Setup:
    parameters: Any = message.get("customParameters") or {}
    if not isinstance(parameters, dict):
        raise ProtocolBroken("the relay's customParameters are not an object")
    return Setup(
        session_id=_text(message, "sessionId"),
        call_sid=_text(message, "callSid"),
        account_sid=_text(message, "accountSid"),
        parameters={str(k): str(v) for k, v in cast("dict[Any, Any]", parameters).items()},
    )


def _prompt(message: Mapping[str, Any]) -> Prompt:
    # Without partial prompts every prompt is the last.
    return Prompt(_text(message, "voicePrompt"), last=message.get("last", True) is not False)


def _interrupt(message: Mapping[str, Any]) -> Interrupt:
    return Interrupt(_text(message, "utteranceUntilInterrupt"))


def _dtmf(message: Mapping[str, Any]) -> Dtmf:
    digit = _text(message, "digit")
    if len(digit) != 1 or digit not in "0123456789*#ABCD":
        raise ProtocolBroken(f"{digit[:20]!r} is no key of a telephone")
    return Dtmf(digit)


def _info(message: Mapping[str, Any]) -> Speaking | Remark:
    agent = _SPEAKERS.get(str(message.get("name")))
    begins = _BEGINS.get(str(message.get("value")))
    if agent is None or begins is None:
        return Remark()
    return Speaking(agent, begins)


def _trouble(message: Mapping[str, Any]) -> Trouble:
    return Trouble(_text(message, "description"))


_SPEAKERS: Final[Mapping[str, bool]] = {"agentSpeaking": True, "clientSpeaking": False}
_BEGINS: Final[Mapping[str, bool]] = {"on": True, "off": False}
_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Message]]] = {
    "setup": _setup,
    "prompt": _prompt,
    "interrupt": _interrupt,
    "dtmf": _dtmf,
    "info": _info,
    "error": _trouble,
}


def _object(text: str) -> Mapping[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolBroken("a relay message is not JSON") from None
    if not isinstance(message, dict):
        raise ProtocolBroken("a relay message is not a JSON object")
    return cast("dict[str, Any]", message)


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise ProtocolBroken(f"a relay message lacks the text {name!r}")
    return value
