from __future__ import annotations

import io
import wave

import pytest

from switchhook.audio import g711, wav


def test_other_programs_read_what_is_written() -> None:
    pcm = wav.stereo(b"\x00" * 8000, b"\xff" * 8000)

    with wave.open(io.BytesIO(wav.write(wav.Wav(8000, 2, pcm)))) as file:
        assert file.getnchannels() == 2
        assert file.getframerate() == 8000
        assert file.getsampwidth() == 2
        assert file.readframes(8000) == pcm


def test_the_caller_is_left_and_the_agent_right() -> None:
    left, right = b"\x10\x20", b"\x90"
    file = wav.read(wav.write(wav.Wav(8000, 2, wav.stereo(left, right))))

    assert file.channel(0) == g711.decode(left)
    assert file.channel(1) == g711.decode(right + g711.SILENCE)
    assert file.seconds == 2 / 8000


def test_one_channel_is_read_as_it_was_written() -> None:
    file = wav.Wav(16000, 1, b"\x01\x02\x03\x04")

    assert wav.read(wav.write(file)) == file


def test_a_file_that_was_cut_short_holds_what_is_there() -> None:
    whole = wav.write(wav.Wav(8000, 1, bytes(100)))

    assert wav.read(whole[:-50]).pcm == bytes(50)


@pytest.mark.parametrize("file", [b"RIFF", b"OggS" + bytes(60)])
def test_what_is_no_wav_file_is_refused(file: bytes) -> None:
    with pytest.raises(ValueError, match="not a WAV file"):
        wav.read(file)
