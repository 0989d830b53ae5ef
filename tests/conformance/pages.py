"""Resources and prompts the official suite reads by name."""

from __future__ import annotations

import json

from mcp.server import MCPServer
from mcp.server.mcpserver import UserMessage
from mcp.server.mcpserver.prompts import Prompt
from mcp.server.mcpserver.resources import BinaryResource, TextResource

from tests.conformance.contents import embedded, picture, png

STATIC_TEXT = TextResource(
    uri="test://static-text",
    name="static-text",
    description="A text that never changes",
    mime_type="text/plain",
    text="This is the content of the static text resource.",
)
STATIC_BINARY = BinaryResource(
    uri="test://static-binary",
    name="static-binary",
    description="A picture that never changes",
    mime_type="image/png",
    data=png(),
)
WATCHED_TEXT = TextResource(
    uri="test://watched-resource",
    name="watched-resource",
    description="A text that can be followed",
    mime_type="text/plain",
    text="Watched.",
)


def template(id: str) -> str:  # noqa: A002 the suite names the variable
    """Return data for any id."""
    return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


def test_simple_prompt() -> list[UserMessage]:
    """Say a sentence."""
    return [UserMessage("This is a simple prompt for testing.")]


def test_prompt_with_arguments(arg1: str, arg2: str) -> list[UserMessage]:
    """Repeat both arguments."""
    return [UserMessage(f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'")]


def test_prompt_with_embedded_resource(resourceUri: str) -> list[UserMessage]:  # noqa: N803 the suite's
    """Show a resource and ask for it to be processed."""
    inside = embedded(resourceUri, "text/plain", "Embedded resource content for testing.")
    return [UserMessage(inside), UserMessage("Please process the embedded resource above.")]


def test_prompt_with_image() -> list[UserMessage]:
    """Show a picture and ask for it to be analysed."""
    return [UserMessage(picture()), UserMessage("Please analyze the image above.")]


PROMPTS = (
    test_simple_prompt,
    test_prompt_with_arguments,
    test_prompt_with_embedded_resource,
    test_prompt_with_image,
)


def install(server: MCPServer) -> None:
    """Add the resources and the prompts."""
    for resource in (STATIC_TEXT, STATIC_BINARY, WATCHED_TEXT):
        server.add_resource(resource)
    server.resource(
        "test://template/{id}/data",
        name="template",
        description="Data for any id",
        mime_type="application/json",
    )(template)
    for prompt in PROMPTS:
        server.add_prompt(Prompt.from_function(prompt))
