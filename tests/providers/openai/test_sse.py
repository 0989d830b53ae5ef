from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.errors import ProtocolBroken
from switchhook.providers.openai.sse import LONGEST, Events

STREAM = (
    b': hello\n\nevent: one\r\ndata: {"n": 1}\r\n\r\n'
    b'id: 2\ndata:{"n":\ndata: 2}\n\n\n\ndata: {"n": 3}\n\ndata: [DONE]\n\n'
)


def read(*pieces: bytes) -> list[dict[str, Any]]:
    events = Events()
    return [event for piece in pieces for event in events.feed(piece)]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8).map(sorted))
def test_whatever_the_cuts_the_events_are_the_same(cuts: list[int]) -> None:
    bounds = [0, *cuts, len(STREAM)]
    pieces = [STREAM[a:b] for a, b in pairwise(bounds)]

    assert read(*pieces) == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_an_event_that_has_not_ended_is_not_told() -> None:
    assert read(b'data: {"n": 1}\n') == []


@pytest.mark.parametrize("data", ["{", "[1]", "7", "hello", "[" * 100_000])
def test_an_event_that_is_no_object_breaks_the_protocol(data: str) -> None:
    with pytest.raises(ProtocolBroken):
        read(f"data: {data}\n\n".encode())


def test_an_event_without_end_is_not_collected_for_ever() -> None:
    with pytest.raises(ProtocolBroken):
        read(b"data: " + b"x" * LONGEST)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise_anything_else(noise: bytes) -> None:
    try:
        for event in read(noise, b"\n\n"):
            json.dumps(event)
    except ProtocolBroken:
        pass
