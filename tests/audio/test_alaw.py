from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio import alaw
from switchhook.audio.samples import audioop

EVERY = bytes(range(256))


def by_the_book(code: int) -> int:
    """G.711 table 1a: a sign, three bits of segment, four bits within, each even bit inverted."""
    code ^= 0x55
    segment, step = (code & 0x70) >> 4, code & 0x0F
    size = (2 * step + 1) if segment == 0 else (2 * step + 33) << (segment - 1)
    return (size << 3) * (1 if code & 0x80 else -1)


def levels(pcm: bytes) -> list[int]:
    return np.frombuffer(pcm, "<i2").tolist()


def test_every_code_means_what_the_recommendation_says() -> None:
    assert levels(alaw.decode(EVERY)) == [by_the_book(code) for code in range(256)]


def test_every_code_survives_there_and_back() -> None:
    assert alaw.encode(alaw.decode(EVERY)) == EVERY


def test_nothing_is_as_near_to_nothing_as_the_code_allows() -> None:
    assert levels(alaw.decode(alaw.SILENCE)) == [8]
    assert alaw.encode(bytes(2)) == alaw.SILENCE


@given(st.integers(-32768, 32767))
def test_a_sample_comes_back_within_half_a_step(level: int) -> None:
    [back] = levels(alaw.decode(alaw.encode(level.to_bytes(2, "little", signed=True))))
    assert abs(back - level) <= max(16, abs(level) // 16)


@given(st.binary(max_size=400))
def test_the_short_way_between_the_two_laws_is_the_long_way(codes: bytes) -> None:
    assert alaw.from_ulaw(codes) == alaw.encode(audioop.ulaw2lin(codes, 2))
    assert alaw.to_ulaw(codes) == audioop.lin2ulaw(alaw.decode(codes), 2)
