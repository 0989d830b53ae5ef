"""What a person sees of a call in a terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from switchhook.audio import g711, tones
from switchhook.commands.live import LiveScreen, bar, clock, screen_for, tail
from switchhook.commands.metering import Meter
from switchhook.commands.screen import PlainScreen
from switchhook.ports import Frame

pytestmark = pytest.mark.anyio

AT = "2026-01-01T12:00:00Z"


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class AsciiTerminal(Terminal):
    encoding = "ascii"


def console_on(file: io.StringIO, **options: Any) -> Console:
    return Console(file=file, width=80, height=24, highlight=False, **options)


def seen(file: io.StringIO) -> list[str]:
    return [line.rstrip() for line in file.getvalue().splitlines()]


def colourless(file: io.StringIO) -> Console:
    return console_on(file, color_system=None)


def spoken(speaker: str, text: str, start_ms: int = 0, **more: Any) -> dict[str, Any]:
    event = {"kind": "spoken", "at": AT, "speaker": speaker, "text": text, "start_ms": start_ms}
    return event | {"end_ms": start_ms + 900} | more


def state(name: str, text: str) -> dict[str, Any]:
    return {"kind": "state", "at": AT, "text": text, "data": {"state": name}}


def answered_after(milliseconds: int) -> dict[str, Any]:
    turns = [{"turn": 1, "answer_ms": milliseconds}]
    return {"kind": "latency", "at": AT, "text": "", "data": {"turns": turns}}


DETAILS: dict[str, Any] = {
    "status": "ended",
    "reason": "agent_hangup",
    "duration_seconds": 33.4,
    "latency": {"turns": 2, "answer_p50_ms": 640, "answer_max_ms": 700},
    "analysis": {
        "verdict": "partial",
        "summary": "2 of 3 answers are known (day: Friday; x ray: True).",
        "fields": {
            "day": {
                "known": True,
                "value": "Friday",
                "confirmed": True,
                "evidence": {"line": 3, "quote": "Next Friday."},
            },
            "x_ray": {"known": True, "value": True, "confirmed": False, "evidence": None},
            "time": {"known": False, "value": None, "confirmed": False},
        },
    },
}


def test_a_terminal_gets_a_live_screen() -> None:
    console = console_on(Terminal(), _environ={"TERM": "xterm-256color"})

    assert isinstance(screen_for(console), LiveScreen)


@pytest.mark.parametrize(
    ("file", "environment"),
    [
        (io.StringIO(), {"TERM": "xterm"}),
        (io.StringIO(), {"TERM": "xterm", "FORCE_COLOR": "1"}),
        (Terminal(), {"TERM": "dumb"}),
    ],
)
def test_what_is_no_moving_terminal_gets_plain_lines(
    file: io.StringIO, environment: dict[str, str]
) -> None:
    assert isinstance(screen_for(console_on(file, _environ=environment)), PlainScreen)


def test_the_agent_speaks_on_the_left_and_the_callee_on_the_right() -> None:
    file = Terminal()
    screen = LiveScreen(colourless(file))

    screen.show(spoken("agent", "Hello, this is an AI assistant.", 300))
    screen.show(spoken("callee", "Next Friday.", 69_300))

    assert seen(file) == [
        " 0:00 agent  Hello, this is an AI assistant.",
        " 1:09" + "Next Friday. callee".rjust(75),
    ]


def test_long_words_stay_in_their_column_at_eighty_columns() -> None:
    file = Terminal()

    LiveScreen(colourless(file)).show(spoken("agent", "word " * 30))

    lines = seen(file)
    assert len(lines) > 2
    assert all(line.startswith(" " * 13 + "word") for line in lines[1:])
    assert all(len(line) <= 80 for line in lines)


def test_in_a_narrow_terminal_words_take_all_the_room() -> None:
    file = Terminal()

    LiveScreen(Console(file=file, width=40, color_system=None)).show(spoken("callee", "ab " * 12))

    assert len(seen(file)) == 2


def test_an_answer_tells_once_how_long_it_took_to_come() -> None:
    file = Terminal()
    screen = LiveScreen(colourless(file))

    screen.show(answered_after(640))
    screen.show(spoken("callee", "Yes."))
    screen.show(spoken("agent", "All right."))
    screen.show(spoken("agent", "Goodbye."))
    screen.show({"kind": "latency", "at": AT, "text": "", "data": {"turns": 1}})

    assert "All right.  (640ms)" in file.getvalue()
    assert file.getvalue().count("ms)") == 1


def test_words_that_were_cut_off_are_marked() -> None:
    file = Terminal()

    LiveScreen(colourless(file)).show(spoken("agent", "I am calling", interrupted=True))

    assert "I am calling - interrupted" in file.getvalue()


def test_what_steers_terminals_is_not_written_whoever_said_it() -> None:
    for screen_class in (LiveScreen, PlainScreen):
        file = Terminal()
        screen = screen_class(colourless(file))

        screen.show(spoken("callee", "hi \x1b[2J[red]you\x07"))
        screen.show({"kind": "note", "at": AT, "text": "\x1b]0;title\x07"})

        assert "\x1b" not in file.getvalue()
        assert "\x07" not in file.getvalue()
        assert "[red]you" in file.getvalue()


def test_what_else_happens_stands_between_the_words() -> None:
    file = Terminal()
    screen = LiveScreen(colourless(file))

    screen.show({"kind": "digits", "at": AT, "text": "pressed 1"})
    screen.show({"kind": "note", "at": AT, "text": "answered by: human"})
    screen.show({"kind": "outcome", "at": AT, "text": "not twice"})
    screen.show({"kind": "recording", "at": AT, "text": "nor this"})

    assert [line.strip() for line in seen(file)] == ["digits: pressed 1", "answered by: human"]


def test_before_somebody_picks_up_the_state_is_shown() -> None:
    screen = LiveScreen(colourless(Terminal()), Meter())

    screen.show(state("ringing", "The telephone rings"))

    assert "The telephone rings" in screen.picture().plain


def test_while_they_talk_levels_and_words_are_shown() -> None:
    meter = Meter()
    screen = LiveScreen(colourless(Terminal()), meter)
    screen.show(state("in_progress", "Call answered"))
    meter.sent(Frame(g711.encode(tones.sine(440.0, 20)), ("Good", "morning")))
    meter.came(Frame(g711.silence(20)))

    _, agent, callee = screen.picture().plain.split("\n")

    assert agent.startswith(" 0:00 agent  ███")
    assert agent.endswith(" Good morning")
    assert callee.strip() == "callee"


def test_words_that_stand_above_are_not_shown_below_as_well() -> None:
    meter = Meter()
    screen = LiveScreen(colourless(Terminal()), meter)
    screen.show(state("in_progress", "Call answered"))
    meter.came(Frame(g711.silence(20), ("Hello?",)))

    screen.show(spoken("callee", "Hello?"))

    assert "Hello?" not in screen.picture().plain


def test_a_terminal_without_blocks_gets_a_meter_of_hashes() -> None:
    meter = Meter()
    screen = LiveScreen(colourless(AsciiTerminal()), meter)
    screen.show(state("in_progress", "Call answered"))
    meter.sent(Frame(g711.encode(tones.sine(440.0, 20))))

    assert "###" in screen.picture().plain
    assert screen.picture().plain.isascii()


async def test_what_was_drawn_is_gone_and_the_cursor_back_when_nobody_watches() -> None:
    file = Terminal()
    console = console_on(file, force_terminal=True, _environ={"TERM": "xterm"})
    screen = LiveScreen(console, Meter())

    async with screen.watching():
        screen.show(spoken("callee", "Hello?"))

    assert "Hello?" in file.getvalue()
    assert file.getvalue().rindex("\x1b[?25h") > file.getvalue().rindex("\x1b[?25l")


@pytest.mark.parametrize("screen_class", [LiveScreen, PlainScreen])
def test_the_end_tells_the_outcome_the_evidence_and_the_answers(
    screen_class: type[LiveScreen | PlainScreen],
) -> None:
    file = Terminal()

    screen_class(colourless(file)).conclude(DETAILS)

    text = " ".join(file.getvalue().split())
    assert "The call is ended (agent hangup, 33 s)" in text
    assert "partial: 2 of 3 answers are known." in text
    assert 'line 3: "Next Friday."' in text
    assert "x_ray yes" in text
    assert "time (not learned)" in text
    assert "2 answers after 640 ms of silence in the median, 700 ms at most" in text


@pytest.mark.parametrize("screen_class", [LiveScreen, PlainScreen])
@pytest.mark.parametrize(
    ("reason", "told"),
    [("busy", "The call is busy"), ("no_answer", "The call is busy (no answer)")],
)
def test_a_call_that_nobody_took_ends_in_one_line(
    screen_class: type[LiveScreen | PlainScreen], reason: str, told: str
) -> None:
    file = Terminal()

    screen_class(colourless(file)).conclude({"status": "busy", "reason": reason})

    (line,) = [line.strip(" ─") for line in seen(file) if line]
    assert line == told


def test_a_path_stays_in_one_piece() -> None:
    file, path = Terminal(), "/a-long-folder" * 8

    LiveScreen(colourless(file)).note("recording", path)

    assert path in file.getvalue()


@pytest.mark.parametrize(
    ("loudness", "drawn"), [(0.0, "    "), (0.5, "██  "), (0.55, "██▎ "), (1.0, "████")]
)
def test_a_bar_is_drawn_in_eighths(loudness: float, drawn: str) -> None:
    assert bar(loudness, cells=4) == drawn


def test_of_many_words_the_last_ones_are_shown() -> None:
    assert tail("one two three", 13) == "one two three"
    assert tail("one two three", 9) == "... three"
    assert tail("one two three", 2) == ""


def test_the_time_of_a_call_is_minutes_and_seconds() -> None:
    assert clock(754_321) == "12:34"
