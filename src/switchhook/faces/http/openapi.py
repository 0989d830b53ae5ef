"""The description of the API, made from the very models that check and answer requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

import switchhook
from switchhook.faces.http.health import Health, Welcome
from switchhook.faces.http.native.operations import Nothing, Operation
from switchhook.faces.http.native.shapes import Envelope, ErrorEnvelope

_REF = "#/components/schemas/{model}"
_ALWAYS = (400, 401, 403, 405, 408, 413, 415, 421)
_REFUSALS = {
    400: "The request cannot be understood, or a rule of the dial policy refuses the number",
    401: "No valid credential came with the request",
    403: "The credential lacks a scope, or a page of another site calls",
    404: "There is no such thing in this account",
    405: "The path does not know this method",
    408: "The body did not arrive in time",
    409: "The request contradicts what is already there",
    413: "The body is too large",
    415: "The body is not declared as JSON",
    421: "The Host header names another server",
    429: "A cap is used up for now",
    503: "The server is stopping, or calling is switched off",
}
_SECONDS = {"schema": {"type": "integer"}, "description": "Seconds to wait before trying again"}
_REPLAYED = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "Present when an earlier request had made the call already",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body give the same call again",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}
_SECURITY: list[dict[str, list[str]]] = [{"apiKey": [], "apiSecret": []}, {"bearer": []}]


def describe(
    operations: Iterable[Operation[Any, Any]], *, public_url: str | None
) -> dict[str, Any]:
    """Return the OpenAPI document."""
    operations = tuple(operations)
    schemas = _Schemas(operations)
    paths: dict[str, dict[str, Any]] = {
        "/": {"get": _open("welcome", "What this is", schemas.of(Welcome), (200,))},
        "/livez": {"get": _open("live", "Whether the process lives", schemas.of(Health), (200,))},
        "/readyz": {
            "get": _open("ready", "Whether to send work here", schemas.of(Health), (200, 503))
        },
    }
    for operation in operations:
        described = _describe(operation, schemas)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Switchhook",
            "version": switchhook.__version__,
            "description": "Telephone calls by voice agents, under X-API-KEY and X-API-SECRET.",
        },
        "servers": [{"url": public_url or "/"}],
        "security": _SECURITY,
        "paths": paths,
        "components": {"schemas": schemas.definitions, "securitySchemes": _schemes()},
    }


class _Schemas:
    """All models of the document, each by the name under which it is referred to."""

    def __init__(self, operations: Iterable[Operation[Any, Any]]) -> None:
        wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [
            (Health, "serialization"),
            (Welcome, "serialization"),
            (ErrorEnvelope, "serialization"),
        ]
        for operation in operations:
            wanted.append((operation.body, "validation"))
            wanted.append((operation.query, "validation"))
            if operation.data:
                answer: type[BaseModel] = Envelope[operation.data]
                wanted.append((answer, "serialization"))
        self._by_model, whole = models_json_schema(wanted, ref_template=_REF)
        self.definitions: dict[str, Any] = whole["$defs"]

    def of(self, model: type[BaseModel], mode: JsonSchemaMode = "serialization") -> dict[str, Any]:
        """Return the reference to a model."""
        return self._by_model[model, mode]

    def properties(self, model: type[BaseModel]) -> dict[str, dict[str, Any]]:
        """Return the members of a query form."""
        name = self.of(model, "validation")["$ref"].rpartition("/")[2]
        return self.definitions[name].get("properties", {})


def _describe(operation: Operation[Any, Any], schemas: _Schemas) -> dict[str, Any]:
    refusals = sorted({*_ALWAYS, *operation.refusals})
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Needs a key with the scope {_either(operation)}.",
        "tags": [operation.path.split("/")[2]],
        "parameters": _parameters(operation, schemas),
        "responses": {"200": _success(operation, schemas)}
        | {str(status): _refusal(status, schemas) for status in refusals},
    }
    if operation.media == "audio/wav":
        described["responses"] |= {
            "206": {"description": "The part of it that the Range header names"}
            | _media(operation),
            "416": {"description": "The recording has no such part"},
        }
    if operation.body is not Nothing:
        described["requestBody"] = {
            "required": bool(operation.body.model_json_schema().get("required")),
            "content": {"application/json": {"schema": schemas.of(operation.body, "validation")}},
        }
    return described


def _either(operation: Operation[Any, Any]) -> str:
    return " or ".join(f"`{scope.value}`" for scope in operation.scopes)


def _parameters(operation: Operation[Any, Any], schemas: _Schemas) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [_ID] if "{id}" in operation.path else []
    if operation.idempotent:
        parameters.append(_KEY)
    required: list[str] = operation.query.model_json_schema().get("required", [])
    for name, schema in schemas.properties(operation.query).items():
        needed = name in required
        parameters.append({"name": name, "in": "query", "required": needed, "schema": schema})
    return parameters


def _success(operation: Operation[Any, Any], schemas: _Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": operation.summary, "content": {}}
    if operation.data:
        schema = schemas.of(Envelope[operation.data])
        answer["content"]["application/json"] = {"schema": schema}
    answer["content"] |= _media(operation)["content"]
    if operation.idempotent:
        answer["headers"] = {"Idempotent-Replayed": _REPLAYED}
    return answer


def _media(operation: Operation[Any, Any]) -> dict[str, Any]:
    if operation.media is None:
        return {"content": {}}
    text = operation.media.startswith("text/")
    schema = {"type": "string"} if text else {"type": "string", "format": "binary"}
    return {"content": {operation.media: {"schema": schema}}}


def _refusal(status: int, schemas: _Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": _REFUSALS[status],
        "content": {"application/json": {"schema": schemas.of(ErrorEnvelope)}},
    }
    if status in (429, 503):
        answer["headers"] = {"Retry-After": _SECONDS}
    return answer


def _open(
    name: str, summary: str, schema: dict[str, Any], statuses: Iterable[int]
) -> dict[str, Any]:
    answer = {"description": summary, "content": {"application/json": {"schema": schema}}}
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["server"],
        "security": [],
        "responses": {str(status): answer for status in statuses},
    }


def _schemes() -> dict[str, Any]:
    def header(name: str) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": name}

    return {
        "apiKey": header("X-API-KEY"),
        "apiSecret": header("X-API-SECRET"),
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "KEY.SECRET in one token",
        },
    }
