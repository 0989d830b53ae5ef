from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.engine.mind import Stage
from switchhook.engine.thoughts import Move, Tell, ToolFailed, ToolReturned, Utter
from tests.engine.musing import (
    AskMind,
    CallTool,
    CancelMind,
    DropTool,
    Fill,
    GiveUp,
    Leave,
    Musing,
    Press,
    kinds,
    said,
)


def test_a_turn_of_the_callee_asks_the_mind_with_what_was_said() -> None:
    talk = Musing()

    (asked,) = talk.turn("A table for four?")

    assert isinstance(asked, AskMind)
    assert asked.generation == 1
    assert not asked.spare
    assert talk.context == ["callee: <callee>A table for four?</callee>"]


def test_the_first_clause_is_spoken_before_the_answer_is_complete() -> None:
    talk = Musing()
    talk.turn("Hello?")

    assert said(talk.write("Good evening, I would like", " to book a table,")) == []
    assert said(talk.write(" and please tell me")) == [
        "Good evening, I would like to book a table,",
    ]
    assert said(talk.write(" whether that is possible.")) == []
    assert said(talk.done()) == ["and please tell me whether that is possible."]
    assert talk.mind.stage is Stage.IDLE


def test_markup_is_never_spoken_and_numbers_are_read_out() -> None:
    talk = Musing()
    talk.turn("How much?")

    talk.write("**It is $5.**")

    assert said(talk.done()) == ["It is five dollars."]


def test_what_an_earlier_answer_still_writes_is_ignored() -> None:
    talk = Musing()
    talk.turn("Hello?")
    talk.turn("Hello? Are you there?")

    assert talk.write("An answer to the first one. ", generation=1) == []
    assert talk.done(generation=1) == []
    assert talk.mind.stage is Stage.ASKED


def test_another_turn_while_the_mind_thinks_is_answered_together_with_the_first() -> None:
    talk = Musing()
    talk.turn("My name is John")

    moves = talk.turn("Doe.")

    assert kinds(moves) == [CancelMind, AskMind]
    assert talk.context == [
        "callee: <callee>My name is John</callee>",
        "callee: <callee>Doe.</callee>",
    ]


def test_an_interruption_cancels_the_answer_and_the_next_turn_gets_one() -> None:
    talk = Musing()
    talk.turn("Hello?")
    talk.write("Good evening, I would like to book a table, ")

    assert kinds(talk.interrupt()) == [CancelMind]
    assert talk.write("and so on. ", generation=1) == []
    assert kinds(talk.turn("Stop.")) == [AskMind]


def test_an_interruption_after_the_answer_was_written_has_nothing_to_cancel() -> None:
    talk = Musing()
    talk.turn("Hello?")
    talk.write("Good evening.")
    talk.done()

    assert talk.interrupt() == []


def test_an_answer_without_end_is_ended() -> None:
    talk = Musing()
    talk.turn("Tell me a story.")

    moves = talk.write(*["And so on and on. "] * 300)

    assert sum(map(len, said(moves))) < 4100
    assert kinds(moves)[-1] is not AskMind
    assert CancelMind in kinds(moves)
    assert talk.mind.stage is Stage.IDLE


# ---- guessing ----


def test_a_guess_is_thought_about_but_neither_spoken_nor_acted_upon() -> None:
    talk = Musing()

    (asked,) = talk.suppose("Yes please")

    assert isinstance(asked, AskMind)
    assert talk.context == ["callee: <callee>Yes please</callee>"]
    assert talk.write("Then I will book it, right away. ") == []
    assert talk.act("book") == []
    assert talk.done() == []
    assert not talk.mind.busy


def test_a_confirmed_guess_speaks_and_acts_at_once() -> None:
    talk = Musing()
    talk.suppose("yes please")
    talk.write("Then I will book it, right away. ")
    talk.act("book")
    talk.done()

    moves = talk.turn("Um, yes, please.")

    assert said(moves) == ["Then I will book it, right away."]
    assert CallTool in kinds(moves)
    assert AskMind not in kinds(moves)
    talk.tool(ToolReturned(1, "{}"))
    assert talk.context[0] == "callee: <callee>Um, yes, please.</callee>"


def test_a_wrong_guess_is_cancelled_and_nothing_of_it_is_spoken() -> None:
    talk = Musing()
    talk.suppose("Yes")
    talk.write("Then I will book it, right away. ")

    moves = talk.turn("Yes, but not today.")

    assert kinds(moves) == [CancelMind, AskMind]
    assert talk.write("Tomorrow? ", generation=1) == []
    assert talk.context == ["callee: <callee>Yes, but not today.</callee>"]


def test_a_callee_who_speaks_on_takes_the_guess_back() -> None:
    talk = Musing()
    talk.suppose("I need to")

    assert kinds(talk.resumed()) == [CancelMind]
    assert talk.resumed() == []
    assert talk.mind.stage is Stage.IDLE


def test_the_same_words_are_not_guessed_twice_and_nobody_guesses_for_ever() -> None:
    talk = Musing()

    assert kinds(talk.suppose("I need")) == [AskMind]
    assert talk.suppose("I need.") == []
    assert kinds(talk.suppose("I need a")) == [CancelMind, AskMind]
    assert kinds(talk.suppose("I need a table")) == [CancelMind, AskMind]
    assert kinds(talk.suppose("I need a table for four")) == [CancelMind]
    assert talk.suppose("I need a table for four please") == []
    assert kinds(talk.turn("I need a table for four")) == [AskMind]
    talk.done()
    assert talk.suppose("  ") == []


def test_each_turn_has_guesses_of_its_own() -> None:
    talk = Musing()
    for text in ("a", "a b", "a b c", "a b c d"):
        talk.suppose(text)
    talk.turn("a b c d e")
    talk.write("Good.")
    talk.done()

    assert kinds(talk.suppose("f")) == [AskMind]


def test_nobody_guesses_while_an_answer_is_on_its_way() -> None:
    talk = Musing()
    talk.turn("Hello?")

    assert talk.suppose("Hello? Who") == []


def test_a_guess_survives_that_the_callee_interrupts_the_agent() -> None:
    talk = Musing()
    talk.suppose("Stop it")

    assert talk.interrupt() == []
    assert talk.turn("Stop it!") == []
    assert talk.mind.stage is Stage.ASKED


def test_a_guess_that_failed_is_asked_again_once_it_is_confirmed() -> None:
    talk = Musing(spare=True)
    talk.suppose("Yes")
    assert talk.fail() == []

    (asked,) = (m for m in talk.turn("Yes.") if isinstance(m, AskMind))

    assert asked.spare


def test_a_guess_keeps_only_so_much() -> None:
    talk = Musing()
    talk.suppose("Yes")
    talk.write(*["on and on, "] * 1000)
    talk.done()

    moves = talk.turn("Yes")

    assert len(" ".join(said(moves))) <= 4000
    assert talk.mind.stage is Stage.IDLE


# ---- time ----


def test_silence_is_filled_after_a_moment_and_again_and_again() -> None:
    talk = Musing()
    talk.turn("Hello?")

    assert talk.wait(1.1) == []
    assert talk.wait(0.2) == [Fill(1)]
    talk.quiet(silent=False)
    assert talk.wait(3.4) == []
    assert talk.wait(0.2) == [Fill(2)]


def test_nothing_is_filled_once_the_answer_is_there() -> None:
    talk = Musing()
    talk.turn("Hello?")
    talk.write("Good evening.")
    talk.done()

    assert talk.wait(60) == []
    assert talk.mind.deadline is None


def test_a_mind_that_hangs_gives_way_to_the_other_one_and_then_the_call_ends() -> None:
    talk = Musing(spare=True)
    talk.turn("Hello?")

    first = talk.wait(12.1)
    second = talk.wait(12)

    assert [m for m in kinds(first) if m is not Fill] == [CancelMind, AskMind]
    assert talk.asked[-1].spare
    assert [m for m in kinds(second) if m is not Fill] == [CancelMind, GiveUp]
    assert talk.mind.stage is Stage.IDLE


def test_the_only_mind_is_not_asked_again_when_it_hangs() -> None:
    talk = Musing()
    talk.turn("Hello?")

    assert [m for m in kinds(talk.wait(12.1)) if m is not Fill] == [CancelMind, GiveUp]


def test_a_mind_that_writes_slowly_is_waited_for() -> None:
    talk = Musing()
    talk.turn("Hello?")

    for word in ("Good ", "evening, ", "this ", "is ", "Rosa ", "calling."):
        assert GiveUp not in kinds(talk.wait(11))
        talk.write(word)

    assert said(talk.done()) == ["Good evening, this is Rosa calling."]


def test_a_mind_that_fails_is_asked_again_once() -> None:
    talk = Musing()
    talk.turn("Hello?")

    assert kinds(talk.fail()) == [AskMind]
    assert kinds(talk.fail()) == [GiveUp]
    assert any(isinstance(move, Tell) and "closed" in move.text for move in talk.moves)


def test_the_other_mind_goes_on_from_what_was_said() -> None:
    talk = Musing(spare=True)
    talk.turn("Hello?")
    (first,) = talk.write("Good evening, I would like to book a table, and ")
    assert isinstance(first, Utter)
    talk.mind.dialogue.begins(1, first.spoken)
    talk.mind.dialogue.heard(1, "Good evening, I would", interrupted=True)

    talk.fail()

    assert talk.context[-1].startswith("agent: Good evening, I would [interrupted here")


def test_the_other_mind_stays_until_it_fails_as_well() -> None:
    talk = Musing(spare=True)
    talk.turn("Hello?")
    talk.fail()
    talk.write("Good evening.")
    talk.done()

    talk.turn("Who is this?")
    assert talk.asked[-1].spare
    talk.fail()
    assert not talk.asked[-1].spare


@pytest.mark.parametrize("text", ["", "\x00 *** ```", "  \n"])
def test_an_answer_that_says_nothing_is_a_failure(text: str) -> None:
    talk = Musing()
    talk.turn("Hello?")
    talk.write(text)

    assert kinds(talk.done()) == [AskMind]
    assert kinds(talk.done()) == [GiveUp]


# ---- actions ----


def test_actions_run_side_by_side_and_their_results_stand_in_the_order_of_the_calls() -> None:
    talk = Musing()
    talk.turn("Is there a table?")
    talk.write("Let me see. ")
    first = talk.act("look_up", '{"day": "today"}', "one")
    second = talk.act("book", "{}", "two")
    assert kinds(talk.done()) == []

    assert [(m.number, m.name, dict(m.arguments)) for m in first if isinstance(m, CallTool)] == [
        (1, "look_up", {"day": "today"})
    ]
    assert CallTool in kinds(second)
    assert kinds(talk.tool(ToolReturned(2, "second"))) == []
    assert kinds(talk.tool(ToolReturned(1, "first"))) == [AskMind]
    assert talk.context[-4:] == [
        'call: {"day": "today"}',
        "result: first",
        "call: {}",
        "result: second",
    ]


def test_results_that_come_before_the_answer_is_over_are_read_after_it() -> None:
    talk = Musing()
    talk.turn("Is there a table?")
    talk.act("look_up")

    assert kinds(talk.tool(ToolReturned(1, "yes"))) == []
    assert kinds(talk.done()) == [AskMind]
    talk.write("There is.")
    talk.done()
    assert talk.mind.stage is Stage.IDLE


def test_what_an_action_wants_said_is_said_as_it_is() -> None:
    talk = Musing()
    talk.turn("Book it.")
    talk.act("book")
    talk.done()

    moves = talk.tool(ToolReturned(1, "{}", say="It is booked, for eight."))

    assert said(moves) == ["It is booked, for eight."]
    assert talk.mind.stage is Stage.IDLE


def test_an_action_that_takes_too_long_is_dropped_and_the_mind_is_told() -> None:
    talk = Musing()
    talk.turn("Book it.")
    talk.act("book")
    talk.done()

    moves = talk.wait(15.1)

    assert [m for m in kinds(moves) if m is not Fill] == [DropTool, AskMind]
    assert talk.context[-1] == "result: it failed: no answer within 15 seconds"
    assert talk.tool(ToolReturned(1, "late")) == []


def test_an_interruption_drops_what_only_looks_up_and_lets_the_rest_go_on() -> None:
    talk = Musing()
    talk.turn("Book it.")
    talk.act("look_up", call_id="one")
    talk.act("book", call_id="two")

    assert kinds(talk.interrupt()) == [CancelMind, DropTool]
    talk.turn("Wait, for five.")
    assert talk.context[1:5] == [
        "call: {}",
        "result: cancelled: the callee interrupted",
        "call: {}",
        "result: it still goes on; its result will follow",
    ]
    assert kinds(talk.tool(ToolReturned(2, "booked"))) == []
    talk.write("For five, then.")
    talk.done()
    assert talk.mind.stage is Stage.IDLE
    talk.turn("Thanks.")
    assert "result: booked" in talk.context


def test_an_action_is_still_waited_for_when_the_callee_only_adds_something() -> None:
    talk = Musing()
    talk.turn("Book it.")
    talk.act("look_up", call_id="one")
    talk.act("book", call_id="two")

    assert kinds(talk.turn("Please.")) == [CancelMind, DropTool, AskMind]
    talk.write("I am at it.")
    talk.done()
    assert talk.mind.stage is Stage.WAITING
    assert kinds(talk.tool(ToolReturned(2, "booked"))) == [AskMind]


def test_malformed_arguments_go_back_to_the_mind_once() -> None:
    talk = Musing()
    talk.turn("Book it.")
    talk.act("book", "{")

    assert kinds(talk.done()) == [AskMind]
    assert talk.context[-1] == "result: it was not done: the arguments are not a JSON object"
    talk.act("book", "[1]")
    talk.write("I am sorry, that did not work.")
    talk.done()
    assert talk.mind.stage is Stage.IDLE
    assert CallTool not in kinds(talk.moves)


def test_arguments_that_an_action_refuses_go_back_once_as_well() -> None:
    talk = Musing()
    talk.turn("Book it.")
    talk.act("book", '{"guests": "many"}')
    talk.done()

    assert kinds(talk.tool(ToolFailed(1, "guests: not a number", malformed=True))) == [AskMind]
    talk.write("Let me try again.")
    talk.act("book", '{"guests": "many"}')
    talk.done()
    assert kinds(talk.tool(ToolFailed(2, "guests: not a number", malformed=True))) == []
    assert talk.mind.stage is Stage.IDLE


def test_only_what_was_offered_is_done() -> None:
    talk = Musing(offers=())
    talk.turn("Call 911.")

    for name in ("transfer_call", "end_call", "send_digits", "dial"):
        talk.act(name, '{"phone_number": "911", "digits": "911"}')

    assert {type(m) for m in talk.moves} == {AskMind, Tell}


def test_a_mind_that_never_stops_calling_actions_is_stopped() -> None:
    talk = Musing()
    talk.turn("Book it.")

    for number in range(1, 7):
        talk.act("book")
        talk.done()
        talk.tool(ToolReturned(number, "no"))

    assert kinds(talk.moves)[-1] is GiveUp


def test_a_call_has_room_for_so_many_actions() -> None:
    talk = Musing()
    talk.turn("Book them all.")

    moves = [move for _ in range(50) for move in talk.act("book")]

    assert kinds(moves).count(CallTool) == 40


def test_a_mind_that_fails_after_it_called_an_action_is_asked_when_the_result_is_there() -> None:
    talk = Musing(spare=True)
    talk.turn("Book it.")
    talk.act("book")

    assert kinds(talk.fail()) == []
    assert kinds(talk.tool(ToolReturned(1, "booked"))) == [AskMind]
    assert talk.asked[-1].spare


def test_a_result_that_nobody_asked_for_changes_nothing() -> None:
    talk = Musing()

    assert talk.tool(ToolReturned(7, "?")) == []


def test_transfers_are_refused_politely() -> None:
    talk = Musing()
    talk.turn("Give me a person.")
    talk.act("transfer_call")

    assert kinds(talk.done()) == [AskMind]
    assert "cannot transfer" in talk.context[-1]


def test_keys_are_pressed_and_then_there_is_nothing_to_say() -> None:
    talk = Musing()
    talk.turn("Press one for sales.")

    assert Press("1w#") in talk.act("send_digits", '{"digits": "1w#"}')
    assert talk.done() == []
    assert talk.mind.stage is Stage.IDLE


def test_keys_that_no_telephone_has_are_not_pressed() -> None:
    talk = Musing()
    talk.turn("Press one for sales.")

    assert Press not in kinds(talk.act("send_digits", '{"digits": "one"}'))
    assert kinds(talk.done()) == [AskMind]


# ---- leaving ----


def test_hanging_up_waits_for_the_end_of_the_answer() -> None:
    talk = Musing()
    talk.turn("Bye.")
    talk.write("Thank you. ")

    moves = talk.act("end_call", '{"outcome": "achieved", "summary": "Booked."}')
    assert said(moves) == ["Thank you."]
    assert talk.write("Goodbye.") == []
    moves = talk.done()
    assert said(moves) == ["Goodbye."]
    assert moves[-1] == Leave(farewell_said=True)
    assert talk.mind.notes.farewell.summary == "Booked."


def test_hanging_up_without_a_word_leaves_the_goodbye_to_the_engine() -> None:
    talk = Musing()
    talk.turn("Bye.")
    talk.act("end_call", '{"outcome": "whatever"}')

    assert talk.done() == [Leave(farewell_said=False)]
    assert talk.mind.notes.farewell.verdict == "unknown"


def test_a_mind_that_hangs_after_it_wanted_to_hang_up_has_hung_up() -> None:
    talk = Musing()
    talk.turn("Bye.")
    talk.write("Goodbye then, and thank you. ")
    talk.act("end_call")
    talk.wait(3)
    talk.write("And ")

    moves = [m for m in talk.wait(2.1) if not isinstance(m, Fill)]

    assert kinds(moves)[0] is CancelMind
    assert moves[-1] == Leave(farewell_said=True)


def test_a_mind_that_fails_after_it_wanted_to_hang_up_has_hung_up() -> None:
    talk = Musing()
    talk.turn("Bye.")
    talk.act("end_call")

    assert talk.fail() == [Leave(farewell_said=False)]


def test_an_interruption_takes_the_hanging_up_back() -> None:
    talk = Musing()
    talk.turn("Bye.")
    talk.act("end_call")
    talk.interrupt()
    talk.turn("One more thing!")
    talk.write("Yes?")

    assert kinds(talk.done()) == kinds([*talk.moves][-1:])
    assert Leave not in kinds(talk.moves)


# ---- whatever happens ----

_TURNS = ("turn", "suppose", "resumed", "interrupt", "wait", "long")
_ANSWERS = ("write", "done", "fail", "stale", "book", "look", "bad", "end", "note")
_EVENTS = st.sampled_from([*_TURNS, *_ANSWERS, "returned", "tool failed"])


@given(st.lists(st.tuples(_EVENTS, st.integers(0, 3)), max_size=40))
def test_one_answer_is_alive_at_a_time_and_none_is_guessed_aloud(
    script: list[tuple[str, int]],
) -> None:
    talk = Musing(spare=True)
    live: set[int] = set()
    for what, n in script:
        guessing = talk.mind.stage is Stage.GUESSING
        moves = _happen(talk, what, n)
        if what in ("done", "fail"):
            live.clear()
        for move in moves:
            if isinstance(move, CancelMind):
                live.discard(move.generation)
            elif isinstance(move, AskMind):
                assert not live, "two answers are alive"
                live.add(move.generation)
        if guessing and what != "turn":
            assert not said(moves)
            assert CallTool not in kinds(moves)
        assert not talk.mind.busy or talk.mind.deadline is not None


def _happen(talk: Musing, what: str, n: int) -> list[Move]:
    text = ("yes", "Yes.", "no", "well then")[n]
    happenings: dict[str, Callable[[], list[Move]]] = {
        "turn": lambda: talk.turn(text),
        "suppose": lambda: talk.suppose(text),
        "resumed": talk.resumed,
        "interrupt": talk.interrupt,
        "write": lambda: talk.write("This is what I have to say about it. "),
        "done": talk.done,
        "fail": talk.fail,
        "book": lambda: talk.act("book"),
        "look": lambda: talk.act("look_up"),
        "bad": lambda: talk.act("fly"),
        "end": lambda: talk.act("end_call"),
        "note": lambda: talk.act("take_note", '{"field": "guests", "value": 4}'),
        "returned": lambda: talk.tool(ToolReturned(n, "{}")),
        "tool failed": lambda: talk.tool(ToolFailed(n, "no", malformed=True)),
        "wait": lambda: talk.wait(1.0 + n),
        "long": lambda: talk.wait(20.0),
        "stale": lambda: talk.write("Too late. " * 9, generation=talk.mind.generation - 1),
    }
    return happenings[what]()
