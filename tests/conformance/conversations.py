"""Whole calls over every line and with every mind, so that what they share can be checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchhook.domain.agent import AgentSpec
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import State
from switchhook.domain.transcript import Line
from switchhook.ports import Duplex, HangUp, Mind, Say
from switchhook.providers.openai.duplex import OpenAIDuplex
from switchhook.providers.openai.responses import ResponsesMind
from switchhook.service import following
from switchhook.testing import Acts, Step, Writes, run_virtually, virtual_clock
from switchhook.testing.openai import FakeOpenAI, when
from switchhook.testing.twilio import Phone
from tests.conformance.rehearsed import Rehearsed
from tests.providers.openai.asking import reaching
from tests.providers.twilio.town import TO
from tests.scenarios.talking import Writing
from tests.scenarios.telephones import Telephones, telephones

LINES = ("loopback", "media", "relay")
MINDS = ("interview", "model", "duplex", "deciding duplex", "assistant")
"""Whose part it is; a deciding one finds for itself when the callee has finished."""

DECIDING = "deciding "

OPENING = "I am calling about a table for four at eight on Sunday evening."
WHO = "I am the assistant of Rosa."
GOODBYE = "Thank you, goodbye."
MESSAGE = "Please call Rosa back."
ENDED = (State.ENDED, State.NOT_CONNECTED, State.ERROR)

_BOOKED = {
    "type": "object",
    "properties": {"free": {"type": "boolean", "description": "Is that possible?"}},
}
_OPTIONS = {
    "loopback": CallOptions(carrier="loopback"),
    "media": CallOptions(carrier="twilio"),
    "relay": CallOptions(carrier="twilio", telephony_params={"media": "relay"}),
}


@dataclass
class Held:
    """A call, as it was recorded, and as the callee heard it."""

    record: Interaction
    lines: Sequence[Line]
    heard: str

    def said_by(self, speaker: str) -> list[str]:
        return [line.text for line in self.lines if line.speaker == speaker]

    def after(self, words: str) -> list[str]:
        """Return what the agent said after the callee had said this."""
        said = next(i for i, line in enumerate(self.lines) if line.text == words)
        return [line.text for line in self.lines[said:] if line.speaker == "agent"]


def hold(folder: Path, line: str, mind: str, script: Sequence[Step]) -> Held:
    """Hold a call to its end, over this line and with this mind."""

    async def main() -> Held:
        async with (
            _minds(mind, line) as (minds, duplex),
            telephones(folder, {TO: Phone(script)}, minds=minds, duplex=duplex) as at,
            asyncio.TaskGroup() as group,
        ):
            rehearsed = Rehearsed(at.exchange.clock, at.ticker, script)
            if line == "loopback":
                at.exchange.carriers = {"loopback": rehearsed}
            call_id = await at.call(options=_OPTIONS[line], agent=_agent(mind))
            attending = group.create_task(_attend(at, call_id)) if mind == "assistant" else None
            record = await at.until(call_id, *ENDED)
            if attending is not None:
                attending.cancel()
            page = await following.transcript(at.exchange, at.owner, call_id)
            await at.town.until_quiet()
            return Held(record, page.lines, _heard(at, rehearsed))

    return run_virtually(main)


def _agent(mind: str) -> AgentSpec:
    spec: dict[str, Any] = {
        "name": "Rosa",
        "prompt": {"content": "Call for Rosa."},
        "first_message": OPENING,
        "mind": {"kind": mind.removeprefix(DECIDING)},
        "turns": {"endpointing_mode": "provider" if mind.startswith(DECIDING) else "dynamic"},
        "voicemail": {"voicemail_message": MESSAGE},
        "result_schema": _BOOKED if mind == "interview" else None,
    }
    return AgentSpec.model_validate(spec)


@asynccontextmanager
async def _minds(mind: str, line: str) -> AsyncGenerator[tuple[dict[str, Mind], Duplex | None]]:
    speaks = mind.endswith("duplex")
    if not speaks and mind != "model":
        yield {}, None
        return
    answers = {"who": WHO, "yes": [Writes(GOODBYE), Acts("end_call", '{"outcome": "achieved"}')]}
    fake = FakeOpenAI(brain=when(answers))
    async with reaching(fake) as api:
        duplex = Writing(OpenAIDuplex(api, virtual_clock())) if speaks else None
        # A line that hears and speaks by itself is held by the mind that stands by.
        yield {"model": ResponsesMind(api)}, duplex
    # Who only warms up while the telephone rings asks for hardly a word.
    stood_in = any(body.get("tool_choice") != "none" for _, body in fake.requests)
    assert not (stood_in and speaks and line != "relay"), "the model did not hold it"


async def _attend(at: Telephones, call_id: str) -> None:
    """Be the assistant that holds the conversation."""
    answered = 0
    while True:
        await asyncio.sleep(0.2)
        page = await following.transcript(at.exchange, at.owner, call_id)
        said = [line.text.casefold() for line in page.lines if line.speaker == "callee"]
        new, answered = said[answered:], len(said)
        live = at.exchange.switchboard.find(call_id)
        if live is None:
            continue
        for words in new:
            if "who" in words:
                await live.control(Say(WHO))
            elif "yes" in words:
                await live.control(Say(GOODBYE))
                await live.control(HangUp())


def _heard(at: Telephones, rehearsed: Rehearsed) -> str:
    """Return the words that reached the callee's ear."""
    if rehearsed.heard:
        return " ".join(rehearsed.heard)
    (life,) = at.twilio.lives.values()
    if life.relays:
        return " ".join(life.relays[0].end.heard)
    return " ".join(word for p in life.streams[0].end.record for word in p.frame.words)
