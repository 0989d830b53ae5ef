from __future__ import annotations

import json
from typing import Any

import pytest

from switchhook.domain.actions import CallApi, EndCall, SendDigits, TransferCall
from switchhook.domain.outcome import Verdict
from switchhook.engine import acting
from switchhook.engine.acting import Notes
from switchhook.engine.offers import END_CALL, Offer, arguments, offered
from switchhook.engine.outcome import of_mind
from switchhook.engine.thoughts import MindAction

FIELDS: dict[str, dict[str, Any]] = {
    "day": {"type": "string"},
    "guests": {"type": "integer"},
    "price": {"type": "number"},
    "inside": {"type": "boolean"},
    "size": {"enum": ["small", "large"]},
    "remark": {},
}


def note(notes: Notes, field: object, value: object) -> acting.Result:
    offers = offered((), {"properties": FIELDS})
    written = json.dumps({"field": field, "value": value})
    return acting.verdict(MindAction(1, "a", "take_note", written), offers, notes, started=0)


def test_hanging_up_is_always_allowed_and_the_rest_only_where_the_agent_may() -> None:
    schema = {"type": "object", "properties": {"guests": {"type": "integer"}}}
    book = CallApi(name="book", description="Book.", url="https://x.example", input_schema=schema)

    assert [offer.name for offer in offered(())] == ["end_call"]
    offers = offered(
        (EndCall(), SendDigits(), TransferCall(phone_number="+1"), book),
        {"properties": FIELDS},
        [Offer("weather", "How it is.")],
    )
    assert [offer.name for offer in offers] == [
        "end_call",
        "send_digits",
        "transfer_call",
        "take_note",
        "book",
        "weather",
    ]
    assert offers[4].schema == schema
    assert not offers[4].cancel_on_interruption


def test_no_action_lets_the_mind_choose_a_number_to_dial() -> None:
    one, other = (TransferCall(phone_number=number) for number in ("+15550100", "+15550101"))
    (transfer,) = offered((one,))[1:]
    (choice,) = offered((one, other))[1:]

    assert list(transfer.schema["properties"]) == ["about"]
    assert choice.schema["properties"]["to"] == {"enum": ["+15550100", "+15550101"]}


def test_arguments_are_an_object_or_nothing() -> None:
    assert arguments("") == {}
    assert arguments('{"a": 1}') == {"a": 1}
    for text in ("[]", "1", "{", "null"):
        with pytest.raises(ValueError, match=r"object|Expecting"):
            arguments(text)


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("day", "Friday", True),
        ("day", 5, False),
        ("guests", 4, True),
        ("guests", True, False),
        ("guests", "four", False),
        ("price", 4.5, True),
        ("inside", False, True),
        ("inside", "no", False),
        ("size", "small", True),
        ("size", "huge", False),
        ("remark", ["any", "thing"], True),
    ],
)
def test_a_note_fits_its_field_or_is_not_taken(field: str, value: object, *, fits: bool) -> None:
    notes = Notes(FIELDS)
    notes.said(3, "For four, on Friday.")

    result = note(notes, field, value)

    assert isinstance(result, acting.Settled if fits else acting.Refused)
    assert (field in notes.taken) is fits
    if fits:
        taken = notes.taken[field]
        assert taken.value == value
        assert taken.evidence is not None
        assert (taken.evidence.line, taken.evidence.quote) == (3, "For four, on Friday.")


@pytest.mark.parametrize("field", ["colour", 5, None])
def test_there_are_no_notes_but_of_the_fields(field: object) -> None:
    result = note(Notes(FIELDS), field, "red")

    assert isinstance(result, acting.Refused)
    assert result.problem.startswith("field is one of day, guests")


def test_the_outcome_is_what_the_mind_noted_and_says_itself() -> None:
    notes = Notes({"guests": {"type": "integer"}, "day": {"type": "string"}})
    note(notes, "guests", 4)
    event = MindAction(1, "a", "end_call", '{"outcome": "partial", "summary": "Half done."}')
    acting.verdict(event, (END_CALL,), notes, started=0)

    outcome = of_mind(notes)

    assert outcome.verdict is Verdict.PARTIAL
    assert outcome.summary == "Half done. 1 of 2 answers are known (guests: 4)."
    assert outcome.fields["guests"].known
    assert not outcome.fields["day"].known


def test_without_notes_the_outcome_is_unknown() -> None:
    assert of_mind(Notes()).verdict is Verdict.UNKNOWN
    assert of_mind(Notes()).summary == ""
    assert of_mind(Notes({"day": {}})).summary == "0 of 1 answers are known."
