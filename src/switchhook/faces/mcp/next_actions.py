"""What an assistant does next about a call, in the form of the tool call to make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from switchhook.domain.happenings import Happening, Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import State
from switchhook.faces.mcp.identity import Desk
from switchhook.faces.mcp.results import NONE, step
from switchhook.service import following
from switchhook.service.identity import Scope

_POLL_SECONDS: dict[State, float] = {
    State.SCHEDULED: 30,
    State.REGISTERED: 30,
    State.QUEUED: 1,
    State.DIALING: 2,
    State.RINGING: 2,
    State.IN_PROGRESS: 3,
    State.ENDING: 1,
}
_ANALYSIS_SECONDS = 2.0
"""What a call that is over waits for at the most."""

_MAX_QUESTION = 300
_LOOK_BACK = 100
"""Enough happenings to find the last question and whose turn it is."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the agent wants to know, and how long it waits."""

    question_id: str
    question: str
    seconds_left: float | None

    def facts(self) -> dict[str, Any]:
        """Return the question as answers show it."""
        return {
            "question_id": self.question_id,
            "question": self.question,
            "deadline_seconds": self.seconds_left,
        }


@dataclass(frozen=True, slots=True)
class Situation:
    """What a live call waits for."""

    question: Question | None = None
    our_turn: bool = False


async def situation(desk: Desk, call: Interaction) -> Situation:
    """Return what the call waits for, reading its log only where it may wait for something."""
    listens = call.agent.spec.mind.kind == "assistant"
    caller = desk.caller()
    waits = listens or call.open_question is not None
    if call.terminal or not waits or not caller.scopes & {Scope.CALLS_READ, Scope.ADMIN}:
        return Situation()
    news = await following.happenings(
        desk.exchange,
        caller,
        call.public_id,
        after=max(0, call.last_seq - _LOOK_BACK),
        limit=_LOOK_BACK,
    )
    now = desk.exchange.clock.now()
    return Situation(
        question=_open_question(call.open_question, news.happenings, now),
        our_turn=listens and _our_turn(news.happenings),
    )


def next_action(
    call: Interaction, waits: Situation, cursor: int, *, transcript_seen: bool = False
) -> str:
    """Return the one step that makes most sense now."""
    if call.settled:
        worth_reading = call.answered_at is not None and not transcript_seen
        return (
            step("get_call", call_id=call.public_id, include=["transcript"])
            if worth_reading
            else NONE
        )
    if waits.question is not None:
        return step(
            "answer_call_question",
            call_id=call.public_id,
            question_id=waits.question.question_id,
            answer=...,
        )
    if waits.our_turn:
        return step("control_call", call_id=call.public_id, action="say", text=...)
    return step("wait_for_call", call_id=call.public_id, cursor=cursor)


def poll_after(call: Interaction) -> float:
    """Return in how many seconds another look may show something new."""
    return 0 if call.settled else _POLL_SECONDS.get(call.state, _ANALYSIS_SECONDS)


def _open_question(
    open_id: str | None, happenings: tuple[Happening, ...], now: datetime
) -> Question | None:
    if open_id is None:
        return None
    for happening in reversed(happenings):
        if happening.kind is Kind.QUESTION and happening.data.get("question_id") == open_id:
            deadline = happening.data.get("deadline_seconds")
            left = deadline - (now - happening.at).total_seconds() if deadline else None
            text = str(happening.data.get("question") or happening.text)[:_MAX_QUESTION]
            return Question(open_id, text, None if left is None else round(max(0.0, left), 1))
    return Question(open_id, "", None)


def _our_turn(happenings: tuple[Happening, ...]) -> bool:
    for happening in reversed(happenings):
        if happening.kind is Kind.TURN:
            return True
        if happening.kind is Kind.CONTROL and happening.data.get("action") == "say":
            return False
        if happening.kind is Kind.SPOKEN and happening.data.get("speaker") == "agent":
            return False
    return False
