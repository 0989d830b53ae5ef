from __future__ import annotations

from typing import get_args

import pytest

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.testing import run_virtually
from switchhook.testing.cartesia import FakeCartesia
from switchhook.testing.vendors import Visit
from tests.providers.opening import spoken


def opened(language: Language = "en", choice: VoiceChoice | None = None) -> Visit:
    """Return the connection that such a voice makes."""
    fake = FakeCartesia()
    run_virtually(lambda: spoken("cartesia", fake, language, choice))
    return fake.reception.visits[0]


@pytest.mark.parametrize("language", get_args(Language))
def test_every_language_of_ours_is_asked_for_by_its_name(language: Language) -> None:
    assert opened(language).messages[0]["language"] == language


def test_voice_and_model_can_be_chosen() -> None:
    (message,) = opened(choice=VoiceChoice(name="v7", model="sonic-turbo")).messages
    assert message["voice"]["id"] == "v7"
    assert message["model_id"] == "sonic-turbo"


def test_the_key_travels_in_a_header_only() -> None:
    visit = opened()
    assert visit.headers["X-API-Key"] == "sk_car_test"
    assert visit.headers["Cartesia-Version"] == "2026-03-01"
    assert visit.query == {}


def test_a_voice_that_is_not_there_is_a_matter_of_settings() -> None:
    fake = FakeCartesia(missing=frozenset({"nobody"}))
    with pytest.raises(Misconfigured, match="Voice not found"):
        run_virtually(lambda: spoken("cartesia", fake, "en", VoiceChoice(name="nobody")))


def test_an_account_that_is_busy_may_have_time_later() -> None:
    with pytest.raises(Unavailable) as raised:
        run_virtually(lambda: spoken("cartesia", FakeCartesia(contexts=0), "en"))
    assert not isinstance(raised.value, Misconfigured)
