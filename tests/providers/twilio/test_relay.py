"""The messages of a ConversationRelay."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.errors import ProtocolBroken
from switchhook.providers.twilio import relay
from switchhook.providers.twilio.relay import (
    LONGEST,
    Dtmf,
    Interrupt,
    Message,
    Prompt,
    Remark,
    Setup,
    Speaking,
    Trouble,
    decode,
)

SETUP: dict[str, Any] = {
    "type": "setup",
    "sessionId": "VX1",
    "accountSid": "AC1",
    "parentCallSid": "",
    "callSid": "CA1",
    "from": "+14155550199",
    "to": "+15550100123",
    "callType": "PSTN",
    "direction": "outbound-api",
    "callStatus": "IN-PROGRESS",
    "customParameters": {"token": "T"},
}


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        (SETUP, Setup("VX1", "CA1", "AC1", {"token": "T"})),
        (SETUP | {"customParameters": None}, Setup("VX1", "CA1", "AC1")),
        (
            {"type": "prompt", "voicePrompt": "Yes, we are.", "lang": "en-US", "last": True},
            Prompt("Yes, we are.", last=True),
        ),
        ({"type": "prompt", "voicePrompt": "Yes", "last": False}, Prompt("Yes", last=False)),
        ({"type": "prompt", "voicePrompt": "Yes"}, Prompt("Yes", last=True)),
        (
            {
                "type": "interrupt",
                "utteranceUntilInterrupt": "Sure, I can",
                "durationUntilInterruptMs": "1460",
            },
            Interrupt("Sure, I can"),
        ),
        ({"type": "dtmf", "digit": "#"}, Dtmf("#")),
        ({"type": "error", "description": "no"}, Trouble("no")),
        (
            {"type": "info", "name": "agentSpeaking", "value": "on", "ts": 1},
            Speaking(agent=True, begins=True),
        ),
        (
            {"type": "info", "name": "clientSpeaking", "value": "off"},
            Speaking(agent=False, begins=False),
        ),
        ({"type": "info", "name": "clientSpeaking", "value": "maybe"}, Remark()),
        ({"type": "info", "name": "tokensPlayed", "value": "Sure,"}, Remark()),
    ],
)
def test_what_twilio_says_is_understood(message: dict[str, Any], meaning: Message) -> None:
    assert decode(json.dumps(message)) == meaning


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no JSON", "is not JSON"),
        ("[" * 10_000, "is not JSON"),
        ("[]", "is not a JSON object"),
        ("{}", "lacks the text 'type'"),
        ('{"type":"dance"}', "the unknown type 'dance'"),
        ('{"type":"prompt"}', "lacks the text 'voicePrompt'"),
        ('{"type":"interrupt","utteranceUntilInterrupt":3}', "lacks the text"),
        ('{"type":"dtmf","digit":"12"}', "is no key of a telephone"),
        (json.dumps(SETUP | {"callSid": None}), "lacks the text 'callSid'"),
        (json.dumps(SETUP | {"customParameters": ["T"]}), "are not an object"),
        ("x" * (LONGEST + 1), "characters, not"),
    ],
)
def test_what_nobody_understands_is_named(text: str, problem: str) -> None:
    with pytest.raises(ProtocolBroken, match=problem):
        decode(text)


@given(st.text())
def test_no_text_breaks_anything_else(text: str) -> None:
    with suppress(ProtocolBroken):
        decode(text)


def test_a_text_that_may_be_cut_off_leaves_it_to_the_document_by_what() -> None:
    assert "interruptible" not in json.loads(relay.say("Yes.", interruptible=True))


def test_music_goes_on_until_something_takes_its_place_and_nobody_talks_it_down() -> None:
    assert json.loads(relay.play("https://a.example/music.wav")) == {
        "type": "play",
        "source": "https://a.example/music.wav",
        "loop": 0,
        "preemptible": True,
        "interruptible": False,
    }


def test_a_text_that_may_not_be_cut_off_says_so_and_gives_way_to_the_next_all_the_same() -> None:
    assert json.loads(relay.say("Grüß Gott. ", interruptible=False)) == {
        "type": "text",
        "token": "Grüß Gott. ",
        "last": True,
        "interruptible": False,
        "preemptible": True,
    }


def test_a_whole_second_between_keys_is_two_halves() -> None:
    assert json.loads(relay.send_digits("1W2w#")) == {"type": "sendDigits", "digits": "1ww2w#"}


def test_the_end_says_why() -> None:
    message = json.loads(relay.end("done"))

    assert message["type"] == "end"
    assert json.loads(message["handoffData"]) == {"reason": "done"}
