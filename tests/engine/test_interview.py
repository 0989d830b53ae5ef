from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.engine import outcome
from switchhook.engine.brief import Brief
from switchhook.engine.interview import Interview, Reply, Turn, hear, opening, pending
from tests.engine.conversation import told

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "guests": {"type": "integer", "description": "How many guests?"},
        "day": {"type": "string", "format": "date", "description": "On which day?"},
        "name": {"type": "string", "description": "Under which name?"},
    },
    "required": ["guests", "day"],
}


class Talk:
    """An interview whose callee says a sentence after the other."""

    def __init__(self, brief: Brief | None = None) -> None:
        self.interview = Interview(brief or told(result_schema=SCHEMA))
        self.lines = 0

    def says(self, text: str) -> Reply:
        self.lines += 1
        return hear(self.interview, Turn(text, self.lines))

    def value(self, name: str) -> Any:
        return self.interview.results[name].value


def test_it_opens_with_the_purpose_and_the_first_question() -> None:
    assert opening(Talk().interview) == "I am calling about: a table for four. How many guests?"


def test_a_form_is_filled_in_field_by_field_and_each_value_is_read_back() -> None:
    talk = Talk()

    assert talk.says("Four.").text == "I understood: 4. Is that right?"
    assert talk.says("Yes.").text == "All right. On which day?"
    assert talk.says("Next Tuesday").text == "I understood: 2026-11-24. Is that right?"
    assert talk.says("correct").text == "All right. Under which name?"
    assert talk.says("Ada Lovelace").text == "I understood: Ada Lovelace. Is that right?"
    assert talk.says("Exactly.") == Reply("", end=Reason.AGENT_HANGUP)

    result = outcome.of_interview(talk.interview)
    assert result.verdict is Verdict.ACHIEVED
    assert {name: field.value for name, field in result.fields.items()} == {
        "guests": 4,
        "day": "2026-11-24",
        "name": "Ada Lovelace",
    }
    assert all(field.confirmed for field in result.fields.values())


def test_a_no_asks_again_and_another_value_replaces_the_first() -> None:
    talk = Talk()
    talk.says("Four.")

    assert talk.says("No.").text == "Sorry, I did not understand that. How many guests?"
    talk.says("Five.")
    assert talk.says("No, I said six.").text == "I understood: 6. Is that right?"
    assert talk.says("Seven!").text == "I understood: 7. Is that right?"
    talk.says("Yes")
    assert talk.value("guests") == 7


def test_a_name_is_corrected_by_saying_it() -> None:
    talk = Talk(told(result_schema={"properties": {"name": {"title": "Your name?"}}}))
    talk.says("Tooring")

    assert talk.says("No, Turing.").text == "I understood: Turing. Is that right?"
    assert talk.says("Hm well").text == "I understood: Turing. Is that right?"
    assert talk.says("I said Alan Turing").text == "I understood: alan turing. Is that right?"


def test_a_field_that_was_left_behind_can_be_corrected() -> None:
    talk = Talk()
    talk.says("Four.")
    talk.says("Yes.")

    assert talk.says("Actually, five.").text == "I understood: 5. Is that right?"
    assert talk.says("Yes.").text == "All right. On which day?"


def test_a_correction_of_nothing_is_an_answer() -> None:
    talk = Talk()
    assert talk.says("Actually four.").text == "I understood: 4. Is that right?"
    talk.says("Yes")
    assert talk.says("Actually tomorrow").text == "I understood: 2026-11-22. Is that right?"


def test_what_is_not_understood_three_times_is_left_open() -> None:
    talk = Talk()

    assert talk.says("Blue.").text.startswith("Sorry")
    assert talk.says("Blue.").text.startswith("Sorry")
    assert talk.says("Blue.").text == "That is fine, let us leave that. On which day?"

    result = outcome.of_interview(talk.interview).fields["guests"]
    assert (result.known, result.value, result.evidence) == (False, None, None)


def test_a_value_that_is_never_confirmed_is_known_and_not_confirmed() -> None:
    talk = Talk()
    talk.says("Four.")
    talk.says("Blue.")
    talk.says("Green.")
    assert talk.says("Red.").text == "All right. On which day?"

    field = talk.interview.results["guests"]
    assert (field.known, field.confirmed) == (True, False)
    assert outcome.of_interview(talk.interview).verdict is Verdict.PARTIAL


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Who is this?", "I am an AI assistant calling for Rosa. I am calling about:"),
        ("Are you a robot?", "Yes, I am an AI assistant, not a person. How many guests?"),
        ("Sorry?", "How many guests?"),
    ],
)
def test_questions_about_the_call_are_answered_and_the_open_one_is_asked_again(
    said: str, answer: str
) -> None:
    reply = Talk().says(said)

    assert reply.text.startswith(answer)
    assert reply.text.endswith("How many guests?")
    assert reply.end is None


def test_a_repeat_while_confirming_reads_the_value_back_again() -> None:
    talk = Talk()
    talk.says("Four.")

    assert talk.says("Sorry?").text == "I understood: 4. Is that right?"
    assert pending(talk.interview) == "I understood: 4. Is that right?"


@pytest.mark.parametrize(
    ("said", "reason", "parting", "remark"),
    [
        ("Stop calling me", Reason.USER_REQUESTED_DNC, "I understand.", "not to be called again"),
        ("Wrong number", Reason.AGENT_HANGUP, "I am sorry", "wrong number"),
        ("Leave a message after the tone", Reason.VOICEMAIL_HANGUP, "", "voicemail"),
        ("Goodbye", Reason.AGENT_HANGUP, "", "0 of 3"),
    ],
)
def test_some_wishes_end_the_call(said: str, reason: Reason, parting: str, remark: str) -> None:
    talk = Talk()
    reply = talk.says(said)
    result = outcome.of_interview(talk.interview)

    assert reply.end is reason
    assert reply.text.startswith(parting)
    assert remark in result.summary
    assert result.verdict is (Verdict.UNKNOWN if said == "Goodbye" else Verdict.NOT_ACHIEVED)


def test_a_question_it_cannot_answer_goes_to_the_assistant() -> None:
    talk = Talk()

    assert talk.says("Do you have a discount?") == Reply(
        "One moment, please.", ask="Do you have a discount?"
    )
    talk.says("Four")
    assert talk.says("Is there a discount?").ask == "Is there a discount?"


def test_an_answer_that_sounds_like_a_question_is_an_answer() -> None:
    assert Talk().says("Four?").text == "I understood: 4. Is that right?"


def test_greetings_and_murmurs_are_no_answers() -> None:
    talk = Talk()

    assert talk.says("Hello?") == Reply()
    assert talk.says("Mhm.") == Reply()


def test_somebody_who_cannot_help_may_leave_a_message() -> None:
    talk = Talk(told())
    assert talk.says("No, sorry.").text == "All right. Is there a message that I should pass on?"
    assert talk.says("No, thanks.").end is Reason.AGENT_HANGUP

    result = outcome.of_interview(talk.interview)
    assert result.verdict is Verdict.NOT_ACHIEVED
    assert result.fields["agreed"].value is False
    assert result.summary == "2 of 2 answers are known (agreed: False; message: none)."


def test_nobody_in_particular_calls_for_a_customer() -> None:
    talk = Talk(told(name="", task=""))

    assert talk.says("Who is this?").text.startswith("I am an AI assistant calling for a customer.")


def test_after_the_last_field_the_last_question_stays_the_open_one() -> None:
    talk = Talk(told(result_schema={"properties": {"ok": {"type": "boolean"}}}))
    talk.says("Yes")

    assert pending(talk.interview) == "Ok, yes or no?"
    assert talk.says("Actually no").end is Reason.AGENT_HANGUP
