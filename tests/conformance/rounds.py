"""Tools and a prompt that answer with a question and are called again with what was said."""

from __future__ import annotations

from typing import Any

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context, UserMessage
from mcp.server.mcpserver.prompts import Prompt
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    InputResponse,
    ListRootsRequest,
    ListRootsResult,
    SamplingMessage,
)

from tests.conformance.contents import text

Round = CallToolResult | InputRequiredResult
STATE = "first"


def _form(message: str, field: str, kind: str = "string") -> ElicitRequest:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field: {"type": kind}},
        "required": [field],
    }
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def _sample(words: str, max_tokens: int) -> CreateMessageRequest:
    asked = [SamplingMessage(role="user", content=text(words))]
    return CreateMessageRequest(
        params=CreateMessageRequestParams(messages=asked, max_tokens=max_tokens)
    )


def _said(ctx: Context[Any, Any], key: str) -> InputResponse | None:
    return (ctx.input_responses or {}).get(key)


def _field(ctx: Context[Any, Any], key: str, field: str) -> str | None:
    said = _said(ctx, key)
    if not isinstance(said, ElicitResult) or said.content is None or field not in said.content:
        return None
    return str(said.content[field])


def _done(words: str) -> CallToolResult:
    return CallToolResult(content=[text(words)])


async def test_input_required_result_elicitation(ctx: Context[Any, Any]) -> Round:
    """Ask for a name and greet it."""
    name = _field(ctx, "user_name", "name")
    if name is None:
        return InputRequiredResult(
            input_requests={"user_name": _form("What is your name?", "name")}
        )
    return _done(f"Hello, {name}!")


async def test_input_required_result_sampling(ctx: Context[Any, Any]) -> Round:
    """Ask the client's model for a capital."""
    if (said := _said(ctx, "capital_question")) is None:
        question = _sample("What is the capital of France?", 100)
        return InputRequiredResult(input_requests={"capital_question": question})
    return _done(f"The model said: {said.model_dump_json()}")


async def test_input_required_result_list_roots(ctx: Context[Any, Any]) -> Round:
    """Ask for the client's roots."""
    said = _said(ctx, "client_roots")
    if not isinstance(said, ListRootsResult):
        return InputRequiredResult(input_requests={"client_roots": ListRootsRequest()})
    return _done("Roots: " + ", ".join(str(root.uri) for root in said.roots))


def _confirm() -> InputRequiredResult:
    return InputRequiredResult(
        input_requests={"confirm": _form("Please confirm", "ok", "boolean")}, request_state=STATE
    )


async def test_input_required_result_request_state(ctx: Context[Any, Any]) -> Round:
    """Ask with a state that has to come back."""
    if _said(ctx, "confirm") is None or ctx.request_state != STATE:
        return _confirm()
    return _done("state-ok")


async def test_input_required_result_tampered_state(ctx: Context[Any, Any]) -> Round:
    """Ask with a sealed state; what was tampered with never gets here."""
    return await test_input_required_result_request_state(ctx)


async def test_input_required_result_multiple_inputs(ctx: Context[Any, Any]) -> Round:
    """Ask three kinds of question at once."""
    wanted = {
        "user_name": _form("What is your name?", "name"),
        "greeting": _sample("Generate a greeting", 50),
        "client_roots": ListRootsRequest(),
    }
    if set(wanted) - set(ctx.input_responses or {}):
        return InputRequiredResult(input_requests=wanted, request_state=STATE)
    return _done("All three were answered.")


async def test_input_required_result_multi_round(ctx: Context[Any, Any]) -> Round:
    """Ask for a name, then for a colour."""
    match ctx.request_state:
        case None:
            step = _form("Step 1: What is your name?", "name")
            return InputRequiredResult(input_requests={"step1": step}, request_state=STATE)
        case "first":
            step = _form("Step 2: What is your favorite color?", "color")
            return InputRequiredResult(input_requests={"step2": step}, request_state="second")
        case _:
            return _done("Both steps were answered.")


async def test_input_required_result_capabilities(ctx: Context[Any, Any]) -> Round:
    """Ask only what the client said it can answer."""
    can = ctx.client_capabilities
    if can is not None and can.sampling is not None:
        return InputRequiredResult(input_requests={"words": _sample("Say something", 50)})
    if can is not None and can.elicitation is not None:
        return InputRequiredResult(input_requests={"words": _form("Say something", "words")})
    return _done("This client cannot be asked.")


async def test_streaming_elicitation(ctx: Context[Any, Any]) -> Round:
    """Report progress, then ask."""
    await ctx.report_progress(1, 2)
    return await test_input_required_result_elicitation(ctx)


async def test_missing_capability(ctx: Context[Any, Any]) -> CallToolResult:
    """Refuse a client that did not say it can sample."""
    can = ctx.client_capabilities
    if can is None or can.sampling is None:
        needed: dict[str, Any] = {"requiredCapabilities": {"sampling": {}}}
        raise MCPError(
            MISSING_REQUIRED_CLIENT_CAPABILITY, "the client must declare sampling", needed
        )
    return _done("The client can sample.")


async def test_input_required_result_prompt(
    ctx: Context[Any, Any],
) -> list[UserMessage] | InputRequiredResult:
    """Ask what the prompt is about."""
    said = _field(ctx, "user_context", "context")
    if said is None:
        question = _form("What context should the prompt use?", "context")
        return InputRequiredResult(input_requests={"user_context": question})
    return [UserMessage(f"The context is {said}.")]


TOOLS = (
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_tampered_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_capabilities,
    test_streaming_elicitation,
    test_missing_capability,
)


def install(server: MCPServer) -> None:
    """Add the tools and the prompt to the server."""
    for tool in TOOLS:
        server.add_tool(tool)
    server.add_prompt(Prompt.from_function(test_input_required_result_prompt))
