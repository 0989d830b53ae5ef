"""Which phrases start what, whoever says them and however they are written."""

from __future__ import annotations

import pytest

from switchhook.domain.actions import (
    Action,
    AddToConference,
    CallApi,
    EndCall,
    OnPhrase,
    SendDigits,
    SetHold,
    TransferCall,
)
from switchhook.domain.agent import Language
from switchhook.engine.offers import offered
from switchhook.engine.triggers import Speaker, started_by, triggers_of

THEM = "+14155550177"


def on(*phrases: str, speaker: Speaker = "agent") -> OnPhrase:
    return OnPhrase(phrases=phrases, speaker=speaker)


def starts(phrase: str, said: str, language: Language = "en") -> bool:
    triggers = triggers_of([EndCall(trigger=on(phrase))], language)
    return started_by(triggers, "agent", said) == [0]


@pytest.mark.parametrize(
    ("phrase", "said", "language"),
    [
        ("end", "This is the END.", "en"),
        ("have a nice day", "Goodbye,\n  have a nice... day!", "en"),
        ("I'll connect you", "Well, I\u2019ll connect you now.", "en"),
        ("担当者に つなぎます", "では、担当者につなぎます。", "ja"),
        ("상담원", "상담원과 말하고 싶어요", "ko"),
        ("आदमी से बात", "मुझे आदमी से बात करनी है।", "hi"),
        ("Müller", "Herr MÜLLER kommt.", "de"),
    ],
)
def test_a_phrase_is_found_whatever_its_case_punctuation_and_spaces(
    phrase: str, said: str, language: Language
) -> None:
    assert starts(phrase, said, language)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [("end", "See you at the weekend."), ("nice day", "A nice summer day."), ("bye", "")],
)
def test_a_phrase_is_whole_words_in_their_order(phrase: str, said: str) -> None:
    assert not starts(phrase, said)


def test_whoever_else_says_it_starts_nothing_and_neither_does_what_was_started() -> None:
    actions = (
        EndCall(trigger=on("goodbye", "bye")),
        TransferCall(phone_number=THEM, trigger=on("a human", speaker="callee")),
        TransferCall(phone_number=THEM, trigger=on("bye")),
    )
    triggers = triggers_of(actions, "en")

    assert started_by(triggers, "callee", "Bye, a human!") == [1]
    assert started_by(triggers, "agent", "Bye, a human!") == [0, 2]
    assert started_by(triggers, "agent", "Bye, a human!", already={0}) == [2]


def test_a_phrase_starts_what_a_mind_would_call() -> None:
    request = CallApi(
        name="note_it", description="Note it.", url="https://a.example", input_schema={}
    )
    actions = (
        EndCall(trigger=on("one")),
        TransferCall(phone_number=THEM, trigger=on("two")),
        AddToConference(phone_number=THEM, trigger=on("four")),
        request.model_copy(update={"trigger": on("three")}),
        request,
    )
    triggers = triggers_of(actions, "en")

    assert [(t.offer.name, t.arguments) for t in triggers] == [
        ("end_call", "{}"),
        ("transfer_call", f'{{"to": "{THEM}"}}'),
        ("add_to_conference", f'{{"to": "{THEM}"}}'),
        ("note_it", "{}"),
    ]


@pytest.mark.parametrize(
    "action",
    [
        SendDigits(trigger=on("one")),
        CallApi(
            name="book",
            description="Book it.",
            url="https://a.example",
            input_schema={"required": ["day"]},
            trigger=on("one"),
        ),
        SetHold(trigger=on("one")),
    ],
)
def test_a_phrase_that_tells_too_little_starts_nothing(action: Action) -> None:
    assert triggers_of([action], "en") == ()


def test_what_a_phrase_starts_is_not_offered_to_the_mind() -> None:
    by_phrase = (
        EndCall(trigger=on("bye")),
        SendDigits(trigger=on("bye")),
        TransferCall(phone_number=THEM, trigger=on("bye")),
    )

    assert offered(by_phrase) == ()
    assert [offer.name for offer in offered((*by_phrase, EndCall()))] == ["end_call"]
