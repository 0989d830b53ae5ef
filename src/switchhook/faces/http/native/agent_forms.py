"""What a client may send about agents and about the rules of an account."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from switchhook.domain.agent import MAX_PROMPT, Effort, Keyword, MindKind, Verbosity
from switchhook.domain.connection import Provider
from switchhook.faces.http.native.members import WHOLE, AnyCase, Limit, Metadata, Page, Reference
from switchhook.faces.http.native.operations import Form

_LANGUAGE = r"^(en|es|de|hi|pt|fr|nl|id|it|ja|ko)(-[A-Za-z0-9]{2,8})?$"


def _not_blank(name: str) -> str:
    stripped = name.strip()
    if not stripped:
        raise ValueError("the name is blank")
    return stripped


AgentName = Annotated[
    str,
    Field(min_length=1, max_length=50, json_schema_extra={"pattern": r"\S"}),
    AfterValidator(_not_blank),
]
Language = Annotated[str, Field(pattern=_LANGUAGE, examples=["en", "en-US"])]
Text = Annotated[str, Field(max_length=MAX_PROMPT)]
Short = Annotated[str, Field(max_length=200)]
Anything = Annotated[list[Any], Field(max_length=100)]
SortOrder = Annotated[Literal["ascending", "descending"], AnyCase()]


class VoiceForm(Form):
    """The voice in short."""

    provider: Short | None = None
    voice_id: Short | None = None


class SpeakingForm(VoiceForm):
    """How the agent sounds."""

    voice_speed: float | None = Field(default=None, ge=0.5, le=2.0)
    language: Language | None = None
    language_name: Short | None = None
    model: Short | None = None


class HearingForm(Form):
    """Who listens for the agent, in which language, and for which words in particular."""

    provider: Short | None = None
    model: Short | None = None
    keywords: list[Keyword] | None = Field(default=None, max_length=100)
    language: Language | None = None
    language_name: Short | None = None
    use_realtime: bool | None = None


class ModelForm(Form):
    """What the agent is told, and who thinks."""

    mind: Annotated[MindKind, AnyCase()] | None = Field(
        default=None, description="'auto' is a language model where one is set up"
    )
    fallback_model: Short | None = None
    reasoning_effort: Annotated[Effort, AnyCase()] | None = None
    verbosity: Annotated[Verbosity, AnyCase()] | None = None
    system_message: Text | None = None
    system_message_variables: list[Short] | None = Field(default=None, max_length=100)
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: Annotated[int, Field(ge=1, le=10**6), WHOLE] | None = None
    tools: Anything | None = None


class AgentMembers(Form):
    """The members of an agent; what is absent or null stays, an empty greeting is no greeting.

    `begin_message` and `first_message` are two names of one thing, so only one may be given;
    `tts_config` is followed where it contradicts `voice`. Members that change nothing here yet are
    kept and echoed, and named in `warnings`.
    """

    model_config = ConfigDict(
        json_schema_extra={"not": {"required": ["begin_message", "first_message"]}}
    )

    begin_message: Annotated[str, Field(max_length=4096)] | None = None
    first_message: Annotated[str, Field(max_length=4096)] | None = None
    language: Language | None = None
    voice: VoiceForm | None = None
    llm_config: ModelForm | None = None
    stt_config: HearingForm | None = None
    tts_config: SpeakingForm | None = None
    test_variables: dict[str, str] | None = Field(default=None, max_length=50)
    end_call_after_silence_ms: Annotated[int, Field(ge=2_000, le=120_000), WHOLE] | None = None
    max_call_duration_ms: Annotated[int, Field(ge=10_000, le=3_600_000), WHOLE] | None = None
    result_schema: dict[str, Any] | None = Field(
        default=None, description="A JSON Schema of an object: what the agent should find out"
    )
    record: bool | None = None
    connections: dict[Provider, Reference] | None = Field(
        default=None, description="Connections of the account, by the vendors they are to"
    )
    begin_message_variables: list[Short] | None = Field(default=None, max_length=100)
    begin_message_delay_ms: Annotated[int, Field(ge=0, le=60_000), WHOLE] | None = None
    webhook_url: Annotated[str, Field(max_length=2000)] | None = None
    post_call_webhook_id: Short | None = None
    take_turn_after_silence_seconds: float | None = Field(default=None, ge=0, le=60)
    timezone: Short | None = None
    knowledge_base_ids: list[Short] | None = Field(default=None, max_length=100)
    mcp_server_ids: list[Short] | None = Field(default=None, max_length=100)
    rag_config: dict[str, Any] | None = None
    model: Short | None = None
    transcription_model: Short | None = None
    post_call_analysis_data: Anything | None = None
    post_call_analysis_model: Short | None = None
    post_call_evaluation_criteria: Anything | None = None
    widget_config: dict[str, Any] | None = None
    additional_languages: list[Short] | None = Field(default=None, max_length=20)
    access_info: dict[str, Any] | None = None
    metadata: Metadata | None = None

    @model_validator(mode="after")
    def _one_greeting(self) -> Self:
        if self.model_fields_set >= {"begin_message", "first_message"}:
            raise ValueError("begin_message and first_message are one thing; send one of them")
        return self


class ChangeAgent(AgentMembers):
    """Any members of an agent, to be changed."""

    agent_name: AgentName | None = None


class CreateAgent(AgentMembers):
    """A new agent; its name finds it, so a name that is taken is refused."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {"required": ["begin_message", "first_message"]},
            "examples": [
                {
                    "agent_name": "Table booker",
                    "first_message": "Hello, I would like to book a table.",
                    "llm_config": {"system_message": "Book a table for {{party_size}}."},
                    "language": "en",
                    "voice": {"provider": "auto", "voice_id": "default"},
                }
            ],
        }
    )

    agent_name: AgentName


class DuplicateAgent(Form):
    """What the copy is called; without a name it is made from the agent's."""

    agent_name: AgentName | None = None


class ListAgents(Form):
    """Which page of the agents, in which order."""

    page: Page = 0
    limit: Limit = 20
    sort_by: Annotated[Literal["updated_at", "created_at", "agent_name"], AnyCase()] = "updated_at"
    sort_order: SortOrder = "descending"
