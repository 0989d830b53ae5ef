"""Agents as people write them: the flat beginner form, or the full one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switchhook.domain.agent import AgentSpec


def agent_spec(form: Mapping[str, Any], base: AgentSpec | None = None) -> AgentSpec:
    """Return the agent that the form describes, on top of `base` where the form is silent.

    The flat form is `name, prompt` (or `task`)`, first_message, language, voice` as plain strings;
    `prompt`, `voice` and `mind` may also be objects. Objects may arrive as JSON text, languages
    as `en-US`, enums in either case. A member nobody knows is refused by name.
    """
    raise NotImplementedError
