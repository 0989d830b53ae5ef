"""The interview finds its way through a menu."""

from __future__ import annotations

import pytest

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine.menus import Option, choose, options, person
from tests.engine.shell import Shell

MENU = "For opening hours press one. For bookings, press two. For an operator press zero."
NOTHING_FITS = "For opening hours press one. For lost property press three."


def test_what_a_menu_offers_may_stand_before_or_after_the_key() -> None:
    assert options("Welcome. For sales, press 1. To talk to us please press the star key.") == [
        Option("1", "For sales"),
        Option("*", "To talk to us"),
    ]
    assert options("Press one for sales, say or press two to book, or dial 0.") == [
        Option("1", "for sales"),
        Option("2", "to book, or"),
        Option("0", ""),
    ]
    assert options("Good morning.") == []


@pytest.mark.parametrize(
    ("prompt", "task", "tried", "key"),
    [
        (MENU, "book a table for four", "", "2"),
        (MENU, "book a table for four", "2", "0"),
        (MENU, "ask about a lost umbrella", "", "0"),
        (MENU, "ask about a lost umbrella", "0", None),
        (NOTHING_FITS, "book a table", "", None),
        ("Press 4 to speak to somebody, or press 5 for fax.", "a table", "", "4"),
        ("If you know your extension dial it now, or press 0.", "a table", "", "0"),
        ("Good morning.", "a table", "", None),
    ],
)
def test_the_key_that_fits_is_chosen(prompt: str, task: str, tried: str, key: str | None) -> None:
    assert choose(prompt, task, tried) == key


@pytest.mark.parametrize(
    ("said", "somebody"),
    [
        ("Miller bakery, good morning.", True),
        ("Please hold while I connect you.", False),
        ("Press nine to go back.", False),
        ("You have reached the office of Doctor Miller which is open from nine to five.", False),
    ],
)
def test_a_short_sentence_that_promises_no_connection_is_somebody_s(
    said: str,
    somebody: bool,  # noqa: FBT001 - the expectation
) -> None:
    assert person(said) is somebody


def at_menu(task: str = "book a table for four", said: str = MENU) -> Shell:
    call = Shell(navigates_menus=True, task=task).greeted()
    call.says(said, 3.0)
    call.go(4)
    return call


def pressed(call: Shell) -> str:
    return "".join(str(f.data["digits"]) for f in call.facts if f.kind is Kind.DIGITS)


def test_the_interview_presses_the_key_and_talks_to_whoever_picks_up() -> None:
    call = at_menu()
    assert pressed(call) == "2"
    call.says("Please hold while I connect you.", 1.5)
    call.go(40)
    assert call.end is None
    said = len(call.transcript)

    call.says("Miller bakery, good morning.", 1.2)
    call.go(9)
    call.says("Yes, sure.", 0.8)
    call.go(8)

    assert call.transcript[said + 1 : said + 4] == [
        "agent: Hello, this is an AI assistant calling for Rosa.",
        "agent: I'd like to book a table for four. Can you help me with that?",
        "callee: Yes, sure.",
    ]
    assert call.transcript[-1].startswith("agent: All right.")


def test_somebody_who_asks_how_to_help_is_a_person_however_long_it_takes() -> None:
    call = at_menu()

    call.says("You are through to the bakery in Market Street, Ann speaking, how can I help?", 4.0)
    call.go(9)

    assert call.transcript[-1].startswith("agent: I'd like to book a table")


def test_the_same_menu_again_gets_another_key_and_then_the_interview_leaves() -> None:
    call = at_menu()
    call.says(MENU, 3.0)
    call.go(4)
    assert pressed(call) == "20"
    assert call.end is None

    call.says(MENU, 3.0)
    call.go(4)

    assert pressed(call) == "20"
    assert call.end is not None
    assert call.end.reason is Reason.IVR_REACHED


def test_a_menu_behind_a_menu_is_answered_too() -> None:
    call = at_menu()
    call.says("For changes to a booking press two. To book anew press one.", 3.0)
    call.go(4)

    assert pressed(call) == "22"


def test_where_nothing_fits_no_key_is_pressed() -> None:
    call = at_menu(said=NOTHING_FITS)

    assert pressed(call) == ""
    assert call.end is None


def test_who_may_not_navigate_presses_nothing() -> None:
    call = Shell(task="book a table for four").greeted()
    call.says(MENU, 3.0)
    call.go(4)

    assert pressed(call) == ""
