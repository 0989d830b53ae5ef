"""JSON schemas as small as they can be: the tool list is read with every conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

_NULL = {"type": "null"}
_NOISE = frozenset(
    {"title", "default", "$defs", "additionalProperties", "minimum", "minLength", "maxLength"}
)
_NAMED = frozenset({"properties", "patternProperties"})


def slim(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema without titles and null alternatives, with its definitions inlined.

    `additionalProperties` stays where the whole forbids them; defaults where they say something.
    Lower limits go: no model sends less than nothing, and the refusal names the limit.
    """
    definitions: Mapping[str, Any] = schema.get("$defs", {})
    slimmed = _slim(schema, definitions)
    slimmed.pop("description", None)
    if schema.get("additionalProperties") is False:
        slimmed["additionalProperties"] = False
    return slimmed


def terse(schema: Mapping[str, Any], *, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema with nothing but the type of what another tool's schema tells already."""
    told: Mapping[str, Any] = known["properties"]
    return {
        **schema,
        "properties": {
            name: _bare(inner) if name in told else inner
            for name, inner in schema["properties"].items()
        },
    }


def _bare(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name in ("type", "anyOf")}


def _slim(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    node = _resolved(node, definitions)
    kept = {name: value for name, value in node.items() if name not in _NOISE}
    if node.get("default") not in (None, "", [], {}, False, 0):
        kept["default"] = node["default"]
    if "enum" in kept:
        # The values tell their type.
        kept.pop("type", None)
    for name, value in kept.items():
        if name in _NAMED:
            kept[name] = {key: _slim(inner, definitions) for key, inner in value.items()}
        else:
            kept[name] = _inner(value, definitions)
    return kept


def _inner(value: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return _slim(cast("dict[str, Any]", value), definitions)
    if isinstance(value, list):
        return [_inner(item, definitions) for item in cast("list[Any]", value)]
    return value


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(node)
    alternatives = [choice for choice in merged.get("anyOf", ()) if choice != _NULL]
    if len(alternatives) == 1:
        merged.pop("anyOf")
        merged = alternatives[0] | merged
    if reference := merged.pop("$ref", None):
        target = dict(definitions[reference.removeprefix("#/$defs/")])
        # A definition's description is its class's docstring, which tells nothing to a model.
        target.pop("description", None)
        merged = _resolved(target | merged, definitions)
    elif "anyOf" in merged:
        merged["anyOf"] = alternatives
    return merged
