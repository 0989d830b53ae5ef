"""The demo as people run it: in a terminal, through a pipe, and stopped half-way."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")

DEMO = (sys.executable, "-m", "switchhook", "demo")
PATIENCE = 60


@dataclass
class Session:
    """A demo in a terminal of 80 columns."""

    process: subprocess.Popen[bytes]
    terminal: int
    seen: bytes = b""

    def until(self, pattern: bytes) -> None:
        while not re.search(pattern, self.seen):
            assert self._more(), self.seen.decode(errors="replace")

    def end(self) -> int:
        while self._more():
            pass
        return self.process.wait(PATIENCE)

    def _more(self) -> bool:
        ready, _, _ = select.select([self.terminal], [], [], PATIENCE)
        assert ready, f"nothing more after {self.seen[-500:]!r}"
        try:
            new = os.read(self.terminal, 65536)
        except OSError:  # Linux says so when the last program has closed the terminal.
            return False
        self.seen += new
        return bool(new)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("SWITCHHOOK_LOOPBACK_SPEED", "20")
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def in_terminal() -> Generator[Callable[..., Session]]:
    """Start a demo in a terminal; it is over after the test."""
    sessions: list[Session] = []

    def start(*words: str) -> Session:
        ours, theirs = os.openpty()
        process = subprocess.Popen(
            (*DEMO, *words), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        sessions.append(Session(process, ours))
        return sessions[-1]

    yield start
    for session in sessions:
        session.process.kill()
        session.process.wait(PATIENCE)
        os.close(session.terminal)


def plain(seen: bytes) -> str:
    return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", seen).decode()


def test_in_a_terminal_a_call_is_seen_from_its_ring_to_its_end(
    in_terminal: Callable[..., Session],
) -> None:
    session = in_terminal()

    assert session.end() == 0
    assert "█".encode() in session.seen
    assert session.seen.rindex(b"\x1b[?25h") > session.seen.rindex(b"\x1b[?25l")
    text = plain(session.seen)
    assert "agent  Hello, this is an AI assistant." in text
    assert re.search(r"\(\d+ms\)", text)
    assert re.search(r": \d of 3 answers are known\.", text)
    assert "mcpServers" in text


def test_a_call_that_is_stopped_ends_with_one_line(
    in_terminal: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The call is still there when a busy machine gets round to it.
    monkeypatch.setenv("SWITCHHOOK_LOOPBACK_SPEED", "1")
    session = in_terminal("--persona", "silent")
    session.until(rb"Hello,")

    session.process.send_signal(signal.SIGINT)

    assert session.end() == 130
    assert session.seen.rindex(b"\x1b[?25h") > session.seen.rindex(b"\x1b[?25l")
    last = plain(session.seen.rpartition(b"\x1b[?25h")[2])
    assert last.split() == ["switchhook:", "interrupted;", "the", "call", "is", "ended"]


def test_through_a_pipe_there_are_lines_without_control_codes() -> None:
    done = subprocess.run(DEMO, capture_output=True, timeout=PATIENCE, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert b"\r" not in done.stdout
    assert re.search(rb"^ +\d+\.\d- +\d+\.\ds  agent +\S", done.stdout, re.MULTILINE)


def test_a_reader_that_goes_away_is_no_fault_of_ours() -> None:
    process = subprocess.Popen(DEMO, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout as out, process.stderr as err:
        out.readline()
        out.close()
        assert err.read() == b""
    assert process.wait(PATIENCE) == 1
