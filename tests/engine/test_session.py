from __future__ import annotations

import pytest

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.engine import events, session
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import (
    BeginEnding,
    Settle,
    StopSpeech,
)
from tests.engine.conversation import Conversation, told

DISCLOSURE = "Hello, this is an AI assistant calling for Rosa."
OPENING = "I am calling about a table for four. Can you help me with that?"
GOODBYE = "Thank you for your time. Goodbye."


def assistant() -> Conversation:
    return Conversation(told(thinker=Thinker.ASSISTANT))


def test_nothing_happens_before_somebody_picks_up() -> None:
    call = Conversation()

    assert call.step(events.CalleeHeard("Hello?", final=True, start_ms=0, end_ms=10)) == []
    assert session.deadline(call.session) is None


def test_it_says_first_that_it_is_a_machine_and_for_whom_it_calls() -> None:
    call = Conversation().answered()

    assert call.transcript == [f"agent: {DISCLOSURE}", f"agent: {OPENING}"]


def test_picking_up_twice_changes_nothing() -> None:
    call = Conversation().answered()

    assert call.step(events.Answered()) == []


def test_a_first_message_stands_for_the_purpose() -> None:
    call = Conversation(told(first_message="Your parcel is here.", thinker=Thinker.ASSISTANT))

    call.answered()

    assert call.transcript[1:] == ["agent: Your parcel is here."]


def test_without_a_name_or_a_task_it_only_discloses() -> None:
    call = Conversation(told(name="", task="", thinker=Thinker.ASSISTANT)).answered()

    assert call.transcript == ["agent: Hello, this is an AI assistant."]


def test_a_whole_call_ends_with_a_goodbye_that_was_heard_and_an_outcome() -> None:
    call = Conversation().answered()

    assert call.callee("Yes, sure.") == "All right. Is there a message that I should pass on?"
    call.callee("We close at ten.")
    assert call.callee("Yes, correct.") == GOODBYE

    assert call.transcript[-1] == f"agent: {GOODBYE}"
    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.end.outcome.verdict is Verdict.ACHIEVED
    field = call.end.outcome.fields["message"]
    assert (field.value, field.confirmed) == ("We close at ten", True)
    assert field.evidence is not None
    assert call.transcript[field.evidence.line] == f"callee: {field.evidence.quote}"
    assert call.end.latency["turns"] == 3
    assert call.end.latency["answer_max_ms"] == 600


def test_the_disclosure_is_finished_whoever_talks_over_it() -> None:
    call = Conversation()
    call.step(events.Answered())
    call.voice()
    call.play(600)

    effects = call.step(events.CalleeHeard("Who is this?", final=True, start_ms=100, end_ms=500))

    assert not any(isinstance(effect, StopSpeech) for effect in effects)
    call.play(9 * 300 - 600)
    call.hear_out()
    assert call.transcript == [
        "callee: Who is this?",
        f"agent: {DISCLOSURE}",
        f"agent: {OPENING}",
        f"agent: I am an AI assistant calling for Rosa. {OPENING}",
    ]


def test_a_yes_before_the_question_does_not_answer_it() -> None:
    call = Conversation()
    call.step(events.Answered())
    call.voice()
    call.play(600)
    call.step(events.CalleeHeard("Yes?", final=True, start_ms=100, end_ms=500))
    call.play(9 * 300 - 600)

    assert call.hear_out() == OPENING
    assert call.session.interview.results == {}


def test_speech_over_the_agent_stops_it_and_the_transcript_keeps_what_was_heard() -> None:
    call = Conversation()
    call.step(events.Answered())
    call.play(call.voice())
    call.voice()
    call.play(1000)

    effects = call.step(
        events.CalleeHeard("Wait", final=False, start_ms=call.ms - 200, end_ms=call.ms)
    )

    assert any(isinstance(effect, StopSpeech) for effect in effects)
    assert call.transcript[-1] == "agent: I am calling -"
    line = next(f for f in reversed(call.facts) if f.kind is Kind.SPOKEN)
    assert [w["text"] for w in line.data["words"]] == ["I", "am", "calling"]
    assert line.data["words"][2]["end_ms"] == line.data["end_ms"]


def test_speech_over_the_agents_last_breath_cuts_nothing() -> None:
    call = Conversation()
    call.step(events.Answered())
    call.play(call.voice())
    length = call.voice()
    call.play(length - 60)

    call.words("Yes")
    call.play(60)
    call.wait(0.7)

    assert call.transcript[1:] == [f"agent: {OPENING}", "callee: Yes"]
    assert call.session.turns == 1


def test_an_utterance_that_nobody_heard_leaves_no_line() -> None:
    call = Conversation().answered()
    call.step(events.SayAsked(1, "One more thing."))
    call.voice()
    call.step(events.LineGone())

    assert Settle(1, "interrupted") in call.receipts
    assert len(call.transcript) == 2


@pytest.mark.parametrize("sound", ["Mhm.", "uh-huh"])
def test_a_sign_of_listening_does_not_take_the_floor(sound: str) -> None:
    call = Conversation()
    call.step(events.Answered())
    call.play(call.voice())
    call.voice()
    call.play(1000)

    call.step(events.CalleeHeard(sound, final=False, start_ms=3000, end_ms=3200))
    effects = call.step(events.CalleeHeard(sound, final=True, start_ms=3000, end_ms=3200))

    assert not any(isinstance(effect, StopSpeech) for effect in effects)
    assert call.transcript[-1] == f"callee: {sound}"
    assert call.session.turns == 0


def test_words_that_are_none_are_not_heard() -> None:
    call = Conversation().answered()

    assert call.step(events.CalleeHeard("  ", final=True, start_ms=0, end_ms=10)) == []


def test_silence_is_noticed_twice_and_then_the_call_ends() -> None:
    call = Conversation().answered()

    for _ in range(2):
        call.wait(8)
        assert call.hear_out() == "Are you still there?"
    call.wait(8)
    assert call.hear_out() == GOODBYE

    assert call.end is not None
    assert call.end.reason is Reason.INACTIVITY
    assert call.end.outcome.verdict is Verdict.UNKNOWN


def test_somebody_who_comes_back_is_asked_again_the_next_time() -> None:
    call = Conversation().answered()
    call.wait(8)
    call.hear_out()
    call.callee("Yes, I am here.")
    for _ in range(2):
        call.wait(8)
        assert call.hear_out() == "Are you still there?"
    assert call.end is None


def test_words_that_are_never_certain_become_a_turn_all_the_same() -> None:
    call = Conversation().answered()
    call.words("Well")

    call.wait(2)

    assert call.transcript[-1] == "callee: Well"
    assert call.hear_out().startswith("Sorry, I did not catch that.")


def test_the_longest_call_ends_with_a_goodbye() -> None:
    call = Conversation(told(max_seconds=20.0, idle_seconds=60)).answered()

    call.wait(20)
    call.hear_out()

    assert call.end is not None
    assert call.end.reason is Reason.MAX_DURATION


def test_whoever_hangs_up_ends_the_call_and_the_cut_is_kept() -> None:
    call = Conversation()
    call.step(events.Answered())
    call.voice()
    call.play(700)

    call.step(events.LineGone())

    assert call.transcript == ["agent: Hello, this -"]
    assert call.end is not None
    assert call.end.reason is Reason.USER_HANGUP
    assert session.deadline(call.session) is None


def test_a_line_that_broke_is_nobodys_hang_up() -> None:
    call = Conversation().answered()
    call.step(events.LineGone(lost=True))

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_NO_AUDIO


def test_after_the_end_nothing_happens_and_commands_are_refused() -> None:
    call = Conversation().answered()
    call.step(events.LineGone())

    assert call.step(events.CalleeHeard("Hello?", final=True, start_ms=0, end_ms=10)) == []
    assert call.step(events.LineGone()) == []
    assert call.step(events.MarkEchoed("g0:200")) == []
    assert call.step(events.SayAsked(7, "Hello")) == [
        Settle(7, "refused", detail="there is no conversation")
    ]


def test_a_hang_up_that_was_asked_for_lets_the_goodbye_be_heard() -> None:
    call = Conversation().answered()

    effects = call.step(events.HangUpAsked(1, Reason.API_HANGUP))
    assert effects[0] == BeginEnding(Reason.API_HANGUP)
    call.step(events.HangUpAsked(2, Reason.CANCELED))
    assert call.step(events.SayAsked(3, "Wait")) == [
        Settle(3, "refused", detail="the call is ending")
    ]
    assert call.end is None
    call.step(events.CalleeHeard("But I", final=True, start_ms=call.ms, end_ms=call.ms))
    call.hear_out()

    assert call.transcript[-2:] == ["callee: But I", f"agent: {GOODBYE}"]
    assert call.end is not None
    assert call.end.reason is Reason.API_HANGUP
    assert [r for r in call.receipts if r.result == "done"] == [
        Settle(1, "done"),
        Settle(2, "done"),
    ]


def test_an_ending_always_ends() -> None:
    call = Conversation().answered()
    call.step(events.HangUpAsked(1, Reason.API_HANGUP))

    call.wait(5)

    assert call.end is not None
    assert call.end.reason is Reason.API_HANGUP


def test_the_callee_may_hang_up_before_the_goodbye_is_over() -> None:
    call = Conversation().answered()
    call.step(events.HangUpAsked(1, Reason.API_HANGUP))
    call.step(events.LineGone())

    assert call.end is not None
    assert call.end.reason is Reason.API_HANGUP


def test_a_yes_to_what_was_read_back_ends_the_turn_soon() -> None:
    schema = {"properties": {"phone": {"type": "string"}}}
    call = Conversation(told(result_schema=schema)).answered()
    call.callee("five five five oh one oh oh")
    call.hear_out()

    call.sound(0.4, "Yes")
    call.wait(0.4)

    assert call.transcript[-1] == "callee: Yes"
