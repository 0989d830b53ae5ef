from __future__ import annotations

import subprocess
import sys

import pytest

from switchhook.audio import g711, level
from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Speech
from switchhook.providers.offline import OfflineVoice, available
from switchhook.providers.offline.espeak import Spoken, WordBegins
from switchhook.providers.offline.voice import words
from switchhook.testing import run_virtually, uttered

installed = pytest.mark.skipif(not available(), reason="the extra `offline` is not installed")


def spoken(text: str, language: Language = "en", **choice: object) -> Speech:
    async def main() -> Speech:
        voice = OfflineVoice()
        speech = await uttered(voice, text, language, VoiceChoice.model_validate(choice))
        voice.close()
        return speech

    return run_virtually(main)


@installed
def test_a_sentence_is_spoken_at_the_loudness_of_speech_with_the_time_of_every_word() -> None:
    speech = spoken("Hello there, this is Ava.")

    assert [word.text for word in speech.words] == ["Hello", "there,", "this", "is", "Ava."]
    assert [word for frame in speech.frames for word in frame.words] == [
        word.text for word in speech.words
    ]
    starts = [word.start_ms for word in speech.words]
    assert starts == sorted(starts)
    assert starts[1] == pytest.approx(320, abs=60)
    assert speech.words[-1].end_ms <= len(speech.frames) * 20
    audio = g711.decode(b"".join(frame.audio for frame in speech.frames))
    assert -35 < level.dbfs(audio) < -10


@installed
def test_speed_and_voice_are_chosen_anew_for_each_utterance() -> None:
    slow = spoken("This takes a while to say.", speed=0.5)
    fast = spoken("This takes a while to say.", speed=2.0)
    callee = spoken("This takes a while to say.", speed=2.0, name="callee")
    named = spoken("This takes a while to say.", provider="espeak-ng", name="en-gb")

    assert len(slow.frames) > 2.5 * len(fast.frames)
    assert callee.frames != fast.frames
    assert named.frames


@installed
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Grüß dich, wie geht's?"),
        ("hi", "नमस्ते, आप कैसे हैं?"),
        ("ko", "안녕하세요, 저는 비서입니다."),
    ],
)
def test_other_languages_keep_their_words(language: Language, text: str) -> None:
    speech = spoken(text, language)

    assert [word.text for word in speech.words] == text.split()
    assert speech.words[-1].start_ms > 200


@installed
def test_nothing_is_said_in_no_time() -> None:
    assert spoken("").words == ()


def test_words_that_the_library_joins_share_their_time() -> None:
    sound = Spoken(bytes(2 * 1000), (WordBegins(0, 2, 0), WordBegins(7, 3, 600)))

    timed = words("in the end", sound, 1000)

    assert [(w.text, w.start_ms, w.end_ms) for w in timed] == [
        ("in", 0, 600),
        ("the", 0, 600),
        ("end", 600, 1000),
    ]


_WITHOUT_VOICES = """
import espeakng_loader
from switchhook.providers.offline.espeak import Espeak
try:
    Espeak(str(espeakng_loader.get_library_path()), "/nowhere")
except OSError as problem:
    print(problem)
"""


@installed
def test_a_library_without_its_voices_is_told_of() -> None:
    # In a process of its own, because the library keeps what it was told first.
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_VOICES], capture_output=True, text=True, check=True
    )

    assert done.stdout == "espeak-ng found no voices in /nowhere\n"
