"""How long the callee waits for an answer, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Any

from switchhook.domain.happenings import Fact, Kind


@dataclass(slots=True)
class Latency:
    """From the callee's last word to the agent's first sound."""

    answers: list[int] = field(default_factory=list[int])
    spoken_ms: int | None = None
    ended_ms: int = 0

    def callee_ended(self, spoken_ms: int, ended_ms: int) -> None:
        """Note when the callee spoke last, and when it was clear that the turn was over."""
        self.spoken_ms = spoken_ms
        self.ended_ms = ended_ms

    def agent_started(self, at_ms: int) -> Fact | None:
        """Return the turn's timing, when this is the first sound of an answer."""
        if self.spoken_ms is None:
            return None
        turn = {
            "turn": len(self.answers) + 1,
            "turn_end_ms": self.ended_ms - self.spoken_ms,
            "think_and_voice_ms": at_ms - self.ended_ms,
            "answer_ms": at_ms - self.spoken_ms,
        }
        self.spoken_ms = None
        self.answers.append(turn["answer_ms"])
        text = f"answered after {turn['answer_ms']} ms"
        return Fact(kind=Kind.LATENCY, text=text, data={"turns": [turn]}, session_ms=at_ms)

    def summary(self) -> dict[str, Any]:
        """Return the percentiles of the whole call."""
        ordered = sorted(self.answers)
        if not ordered:
            return {"turns": 0}
        return {
            "turns": len(ordered),
            "answer_p50_ms": ordered[ceil(0.5 * len(ordered)) - 1],
            "answer_p95_ms": ordered[ceil(0.95 * len(ordered)) - 1],
            "answer_max_ms": ordered[-1],
        }
