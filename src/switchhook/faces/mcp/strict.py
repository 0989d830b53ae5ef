"""Tools that know exactly their parameters, and whose failures are answers.

The SDK drops unknown arguments, repeats rejected values and prefixes every error text. Here the
arguments of a tool are the members of one frozen model, in the parameter `wanted`; what it refuses
is told by name, and every expected failure is a result that a model can act on.
"""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, cast

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.server.mcpserver.utilities.func_metadata import FuncMetadata
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import BaseModel, ConfigDict, ValidationError, WithJsonSchema, model_validator

from switchhook.domain.errors import InvalidInput, SwitchhookError, UnsupportedParameter
from switchhook.faces.mcp.results import failure
from switchhook.faces.mcp.schemas import slim, terse

_log = logging.getLogger(__name__)

_SHOWN = 5
"""How many wrong arguments one answer names."""

ToolFunction = Callable[..., Awaitable[CallToolResult]]


class Arguments(BaseModel):
    """What a tool takes: exactly these members; an explicit null means that nothing was said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if value is not None}


def parsed(value: object) -> object:
    """Return what JSON text stands for, where it is an object or a list; hosts send such text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def folded(value: object) -> object:
    """Return a word of an enumeration in the case and with the joints that we use."""
    return value.strip().lower().replace("-", "_") if isinstance(value, str) else value


class StrictTool(Tool):
    """A tool that refuses unknown arguments and never repeats a rejected value."""

    @classmethod
    def of(
        cls,
        fn: ToolFunction,
        *,
        title: str,
        annotations: ToolAnnotations,
        like: StrictTool | None = None,
    ) -> StrictTool:
        """Return the function as a tool; its parameter `wanted` tells the arguments.

        Arguments that the tool shares with the one it is `like` are described there only.
        """
        tool = cls.from_function(
            fn, title=title, description=inspect.getdoc(fn), annotations=annotations
        )
        plain = tool.fn_metadata
        members = cast("type[Arguments]", plain.arg_model.model_fields["wanted"].annotation)
        schema = slim(members.model_json_schema(by_alias=True))
        tool.parameters = terse(schema, known=like.parameters) if like else schema
        tool.fn_metadata = _Whole(
            arg_model=plain.arg_model,
            members=members,
            output_model=plain.output_model,
            output_schema=slim(plain.output_schema or {}),
        )
        return cast("StrictTool", tool)

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,  # noqa: FBT001, FBT002 - the SDK's signature
    ) -> Any:
        """Run the tool; whatever fails is told as a result, and a crash is logged."""
        try:
            return await self._attempt(arguments, context, convert_result=convert_result)
        except ToolError as error:
            _log.exception("the tool %s crashed", self.name, exc_info=error.__cause__ or error)
            return failure(self._crash())

    async def _attempt(
        self, arguments: dict[str, Any], context: Context[Any, Any], *, convert_result: bool
    ) -> CallToolResult | InputRequiredResult:
        try:
            return await super().run(arguments, context, convert_result=convert_result)
        except ToolError as error:
            match error.__cause__:
                case SwitchhookError() as known:
                    return failure(known)
                case ValidationError() as wrong if not isinstance(error, UnexpectedToolError):
                    return failure(self._refusal(wrong))
                case ToolError():
                    return failure(self._no_answer())
                case _:
                    raise

    def _refusal(self, wrong: ValidationError) -> InvalidInput:
        errors = wrong.errors(include_input=False, include_url=False, include_context=False)
        unknown = [error for error in errors if error["type"] == "extra_forbidden"]
        chosen = (unknown or errors)[:_SHOWN]
        told = [(_place(error["loc"]), error["msg"]) for error in chosen]
        first = told[0][0]
        if unknown:
            names = ", ".join(repr(place) for place, _ in told)
            return UnsupportedParameter(
                f"{self.name} has no parameter {names}",
                field=first,
                hint=_known(self.parameters, unknown[0]["loc"]),
                next_action=self.name,
            )
        return InvalidInput(
            "; ".join(f"{place}: {message}" for place, message in told),
            field=first,
            hint="correct the named parameters and send the request again",
            next_action=self.name,
        )

    def _no_answer(self) -> InvalidInput:
        # The SDK's only failure of its own: the client answers our question with something else.
        return InvalidInput(
            "the answer to the question could not be read, so nothing was done",
            hint="answer with accept and confirm true or false, with decline or with cancel",
            next_action=self.name,
        )

    def _crash(self) -> SwitchhookError:
        repeatable = self.annotations is not None and bool(
            self.annotations.read_only_hint or self.annotations.idempotent_hint
        )
        message = f"{self.name} failed on our side; the server's log has the details"
        if repeatable:
            return SwitchhookError(message, hint="try again in a moment", next_action=self.name)
        return _Unrepeatable(
            message,
            hint="nobody knows whether it was done: look before you repeat it",
            next_action="list_calls",
        )


class _Unrepeatable(SwitchhookError):
    """A crash after which nobody knows whether something was done."""

    retry_safe = False


class _Whole(FuncMetadata):
    """Binds all arguments at once, as the members of one model."""

    members: Annotated[type[BaseModel], WithJsonSchema(None)]

    def validate_arguments(self, arguments_to_validate: dict[str, Any]) -> dict[str, Any]:
        """Return the tool's one parameter."""
        return {"wanted": self.members.model_validate(arguments_to_validate)}


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part)[:80] for part in loc) or "arguments"


def _known(schema: Mapping[str, Any], loc: tuple[int | str, ...]) -> str:
    properties: Any = schema.get("properties", {})
    for part in loc[:-1]:
        properties = properties.get(part, {}).get("properties", {})
    names = sorted(properties)
    close = get_close_matches(str(loc[-1]), names, n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return f"{meant}known: {', '.join(names) or 'none'}"
