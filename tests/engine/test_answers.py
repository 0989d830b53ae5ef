from __future__ import annotations

from typing import Any

import pytest

from switchhook.engine.answers import Expected, Shape, read
from tests.engine.conversation import TODAY


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (Shape.INTEGER, "We are four.", 4),
        (Shape.INTEGER, "two hundred and five", 205),
        (Shape.INTEGER, "twenty five", 25),
        (Shape.INTEGER, "twenty-five people", 25),
        (Shape.INTEGER, "three thousand two hundred", 3200),
        (Shape.INTEGER, "1,200 please", 1200),
        (Shape.INTEGER, "four or five", None),
        (Shape.INTEGER, "five six", None),
        (Shape.INTEGER, "twenty thirty", None),
        (Shape.INTEGER, "nineteen", 19),
        (Shape.INTEGER, "twenty eleven", None),
        (Shape.INTEGER, "3.5", None),
        (Shape.INTEGER, "many", None),
        (Shape.NUMBER, "It's 3.5.", 3.5),
        (Shape.NUMBER, "3,5", 3.5),
        (Shape.NUMBER, "minus -2", -2),
        (Shape.NUMBER, "version 1.2.3", 1.23),
        (Shape.NUMBER, "ten", 10),
        (Shape.BOOLEAN, "Yes.", True),
        (Shape.BOOLEAN, "Perhaps.", None),
        (Shape.DATE, "2026-12-24", "2026-12-24"),
        (Shape.DATE, "2026-02-30", None),
        (Shape.DATE, "tomorrow", "2026-11-22"),
        (Shape.DATE, "the day after tomorrow", "2026-11-23"),
        (Shape.DATE, "next Tuesday", "2026-11-24"),
        (Shape.DATE, "on Saturday", "2026-11-28"),
        (Shape.DATE, "Monday or Tuesday", None),
        (Shape.DATE, "December 24th", "2026-12-24"),
        (Shape.DATE, "the twenty-third of May", "2027-05-23"),
        (Shape.DATE, "May 5th 2028", "2028-05-05"),
        (Shape.DATE, "thirty first of December", "2026-12-31"),
        (Shape.DATE, "February 30", None),
        (Shape.DATE, "in May", None),
        (Shape.DATE, "May or June 3rd", None),
        (Shape.DATE, "some day", None),
        (Shape.TIME, "3 pm", "15:00"),
        (Shape.TIME, "at 7 p.m.", "19:00"),
        (Shape.TIME, "12 am", "00:00"),
        (Shape.TIME, "noon", "12:00"),
        (Shape.TIME, "at midnight", "00:00"),
        (Shape.TIME, "15:30", "15:30"),
        (Shape.TIME, "half past three in the afternoon", "15:30"),
        (Shape.TIME, "quarter past ten", "10:15"),
        (Shape.TIME, "quarter to nine am", "08:45"),
        (Shape.TIME, "three thirty pm", "15:30"),
        (Shape.TIME, "eight o'clock in the evening", "20:00"),
        (Shape.TIME, "at 4", "04:00"),
        (Shape.TIME, "25:10", None),
        (Shape.TIME, "12:99", None),
        (Shape.TIME, "later", None),
        (Shape.MOMENT, "Tuesday at 7 pm", "2026-11-24T19:00"),
        (Shape.MOMENT, "Tuesday", None),
        (Shape.TEXT, "Sure, my name is Ada Lovelace.", "Ada Lovelace"),
        (Shape.TEXT, "It's the blue one", "the blue one"),
        (Shape.TEXT, "...", None),
    ],
)
def test_a_value_is_read_where_it_is_clear(shape: Shape, text: str, value: Any) -> None:
    assert read(text, Expected(shape, TODAY)) == value


def test_a_number_that_is_whole_is_whole() -> None:
    assert isinstance(read("ten", Expected(Shape.NUMBER, TODAY)), int)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("I am not sure.", "not sure"),
        ("Sure!", "sure"),
        ("Sure, the window seat", None),
        ("By the window seat please", "window_seat"),
        ("2", 2),
        ("Neither", None),
    ],
)
def test_one_of_several_choices_is_recognised(text: str, choice: object) -> None:
    choices = ("sure", "not sure", "window_seat", 2)

    assert read(text, Expected(Shape.CHOICE, TODAY, choices)) == choice
