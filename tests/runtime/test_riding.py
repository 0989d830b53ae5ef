"""A callee who hears words and no sound hears every voice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from switchhook.domain.transcript import Word
from switchhook.ports import Frame, Speech
from switchhook.runtime.framing import QUIET
from switchhook.runtime.riding import riding


def word(text: str, start_ms: int) -> Word:
    return Word(text=text, start_ms=start_ms, end_ms=start_ms + 20)


def rides(text: str, *pieces: Speech) -> list[tuple[str, ...]]:
    """Return the words of every frame."""

    async def made() -> AsyncIterator[Speech]:
        for piece in pieces:
            yield piece

    async def main() -> Sequence[Frame]:
        return [frame async for piece in riding(text, made()) for frame in piece.frames]

    return [frame.words for frame in asyncio.run(main())]


def test_a_word_rides_where_it_begins_also_in_a_later_piece() -> None:
    pieces = [
        Speech((QUIET, QUIET), (word("Good", 0), word("morning", 20))),
        Speech((QUIET, QUIET), (word("Ada", 60),)),
    ]

    assert rides("Good morning Ada", *pieces) == [("Good",), ("morning",), (), ("Ada",)]


def test_words_that_come_late_ride_with_what_is_next() -> None:
    pieces = [Speech((QUIET,), ()), Speech((), (word("Hello", 0),)), Speech((QUIET,), ())]

    assert rides("Hello", *pieces) == [(), ("Hello",)]


@pytest.mark.parametrize(
    ("words", "last"), [((), ("Good", "morning")), ((word("Good", 0),), ("Good",))]
)
def test_what_nobody_timed_or_came_last_rides_at_the_end(
    words: tuple[Word, ...], last: tuple[str, ...]
) -> None:
    sound = Speech((QUIET,) * 5, ())

    assert rides("Good morning", sound, Speech((), words)) == [*[()] * 5, last]


def test_words_without_enough_sound_were_not_said() -> None:
    assert rides("Good morning", Speech((QUIET,) * 4, ())) == [()] * 4


def test_a_voice_that_loads_its_own_frames_is_left_alone() -> None:
    own = Speech((Frame(QUIET.audio, ("Hello",)),), (word("Hello", 0),))

    assert rides("Hello", own) == [("Hello",)]


def test_silence_carries_nothing() -> None:
    assert rides("Hello") == []
