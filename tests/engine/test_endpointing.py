from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.agent import Language
from switchhook.engine.endpointing import (
    Evidence,
    Expectation,
    Mode,
    Pace,
    Sensitivity,
    Settings,
    end_delay,
    speculates,
)

DEFAULT = Settings()


def delay(
    text: str, expectation: Expectation = Expectation.FREE, expected: int | None = None
) -> float:
    evidence = Evidence(text, expectation=expectation, expected_characters=expected)
    return round(end_delay(evidence, DEFAULT), 3)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("I would like a table for two.", 0.3),
        ("Is it free?", 0.3),
        ("And you?", 0.3),
        ("Stop it!", 0.3),
        ('He said "no."', 0.3),
        ("yes", 0.3),
        ("no thanks", 0.3),
        ("I'll take it, thank you", 0.3),
        ("goodbye", 0.3),
        ("that is what I was looking for.", 0.3),
        ("a table tomorrow", 0.6),
        ("that is what I was looking for", 1.2),
        ("um", 1.2),
        ("a table, uh...", 1.2),
        ("I need to talk to the", 1.2),
        ("I need to talk to the.", 1.2),
        ("tomorrow and", 1.2),
        ("tomorrow, because.", 1.2),
        ("my number is", 1.2),
        ("Well,", 1.2),
        ("my name is A, D", 1.2),
        ("", 1.5),
        ("  ", 1.5),
    ],
)
def test_the_words_say_how_long_to_wait(text: str, seconds: float) -> None:
    assert delay(text) == seconds


@pytest.mark.parametrize(
    ("language", "text", "seconds"),
    [
        ("es", "mi número es", 1.2),
        ("es", "quiero hablar con el", 1.2),
        ("es", "sí, claro", 0.3),
        ("de", "ich möchte einen Tisch und", 1.2),
        ("de", "Ja, genau", 0.3),
        ("de", "Ich will das.", 0.3),
        ("fr", "je voudrais", 1.2),
        ("fr", "d'accord", 0.3),
        ("it", "vorrei parlare con", 1.2),
        ("it", "va bene", 0.3),
        ("pt", "eu quero", 1.2),
        ("pt", "não", 0.3),
        ("nl", "ik wil graag", 1.2),
        ("nl", "dat klopt", 0.3),
        ("id", "saya mau", 1.2),
        ("id", "tidak usah", 0.3),
        ("hi", "मेरा नंबर है", 1.2),
        ("hi", "जी हाँ", 0.3),
        ("hi", "मैं कल आऊँगा।", 0.3),
        ("ja", "えっと", 1.2),
        ("ja", "電話番号は", 1.2),
        ("ja", "はい、お願いします", 0.3),
        ("ko", "제 번호는", 1.2),
        ("ko", "네, 맞아요", 0.3),
    ],
)
def test_every_language_has_its_own_signs(language: Language, text: str, seconds: float) -> None:
    assert round(end_delay(Evidence(text), Settings(language)), 3) == seconds


@pytest.mark.parametrize(
    ("text", "expected", "seconds"),
    [
        ("555 12", 10, 1.8),
        ("it's five five five one two", 10, 1.8),
        ("555 123 4567", 10, 0.3),
        ("it is five five five one please", 4, 0.3),
        ("zero zero 7", 3, 0.3),
        ("my phone number", 10, 0.72),
    ],
)
def test_digits_are_awaited_until_there_are_enough(
    text: str, expected: int, seconds: float
) -> None:
    assert delay(text, Expectation.DIGITS, expected) == seconds


def test_a_name_is_spelled_to_its_end() -> None:
    assert delay("J O H", Expectation.SPELLING, 4) == 1.8
    assert delay("J O H N", Expectation.SPELLING, 4) == 0.3
    assert delay("J O H", Expectation.SPELLING) == pytest.approx(1.44)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("ada", 1.8),
        ("ada at example", 1.8),
        ("ada at example dot", 1.8),
        ("ada at example dot com", 0.3),
        ("ada@example.com", 0.3),
        ("no", 0.3),
        ("yes", 0.3),
    ],
)
def test_an_address_is_awaited_until_its_domain(text: str, seconds: float) -> None:
    assert delay(text, Expectation.EMAIL) == seconds


def test_a_short_question_expects_a_short_answer() -> None:
    assert delay("tomorrow morning", Expectation.YES_NO) == 0.45
    assert delay("tomorrow morning", Expectation.CHOICE) == 0.51


def test_a_provider_that_ended_the_turn_is_believed_at_once() -> None:
    assert end_delay(Evidence("and", provider_ended=True), DEFAULT) == 0


def test_an_eager_end_only_begins_to_think() -> None:
    eager = Evidence("a table tomorrow", provider_eager=True)
    assert speculates(eager)
    assert end_delay(eager, DEFAULT) == 0.6
    assert not speculates(Evidence("a table", provider_eager=True, provider_ended=True))
    assert not speculates(Evidence("a table"))


@pytest.mark.parametrize(
    ("probability", "seconds"), [(0.9, 0.3), (0.8, 0.3), (0.6, 0.7), (0.1, 2.0), (-1.0, 2.0)]
)
def test_a_turn_model_outweighs_the_words(probability: float, seconds: float) -> None:
    assert end_delay(Evidence("and", turn_probability=probability), DEFAULT) == seconds


def test_the_provider_mode_waits_for_the_provider() -> None:
    settings = Settings(mode=Mode.PROVIDER, max_silence=2.5)
    assert end_delay(Evidence("I am done."), settings) == 2.5
    assert end_delay(Evidence("I am done.", provider_ended=True), settings) == 0
    assert end_delay(Evidence(""), settings) == 2.5


@pytest.mark.parametrize(
    ("sensitivity", "done", "neither", "unfinished"),
    [
        (Sensitivity.AUTO, 0.3, 0.6, 1.2),
        (Sensitivity.RELAXED, 0.6, 1.4, 1.4),
        (Sensitivity.SENSITIVE, 0.3, 0.6, 0.7),
    ],
)
def test_sensitivity_chooses_the_table(
    sensitivity: Sensitivity, done: float, neither: float, unfinished: float
) -> None:
    settings = Settings(sensitivity=sensitivity)
    texts = ("I am done.", "a table tomorrow", "a table and")
    assert [end_delay(Evidence(t), settings) for t in texts] == [done, neither, unfinished]


@pytest.mark.parametrize(("speed", "seconds"), [(1, 0.6), (2, 0.3), (0.5, 1.2), (9, 0.3), (0, 1.2)])
def test_the_speed_of_the_conversation_divides_the_waits(speed: float, seconds: float) -> None:
    assert end_delay(Evidence("a table"), Settings(conversation_speed=speed)) == seconds


def test_a_caller_who_pauses_inside_turns_is_given_time() -> None:
    pace = Pace()
    for _ in range(30):
        pace = pace.after_pause(1.0)
    assert end_delay(Evidence("I am done.", pace=pace), DEFAULT) == pytest.approx(1.2, abs=0.05)
    fixed = Settings(mode=Mode.FIXED)
    assert end_delay(Evidence("I am done.", pace=pace), fixed) == 0.3


def test_one_long_pause_changes_little() -> None:
    assert Pace().after_pause(60).pause == pytest.approx(0.425)


def test_a_fast_speaker_is_answered_sooner() -> None:
    pace = Pace()
    for _ in range(30):
        pace = pace.after_speech(words=20, seconds=4)
    assert pace.rate == pytest.approx(2, abs=0.01)
    assert end_delay(Evidence("a table", pace=pace), DEFAULT) == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(("words", "seconds"), [(0, 1.0), (3, 0.0)])
def test_what_has_no_speed_teaches_nothing(words: int, seconds: float) -> None:
    assert Pace().after_speech(words, seconds) == Pace()


def test_long_utterances_weigh_more_than_short_ones() -> None:
    short, long = Pace().after_speech(1, 0.2), Pace().after_speech(20, 4)
    assert 1 < short.rate < long.rate


def test_the_settings_bound_every_wait() -> None:
    patient = Settings(dynamic_min_wait=1.0)
    assert end_delay(Evidence("I am done."), patient) == 1.0
    hasty = Settings(max_silence=0.5)
    assert end_delay(Evidence("tomorrow and"), hasty) == 0.5


EVIDENCE = st.builds(
    Evidence,
    # Any text of these letters: a rule looks at words, digits, stops and signs, at nothing else.
    text=st.text("anyesdo 5@.,?") | st.sampled_from(["yes", "and", "5 5 5", "a@b", "done."]),
    turn_probability=st.none() | st.floats(0, 1),
    expectation=st.sampled_from(Expectation),
    expected_characters=st.none() | st.integers(0, 20),
    pace=st.builds(Pace, st.floats(0, 2), st.floats(0.5, 2)),
)


@given(EVIDENCE, st.sampled_from(Mode), st.sampled_from(Sensitivity), st.floats(-1, 9))
def test_every_wait_is_between_its_limits(
    evidence: Evidence, mode: Mode, sensitivity: Sensitivity, speed: float
) -> None:
    settings = Settings("en", mode, sensitivity, speed)
    assert settings.dynamic_min_wait <= end_delay(evidence, settings) <= settings.max_silence


@given(EVIDENCE)
def test_the_more_sensitive_never_waits_longer(evidence: Evidence) -> None:
    order = (Sensitivity.SENSITIVE, Sensitivity.AUTO, Sensitivity.RELAXED)
    waits = [end_delay(evidence, Settings(sensitivity=s)) for s in order]
    assert waits == sorted(waits)
