"""Bugs to be planted: each replaces one function of the engine by a broken twin.

They prove that the harness can fail. A bug is planted through pytest's monkeypatch, so that it is
gone after its test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Word
from switchhook.engine import ending, session, speaking, turns
from switchhook.engine.effects import Effect, Speak, StopSpeech
from switchhook.engine.events import Answered, CalleeHeard, Event, FramesSent
from switchhook.engine.ledger import Anchor, Ledger
from switchhook.engine.state import Phase, Session, Timer, Utterance
from switchhook.runtime.call import Ended, RunningCall
from switchhook.runtime.pacer import Pacer

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Bug:
    """What is wrong, and how to make it so."""

    name: str
    plant: Plant

    def __str__(self) -> str:
        return self.name


def _stale_marks_counted(patch: pytest.MonkeyPatch) -> None:
    def echo(ledger: Ledger, now: float, name: str) -> None:
        position = int(name.rpartition(":")[2])
        ledger.marks.pop(name, None)
        ledger.acked = max(ledger.acked, position)
        ledger.anchor = Anchor(now, position)

    patch.setattr(Ledger, "echo", echo)


def _clear_forgotten(patch: pytest.MonkeyPatch) -> None:
    def perform(call: RunningCall, effect: Effect) -> None:
        if isinstance(effect, StopSpeech):
            call._pacer.clear(call._studio.clock.monotonic())  # pyright: ignore[reportPrivateUsage] - a bug lies inside
            return
        whole(call, effect)

    whole = RunningCall._perform  # pyright: ignore[reportPrivateUsage] - as above
    patch.setattr(RunningCall, "_perform", perform)


def _leftovers_kept(patch: pytest.MonkeyPatch) -> None:
    def clear(pacer: Pacer, now: float) -> None:
        del pacer, now

    def load(pacer: Pacer, utterance: int, frames: tuple[object, ...]) -> None:
        held = tuple(pacer._frames)  # pyright: ignore[reportPrivateUsage] - as above
        whole(pacer, utterance, (*held, *frames))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - frames, all of them

    whole = Pacer.load
    patch.setattr(Pacer, "clear", clear)
    patch.setattr(Pacer, "load", load)


def _settled_twice(patch: pytest.MonkeyPatch) -> None:
    def heard(session: Session, utterance: Utterance) -> None:
        speaking._spoken(session, utterance, utterance.words)  # pyright: ignore[reportPrivateUsage] - as above
        whole(session, utterance)

    whole = speaking.heard
    patch.setattr(speaking, "heard", heard)


def _speech_after_hang_up(patch: pytest.MonkeyPatch) -> None:
    def hang_up(session: Session, reason: Reason) -> None:
        whole(session, reason)
        session.emit(Speak(session.utterances + 1, "One more thing."))

    whole = ending.hang_up
    patch.setattr(ending, "hang_up", hang_up)
    patch.setattr(session, "hang_up", hang_up)


def _deadline_in_the_past(patch: pytest.MonkeyPatch) -> None:
    def arm(session: Session, timer: Timer, seconds: float) -> None:
        whole(session, timer, -seconds if timer is Timer.IDLE else seconds)

    whole = Session.arm
    patch.setattr(Session, "arm", arm)


def _unheard_text_written(patch: pytest.MonkeyPatch) -> None:
    def mostly_played(word: Word) -> float:
        del word
        return 0.0

    patch.setattr(speaking, "_mostly_played", mostly_played)


def _reply_lost_after_interruption(patch: pytest.MonkeyPatch) -> None:
    def heard(session: Session, event: CalleeHeard) -> None:
        spoken_over = session.current is not None
        whole(session, event)
        if spoken_over or not event.final:
            session.unanswered.clear()
            session.disarm(Timer.IDLE)

    whole = turns.heard
    patch.setattr(turns, "heard", heard)
    patch.setattr(turns, "listen", _nothing)


def _task_left_behind(patch: pytest.MonkeyPatch) -> None:
    async def run(call: RunningCall) -> Ended:
        call.left = asyncio.get_running_loop().create_task(asyncio.sleep(9))  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] - a bug
        return await whole(call)

    whole = RunningCall.run
    patch.setattr(RunningCall, "run", run)


def _terminal_state_left(patch: pytest.MonkeyPatch) -> None:
    def step(state: Session, event: Event, now: float) -> list[Effect]:
        if state.phase is Phase.OVER and not isinstance(event, Answered):
            state.phase = Phase.TALKING
        return whole(state, event, now)

    whole = session.step
    patch.setattr(session, "step", step)
    patch.setattr("tests.simulation.watch._step", step)


def _sent_counted_as_heard(patch: pytest.MonkeyPatch) -> None:
    def heard(ledger: Ledger, now: float) -> int:
        del now
        return ledger.sent + 20

    patch.setattr(Ledger, "heard", heard)


def _two_mouths(patch: pytest.MonkeyPatch) -> None:
    def sent(session: Session, utterance: Utterance, event: FramesSent) -> None:
        whole(session, utterance, event)
        if session.waiting and utterance.sent > 400:
            session.emit(Speak(session.waiting[0].number, session.waiting[0].text))

    whole = speaking.sent
    patch.setattr(speaking, "sent", sent)


def _call_not_hung_up(patch: pytest.MonkeyPatch) -> None:
    async def hang_up(placing: object, call_id: str, leg: object) -> None:
        del placing, call_id, leg

    patch.setattr("switchhook.work.placing.Placing._hang_up", hang_up)


def _ear_left_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.testing.ears.PlainHearing.close", _nothing)


def _nothing(anything: object) -> None:
    del anything


STALE_MARKS_COUNTED = Bug("stale marks are counted", _stale_marks_counted)
CLEAR_FORGOTTEN = Bug("the carrier is not told to clear", _clear_forgotten)
LEFTOVERS_KEPT = Bug("what was not sent is sent later", _leftovers_kept)
SETTLED_TWICE = Bug("an utterance ends twice", _settled_twice)
SPEECH_AFTER_HANG_UP = Bug("it speaks after the hang-up", _speech_after_hang_up)
DEADLINE_IN_THE_PAST = Bug("a deadline is in the past", _deadline_in_the_past)
UNHEARD_TEXT_WRITTEN = Bug("the transcript has what nobody heard", _unheard_text_written)
REPLY_LOST = Bug("an interruption is never answered", _reply_lost_after_interruption)
TASK_LEFT_BEHIND = Bug("a task is left behind", _task_left_behind)
TERMINAL_STATE_LEFT = Bug("a call that is over goes on", _terminal_state_left)
SENT_COUNTED_AS_HEARD = Bug("what was sent counts as heard", _sent_counted_as_heard)
TWO_MOUTHS = Bug("two utterances are spoken at once", _two_mouths)
CALL_NOT_HUNG_UP = Bug("the carrier is not told to hang up", _call_not_hung_up)
EAR_LEFT_OPEN = Bug("an ear is left open", _ear_left_open)

SEEDED = (
    STALE_MARKS_COUNTED,
    CLEAR_FORGOTTEN,
    SETTLED_TWICE,
    SPEECH_AFTER_HANG_UP,
    DEADLINE_IN_THE_PAST,
    UNHEARD_TEXT_WRITTEN,
    REPLY_LOST,
    TASK_LEFT_BEHIND,
    TERMINAL_STATE_LEFT,
    SENT_COUNTED_AS_HEARD,
    TWO_MOUTHS,
    CALL_NOT_HUNG_UP,
    EAR_LEFT_OPEN,
)
