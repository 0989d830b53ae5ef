"""How long the callee waits for an answer, turn by turn, and what takes the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Any

from switchhook.domain.happenings import Fact, Kind

STEPS = {
    "first_sound_ms": "first_sound",
    "turn_end_ms": "turn_end",
    "transcription_ms": "asr",
    "mind_ms": "llm",
    "voice_ms": "tts",
    "wire_ms": "wire",
    "answer_ms": "e2e",
}
"""The members of a turn, and the steps whose percentiles they make."""


@dataclass(slots=True)
class Answer:
    """The moments of one turn, in milliseconds of the call."""

    spoken: int
    """The callee's last word ended."""
    heard: int
    """Its words were known."""
    ended: int
    """It was clear that the turn was over."""
    thought: int | None = None
    """Something to say was known."""
    voiced: int | None = None
    """Its audio was ready."""
    filled: int | None = None
    """The first sound of a filler left: the callee heard something, but no answer."""

    def told(self, at_ms: int) -> dict[str, int]:
        """Return the steps, now that the answer's first sound has left."""
        thought = self.ended if self.thought is None else self.thought
        voiced = thought if self.voiced is None else self.voiced
        first = at_ms if self.filled is None else self.filled
        return {
            "first_sound_ms": first - self.spoken,
            "turn_end_ms": self.ended - self.spoken,
            "transcription_ms": max(0, self.heard - self.spoken),
            "mind_ms": thought - self.ended,
            "voice_ms": voiced - thought,
            "wire_ms": at_ms - voiced,
            "think_and_voice_ms": at_ms - self.ended,
            "answer_ms": at_ms - self.spoken,
        }


@dataclass(slots=True)
class Latency:
    """From the callee's last word to the first sound of the agent's answer."""

    turns: list[dict[str, int]] = field(default_factory=list[dict[str, int]])
    open: Answer | None = None
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def callee_ended(self, answer: Answer) -> None:
        """Note a turn that wants an answer."""
        self.open = answer

    def thought(self, at_ms: int) -> None:
        """Note that there is something to say."""
        if self.open is not None and self.open.thought is None:
            self.open.thought = at_ms

    def voiced(self, at_ms: int) -> None:
        """Note that its audio is ready."""
        if self.open is not None and self.open.thought is not None and self.open.voiced is None:
            self.open.voiced = at_ms

    def filler_started(self, at_ms: int) -> None:
        """Note the first sound of something that only fills the silence."""
        if self.open is not None and self.open.filled is None:
            self.open.filled = at_ms

    def agent_started(self, at_ms: int) -> Fact | None:
        """Return the turn's timing, when this is the first sound of an answer."""
        if self.open is None:
            return None
        turn = {"turn": len(self.turns) + 1, **self.open.told(at_ms)}
        self.open = None
        self.turns.append(turn)
        text = f"answered after {turn['answer_ms']} ms"
        return Fact(kind=Kind.LATENCY, text=text, data={"turns": [turn]}, session_ms=at_ms)

    def count(self, what: str) -> None:
        """Count something that is worth knowing."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def summary(self) -> dict[str, Any]:
        """Return the percentiles of the whole call, step by step."""
        told: dict[str, Any] = {"turns": len(self.turns)}
        if self.counts:
            told["counts"] = dict(self.counts)
        if not self.turns:
            return told
        steps = {step: _stats([turn[name] for turn in self.turns]) for name, step in STEPS.items()}
        whole = steps["e2e"]
        return told | {
            "answer_p50_ms": whole["p50"],
            "answer_p95_ms": whole["p95"],
            "answer_max_ms": whole["max"],
            **steps,
        }


def _stats(values: list[int]) -> dict[str, Any]:
    ordered = sorted(values)

    def percentile(share: float) -> int:
        return ordered[ceil(share * len(ordered)) - 1]

    return {
        "p50": percentile(0.5),
        "p90": percentile(0.9),
        "p95": percentile(0.95),
        "p99": percentile(0.99),
        "min": ordered[0],
        "max": ordered[-1],
        "num": len(ordered),
        "values": values,
    }
