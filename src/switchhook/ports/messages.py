"""Written messages: who sends them, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from switchhook.domain.interaction import Channel

MessageChannel = Literal[Channel.SMS, Channel.WHATSAPP]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent; the token marks it in everything that is reported of it."""

    token: str
    to_number: str
    from_number: str
    body: str
    channel: MessageChannel = Channel.SMS


class Undelivered(StrEnum):
    """Why a message was not sent, or did not arrive."""

    OPTED_OUT = "opted_out"
    """They asked not to be written to."""
    INVALID_DESTINATION = "invalid_destination"
    """There is no such number, or it can read no messages."""
    UNREACHABLE = "unreachable"
    """The telephone is off, or its network does not answer."""
    OUTSIDE_WINDOW = "outside_window"
    """It is too long since they wrote: only an approved template may be sent."""
    INVALID_BODY = "invalid_body"
    """It is empty, or too long."""
    FILTERED = "filtered"
    """A carrier took it for something that it does not pass on."""
    DENIED = "denied"
    """This account, or this sender, may not send it."""
    TOO_MANY = "too_many"
    """More were sent than may be; later it can be sent."""
    UNAVAILABLE = "unavailable"
    """Nobody was reached who could send it; later it can be sent."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sent:
    """The carrier took the message and has a name for it."""

    ref: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """The carrier did not take it; nothing was sent."""

    reason: Undelivered
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PerhapsSent:
    """The carrier was asked and did not answer; it is never asked a second time."""


class Progress(StrEnum):
    """How far a message has got, in this order; the last three are final."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the message that bears the token; it may be told late and twice."""

    token: str
    ref: str
    progress: Progress
    reason: Undelivered | None = None


class Messages(Protocol):
    """Who sends messages."""

    name: str
    simulated: bool

    async def send(self, message: Message) -> Sent | NotSent | PerhapsSent:
        """Send it, once."""
        ...
