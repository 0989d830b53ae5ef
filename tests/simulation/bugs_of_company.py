"""Bugs of those who take part besides the callee: colleagues, minds, lines that talk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switchhook.engine.effects import (
    CloseQuestion,
    DropTransfer,
    Effect,
    OpenQuestion,
    PlayMusic,
)
from switchhook.engine.events import CutOff, Event, SaidAll, TransferDone, TransferFailed
from switchhook.engine.mind import Due
from switchhook.engine.state import Session
from switchhook.engine.thoughts import AskMind, Truncate
from switchhook.runtime.thinking import Thoughts
from switchhook.work.transferring import Other, Wish
from tests.simulation.bugs import Step, planted, twisted


@planted("who was dialled for the callee is not hung up")
def colleague_left_on_the_line(patch: pytest.MonkeyPatch) -> None:
    async def let_go(other: Other) -> None:
        del other

    patch.setattr(Other, "let_go", let_go)


@planted("nobody tells that nobody comes")
def end_of_a_transfer_untold(patch: pytest.MonkeyPatch) -> None:
    def end(wish: Wish, how: TransferDone | TransferFailed) -> None:
        del wish, how

    patch.setattr(Wish, "end", end)


@planted("how a transfer ended is told twice")
def end_of_a_transfer_told_twice(patch: pytest.MonkeyPatch) -> None:
    whole = Wish.end

    def end(wish: Wish, how: TransferDone | TransferFailed) -> None:
        told = wish._told  # pyright: ignore[reportPrivateUsage] - a bug lies inside
        whole(wish, how)
        told(how)

    patch.setattr(Wish, "end", end)


@twisted("a transfer is not given up")
def transfer_not_dropped(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [e for e in step(s, event, now) if not isinstance(e, DropTransfer)]


@twisted("the music plays on")
def music_plays_on(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [e for e in step(s, event, now) if e != PlayMusic(on=False)]


@twisted("a question is forgotten")
def question_forgotten(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    asked = any(isinstance(e, OpenQuestion) for e in effects)
    return effects if asked else [e for e in effects if not isinstance(e, CloseQuestion)]


@twisted("a mind is not asked, and nothing fills the silence")
def silence_not_filled(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    s.mind.deadlines.pop(Due.FILLER, None)
    return [e for e in effects if not isinstance(e, AskMind)]


@twisted("a model believes that all was heard")
def truncated_too_late(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [
        replace(e, heard_ms=e.heard_ms + 10_000) if isinstance(e, Truncate) else e
        for e in step(s, event, now)
    ]


@twisted("a line that was cut off counts as heard to its end")
def cut_off_is_the_end(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return step(s, SaidAll() if isinstance(event, CutOff) else event, now)


@planted("a mind is never stopped")
def mind_thinks_on(patch: pytest.MonkeyPatch) -> None:
    async def close(thoughts: Thoughts) -> None:
        del thoughts

    def cancel(tasks: object, number: int) -> None:
        del tasks, number

    patch.setattr(Thoughts, "close", close)
    patch.setattr("switchhook.runtime.thinking._cancel", cancel)


IN_COMPANY = (
    colleague_left_on_the_line,
    end_of_a_transfer_untold,
    end_of_a_transfer_told_twice,
    transfer_not_dropped,
    music_plays_on,
    question_forgotten,
    silence_not_filled,
    truncated_too_late,
    cut_off_is_the_end,
    mind_thinks_on,
)
