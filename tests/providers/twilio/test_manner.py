"""How Twilio is asked to hear and speak for an agent."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from switchhook.domain.agent import AgentSpec, Ears, TurnSettings, Voice
from switchhook.providers.twilio import documents
from switchhook.testing.twilio.relay_contract import complaint

VOICE = "JBFqnCBsd6RMkjVDRZzb"


def attributes(spec: AgentSpec) -> dict[str, str]:
    """Return what the document asks for, which is nothing that is not published."""
    document = documents.relay("wss://a.example/r", "T", spec, "https://a.example/over")
    (noun,) = ElementTree.fromstring(document).iter("ConversationRelay")
    assert complaint(noun.attrib) == ""
    return dict(noun.attrib)


def asked(**settings: Any) -> dict[str, str]:
    return attributes(AgentSpec(**settings))


def test_an_agent_without_wishes_hears_all_and_leaves_its_voice_to_twilio() -> None:
    assert asked() == {
        "url": "wss://a.example/r",
        "language": "en-US",
        "dtmfDetection": "true",
        "reportInputDuringAgentSpeech": "any",
        "events": "speaker-events",
        "transcriptionProvider": "Deepgram",
        "interruptible": "speech",
        "interruptSensitivity": "medium",
        "ignoreBackchannel": "true",
    }


@pytest.mark.parametrize(
    ("turns", "interruptible"),
    [
        (TurnSettings(), "speech"),
        (TurnSettings(interrupt_on_digits=True), "any"),
        (TurnSettings(interruption_mode="off", interrupt_on_digits=True), "none"),
    ],
)
def test_what_interrupts_the_agent_interrupts_its_words(
    turns: TurnSettings, interruptible: str
) -> None:
    assert asked(turns=turns)["interruptible"] == interruptible


def test_an_agent_that_falls_silent_at_any_sound_does_so_at_an_uh_huh() -> None:
    turns = TurnSettings(interruption_mode="immediate", interrupt_sensitivity="high")

    assert asked(turns=turns)["ignoreBackchannel"] == "false"
    assert asked(turns=turns)["interruptSensitivity"] == "high"


@pytest.mark.parametrize(
    ("voice", "name"),
    [
        (Voice(provider="elevenlabs", name=VOICE), VOICE),
        (Voice(provider="ElevenLabs", name=VOICE, model="eleven_flash_v2"), f"{VOICE}-flash_v2"),
        (Voice(provider="elevenlabs", name=VOICE, model="eleven_v3"), VOICE),
    ],
)
def test_a_voice_that_twilio_has_speaks(voice: Voice, name: str) -> None:
    assert (asked(voice=voice)["ttsProvider"], asked(voice=voice)["voice"]) == ("ElevenLabs", name)


@pytest.mark.parametrize(
    "voice",
    [
        Voice(provider="cartesia", name=VOICE),
        Voice(provider="elevenlabs"),
        Voice(provider="elevenlabs", name="Rachel"),
    ],
)
def test_any_other_voice_is_left_out_for_with_its_name_the_call_would_end(voice: Voice) -> None:
    assert not {"voice", "ttsProvider"} & asked(voice=voice).keys()


def test_a_model_is_asked_for_by_the_name_that_twilio_has_for_it() -> None:
    assert asked(ears=Ears(model="nova-3"))["speechModel"] == "nova-3-general"
    assert asked(ears=Ears(model="flux-general-en"))["speechModel"] == "flux"
    assert "speechModel" not in asked(ears=Ears(model="gpt-4o-transcribe"))


def test_names_to_listen_for_go_along_as_far_as_there_is_room() -> None:
    assert asked(ears=Ears(keywords=("Rosa", "Via Appia, 7")))["hints"] == "Rosa,Via Appia  7"
    many = asked(ears=Ears(keywords=tuple(f"{n:0100}" for n in range(50))))["hints"]
    assert [len(hint) for hint in many.split(",")] == [100] * 9


def test_every_language_has_a_locale() -> None:
    for language in ("en", "es", "de", "hi", "pt", "fr", "nl", "id", "it", "ja", "ko"):
        assert asked(language=language)["language"].startswith(f"{language}-")
