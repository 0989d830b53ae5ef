"""Whether a rehearsal went as was expected, and in what it did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Outcome
from switchhook.domain.rehearsal import Expectations


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a call, and everything that happened in it."""

    reason: Reason
    outcome: Outcome
    facts: tuple[Fact, ...]
    seconds: float

    @property
    def transcript(self) -> tuple[str, ...]:
        """Both sides' words, a line each."""
        return tuple(f"{fact.data['speaker']}: {fact.text}" for fact in self._lines)

    @property
    def agent(self) -> tuple[str, ...]:
        """What the agent said, a line each."""
        return tuple(fact.text for fact in self._lines if fact.data["speaker"] == "agent")

    @property
    def pressed(self) -> str:
        """The keys that the agent pressed."""
        keys = (fact.data for fact in self.facts if fact.kind is Kind.DIGITS)
        return "".join(str(data["digits"]) for data in keys if data.get("from") == "agent")

    @property
    def turns(self) -> tuple[float, ...]:
        """How many seconds the agent took to answer, turn by turn."""
        lines = sorted(self._lines, key=lambda fact: int(fact.data["start_ms"]))
        gaps = (
            (int(answer.data["start_ms"]) - int(said.data["end_ms"])) / 1000
            for said, answer in pairwise(lines)
            if said.data["speaker"] == "callee" and answer.data["speaker"] == "agent"
        )
        return tuple(gap for gap in gaps if gap >= 0)

    @property
    def _lines(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind is Kind.SPOKEN]


def problems(expected: Expectations, heard: Heard) -> tuple[str, ...]:
    """Return a sentence for every expectation that was missed."""
    return (
        *_ending(expected, heard),
        *_fields(expected, heard.outcome),
        *_words(expected, heard),
        *_times(expected, heard),
    )


def _ending(expected: Expectations, heard: Heard) -> Iterator[str]:
    if expected.reason not in {None, heard.reason}:
        yield f"it ended with {heard.reason.value}, not {expected.reason}"
    if expected.verdict not in {None, heard.outcome.verdict}:
        yield f"the verdict is {heard.outcome.verdict.value}, not {expected.verdict}"
    if expected.pressed not in {None, heard.pressed}:
        yield f"it pressed {heard.pressed or 'nothing'}, not {expected.pressed}"


def _fields(expected: Expectations, outcome: Outcome) -> Iterator[str]:
    for name, value in expected.fields.items():
        found: Any = outcome.fields[name].value if name in outcome.fields else None
        if found != value:
            yield f"the field {name} is {found!r}, not {value!r}"


def _words(expected: Expectations, heard: Heard) -> Iterator[str]:
    said = _plain(" ".join(heard.agent))
    for words in expected.said:
        if _plain(words) not in said:
            yield f"it did not say {words!r}"
    for words in expected.not_said:
        if _plain(words) in said:
            yield f"it said {words!r}"
    questions = [_plain(line) for line in heard.agent if "?" in line]
    for words in expected.asked:
        if not any(_plain(words) in question for question in questions):
            yield f"it did not ask {words!r}"


def _times(expected: Expectations, heard: Heard) -> Iterator[str]:
    slowest = max(heard.turns, default=0.0)
    if expected.turn_seconds is not None and slowest > expected.turn_seconds:
        yield f"it took {slowest:.2f} s to answer, more than {expected.turn_seconds} s"
    if expected.seconds is not None and heard.seconds > expected.seconds:
        yield f"it lasted {heard.seconds:.1f} s, more than {expected.seconds} s"


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
