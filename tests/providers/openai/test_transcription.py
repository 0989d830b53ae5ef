"""The transcription codec, without a socket."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from switchhook.engine.expectation import UNCLEAR
from switchhook.ports import Heard
from switchhook.providers.openai.transcription import PATIENCE_MS, Transcription
from switchhook.providers.openai.trouble import Failure, Kind

FRAME = bytes(range(96, 256))
WORDS = "conversation.item.input_audio_transcription"


class Session:
    """A session whose vendor is played by hand."""

    def __init__(self, *, answered_at: int = 0, **wishes: Any) -> None:
        self.codec = Transcription(
            wishes.get("model", "gpt-live-transcribe"), "en", **_rest(wishes)
        )
        self.tell("session.created")
        (update,) = self.codec.to_send()
        self.config = json.loads(update)["session"]
        self.tell("session.updated")
        self._at = answered_at

    def tell(self, kind: str, **members: Any) -> list[Heard | Failure]:
        return list(self.codec.feed(json.dumps({"type": kind, **members})))

    def push(self, milliseconds: int) -> list[Heard]:
        heard: list[Heard] = []
        for _ in range(milliseconds // 20):
            heard += self.codec.hear(FRAME, self._at)
            self._at += 20
        return heard

    def skip(self, milliseconds: int) -> None:
        self._at += milliseconds

    def speech(self, item: str, start: int, end: int) -> None:
        self.tell("input_audio_buffer.speech_started", item_id=item, audio_start_ms=start)
        self.tell("input_audio_buffer.speech_stopped", item_id=item, audio_end_ms=end)

    def delta(self, item: str, delta: str) -> list[Heard | Failure]:
        return self.tell(f"{WORDS}.delta", item_id=item, delta=delta)

    def written(self, item: str, text: str) -> list[Heard | Failure]:
        return self.tell(f"{WORDS}.completed", item_id=item, transcript=text)


def _rest(wishes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wishes.items() if name != "model"}


def texts(heard: list[Heard | Failure] | list[Heard]) -> list[str]:
    return [h.text for h in heard if isinstance(h, Heard)]


def test_audio_waits_for_the_session_and_goes_in_order() -> None:
    codec = Transcription("gpt-live-transcribe", "en")
    for number in range(3):
        list(codec.hear(bytes([number]) * 160, number * 20))
    assert codec.to_send() == []

    list(codec.feed('{"type":"session.created"}'))
    assert len(codec.to_send()) == 1
    list(codec.feed('{"type":"session.updated"}'))
    (message,) = codec.to_send()

    audio = base64.b64decode(json.loads(message)["audio"])
    assert audio == b"".join(bytes([n]) * 160 for n in range(3))


def test_pieces_of_audio_are_not_too_small() -> None:
    session = Session()
    session.push(20)
    assert session.codec.to_send() == []
    session.push(20)
    assert len(session.codec.to_send()) == 1


def test_words_grow_until_they_are_certain() -> None:
    session = Session(answered_at=1000)
    session.push(2000)
    session.tell("input_audio_buffer.speech_started", item_id="a", audio_start_ms=400)

    assert session.delta("a", "I need ") == [Heard("I need", False, 1400, 3000)]  # noqa: FBT003 - a field
    session.tell("input_audio_buffer.speech_stopped", item_id="a", audio_end_ms=1900)
    (certain,) = session.written("a", "I need help.")

    assert certain == Heard("I need help.", final=False, start_ms=1400, end_ms=2600, certain=True)


def test_what_was_said_first_is_told_first() -> None:
    session = Session()
    session.speech("a", 0, 900)
    session.speech("b", 1000, 1900)

    assert session.delta("b", "tomorrow") == []
    assert session.written("b", "tomorrow") == []
    assert texts(session.delta("a", "No,")) == ["No,"]
    assert texts(session.written("a", "No, not today.")) == ["No, not today.", "tomorrow"]


def test_nobody_waits_for_words_for_ever() -> None:
    session = Session()
    session.speech("a", 0, 900)
    session.speech("b", 1000, 1900)
    session.written("b", "tomorrow")

    assert session.push(PATIENCE_MS) == []
    assert texts(session.push(900)) == ["tomorrow"]
    assert texts(session.written("a", "No.")) == ["No."]
    assert session.delta("a", "more") == []


def test_speech_that_was_not_understood_is_told_as_such() -> None:
    session = Session()
    session.speech("a", 0, 900)

    heard = session.tell(f"{WORDS}.failed", item_id="a", error={"code": "audio_unintelligible"})

    assert texts(heard) == [UNCLEAR]


def test_a_noise_without_words_is_nothing() -> None:
    session = Session()
    session.speech("a", 0, 900)

    assert session.written("a", " ") == []


def test_the_same_words_are_told_once() -> None:
    session = Session()
    session.speech("a", 0, 900)

    assert texts(session.delta("a", "Yes")) == ["Yes"]
    assert session.delta("a", " ") == []


def test_times_are_those_of_the_call_also_after_a_gap() -> None:
    session = Session(answered_at=500)
    session.push(1000)
    session.skip(3000)
    session.push(1000)
    session.speech("a", 100, 800)
    session.speech("b", 1100, 1800)

    (first, second) = (*session.written("a", "one"), *session.written("b", "two"))

    assert isinstance(first, Heard)
    assert isinstance(second, Heard)
    assert (first.start_ms, first.end_ms) == (600, 1000)
    assert (second.start_ms, second.end_ms) == (4600, 5000)


def test_the_vendor_learns_which_words_to_expect() -> None:
    names = ("Green Valley", "Ava")
    live = Session(keywords=names).config["audio"]["input"]["transcription"]
    older = Session(model="gpt-4o-transcribe", keywords=names).config
    plain = Session(keywords=()).config["audio"]["input"]["transcription"]

    assert live["keywords"] == ["Green Valley", "Ava"]
    assert older["audio"]["input"]["transcription"]["prompt"] == "Green Valley, Ava"
    assert plain == {"model": "gpt-live-transcribe", "language": "en"}


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("{", Kind.PASSING),
        ("[]", Kind.PASSING),
        (f'{{"type":"{WORDS}.completed"}}', Kind.PASSING),
        ('{"type":"error","error":{"code":"model_not_found"}}', Kind.WRONG),
        ('{"type":"error","error":{"code":"session_expired"}}', Kind.EXPIRED),
        ('{"type":"error","error":{"code":"server_error"}}', Kind.PASSING),
        ('{"type":"error"}', Kind.PASSING),
    ],
)
def test_what_makes_no_sense_is_told_and_never_raised(message: str, kind: Kind) -> None:
    (failed,) = Session().codec.feed(message)

    assert isinstance(failed, Failure)
    assert failed.kind is kind


@pytest.mark.parametrize("kind", ["conversation.item.added", "something.new"])
def test_what_does_not_concern_us_is_ignored(kind: str) -> None:
    assert Session().tell(kind) == []
