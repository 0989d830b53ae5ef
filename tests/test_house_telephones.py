from __future__ import annotations

from pathlib import Path

import pytest

from switchhook.commands import doctor
from switchhook.domain.errors import Unavailable, UnsupportedParameter
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.settings import Settings, read_settings
from switchhook.telephones import (
    Incoming,
    Telephones,
    check_telephony,
    incoming_at_twilio,
    telephones_of,
    text_ears,
)
from switchhook.testing import a_call, run_virtually, virtual_clock
from switchhook.testing.twilio import NUMBER, FakeTwilio

REAL = {
    "SWITCHHOOK_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "SWITCHHOOK_TWILIO_AUTH_TOKEN": "hush",
    "SWITCHHOOK_TWILIO_FROM": NUMBER,
    "SWITCHHOOK_PUBLIC_URL": "https://calls.example.com",
}
OURS = "https://calls.example.com/carriers/twilio/voice"


def test_without_an_account_there_is_the_loopback_line_only(tmp_path: Path) -> None:
    async def main() -> None:
        settings = read_settings({"SWITCHHOOK_DATA": str(tmp_path)})
        async with telephones_of(settings, virtual_clock(), "http://127.0.0.1:1") as telephones:
            assert telephones.carrier is None
            assert telephones.routes == ()

    run_virtually(main)


def test_a_real_carrier_dials_real_telephones() -> None:
    async def main() -> None:
        async with telephones_of(read_settings(REAL), virtual_clock(), "http://x") as telephones:
            carrier = telephones.carrier
            assert carrier is not None
            assert (carrier.name, carrier.simulated) == ("twilio", False)
            assert list(telephones.books) == ["twilio"]
            assert {getattr(route, "path", "") for route in telephones.routes} == {
                "/carriers/twilio/media/{token}",
                "/carriers/twilio/relay/{token}",
                "/carriers/twilio/music.wav",
                "/carriers/twilio/voice",
                "/carriers/twilio/voice/ended",
                "/carriers/twilio/{token}/status",
                "/carriers/twilio/{token}/detected",
                "/carriers/twilio/{token}/stream",
                "/carriers/twilio/{token}/recording",
                "/carriers/twilio/{token}/relayed",
                "/carriers/twilio/{token}/message",
            }
            assert text_ears(carrier).name == "text"

    run_virtually(main)


def test_a_carrier_that_hears_and_speaks_for_us_needs_no_ears() -> None:
    async def main() -> None:
        relay = REAL | {"SWITCHHOOK_TWILIO_MEDIA": "relay"}
        async with telephones_of(read_settings(relay), virtual_clock(), "http://x") as telephones:
            assert telephones.carrier is not None
            streamed = CallOptions(telephony_params={"media": "stream"})
            assert telephones.talks(dialled("twilio"))
            assert not telephones.talks(dialled("twilio", streamed))
            assert not telephones.talks(dialled("loopback"))
            assert not Telephones().talks(dialled("twilio"))

    run_virtually(main)


def dialled(carrier: str, options: CallOptions | None = None) -> Interaction:
    """Return the record of a call by this carrier."""
    return a_call(options=options).model_copy(update={"carrier": carrier})


def test_the_account_is_asked_whether_it_has_the_number() -> None:
    async def main() -> None:
        async with FakeTwilio().open() as fake:
            known = REAL | {
                "SWITCHHOOK_TWILIO_ACCOUNT_SID": fake.account_sid,
                "SWITCHHOOK_TWILIO_AUTH_TOKEN": fake.auth_token,
            }
            another = known | {"SWITCHHOOK_TWILIO_FROM": "+14155550100"}
            stranger = known | {"SWITCHHOOK_TWILIO_AUTH_TOKEN": "guess"}
            name, secret = fake.login
            keyed = stranger | {
                "SWITCHHOOK_TWILIO_API_KEY": name,
                "SWITCHHOOK_TWILIO_API_SECRET": secret,
            }
            assert await incoming_at_twilio(read_settings(keyed), fake.base)
            assert await incoming_at_twilio(read_settings(known), fake.base)
            assert await incoming_at_twilio(read_settings(another), fake.base) is None
            with pytest.raises(Unavailable, match="401"):
                await incoming_at_twilio(read_settings(stranger), fake.base)

    run_virtually(main)


@pytest.mark.parametrize(
    ("settings", "works", "said"),
    [
        ({"voice_url": OURS}, True, f"calls to {NUMBER} come to this server"),
        ({"voice_url": "https://demo.example/"}, False, "go to https://demo.example/, not"),
        ({}, False, "go to nobody, not"),
        ({"voice_url": OURS, "voice_application_sid": "AP1"}, False, "go to AP1, not"),
        ({"voice_url": OURS, "trunk_sid": "TK1"}, False, "go to TK1, not"),
    ],
)
def test_the_doctor_says_whether_who_calls_the_number_comes_here(
    settings: dict[str, str],
    works: bool,  # noqa: FBT001 - a case
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def asked() -> Incoming | None:
        async with FakeTwilio().open() as fake:
            fake.ledger.numbers[NUMBER].update(settings)
            account = {
                "SWITCHHOOK_TWILIO_ACCOUNT_SID": fake.account_sid,
                "SWITCHHOOK_TWILIO_AUTH_TOKEN": fake.auth_token,
            }
            return await incoming_at_twilio(read_settings(REAL | account), fake.base)

    incoming = run_virtually(asked)

    async def known(_settings: Settings) -> Incoming | None:
        return incoming

    monkeypatch.setattr(doctor, "incoming_at_twilio", known)
    here = read_settings(REAL | {"SWITCHHOOK_DATA": str(tmp_path)})
    nowhere = here.model_copy(update={"public_url": "http://127.0.0.1:9"})
    found = {finding.name: finding for finding in doctor.examine(nowhere)}["incoming calls"]

    assert found.works is works
    assert said in found.says
    assert (OURS in found.fix) is not works


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Incoming(OURS, OURS), "Twilio, calling from"),
        (None, "does not have the number"),
        (Unavailable("the account cannot be used", hint="mend it"), "cannot be used"),
    ],
)
def test_the_doctor_says_whether_the_account_can_be_used(
    answer: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def incoming(_settings: Settings) -> object:
        if isinstance(answer, Unavailable):
            raise answer
        return answer

    monkeypatch.setattr(doctor, "incoming_at_twilio", incoming)
    settings = read_settings(REAL | {"SWITCHHOOK_DATA": str(tmp_path)})
    nowhere = settings.model_copy(update={"public_url": "http://127.0.0.1:9"})
    found = {finding.name: finding for finding in doctor.examine(nowhere)}

    assert said in found["real carrier"].says
    assert found["real carrier"].works is isinstance(answer, Incoming)
    assert "does not lead" in found["public URL"].says


def test_only_what_the_carrier_knows_can_be_asked_of_it() -> None:
    check_telephony("twilio", {"Timeout": "30"})
    with pytest.raises(UnsupportedParameter):
        check_telephony("twilio", {"Url": "https://elsewhere.example"})
    with pytest.raises(UnsupportedParameter, match="loopback"):
        check_telephony("loopback", {"Timeout": "30"})
