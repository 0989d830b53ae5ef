"""Every scenario is played here or is said to be elsewhere, and every one played has a twin."""

from __future__ import annotations

import re
from pathlib import Path

from tests.scenarios.later import ELSEWHERE

ALL = {f"S{number:02}" for number in range(1, 65)}
_TEST = re.compile(r"((?:^@.*\n(?:^[ )].*\n)*)*)^def test_(s\d\d)_", re.MULTILINE)


def played() -> dict[str, bool]:
    """The scenarios with a test, and whether any test of it is run again with a bug."""
    found: dict[str, bool] = {}
    for file in Path(__file__).parent.glob("test_*.py"):
        for decorators, number in _TEST.findall(file.read_text()):
            name = number.upper()
            found[name] = found.get(name, False) or "fails_with" in decorators
    return found


def test_every_scenario_is_played_or_elsewhere_with_its_reason() -> None:
    assert set(played()) | set(ELSEWHERE) == ALL
    assert set(played()) & set(ELSEWHERE) == set()
    assert all(len(reason) > 20 for reason in ELSEWHERE.values())


def test_every_scenario_has_a_twin_with_a_bug() -> None:
    assert [name for name, twin in sorted(played().items()) if not twin] == []
