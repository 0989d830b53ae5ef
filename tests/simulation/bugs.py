"""Bugs to be planted: each makes the engine do one thing wrong, and is gone after its test.

They prove that the harness can fail. Most stand between the engine and its shell: they twist what
goes into a step or what comes out of it, as a wrong line inside of it would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from switchhook.domain.happenings import Kind
from switchhook.engine import session as engine
from switchhook.engine.effects import Effect, HangUp, Publish, Speak, StopSpeech
from switchhook.engine.events import (
    CalleeHeard,
    Event,
    LineGone,
    MachineVerdict,
    MarkEchoed,
    SpeechReady,
)
from switchhook.engine.ledger import Ledger
from switchhook.engine.state import Phase, Session
from switchhook.runtime.call import Ended, RunningCall
from switchhook.runtime.hearing import SteadyEars

Step = Callable[[Session, Event, float], list[Effect]]
Twist = Callable[[Step, Session, Event, float], list[Effect]]


@dataclass(frozen=True)
class Bug:
    """What is wrong, and how to make it so."""

    name: str
    plant: Callable[[pytest.MonkeyPatch], None]

    def __str__(self) -> str:
        return self.name


def twisted(name: str) -> Callable[[Twist], Bug]:
    """Make a bug of a function that stands in for a step."""

    def bug(twist: Twist) -> Bug:
        def plant(patch: pytest.MonkeyPatch) -> None:
            whole = engine.step
            patch.setattr(engine, "step", lambda s, e, now: twist(whole, s, e, now))  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType] - a step

        return Bug(name, plant)

    return bug


def planted(name: str) -> Callable[[Callable[[pytest.MonkeyPatch], None]], Bug]:
    """Make a bug of a function that plants it."""
    return lambda plant: Bug(name, plant)


def is_line(effect: Effect, speaker: str = "agent") -> bool:
    """Tell whether the effect adds what this side said to the transcript."""
    if not isinstance(effect, Publish) or effect.fact.kind is not Kind.SPOKEN:
        return False
    return bool(effect.fact.data["speaker"] == speaker)


@twisted("stale marks are counted")
def stale_marks_counted(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    if isinstance(event, MarkEchoed) and ":" in event.name:
        position = int(event.name.rpartition(":")[2])
        s.ledger.acked = max(s.ledger.acked, position)
    return step(s, event, now)


@twisted("whatever the carrier believes ends the call")
def late_verdict_cuts(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    return effects + step(s, LineGone(), now) if isinstance(event, MachineVerdict) else effects


@twisted("marks are not read")
def marks_unread(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [] if isinstance(event, MarkEchoed) else step(s, event, now)


@twisted("the carrier is not told to clear")
def clear_forgotten(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [e for e in step(s, event, now) if not isinstance(e, StopSpeech)]


@twisted("an utterance ends twice")
def settled_twice(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    return effects + [e for e in effects if is_line(e)]


@twisted("it speaks after the hang-up")
def speech_after_hang_up(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    over = any(isinstance(e, HangUp) for e in effects)
    return [*effects, Speak(s.utterances + 1, "One more thing.")] if over else effects


@twisted("a deadline is in the past")
def deadline_in_the_past(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    s.timers = {timer: min(at, now - 1) if s.turns else at for timer, at in s.timers.items()}
    return effects


@twisted("the transcript has what nobody heard")
def unheard_text_written(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [_whole(e) if is_line(e) else e for e in step(s, event, now)]


def _whole(effect: Effect) -> Effect:
    if not isinstance(effect, Publish) or not effect.fact.data["interrupted"]:
        return effect
    return replace(
        effect, fact=effect.fact.model_copy(update={"text": f"{effect.fact.text} and so on and on"})
    )


@twisted("what is said over the agent is never answered")
def reply_lost(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    if any(isinstance(e, StopSpeech) for e in effects) or (
        isinstance(event, CalleeHeard) and event.final
    ):
        s.unanswered.clear()
        s.waiting.clear()
    return [
        e
        for e in effects
        if not isinstance(e, Speak) or s.phase is not Phase.TALKING or not s.turns
    ]


@twisted("the first piece is taken for the whole")
def first_piece_is_the_whole(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    if isinstance(event, SpeechReady):
        event = replace(event, last=True)
    return step(s, event, now)


@planted("a task is left behind")
def task_left_behind(patch: pytest.MonkeyPatch) -> None:
    whole, left = RunningCall.run, set[asyncio.Task[None]]()

    async def run(call: RunningCall) -> Ended:
        left.add(asyncio.get_running_loop().create_task(asyncio.sleep(9999)))
        return await whole(call)

    patch.setattr(RunningCall, "run", run)


@twisted("a call that is over goes on")
def terminal_state_left(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    over = s.phase is Phase.OVER
    effects = step(s, event, now)
    if over:
        s.phase = Phase.TALKING
    return effects


@planted("what was sent counts as heard")
def sent_counted_as_heard(patch: pytest.MonkeyPatch) -> None:
    def heard(ledger: Ledger, now: float) -> int:
        del now
        return ledger.sent + 20

    patch.setattr(Ledger, "heard", heard)


@twisted("an utterance is spoken twice")
def spoken_twice(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    return effects + [e for e in effects if isinstance(e, Speak) and e.utterance % 2]


@planted("the carrier is not told to hang up")
def call_not_hung_up(patch: pytest.MonkeyPatch) -> None:
    async def hang_up(placing: object, call_id: str, leg: object) -> None:
        del placing, call_id, leg

    patch.setattr("switchhook.work.placing.Placing._hang_up", hang_up)


@planted("new ears do not hear what the old ones missed")
def missed_audio_is_lost(patch: pytest.MonkeyPatch) -> None:
    whole = SteadyEars.replace

    def replace_only(ears: SteadyEars, *, by_others: bool) -> None:
        ears._missed.clear()  # pyright: ignore[reportPrivateUsage] - a bug lies inside
        whole(ears, by_others=by_others)

    patch.setattr(SteadyEars, "replace", replace_only)


@planted("an ear is left open")
def ear_left_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.testing.ears.PlainHearing.close", _nothing)


def _nothing(anything: object) -> None:
    del anything


SEEDED = (
    stale_marks_counted,
    clear_forgotten,
    settled_twice,
    speech_after_hang_up,
    deadline_in_the_past,
    unheard_text_written,
    reply_lost,
    first_piece_is_the_whole,
    task_left_behind,
    terminal_state_left,
    sent_counted_as_heard,
    spoken_twice,
    call_not_hung_up,
    ear_left_open,
)
