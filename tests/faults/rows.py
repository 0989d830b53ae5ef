"""Every fault that a call must survive, and the test that lets it happen.

A test is named by its file and its name, with the case of its table where it has one.
"""

from __future__ import annotations

CARRIER = "test_carrier.py::test_whatever_the_carrier_does_the_call_is_over_once_for_everybody"
ANY = "test_matrix.py::test_whatever_fails_nobody_is_left_in_silence_and_the_call_ends"
EARS = "test_vendors.py::test_ears_that_fail_leave_nobody_in_silence"
VOICES = "test_vendors.py::test_a_voice_that_fails_leaves_nobody_in_silence"
OPENAI = "test_vendors.py::test_a_vendor_of_everything_that_fails_leaves_nobody_in_silence"
SECOND = "test_sockets.py::test_a_second_socket_is_refused_and_the_call_goes_on"
STOPS = "test_sockets.py::test_a_socket_that_stops_before_it_started_is_none_and_the_callee_is_told"
LATE = "test_carrier.py::test_callbacks_that_come_an_hour_late_change_nothing"
LOST = (
    "test_lost_callbacks.py::"
    "test_an_attempt_of_which_nothing_is_told_ends_as_soon_and_for_the_reason_it_should"
)
LEFT = "test_lost_callbacks.py::test_a_transfer_is_over_soon_after_one_of_the_two_has_left"
SWEPT = "test_carrier.py::test_a_hang_up_that_fails_again_and_again_is_made_by_the_next_sweep"
RECEIVER = (
    "test_receivers.py::test_whatever_the_receiver_of_an_action_does_the_callee_hears_something"
)
WALL = "test_time.py::test_a_wall_clock_that_is_put_on_or_back_touches_no_call"
STALL = "test_time.py::test_a_loop_that_stands_still_goes_on_with_every_call"
DEATH = "../scenarios/test_dying.py::test_a_call_survives_a_death_between_any_two_steps"
KILLED = (
    "../e2e/test_house_life.py::"
    "test_after_a_crash_what_was_live_is_ended_and_what_was_accepted_is_placed"
)
LEAVES = "../e2e/test_house_life.py::test_a_server_that_is_told_to_leave_lets_live_calls_end"

Proof = tuple[str, *tuple[str, ...]]
"""A test and its cases."""

ROWS: dict[str, dict[str, tuple[Proof, ...]]] = {
    "media socket": {
        "dropped in the middle of an utterance": (
            (ANY, "media stops mid-utterance", "the line is dropped"),
        ),
        "never connects": ((CARRIER, "media never connects"),),
        "connects twice": ((SECOND, "the token of this call again"),),
        "has the wrong token": ((SECOND, "a wrong token"),),
        "bad base64": ((CARRIER, "media: bad base64"),),
        "a frame of a megabyte": ((CARRIER, "media: a frame of a megabyte"),),
        "a stop without a start": ((STOPS,),),
    },
    "ears": {
        "429": ((EARS, "refuses with 429"), (OPENAI, "refuses with 429")),
        "500": ((EARS, "refuses with 500"), (OPENAI, "refuses with 500")),
        "hang": ((EARS, "accepts, and is silent", "hangs midway"), (ANY, "ears hang")),
        "garbage": ((EARS, "sends garbage"), (OPENAI, "sends garbage")),
        "closed in the middle of a word": ((EARS, "is cut midway"),),
    },
    "mind": {
        "429 that says when to come back": ((OPENAI, "refuses with 429"),),
        "500": ((OPENAI, "refuses with 500"),),
        "the first word after ten seconds": ((OPENAI, "begins after ten seconds"),),
        "one word a second": ((ANY, "mind: drips"),),
        "never ends": ((OPENAI, "never ends"), (ANY, "mind: floods")),
        "malformed arguments, and an unknown action": ((ANY, "mind: malformed"),),
        "an empty answer": ((ANY, "mind: empty"),),
    },
    "voice": {
        "500": ((VOICES, "refuses with 500"), (OPENAI, "refuses with 500")),
        "no audio": ((ANY, "voice gives nothing"),),
        "hangs in the middle of a sentence": (
            (VOICES, "hangs midway"),
            (ANY, "voice hangs midway"),
        ),
    },
    "the carrier's REST API": {
        "no answer after it has accepted": (
            (CARRIER, "no answer after accepting", "no answer after accepting, and no callback"),
        ),
        "500 after it has accepted": ((CARRIER, "500 after accepting", "500 and two calls"),),
        "429": ((CARRIER, "429 for ever", "429 once"),),
        "a hang-up that fails": ((SWEPT,),),
    },
    "the carrier's callbacks": {
        "one to five times": ((CARRIER, "callbacks five times"),),
        "in any order": ((CARRIER, "callbacks in any order", "callbacks in another order"),),
        "an hour late": ((LATE,),),
        "before the answer to the request": ((CARRIER, "callbacks before the answer"),),
        "over without having rung": ((CARRIER, "busy without ringing"),),
        "lost": ((CARRIER, "no callbacks"), (LOST,), (LEFT,)),
    },
    "receivers of actions": {
        "500": ((RECEIVER, "answers with 500"),),
        "no answer": ((RECEIVER, "never answers"),),
        "301": ((RECEIVER, "answers with 301"),),
        "a byte a second": ((RECEIVER, "drips"),),
        "closes": ((RECEIVER, "closes"),),
    },
    "store": {
        "locked for five seconds": ((ANY, "store is locked"),),
        "full at any commit": ((ANY, "store is full at commit"),),
    },
    "time and process": {
        "the wall clock is put on or back by an hour": ((WALL,),),
        "the event loop stands still": ((STALL,),),
        "SIGKILL at any step": ((DEATH,), (KILLED,)),
        "SIGTERM": ((LEAVES,),),
    },
}

NOT_YET: dict[str, str] = {
    "receivers of webhooks": "nothing is delivered to those who subscribe to calls yet",
}
