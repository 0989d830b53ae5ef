"""Minds that follow a script, and fail as one likes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from switchhook.engine.dialogue import Role
from switchhook.ports import Action, Delta, Done, MindEvent, MindRequest


@dataclass(frozen=True, slots=True)
class Writes:
    """The mind writes this, a word at a time."""

    text: str


@dataclass(frozen=True, slots=True)
class Acts:
    """The mind wants something to be done."""

    name: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class Ponders:
    """The mind writes nothing for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Breaks:
    """The mind breaks off."""

    message: str = "the connection was closed"


Stroke = Writes | Acts | Ponders | Breaks
Answer = Sequence[Stroke]
Thought = Callable[[MindRequest], Answer]

NEVER = 1e9
GARBAGE = "\x00 *** \N{REPLACEMENT CHARACTER} ``` \N{PILE OF POO} ### "


class Fault(Enum):
    """What may be wrong with a mind."""

    SLOW = auto()
    """The first word comes after eight seconds."""
    HANGS = auto()
    """Nothing ever comes."""
    FAILS = auto()
    """It breaks off before the first word."""
    FAILS_MIDWAY = auto()
    """It breaks off after some words."""
    HANGS_MIDWAY = auto()
    """It falls silent after some words."""
    EMPTY = auto()
    """It finishes without having written anything."""
    GARBAGE = auto()
    """It writes what cannot be spoken."""
    DRIPS = auto()
    """It writes one word a second."""
    FLOODS = auto()
    """It never stops writing, and never waits."""
    MALFORMED = auto()
    """It calls actions that do not exist, with arguments that are none."""


@dataclass(slots=True)
class ScriptedMind:
    """Gives one answer after the other; the last one again and again.

    With a fault, every request fails in that way, or only those whose numbers (from 0) are in
    `faulty`. A stubborn mind takes its time when it is told to stop.
    """

    answers: Sequence[Answer] | Thought
    name: str = "scripted"
    first_word: float = 0.3
    between: float = 0.03
    fault: Fault | None = None
    faulty: Collection[int] | None = None
    stubborn: float = 0.0
    requests: list[MindRequest] = field(default_factory=list[MindRequest])
    prepared: list[MindRequest] = field(default_factory=list[MindRequest])
    live: int = 0
    most_live: int = 0

    async def answer(self, request: MindRequest) -> AsyncGenerator[MindEvent]:
        """Yield the answer that is due."""
        number = len(self.requests)
        self.requests.append(request)
        self.live += 1
        self.most_live = max(self.most_live, self.live)
        try:
            async for event in self._events(number, request):
                yield event
        except (asyncio.CancelledError, GeneratorExit):
            await asyncio.sleep(self.stubborn)
            raise
        finally:
            self.live -= 1

    async def prepare(self, request: MindRequest) -> None:
        """Note for whom it got ready."""
        self.prepared.append(request)

    async def _events(self, number: int, request: MindRequest) -> AsyncGenerator[MindEvent]:
        broken = self.fault if self.faulty is None or number in self.faulty else None
        strokes = self._strokes(number, request)
        if broken is not None:
            strokes = _FAULTS[broken](strokes)
        await asyncio.sleep(self.first_word if strokes else 0)
        for stroke in strokes:
            async for event in self._written(stroke, f"call-{number}"):
                yield event
        while broken is Fault.FLOODS:
            yield Delta("and so on and on, ")
        yield Done()

    async def _written(self, stroke: Stroke, call_id: str) -> AsyncGenerator[MindEvent]:
        match stroke:
            case Writes(text):
                for word in text.split(" "):
                    yield Delta(f"{word} ")
                    await asyncio.sleep(self.between)
            case Acts(name, arguments):
                yield Action(call_id, name, arguments)
            case Ponders(seconds):
                await asyncio.sleep(seconds)
            case Breaks(message):
                raise ConnectionError(message)

    def _strokes(self, number: int, request: MindRequest) -> Answer:
        if callable(self.answers):
            return self.answers(request)
        return self.answers[min(number, len(self.answers) - 1)]


def writes(*texts: str) -> list[Answer]:
    """Return answers of nothing but words."""
    return [[Writes(text)] for text in texts]


def context(request: MindRequest) -> list[str]:
    """Return what a mind was told, a line each, without the instructions."""
    told = [m for m in request.context if m.role is not Role.INSTRUCTIONS]
    return [f"{m.role}: {m.text}" for m in told]


def _drips(strokes: Answer) -> Answer:
    words = [word for s in strokes if isinstance(s, Writes) for word in s.text.split(" ")]
    return [stroke for word in words for stroke in (Ponders(1.0), Writes(word))]


def _midway(*last: Stroke) -> Callable[[Answer], Answer]:
    return lambda _: [Writes("Well, let me see what I can find for you. It"), *last]


_FAULTS: dict[Fault, Callable[[Answer], Answer]] = {
    Fault.SLOW: lambda strokes: [Ponders(8.0), *strokes],
    Fault.HANGS: lambda _: [Ponders(NEVER)],
    Fault.FAILS: lambda _: [Breaks()],
    Fault.FAILS_MIDWAY: _midway(Breaks()),
    Fault.HANGS_MIDWAY: _midway(Ponders(NEVER)),
    Fault.EMPTY: lambda _: [],
    Fault.GARBAGE: lambda _: [Writes(GARBAGE)],
    Fault.DRIPS: _drips,
    Fault.FLOODS: lambda _: [],
    Fault.MALFORMED: lambda _: [Acts("launch", "{"), Acts("end_call", "[1")],
}
