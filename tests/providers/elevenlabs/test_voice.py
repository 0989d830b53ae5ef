from __future__ import annotations

from typing import get_args

import pytest

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured
from switchhook.testing import run_virtually
from switchhook.testing.elevenlabs import FakeElevenLabs
from switchhook.testing.vendors import Visit
from tests.providers.opening import spoken


def opened(language: Language = "en", choice: VoiceChoice | None = None) -> Visit:
    """Return the connection that such a voice makes."""
    fake = FakeElevenLabs()
    run_virtually(lambda: spoken("elevenlabs", fake, language, choice))
    return fake.reception.visits[0]


@pytest.mark.parametrize("language", get_args(Language))
def test_the_default_model_is_told_the_language(language: Language) -> None:
    assert opened(language).query["language_code"] == [language]


def test_a_model_that_hears_the_language_in_the_text_is_not_told() -> None:
    visit = opened("de", VoiceChoice(name="v1", model="eleven_multilingual_v2"))
    assert visit.path == "/v1/text-to-speech/v1/multi-stream-input"
    assert visit.query["model_id"] == ["eleven_multilingual_v2"]
    assert "language_code" not in visit.query


def test_telephone_audio_is_asked_for_with_the_times_of_every_character() -> None:
    query = opened().query
    assert query["output_format"] == ["ulaw_8000"]
    assert query["sync_alignment"] == ["true"]


def test_the_key_travels_in_a_header_only() -> None:
    visit = opened()
    assert visit.headers["xi-api-key"] == "xi-test"
    assert "xi-test" not in f"{visit.path}{visit.query}{visit.received}"


def test_a_name_cannot_leave_its_place_in_the_path() -> None:
    assert opened(choice=VoiceChoice(name="../x?y")).path.count("/") == 4


def test_a_voice_that_is_not_there_is_a_matter_of_settings() -> None:
    fake = FakeElevenLabs(missing=frozenset({"nobody"}))
    with pytest.raises(Misconfigured, match="voice"):
        run_virtually(lambda: spoken("elevenlabs", fake, "en", VoiceChoice(name="nobody")))
