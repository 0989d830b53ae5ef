"""What the API answers about agents and about the rules of an account."""

from __future__ import annotations

from typing import Any, Literal

from switchhook.domain.agent import Effort, MindKind, Verbosity
from switchhook.faces.http.native.shapes import Paged, Shape


class ModelConfig(Shape):
    """What the agent is told, and who thinks."""

    mind: MindKind
    fallback_model: str | None
    reasoning_effort: Effort | None
    verbosity: Verbosity | None
    system_message: str
    system_message_variables: list[str]
    temperature: float | None
    max_tokens: int | None
    tools: list[Any]


class HearingConfig(Shape):
    """Who listens for the agent, in which language, and for which words in particular."""

    provider: str
    model: str | None
    keywords: list[str]
    language: str


class SpeakingConfig(Shape):
    """How the agent sounds."""

    provider: str
    voice_id: str
    voice_speed: float
    language: str
    model: str | None


class VoiceChoice(Shape):
    """The voice in short."""

    provider: str
    voice_id: str


class Agent(Shape):
    """An agent; members that change nothing here yet are echoed and named in `warnings`."""

    agent_id: str
    organization_id: str
    agent_name: str
    version: int
    created_at: str
    updated_at: str
    language: str
    begin_message: str | None
    first_message: str | None
    begin_message_variables: list[str]
    begin_message_delay_ms: int | None
    test_variables: dict[str, str]
    webhook_url: str | None
    post_call_webhook_id: str | None
    end_call_after_silence_ms: int
    max_call_duration_ms: int
    take_turn_after_silence_seconds: float | None
    timezone: str | None
    knowledge_base_ids: list[str]
    mcp_server_ids: list[str]
    rag_config: dict[str, Any] | None
    llm_config: ModelConfig
    stt_config: HearingConfig
    tts_config: SpeakingConfig
    voice: VoiceChoice
    model: str | None
    transcription_model: str | None
    post_call_analysis_data: list[Any]
    post_call_analysis_model: str | None
    post_call_evaluation_criteria: list[Any]
    widget_config: dict[str, Any] | None
    additional_languages: list[str]
    access_info: dict[str, Any]
    metadata: dict[str, Any]
    result_schema: dict[str, Any] | None
    record: bool
    connections: dict[str, str]
    warnings: list[str]


class Agents(Paged):
    """A page of agents."""

    agents: list[Agent]


class AgentDeleted(Shape):
    """What remains of an agent that was deleted."""

    operation: Literal["deleted"] = "deleted"
    organization_id: str
    agent_id: str
