"""Agents as people write them: the flat beginner form, or the full one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic import ValidationError

from switchhook.domain.agent import AgentSpec, IdleSettings, TurnSettings, VoicemailSettings
from switchhook.domain.errors import InvalidInput, UnsupportedParameter
from switchhook.domain.templating import stringified
from switchhook.service import limits

_NULLABLE = frozenset({"first_message", "result_schema"})


def agent_spec(form: Mapping[str, Any], base: AgentSpec | None = None) -> AgentSpec:
    """Return the agent that the form describes, on top of `base` where the form is silent.

    The flat form is `name, prompt` (or `task`)`, first_message, language, voice` as plain strings;
    `prompt`, `voice`, `mind` and `ears` may also be objects, and what belongs to `turns`, `idle`
    and `voicemail` may also stand beside them. Objects may arrive as JSON text, languages as
    `en-US`, enums in either case. A member nobody knows is refused by name.
    """
    known = (base or AgentSpec()).model_dump()
    changes: dict[str, Any] = {}
    for name, value in _said(_grouped(form)).items():
        limits.check_storable(value, field=name)
        changes[name] = _READERS[name](name, value, known[name]) if name in _READERS else value
    try:
        return AgentSpec.model_validate(known | changes)
    except ValidationError as wrong:
        raise explained(wrong) from None


def explained(wrong: ValidationError, *, within: str = "") -> InvalidInput:
    """Return what a validation found first: the path of the member, and never its value."""
    first = wrong.errors(include_input=False, include_url=False)[0]
    path = ".".join(str(part) for part in (within, *first["loc"]) if part != "")
    if first["type"] == "extra_forbidden":
        return _unsupported(path)
    return InvalidInput(
        f"{path or 'the request'}: {first['msg'][:200]}", field=path or None, hint="correct it"
    )


def as_object(name: str, value: Any) -> dict[str, Any]:
    """Return an object that may have arrived as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
        except RecursionError:
            value = None
    if not isinstance(value, dict):
        raise InvalidInput(
            f"{name} must be an object", field=name, hint=f'send for example {name}: {{"a": "b"}}'
        )
    return cast("dict[str, Any]", value)


def _grouped(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form with flat members of a group inside it, and other words as ours."""
    grouped: dict[str, Any] = {}
    for name, value in form.items():
        group, member, meaning = _FLAT.get(name, ("", name, _as_it_is))
        if value is None or name in AgentSpec.model_fields:
            grouped.setdefault(name, value)
        elif not group:
            grouped[member] = meaning(name, value)
        else:
            said = grouped.get(group, form.get(group))
            inside = {} if said is None else as_object(group, said)
            if member in inside:
                raise InvalidInput(
                    f"{name} and {group}.{member} are one thing; send only one of them",
                    field=name,
                    hint=f"leave out {name}",
                )
            grouped[group] = inside | {member: meaning(name, value)}
    return {name: value for name, value in grouped.items() if name not in _FLAT}


def _as_it_is(_name: str, value: Any) -> Any:
    return value


def _dynamic(name: str, value: Any) -> str:
    return "dynamic" if _boolean(name, value, None) else "fixed"


def _suppression(name: str, value: Any) -> int:
    return 50 if _boolean(name, value, None) else 0


def _said(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that say something, under their own names."""
    said = {name: value for name, value in form.items() if value is not None or name in _NULLABLE}
    if "task" in said:
        if "prompt" in said:
            raise InvalidInput(
                "task is another word for prompt; send only one of them",
                field="task",
                hint="leave out task",
            )
        said["prompt"] = said.pop("task")
    for name in form:
        if name not in AgentSpec.model_fields and name != "task":
            raise _unsupported(name)
    return said


def _unsupported(path: str) -> UnsupportedParameter:
    return UnsupportedParameter(
        f"{path[:80]!r} is not a parameter that is known here",
        field=path[:80],
        hint=f"an agent has: {', '.join(AgentSpec.model_fields)}",
    )


def _text_or_object(inner: str) -> Callable[[str, Any, Any], Any]:
    """Return a reader of a member that is an object with one leading text."""

    def read(name: str, value: Any, known: dict[str, Any]) -> dict[str, Any]:
        if isinstance(value, str) and not _is_object(value):
            return known | {inner: value}
        return known | as_object(name, value)

    return read


def _is_object(text: str) -> bool:
    """Tell whether a text is an object written as JSON; a prompt may begin with a brace too."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _mind(name: str, value: Any, known: dict[str, Any]) -> dict[str, Any]:
    read = _text_or_object("kind")(name, value, known)
    return read | {"kind": read["kind"].strip().lower()} if isinstance(read["kind"], str) else read


def _settings(name: str, value: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Return a group of settings with what is said of it changed; choices in either case."""
    said = as_object(name, value)
    return known | {member: _lower(name, item, None) for member, item in said.items()}


def _lower(_name: str, value: Any, _known: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _voicemail(name: str, value: Any, known: dict[str, Any]) -> dict[str, Any]:
    said = as_object(name, value)
    return known | said | _settings(name, {k: v for k, v in said.items() if k in _POLICY}, {})


def _language(_name: str, value: Any, _known: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.strip().lower().replace("_", "-").partition("-")[0]


def _variables(name: str, value: Any, _known: Any) -> dict[str, str]:
    return {key: stringified(item) for key, item in as_object(name, value).items()}


def _as_object(name: str, value: Any, _known: Any) -> dict[str, Any]:
    return as_object(name, value)


def _object_or_nothing(name: str, value: Any, _known: Any) -> dict[str, Any] | None:
    return None if value is None else as_object(name, value)


def _actions(name: str, value: Any, _known: Any) -> Any:
    if isinstance(value, str):
        value = as_object(name, f'{{"actions": {value}}}')["actions"]
    return _lowered(value)


def _lowered(value: Any) -> Any:
    """Return actions and triggers with their types in lower case."""
    match value:
        case list() | tuple():
            return [_lowered(item) for item in cast("list[Any]", value)]
        case {"type": str() as kind, **rest}:
            return {key: _lowered(item) for key, item in rest.items()} | {"type": kind.lower()}
        case _:
            return value


def _boolean(name: str, value: Any, _known: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(f"{name} must be true or false", field=name, hint="send a JSON boolean")
    return value


_READERS: dict[str, Callable[[str, Any, Any], Any]] = {
    "prompt": _text_or_object("content"),
    "voice": _text_or_object("name"),
    "mind": _mind,
    "ears": _text_or_object("provider"),
    "connections": _as_object,
    "language": _language,
    "variables": _variables,
    "result_schema": _object_or_nothing,
    "extra": _object_or_nothing,
    "actions": _actions,
    "record": _boolean,
    "turns": _settings,
    "idle": _settings,
    "voicemail": _voicemail,
    "ivr_navigation_mode": _lower,
    "background_sound": _lower,
}
_POLICY = frozenset({"on_no_human_answer"})

# Members of the groups under their own names, and a few other words for ours.
_FLAT: dict[str, tuple[str, str, Callable[[str, Any], Any]]] = {
    **{name: ("turns", name, _as_it_is) for name in TurnSettings.model_fields},
    **{name: ("idle", name, _as_it_is) for name in IdleSettings.model_fields},
    **{name: ("voicemail", name, _as_it_is) for name in VoicemailSettings.model_fields},
    "enable_dynamic_turns": ("turns", "endpointing_mode", _dynamic),
    "idle_time_seconds": ("", "idle_seconds", _as_it_is),
    "call_duration_sec": ("", "max_duration_seconds", _as_it_is),
    "enable_recording": ("", "record", _as_it_is),
    "noise_suppression": ("", "noise_suppression_level", _suppression),
}
