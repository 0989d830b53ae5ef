from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchhook.domain.transcript import Word
from switchhook.providers.alignment import Alignment, Span


def spelled(text: str, each: int = 10) -> list[Span]:
    """Return every character of a text, one after the other."""
    return [Span(c, n * each, (n + 1) * each) for n, c in enumerate(text)]


def word(text: str, start: int, end: int) -> Word:
    return Word(text=text, start_ms=start, end_ms=end)


def test_characters_become_the_words_between_spaces() -> None:
    assert Alignment("Sure, I can.").feed(spelled("Sure, I can.")) == [
        word("Sure,", 0, 40),
        word("I", 60, 70),
        word("can.", 80, 110),
    ]


@pytest.mark.parametrize("cut", range(13))
def test_words_may_be_cut_anywhere(cut: int) -> None:
    spans, alignment = spelled("Sure, I can."), Alignment("Sure, I can.")
    assert alignment.feed(spans[:cut]) + alignment.feed(spans[cut:]) == Alignment(
        "Sure, I can."
    ).feed(spans)


def test_words_without_their_punctuation_are_those_that_are_written() -> None:
    spans = [Span("Hello", 0, 300), Span("world", 350, 600)]
    assert Alignment("Hello, world!").feed(spans) == [
        word("Hello,", 0, 300),
        word("world!", 350, 600),
    ]


def test_what_is_joined_in_writing_is_one_word() -> None:
    spans = [Span("ten", 0, 200), Span("-thirty", 200, 500), Span("then", 500, 700)]
    assert Alignment("ten-thirty then").feed(spans) == [
        word("ten-thirty", 0, 500),
        word("then", 500, 700),
    ]


def test_one_span_may_be_several_words() -> None:
    assert Alignment("of course yes").feed([Span("of course", 0, 400), Span("yes", 400, 600)]) == [
        word("of", 0, 400),
        word("course", 0, 400),
        word("yes", 400, 600),
    ]


def test_a_word_of_signs_only_is_there_when_the_one_before_it_was_said() -> None:
    spans = [Span("ten", 0, 200), Span("fine", 300, 500)]
    assert Alignment("ten - fine").feed(spans) == [
        word("ten", 0, 200),
        word("-", 200, 200),
        word("fine", 300, 500),
    ]


def test_a_language_without_spaces_is_one_word() -> None:
    assert Alignment("火曜日です。").feed(spelled("火曜日です。")) == [word("火曜日です。", 0, 50)]


def test_what_no_span_told_is_spread_over_the_rest() -> None:
    alignment = Alignment("one two three four")
    assert alignment.feed([Span("one", 0, 200)]) == [word("one", 0, 200)]
    assert alignment.rest(800) == [
        word("two", 200, 400),
        word("three", 400, 600),
        word("four", 600, 800),
    ]
    assert alignment.rest(800) == []


def test_a_word_that_was_told_in_part_begins_where_it_began() -> None:
    alignment = Alignment("appointment")
    alignment.feed([Span("appoint", 100, 400)])
    assert alignment.rest(900) == [word("appointment", 100, 900)]


def test_more_than_is_written_changes_nothing() -> None:
    alignment = Alignment("$5 please")
    words = alignment.feed([Span(w, n, n + 1) for n, w in enumerate(["five", "dollars", "please"])])
    assert [w.text for w in words + alignment.rest(9)] == ["$5", "please"]


@settings(max_examples=40)
@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.text(max_size=5), st.integers(-9, 9999), st.integers(-9, 9999))),
)
def test_every_word_comes_once_and_times_never_run_backwards(
    text: str, told: list[tuple[str, int, int]]
) -> None:
    alignment = Alignment(text)
    words = alignment.feed(Span(*span) for span in told) + alignment.rest(5000)
    assert [w.text for w in words] == text.split()
    starts = [w.start_ms for w in words]
    assert starts == sorted(starts)
    assert all(0 <= w.start_ms <= w.end_ms for w in words)
