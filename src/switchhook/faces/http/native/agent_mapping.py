"""Between an agent of this API and an agent of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switchhook.domain.agent import Agent, AgentSpec
from switchhook.domain.templating import missing
from switchhook.faces.http.native import agent_shapes as shapes
from switchhook.faces.http.native.agent_forms import (
    ChangeAgent,
    CreateAgent,
    HearingForm,
    SpeakingForm,
)

# Lists of names that say what the texts say anyway.
_INFORMATION = frozenset({"begin_message_variables", "system_message_variables", "metadata"})

# Members that are kept and echoed but change nothing here yet, with what they are without a value.
_KEPT: dict[str, Any] = {
    "begin_message_delay_ms": None,
    "webhook_url": None,
    "post_call_webhook_id": None,
    "take_turn_after_silence_seconds": None,
    "timezone": None,
    "knowledge_base_ids": [],
    "mcp_server_ids": [],
    "rag_config": None,
    "post_call_analysis_data": [],
    "post_call_analysis_model": None,
    "post_call_evaluation_criteria": [],
    "widget_config": None,
    "additional_languages": [],
    "access_info": {},
}
_KEPT_INSIDE = {
    "llm_config": ("max_tokens", "tools", "system_message_variables"),
    "stt_config": ("language", "language_name", "use_realtime"),
    "tts_config": ("language", "language_name"),
}


def spec_of(form: ChangeAgent | CreateAgent, base: AgentSpec) -> AgentSpec:
    """Return the agent that the form describes, on top of `base` where the form is silent."""
    llm = form.llm_config
    greeting = form.begin_message if form.begin_message is not None else form.first_message
    silence, longest = form.end_call_after_silence_ms, form.max_call_duration_ms
    changes: dict[str, Any] = {
        "name": form.agent_name,
        "first_message": greeting,
        "language": form.language.partition("-")[0] if form.language else None,
        "voice": base.voice.model_dump() | _voice(form),
        "mind": base.mind.model_dump() | _mind(form),
        "ears": base.ears.model_dump() | _ears(form),
        "connections": form.connections,
        "variables": form.test_variables,
        "idle_seconds": silence / 1000 if silence is not None else None,
        "max_duration_seconds": longest // 1000 if longest is not None else None,
        "result_schema": form.result_schema,
        "record": form.record,
    }
    if llm and llm.system_message is not None:
        changes["prompt"] = base.prompt.model_dump() | {"content": llm.system_message}
    spec = base.model_dump() | _given(changes) | {"extra": base.extra | _extra(form, base.extra)}
    spec["first_message"] = spec["first_message"] or None
    return AgentSpec.model_validate(spec)


def agent_of(agent: Agent) -> shapes.Agent:
    """Return the agent with all members that the API knows."""
    spec = agent.spec
    return shapes.Agent(
        agent_id=agent.id,
        organization_id=agent.org_id,
        agent_name=spec.name,
        version=agent.version,
        created_at=agent.created_at.isoformat(),
        updated_at=agent.updated_at.isoformat(),
        language=spec.language,
        begin_message=spec.first_message,
        first_message=spec.first_message,
        begin_message_variables=spec.extra.get("begin_message_variables")
        or missing(spec.first_message or "", {}),
        test_variables=spec.variables,
        end_call_after_silence_ms=round(spec.idle_seconds * 1000),
        max_call_duration_ms=spec.max_duration_seconds * 1000,
        **_spoken(spec),
        **{name: spec.extra.get(name, default) for name, default in _KEPT.items()},
        metadata=spec.extra.get("metadata", {}),
        result_schema=spec.result_schema,
        record=spec.record,
        connections=spec.connections,
        warnings=[f"{path} is kept and changes nothing" for path in _ignored(spec.extra)],
    )


def _spoken(spec: AgentSpec) -> dict[str, Any]:
    kept: Mapping[str, Any] = spec.extra.get("llm_config", {})
    return {
        "llm_config": shapes.ModelConfig(
            mind=spec.mind.kind,
            fallback_model=spec.mind.fallback_model,
            reasoning_effort=spec.mind.reasoning_effort,
            verbosity=spec.mind.verbosity,
            system_message=spec.prompt.content,
            system_message_variables=kept.get("system_message_variables")
            or missing(spec.prompt.content, {}),
            temperature=spec.mind.temperature,
            max_tokens=kept.get("max_tokens"),
            tools=kept.get("tools", []),
        ),
        "stt_config": shapes.HearingConfig(
            provider=spec.ears.provider,
            model=spec.ears.model,
            keywords=list(spec.ears.keywords),
            language=spec.language,
        ),
        "transcription_model": spec.ears.model,
        "tts_config": shapes.SpeakingConfig(
            provider=spec.voice.provider,
            voice_id=spec.voice.name,
            voice_speed=spec.voice.speed,
            language=spec.language,
            model=spec.voice.model,
        ),
        "model": spec.mind.model,
        "voice": shapes.VoiceChoice(provider=spec.voice.provider, voice_id=spec.voice.name),
    }


def _voice(form: ChangeAgent | CreateAgent) -> dict[str, Any]:
    voice: dict[str, Any] = {}
    for said in (form.voice, form.tts_config):
        if said is None:
            continue
        named: dict[str, Any] = {"provider": said.provider, "name": said.voice_id}
        if isinstance(said, SpeakingForm):
            named |= {"speed": said.voice_speed, "model": said.model}
        voice |= _given(named)
    return voice


def _mind(form: ChangeAgent | CreateAgent) -> dict[str, Any]:
    mind: dict[str, Any] = {"model": form.model}
    if form.llm_config is not None:
        names = ("fallback_model", "reasoning_effort", "temperature", "verbosity")
        mind |= {name: getattr(form.llm_config, name) for name in names}
        mind["kind"] = form.llm_config.mind
    return _given(mind)


def _ears(form: ChangeAgent | CreateAgent) -> dict[str, Any]:
    heard = form.stt_config or HearingForm()
    model = heard.model or form.transcription_model
    return _given({"provider": heard.provider, "model": model, "keywords": heard.keywords})


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _extra(form: ChangeAgent | CreateAgent, base: Mapping[str, Any]) -> dict[str, Any]:
    said = form.model_dump(exclude_none=True)
    extra = {name: said[name] for name in (*_KEPT, *_INFORMATION) if name in said}
    for whole, names in _KEPT_INSIDE.items():
        inside: Mapping[str, Any] = said.get(whole, {})
        kept = {name: inside[name] for name in names if name in inside}
        if kept:
            extra[whole] = base.get(whole, {}) | kept
    return extra


def _ignored(extra: Mapping[str, Any]) -> list[str]:
    paths = [name for name in _KEPT if extra.get(name) not in (None, [], {})]
    for whole in _KEPT_INSIDE:
        inside: Mapping[str, Any] = extra.get(whole, {})
        paths += [f"{whole}.{name}" for name in inside if name not in _INFORMATION]
    return paths
