"""What the environment says: one frozen value, and the only reader of the environment."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_dir
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, model_validator

from switchhook.domain.errors import InvalidInput
from switchhook.domain.values import Frozen

PREFIX = "SWITCHHOOK_"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


def _listed(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip().upper() for part in value.split(",") if part.strip())


def _named(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))


def _absolute(value: object) -> object:
    return Path(value).expanduser().absolute() if isinstance(value, str) else value


def _web_address(value: object) -> object:
    if not isinstance(value, str):
        return value
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise ValueError("it should be a whole address such as https://calls.example.com")
    return value.rstrip("/")


Lowered = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
WebAddress = Annotated[str, BeforeValidator(_web_address)]


def _default_data() -> Path:
    return Path(user_data_dir("switchhook", appauthor=False))


class Settings(Frozen):
    """Everything that can be set from outside; each member is SWITCHHOOK_ and its name."""

    data: Annotated[Path, BeforeValidator(_absolute)] = Field(
        default_factory=_default_data,
        description="where the database, recordings and keys' hashes live",
    )
    database_url: str = Field(
        default="", repr=False, description="SQLite in the data directory, or a PostgreSQL address"
    )
    host: str = Field(default="127.0.0.1", description="the address that `serve` listens on")
    port: int = Field(default=8080, ge=0, le=65535, description="the port that `serve` listens on")
    public_url: WebAddress | None = Field(
        default=None, description="the address under which others reach `serve`"
    )
    api_key: str | None = Field(
        default=None, description="for `mcp` who you are; for `serve` the first key to create"
    )
    api_secret: SecretStr | None = Field(
        default=None, description="the secret that belongs to the key"
    )
    url: WebAddress | None = Field(
        default=None,
        description="a Switchhook server that `mcp` and `call` use instead of one here",
    )
    carrier: Annotated[Literal["loopback", "twilio", "twilio-fake"] | None, Lowered] = Field(
        default=None,
        description="who dials: twilio where its account is set, else the loopback line;"
        " twilio-fake speaks Twilio's protocols and dials nobody",
    )
    twilio_account_sid: str | None = Field(
        default=None, pattern=r"^AC[0-9a-f]{32}$", description="the account that real calls cost"
    )
    twilio_auth_token: SecretStr | None = Field(
        default=None, description="the account's token, which also signs its callbacks"
    )
    twilio_api_key: str | None = Field(
        default=None,
        pattern=r"^SK[0-9a-f]{32}$",
        description="a key of the account that asks in place of the token, which still proves"
        " who calls back",
    )
    twilio_api_secret: SecretStr | None = Field(
        default=None, description="the secret that belongs to the key at Twilio"
    )
    twilio_from: str | None = Field(
        default=None,
        pattern=r"^\+[1-9]\d{6,14}$",
        description="the account's number that calls come from, such as +14155552671",
    )
    twilio_media: Annotated[Literal["stream", "relay"], Lowered] = Field(
        default="stream",
        description="what passes between Twilio and this server: stream is the audio, relay the"
        " words, which Twilio then hears and speaks itself",
    )
    twilio_keep_recordings: bool = Field(
        default=True,
        description="whether Twilio keeps what it recorded once the recording is here, too",
    )
    confirm: Annotated[Literal["always", "real-calls", "never"], Lowered] = Field(
        default="real-calls", description="when a person has to agree before a call is placed"
    )
    allowed_regions: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = Field(
        default=None, description="regions that may be called, such as US,CA,DE"
    )
    calls_enabled: bool = Field(default=True, description="the kill switch: false refuses calls")
    drain_seconds: float = Field(
        default=300.0, ge=0, le=86_400, description="how long live calls may go on after SIGTERM"
    )
    loopback_speed: float = Field(
        default=1.0, gt=0, le=1000, description="how much faster than life the loopback line runs"
    )
    openai_api_key: SecretStr | None = Field(
        default=None, description="the key to OpenAI, which thinks, hears and speaks"
    )
    openai_base_url: WebAddress | None = Field(
        default=None,
        description="a server that speaks like OpenAI, such as http://127.0.0.1:11434/v1; it may"
        " need no key",
    )
    openai_api: Annotated[Literal["chat", "whole"], Lowered] = Field(
        default="chat",
        description="what is behind the base URL: a server of chat completions, which thinks only,"
        " or the whole of OpenAI",
    )
    openai_model: str | None = Field(
        default=None, max_length=200, description="which model thinks where an agent names none"
    )
    deepgram_api_key: SecretStr | None = Field(
        default=None, description="the key to Deepgram, which hears and speaks"
    )
    deepgram_base_url: WebAddress | None = Field(
        default=None, description="where Deepgram is, if not at its own address"
    )
    elevenlabs_api_key: SecretStr | None = Field(
        default=None, description="the key to ElevenLabs, which speaks"
    )
    elevenlabs_base_url: WebAddress | None = Field(
        default=None, description="where ElevenLabs is, if not at its own address"
    )
    cartesia_api_key: SecretStr | None = Field(
        default=None, description="the key to Cartesia, which speaks"
    )
    cartesia_base_url: WebAddress | None = Field(
        default=None, description="where Cartesia is, if not at its own address"
    )
    ears: Annotated[Literal["auto", "text", "offline", "deepgram", "openai"], Lowered] = Field(
        default="auto",
        description="who hears for agents that name nobody: a vendor, offline (answers by a"
        " grammar) or text (words that ride on simulated audio); auto takes text where calls are"
        " simulated, and elsewhere the first vendor with a key",
    )
    voice: Annotated[
        Literal["auto", "offline", "elevenlabs", "cartesia", "deepgram", "openai"], Lowered
    ] = Field(
        default="auto",
        description="who speaks for agents that name nobody; auto takes the first vendor with a"
        " key, and offline where there is none",
    )
    detector: Annotated[Literal["auto", "built-in", "silero"], Lowered] = Field(
        default="auto",
        description="what hears that somebody speaks: auto takes silero for real telephones where"
        " it is installed; a loopback line is clean, and may run faster than a model can follow",
    )
    toolsets: Annotated[tuple[Literal["numbers"], ...], BeforeValidator(_named)] = Field(
        default=(), description="tools that assistants get besides: numbers"
    )
    signing_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="what the secrets of agents' requests are derived from, the same on every"
        " node; else a file in the data directory",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Lowered] = Field(
        default="info", description="what is logged on stderr"
    )

    @model_validator(mode="after")
    def _key_and_secret_belong_together(self) -> Settings:
        if (self.api_key is None) != (self.api_secret is None):
            missing = "API_SECRET" if self.api_secret is None else "API_KEY"
            raise ValueError(f"{PREFIX}{missing} is missing: a key and its secret go together")
        return self

    @model_validator(mode="after")
    def _whoever_is_named_can_be_asked(self) -> Settings:
        for member in ("ears", "voice"):
            vendor = getattr(self, member)
            if f"{vendor}_api_key" in type(self).model_fields and vendor not in self.vendor_keys:
                missing = variable(f"{vendor}_api_key")
                raise ValueError(f"{missing} is missing, and {variable(member)} is {vendor}")
            if vendor == "openai" and self.openai_only_chats:
                raise ValueError(
                    f"{variable(member)} is openai, and what is behind"
                    f" {variable('openai_base_url')} only chats"
                )
        if self.openai_base_url and self.openai_api == "chat" and not self.openai_model:
            raise ValueError(
                f"{variable('openai_model')} is missing: what is behind"
                f" {variable('openai_base_url')} has names of its own for its models"
            )
        return self

    @model_validator(mode="after")
    def _twilio_is_set_up_as_a_whole(self) -> Settings:
        wanted = self.carrier == "twilio"
        whole = {
            "twilio_account_sid": self.twilio_account_sid,
            "twilio_auth_token": self.twilio_auth_token,
            "twilio_from": self.twilio_from,
        }
        absent = [variable(name) for name, value in whole.items() if value is None]
        if absent and (wanted or len(absent) < len(whole)):
            raise ValueError(f"{', '.join(absent)} is missing: without it Twilio cannot dial")
        if self.dials_by != "loopback" and self.loopback_speed != 1.0:
            raise ValueError(f"{variable('loopback_speed')} must be 1 for calls by {self.dials_by}")
        if self.dials_by != "twilio":
            return self
        if not (self.public_url or "").startswith("https://"):
            raise ValueError(
                f"{variable('public_url')} must be an https address for calls by Twilio, which"
                " tells this server of every call there and connects the audio"
            )
        return self

    @model_validator(mode="after")
    def _a_key_at_twilio_has_its_secret(self) -> Settings:
        if (self.twilio_api_key is None) != (self.twilio_api_secret is None):
            name = "twilio_api_secret" if self.twilio_api_secret is None else "twilio_api_key"
            raise ValueError(f"{variable(name)} is missing: a key and its secret go together")
        return self

    @property
    def vendor_keys(self) -> dict[str, str]:
        """Our keys, under the names of the vendors; a server that needs none has an empty one."""
        given = {
            "openai": self.openai_api_key,
            "deepgram": self.deepgram_api_key,
            "elevenlabs": self.elevenlabs_api_key,
            "cartesia": self.cartesia_api_key,
        }
        keys = {vendor: key.get_secret_value() for vendor, key in given.items() if key}
        return {"openai": ""} | keys if self.openai_only_chats else keys

    @property
    def base_urls(self) -> dict[str, str]:
        """Where vendors are that are not at their own addresses."""
        given = {
            "openai": self.openai_base_url,
            "deepgram": self.deepgram_base_url,
            "elevenlabs": self.elevenlabs_base_url,
            "cartesia": self.cartesia_base_url,
        }
        return {vendor: url for vendor, url in given.items() if url}

    @property
    def openai_only_chats(self) -> bool:
        """Whether it is not OpenAI itself that thinks, but a server that speaks like it."""
        return self.openai_base_url is not None and self.openai_api == "chat"

    @property
    def dials_by(self) -> str:
        """The name of the carrier of calls that ask for no other."""
        return self.carrier or ("twilio" if self.twilio_account_sid else "loopback")

    @property
    def database(self) -> str:
        """The address of the store."""
        return self.database_url or f"sqlite:///{(self.data / 'switchhook.db').as_posix()}"

    @property
    def recordings(self) -> Path:
        """The folder of the recordings."""
        return self.data / "recordings"

    @property
    def pair(self) -> tuple[str, str] | None:
        """The key and its secret, where both are set."""
        if self.api_key is None or self.api_secret is None:
            return None
        return self.api_key, self.api_secret.get_secret_value()

    @property
    def twilio_login(self) -> tuple[str, str] | None:
        """The account's own key and its secret, where Twilio is asked with these."""
        if self.twilio_api_key is None or self.twilio_api_secret is None:
            return None
        return self.twilio_api_key, self.twilio_api_secret.get_secret_value()

    @property
    def listens_locally(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK_HOSTS


def read_settings(environment: Mapping[str, str] | None = None, **named: str | None) -> Settings:
    """Return what the environment says, or name the variable that makes no sense.

    A member that is named here counts instead of what the environment says.
    """
    source = os.environ if environment is None else environment  # noqa: TID251 - the one reader
    given = {
        name: value for name, value in source.items() if name.startswith(PREFIX) and value.strip()
    }
    for name in given:
        if name.removeprefix(PREFIX).lower() not in Settings.model_fields:
            raise _unknown(name)
    given |= {variable(name): value for name, value in named.items() if value is not None}
    try:
        return Settings.model_validate(
            {name.removeprefix(PREFIX).lower(): value.strip() for name, value in given.items()}
        )
    except ValidationError as wrong:
        raise _explained(wrong) from None


def variable(member: str) -> str:
    """Return the name of the variable that sets a member."""
    return PREFIX + member.upper()


def _unknown(name: str) -> InvalidInput:
    members = list(Settings.model_fields)
    near = difflib.get_close_matches(name.removeprefix(PREFIX).lower(), members, n=1)
    known = ", ".join(variable(member) for member in members)
    hint = f"did you mean {variable(near[0])}?" if near else f"known are {known}"
    return InvalidInput(f"{name} is not a setting of switchhook", field=name, hint=hint)


def _explained(wrong: ValidationError) -> InvalidInput:
    # The value itself is left out: it may be a secret that went into the wrong variable.
    first = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    problem = first["msg"].removeprefix("Value error, ")
    problem = problem[0].lower() + problem[1:] if problem[1:2].islower() else problem
    if not first["loc"]:
        return InvalidInput(problem, hint="set all that belongs together, or nothing of it")
    name = variable(str(first["loc"][0]))
    return InvalidInput(
        f"{name} cannot be used: {problem}",
        field=name,
        hint=f"it is {Settings.model_fields[str(first['loc'][0])].description}",
    )
