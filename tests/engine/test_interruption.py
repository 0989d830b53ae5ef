from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.agent import Language
from switchhook.engine.interruption import (
    DeadlineReached,
    Decision,
    Evidence,
    Judged,
    Mode,
    Phase,
    Sensitivity,
    Settings,
    SpeechEnded,
    SpeechStarted,
    State,
    TurnStarted,
    WordsHeard,
    deadline,
    is_backchannel,
    resume_from,
    step,
)

LANGUAGES: tuple[Language, ...] = get_args(Language)
START, END = SpeechStarted(), SpeechEnded()
Script = dict[float, Evidence]
Heard = list[tuple[float, str]]


def play(script: Script, settings: Settings | None = None, until: float = 10) -> Heard:
    """Return what the agent does and when, with every deadline met on time."""
    state, done = State(settings or Settings()), Heard()
    for at, evidence in [*sorted(script.items()), (until, DeadlineReached())]:
        while (due := deadline(state)) is not None and due < at:
            state = note(state, DeadlineReached(), due, done)
        state = note(state, evidence, at, done)
    return done


def note(state: State, evidence: Evidence, now: float, done: Heard) -> State:
    state, decision = step(state, evidence, now)
    if decision is not Decision.NONE:
        done.append((round(now, 3), decision.name))
    return state


def test_speech_that_goes_on_ducks_pauses_and_takes_the_floor() -> None:
    assert play({1.0: START}) == [(1.12, "DUCK"), (1.3, "PAUSE"), (1.5, "COMMIT")]


def test_a_click_does_nothing() -> None:
    assert play({1.0: START, 1.1: END}) == []


def test_a_short_cough_ducks_and_comes_back() -> None:
    assert play({1.0: START, 1.2: END}) == [(1.12, "DUCK"), (1.2, "UNDUCK"), (3.2, "DISMISS")]


def test_a_longer_cough_pauses_until_no_words_came() -> None:
    assert play({1.0: START, 1.4: END}) == [(1.12, "DUCK"), (1.3, "PAUSE"), (3.4, "DISMISS")]


@pytest.mark.parametrize("word", ["stop", "wait", "no", "Hold on", "okay stop"])
def test_a_stop_word_takes_the_floor_at_once(word: str) -> None:
    assert play({1.0: START, 1.15: WordsHeard(word)}) == [(1.12, "DUCK"), (1.15, "COMMIT")]


def test_two_words_take_the_floor_at_once() -> None:
    assert play({1.0: START, 1.2: WordsHeard("my number")})[-1] == (1.2, "COMMIT")


def test_one_word_pauses_earlier_than_sound_alone() -> None:
    assert play({1.0: START, 1.2: WordsHeard("tomorrow")}) == [
        (1.12, "DUCK"),
        (1.2, "PAUSE"),
        (1.5, "COMMIT"),
    ]


def test_a_backchannel_does_not_even_pause() -> None:
    script: Script = {1.0: START, 1.2: WordsHeard("mhm"), 1.6: END}
    assert play(script) == [(1.12, "DUCK"), (1.6, "RESTORE")]


def test_a_backchannel_whose_words_come_late_restores_a_pause() -> None:
    script: Script = {1.0: START, 1.4: END, 1.8: WordsHeard("Okay, right.", final=True)}
    assert play(script)[-2:] == [(1.3, "PAUSE"), (1.8, "RESTORE")]


def test_listening_that_never_ends_takes_the_floor_after_all() -> None:
    script: Script = {1.0: START, 1.1: WordsHeard("yes")}
    assert play(script) == [(1.12, "DUCK"), (2.2, "COMMIT")]


def test_a_single_late_word_that_is_no_backchannel_interrupts() -> None:
    script: Script = {1.0: START, 1.2: END, 1.5: WordsHeard("Tomorrow.", final=True)}
    assert play(script)[-2:] == [(1.2, "UNDUCK"), (1.5, "COMMIT")]


def test_words_that_are_not_final_are_judged_when_no_more_came() -> None:
    script: Script = {1.0: START, 1.4: END, 1.5: WordsHeard("tomorrow")}
    assert play(script)[-1] == (3.4, "COMMIT")
    script[1.5] = WordsHeard("right")
    assert play(script)[-1] == (3.4, "RESTORE")


def test_speech_that_resumes_is_the_same_utterance() -> None:
    script: Script = {1.0: START, 1.4: END, 1.5: WordsHeard("tomorrow"), 1.7: START}
    assert play(script)[-2:] == [(1.3, "PAUSE"), (2.2, "COMMIT")]


def test_speech_after_a_dismissal_begins_anew() -> None:
    script: Script = {1.0: START, 1.2: END, 5.0: START, 5.2: END}
    assert [what for _, what in play(script)] == ["DUCK", "UNDUCK", "DISMISS"] * 2


def test_a_backchannel_during_speech_restores_and_keeps_watching() -> None:
    script: Script = {
        1.0: START,
        1.35: WordsHeard("Okay", final=True),
        1.6: WordsHeard("okay stop"),
    }
    assert [what for _, what in play(script)] == ["DUCK", "PAUSE", "RESTORE", "DUCK", "COMMIT"]


def test_a_provider_with_words_is_believed() -> None:
    assert play({1.0: TurnStarted("tomorrow")}) == [(1.0, "COMMIT")]
    assert play({1.0: TurnStarted("uh huh")}) == []
    assert play({1.0: TurnStarted()}) == []


def test_repeated_signs_of_one_speech_change_nothing() -> None:
    assert play({0.5: END, 1.0: START, 1.05: START, 1.1: END, 1.15: END}) == []


def test_the_floor_is_taken_only_once() -> None:
    script: Script = {1.0: START, 1.1: WordsHeard("stop"), 1.2: WordsHeard("stop it"), 1.3: END}
    assert play(script) == [(1.1, "COMMIT")]


def test_the_immediate_mode_pauses_instead_of_ducking() -> None:
    settings = Settings(mode=Mode.IMMEDIATE)
    assert play({1.0: START}, settings) == [(1.12, "PAUSE"), (1.5, "COMMIT")]
    assert play({1.0: START, 1.05: WordsHeard("mhm"), 1.3: END}, settings) == [
        (1.12, "DUCK"),
        (1.3, "RESTORE"),
    ]


def test_the_words_mode_hears_no_noise() -> None:
    settings = Settings(mode=Mode.WORDS, words=3)
    assert play({1.0: START, 3.0: END}, settings) == []
    few: Script = {1.0: START, 1.3: WordsHeard("stop it"), 1.4: TurnStarted("stop it")}
    assert play(few, settings) == []
    assert play({1.0: START, 1.3: WordsHeard("uh huh right")}, settings) == []
    assert play({1.3: WordsHeard("please stop it")}, settings) == [(1.3, "COMMIT")]
    assert play({1.3: WordsHeard("stop it", final=True)}, settings) == [(1.3, "RESTORE")]


def test_an_uninterruptible_agent_keeps_the_words_for_later() -> None:
    script: Script = {
        1.0: START,
        1.2: WordsHeard("stop"),
        1.3: WordsHeard("stop now", final=True),
        1.4: WordsHeard(" ", final=True),
    }
    assert play(script, Settings(mode=Mode.OFF)) == [(1.3, "QUEUE")]


def test_low_sensitivity_overhears_three_words() -> None:
    settings = Settings(sensitivity=Sensitivity.LOW)
    three: Script = {1.0: START, 1.2: WordsHeard("see you there"), 1.6: END}
    assert play(three, settings) == [(1.12, "DUCK"), (1.6, "RESTORE")]
    four: Script = {1.0: START, 1.2: WordsHeard("see you there then")}
    assert play(four, settings)[-1] == (1.2, "COMMIT")
    assert play({1.0: START, 1.2: WordsHeard("stop")}, settings)[-1] == (1.2, "COMMIT")
    assert play({1.0: START}, settings)[-1] == (2.2, "COMMIT")


def test_high_sensitivity_takes_any_word() -> None:
    settings = Settings(sensitivity=Sensitivity.HIGH)
    assert play({1.0: START, 1.2: WordsHeard("mhm")}, settings)[-1] == (1.2, "COMMIT")
    assert not is_backchannel("mhm", "en", Sensitivity.HIGH)


def test_a_classifier_decides_what_is_open() -> None:
    assert play({1.0: START, 1.35: Judged(backchannel=False)})[-1] == (1.35, "COMMIT")
    listens: Script = {1.0: START, 1.4: END, 1.5: Judged(backchannel=True)}
    assert play(listens)[-1] == (1.5, "RESTORE")
    assert play({1.0: Judged(backchannel=False)}) == []


@pytest.mark.parametrize(
    ("at", "judged", "last"),
    [
        (1.8, Judged(backchannel=False), "COMMIT"),
        (2.5, Judged(backchannel=False), "RESTORE"),
        (1.8, Judged(backchannel=True), "RESTORE"),
    ],
)
def test_a_classifier_overrules_the_list_for_a_moment(at: float, judged: Judged, last: str) -> None:
    script: Script = {
        1.0: START,
        1.2: WordsHeard("really"),
        1.6: END,
        at: judged,
    }
    assert play(script)[-1][1] == last


def test_a_deadline_that_has_not_come_changes_nothing() -> None:
    state, _ = step(State(), START, 1.0)
    assert step(state, DeadlineReached(), 1.05) == (state, Decision.NONE)
    assert step(State(), DeadlineReached(), 1.0) == (State(), Decision.NONE)


@pytest.mark.parametrize(
    ("paused_for", "place"), [(0.4, 1000), (0.5, 1000), (0.6, 900), (5.0, 900)]
)
def test_speech_goes_on_at_the_exact_place_or_at_the_last_word(
    paused_for: float, place: int
) -> None:
    assert resume_from(1000, [0, 300, 900, 1100], paused_for) == place


def test_speech_is_never_rewound_far() -> None:
    assert resume_from(1000, [0, 300], 5.0) == 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_listen_and_stop(language: Language) -> None:
    samples: dict[Language, tuple[str, str]] = {
        "en": ("Mm-hmm, okay.", "okay stop"),
        "es": ("Ajá, vale.", "vale, espere"),
        "de": ("Ja, genau.", "ja, Moment"),
        "hi": ("हाँ, ठीक है।", "रुकिए"),
        "pt": ("Tá bom, entendi.", "espera"),
        "fr": ("D'accord, oui.", "oui, attendez"),
        "nl": ("Ja, prima.", "ja, wacht even"),
        "id": ("Iya, oke.", "tunggu"),
        "it": ("Sì, va bene.", "aspetti"),
        "ja": ("はい、なるほど。", "ちょっと待ってください"),
        "ko": ("네, 알겠습니다.", "잠깐만요"),
    }
    listens, stops = samples[language]
    settings = Settings(language)
    assert play({1.0: START, 1.2: WordsHeard(listens), 1.5: END}, settings)[-1][1] == "RESTORE"
    assert play({1.0: START, 1.2: WordsHeard(stops)}, settings)[-1] == (1.2, "COMMIT")


def test_japanese_words_are_counted_without_spaces() -> None:
    assert play({1.2: WordsHeard("明日の予約")}, Settings("ja")) == [(1.2, "COMMIT")]


EVIDENCE = st.one_of(
    st.sampled_from([START, END, DeadlineReached(), TurnStarted("tomorrow"), TurnStarted()]),
    st.builds(Judged, st.booleans()),
    st.builds(WordsHeard, st.sampled_from(["", "mhm", "stop", "tomorrow", "a b c"]), st.booleans()),
)
SETTINGS = st.builds(
    Settings, st.just("en"), st.sampled_from(Mode), st.sampled_from(Sensitivity), st.integers(1, 4)
)


@given(SETTINGS, st.lists(st.tuples(st.floats(0.01, 1), EVIDENCE)))
def test_whatever_is_heard_the_agent_never_stays_lowered_or_paused(
    settings: Settings, heard: list[tuple[float, Evidence]]
) -> None:
    script: Script = {}
    now = 0.0
    for wait, evidence in heard:
        now += wait
        script[now] = evidence
    script[now + 1] = END
    done = [what for _, what in play(script, settings, until=now + 10)]
    lowered = False
    for what in done:
        if what in {"DUCK", "PAUSE"}:
            lowered = True
        elif what in {"UNDUCK", "RESTORE", "DISMISS", "COMMIT"}:
            lowered = False
    assert not lowered
    assert done.count("COMMIT") <= 1
    assert "COMMIT" not in done[:-1]


@given(SETTINGS, st.lists(st.tuples(st.floats(0.01, 1), EVIDENCE)))
def test_a_reached_deadline_always_moves_on(
    settings: Settings, heard: list[tuple[float, Evidence]]
) -> None:
    state, now = State(settings), 0.0
    for wait, evidence in heard:
        now += wait
        state, _ = step(state, evidence, now)
        due = deadline(state)
        if due is not None:
            after, decision = step(state, DeadlineReached(), max(now, due))
            assert (after, decision) != (state, Decision.NONE)
            assert after.phase is not Phase.SPEECH or decision is Decision.RESTORE
