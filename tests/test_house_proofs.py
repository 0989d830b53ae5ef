"""What the doctor says of the keys to vendors, and of who takes part in calls."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from switchhook.commands import doctor
from switchhook.commands.doctor import Finding, examine
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.services import hearing
from switchhook.settings import Settings
from switchhook.telephones import Incoming
from switchhook.testing import run_virtually
from switchhook.testing.openai import FakeOpenAI
from switchhook.testing.vendors import Mishap
from switchhook.vendors import prove
from tests.vendors import Vendors, settings_of

TODAY = date(2026, 11, 21)
EVERYBODY = ("openai", "deepgram", "elevenlabs", "cartesia")
NOWHERE = "http://127.0.0.1:9"


def proved(vendors: Vendors, vendor: str, folder: Path, **more: str) -> str:
    async def main() -> str:
        async with vendors.serving() as there:
            return await prove(
                settings_of(folder, there | vendors.keys(*EVERYBODY) | more), vendor, TODAY
            )

    return run_virtually(main)


@pytest.mark.parametrize("vendor", EVERYBODY)
def test_a_key_is_proved_by_a_request_that_costs_nothing(vendor: str, tmp_path: Path) -> None:
    vendors = Vendors()

    said = proved(vendors, vendor, tmp_path)

    assert said in ("accepts the key", "offers 1 models")
    assert vendors.openai.requests == []


@pytest.mark.parametrize("vendor", EVERYBODY)
def test_a_key_that_is_not_taken_is_named_by_its_setting_and_not_told(
    vendor: str, tmp_path: Path
) -> None:
    setting = f"{vendor.upper()}_API_KEY"

    with pytest.raises(Misconfigured) as refused:
        proved(Vendors(), vendor, tmp_path, **{setting: "guessed-key"})

    told = f"{refused.value.message} {refused.value.hint}"
    assert setting in told or "API key" in told
    assert "guessed-key" not in told


@pytest.mark.parametrize("vendor", EVERYBODY)
def test_without_a_network_it_is_said_that_the_vendor_cannot_be_reached(
    vendor: str, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        proved(Vendors(), vendor, tmp_path, **{f"{vendor.upper()}_BASE_URL": NOWHERE})


def test_a_key_that_may_only_speak_is_a_good_key(tmp_path: Path) -> None:
    vendors = Vendors()
    vendors.elevenlabs.reception.mishaps.append(Mishap(status=401, detail="missing_permissions"))

    assert proved(vendors, "elevenlabs", tmp_path) == "accepts the key"


def test_a_model_that_ends_soon_is_named_with_its_day(tmp_path: Path) -> None:
    ends = {"gpt-6-luna": "2027-01-14", "gpt-4o-mini-tts": "2027-12-06", "another": "2026-12-01"}

    said = proved(Vendors(openai=FakeOpenAI(models=dict(ends))), "openai", tmp_path)

    assert said == "offers 3 models; gpt-6-luna ends on 2027-01-14"


def found(folder: Path, **given: str) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(settings_of(folder, given))}


def test_the_doctor_shows_the_chains_and_what_the_keys_are_worth(tmp_path: Path) -> None:
    findings = found(
        tmp_path,
        CARTESIA_API_KEY="ca-hush-hush",
        CARTESIA_BASE_URL=NOWHERE,
        OPENAI_BASE_URL=f"{NOWHERE}/v1",
        OPENAI_MODEL="llama",
    )

    voice = findings["voice"].says
    assert voice.startswith("cartesia (SWITCHHOOK_CARTESIA_API_KEY is set), then ")
    assert "; not elevenlabs (SWITCHHOOK_ELEVENLABS_API_KEY is not set), " in voice
    assert findings["mind"].says == (
        "openai (SWITCHHOOK_OPENAI_BASE_URL is set), then interview (needs no key)"
    )
    assert "cannot be reached" in findings["cartesia"].says
    assert not findings["openai"].works
    assert "hush" not in str(findings)


def test_the_doctor_says_what_real_telephones_would_be_heard_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def incoming(_settings: Settings) -> Incoming:
        return Incoming("", "")

    monkeypatch.setattr(doctor, "incoming_at_twilio", incoming)
    real = {
        "PUBLIC_URL": NOWHERE.replace("http", "https"),
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "hush",
        "TWILIO_FROM": "+14155552671",
    }

    read = found(tmp_path, EARS="text", **real)["ears"]
    heard = found(tmp_path, DEEPGRAM_API_KEY="dg-hush", DEEPGRAM_BASE_URL=NOWHERE, **real)["ears"]

    assert not read.works
    assert "would not be heard" in read.says
    assert heard.says.startswith("deepgram (SWITCHHOOK_DEEPGRAM_API_KEY is set)")


def test_a_real_telephone_is_not_dialled_where_nobody_would_hear_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("switchhook.providers.offline.can_hear", lambda: False)

    with hearing(settings_of(tmp_path, {"DEEPGRAM_API_KEY": "dg-hush"}), real=True) as ears:
        assert ears is None
    with hearing(settings_of(tmp_path, {}), real=False) as ears:
        assert ears is None
    nobody = hearing(settings_of(tmp_path, {}), real=True)
    with pytest.raises(Unavailable, match="would not be heard"), nobody:
        pass
