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
    ears: Annotated[Literal["text", "offline"], Lowered] = Field(
        default="text",
        description="how the loopback line is heard: text reads the words that ride on the audio,"
        " offline recognises answers by a grammar",
    )
    detector: Annotated[Literal["auto", "built-in", "silero"], Lowered] = Field(
        default="auto",
        description="what hears that somebody speaks: auto takes silero for real telephones where"
        " it is installed; a loopback line is clean, and may run faster than a model can follow",
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


def read_settings(
    environment: Mapping[str, str] | None = None, *, carrier: str | None = None
) -> Settings:
    """Return what the environment says, or name the variable that makes no sense.

    A carrier that is named here dials instead of the one that the environment names.
    """
    source = os.environ if environment is None else environment  # noqa: TID251 - the one reader
    given = {
        name: value for name, value in source.items() if name.startswith(PREFIX) and value.strip()
    }
    for name in given:
        if name.removeprefix(PREFIX).lower() not in Settings.model_fields:
            raise _unknown(name)
    if carrier is not None:
        given[variable("carrier")] = carrier
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
