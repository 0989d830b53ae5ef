"""In which order vendors are asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from switchhook.choosing import chain
from switchhook.domain.agent import AgentSpec, Ears, Mind, Voice
from tests.vendors import settings_of

ALL = {
    f"{name}_API_KEY": "key-of-ours" for name in ("OPENAI", "DEEPGRAM", "ELEVENLABS", "CARTESIA")
}
LOCAL = {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1", "OPENAI_MODEL": "llama"}


def chosen(
    folder: Path, given: dict[str, str], *own: str, simulated: bool = False, **spec: Any
) -> tuple[str, str, str]:
    found = chain(settings_of(folder, given), AgentSpec(**spec), own, simulated=simulated)
    return " ".join(found.ears), " ".join(found.voices), " ".join(found.minds)


@pytest.mark.parametrize(
    ("given", "spec", "ears", "voices"),
    [
        ({}, {}, "offline", "offline"),
        (ALL, {}, "deepgram openai offline", "elevenlabs cartesia deepgram openai offline"),
        (ALL | {"EARS": "openai", "VOICE": "offline"}, {}, "openai deepgram offline", "offline"),
        (
            ALL | {"EARS": "offline"},
            {"ears": Ears(provider=" OpenAI "), "voice": Voice(provider="Deepgram")},
            "openai deepgram offline",
            "deepgram elevenlabs cartesia openai offline",
        ),
        (ALL, {"voice": Voice(provider="espeak-ng")}, "deepgram openai offline", "offline"),
        (LOCAL, {}, "offline", "offline"),
    ],
)
def test_the_agent_is_asked_first_then_the_settings_then_the_keys(
    given: dict[str, str], spec: dict[str, Any], ears: str, voices: str, tmp_path: Path
) -> None:
    assert chosen(tmp_path, given, **spec)[:2] == (ears, voices)


def test_a_simulated_line_is_read_unless_ears_are_named(tmp_path: Path) -> None:
    ears = Ears(provider="openai")

    assert chosen(tmp_path, ALL, simulated=True)[0] == "text"
    assert chosen(tmp_path, ALL, simulated=True, ears=ears)[0] == "openai deepgram text"
    assert chosen(tmp_path, ALL | {"EARS": "offline"}, simulated=True)[0] == "offline"


def test_nobody_reads_on_a_real_telephone_where_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert chosen(tmp_path, {"EARS": "text"})[0] == "offline"
    assert chosen(tmp_path, ALL | {"EARS": "text"})[0] == "deepgram openai offline"
    assert chosen(tmp_path, ALL | {"EARS": "text"}, simulated=True)[0] == "text"


@pytest.mark.parametrize(
    ("kind", "minds"),
    [("auto", "openai"), ("model", "openai"), ("duplex", "openai"), ("interview", "")],
)
def test_who_follows_rules_needs_no_mind(kind: Any, minds: str, tmp_path: Path) -> None:
    assert chosen(tmp_path, LOCAL, mind=Mind(kind=kind))[2] == minds
    assert chosen(tmp_path, {}, mind=Mind(kind=kind))[2] == ""


def test_a_key_of_the_accounts_own_counts_as_ours_do(tmp_path: Path) -> None:
    everything = chosen(tmp_path, LOCAL, "openai", "cartesia")

    assert everything == ("openai offline", "cartesia openai offline", "openai")


def test_whoever_lost_the_key_since_the_agent_was_made_is_passed_over(tmp_path: Path) -> None:
    agent: dict[str, Any] = {
        "voice": Voice(provider="elevenlabs"),
        "ears": Ears(provider="deepgram"),
    }

    assert chosen(tmp_path, {}, **agent)[:2] == ("offline", "offline")
