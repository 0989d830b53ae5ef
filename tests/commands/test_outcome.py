"""How a command ends, however deep inside concurrent tasks it was decided."""

from __future__ import annotations

import pytest

from switchhook.commands.outcome import reported
from switchhook.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (BaseExceptionGroup("tasks", [KeyboardInterrupt()]), 130, ""),
        (BaseExceptionGroup("tasks", [SystemExit(1)]), 1, ""),
        (ExceptionGroup("tasks", [InvalidInput("no such day")]), 1, "switchhook: no such day\n"),
        (InvalidInput("no such day"), 1, "switchhook: no such day\n"),
    ],
)
def test_what_ends_a_command_is_its_exit_code_and_at_most_one_line(
    wrong: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end, reported():
        raise wrong

    assert end.value.code == code
    assert capsys.readouterr().err == said


def test_a_fault_of_ours_is_named_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end, reported():
        raise ExceptionGroup("tasks", [ZeroDivisionError("division by zero")])

    assert end.value.code == 70
    assert "fault of switchhook: ZeroDivisionError" in capsys.readouterr().err
