from __future__ import annotations

from switchhook.engine.mind import Stage
from switchhook.engine.thoughts import Tell, ToolFailed, ToolReturned
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


def test_a_mind_transfers_to_no_number_of_its_own() -> None:
    talk = Musing()
    talk.turn("Give me a person.")
    talk.act("transfer_call", '{"to": "+19005550100"}')

    assert kinds(talk.done()) == [AskMind]
    assert "it was not done" in talk.context[-1]


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
