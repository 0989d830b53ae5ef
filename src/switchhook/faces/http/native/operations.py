"""What the API can be asked: one entry for each operation, read by the router and by OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from switchhook.domain.errors import InvalidInput, SwitchhookError, UnsupportedParameter
from switchhook.faces.http import strict_json
from switchhook.faces.http.answers import JsonAnswer, failure
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope

IN_QUERY = "query"
"""The context in which a form is filled from a query string."""


class Form(BaseModel):
    """What a client may send: exactly these members, of exactly these types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Nothing(Form):
    """No body, or no query."""


B = TypeVar("B", bound=Form)
Q = TypeVar("Q", bound=Form)


@dataclass(frozen=True, slots=True)
class Asked(Generic[B, Q]):
    """One request, understood."""

    exchange: Exchange
    principal: Principal
    id: str
    """The id in the path; empty where the path has none."""
    body: B
    query: Q
    headers: Headers
    base_url: str


@dataclass(frozen=True, slots=True)
class Told:
    """What goes into the envelope."""

    message: str
    data: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Operation(Generic[B, Q]):
    """One thing a client can ask for; one of the `scopes` is enough."""

    method: str
    path: str
    name: str
    summary: str
    scopes: tuple[Scope, ...]
    perform: Callable[[Asked[B, Q]], Awaitable[Told | Response]]
    body: type[B]
    query: type[Q]
    data: type[BaseModel] | None
    refusals: tuple[int, ...] = ()
    """Statuses besides those that every operation knows."""
    media: str | None = None
    """What the answer may be besides JSON."""
    idempotent: bool = False
    """Whether an Idempotency-Key is taken."""


def routes(
    exchange: Exchange, operations: Sequence[Operation[Any, Any]], *, public_url: str | None
) -> list[Route]:
    """Return a route for each path; a path that is spelled out comes before one with an id."""
    by_path: dict[str, dict[str, Operation[Any, Any]]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return [
        _route(path, by_path[path], exchange, public_url)
        for path in sorted(by_path, key=lambda path: ("{" in path, path))
    ]


def _route(
    path: str,
    by_method: Mapping[str, Operation[Any, Any]],
    exchange: Exchange,
    public_url: str | None,
) -> Route:
    async def endpoint(request: Request) -> Response:
        operation = by_method["GET" if request.method == "HEAD" else request.method]
        try:
            asked = await _understand(operation, request, exchange, public_url)
            told = await operation.perform(asked)
        except SwitchhookError as error:
            return failure(error)
        return told if isinstance(told, Response) else _envelope(told)

    return Route(path, endpoint, methods=list(by_method))


async def _understand(
    operation: Operation[B, Q], request: Request, exchange: Exchange, public_url: str | None
) -> Asked[B, Q]:
    reference = str(request.path_params.get("id", ""))
    strict_json.check_text(reference, field="id")
    return Asked(
        exchange=exchange,
        principal=request.state.principal,
        id=reference,
        body=_fill(operation.body, await _body(operation, request)),
        query=_fill(operation.query, _query(request), context=IN_QUERY),
        headers=request.headers,
        base_url=public_url or str(request.base_url).rstrip("/"),
    )


async def _body(operation: Operation[Any, Any], request: Request) -> Any:
    raw = await request.body()
    if not raw:
        if operation.body.model_json_schema().get("required"):
            raise InvalidInput("the request has no body", hint="send a JSON object")
        return {}
    if operation.body is Nothing and request.method in ("GET", "HEAD", "DELETE"):
        raise InvalidInput("this request takes no body", hint="leave the body away")
    value = strict_json.parse(raw)
    if not isinstance(value, dict):
        raise InvalidInput("the body is not a JSON object", hint="send a JSON object")
    return value  # pyright: ignore[reportUnknownVariableType] -- JSON has no other type


def _query(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidInput("a query parameter is given twice", hint="give each parameter once")
    for name, value in pairs:
        strict_json.check_text(name)
        strict_json.check_text(value, field=name)
    return members


def _fill(form: type[B], members: Any, *, context: str | None = None) -> B:
    try:
        return form.model_validate(members, context=context)
    except ValidationError as invalid:
        raise _first_problem(form, invalid) from None


def _first_problem(form: type[Form], invalid: ValidationError) -> InvalidInput:
    """Name the member and what is wrong with it, but never its value."""
    first = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"])[:120]
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(form.model_json_schema(by_alias=True).get("properties", {})))
        return UnsupportedParameter(
            f"{name!r} is not known here",
            field=name,
            hint=f"leave it away; known are: {known or 'none'}",
        )
    problem = first["msg"].removeprefix("Value error, ")
    return InvalidInput(
        f"{name or 'the body'}: {problem}",
        field=name or None,
        hint="GET /openapi.json describes every member",
    )


def _envelope(told: Told) -> JsonAnswer:
    content = {
        "message": told.message,
        "status": "success",
        "error": None,
        "data": told.data.model_dump(mode="json"),
    }
    return JsonAnswer(content, headers=told.headers)
