"""Who speaks on our side of the call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from switchhook.domain.actions import Action
from switchhook.domain.values import Frozen

Language = Literal["en", "es", "de", "hi", "pt", "fr", "nl", "id", "it", "ja", "ko"]

MAX_PROMPT = 64 * 1024
MAX_NAME = 80
MAX_MODEL = 200


Keyword = Annotated[str, Field(min_length=1, max_length=100)]


class Prompt(Frozen):
    """What the agent is told, and which variables it cannot do without."""

    content: str = Field(default="", max_length=MAX_PROMPT)
    required_variables: tuple[str, ...] = ()


class Voice(Frozen):
    """How the agent sounds."""

    provider: str = "auto"
    name: str = "default"
    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    model: str | None = Field(default=None, max_length=MAX_MODEL)


class Ears(Frozen):
    """Who listens for the agent, and to which names and words in particular."""

    provider: str = "auto"
    model: str | None = Field(default=None, max_length=MAX_MODEL)
    keywords: tuple[Keyword, ...] = Field(default=(), max_length=100)


Effort = Literal["none", "minimal", "low", "medium", "high"]
Verbosity = Literal["low", "medium", "high"]
Eagerness = Literal["auto", "relaxed", "sensitive"]
MindKind = Literal["auto", "interview", "assistant", "model", "duplex"]


class Mind(Frozen):
    """Who thinks.

    The built-in interview, the assistant itself through `control_call`, a language model, or a
    model that hears and speaks; `auto` is a model where one is set up, and the interview elsewhere.
    """

    kind: MindKind = "auto"
    model: str | None = Field(default=None, max_length=MAX_MODEL)
    temperature: float | None = Field(default=None, ge=0, le=2)
    reasoning_effort: Effort | None = None
    verbosity: Verbosity | None = None
    fallback_model: str | None = Field(default=None, max_length=MAX_MODEL)


class TurnSettings(Frozen):
    """Who has the floor, and what makes it change hands.

    Who is called says hello first: an agent that calls waits for it, but not for long.
    """

    wait_for_hello_secs: float = Field(default=2.0, ge=0, le=10)
    interrupt_sensitivity: Literal["low", "normal", "high"] = "normal"
    interruption_mode: Literal["graded", "immediate", "words", "off"] = "graded"
    interruption_words: int = Field(default=2, ge=1, le=20)
    interrupt_on_digits: bool = False
    endpointing_sensitivity: Eagerness = "auto"
    endpointing_mode: Literal["dynamic", "fixed", "provider"] = "dynamic"
    conversation_speed: float = Field(default=1.0, ge=0.5, le=2.0)
    dynamic_min_wait_secs: float = Field(default=0.2, ge=0, le=3)
    dynamic_max_silence_secs: float = Field(default=3.0, ge=0.5, le=10)
    user_turn_max_secs: float = Field(default=60.0, ge=5, le=600)
    dead_air_secs: float = Field(default=4.0, ge=2, le=30)


class IdleSettings(Frozen):
    """What an agent does about silence; how long it waits is `idle_seconds`."""

    ask_if_human_present_on_idle: bool = True
    max_idle_check_count: int = Field(default=2, ge=0, le=10)
    max_aggregate_idle_check_count: int | None = Field(default=None, ge=0, le=100)
    idle_after_interaction_seconds: float | None = Field(default=None, ge=2, le=120)


class VoicemailSettings(Frozen):
    """What an agent does when a machine answers; without a message it hangs up."""

    on_no_human_answer: Literal["continue", "hangup"] = "continue"
    voicemail_message: str | None = Field(default=None, max_length=4096)


class AgentSpec(Frozen):
    """All that makes an agent what it is; a call keeps a copy that never changes."""

    name: str = Field(default="Assistant", min_length=1, max_length=MAX_NAME)
    prompt: Prompt = Prompt()
    first_message: str | None = Field(default=None, max_length=4096)
    language: Language = "en"
    voice: Voice = Voice()
    mind: Mind = Mind()
    ears: Ears = Ears()
    connections: dict[str, str] = {}
    result_schema: dict[str, Any] | None = None
    variables: dict[str, str] = {}
    actions: tuple[Action, ...] = ()
    max_duration_seconds: int = Field(default=600, ge=10, le=3600)
    idle_seconds: float = Field(default=8.0, ge=2, le=120)
    turns: TurnSettings = TurnSettings()
    idle: IdleSettings = IdleSettings()
    voicemail: VoicemailSettings = VoicemailSettings()
    ivr_navigation_mode: Literal["off", "default"] = "off"
    background_sound: Literal["", "keyboard", "office", "office-2"] = ""
    min_volume: float = Field(default=0.0, ge=0, le=1)
    noise_suppression_level: int = Field(default=0, ge=0, le=100)
    record: bool = False
    extra: dict[str, Any] = {}


class Agent(Frozen):
    """An agent that was stored under a name."""

    id: str
    org_id: str
    version: int = 1
    spec: AgentSpec
    created_at: datetime
    updated_at: datetime


class AgentSnapshot(Frozen):
    """The agent as it was when the call was created."""

    id: str | None = None
    version: int = 0
    spec: AgentSpec
