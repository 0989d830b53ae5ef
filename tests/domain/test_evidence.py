from __future__ import annotations

import pytest

from switchhook.domain.evidence import found
from switchhook.domain.outcome import Evidence
from switchhook.domain.transcript import Line

CALL = [
    Line(speaker="agent", text="What day suits you?"),
    Line(speaker="callee", text="Tuesday, I think. No -- Wednesday!"),
    Line(speaker="agent", text="Wednesday at nine?"),
    Line(speaker="callee", text="Yes, Wednesday."),
]


@pytest.mark.parametrize(
    ("quote", "line", "where"),
    [
        ("No -- Wednesday!", 1, 1),
        ("no wednesday", 1, 1),
        ("Wednesday", 3, 3),
        ("Wednesday", 1, 1),
        ("Tuesday", 3, 1),  # the line was wrong, the words are right
        ("Tuesday", 99, 1),
        ("Yes", 0, 3),
    ],
)
def test_words_are_found_where_the_callee_said_them(quote: str, line: int, where: int) -> None:
    assert found(quote, line, CALL) == Evidence(line=where, quote=quote)


@pytest.mark.parametrize("quote", ["at nine", "Thursday", "days", "", " ?! "])
def test_what_the_callee_did_not_say_is_no_evidence(quote: str) -> None:
    assert found(quote, 2, CALL) is None
