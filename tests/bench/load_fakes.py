"""Services that cost nothing, so that only the engine is measured."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from switchhook.audio import g711
from switchhook.audio.activity import Activity, Change, Patience, Spell
from switchhook.domain.agent import AgentSnapshot, AgentSpec
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import State
from switchhook.ports import Ears, Entry, Frame, Heard, Say, Speech
from switchhook.runtime.call import RunningCall
from switchhook.runtime.framing import framed
from switchhook.runtime.ticker import Ticker

KIT = "SWITCHHOOK_BENCH_KIT"
TRANSCRIPT_MS = 50
WORDS = "Tuesday at ten would be fine, shall I book it"
PATIENCE = Patience(onset=200, within=240, end=200)
"""What the other bots of the kit ask of their detectors: 0.2 s to begin, 0.2 s to end."""

_BORN = datetime(2026, 11, 21, tzinfo=UTC)


def kit() -> Path | None:
    """Return where the load generator is, if anywhere."""
    place = os.environ.get(KIT)  # noqa: TID251 - a fact about the machine
    return Path(place) if place and Path(place, "callload.py").is_file() else None


def call(number: int, options: CallOptions) -> Interaction:
    """Return the record of a call whose every word is decided by the fake mind."""
    return Interaction(
        id=f"call_{number}",
        org_id="org_bench",
        state=State.IN_PROGRESS,
        agent=AgentSnapshot(spec=AgentSpec(mind={"kind": "assistant"}, idle_seconds=60)),
        task="answer",
        options=options,
        created_at=_BORN,
        updated_at=_BORN,
    )


class ReplyVoice:
    """Says the kit's two seconds for whatever is to be said, and nothing for the disclosure."""

    name = "reply"

    def __init__(self) -> None:
        place = kit()
        ulaw = (place / "audio" / "reply.ul").read_bytes() if place else g711.silence(2000)
        self._reply = framed(ulaw, ())
        self._nothing = Speech((), ())

    async def say(self, text: str, language: str, choice: VoiceChoice) -> Speech:
        """Return the reply."""
        return self._reply if text == WORDS else self._nothing


class Journals:
    """Keeps the last entries of every call, and answers each turn with ten words."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[Interaction, RunningCall]] = {}
        self._entries: dict[str, deque[Entry]] = {}
        self._saying: set[asyncio.Task[object]] = set()

    @contextmanager
    def kept(self, record: Interaction, running: RunningCall) -> Generator[None]:
        """Keep the record of a call for as long as it lasts."""
        self._running[record.id] = (record, running)
        self._entries[record.id] = deque(maxlen=100)
        try:
            yield
        finally:
            del self._running[record.id], self._entries[record.id]

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Keep the entry; a turn is answered."""
        record, running = self._running[call_id]
        self._entries[call_id].append(entry)
        if any(fact.kind is Kind.TURN for fact in entry.facts):
            saying = asyncio.ensure_future(running.control(Say(WORDS)))
            self._saying.add(saying)
            saying.add_done_callback(self._saying.discard)
        return record


class FakeHearing:
    """Has words when the detector says that somebody spoke."""

    def __init__(self) -> None:
        self._due: int | None = None
        self._began = 0
        self._heard: list[Heard] = []

    def changed(self, change: Change, at_ms: int) -> None:
        """Take what the detector found."""
        if change is Change.STARTED:
            self._began, self._due = at_ms, None
            self._heard.append(Heard("Tuesday", final=False, start_ms=at_ms, end_ms=at_ms))
        else:
            self._due = at_ms + TRANSCRIPT_MS

    def due(self, at_ms: int) -> Sequence[Heard]:
        """Return what is to be told now."""
        if self._due is not None and at_ms >= self._due:
            self._due = None
            self._heard.append(Heard("I need a table for two on Tuesday.", True, self._began, at_ms))
        heard, self._heard = self._heard, []
        return heard

    def close(self) -> None:
        """Let go of nothing."""


class BuiltIn(FakeHearing):
    """Hears with the detector that is always there."""

    def __init__(self) -> None:
        super().__init__()
        self._activity, self._spell = Activity(), Spell(PATIENCE)

    def push(self, frame: Frame, at_ms: int) -> Sequence[Heard]:
        """Take 20 ms."""
        change = self._spell.feed(self._activity.feed(g711.decode(frame.audio)))
        if change is not None:
            self.changed(change, at_ms)
        return self.due(at_ms)


class BuiltInEars:
    """Opens ears with the built-in detector."""

    name = "bench"

    def open(self, language: str) -> BuiltIn:
        """Start listening to one call."""
        return BuiltIn()


async def ears(stack: AsyncExitStack, vad: str, ticker: Ticker) -> Ears:
    """Return the ears with the wanted detector."""
    if vad == "built-in":
        return BuiltInEars()
    from tests.bench.load_silero import SileroEars  # noqa: PLC0415 - an extra

    found = stack.enter_context(SileroEars())
    ticker.subscribe(found.tick)
    return found
