from __future__ import annotations

import pytest

from switchhook.engine import meaning
from switchhook.engine.meaning import Wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Stop calling me!", Wish.STOP_CALLING),
        ("Please don\N{RIGHT SINGLE QUOTATION MARK}t ever call here again.", Wish.STOP_CALLING),
        ("Take me off your list.", Wish.STOP_CALLING),
        ("Please leave a message after the beep.", Wish.VOICEMAIL),
        ("You can leave your name.", Wish.VOICEMAIL),
        ("You've got the wrong number.", Wish.WRONG_NUMBER),
        ("There is nobody here by that name, no one by that name.", Wish.WRONG_NUMBER),
        ("Are you a robot?", Wish.ROBOT),
        ("Am I talking to a human?", Wish.ROBOT),
        ("Sorry, who is this?", Wish.WHO),
        ("What is this about?", Wish.WHO),
        ("Sorry?", Wish.REPEAT),
        ("Could you repeat that please?", Wish.REPEAT),
        ("Okay, bye bye!", Wish.GOODBYE),
        ("Would you like to leave a message?", None),
        ("He's not available at the moment.", None),
        ("I'm busy right now.", None),
        ("You can call me back tomorrow.", None),
        ("What time is it?", None),
        ("Goodbye is a nice word", None),
    ],
)
def test_a_wish_about_the_call_itself_is_understood(text: str, wish: Wish | None) -> None:
    assert meaning.wish(text) is wish


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("Yes, please.", "en", True),
        ("No problem.", "en", True),
        ("Why not?", "en", True),
        ("Please go ahead", "en", True),
        ("No.", "en", False),
        ("I can't.", "en", False),
        ("No, that is right.", "en", False),
        ("Yes, I can not complain.", "en", True),
        ("Well, yes and no.", "en", None),
        ("Tuesday.", "en", None),
        ("Ja, genau!", "de", True),
        ("Nein danke", "de", False),
        ("Sí, claro", "es", True),
        ("はい", "ja", True),
        ("Please", "de", None),
        ("yes", "xx", True),
    ],
)
def test_yes_and_no_are_told_apart(text: str, language: str, meant: bool | None) -> None:  # noqa: FBT001 - a table of cases
    assert meaning.yes_or_no(text, language) is meant


def test_signs_of_listening_and_greetings_say_nothing() -> None:
    assert meaning.backchannel("Mhm, uh-huh.")
    assert not meaning.backchannel("Okay.")
    assert meaning.greeting("Hello? Good morning!")
    assert not meaning.greeting("Hello, we are closed.")


@pytest.mark.parametrize(
    "text",
    [
        "Is it far?",
        "what does it cost",
        "And when is that",
        "お電話は何時\N{FULLWIDTH QUESTION MARK}",
    ],
)
def test_a_question_is_noticed(text: str) -> None:
    assert meaning.question(text)


def test_a_statement_is_no_question() -> None:
    assert not meaning.question("I think it is far.")


def test_a_correction_says_what_it_should_be() -> None:
    assert meaning.correction("No, I said five.") == "five"
    assert meaning.correction("Actually, make it six") == "six"
    assert meaning.correction("Five is fine.") is None


def test_what_follows_a_no_is_kept() -> None:
    assert meaning.without_no("No, Turing.") == "Turing"
    assert meaning.without_no("No") == ""


def test_punctuation_goes_and_numbers_stay() -> None:
    assert meaning.plain("Yes! It's 1,200.50, at 3:30.") == "yes it's 1,200.50 at 3:30"
