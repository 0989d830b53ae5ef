from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.engine import outcome
from switchhook.engine.interview import (
    Interview,
    Reply,
    opening,
)
from tests.engine.conversation import told
from tests.engine.interviewing import CHECK, NOTHING_HEARD, SCHEMA, Talk, asking, checked


def test_it_opens_with_the_purpose_and_the_first_question() -> None:
    assert opening(Talk().interview) == "I am calling about a table for four. How many guests?"
    wanted = told(task="Book a table.", result_schema=SCHEMA)
    assert opening(Interview(wanted)) == "I'd like to book a table. How many guests?"


def test_a_form_is_filled_in_field_by_field_and_checked() -> None:
    talk = Talk()

    assert talk.says("Four.").text == "All right. On which day?"
    assert talk.says("Next Tuesday").text == "Tuesday, November 24th. Is that correct?"
    assert talk.says("correct").text == "Good. Under which name?"
    assert (
        talk.says("Ada Lovelace").text == f"{CHECK} guests 4, name Ada Lovelace. Is that correct?"
    )
    assert talk.says("Exactly.") == Reply("", end=Reason.AGENT_HANGUP)

    result = outcome.of_interview(talk.interview)
    assert result.verdict is Verdict.ACHIEVED
    assert {name: field.value for name, field in result.fields.items()} == {
        "guests": 4,
        "day": "2026-11-24",
        "name": "Ada Lovelace",
    }
    assert all(field.confirmed for field in result.fields.values())
    evidence = result.fields["day"].evidence
    assert evidence is not None
    assert (evidence.line, evidence.quote) == (2, "Next Tuesday")


def test_what_is_easily_misheard_is_read_back_at_once_in_characters() -> None:
    talk = asking(email={"type": "string"}, phone={"type": "string"})

    assert talk.says("sam at example dot com").text == "S A M at example dot com, is that right?"
    assert talk.says("Yes").text == "Thank you. What is the phone number?"
    assert talk.says("five five").text.startswith(NOTHING_HEARD)
    assert talk.says("five five five oh one oh oh").text == "So 5 5 5, 0 1 0 0, is that right?"
    assert talk.says("Yes").end is Reason.AGENT_HANGUP
    assert (talk.value("email"), talk.value("phone")) == ("sam@example.com", "5550100")


def test_a_no_asks_again_and_another_value_replaces_the_first() -> None:
    talk = asking(day={"format": "date", "description": "On which day?"})
    talk.says("Monday.")

    assert talk.says("No.").text == f"{NOTHING_HEARD} On which day?"
    assert talk.says("Next Tuesday.").text == "Tuesday, November 24th. Is that correct?"
    assert talk.says("No, I said Wednesday.").text == "So Wednesday, November 25th, is that right?"
    assert talk.says("Thursday!").text == "Thursday, November 26th, is that right?"
    assert talk.says("Yes, Thursday.").end is Reason.AGENT_HANGUP
    assert talk.value("day") == "2026-11-26"


def test_saying_the_same_again_confirms_it() -> None:
    talk = asking(day={"format": "date"})
    talk.says("Tuesday", "Tuesday")

    assert talk.confirmed("day")


def test_the_only_value_is_asked_for_again_when_it_is_wrong() -> None:
    talk = asking(name={"title": "Your name?"})
    talk.says("Tooring")

    assert talk.says("No.").text == "Your name?"
    assert talk.says("Touring").text.startswith(CHECK)
    assert talk.says("No, Turing.").text == f"{CHECK} name Turing. Is that correct?"
    assert talk.says("Hm well").text == f"{CHECK} name Turing. Is that correct?"
    assert talk.says("I said Alan Turing").text == f"{CHECK} name Alan Turing. Is that correct?"
    assert talk.says("Yes.").end is Reason.AGENT_HANGUP


def test_of_several_values_the_wrong_one_is_changed() -> None:
    talk = checked()

    assert talk.says("No.").text == "What should I change?"
    assert talk.says("The name.").text == "Under which name?"
    assert talk.says("Kim").text == f"{CHECK} guests 4, name Kim. Is that correct?"
    assert talk.says("No, five.").text == f"{CHECK} guests 5, name Kim. Is that correct?"
    assert talk.says("The name is Sam").text == f"{CHECK} guests 5, name Sam. Is that correct?"
    assert talk.says("Do you have a dog?").ask == "Do you have a dog?"
    assert talk.says("Right.").end is Reason.AGENT_HANGUP
    assert (talk.value("guests"), talk.value("name")) == (5, "Sam")


def test_what_is_never_confirmed_at_the_end_stays_unconfirmed() -> None:
    talk = checked()

    assert talk.says("Blue.", "Green.", "Red.").end is Reason.AGENT_HANGUP
    assert not talk.confirmed("name")
    assert outcome.of_interview(talk.interview).verdict is Verdict.PARTIAL


def test_an_optional_field_that_is_declined_at_the_end_needs_no_more_checking() -> None:
    talk = Talk(told())
    talk.says("Yes", "Tell Rosa hello")

    assert talk.says("No.").text == "Is there a message that I should pass on?"
    assert talk.says("No, nothing.").end is Reason.AGENT_HANGUP
    assert talk.value("message") == ""


def test_a_message_that_is_taken_back_ends_the_checking() -> None:
    talk = Talk(told())
    talk.says("Yes", "Tell Rosa hello")

    assert talk.says("Actually no.").end is Reason.AGENT_HANGUP
    assert talk.value("message") == ""


def test_a_field_that_was_left_behind_can_be_corrected() -> None:
    talk = Talk()
    talk.says("Four.")

    assert talk.says("Actually, five.").text == "Thank you. On which day?"
    assert talk.value("guests") == 5
    talk.says("Tuesday", "Yes")
    assert talk.says("Actually make it Wednesday.").text.startswith("Wednesday, November 25th")
    assert talk.says("Yes.").text == "Thank you. Under which name?"
    assert talk.says("The guests should be six").text.endswith("Under which name?")
    assert (talk.value("guests"), talk.value("day")) == (6, "2026-11-25")


def test_a_correction_in_the_middle_of_a_confirmation_leaves_neither_open() -> None:
    talk = asking(day={"format": "date"}, time={"format": "time"})
    talk.says("Tuesday", "Yes", "at four")

    assert talk.says("Actually make it Wednesday").text.startswith("Wednesday, November 25th")
    assert talk.says("Yes").text == "4 pm. Is that correct?"
    assert talk.says("Yes").end is Reason.AGENT_HANGUP
    assert talk.confirmed("day")
    assert talk.confirmed("time")


def test_a_correction_of_nothing_is_an_answer() -> None:
    talk = Talk()
    assert talk.says("Actually four.").text == "All right. On which day?"
    assert talk.says("Actually tomorrow").text == "Sunday, November 22nd. Is that correct?"
    talk.says("Yes")
    assert (
        talk.says("Actually Ada").text == f"{CHECK} guests 4, name Actually Ada. Is that correct?"
    )


def test_what_is_not_understood_three_times_is_left_open() -> None:
    talk = Talk()

    assert talk.says("Blue.").text == f"{NOTHING_HEARD} How many guests?"
    assert talk.says("Blue.").text.endswith("How many guests? A number is enough.")
    assert talk.says("Blue.").text == "That is fine, let us leave that. On which day?"

    result = outcome.of_interview(talk.interview).fields["guests"]
    assert (result.known, result.value, result.evidence) == (False, None, None)


def test_what_is_misheard_again_and_again_is_left_open() -> None:
    talk = asking(day={"format": "date"}, guests={"type": "integer"})
    talk.says("Monday", "No, Tuesday", "No, Monday", "No, Tuesday")

    assert talk.says("No, Monday").text.startswith("That is fine, let us leave that.")
    assert not talk.interview.results["day"].known


def test_what_is_misheard_again_and_again_at_the_end_is_left_open() -> None:
    talk = asking(guests={"type": "integer"})
    talk.says("Four", "No, five", "No, four", "No, five")

    assert talk.says("No, four").end is Reason.AGENT_HANGUP
    assert not talk.interview.results["guests"].known
