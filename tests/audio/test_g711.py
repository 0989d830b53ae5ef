from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio import g711


def test_silence_is_silent() -> None:
    assert g711.decode(g711.silence(20)) == bytes(320)
    assert len(g711.silence(20)) == 160


@given(st.binary(max_size=400))
def test_every_byte_of_mu_law_survives_the_round_trip(ulaw: bytes) -> None:
    # 0x7f is the negative zero, which no encoder produces.
    ulaw = ulaw.replace(b"\x7f", b"\xff")
    assert g711.encode(g711.decode(ulaw)) == ulaw


@given(st.lists(st.integers(-32000, 32000), max_size=100))
def test_a_sample_is_off_by_at_most_a_sixteenth(samples: list[int]) -> None:
    pcm = b"".join(s.to_bytes(2, "little", signed=True) for s in samples)
    back = g711.decode(g711.encode(pcm))
    for index, sample in enumerate(samples):
        heard = int.from_bytes(back[2 * index : 2 * index + 2], "little", signed=True)
        assert abs(heard - sample) <= 4 + (abs(sample) + 132) / 16


def test_frames_are_all_of_one_size_and_the_last_is_filled_with_silence() -> None:
    frames = g711.frames(b"\x00" * 200)

    assert [len(frame) for frame in frames] == [160, 160]
    assert frames[1] == b"\x00" * 40 + g711.SILENCE * 120
    assert g711.frames(b"") == []
