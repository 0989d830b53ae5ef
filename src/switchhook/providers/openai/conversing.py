"""What a conversation by speech tells, and what of it was heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from switchhook.engine.offers import Offer
from switchhook.providers.openai.trouble import Failure


@dataclass(frozen=True, slots=True)
class Settings:
    """What a conversation is like."""

    model: str
    instructions: str
    offers: tuple[Offer, ...] = ()
    voice: str = "marin"
    speed: float = 1.0
    language: str = "en"
    keywords: tuple[str, ...] = ()
    transcription: str = "gpt-transcribe"
    effort: str | None = None

    def session(self) -> dict[str, Any]:
        """Return the configuration of a session."""
        transcription: dict[str, Any] = {
            "model": self.transcription,
            "language": self.language,
        }
        if self.keywords:
            transcription["keywords"] = list(self.keywords)
        ulaw = {"type": "audio/pcmu"}
        reasoning = {"reasoning": {"effort": self.effort}} if self.effort else {}
        return {
            "type": "realtime",
            "instructions": self.instructions,
            "output_modalities": ["audio"],
            "audio": {
                "input": {
                    "format": ulaw,
                    "transcription": transcription,
                    # Nothing is committed, answered or interrupted but by us.
                    "turn_detection": None,
                },
                "output": {"format": ulaw, "voice": self.voice, "speed": self.speed},
            },
            "tools": [_tool(offer) for offer in self.offers],
            **reasoning,
        }


def _tool(offer: Offer) -> dict[str, Any]:
    told = {"name": offer.name, "description": offer.description}
    return {"type": "function", **told, "parameters": dict(offer.schema)}


@dataclass(frozen=True, slots=True)
class Ready:
    """The session is as we want it, for the first time or again after a renewal."""


@dataclass(frozen=True, slots=True)
class Audio:
    """More mu-law of an item of this answer of the agent's."""

    generation: int
    item: str
    audio: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """The words of an item's audio, before or after it."""

    generation: int
    item: str
    delta: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An item of the answer is at its end."""

    generation: int
    item: str


@dataclass(frozen=True, slots=True)
class CalleeSaid:
    """What the callee said between these moments of the call."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Called:
    """The agent wants something to be done; the arguments are JSON as the model wrote it."""

    generation: int
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Done:
    """An answer is over."""

    generation: int
    status: Literal["completed", "cancelled", "incomplete", "failed"]
    failure: Failure | None = None
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The vendor refused something that matters: this answer, or something else."""

    failure: Failure
    generation: int | None = None


Event = Ready | Audio | Text | Ended | CalleeSaid | Called | Done | Failed


@dataclass(frozen=True, slots=True)
class Played:
    """How much of an item the callee heard before they interrupted, in time and in words."""

    item: str
    ms: int
    text: str = ""
