"""Where scenarios are played: one call with everything about it noted, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from structlog.testing import capture_logs
from structlog.typing import EventDict

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.engine import session as engine
from switchhook.engine.effects import Effect
from switchhook.engine.events import Event
from switchhook.engine.state import Session
from switchhook.ports import Duplex, Ears, Say, Voice
from switchhook.runtime.actions import Registered
from switchhook.runtime.call import Ended
from switchhook.testing import (
    AT_ONCE,
    NO_FAULTS,
    PERFECT,
    AnsweredCall,
    Conditions,
    Faults,
    Pieces,
    PlainEars,
    PlainVoice,
    ScriptedMind,
    Step,
    Wire,
    a_call,
    answered,
    run_virtually,
)
from switchhook.testing.openai import FakeOpenAI
from tests.scenarios.talking import talking
from tests.simulation.watch import Watch, watching

E = TypeVar("E")
Act = Callable[[AnsweredCall], Awaitable[object]]

TELEPHONE = Conditions(
    there=Wire(delay=0.03, jitter=0.02),
    back=Wire(delay=0.03),
    echoes=Wire(delay=0.03, jitter=0.02),
    buffer=0.08,
    seed=5,
)
"""A connection as telephones have it."""

LONG = (
    "I would like to tell you everything about the weather of the last week, which was warm and"
    " dry on Monday, wet on Tuesday, and so cold on Friday that nobody went out at all."
)
"""Some ten seconds of speech."""


@dataclass(frozen=True)
class Backstage:
    """What works behind the call, and how badly."""

    voice: Faults = NO_FAULTS
    ears: Faults = NO_FAULTS
    recordings: Path = Path("recordings")
    mind: ScriptedMind | None = None
    tools: tuple[Registered, ...] = ()
    spare_voice: Voice | None = None
    spare_ears: Ears | None = None
    pieces: Pieces | None = None
    openai: FakeOpenAI | None = None
    """Whom a model that hears and speaks is asked of."""
    drops: tuple[int, ...] = ()
    """In which word each of the ears loses its connection."""


AS_IT_SHOULD_BE = Backstage()


@dataclass
class Moment:
    """One step of the engine."""

    at: float
    event: Event
    effects: list[Effect]


@dataclass
class Scene:
    """What happened in a call, from all sides."""

    moments: list[Moment] = field(default_factory=list[Moment])
    watch: Watch = field(default_factory=Watch)
    logs: list[EventDict] = field(default_factory=list["EventDict"])
    call: AnsweredCall = field(init=False)
    ears: PlainEars = field(init=False)
    voice: PlainVoice = field(init=False)
    end: Ended = field(init=False)
    seconds: float = 0.0

    def step(self, session: Session, event: Event, now: float) -> list[Effect]:
        """Step and note it."""
        effects = self.watch.step(session, event, now)
        self.moments.append(Moment(now, event, effects))
        return effects

    @property
    def spoken(self) -> list[str]:
        """The transcript."""
        return self.call.journal.spoken

    @property
    def agent(self) -> list[str]:
        """The agent's lines of it."""
        return [line.removeprefix("agent: ") for line in self.spoken if line.startswith("agent")]

    @property
    def callee(self) -> list[str]:
        """The callee's lines of it."""
        return [line.removeprefix("callee: ") for line in self.spoken if line.startswith("callee")]

    @property
    def played(self) -> list[tuple[float, str]]:
        """The agent's words as the callee's ear was given them, and when."""
        return [(p.at, word) for p in self.call.line.record for word in p.frame.words]

    def facts(self, kind: Kind) -> list[Fact]:
        """What was published of this kind."""
        return [fact for fact in self.call.journal.facts if fact.kind is kind]

    def effects(self, kind: type[E]) -> list[tuple[float, E]]:
        """Every effect of the kind, and when."""
        return [(m.at, e) for m in self.moments for e in m.effects if isinstance(e, kind)]

    def events(self, kind: type[E]) -> list[tuple[float, E]]:
        """Every event of the kind, and when."""
        return [(m.at, m.event) for m in self.moments if isinstance(m.event, kind)]


def play(
    script: Sequence[Step],
    act: Act | None = None,
    *,
    call: Interaction | None = None,
    conditions: Conditions = PERFECT,
    backstage: Backstage = AS_IT_SHOULD_BE,
) -> Scene:
    """Hold a call with this callee while `act` goes on, to its end; nothing is left of it."""
    scene = Scene()
    scene.ears = PlainEars(backstage.ears, drops=backstage.drops)
    scene.voice = PlainVoice(backstage.voice, backstage.pieces)

    async def main() -> None:
        about = call or a_call(name="Rosa", turns=AT_ONCE)
        async with talking(backstage.openai) as duplex:
            await held(about, duplex)
        scene.seconds = asyncio.get_running_loop().time()

    async def held(about: Interaction, duplex: Duplex | None) -> None:
        stage = answered(
            about,
            script,
            voice=scene.voice,
            ears=scene.ears,
            conditions=conditions,
            recordings=backstage.recordings,
            minds={"assistant": backstage.mind} if backstage.mind else {},
            tools=backstage.tools,
            spare_voice=backstage.spare_voice,
            spare_ears=backstage.spare_ears,
            duplex=duplex,
        )
        async with stage as scene.call:
            if act is not None:
                await act(scene.call)
                scene.call.line.hang_up()
            scene.end = await scene.call.ended(within=3700)
        assert len(scene.call.ticker) == 0, "the ticker still beats"
        assert scene.ears.opened == scene.ears.closed, "an ear is open"
        assert scene.voice.opened == scene.voice.closed, "a voice is open"

    _watched(scene, main)
    assert scene.watch.broken == []
    return scene


def _watched(scene: Scene, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    before = engine.step
    with capture_logs() as scene.logs, watching(scene.watch):
        engine.step = scene.step
        try:
            run_virtually(main)
        finally:
            engine.step = before


def says(text: str, *, interrupt: bool = False, then: float = 0.0) -> Act:
    """Have the assistant say this and wait for what becomes of it."""

    async def act(call: AnsweredCall) -> None:
        await call.running.control(Say(text, interrupt=interrupt))
        await asyncio.sleep(then)

    return act


def waits(seconds: float) -> Act:
    """Let the call go on for so long."""

    async def act(call: AnsweredCall) -> None:
        await asyncio.sleep(seconds)

    return act


def by_assistant(**spec: Any) -> Interaction:
    """A call in which the assistant decides what is said."""
    usual: dict[str, Any] = {"mind": {"kind": "assistant"}, "turns": AT_ONCE}
    usual["max_duration_seconds"] = 3600
    return a_call("", options=None, name="Rosa", **usual | spec)
