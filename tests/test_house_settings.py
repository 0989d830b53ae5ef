from __future__ import annotations

from pathlib import Path

import pytest

from switchhook.domain.errors import InvalidInput
from switchhook.settings import Settings, read_settings, variable

ACCOUNT = "AC" + "0" * 32
KEY = "SK" + "0" * 32
TWILIO = {
    "SWITCHHOOK_TWILIO_ACCOUNT_SID": ACCOUNT,
    "SWITCHHOOK_TWILIO_AUTH_TOKEN": "hush",
    "SWITCHHOOK_TWILIO_FROM": "+14155552671",
    "SWITCHHOOK_PUBLIC_URL": "https://calls.example.com",
}


def test_twilio_dials_where_its_account_is_set() -> None:
    assert read_settings({}).dials_by == "loopback"
    assert read_settings(TWILIO).dials_by == "twilio"
    assert read_settings(TWILIO, carrier="twilio-fake").dials_by == "twilio-fake"
    assert "hush" not in repr(read_settings(TWILIO))


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("SWITCHHOOK_TWILIO_AUTH_TOKEN", "AUTH_TOKEN is missing"),
        ("SWITCHHOOK_TWILIO_FROM", "FROM is missing"),
        ("SWITCHHOOK_PUBLIC_URL", "must be an https address"),
    ],
)
def test_twilio_is_set_up_as_a_whole_or_not_at_all(without: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_settings({name: value for name, value in TWILIO.items() if name != without})


def test_a_real_telephone_is_not_faster_than_life() -> None:
    with pytest.raises(InvalidInput, match="LOOPBACK_SPEED must be 1"):
        read_settings(TWILIO | {"SWITCHHOOK_LOOPBACK_SPEED": "2"})


def test_twilio_cannot_be_chosen_without_an_account() -> None:
    with pytest.raises(InvalidInput, match="TWILIO_ACCOUNT_SID"):
        read_settings({}, carrier="twilio")


def test_an_empty_environment_means_a_local_server_with_sqlite_in_the_data_directory() -> None:
    settings = read_settings({"PATH": "/bin"})

    assert (settings.host, settings.port, settings.confirm) == ("127.0.0.1", 8080, "real-calls")
    assert settings.database == f"sqlite:///{(settings.data / 'switchhook.db').as_posix()}"
    assert settings.recordings == settings.data / "recordings"
    assert settings.pair is None
    assert settings.listens_locally


SECRETS = {
    "api_secret",
    "cartesia_api_key",
    "deepgram_api_key",
    "elevenlabs_api_key",
    "openai_api_key",
    "signing_key",
    "twilio_api_secret",
    "twilio_auth_token",
}


EVERYTHING = {
    "SWITCHHOOK_DATABASE_URL": "postgresql://db.example/calls",
    "SWITCHHOOK_HOST": "0.0.0.0",
    "SWITCHHOOK_PORT": "9000",
    "SWITCHHOOK_PUBLIC_URL": "https://calls.example.com/",
    "SWITCHHOOK_API_KEY": "key",
    "SWITCHHOOK_API_SECRET": "secret",
    "SWITCHHOOK_URL": "https://team.example.com",
    "SWITCHHOOK_CONFIRM": "ALWAYS",
    "SWITCHHOOK_ALLOWED_REGIONS": "us, de",
    "SWITCHHOOK_CALLS_ENABLED": "false",
    "SWITCHHOOK_DRAIN_SECONDS": "5",
    "SWITCHHOOK_LOOPBACK_SPEED": "50",
    "SWITCHHOOK_LOG_LEVEL": "Debug",
    "SWITCHHOOK_EARS": "Offline",
    "SWITCHHOOK_VOICE": "Cartesia",
    "SWITCHHOOK_OPENAI_API_KEY": "sk-hush",
    "SWITCHHOOK_OPENAI_BASE_URL": "http://127.0.0.1:11434/v1/",
    "SWITCHHOOK_OPENAI_API": "Whole",
    "SWITCHHOOK_OPENAI_MODEL": "llama",
    "SWITCHHOOK_DEEPGRAM_API_KEY": "dg-hush",
    "SWITCHHOOK_DEEPGRAM_BASE_URL": "https://deepgram.example.com",
    "SWITCHHOOK_ELEVENLABS_API_KEY": "xi-hush",
    "SWITCHHOOK_ELEVENLABS_BASE_URL": "https://elevenlabs.example.com",
    "SWITCHHOOK_CARTESIA_API_KEY": "ca-hush",
    "SWITCHHOOK_CARTESIA_BASE_URL": "https://cartesia.example.com",
    "SWITCHHOOK_DETECTOR": "Silero",
    "SWITCHHOOK_SIGNING_KEY": "a key that is long enough to be one",
    "SWITCHHOOK_CARRIER": "Loopback",
    "SWITCHHOOK_TWILIO_ACCOUNT_SID": ACCOUNT,
    "SWITCHHOOK_TWILIO_AUTH_TOKEN": "hush",
    "SWITCHHOOK_TWILIO_API_KEY": KEY,
    "SWITCHHOOK_TWILIO_API_SECRET": "whisper",
    "SWITCHHOOK_TWILIO_FROM": "+14155552671",
    "SWITCHHOOK_TWILIO_MEDIA": "Relay",
    "SWITCHHOOK_TWILIO_KEEP_RECORDINGS": "false",
    "SWITCHHOOK_TOOLSETS": "Numbers",
}


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = read_settings(EVERYTHING | {"SWITCHHOOK_DATA": str(tmp_path)})

    assert settings.model_dump(exclude=SECRETS) == {
        "ears": "offline",
        "voice": "cartesia",
        "openai_base_url": "http://127.0.0.1:11434/v1",
        "openai_api": "whole",
        "openai_model": "llama",
        "deepgram_base_url": "https://deepgram.example.com",
        "elevenlabs_base_url": "https://elevenlabs.example.com",
        "cartesia_base_url": "https://cartesia.example.com",
        "detector": "silero",
        "toolsets": ("numbers",),
        "carrier": "loopback",
        "twilio_account_sid": ACCOUNT,
        "twilio_api_key": KEY,
        "twilio_from": "+14155552671",
        "twilio_media": "relay",
        "twilio_keep_recordings": False,
        "data": tmp_path,
        "database_url": "postgresql://db.example/calls",
        "host": "0.0.0.0",
        "port": 9000,
        "public_url": "https://calls.example.com",
        "api_key": "key",
        "url": "https://team.example.com",
        "confirm": "always",
        "allowed_regions": ("US", "DE"),
        "calls_enabled": False,
        "drain_seconds": 5.0,
        "loopback_speed": 50.0,
        "log_level": "debug",
    }
    assert settings.vendor_keys == {
        "openai": "sk-hush",
        "deepgram": "dg-hush",
        "elevenlabs": "xi-hush",
        "cartesia": "ca-hush",
    }
    assert "hush" not in repr(settings)
    assert settings.pair == ("key", "secret")
    assert settings.database == "postgresql://db.example/calls"
    assert not settings.listens_locally


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"EARS": "deepgram"}, "DEEPGRAM_API_KEY is missing, and SWITCHHOOK_EARS is deepgram"),
        ({"VOICE": "openai"}, "OPENAI_API_KEY is missing, and SWITCHHOOK_VOICE is openai"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "OPENAI_MODEL is missing"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "EARS": "openai"}, "only chats"),
    ],
)
def test_whoever_is_named_has_to_be_set_up(given: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_settings({variable(name): value for name, value in given.items()})


def test_a_server_that_speaks_like_openai_needs_no_key() -> None:
    local = {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1", "OPENAI_MODEL": "llama"}

    settings = read_settings({variable(name): value for name, value in local.items()})

    assert settings.vendor_keys == {"openai": ""}
    assert settings.openai_only_chats
    assert not read_settings({"SWITCHHOOK_OPENAI_API_KEY": "sk"}).openai_only_chats


def test_a_variable_that_is_set_to_nothing_counts_as_unset() -> None:
    assert read_settings({"SWITCHHOOK_API_KEY": "", "SWITCHHOOK_PORT": " "}) == read_settings({})


def test_a_home_directory_may_be_abbreviated() -> None:
    assert read_settings({"SWITCHHOOK_DATA": "~/calls"}).data == Path.home() / "calls"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SWITCHHOOK_SIGNING_KEY", "short", "at least 32"),
        ("SWITCHHOOK_DETECTOR", "fine", "'built-in'"),
        ("SWITCHHOOK_PORT", "eighty", "valid integer"),
        ("SWITCHHOOK_PORT", "70000", "less than or equal to 65535"),
        ("SWITCHHOOK_PUBLIC_URL", "calls.example.com", "https://calls.example.com"),
        ("SWITCHHOOK_URL", "https://", "whole address"),
        ("SWITCHHOOK_CONFIRM", "sometimes", "'real-calls'"),
        ("SWITCHHOOK_LOOPBACK_SPEED", "0", "greater than 0"),
        ("SWITCHHOOK_CALLS_ENABLED", "perhaps", "boolean"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_under_its_name(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings({name: value})

    assert refused.value.field == name
    assert name in refused.value.message
    assert said in refused.value.message
    assert refused.value.hint


def test_a_misspelled_variable_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(InvalidInput, match="SWITCHHOOK_API_SECRT") as refused:
        read_settings({"SWITCHHOOK_API_SECRT": "hush"})

    assert refused.value.hint == "did you mean SWITCHHOOK_API_SECRET?"
    assert "hush" not in str(refused.value.facts())


def test_a_variable_like_no_other_is_refused_with_those_that_exist() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings({"SWITCHHOOK_XYZZY": "1"})

    assert "SWITCHHOOK_DATABASE_URL" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("SWITCHHOOK_API_KEY", "SWITCHHOOK_API_SECRET"),
        ("SWITCHHOOK_API_SECRET", "SWITCHHOOK_API_KEY"),
    ],
)
def test_half_a_credential_is_refused_by_the_name_of_the_missing_half(
    given: str, missing: str
) -> None:
    with pytest.raises(InvalidInput, match=f"{missing} is missing") as refused:
        read_settings({given: "half"})

    assert "half" not in str(refused.value.facts())


def test_neither_the_secret_nor_the_database_password_shows_when_settings_are_printed() -> None:
    settings = read_settings(
        {
            "SWITCHHOOK_API_KEY": "key",
            "SWITCHHOOK_API_SECRET": "hush-hush",
            "SWITCHHOOK_DATABASE_URL": "postgresql://me:pass-word@db/calls",
        }
    )

    assert "hush-hush" not in repr(settings)
    assert "pass-word" not in repr(settings)


def test_the_real_environment_is_read_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHHOOK_PORT", "8123")

    assert read_settings().port == 8123


def test_every_setting_says_what_it_is() -> None:
    for name, member in Settings.model_fields.items():
        assert member.description, variable(name)


def test_a_key_at_twilio_and_its_secret_go_together() -> None:
    key = {"SWITCHHOOK_TWILIO_API_KEY": KEY}
    with pytest.raises(InvalidInput, match="TWILIO_API_SECRET is missing"):
        read_settings(TWILIO | key)
    with pytest.raises(InvalidInput, match="TWILIO_API_KEY is missing"):
        read_settings(TWILIO | {"SWITCHHOOK_TWILIO_API_SECRET": "hush"})

    both = read_settings(TWILIO | key | {"SWITCHHOOK_TWILIO_API_SECRET": "whisper"})
    assert both.twilio_login == (KEY, "whisper")
    assert read_settings(TWILIO).twilio_login is None
    assert "whisper" not in repr(both)
