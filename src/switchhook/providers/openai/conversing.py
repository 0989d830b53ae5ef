"""What a conversation by speech tells, and what of it was heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from switchhook.engine.offers import Offer
from switchhook.providers.openai.trouble import Failure


@dataclass(frozen=True, slots=True)
class Settings:
    """What a conversation is like; `turns` says who decides whose turn it is: we or the vendor."""

    model: str
    instructions: str
    offers: tuple[Offer, ...] = ()
    voice: str = "marin"
    speed: float = 1.0
    language: str = "en"
    keywords: tuple[str, ...] = ()
    transcription: str = "gpt-transcribe"
    turns: Literal["client", "server"] = "client"

    def session(self) -> dict[str, Any]:
        """Return the configuration of a session."""
        # Without detection nothing is committed, answered or interrupted but by us.
        detection = {"type": "semantic_vad"} if self.turns == "server" else None
        transcription: dict[str, Any] = {
            "model": self.transcription,
            "language": self.language,
        }
        if self.keywords:
            transcription["keywords"] = list(self.keywords)
        ulaw = {"type": "audio/pcmu"}
        return {
            "type": "realtime",
            "instructions": self.instructions,
            "output_modalities": ["audio"],
            "audio": {
                "input": {
                    "format": ulaw,
                    "transcription": transcription,
                    "turn_detection": detection,
                },
                "output": {"format": ulaw, "voice": self.voice, "speed": self.speed},
            },
            "tools": [_tool(offer) for offer in self.offers],
        }


def _tool(offer: Offer) -> dict[str, Any]:
    told = {"name": offer.name, "description": offer.description}
    return {"type": "function", **told, "parameters": dict(offer.schema)}


@dataclass(frozen=True, slots=True)
class Ready:
    """The session is as we want it, for the first time or again after a renewal."""


@dataclass(frozen=True, slots=True)
class Audio:
    """Mu-law of the agent, which begins so many milliseconds into its item."""

    item: str
    ms: int
    audio: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """The words of an item's audio, before or after it."""

    item: str
    delta: str


@dataclass(frozen=True, slots=True)
class CalleeSaid:
    """What the callee said in an item: a piece, or `final` the whole; late and in any order."""

    item: str
    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The vendor hears the callee speak, since so many milliseconds of pushed audio."""

    item: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The vendor hears that the callee has stopped."""

    item: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Called:
    """The agent wants something to be done; the arguments are JSON as the model wrote it."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Done:
    """An answer is over."""

    status: Literal["completed", "cancelled", "incomplete", "failed"]
    failure: Failure | None = None
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The vendor refused something that matters."""

    failure: Failure


Event = Ready | Audio | Text | CalleeSaid | SpeechStarted | SpeechStopped | Called | Done | Failed


@dataclass(frozen=True, slots=True)
class Played:
    """How much of an item the callee heard before they interrupted, in time and in words."""

    item: str
    ms: int
    text: str = ""
