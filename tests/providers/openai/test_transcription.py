"""The transcription codec, without a socket."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

import pytest

from switchhook.engine.expectation import UNCLEAR
from switchhook.ports import Heard
from switchhook.providers.openai.transcription import PATIENCE_MS, Transcription
from switchhook.providers.openai.trouble import Failure, Kind
from switchhook.testing import sounds

QUIET = b"\xff" * 160
WORDS = "conversation.item.input_audio_transcription"


class Session:
    """A session whose vendor is played by hand."""

    def __init__(self, *, answered_at: int = 0, **wishes: Any) -> None:
        model = wishes.pop("model", "gpt-live-transcribe")
        self.codec = Transcription(model, "en", **wishes)
        self.tell("session.created")
        (update,) = self.codec.to_send()
        self.config = json.loads(update)["session"]["audio"]["input"]
        self.tell("session.updated")
        self._at = answered_at

    def tell(self, kind: str, **members: Any) -> list[Heard | Failure]:
        return list(self.codec.feed(json.dumps({"type": kind, **members})))

    def push(self, frames: Iterable[bytes]) -> list[Heard]:
        heard: list[Heard] = []
        for frame in frames:
            heard += self.codec.hear(frame, self._at)
            self._at += 20
        return heard

    def skip(self, milliseconds: int) -> None:
        self._at += milliseconds

    def quiet(self, milliseconds: int) -> list[Heard]:
        return self.push([QUIET] * (milliseconds // 20))

    def says(self, item: str) -> None:
        """Say something for 600 ms and pause for 400, whereupon the vendor commits it."""
        self.push(sounds.syllables(600))
        self.quiet(400)
        assert "input_audio_buffer.commit" in self.kinds()
        self.tell("input_audio_buffer.committed", item_id=item)

    def kinds(self) -> list[str]:
        return [json.loads(message)["type"] for message in self.codec.to_send()]

    def delta(self, item: str, delta: str) -> list[Heard | Failure]:
        return self.tell(f"{WORDS}.delta", item_id=item, delta=delta)

    def written(self, item: str, text: str) -> list[Heard | Failure]:
        return self.tell(f"{WORDS}.completed", item_id=item, transcript=text)


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
    session.quiet(20)
    assert session.codec.to_send() == []
    session.quiet(20)
    assert len(session.codec.to_send()) == 1


def test_every_pause_is_a_commit_after_its_audio() -> None:
    session = Session()
    session.push(sounds.syllables(600))
    assert set(session.kinds()) == {"input_audio_buffer.append"}

    session.quiet(400)

    kinds = session.kinds()
    assert kinds.count("input_audio_buffer.commit") == 1
    assert kinds[0] == "input_audio_buffer.append"


def test_silence_is_never_committed() -> None:
    session = Session()
    session.quiet(5000)

    assert set(session.kinds()) == {"input_audio_buffer.append"}


def test_words_grow_until_they_are_certain() -> None:
    session = Session(answered_at=1000)
    session.quiet(400)
    session.push(sounds.syllables(500))

    (growing,) = session.delta("a", "I need ")
    session.quiet(400)
    session.tell("input_audio_buffer.committed", item_id="a")
    (certain,) = session.written("a", "I need help.")

    assert isinstance(growing, Heard)
    assert isinstance(certain, Heard)
    assert (growing.text, growing.certain, growing.end_ms) == ("I need", False, 1900)
    assert (certain.text, certain.certain, certain.final) == ("I need help.", True, False)
    assert certain.start_ms == growing.start_ms
    assert abs(certain.start_ms - 1400) <= 60
    assert abs(certain.end_ms - 1900) <= 60


def test_what_was_said_first_is_told_first() -> None:
    session = Session()
    session.says("a")
    session.says("b")

    assert session.delta("b", "tomorrow") == []
    assert session.written("b", "tomorrow") == []
    assert texts(session.delta("a", "No,")) == ["No,"]
    assert texts(session.written("a", "No, not today.")) == ["No, not today.", "tomorrow"]


def test_what_is_being_said_waits_for_what_was_said() -> None:
    session = Session()
    session.says("a")
    session.push(sounds.syllables(400))

    assert session.delta("b", "And") == []
    assert texts(session.written("a", "Yes.")) == ["Yes.", "And"]


def test_nobody_waits_for_words_for_ever() -> None:
    session = Session()
    session.says("a")
    session.says("b")
    session.written("b", "tomorrow")

    assert texts(session.quiet(PATIENCE_MS + 1000)) == ["tomorrow"]
    assert texts(session.written("a", "No.")) == ["No."]


def test_words_after_the_last_word_hold_nothing_up() -> None:
    session = Session()
    session.says("a")
    session.written("a", "Yes.")
    session.delta("a", "what?")
    session.says("b")

    assert texts(session.written("b", "No."))[0] == "No."


def test_speech_that_was_not_understood_is_told_as_such() -> None:
    session = Session()
    session.says("a")

    heard = session.tell(f"{WORDS}.failed", item_id="a", error={"code": "audio_unintelligible"})

    assert texts(heard) == [UNCLEAR]


def test_a_noise_without_words_is_nothing() -> None:
    session = Session()
    session.says("a")

    assert session.written("a", " ") == []


def test_the_same_words_are_told_once() -> None:
    session = Session()
    session.says("a")

    assert texts(session.delta("a", "Yes")) == ["Yes"]
    assert session.delta("a", " ") == []


def test_times_are_those_of_the_call_also_after_a_gap() -> None:
    session = Session(answered_at=500)
    session.says("a")
    session.skip(3000)
    session.says("b")

    (first, second) = (*session.written("a", "one"), *session.written("b", "two"))

    assert isinstance(first, Heard)
    assert isinstance(second, Heard)
    assert abs(first.start_ms - 500) <= 60
    assert second.start_ms - first.start_ms == 4000


def test_the_vendor_learns_which_words_to_expect() -> None:
    names = ("Green Valley", "Ava")
    live = Session(keywords=names).config["transcription"]
    older = Session(model="gpt-4o-transcribe", keywords=names).config["transcription"]
    unguided = Session(model="gpt-realtime-whisper", keywords=names).config["transcription"]

    assert live["keywords"] == ["Green Valley", "Ava"]
    assert older["prompt"] == "Green Valley, Ava"
    assert unguided == {"model": "gpt-realtime-whisper", "language": "en"}


def test_the_streaming_models_are_asked_for_no_detection() -> None:
    assert Session().config["turn_detection"] is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("{", Kind.PASSING),
        ("[]", Kind.PASSING),
        (f'{{"type":"{WORDS}.completed"}}', Kind.PASSING),
        ('{"type":"input_audio_buffer.committed","item_id":"a"}', Kind.PASSING),
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
