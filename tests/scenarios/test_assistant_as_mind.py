"""Whole calls that an assistant holds itself, or is asked in, through its MCP client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcp import Client

from switchhook.domain.policy import UNCAPPED, Policy
from switchhook.faces.mcp.server import build_server
from switchhook.ports import Mind
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service import keys
from switchhook.service.exchange import Exchange
from switchhook.store.database import Database
from switchhook.testing import (
    Acts,
    FakeCarrier,
    HangsUp,
    Interrupts,
    Listens,
    PlainEars,
    PlainVoice,
    Said,
    ScriptedMind,
    Step,
    Waits,
    Writes,
    run_virtually,
    virtual_clock,
)
from switchhook.work.placing import Placing
from tests.faces.mcp.rig import FICTION, facts_of, failure_of, text_of

HELLO: list[Step] = [Said("Hello?"), Listens(1.0), Said("How can I help?")]
"""What every callee says until it is the assistant's turn."""

Lead = Callable[["Seat"], Awaitable[None]]


@dataclass
class Seat:
    """Where the assistant sits, and what it has read so far."""

    client: Client
    call_id: str = ""
    cursor: int = 0
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def call(self, **wanted: Any) -> None:
        """Place a call."""
        made = facts_of(await self.client.call_tool("create_call", {"to": FICTION, **wanted}))
        self.call_id = made["call_id"]

    async def until(self, step: str) -> dict[str, Any]:
        """Follow the call until this is the next thing to do."""
        while True:
            wanted = {"call_id": self.call_id, "cursor": self.cursor}
            news = facts_of(await self.client.call_tool("wait_for_call", wanted))
            self.cursor = news["cursor"]
            self.events += news["events"]
            if news["next_action"].startswith(step) or news["terminal"]:
                return news

    async def say(self, text: str, **how: Any) -> tuple[dict[str, Any], str]:
        """Speak, and return what is known of it when it is over."""
        wanted = {"call_id": self.call_id, "action": "say", "text": text, **how}
        result = await self.client.call_tool("control_call", wanted)
        return facts_of(result), text_of(result)

    async def answer(self, question_id: str, text: str) -> Any:
        """Answer a question of the agent."""
        wanted = {"call_id": self.call_id, "question_id": question_id, "answer": text}
        return await self.client.call_tool("answer_call_question", wanted)

    def said(self, speaker: str) -> list[str]:
        """Return what was heard of one side."""
        return [e["text"] for e in self.events if e.get("speaker") == speaker]


@asynccontextmanager
async def seat(
    folder: Path, script: Sequence[Step], minds: dict[str, Mind]
) -> AsyncGenerator[Seat]:
    """Open an exchange whose callees follow a script, and a client before it."""
    clock = virtual_clock()
    ticker = Ticker(clock)
    with closing(Database.open("sqlite://", inline=True)) as database:
        exchange = Exchange(
            database=database,
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"fake": FakeCarrier(clock, script)},
            default_carrier="fake",
            recordings=folder,
            policy=Policy(caps=UNCAPPED),
        )
        face = build_server(exchange, local=await keys.local_owner(exchange))
        placing = Placing(exchange, ticker, PlainEars(), PlainVoice(), minds=minds)
        exchange.wake = placing.wake
        async with placing.open(), face.running(), Client(face.server, cache=None) as client:
            yield Seat(client)
        assert len(exchange.switchboard) == 0


def hold(folder: Path, script: Sequence[Step], lead: Lead, **minds: Mind) -> Seat:
    """Let the assistant do what it does in a call, and return where it sat."""
    seats: list[Seat] = []

    async def main() -> None:
        async with seat(folder, script, minds) as at, asyncio.timeout(3600):
            seats.append(at)
            await lead(at)
            await at.until("never")

    run_virtually(main)
    return seats[0]


def test_an_assistant_holds_a_whole_conversation(tmp_path: Path) -> None:
    async def lead(at: Seat) -> None:
        await at.call(task="book a table", mind="assistant")
        turn = await at.until("control_call")
        assert turn["events"][-1]["text"] == "How can I help?"
        said, told = await at.say("A table for four, please.")
        assert (said["result"], said["heard"]) == ("done", "A table for four, please.")
        assert told.startswith("Done.")
        turn = await at.until("control_call")
        assert "At seven." in turn["events"][-1]["text"]
        await at.say("Seven is fine, goodbye.")

    script = [*HELLO, Listens(1.5), Said("At seven."), Listens(1.5), HangsUp()]
    at = hold(tmp_path, script, lead)

    assert at.said("callee") == ["Hello?", "How can I help?", "At seven."]
    assert at.said("agent")[-2:] == ["A table for four, please.", "Seven is fine, goodbye."]


def test_an_assistant_learns_where_it_was_interrupted(tmp_path: Path) -> None:
    async def lead(at: Seat) -> None:
        await at.call(task="book a table", mind="assistant")
        await at.until("control_call")
        said, told = await at.say("I would like to book a table for four people at seven.")
        assert said["result"] == "interrupted"
        assert said["heard"].startswith("I would")
        assert not said["heard"].endswith("at seven.")
        assert f'the callee heard only: "{said["heard"]}"' in told
        turn = await at.until("control_call")
        assert turn["events"][-1]["kind"] == "turn"

    script = [*HELLO, Interrupts("Wait, stop please.", after_ms=1500), Waits(2.0), HangsUp()]
    at = hold(tmp_path, script, lead)

    assert "Wait, stop please." in at.said("callee")


def test_an_assistant_that_thinks_long_is_covered_by_fillers(tmp_path: Path) -> None:
    async def lead(at: Seat) -> None:
        await at.call(task="book a table", mind="assistant")
        await at.until("control_call")
        await asyncio.sleep(12)
        said, _ = await at.say("Sorry for the wait.")
        assert said["result"] == "done"

    at = hold(tmp_path, [*HELLO, Waits(until_heard="wait.", seconds=40), HangsUp()], lead)

    covered = at.said("agent")[:-1]
    assert "One moment, please." in covered
    assert len(covered) >= 3


def test_an_assistant_that_never_speaks_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async def lead(at: Seat) -> None:
        await at.call(task="book a table", mind="assistant")
        await at.until("control_call")

    at = hold(tmp_path, [*HELLO, Waits(300), HangsUp()], lead)

    assert at.said("agent")[-1].startswith("I am sorry, I cannot go on")
    assert at.events[-1]["data"]["reason"] == "error_llm"


def test_what_takes_long_to_say_does_not_block_the_assistant(tmp_path: Path) -> None:
    async def lead(at: Seat) -> None:
        await at.call(task="read the terms", mind="assistant")
        await at.until("control_call")
        said, told = await at.say("word " * 200)
        assert said["result"] == "going_on"
        assert told.startswith("Going on.")

    at = hold(tmp_path, [*HELLO, Listens(3.0), HangsUp()], lead)

    assert at.said("agent")[-1].count("word") == 200


def test_a_mind_asks_its_principal_and_goes_by_the_answer(tmp_path: Path) -> None:
    mind = ScriptedMind(
        [
            [Writes("Let me ask."), Acts("ask_principal", '{"question": "19:30, take it?"}')],
            [Writes("Half past seven is fine, goodbye."), Acts("end_call")],
        ]
    )

    async def lead(at: Seat) -> None:
        await at.call(task="book a table at seven")
        asked = await at.until("answer_call_question")
        question = asked["open_question"]
        assert question["question"] == "19:30, take it?"
        assert 0 < question["deadline_seconds"] <= 20
        assert facts_of(await at.answer(question["question_id"], "Yes."))["result"] == "done"

    script = [*HELLO, Listens(30), HangsUp()]
    at = hold(tmp_path, script, lead, model=mind)

    said = " ".join(at.said("agent"))
    assert said.index("Let me ask.") < said.index("Half past seven is fine, goodbye.")


def test_an_answer_after_the_deadline_is_refused_and_the_agent_has_said_its_fallback(
    tmp_path: Path,
) -> None:
    async def lead(at: Seat) -> None:
        await at.call(task="book a table at seven", mind="interview")
        asked = await at.until("answer_call_question")
        await asyncio.sleep(25)
        late = failure_of(await at.answer(asked["open_question"]["question_id"], "Yes."))
        assert late["message"] == "there is no such open question"

    script = [Said("Hello?"), Listens(1.0), Said("What are your opening hours?"), Waits(40)]
    at = hold(tmp_path, [*script, HangsUp()], lead)

    said = " ".join(at.said("agent"))
    assert "One moment, please." in said
    assert "I am sorry, I do not know that." in said
