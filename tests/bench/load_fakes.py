"""Services that cost nothing, so that only the engine is measured."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from switchhook.audio import g711
from switchhook.audio.activity import Change, Patience, Spell
from switchhook.domain.agent import AgentSnapshot, AgentSpec, Language, Mind, TurnSettings
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import State
from switchhook.engine.expectation import Expectation
from switchhook.ports import (
    Clock,
    Delta,
    Detecting,
    Detector,
    Done,
    Entry,
    Frame,
    Heard,
    Listening,
    MindEvent,
    MindRequest,
    Speech,
)
from switchhook.providers.silero.calls import Neural
from switchhook.providers.silero.model import Model
from switchhook.runtime import listening
from switchhook.runtime.framing import framed
from switchhook.runtime.ticker import Ticker
from switchhook.runtime.utterances import LEAST_CHARACTER_MS

KIT = "SWITCHHOOK_BENCH_KIT"
TRANSCRIPT = 0.05
HALF = 0.01
"""Seconds of half a frame: ears answer frames, so words come with the one that is nearest."""
ASKED = "I need a table for two on Tuesday."
WORDS = "Tuesday at ten would suit us very well I think."
PATIENCE = Patience(onset=192, within=224, end=192)
"""As the kit's other bots: 0.2 s begin and end speech, ten frames or six windows of 32 ms."""

_BORN = datetime(2026, 11, 21, tzinfo=UTC)


def kit() -> Path | None:
    """Return where the load generator is, if anywhere."""
    place = os.environ.get(KIT)  # noqa: TID251 - a fact about the machine
    return Path(place) if place and Path(place, "callload.py").is_file() else None


def call(number: int, options: CallOptions) -> Interaction:
    """Return the record of a call to which the fake mind answers."""
    return Interaction(
        id=f"call_{number}",
        org_id="org_bench",
        state=State.IN_PROGRESS,
        agent=AgentSnapshot(
            spec=AgentSpec(
                mind=Mind(kind="assistant"),
                idle_seconds=60,
                turns=TurnSettings(interruption_mode="immediate"),
            )
        ),
        task="answer",
        options=options,
        created_at=_BORN,
        updated_at=_BORN,
    )


class ReplyVoice:
    """Says the kit's two seconds for the mind's answer, and is silent for all else.

    It is silent for as long as the words take at the least: a voice that takes less broke off.
    """

    name = "reply"

    def __init__(self) -> None:
        place = kit()
        ulaw = (place / "audio" / "reply.ul").read_bytes() if place else g711.silence(2000)
        self._reply = framed(ulaw, ())

    def open(self, language: Language, choice: VoiceChoice) -> ReplyVoice:
        """Start to speak: all calls share the one reply."""
        del language, choice
        return self

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the reply."""
        if text.endswith(WORDS[-8:]):
            yield self._reply
        else:
            yield framed(g711.silence(len(text) * LEAST_CHARACTER_MS), ())

    async def run(self) -> None:
        """Return at once: there is no connection."""

    def close(self) -> None:
        """Let go of nothing."""


class TenWords:
    """Answers everything with ten tokens at once."""

    name = "ten words"

    async def answer(self, request: MindRequest) -> AsyncIterator[MindEvent]:
        """Yield the answer."""
        tokens = WORDS.split(" ")
        for token in tokens:
            yield Delta(f"{token} ")
        yield Done(tokens_in=10 * len(request.context), tokens_out=len(tokens))

    async def prepare(self, request: MindRequest) -> None:
        """Take no notice: it is always ready."""


class Journals:
    """Keeps the last entries of every call."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Interaction, deque[Entry]]] = {}

    @contextmanager
    def kept(self, record: Interaction) -> Generator[None]:
        """Keep the record of a call for as long as it lasts."""
        self._kept[record.id] = (record, deque(maxlen=100))
        try:
            yield
        finally:
            del self._kept[record.id]

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Keep the entry."""
        record, entries = self._kept[call_id]
        entries.append(entry)
        return record


def _nobody(heard: Heard) -> None:
    del heard


class Ear:
    """One call's detector and recogniser: words come when the detector says that speech ended."""

    name = "bench"

    def __init__(self, clock: Clock, detector: Detector) -> None:
        self._clock = clock
        self._detector = detector
        self._due: float | None = None
        self._began = 0
        self._at_ms = 0
        self._told = _nobody

    def detect(self, told: Callable[[Change], None], min_volume: float) -> Detecting:
        """Open the detector, and listen to what it tells."""

        def changed(change: Change) -> None:
            if change is Change.STARTED:
                self._began, self._due = self._at_ms, None
            else:
                self._due = self._clock.monotonic() + TRANSCRIPT
            told(change)

        return self._detector(changed, min_volume)

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> Ear:
        """Start to listen."""
        del listening
        self._told = told
        return self

    def expect(self, asked: Expectation) -> None:
        """Take no notice: the words are always the same."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms and tell the words, once they are due."""
        del frame
        self._at_ms = at_ms
        if self._due is None or self._clock.monotonic() < self._due - HALF:
            return
        self._due = None
        self._told(Heard(ASKED, final=True, start_ms=self._began, end_ms=at_ms))

    async def run(self) -> None:
        """Return at once: there is no connection."""

    def close(self) -> None:
        """Let go of nothing."""


class Patient(listening.BuiltIn):
    """The detector that is always there, with the kit's patience."""

    def __init__(self, told: Callable[[Change], None], min_volume: float) -> None:
        super().__init__(told, min_volume)
        self._spell = Spell(PATIENCE)


def detector(stack: ExitStack, vad: str, ticker: Ticker) -> Detector:
    """Return what opens the wanted detector for a call."""
    if vad == "built-in":
        return Patient
    return stack.enter_context(closing(Neural(Model(), ticker, PATIENCE)))
