from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio.streaming import RATES, Resampler, Whole

PAIRS = [(a, b) for a in RATES for b in RATES]
WAYS = st.sampled_from(PAIRS)
AUDIO = st.binary(max_size=3000)
CUTS = st.lists(st.sampled_from([1, 2, 3, 7, 160, 321, 4001]), min_size=1)


def cut(audio: bytes, sizes: list[int]) -> list[bytes]:
    """Cut the audio into pieces of these sizes, over and over."""
    pieces: list[bytes] = []
    while audio:
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(audio[:size])
        audio = audio[size:]
    return pieces


def tone(hertz: float, rate: int, milliseconds: int = 400, peak: float = 10_000) -> bytes:
    moments = np.arange(rate * milliseconds // 1000) / rate
    return np.rint(peak * np.sin(2 * np.pi * hertz * moments)).astype("<i2").tobytes()


def levels(pcm: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(pcm, "<i2").astype(np.float64)


def loudness(pcm: bytes) -> float:
    middle = levels(pcm)[len(pcm) // 8 : -len(pcm) // 8]
    return 20 * math.log10(math.sqrt(float(np.mean(middle**2))) + 1e-3)


def whole(audio: bytes, source: int, target: int) -> bytes:
    resampler = Resampler(source, target)
    return resampler.feed(audio) + resampler.flush()


# S48 odd_sized_chunks_do_not_click


@given(AUDIO, CUTS, st.sampled_from([2, 160, 320]))
def test_odd_sized_chunks_do_not_click(audio: bytes, sizes: list[int], size: int) -> None:
    carry = Whole(size)
    pieces = [carry.feed(piece) for piece in cut(audio, sizes)]
    assert all(len(piece) % size == 0 for piece in pieces)
    rest = carry.flush(b"\xff")
    assert b"".join(pieces) + rest == audio + b"\xff" * (-len(audio) % size)
    assert carry.flush() == b""


# S49 resampler_keeps_state


@given(AUDIO, CUTS, WAYS)
def test_a_resampler_keeps_its_state_over_arbitrary_cuts(
    audio: bytes, sizes: list[int], way: tuple[int, int]
) -> None:
    resampler = Resampler(*way)
    pieces = [resampler.feed(piece) for piece in cut(audio, sizes)]
    assert b"".join(pieces) + resampler.flush() == whole(audio, *way)


def test_a_resampler_without_memory_would_be_noticed() -> None:
    audio = tone(440, 8000)
    fresh = b"".join(whole(piece, 8000, 16000) for piece in cut(audio, [320]))
    assert len(fresh) == len(whole(audio, 8000, 16000))
    assert fresh != whole(audio, 8000, 16000)


@given(AUDIO, WAYS)
def test_the_result_lasts_as_long_as_what_came_in(audio: bytes, way: tuple[int, int]) -> None:
    source, target = way
    samples = len(audio) // 2
    assert len(whole(audio, source, target)) == 2 * -(-samples * target // source)


@given(AUDIO, AUDIO, WAYS)
def test_after_a_flush_a_new_stream_begins(
    first: bytes, second: bytes, way: tuple[int, int]
) -> None:
    resampler = Resampler(*way)
    resampler.feed(first)
    resampler.flush()
    assert resampler.feed(second) + resampler.flush() == whole(second, *way)


@pytest.mark.parametrize(("source", "target"), [p for p in PAIRS if p[0] != p[1]])
def test_no_more_than_three_milliseconds_are_held_back(source: int, target: int) -> None:
    resampler = Resampler(source, target)
    given = sum(len(resampler.feed(tone(440, source, 20))) for _ in range(10))
    assert given / 2 >= target * (200 - 3) / 1000


@pytest.mark.parametrize(("source", "target"), [p for p in PAIRS if p[0] != p[1]])
def test_speech_passes_unchanged_and_at_its_time(source: int, target: int) -> None:
    for hertz in (300, 1000, 3000):
        result = levels(whole(tone(hertz, source), source, target))
        wanted = levels(tone(hertz, target))
        edge = target // 100  # ends, where a tone begins from nothing, may ring
        assert np.abs(result - wanted)[edge:-edge].max() < 100
    assert abs(loudness(whole(tone(3400, source), source, target)) - loudness(tone(3400, 8000))) < 1


@pytest.mark.parametrize("source", [16000, 24000, 48000])
@pytest.mark.parametrize("hertz", [4500, 5000, 6000, 7900])
def test_what_the_telephone_cannot_carry_does_not_fold_back(source: int, hertz: int) -> None:
    assert loudness(whole(tone(hertz, source), source, 8000)) < loudness(tone(440, 8000)) - 55


@pytest.mark.parametrize("target", [16000, 24000, 48000])
def test_no_mirror_image_appears_above_the_telephone_band(target: int) -> None:
    result = levels(whole(tone(1000, 8000), 8000, target))
    spectrum = np.abs(np.fft.rfft(result * np.hanning(len(result)))) ** 2
    above = spectrum[len(result) * 4400 // target :]
    assert 10 * math.log10(above.sum() / spectrum.sum()) < -50


def test_the_loudest_square_wave_is_clipped_and_not_wrapped() -> None:
    square = np.where(np.arange(800) // 40 % 2, 32767, -32768).astype("<i2")
    result = levels(whole(square.tobytes(), 8000, 16000))
    assert result.max() == 32767
    assert result.min() == -32768
    assert np.all(result[10:70] < 0)


def test_a_constant_stays_what_it_is() -> None:
    for source, target in PAIRS:
        constant = np.full(source // 10, 12345, "<i2").tobytes()
        middle = levels(whole(constant, source, target))[target // 100 : -target // 100]
        assert set(middle) == {12345}


def test_half_a_sample_at_the_end_is_none() -> None:
    assert whole(b"\1\2\3", 8000, 8000) == b"\1\2"
    assert len(whole(b"\1\2\3", 8000, 16000)) == 4


@pytest.mark.parametrize("way", [(8000, 11025), (0, 8000)])
def test_a_rate_that_no_telephone_or_voice_has_is_refused(way: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="Hz is not a rate"):
        Resampler(*way)
