"""Silence, length and deadness of a call, in whole conversations."""

from __future__ import annotations

from switchhook.domain.agent import IdleSettings, TurnSettings
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import PlaceMark
from tests.engine.conversation import Conversation, told
from tests.engine.shell import Shell

CHECK = "agent: Are you still there?"


def test_the_end_is_announced_before_the_goodbye() -> None:
    call = Shell(max_seconds=60.0, idle_seconds=50.0).greeted()

    call.go(80)

    assert "agent: I have about half a minute left for this call." in call.transcript
    assert call.end is not None
    assert call.end.reason is Reason.MAX_DURATION
    assert call.ms <= 90_000


def test_a_goodbye_at_the_limit_that_nobody_can_say_ends_all_the_same() -> None:
    """S31: the ending has a deadline of its own."""
    call = Shell(max_seconds=20.0, idle_seconds=50.0).greeted()
    call.slow = True

    call.go(31)

    assert call.end is not None
    assert call.end.reason is Reason.MAX_DURATION


def test_a_line_without_audio_is_hung_up_on_after_fifteen_seconds() -> None:
    """S41: the far end has gone without saying so."""
    call = Conversation(told(idle_seconds=60)).answered()
    last = call.now

    for _ in range(40):
        call.now += 0.5
        call.step(events.DeadlineReached(media_at=last))

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_NO_AUDIO


def test_no_check_is_made_where_none_is_wanted() -> None:
    call = Shell(idle=IdleSettings(ask_if_human_present_on_idle=False)).greeted()

    call.go(20)

    assert CHECK not in call.transcript
    assert call.end is not None
    assert call.end.reason is Reason.INACTIVITY


def test_checks_of_the_whole_call_are_counted() -> None:
    idle = IdleSettings(max_idle_check_count=3, max_aggregate_idle_check_count=1)
    call = Shell(idle=idle).greeted()

    call.go(40)

    assert call.transcript.count(CHECK) == 1
    assert call.end is not None


def test_somebody_who_has_spoken_may_be_given_another_patience() -> None:
    idle = IdleSettings(idle_after_interaction_seconds=3)
    call = Shell(idle=idle).greeted()
    call.says("Yes, sure.")
    call.go(7)
    silent = call.ms

    while CHECK not in call.transcript:
        call.go(0.1)

    assert call.ms - silent <= 5500


def test_somebody_who_asks_for_a_moment_is_given_two_minutes() -> None:
    call = Shell().greeted()
    call.says("One moment please.", 1.0)

    call.go(100)

    assert CHECK not in call.transcript
    assert call.end is None
    call.go(60)
    assert call.end is not None
    assert call.end.reason is Reason.INACTIVITY


def test_somebody_who_asks_to_hold_on_and_wants_something_is_answered() -> None:
    call = Shell().greeted()
    call.says("Hold on sorry who is this", 1.0)

    call.go(10)

    assert any("calling for" in line for line in call.transcript[2:])


def test_no_turn_lasts_for_ever() -> None:
    call = Shell(turns=TurnSettings(user_turn_max_secs=5)).greeted()
    call.starts()

    for number in range(12):
        call.go(0.5)
        call.words("Well, I think, and " * (number + 1), start_ms=1)

    assert call.session.turns == 1


def test_hesitation_is_waited_for_longer() -> None:
    call = Shell().greeted()
    call.says("I need to talk to the", 1.2)
    call.go(0.5)
    assert call.session.turns == 0
    call.says("I need to talk to the owner.", 0.6)
    call.go(0.5)

    assert call.session.turns == 1
    assert call.session.caller.pace.pause > 0.25


def test_what_was_certain_is_not_heard_twice() -> None:
    """Ears that correct or repeat what was a turn already add nothing."""
    call = Shell().greeted()
    start = call.ms
    call.words("Yes, sure.", start_ms=start)
    call.go(0.5)
    assert call.session.turns == 1

    call.words("Yes, sure.", start_ms=start, certain=True)
    late = events.CalleeHeard("Yes, sure", final=True, start_ms=start - 40, end_ms=start)
    call.step(late)
    call.go(1)

    assert call.session.turns == 1
    call.words("Yes, sure. And thank you.", start_ms=start)
    call.go(1)
    assert "callee: And thank you." in call.transcript


def test_a_carrier_that_echoes_at_once_is_not_believed_and_speech_ends_by_the_clock() -> None:
    """S10: what it says is ignored, and counted."""
    call = Shell(thinker=Thinker.ASSISTANT, task="")
    call.marks = False
    call.step(events.Answered())
    for _ in range(6):
        call.step(events.FramesSent(1, 200))
        for effect in [e for e in call.effects if isinstance(e, PlaceMark)][-1:]:
            call.step(events.MarkEchoed(effect.name))
    assert call.session.ledger.unreliable
    call.mouth.left -= 1200
    call.go(0.5)
    assert call.transcript == []

    call.go(3.5)

    assert len(call.transcript) == 1
    assert call.session.latency.counts == {"marks_unreliable": 1}
    call.step(events.SayAsked(1, "Hello."))
    call.go(2)
    assert call.transcript[-1] == "agent: Hello."


def test_a_carrier_that_shows_itself_at_the_end_is_not_waited_for() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, task=""))
    call.step(events.Answered())
    call.step(events.FramesSent(1, call.voice()))

    call.step(events.MarkEchoed(next(iter(call.session.ledger.marks))))
    call.wait(3)

    assert len(call.transcript) == 1


def test_the_room_behind_the_agent_is_sent_and_not_said() -> None:
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    sent, lines = call.session.ledger.sent, list(call.transcript)

    call.step(events.FramesSent(0, 20))

    assert call.session.ledger.sent == sent + 20
    assert call.transcript == lines


def test_speech_that_is_cut_after_its_last_word_was_heard_whole() -> None:
    """S07: nothing of it is missing in the transcript."""
    call = Shell(thinker=Thinker.ASSISTANT, task="")
    call.marks = False
    call.picked_up(2.9)

    call.step(events.LineGone())

    assert call.transcript == ["agent: Hello, this is an AI assistant calling for Rosa."]


def test_ears_may_tell_that_a_turn_will_soon_be_over() -> None:
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    call.step(events.CalleeHeard("Yes", final=False, start_ms=1, end_ms=call.ms, eager=True))

    assert call.session.caller.eager


def test_no_dead_air_while_an_assistant_thinks() -> None:
    """S21: never more than four seconds without a sound of the agent."""
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    call.says("What can I do for you?", 1.0)
    quiet = longest = 0.0

    for _ in range(1500):
        call.go(0.02)
        quiet = 0.0 if call.session.audible else quiet + 0.02
        longest = max(longest, quiet)

    assert longest <= 4.05
    fillers = [line for line in call.transcript if "moment" in line]
    assert len(set(fillers)) == 2


def test_no_filler_is_said_into_the_callees_words() -> None:
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    call.says("What can I do for you?", 1.0)
    call.go(1.4)
    call.words("I am the")

    call.go(0.4)

    assert call.session.fillers == 0
