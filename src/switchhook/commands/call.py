"""`switchhook call`: place a call and watch it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from switchhook.commands.live import console, screen_for
from switchhook.commands.outcome import say
from switchhook.commands.screen import Screen
from switchhook.commands.talking import Caller, wherever_it_runs
from switchhook.domain.errors import InvalidInput
from switchhook.providers.loopback import personas
from switchhook.settings import Settings


@dataclass(frozen=True, slots=True)
class Wish:
    """The call that somebody typed."""

    to: str
    task: str | None = None
    agent: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    schema: dict[str, Any] | None = None
    persona: str | None = None
    record: bool = False

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of create_call, without what was not given."""
        options = {"persona": self.persona, "record": self.record or None}
        given = {
            "to": self.to,
            "task": self.task,
            "agent": self.agent,
            "variables": dict(self.variables) or None,
            "result_schema": self.schema,
            "options": {name: value for name, value in options.items() if value} or None,
        }
        return {name: value for name, value in given.items() if value is not None}


def call(settings: Settings, wish: Wish, *, watch: bool, as_json: bool) -> None:
    """Place a call with the engine that runs, or with one of our own."""
    asyncio.run(_call(settings, wish, watch=watch, as_json=as_json))


def schema_from(path: Path) -> dict[str, Any]:
    """Return the JSON Schema in the file."""
    try:
        schema = json.loads(path.read_text())
    except OSError as unreadable:
        raise InvalidInput(
            f"cannot read {path}: {unreadable.strerror}", field="schema", hint="check the path"
        ) from None
    except ValueError:
        schema = None
    if not isinstance(schema, dict):
        raise InvalidInput(
            f"{path} holds no JSON object", field="schema", hint="write a JSON Schema there"
        )
    return schema  # pyright: ignore[reportUnknownVariableType] - the engine checks it


def known_persona(name: str | None) -> str | None:
    """Return the persona, or name those that there are; the call itself would only fail."""
    return None if name is None else personas.persona(name).value


def variables_from(pairs: Sequence[str]) -> dict[str, str]:
    """Return the variables that were given as name=value."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InvalidInput(
                f"{pair[:40]!r} is no variable", field="var", hint="--var name=value"
            )
        found[name] = value
    return found


async def _call(settings: Settings, wish: Wish, *, watch: bool, as_json: bool) -> None:
    if not wish.to:
        raise InvalidInput(
            "there is no number to call", field="to", hint="give one, such as +15550100001"
        )
    async with wherever_it_runs(settings) as caller:
        if not watch and not caller.lasting:
            raise InvalidInput(
                "no engine would go on with the call when this command ends",
                field="no-watch",
                hint="start one first (switchhook serve), or leave --no-watch away",
            )
        placed = await caller.place(wish.arguments())
        if not watch:
            print(json.dumps(placed) if as_json else placed["call_id"])
            return
        screen = None if as_json else screen_for(console())
        if screen is not None:
            line = "a simulated call" if placed["simulated"] else "a real call"
            screen.announce(f"Calling {wish.to} ({line})", wish.task or wish.agent or "")
        details = await watched(caller, placed["call_id"], screen)
        if as_json:
            print(json.dumps(details))


async def watched(caller: Caller, call_id: str, screen: Screen | None) -> dict[str, Any]:
    """Follow a call to its end, on the screen if there is one, and return what is known of it."""
    try:
        async with nullcontext() if screen is None else screen.watching():
            async for event in caller.follow(call_id):
                if screen is not None:
                    screen.show(event)
    except asyncio.CancelledError:
        # Said before the engine is closed, so that whoever pressed Ctrl-C sees that it was heard.
        say(f"interrupted; {f'{call_id} goes on' if caller.lasting else 'the call is ended'}")
        raise
    details = await caller.details(call_id)
    if screen is not None:
        screen.conclude(details)
    return details
