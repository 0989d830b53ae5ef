from __future__ import annotations

from typing import Any

import pytest

from switchhook.engine.answers import Shape
from switchhook.engine.form import blanks
from switchhook.engine.phrases import phrases


def test_without_a_schema_it_asks_for_help_and_for_a_message() -> None:
    for schema in (None, {}, {"type": "object"}, {"properties": "nonsense"}):
        form = blanks(schema, phrases("en"))
        assert [(blank.name, blank.shape) for blank in form] == [
            ("agreed", Shape.BOOLEAN),
            ("message", Shape.TEXT),
        ]


@pytest.mark.parametrize(
    ("rule", "question", "shape"),
    [
        ({"type": "integer"}, "What is the party size, as a number?", Shape.INTEGER),
        ({"type": ["number", "null"]}, "What is the party size, as a number?", Shape.NUMBER),
        ({"type": "string"}, "What is the party size?", Shape.TEXT),
        ({}, "What is the party size?", Shape.TEXT),
        ({"type": []}, "What is the party size?", Shape.TEXT),
        ({"type": "boolean", "title": "smoking"}, "Smoking, yes or no?", Shape.BOOLEAN),
        ({"title": "The name."}, "What is the name?", Shape.TEXT),
        ({"title": "VAT number"}, "What is the VAT number?", Shape.TEXT),
        ({"format": "date"}, "Party size: on which day?", Shape.DATE),
        ({"format": "time"}, "Party size: at what time?", Shape.TIME),
        (
            {"format": "date-time"},
            "Party size: on which day and at what time?",
            Shape.MOMENT,
        ),
        ({"enum": ["a", "b", "c_d"]}, "What is the party size: a, b or c d?", Shape.CHOICE),
        ({"enum": ["a"]}, "What is the party size: a?", Shape.CHOICE),
        ({"description": "How many are you?"}, "How many are you?", Shape.TEXT),
        (
            {"description": "Which one?", "enum": ["red", "blue"]},
            "Which one: red or blue?",
            Shape.CHOICE,
        ),
        (
            {"description": "Red or blue?", "enum": ["red", "blue"]},
            "Red or blue?",
            Shape.CHOICE,
        ),
        ("nonsense", "What is the party size?", Shape.TEXT),
    ],
)
def test_each_kind_of_field_has_its_question(rule: Any, question: str, shape: Shape) -> None:
    blank = blanks({"properties": {"party_size": rule}}, phrases("en"))[0]

    assert (blank.question, blank.shape) == (question, shape)


def test_what_is_required_is_marked() -> None:
    schema: dict[str, Any] = {"properties": {"a": {}, "b": {}}, "required": ["b"]}

    assert [blank.required for blank in blanks(schema, phrases("en"))] == [False, True]
    assert all(blank.required for blank in blanks({"properties": {"a": {}}}, phrases("en")))


@pytest.mark.parametrize(
    ("name", "rule", "question", "shape"),
    [
        ("email", {"type": "string"}, "What is the email?", Shape.EMAIL),
        ("contact_email", {"format": "email"}, "What is the contact email?", Shape.EMAIL),
        ("mobile", {}, "What is the mobile number?", Shape.PHONE),
        (
            "phone",
            {"title": "your telephone number"},
            "What is your telephone number?",
            Shape.PHONE,
        ),
        ("visit_day", {"description": "Which day suits you?"}, "Which day suits you?", Shape.DATE),
        ("time", {}, "Time: at what time?", Shape.TIME),
        ("day", {"type": "string", "pattern": "^[A-Z]"}, "What is the day?", Shape.TEXT),
        ("holiday", {}, "What is the holiday?", Shape.TEXT),
    ],
)
def test_the_name_of_a_field_tells_what_its_schema_leaves_open(
    name: str, rule: Any, question: str, shape: Shape
) -> None:
    blank = blanks({"properties": {name: rule}}, phrases("en"))[0]

    assert (blank.question, blank.shape) == (question, shape)
    assert blank.guessed is (shape is not Shape.TEXT and "format" not in rule)
