"""A call as plain lines: for pipes, logs, and terminals that can do no more."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

QUIET = {"latency", "outcome", "created"}
STYLES = {"agent": "bold cyan", "callee": "bold yellow", "guest": "bold magenta"}


class Screen(Protocol):
    """Where a person watches a call."""

    def announce(self, headline: str, task: str) -> None:
        """Write who is called, and what for."""
        ...

    def watching(self) -> AbstractAsyncContextManager[None]:
        """Show the call while the context lasts."""
        ...

    def show(self, event: dict[str, Any]) -> None:
        """Write one thing that happened."""
        ...

    def conclude(self, details: dict[str, Any]) -> None:
        """Write what came of the call."""
        ...

    def note(self, name: str, text: str) -> None:
        """Write something that a person may want to know."""
        ...


class PlainScreen:
    """Writes what happens to a call, line by line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began: datetime | None = None
        self._answers = Answers()

    def announce(self, headline: str, task: str) -> None:
        """Write who is called, and what for."""
        self._print(Text(f"{headline}: {clean(task)}", style="bold"))

    @asynccontextmanager
    async def watching(self) -> AsyncGenerator[None]:
        """Show nothing but the lines."""
        yield

    def show(self, event: dict[str, Any]) -> None:
        """Write one thing that happened."""
        moment = datetime.fromisoformat(event["at"])
        self._began = self._began or moment
        self._answers.note(event)
        if event["kind"] in QUIET:
            return
        line = Text()
        if event["kind"] == "spoken":
            self._spoken(line, event)
        else:
            line.append(f"{(moment - self._began).total_seconds():>14.1f}s  ", style="dim")
            line.append(f"{event['kind']:<7} {clean(event['text'])}", style="dim italic")
        self._print(line)

    def conclude(self, details: dict[str, Any]) -> None:
        """Write what came of the call."""
        self._print(Text(f"\nThe call is {ended(details)}", style="bold"))
        analysis: dict[str, Any] = details.get("analysis") or {}
        if analysis:
            self._print(Text(verdict(analysis)))
        if analysis.get("fields"):
            self._console.print(_fields(analysis["fields"]))
        told = latencies(details.get("latency") or {})
        if told:
            self._print(Text(told))

    def note(self, name: str, text: str) -> None:
        """Write something that a person may want to know."""
        self._print(Text(f"{name:<11} {clean(text)}" if name else clean(text)))

    def _spoken(self, line: Text, event: dict[str, Any]) -> None:
        speaker = event.get("speaker") or "?"
        start, end = event.get("start_ms") or 0, event.get("end_ms") or 0
        line.append(f"{start / 1000:>6.1f}-{end / 1000:>6.1f}s  ", style="dim")
        line.append(f"{speaker:<7} ", style=STYLES.get(speaker, "bold"))
        line.append_text(words_of(event, self._answers.told(event)))

    def _print(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True)


class Answers:
    """How long the callee waited, kept until the answer itself is told."""

    def __init__(self) -> None:
        self._waited: int | None = None

    def note(self, event: dict[str, Any]) -> None:
        """Take the timing of a turn, if it is one."""
        facts: dict[str, Any] = event.get("data", {})
        # The last one sums up the call, with the number of its turns instead of the turns.
        if event["kind"] == "latency" and isinstance(facts.get("turns"), list):
            self._waited = facts["turns"][-1]["answer_ms"]

    def told(self, event: dict[str, Any]) -> int | None:
        """Return how long the callee waited for this, once, if it is an answer."""
        if event.get("speaker") != "agent":
            return None
        waited, self._waited = self._waited, None
        return waited


def words_of(event: dict[str, Any], waited: int | None = None) -> Text:
    """Return what was said, whether it was cut off, and how long it took to come."""
    text = Text(clean(event["text"]))
    if event.get("interrupted"):
        text.append(" - interrupted", style="bold red")
    if waited is not None:
        text.append(f"  ({waited}ms)", style="dim")
    return text


def ended(details: dict[str, Any]) -> str:
    """Return how a call ended and how long it lasted."""
    status = str(details["status"]).replace("_", " ")
    reason = str(details.get("reason") or "").replace("_", " ")
    seconds = details.get("duration_seconds")
    more = [reason] if reason not in {"", status} else []
    more += [f"{seconds:.0f} s"] if seconds is not None else []
    return f"{status} ({', '.join(more)})" if more else status


def verdict(analysis: Mapping[str, Any]) -> str:
    """Return what was achieved, without the answers where they are shown beside it."""
    summary = analysis["summary"]
    if analysis.get("fields"):
        summary = re.sub(r" \([^()]*: [^()]*\)\.$", ".", summary)
    return clean(f"{analysis['verdict'].replace('_', ' ')}: {summary}")


def latencies(latency: Mapping[str, Any]) -> str:
    """Return how quick the answers were, if there were any."""
    if "answer_p50_ms" not in latency:
        return ""
    turns = latency["turns"]
    return (
        f"{turns} answer{'s' * (turns != 1)} after {latency['answer_p50_ms']} ms of silence"
        f" in the median, {latency['answer_max_ms']} ms at most"
    )


def value_of(found: Mapping[str, Any]) -> str:
    """Return an answer as people write it."""
    if not found["known"]:
        return "(not learned)"
    value = found["value"]
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else clean(str(value))


def quote_of(found: Mapping[str, Any]) -> str:
    """Return the words that prove an answer."""
    evidence: dict[str, Any] = found.get("evidence") or {}
    return f'line {evidence["line"]}: "{clean(evidence["quote"])}"' if evidence else "-"


def clean(text: str) -> str:
    """Return the text without what would steer a terminal: others chose these words."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def _fields(fields: dict[str, Any]) -> Table:
    table = Table("field", "answer", "confirmed", "evidence", box=None, header_style="dim")
    for name, found in fields.items():
        confirmed = "yes" if found["confirmed"] else "no"
        cells = (name, value_of(found), confirmed, quote_of(found))
        table.add_row(*(Text(cell) for cell in cells))
    return table
