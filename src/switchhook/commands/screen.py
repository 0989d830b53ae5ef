"""A call as a person watches it in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_SPEAKERS = {"agent": ("agent", "bold cyan"), "callee": ("callee", "bold yellow")}
_QUIET = {"latency", "outcome", "created"}


class Screen:
    """Writes what happens to a call, line by line."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._began: datetime | None = None

    def announce(self, line: str) -> None:
        """Write a headline."""
        self._console.print(Text(line, style="bold"), soft_wrap=True)

    def show(self, event: dict[str, Any]) -> None:
        """Write one thing that happened."""
        moment = datetime.fromisoformat(event["at"])
        self._began = self._began or moment
        if event["kind"] in _QUIET:
            return
        line = Text()
        if event["kind"] == "spoken":
            self._spoken(line, event)
        else:
            line.append(f"{(moment - self._began).total_seconds():>14.1f}s  ", style="dim")
            line.append(f"{event['kind']:<7} {event['text']}", style="dim italic")
        self._console.print(line, soft_wrap=True)

    def conclude(self, details: dict[str, Any]) -> None:
        """Write what came of the call."""
        reason = str(details.get("reason") or "").replace("_", " ")
        seconds = details.get("duration_seconds")
        lasted = f", {seconds:.0f} s" if seconds is not None else ""
        self.announce(f"\nThe call is {details['status']} ({reason}{lasted})")
        analysis: dict[str, Any] = details.get("analysis") or {}
        if analysis:
            said = f"{analysis['verdict'].replace('_', ' ')}: {analysis['summary']}"
            self._console.print(said, soft_wrap=True)
        if analysis.get("fields"):
            self._console.print(_answers(analysis["fields"]))

    def places(self, lines: Iterable[tuple[str, object]]) -> None:
        """Write where things are."""
        for name, place in lines:
            self._console.print(f"{name:<11} {place}", soft_wrap=True)

    def _spoken(self, line: Text, event: dict[str, Any]) -> None:
        name, style = _SPEAKERS.get(event.get("speaker") or "", ("?", "bold"))
        start, end = event.get("start_ms") or 0, event.get("end_ms") or 0
        line.append(f"{start / 1000:>6.1f}-{end / 1000:>6.1f}s  ", style="dim")
        line.append(f"{name:<7} ", style=style)
        line.append(event["text"])
        if event.get("interrupted"):
            line.append("  (interrupted)", style="red")


def _answers(fields: dict[str, Any]) -> Table:
    table = Table("field", "answer", "confirmed", "evidence", box=None, header_style="dim")
    for name, found in fields.items():
        evidence: dict[str, Any] = found.get("evidence") or {}
        quote = f"line {evidence['line']}: “{evidence['quote']}”" if evidence else "-"
        answer = str(found["value"]) if found["known"] else "(not learned)"
        table.add_row(name, answer, "yes" if found["confirmed"] else "no", quote)
    return table
