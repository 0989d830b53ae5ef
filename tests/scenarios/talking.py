"""A model that hears and speaks, over a socket to a vendor that is none."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from switchhook.domain.interaction import Interaction
from switchhook.ports import (
    Answered,
    AnswerPiece,
    Duplex,
    Duplexing,
    DuplexRequest,
    Frame,
    Heard,
    Voiced,
)
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.duplex import OpenAIDuplex
from switchhook.testing import AT_ONCE, a_call, virtual_clock
from switchhook.testing.inscribed import inscribed, read
from switchhook.testing.openai import FakeOpenAI


@asynccontextmanager
async def talking(fake: FakeOpenAI | None) -> AsyncGenerator[Duplex | None]:
    """Reach the model of this vendor, if there is one; nothing of it is left open."""
    if fake is None:
        yield None
        return
    async with fake.serving() as url:
        api = Api(fake.key, url)
        yield Writing(OpenAIDuplex(api, virtual_clock()))
        await api.close()
    assert fake.live == 0, "a conversation is open"


@dataclass
class Writing:
    """Writes the words that ride on frames into their audio, which is all that passes the wire.

    What comes back is read again.
    """

    duplex: Duplex
    name: str = "openai"

    def open(
        self, request: DuplexRequest, heard: Callable[[Heard], None], answered: Answered
    ) -> Duplexing:
        def read_out(generation: int, piece: AnswerPiece) -> None:
            if isinstance(piece, Voiced):
                piece = replace(piece, frames=tuple(read(frame) for frame in piece.frames))
            answered(generation, piece)

        return WritingConversation(self.duplex.open(request, heard, read_out))


class WritingConversation:
    """A conversation that is as the one within it, but for what it hears."""

    def __init__(self, within: Duplexing) -> None:
        self._within = within
        self.expect, self.speech, self.run, self.close = (
            within.expect,
            within.speech,
            within.run,
            within.close,
        )
        self.answer, self.cancel, self.cut, self.note = (
            within.answer,
            within.cancel,
            within.cut,
            within.note,
        )

    def push(self, frame: Frame, at_ms: int) -> None:
        self._within.push(Frame(inscribed(frame)), at_ms)


def by_duplex(**spec: Any) -> Interaction:
    """A call that is held by a model that hears and speaks."""
    usual: dict[str, Any] = {"mind": {"kind": "duplex"}, "turns": AT_ONCE, "idle_seconds": 60}
    return a_call("", options=None, name="Rosa", **usual | spec)


def told(fake: FakeOpenAI, kind: str) -> list[dict[str, Any]]:
    """Everything of this kind that the vendor was told."""
    return [message for message in fake.received if message["type"] == kind]


def complaints(fake: FakeOpenAI) -> list[dict[str, Any]]:
    """What the vendor did not accept."""
    return [message for message in fake.sent if message["type"] == "error"]


def made_ms(fake: FakeOpenAI) -> dict[str, int]:
    """How much sound of each item the vendor sent."""
    made: dict[str, int] = {}
    for message in fake.sent:
        if message["type"] == "response.output_audio.delta":
            octets = len(message["delta"]) * 3 // 4 - message["delta"].count("=")
            made[message["item_id"]] = made.get(message["item_id"], 0) + octets // 8
    return made


def cut_ms(fake: FakeOpenAI) -> dict[str, int]:
    """Where each item was cut; nothing of a deleted one was heard."""
    kinds = ("conversation.item.truncate", "conversation.item.delete")
    cuts = [message for message in fake.received if message["type"] in kinds]
    return {cut["item_id"]: cut.get("audio_end_ms", 0) for cut in cuts}
