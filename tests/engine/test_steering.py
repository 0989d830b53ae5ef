from __future__ import annotations

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events, session
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import (
    CloseQuestion,
    OpenQuestion,
    PressDigits,
    Settle,
    Speak,
)
from tests.engine.conversation import Conversation, told

DISCLOSURE = "Hello, this is an AI assistant calling for Rosa."
OPENING = "I am calling about a table for four. Can you help me with that?"
GOODBYE = "Thank you for your time. Goodbye."


def assistant() -> Conversation:
    return Conversation(told(thinker=Thinker.ASSISTANT))


def test_stop_calling_is_granted_at_once_whoever_thinks() -> None:
    for call in (Conversation().answered(), assistant().answered()):
        assert call.callee("Please stop calling me.") == (
            f"I understand. We will not call you again. {GOODBYE}"
        )
        assert call.end is not None
        assert call.end.reason is Reason.USER_REQUESTED_DNC


def test_nobody_says_goodbye_to_a_machine() -> None:
    call = Conversation().answered()
    call.callee("I am not here. Please leave a message after the tone.")
    call.wait(1.6)

    assert call.end is not None
    assert call.end.reason is Reason.VOICEMAIL_HANGUP
    assert call.transcript[-1].startswith("callee:")


def test_what_the_agent_cannot_know_the_assistant_is_asked() -> None:
    call = Conversation().answered()

    assert call.callee("What are your opening hours?") == "One moment, please."
    asked = next(e for e in call.effects if isinstance(e, OpenQuestion))
    assert asked.fact.data == {
        "question_id": "q1",
        "question": "What are your opening hours?",
        "deadline_seconds": 20,
    }
    call.step(events.AnswerGiven(4, "q9", "Never"))
    call.callee("Are you coming?")
    call.step(events.AnswerGiven(5, "q1", "From nine to five."))
    assert call.speaking is not None
    assert call.speaking.text == "From nine to five. Can you help me with that?"
    call.play(call.voice())

    assert Settle(4, "refused", detail="there is no such open question") in call.receipts
    assert any(r.command == 5 and r.result == "done" for r in call.receipts)
    assert any(isinstance(e, CloseQuestion) for e in call.effects)


def test_a_question_that_nobody_answers_gets_the_fallback() -> None:
    call = Conversation().answered()
    call.callee("What are your opening hours?")

    said = call.live(25)

    assert said[-1] == "I am sorry, I do not know that. Can you help me with that?"
    assert set(said[:-1]) == {"One moment, please.", call.session.brief.said.still_working}
    assert any(f.text == "nobody answered the question in time" for f in call.facts)


def test_the_assistant_is_told_whose_turn_it_is_and_speaks() -> None:
    call = assistant().answered()

    call.callee("Good morning, what can I do for you?")
    turns = [f.data for f in call.facts if f.kind is Kind.TURN]
    assert turns == [{"heard": "Good morning, what can I do for you?", "speaker": "callee"}]
    call.step(events.SayAsked(1, "I would like a table."))
    call.hear_out()

    assert Settle(1, "done", heard="I would like a table.") in call.receipts
    call.callee("Fine.")
    assert len([f for f in call.facts if f.kind is Kind.TURN]) == 2


def test_an_assistant_that_thinks_long_is_covered_and_one_that_never_speaks_is_left() -> None:
    call = assistant().answered()
    call.callee("Hello, who is this?")

    assert call.live(1.7) == ["One moment, please."]
    call.callee("Hello?")
    assert call.live(58)[-1].startswith("I am sorry, I cannot go on")

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_LLM
    assert call.end.outcome.summary.startswith("The assistant led the conversation")


def test_an_urgent_word_overtakes_what_is_being_said() -> None:
    call = assistant().answered()
    call.step(events.SayAsked(1, "This is a long story and it goes on."))
    call.step(events.SayAsked(2, "Nobody will hear this."))
    call.voice()
    call.play(700)

    call.step(events.SayAsked(3, "Stop, listen.", interrupt=True))
    call.hear_out()

    assert call.receipts == [
        Settle(1, "interrupted", heard="This is"),
        Settle(2, "interrupted"),
        Settle(3, "done", heard="Stop, listen."),
    ]


def test_even_an_urgent_word_waits_for_the_disclosure() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, task=""))
    call.step(events.Answered())
    call.step(events.SayAsked(1, "Quick!", interrupt=True))
    call.hear_out()

    assert call.transcript == [f"agent: {DISCLOSURE}", "agent: Quick!"]


def test_nothing_cannot_be_said() -> None:
    call = assistant().answered()
    call.step(events.SayAsked(1, "  "))

    assert call.receipts == [Settle(1, "refused", detail="there is nothing to say")]


def test_keys_are_pressed_after_what_is_being_said() -> None:
    call = assistant().answered()
    call.step(events.SayAsked(1, "One second."))
    call.step(events.KeysAsked(2, "12#"))
    assert not any(isinstance(e, PressDigits) for e in call.effects)
    call.hear_out()

    assert any(isinstance(e, PressDigits) and e.digits == "12#" for e in call.effects)
    assert call.receipts[-1] == Settle(2, "done")
    assert [f.data for f in call.facts if f.kind is Kind.DIGITS] == [
        {"digits": "12#", "from": "agent"}
    ]


def test_a_key_of_the_callee_is_a_sign_of_life() -> None:
    call = Conversation().answered()
    call.wait(7)
    call.step(events.DigitPressed("5"))
    call.wait(2)

    assert call.speaking is None
    assert call.facts[-1].data == {"digits": "5", "from": "callee"}


def failed(call: Conversation) -> None:
    """Let the voice fail at what is to be said."""
    assert call.speaking is not None
    call.step(events.SpeechFailed(call.speaking.utterance))


def test_a_voice_that_fails_ends_the_call_with_the_apology_that_was_kept() -> None:
    call = Conversation()
    call.step(events.Answered())

    failed(call)
    assert call.hear_out() == call.session.brief.apology

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_TTS


def test_a_voice_that_cannot_even_say_the_apology_ends_the_call_at_once() -> None:
    call = Conversation()
    call.step(events.Answered())

    failed(call)
    failed(call)

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

    call.wait(20)

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_TTS


def test_without_marks_an_utterance_counts_as_heard_two_seconds_after_its_end() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, task=""))
    call.step(events.Answered())
    length = call.voice()
    call.step(events.FramesSent(call.utterance, length))
    assert call.transcript == []

    call.wait(length / 1000 + 2.1)

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


def test_how_long_an_answer_took_is_told_turn_by_turn() -> None:
    call = Conversation().answered()
    call.callee("Yes.")

    timing = next(f for f in call.facts if f.kind is Kind.LATENCY)
    assert timing.data["turns"] == [
        {
            "turn": 1,
            "first_sound_ms": 600,
            "turn_end_ms": 600,
            "transcription_ms": 600,
            "mind_ms": 0,
            "voice_ms": 0,
            "wire_ms": 0,
            "think_and_voice_ms": 0,
            "answer_ms": 600,
        }
    ]


def test_a_filler_is_a_sound_but_no_answer() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, first_message="Hello.")).answered()

    call.callee("What do you want?")
    assert len(call.live(8.0)) == 2
    assert not any(f.kind is Kind.LATENCY for f in call.facts)
    call.step(events.SayAsked(1, "A table for four."))
    call.hear_out()

    [timing] = [f.data["turns"][0] for f in call.facts if f.kind is Kind.LATENCY]
    assert 600 + 1500 <= timing["first_sound_ms"] < 600 + 1700
    assert timing["mind_ms"] >= 8000
    assert timing["answer_ms"] == 600 + timing["mind_ms"]
    steps = call.session.latency.summary()
    assert steps["first_sound"]["values"] == [timing["first_sound_ms"]]
    assert steps["e2e"]["values"] == [timing["answer_ms"]]


def test_who_is_told_to_wait_has_not_been_answered() -> None:
    call = Conversation().answered()
    call.callee("What are your opening hours?")
    call.wait(3.0)

    call.step(events.AnswerGiven(1, "q1", "From nine to five."))
    call.hear_out()

    [timing] = [f.data["turns"][0] for f in call.facts if f.kind is Kind.LATENCY]
    assert timing["first_sound_ms"] == 600
    assert timing["answer_ms"] > 3600


def test_a_question_of_the_callee_does_not_fall_silent_when_the_agent_may_not_ask() -> None:
    call = Conversation(told(may_ask=False)).answered()

    assert call.callee("What are your opening hours?") == (
        "I am sorry, I do not know that. Can you help me with that?"
    )
    assert not any(isinstance(e, OpenQuestion) for e in call.effects)
    assert all(e.text for e in call.effects if isinstance(e, Speak))


def test_a_hello_in_between_is_no_answer_and_needs_none() -> None:
    call = Conversation().answered()

    assert call.callee("Hello?") == ""
    call.wait(8)
    assert call.hear_out() == "Are you still there?"
    assert not any(f.kind is Kind.LATENCY for f in call.facts)
