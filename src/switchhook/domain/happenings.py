"""Facts about a call that others may read, in the order in which they came to be known."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from switchhook.domain.values import Frozen


class Kind(StrEnum):
    """What sort of fact it is."""

    CREATED = "created"
    STATE = "state"  # data: {"state", "reason"?}
    SPOKEN = "spoken"  # data: see transcript.Line
    QUESTION = "question"  # data: {"question_id", "question", "deadline_seconds"}
    ANSWERED = "answered"  # data: {"question_id", "answer"}
    TURN = "turn"  # the assistant is the mind and it is its turn; data: {"heard", "speaker"}
    DIGITS = "digits"  # data: {"digits", "from": "agent" | "callee"}
    CONTROL = "control"  # data: {"action", "result"}
    OUTCOME = "outcome"  # data: Outcome
    RECORDING = "recording"  # data: {"seconds", "bytes"}
    ANALYSIS = "analysis"  # data: Analysis
    LATENCY = "latency"  # data: {"turns": […]}
    NOTE = "note"


class Fact(Frozen):
    """A happening before it has a place in the log."""

    kind: Kind
    text: str
    data: dict[str, Any] = {}
    session_ms: int = 0


class Happening(Frozen):
    """A fact with its place: `seq` counts from 1 within the call and never has a hole."""

    call_id: str
    seq: int
    at: datetime
    kind: Kind
    text: str
    data: dict[str, Any] = {}
    session_ms: int = 0
