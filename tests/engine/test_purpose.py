from __future__ import annotations

import pytest

from switchhook.engine.purpose import sentence


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("book a table for four", "I'd like to book a table for four."),
        ("Please move Anna's check-up.", "I'd like to move Anna's check-up."),
        ("Call the dentist and move my appointment.", "I'd like to move Rosa's appointment."),
        ("call to confirm the delivery", "I'd like to confirm the delivery."),
        ("Ask whether they are open.", "I'd like to ask whether you are open."),
        ("Tell them that they won", "I'd like to tell them that they won."),
        ("a table for four", "I am calling about a table for four."),
        ("The delivery of Monday", "I am calling about the delivery of Monday."),
        ("Parcel 12", "I am calling about Parcel 12."),
        ("Are you open on Sunday?", "I have a question: Are you open on Sunday?"),
        ("", ""),
        ("Call them and ", "I am calling about Call them and."),
    ],
)
def test_a_task_becomes_the_first_sentence_of_a_call(task: str, said: str) -> None:
    assert sentence(task, "Rosa") == said


def test_without_a_name_what_is_mine_stays_so() -> None:
    assert sentence("move my appointment") == "I'd like to move my appointment."
