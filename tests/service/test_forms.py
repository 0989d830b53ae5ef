"""Agents as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from switchhook.domain.actions import EndCall, OnPhrase, SendDigits
from switchhook.domain.agent import (
    AgentSpec,
    Mind,
    Prompt,
    TurnSettings,
    Voice,
)
from switchhook.domain.errors import InvalidInput, UnsupportedParameter
from switchhook.service import forms
from switchhook.service.forms import agent_spec
from switchhook.service.requests import CallRequest


def test_the_flat_form_is_enough() -> None:
    spec = agent_spec(
        {"name": "Desk", "task": "Be kind", "first_message": "Hi", "language": "en-US",
         "voice": "ava", "mind": "Assistant"}
    )  # fmt: skip
    assert spec == AgentSpec(
        name="Desk",
        prompt=Prompt(content="Be kind"),
        first_message="Hi",
        language="en",
        voice=Voice(name="ava"),
        mind=Mind(kind="assistant"),
    )


def test_the_full_form_may_be_objects_or_their_json() -> None:
    full = agent_spec(
        {
            "prompt": {"content": "Be kind", "required_variables": ["day"]},
            "voice": {"provider": "auto", "speed": "1.5"},
            "mind": {"kind": "interview"},
            "result_schema": {"type": "object"},
            "variables": {"price": 150.75, "open": True, "note": None},
            "actions": [{"type": "SEND_DIGITS"}],
            "record": True,
        }
    )
    text = agent_spec(
        {
            "prompt": '{"content": "Be kind", "required_variables": ["day"]}',
            "voice": '{"provider": "auto", "speed": 1.5}',
            "mind": '{"kind": "interview"}',
            "result_schema": '{"type": "object"}',
            "variables": '{"price": 150.75, "open": true, "note": null}',
            "actions": '[{"type": "send_digits"}]',
            "record": True,
        }
    )
    assert full == text
    assert full.variables == {"price": "150.75", "open": "true", "note": ""}
    assert full.actions == (SendDigits(),)


def test_a_prompt_may_begin_with_a_brace() -> None:
    for prompt in ("{name}, be kind", "{", '["a"]', '{"a": '):
        assert agent_spec({"prompt": prompt}).prompt.content == prompt


def test_a_change_leaves_the_rest_as_it_was() -> None:
    base = AgentSpec(
        name="Desk",
        prompt=Prompt(content="Be kind", required_variables=("day",)),
        first_message="Hi",
        actions=(EndCall(),),
    )
    changed = agent_spec({"prompt": "Be quick", "voice": {"speed": 2}}, base)
    assert changed.prompt == Prompt(content="Be quick", required_variables=("day",))
    assert (changed.name, changed.first_message, changed.actions) == ("Desk", "Hi", (EndCall(),))
    assert agent_spec({"name": None, "first_message": None}, base).first_message is None
    assert agent_spec({}, base) == base


def test_types_of_triggers_are_read_in_either_case() -> None:
    spec = agent_spec(
        {"actions": [{"type": "End_Call", "trigger": {"type": "PHRASE", "phrases": ["bye"]}}]}
    )
    assert spec.actions == (EndCall(trigger=OnPhrase(phrases=("bye",))),)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"temperature": 1}, "temperature"),
        ({"prompt": {"content": "x", "system": "y"}}, "prompt.system"),
        ({"actions": [{"type": "end_call", "now": True}]}, "actions.0.end_call.now"),
    ],
)
def test_a_member_nobody_knows_is_named(form: dict[str, Any], field: str) -> None:
    with pytest.raises(UnsupportedParameter) as refused:
        agent_spec(form)
    assert refused.value.field == field
    assert "result_schema" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"task": "a", "prompt": "b"}, "task"),
        ({"language": "tlh"}, "language"),
        ({"language": 7}, "language"),
        ({"name": ""}, "name"),
        ({"name": "canary" * 20}, "name"),
        ({"voice": {"speed": 9}}, "voice.speed"),
        ({"voice": 7}, "voice"),
        ({"mind": {"kind": 7}}, "mind.kind"),
        ({"mind": "canary"}, "mind.kind"),
        ({"result_schema": "canary"}, "result_schema"),
        ({"variables": [1]}, "variables"),
        ({"record": "canary"}, "record"),
        ({"actions": "canary"}, "actions"),
        ({"actions": [{"type": "canary" * 60}]}, "actions.0"),
        ({"actions": 7}, "actions"),
        ({"extra": "[" * 100_000}, "extra"),
        ({"max_duration_seconds": "canary"}, "max_duration_seconds"),
        ({"first_message": "\0canary"}, "first_message"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(form: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        agent_spec(form)
    assert refused.value.field == field
    assert len(refused.value.message) < 300


def test_values_are_not_echoed() -> None:
    for form in (
        {"max_duration_seconds": "canary"},
        {"variables": "canary"},
        {"name": "canary" * 20},
    ):
        with pytest.raises(InvalidInput) as refused:
            agent_spec(form)
        assert "canary" not in str(refused.value.facts())


@given(
    st.dictionaries(
        st.sampled_from([*AgentSpec.model_fields, "task", "nonsense"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
            ),
            max_leaves=5,
        ),
        max_size=4,
    )
)
def test_any_form_is_an_agent_or_a_named_mistake(form: dict[str, Any]) -> None:
    try:
        spec = agent_spec(form)
    except InvalidInput as refused:
        assert refused.message  # noqa: PT017 - either way is right
    else:
        assert AgentSpec.model_validate(spec.model_dump()) == spec


def test_other_mistakes_are_explained_the_same_way() -> None:
    with pytest.raises(ValidationError) as wrong:
        CallRequest.model_validate({"options": {"colour": "red"}})
    assert forms.explained(wrong.value).field == "options.colour"
    assert forms.explained(wrong.value, within="call").field == "call.options.colour"


def test_settings_of_turns_may_stand_in_their_group_or_alone() -> None:
    flat = agent_spec(
        {
            "interrupt_sensitivity": "LOW",
            "enable_dynamic_turns": False,
            "dynamic_min_wait_secs": 0.4,
            "turns": {"conversation_speed": 1.5},
            "idle_time_seconds": 12,
            "max_idle_check_count": 1,
            "voicemail_message": "Please call back.",
            "on_no_human_answer": "hangup",
            "background_sound": "Office",
            "ivr_navigation_mode": "default",
            "noise_suppression": True,
            "call_duration_sec": 30,
            "enable_recording": True,
        }
    )

    assert flat.turns == TurnSettings(
        interrupt_sensitivity="low",
        endpointing_mode="fixed",
        dynamic_min_wait_secs=0.4,
        conversation_speed=1.5,
    )
    assert (flat.idle_seconds, flat.idle.max_idle_check_count) == (12, 1)
    assert flat.voicemail.voicemail_message == "Please call back."
    assert flat.voicemail.on_no_human_answer == "hangup"
    assert (flat.background_sound, flat.noise_suppression_level) == ("office", 50)
    assert (flat.max_duration_seconds, flat.record) == (30, True)
    assert flat.ivr_navigation_mode == "default"


def test_changing_one_setting_keeps_the_others() -> None:
    base = agent_spec({"turns": {"interrupt_sensitivity": "high", "conversation_speed": 2}})

    changed = agent_spec({"turns": '{"conversation_speed": 1.5}', "endpointing_mode": None}, base)

    assert changed.turns.interrupt_sensitivity == "high"
    assert changed.turns.conversation_speed == 1.5
    quiet = agent_spec({"voicemail": {"on_no_human_answer": "HANGUP"}}, base)
    assert quiet.voicemail.on_no_human_answer == "hangup"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"conversation_speed": 9}, "turns.conversation_speed"),
        ({"turns": {"speed": 1}}, "turns.speed"),
        ({"background_sound": "disco"}, "background_sound"),
        ({"min_volume": 2}, "min_volume"),
        ({"noise_suppression": "yes"}, "noise_suppression"),
        ({"turns": {"conversation_speed": 1}, "conversation_speed": 2}, "conversation_speed"),
        ({"idle": 4}, "idle"),
    ],
)
def test_a_setting_that_cannot_be_is_named(form: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        agent_spec(form)

    assert wrong.value.field == field


def test_a_voice_and_a_mind_may_have_their_models() -> None:
    spec = agent_spec(
        {
            "voice": {"provider": "acme", "name": "ava", "model": "fast"},
            "mind": '{"kind": "MODEL", "model": "large", "fallback_model": "small",'
            ' "temperature": 0.3, "reasoning_effort": "low", "verbosity": "low"}',
        }
    )

    assert spec.voice.model == "fast"
    assert spec.mind == Mind(
        kind="model",
        model="large",
        fallback_model="small",
        temperature=0.3,
        reasoning_effort="low",
        verbosity="low",
    )


def test_an_agent_of_whom_nothing_is_said_thinks_as_well_as_it_can() -> None:
    assert agent_spec({"prompt": "Book a table."}).mind.kind == "auto"
