from __future__ import annotations

from typing import Any

import pytest

from switchhook.engine.answers import Expected, Shape, read
from switchhook.engine.readback import spoken
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
        (Shape.NUMBER, "three point one four", 3.14),
        (Shape.NUMBER, "two and a half", 2.5),
        (Shape.INTEGER, "a dozen", 12),
        (Shape.INTEGER, "The blue one.", None),
        (Shape.INTEGER, "that one", None),
        (Shape.INTEGER, "The number is one", 1),
        (Shape.INTEGER, "just a couple", 2),
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
        (Shape.DATE, "in two days", "2026-11-23"),
        (Shape.DATE, "in a week", "2026-11-28"),
        (Shape.DATE, "in 3 weeks", "2026-12-12"),
        (Shape.DATE, "in many days", None),
        (Shape.DATE, "a week from Tuesday", "2026-12-01"),
        (Shape.DATE, "a week after that", None),
        (Shape.DATE, "the twenty fourth", "2026-11-24"),
        (Shape.DATE, "the 3rd", "2026-12-03"),
        (Shape.DATE, "the thirty first", "2026-12-31"),
        (Shape.DATE, "the same", None),
        (Shape.DATE, "the fiftyth", None),
        (Shape.DATE, "the 45th", None),
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
        (Shape.TIME, "at 4", "16:00"),
        (Shape.TIME, "at 8", "08:00"),
        (Shape.TIME, "Four.", "16:00"),
        (Shape.TIME, "four forty five", "16:45"),
        (Shape.TIME, "ten to one", "12:50"),
        (Shape.TIME, "quarter to one", "12:45"),
        (Shape.TIME, "twenty past nine in the morning", "09:20"),
        (Shape.TIME, "sixteen thirty", "16:30"),
        (Shape.TIME, "sixteen hundred hours", "16:00"),
        (Shape.TIME, "ten oh five", "10:05"),
        (Shape.TIME, "four p m", "16:00"),
        (Shape.TIME, "three or four", None),
        (Shape.PHONE, "plus one five five five 0100", "+15550100"),
        (Shape.PHONE, "+1 (555) 010-0123", "+15550100123"),
        (Shape.PHONE, "double five, oh one, triple two", "5501222"),
        (Shape.PHONE, "fifty five twenty three one", "55231"),
        (Shape.PHONE, "one two", None),
        (Shape.PHONE, "one plus five five five five", "15555"),
        (Shape.EMAIL, "Guest12@Example.com.", "guest12@example.com"),
        (Shape.EMAIL, "My e-mail is anna dot berg at example dot com", "anna.berg@example.com"),
        (Shape.EMAIL, "a as in apple n n a twelve at mail dash box dot org", "anna12@mail-box.org"),
        (Shape.EMAIL, "anna at gmail dot com, all lower case", "anna@gmail.com"),
        (Shape.EMAIL, "at home", None),
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


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("The second one, please.", "blue"),
        ("I take the last one", "green"),
        ("The fifth", None),
        ("Hm", None),
    ],
)
def test_a_choice_may_be_named_by_its_place(text: str, choice: str | None) -> None:
    choices = ("red", "blue", "green")

    assert read(text, Expected(Shape.CHOICE, TODAY, choices)) == choice
    assert read(text, Expected(Shape.CHOICE, TODAY)) is None


@pytest.mark.parametrize(
    ("shape", "value", "words"),
    [
        (Shape.DATE, "2026-11-24", "Tuesday, November 24th"),
        (Shape.DATE, "2026-11-12", "Thursday, November 12th"),
        (Shape.DATE, "2026-11-02", "Monday, November 2nd"),
        (Shape.TIME, "16:00", "4 pm"),
        (Shape.TIME, "08:05", "8:05 am"),
        (Shape.TIME, "12:00", "noon"),
        (Shape.TIME, "00:00", "midnight"),
        (Shape.TIME, "12:30", "12:30 pm"),
        (Shape.MOMENT, "2026-11-24T16:00", "Tuesday, November 24th at 4 pm"),
        (Shape.PHONE, "+15550100", "plus 1 5 5, 5 0 1, 0 0"),
        (Shape.PHONE, "5550100", "5 5 5, 0 1 0 0"),
        (Shape.EMAIL, "a.b_1@example.com", "A dot B underscore 1 at example dot com"),
        (Shape.EMAIL, "ab@ab-c.io", "A B at A B dash C dot I O"),
        (Shape.CHOICE, "window_seat", "window seat"),
        (Shape.INTEGER, 4, "4"),
    ],
)
def test_a_value_is_read_back_so_that_it_can_be_checked_by_ear(
    shape: Shape, value: Any, words: str
) -> None:
    assert spoken(value, shape) == words
