"""A call as a conversation in a terminal, with a meter of both sides while they talk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from switchhook.commands.metering import Meter, Side
from switchhook.commands.screen import (
    QUIET,
    STYLES,
    Answers,
    PlainScreen,
    Screen,
    clean,
    ended,
    latencies,
    quote_of,
    value_of,
    verdict,
    words_of,
)
from switchhook.domain.lifecycle import State

PICTURES_PER_SECOND = 10
WIDEST = 100
NARROW = 50
LEAN = 12
"""How far the other side's margin is from a speaker's words."""
BAR = 14
LEAD_MS = 200
"""Words are noted when they are sent, a little before they are heard."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


def console() -> Console:
    """Return what a command writes on."""
    return Console(highlight=False)


def screen_for(console: Console, meter: Meter | None = None) -> Screen:
    """Return the best that can be shown: moving pictures are for terminals only."""
    # A console can be told to colour what is no terminal; nothing may move there all the same.
    if console.is_interactive and not console.is_dumb_terminal and console.file.isatty():
        return LiveScreen(console, meter)
    return PlainScreen(console)


class LiveScreen:
    """Shows the agent on the left, the callee on the right, and what is being said below."""

    def __init__(self, console: Console, meter: Meter | None = None) -> None:
        self._console = console
        self._meter = meter
        self._width = min(console.width, WIDEST)
        self._ascii = console.options.ascii_only
        self._answers = Answers()
        self._state = "Starting"
        self._talking = False
        self._glances = 0

    def announce(self, headline: str, task: str) -> None:
        """Write who is called, and what for."""
        self._print(Text(headline, style="bold"))
        self._print(Text(clean(task), style="dim"))
        self._print(Text())

    @asynccontextmanager
    async def watching(self) -> AsyncGenerator[None]:
        """Draw what is being said, ten times a second, below what was said."""
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            async with asyncio.TaskGroup() as tasks:
                drawing = tasks.create_task(self._draw(live))
                try:
                    yield
                finally:
                    drawing.cancel()

    def show(self, event: dict[str, Any]) -> None:
        """Write one thing that happened."""
        self._answers.note(event)
        match event["kind"]:
            case "spoken":
                self._spoken(event)
            case "state":
                self._state = clean(event["text"])
                facts: dict[str, Any] = event.get("data", {})
                self._talking = facts.get("state") in _TALKING
            case kind if kind not in QUIET and kind != "recording":
                name = "" if kind == "note" else f"{kind}: "
                self._aside(f"{name}{clean(event['text'])}")
            case _:
                pass

    def conclude(self, details: dict[str, Any]) -> None:
        """Write what came of the call."""
        self._print(Text())
        title = Text(f"The call is {ended(details)}")
        self._print(Rule(title, style="dim", characters="-" if self._ascii else "─"))
        analysis: dict[str, Any] = details.get("analysis") or {}
        if analysis:
            self._print(Text(verdict(analysis), style=_VERDICTS.get(analysis["verdict"], "bold")))
        if analysis.get("fields"):
            self._print(self._fields(analysis["fields"]))
        told = latencies(details.get("latency") or {})
        if told:
            self._print(Text(told, style="dim"))
        self._print(Text())

    def note(self, name: str, text: str) -> None:
        """Write something that a person may want to know."""
        line = Text(f"{name:<11} " if name else "", style="dim")
        # A path stays in one piece, so that it can be copied.
        self._console.print(line.append(clean(text), style="not dim"), soft_wrap=bool(name))

    def picture(self) -> Text:
        """Return what is going on right now."""
        self._glances += 1
        if self._meter is None or not self._talking:
            dots = "." * (self._glances // 3 % 4)
            return Text(f"\n{'':13}{self._state}{dots}", style="dim", no_wrap=True)
        now = self._meter.now_ms
        return Text("\n", no_wrap=True).join(
            (
                Text(),
                self._line(clock(now), "agent", self._meter.agent),
                self._line("", "callee", self._meter.callee),
            )
        )

    async def _draw(self, live: Live) -> None:
        shown: Text | None = None
        while True:
            picture = self.picture()
            if picture != shown:
                live.update(picture, refresh=True)
                shown = picture
            await asyncio.sleep(1 / PICTURES_PER_SECOND)

    def _line(self, time: str, name: str, side: Side) -> Text:
        assert self._meter is not None  # noqa: S101 - there is no line without one
        style = STYLES[name]
        line = Text(f"{time:>5} ", style="dim").append(f"{name:<7}", style=f"not dim {style}")
        line.append(bar(side.glance(), fill="#" if self._ascii else ""), style=f"not dim {style}")
        room = self._width - line.cell_len - 2
        line.append(f" {tail(side.saying(self._meter.now_ms), room)}", style="not dim italic")
        return line

    def _spoken(self, event: dict[str, Any]) -> None:
        speaker, end = event.get("speaker"), event.get("end_ms") or 0
        words = words_of(event, self._answers.told(event))
        agent = speaker == "agent"
        if self._meter is not None:
            side = self._meter.agent if agent else self._meter.callee
            side.written(end + LEAD_MS)
        words.justify = "left" if agent else "right"
        lean = min(LEAN, max(0, (self._width - NARROW) // 2))
        body = Padding(words, (0, lean, 0, 0) if agent else (0, 0, 0, lean))
        grid = Table.grid(expand=True, padding=(0, 1))
        grid.add_column(width=5, justify="right", style="dim")
        grid.add_column(width=6)
        grid.add_column(ratio=1)
        grid.add_column(width=6)
        label = Text(speaker or "?", style=STYLES.get(speaker or "", "bold"))
        time = clock(event.get("start_ms") or 0)
        grid.add_row(time, label if agent else "", body, "" if agent else label)
        self._print(grid)

    def _aside(self, text: str) -> None:
        self._print(Text(text, style="dim italic", justify="center"))

    def _fields(self, fields: dict[str, Any]) -> Table:
        table = Table.grid(padding=(0, 2))
        for name, found in fields.items():
            sure = Text("confirmed", style="green") if found["confirmed"] else Text("")
            answer = Text(value_of(found), style="bold" if found["known"] else "dim")
            table.add_row(Text(f"  {name}"), answer, sure, Text(quote_of(found), style="dim"))
        return table

    def _print(self, what: Text | Rule | Table) -> None:
        self._console.print(what, width=self._width)


def bar(loudness: float, cells: int = BAR, fill: str = "") -> str:
    """Return a bar so long; without a character to fill it, in eighths of a cell."""
    if fill:
        return (fill * round(loudness * cells)).ljust(cells)
    whole, part = divmod(round(loudness * cells * 8), 8)
    return ("█" * whole + _EIGHTHS[part] * bool(part)).ljust(cells)


def tail(words: str, room: int) -> str:
    """Return the end of the words, as much of it as there is room for."""
    if cell_len(words) <= room:
        return words
    while words and cell_len(words) > room - 3:
        words = words[1:]
    return f"...{words}" if room > 3 else ""  # noqa: PLR2004 - the dots themselves


def clock(milliseconds: int) -> str:
    """Return minutes and seconds."""
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02}"


_TALKING = {State.IN_PROGRESS, State.ENDING}
_VERDICTS = {"achieved": "bold green", "partial": "bold yellow", "not_achieved": "bold red"}
