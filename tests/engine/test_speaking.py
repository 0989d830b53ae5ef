from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.engine import events, session
from switchhook.engine.brief import Thinker
from tests.engine.conversation import Conversation, told

DISCLOSURE = "Hello, this is an AI assistant calling for Rosa."
OPENING = "I am calling about: a table for four. Can you help me with that?"
GOODBYE = "Thank you for your time. Goodbye."


def assistant() -> Conversation:
    return Conversation(told(thinker=Thinker.ASSISTANT))


def test_a_voice_that_fails_ends_the_call() -> None:
    call = Conversation()
    call.step(events.Answered())
    assert call.speaking is not None

    call.step(events.SpeechFailed(call.speaking.utterance))

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_TTS


def test_a_voice_that_fails_at_the_goodbye_only_shortens_it() -> None:
    call = Conversation().answered()
    call.step(events.HangUpAsked(1, Reason.API_HANGUP))
    assert call.speaking is not None
    call.step(events.SpeechFailed(call.speaking.utterance))

    assert call.end is not None
    assert call.end.reason is Reason.API_HANGUP


def test_a_voice_that_never_answers_is_given_up() -> None:
    call = Conversation()
    call.step(events.Answered())

    call.wait(10)

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_TTS


def test_without_marks_an_utterance_counts_as_heard_two_seconds_after_its_end() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, task=""))
    call.step(events.Answered())
    length = call.voice()
    call.step(events.FramesSent(call.utterance, length))
    assert call.transcript == []

    call.wait(2)

    assert call.transcript == [f"agent: {DISCLOSURE}"]


def test_a_line_that_takes_no_more_audio_cuts_the_utterance() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, task=""))
    call.step(events.Answered())
    call.voice()
    call.play(700)

    call.wait(5)

    assert call.transcript == ["agent: Hello, this -"]
    assert call.end is None


def test_an_utterance_without_a_sound_is_over_at_once() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, task=""))
    call.step(events.Answered())
    assert call.speaking is not None
    call.step(events.SpeechReady(call.speaking.utterance, 0, ()))

    assert call.transcript == [f"agent: {DISCLOSURE}"]


def test_audio_of_an_utterance_that_is_gone_is_not_counted() -> None:
    call = Conversation().answered()

    assert call.step(events.FramesSent(99, 20)) == []
    assert call.step(events.SpeechReady(99, 20, ())) == []
    assert call.step(events.MarkEchoed("g0:0")) == []


def test_a_mark_before_the_audio_is_ready_proves_nothing() -> None:
    call = Conversation()
    call.step(events.Answered())

    assert call.step(events.MarkEchoed("g0:200")) == []


def test_a_deadline_that_is_not_due_changes_nothing() -> None:
    call = Conversation().answered()
    before = session.deadline(call.session)

    assert call.step(events.DeadlineReached()) == []
    assert session.deadline(call.session) == before
