"""What a tool answers: a few lines for people, the same facts for programs."""

from __future__ import annotations

import json
from typing import Annotated, Any

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, ConfigDict

from switchhook.domain.errors import SwitchhookError

NONE = "none"
"""The next action when there is nothing left to do."""


class Result(BaseModel):
    """What every answer is sure to say."""

    model_config = ConfigDict(extra="allow")

    status: str
    terminal: bool
    next_action: str


Answer = Annotated[CallToolResult, Result]


def answer(facts: dict[str, Any], *lines: str) -> CallToolResult:
    """Return the facts with a short text for people."""
    text = "\n".join(line for line in lines if line)
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content={name: value for name, value in facts.items() if value is not None},
    )


def failure(error: SwitchhookError) -> CallToolResult:
    """Return the failure as something to act on.

    It fits the schema of answers too, because clients check failures against it as well and would
    show their own complaint instead; and it never says that a call is over.
    """
    facts = {"status": "error", "terminal": False, "poll_after_seconds": 0} | error.facts()
    facts["next_action"] = facts["next_action"] or NONE
    return CallToolResult(
        content=[TextContent(type="text", text=_sentences(facts))],
        structured_content=facts,
        is_error=True,
    )


def done(**facts: Any) -> dict[str, Any]:
    """Return the facts of something that is finished as soon as it is answered."""
    return {"status": "ok", "terminal": True, "next_action": NONE, "poll_after_seconds": 0} | facts


def step(tool: str, **arguments: Any) -> str:
    """Return a next action: the tool with the arguments that are known already."""
    told = ", ".join(f"{name}={_literal(value)}" for name, value in arguments.items())
    return f"{tool}({told})"


def _literal(value: Any) -> str:
    # An ellipsis stands for what only the assistant can know.
    return "…" if value is ... else json.dumps(value, ensure_ascii=False)


def _sentences(facts: dict[str, Any]) -> str:
    lines = [f"{facts['message']} ({facts['code']})"]
    if facts["hint"]:
        lines.append(facts["hint"])
    lines.append(f"Next: {facts['next_action']}")
    return "\n".join(lines)
