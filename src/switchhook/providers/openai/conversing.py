"""What a conversation by speech tells, and what of it was heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from switchhook.engine.offers import Offer
from switchhook.providers.openai.trouble import Failure

Eagerness = Literal["low", "auto", "high"]
_SILENCE_MS: Mapping[Eagerness, int] = MappingProxyType({"low": 800, "auto": 500, "high": 300})


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
    eagerness: Eagerness | None = None
    """How soon the vendor finds that a turn is over; without it turns are ours."""
    understands: bool = True
    """Whether the vendor finds the ends of turns by what is said, and not by silence alone."""

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
                    "turn_detection": self._turn_detection(),
                },
                "output": {"format": ulaw, "voice": self.voice, "speed": self.speed},
            },
            "tools": [_tool(offer) for offer in self.offers],
            **reasoning,
        }

    def _turn_detection(self) -> dict[str, Any] | None:
        """Return who commits what was heard; nothing is answered or interrupted but by us."""
        if self.eagerness is None:
            return None
        ours = {"create_response": False, "interrupt_response": False}
        if self.understands:
            return {"type": "semantic_vad", "eagerness": self.eagerness, **ours}
        return {"type": "server_vad", "silence_duration_ms": _SILENCE_MS[self.eagerness], **ours}


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
class TurnOver:
    """The vendor finds that the callee has finished; what they said may be written down later."""

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


Event = Ready | Audio | Text | Ended | CalleeSaid | TurnOver | Called | Done | Failed


@dataclass(frozen=True, slots=True)
class Played:
    """How much of an item the callee heard before they interrupted, in time and in words."""

    item: str
    ms: int
    text: str = ""
