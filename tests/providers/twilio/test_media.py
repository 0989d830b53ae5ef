from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.errors import ProtocolBroken
from switchhook.providers.twilio.media import (
    LONGEST,
    Connected,
    Dtmf,
    Mark,
    Media,
    Message,
    Outgoing,
    Start,
    Stop,
    decode,
)

SID = "MZ0123456789abcdef0123456789abcdef"
FRAME = bytes(range(96, 256))
START: dict[str, Any] = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": SID,
    "start": {
        "accountSid": "AC1",
        "streamSid": SID,
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"call_id": "c1", "token": "T"},
    },
}


def media(payload: str = base64.b64encode(FRAME).decode(), **media: Any) -> dict[str, Any]:
    return {
        "event": "media",
        "sequenceNumber": "3",
        "media": {"track": "inbound", "chunk": "1", "timestamp": "5", "payload": payload} | media,
        "streamSid": SID,
    }


def compact(message: Any) -> str:
    return json.dumps(message, separators=(",", ":"))


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"event": "connected", "protocol": "Call", "version": "1.0.0"}, Connected()),
        (START, Start(SID, "CA1", "AC1", {"call_id": "c1", "token": "T"})),
        (media(), Media(FRAME)),
        (media(""), Media(b"")),
        ({"event": "mark", "streamSid": SID, "mark": {"name": "g0:200"}}, Mark("g0:200")),
        (
            {"event": "dtmf", "streamSid": SID, "dtmf": {"track": "inbound", "digit": "#"}},
            Dtmf("#"),
        ),
        ({"event": "stop", "streamSid": SID, "stop": {"callSid": "CA1"}}, Stop("CA1")),
    ],
)
def test_every_message_of_the_carrier_is_understood(message: Any, said: Message) -> None:
    assert decode(compact(message)) == said
    assert decode(json.dumps(message, indent=1)) == said


def test_a_start_without_parameters_of_ours_has_none() -> None:
    absent: tuple[Any, ...] = ({}, None)
    for parameters in absent:
        message = START | {"start": START["start"] | {"customParameters": parameters}}
        said = decode(compact(message))
        assert isinstance(said, Start)
        assert said.parameters == {}


def test_numbers_written_as_strings_are_the_same_numbers() -> None:
    audio = {"encoding": "audio/x-mulaw", "sampleRate": "8000", "channels": "1"}
    message = START | {"start": START["start"] | {"mediaFormat": audio}}
    assert isinstance(decode(compact(message)), Start)


BROKEN: dict[str, Any] = {
    "no object": [1],
    "no event": {"streamSid": SID},
    "an event that is no text": {"event": 7},
    "an unknown event": {"event": "weather"},
    "media without its object": {"event": "media"},
    "media of our own side": media(track="outbound"),
    "a payload that is no text": media() | {"media": {"payload": 7}},
    "a payload that is not base64": media("*" * 216),
    "a payload that stops short": media("AAA"),
    "a payload of other letters": media("\u00e9" * 8),
    "a mark without a name": {"event": "mark", "mark": {}},
    "a key that no telephone has": {"event": "dtmf", "dtmf": {"digit": "E"}},
    "two keys at once": {"event": "dtmf", "dtmf": {"digit": "12"}},
    "a stop without a call": {"event": "stop", "stop": {}},
    "another encoding": START | {"start": START["start"] | {"mediaFormat": {"encoding": "opus"}}},
    "parameters in a list": START | {"start": START["start"] | {"customParameters": [1]}},
}


@pytest.mark.parametrize("message", BROKEN.values(), ids=BROKEN.keys())
def test_a_message_outside_the_protocol_is_refused_by_name(message: Any) -> None:
    with pytest.raises(ProtocolBroken) as caught:
        decode(compact(message))
    assert caught.value.code == "protocol_broken"


def test_a_message_longer_than_any_honest_one_is_not_even_read() -> None:
    with pytest.raises(ProtocolBroken, match="characters"):
        decode(compact(media("A" * LONGEST)))
    assert isinstance(decode(compact(media("A" * (LONGEST - 400)))), Media)


def test_brackets_without_end_are_garbage_like_any_other() -> None:
    with pytest.raises(ProtocolBroken, match="not JSON"):
        decode("[" * LONGEST)


@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda b: b.decode("latin-1")))
def test_garbage_raises_nothing_but_a_broken_protocol(text: str) -> None:
    with pytest.raises(ProtocolBroken):
        decode(text)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=6), v, max_size=3)
)


@given(st.sampled_from(["connected", "start", "media", "mark", "dtmf", "stop"]), values, values)
def test_wrong_types_anywhere_raise_nothing_but_a_broken_protocol(
    event: str, inner: Any, deeper: Any
) -> None:
    for body in (inner, {"mediaFormat": inner, "customParameters": deeper, "payload": deeper}):
        try:
            decode(json.dumps({"event": event, event: body}))
        except ProtocolBroken:
            continue


@given(st.data(), st.binary(max_size=400), st.integers(0, 10**9))
def test_the_short_way_and_the_long_way_say_the_same(
    data: st.DataObject, audio: bytes, number: int
) -> None:
    payload = base64.b64encode(audio).decode()
    message = media(payload, chunk=str(number), timestamp=str(20 * number))
    message["sequenceNumber"] = str(number)
    shuffled = {key: message[key] for key in data.draw(st.permutations(list(message)))}
    assert decode(compact(shuffled)) == decode(json.dumps(shuffled, indent=2)) == Media(audio)


@given(st.data())
def test_one_damaged_character_never_passes_the_short_way_only(data: st.DataObject) -> None:
    text = compact(media())
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.characters()) + text[at + 1 :]

    def said(text: str) -> Message | None:
        try:
            return decode(text)
        except ProtocolBroken:
            return None

    # The same message with a space in front is valid where the other is, and takes the long way.
    assert said(damaged) == said(" " + damaged)


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_what_we_say_is_what_json_would_say(audio: bytes, name: str) -> None:
    outgoing = Outgoing(SID)
    assert json.loads(outgoing.media(audio)) == {
        "event": "media",
        "streamSid": SID,
        "media": {"payload": base64.b64encode(audio).decode()},
    }
    assert json.loads(outgoing.mark(name)) == {
        "event": "mark",
        "streamSid": SID,
        "mark": {"name": name},
    }
    assert json.loads(outgoing.clear()) == {"event": "clear", "streamSid": SID}


@pytest.mark.parametrize("sid", ["", 'MZ","x":"', "MZ 1", "MZ\u00e9"])
def test_a_stream_sid_cannot_write_json_of_its_own(sid: str) -> None:
    with pytest.raises(ProtocolBroken, match="no stream sid"):
        Outgoing(sid)
