from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.agent import Language
from switchhook.engine.idle import (
    Clock,
    Decision,
    Happening,
    Limits,
    State,
    answered,
    asks_to_wait,
    check_line,
    deadline,
    media_came,
    step,
)

LANGUAGES: tuple[Language, ...] = get_args(Language)
LONG = 10_000.0
PATIENT = Limits(max_duration=LONG, no_media=LONG)
Script = dict[float, Happening]


def play(script: Script, limits: Limits = PATIENT, until: float = 1000) -> list[tuple[float, str]]:
    """Return what the agent does and when, in a call answered at 0."""
    state = answered(0, limits)
    done: list[tuple[float, str]] = []
    for at, happening in [*sorted(script.items()), (until, Happening.DEADLINE)]:
        while (due := deadline(state)) is not None and due < at:
            state, decision = step(state, Happening.DEADLINE, due)
            done.append((due, decision.name))
        state, decision = step(state, happening, at)
        assert decision is Decision.NONE
    return done


def test_a_silent_caller_is_asked_twice_and_then_left() -> None:
    assert play({1: Happening.AGENT_FINISHED}) == [
        (7, "CHECK"),
        (15, "CHECK"),
        (25, "GOODBYE_IDLE"),
    ]


def test_the_time_to_ask_is_not_silence() -> None:
    script: Script = {
        1: Happening.AGENT_FINISHED,
        7.5: Happening.AGENT_SPEAKS,
        9: Happening.AGENT_FINISHED,
    }
    assert play(script) == [(7, "CHECK"), (17, "CHECK"), (27, "GOODBYE_IDLE")]


def test_nothing_is_idle_before_the_first_message_is_over() -> None:
    assert play({1: Happening.AGENT_SPEAKS}) == []
    assert play({1: Happening.CALLER_SPOKE}) == []


def test_a_caller_who_speaks_is_counted_anew() -> None:
    script: Script = {1: Happening.AGENT_FINISHED, 8: Happening.CALLER_SPOKE}
    assert play(script)[:3] == [(7, "CHECK"), (14, "CHECK"), (22, "CHECK")]


def test_a_backchannel_over_the_agent_starts_no_clock() -> None:
    script: Script = {
        1: Happening.AGENT_FINISHED,
        2: Happening.AGENT_SPEAKS,
        3: Happening.CALLER_SPOKE,
    }
    assert play(script) == []


@pytest.mark.parametrize(
    ("limits", "done"),
    [
        (Limits.every(15), [(16, "GOODBYE_IDLE")]),
        (Limits.every(15, checks=1), [(16, "CHECK"), (31, "GOODBYE_IDLE")]),
    ],
)
def test_equal_silences_with_a_number_of_checks(
    limits: Limits, done: list[tuple[float, str]]
) -> None:
    patient = Limits(waits=limits.waits, max_duration=LONG, no_media=LONG)
    assert play({1: Happening.AGENT_FINISHED}, patient) == done


def test_all_checks_of_a_call_are_capped() -> None:
    limits = Limits(max_checks=1, max_duration=LONG, no_media=LONG)
    script: Script = {1: Happening.AGENT_FINISHED, 8: Happening.CALLER_SPOKE}
    assert play(script, limits) == [(7, "CHECK"), (14, "GOODBYE_IDLE")]


def test_a_caller_who_has_spoken_may_be_given_another_limit() -> None:
    limits = Limits(after_interaction=20, max_duration=LONG, no_media=LONG)
    script: Script = {1: Happening.AGENT_FINISHED, 2: Happening.CALLER_SPOKE}
    assert play(script, limits)[0] == (22, "CHECK")


@pytest.mark.parametrize(
    ("happening", "seconds"), [(Happening.ASKED_TO_WAIT, 120), (Happening.ON_HOLD, 600)]
)
def test_who_is_asked_to_wait_waits_without_asking_back(
    happening: Happening, seconds: float
) -> None:
    script: Script = {1: Happening.AGENT_FINISHED, 2: happening}
    assert play(script) == [(2 + seconds, "GOODBYE_IDLE")]


def test_a_caller_who_comes_back_ends_the_wait() -> None:
    script: Script = {
        1: Happening.AGENT_FINISHED,
        2: Happening.ASKED_TO_WAIT,
        50: Happening.CALLER_SPOKE,
    }
    assert play(script)[0] == (56, "CHECK")


def test_silence_does_not_count_while_actions_run() -> None:
    script: Script = {
        1: Happening.AGENT_FINISHED,
        2: Happening.ACTION_STARTED,
        3: Happening.ACTION_STARTED,
        40: Happening.ACTION_ENDED,
        60: Happening.ACTION_ENDED,
        61: Happening.ACTION_ENDED,
    }
    assert play(script)[0] == (67, "CHECK")


def test_a_long_call_is_warned_and_ended_and_at_last_cut() -> None:
    limits = Limits(max_duration=100, no_media=LONG)
    assert play({}, limits) == [(70, "WARN"), (100, "GOODBYE_DURATION"), (110, "HANG_UP")]


def test_a_short_call_has_no_time_for_a_warning() -> None:
    limits = Limits(max_duration=10, no_media=LONG)
    assert play({}, limits) == [(10, "GOODBYE_DURATION"), (20, "HANG_UP")]


def test_nobody_is_asked_after_the_goodbye() -> None:
    limits = Limits(max_duration=10, no_media=LONG)
    assert play({9: Happening.AGENT_FINISHED}, limits) == [
        (10, "GOODBYE_DURATION"),
        (20, "HANG_UP"),
    ]


def test_a_dead_line_is_hung_up() -> None:
    assert play({}, Limits()) == [(15, "HANG_UP_NO_MEDIA")]
    assert deadline(media_came(answered(0), 10)) == 25


def test_a_deadline_that_has_not_come_changes_nothing() -> None:
    state = answered(0)
    assert step(state, Happening.DEADLINE, 5) == (state, Decision.NONE)
    silent, _ = step(state, Happening.AGENT_FINISHED, 1)
    assert step(silent, Happening.DEADLINE, 5) == (silent, Decision.NONE)


def test_after_the_end_nothing_is_due() -> None:
    state = State(answered=0, clock=Clock.ENDED)
    assert deadline(state) is None
    assert step(state, Happening.DEADLINE, 99) == (state, Decision.NONE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_become_more_urgent(language: Language) -> None:
    state = answered(0)
    asked = [check_line(State(0, checks=n), language) for n in (1, 2, 3, 9)]
    assert len(set(asked)) == 3
    assert asked[2] == asked[3]
    assert check_line(state, language) == asked[0]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "One moment, please."),
        ("es", "Un momento, por favor"),
        ("de", "Einen Moment bitte, ich schaue nach."),
        ("hi", "एक मिनट रुकिए"),
        ("pt", "Só um minutinho"),
        ("fr", "Ne quittez pas"),
        ("nl", "Een ogenblik alstublieft"),
        ("id", "Mohon tunggu sebentar"),
        ("it", "Attenda in linea"),
        ("ja", "少々お待ちください。"),
        ("ko", "잠시만 기다려 주세요"),
    ],
)
def test_requests_to_wait_are_understood(language: Language, text: str) -> None:
    assert asks_to_wait(text, language)
    assert not asks_to_wait("1", language)


LIMITS = st.builds(
    Limits,
    waits=st.lists(st.floats(1, 20), min_size=1, max_size=4).map(tuple),
    max_checks=st.none() | st.integers(0, 3),
    max_duration=st.floats(10, 100),
)


@given(LIMITS, st.lists(st.tuples(st.floats(0.1, 20), st.sampled_from(Happening))))
def test_every_call_ends_and_every_deadline_moves_on(
    limits: Limits, happened: list[tuple[float, Happening]]
) -> None:
    state, now = answered(0, limits), 0.0
    for wait, happening in happened:
        now += wait
        state, _ = step(media_came(state, now), happening, now)
    for _ in range(20):
        due = deadline(state)
        if due is None:
            break
        now = max(now, due)
        before = state
        state, decision = step(media_came(state, now), Happening.DEADLINE, now)
        assert (state, decision) != (before, Decision.NONE)
    assert deadline(state) is None
