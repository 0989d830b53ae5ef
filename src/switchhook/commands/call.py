"""`switchhook call` and `switchhook demo`: place a call and watch it."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from switchhook.clients import this_program
from switchhook.commands.live import screen_for
from switchhook.commands.metering import Meter
from switchhook.commands.outcome import say
from switchhook.commands.playing import play
from switchhook.commands.screen import Screen
from switchhook.commands.talking import Caller, in_process, wherever_it_runs
from switchhook.domain.errors import InvalidInput
from switchhook.providers.loopback import personas
from switchhook.settings import Settings

DEMO_NUMBER = "+15550100001"
DEMO_TASK = "move Anna Berg's dental check-up to another day"
DEMO_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "description": "On which day can she come?"},
        "time": {"type": "string", "description": "At what time?"},
        "x_ray": {"type": "boolean", "description": "Does she need a new X-ray?"},
    },
    "required": ["day", "time"],
}


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


def demo(settings: Settings, persona: str | None, *, as_json: bool, aloud: bool = False) -> None:
    """Place a call on the loopback line, in a directory of its own."""
    who = known_persona(persona)
    folder = Path(tempfile.mkdtemp(prefix="switchhook-demo-"))
    apart = settings.model_copy(
        update={"data": folder, "database_url": "", "api_key": None, "api_secret": None}
    )
    wish = Wish(DEMO_NUMBER, DEMO_TASK, schema=DEMO_SCHEMA, persona=who, record=True)
    meter = Meter()
    screen = None if as_json else screen_for(_console(), meter)
    kept = asyncio.run(_demo(apart, wish, meter, screen))
    if aloud:
        _play(kept.get("recording"), screen)
    if screen is not None:
        screen.note("", _handover())


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
        details = await _watch(caller, placed, wish, None if as_json else screen_for(_console()))
        if as_json:
            print(json.dumps(details))


async def _demo(
    settings: Settings, wish: Wish, meter: Meter, screen: Screen | None
) -> dict[str, Path]:
    async with in_process(settings, meter) as caller:
        placed = await caller.place(wish.arguments())
        details = await _watch(caller, placed, wish, screen)
        kept = await _keep(caller, details, settings.data)
    if screen is None:
        print(json.dumps(details | {name: str(path) for name, path in kept.items()}))
        return kept
    for name, path in kept.items():
        screen.note(name, f"{path}{_SIDES.get(name, '')}")
    return kept


async def _watch(
    caller: Caller, placed: dict[str, Any], wish: Wish, screen: Screen | None
) -> dict[str, Any]:
    try:
        await _follow(caller, placed, wish, screen)
    except asyncio.CancelledError:
        # Said before the engine is closed, so that whoever pressed Ctrl-C sees that it was heard.
        call_id = placed["call_id"]
        say(f"interrupted; {f'{call_id} goes on' if caller.lasting else 'the call is ended'}")
        raise
    details = await caller.details(placed["call_id"])
    if screen is not None:
        screen.conclude(details)
    return details


async def _follow(
    caller: Caller, placed: dict[str, Any], wish: Wish, screen: Screen | None
) -> None:
    news = caller.follow(placed["call_id"])
    if screen is None:
        async for _ in news:
            pass
        return
    line = "a simulated call" if placed["simulated"] else "a real call"
    screen.announce(f"Calling {wish.to} ({line})", wish.task or wish.agent or "")
    async with screen.watching():
        async for event in news:
            screen.show(event)


async def _keep(caller: Caller, details: dict[str, Any], folder: Path) -> dict[str, Path]:
    transcript = folder / "transcript.txt"
    transcript.write_text("".join(map(_written, details["transcript"]["lines"])), encoding="utf-8")
    kept = {"transcript": transcript}
    if details["recorded"]:
        kept["recording"] = folder / "recording.wav"
        kept["recording"].write_bytes(await caller.recording(details["call_id"]))
    return kept


def _written(line: dict[str, Any]) -> str:
    cut = " - interrupted" if line.get("interrupted") else ""
    return f"{line['speaker']}: {line['text']}{cut}\n"


def _play(recording: Path | None, screen: Screen | None) -> None:
    if recording is None:
        say("there is nothing to play: the call was not recorded")
        return
    if screen is not None:
        screen.note("", "Playing the recording (Ctrl-C stops it)")
    played = play(recording)
    if played.player is None:
        say(f"cannot play the recording: {played.problem}")


def _handover() -> str:
    entry = json.dumps({"switchhook": this_program().entry()})
    return f"Give it to your assistant: add {entry} to its mcpServers, or run switchhook serve."


def _console() -> Console:
    return Console(highlight=False)


_SIDES = {"recording": "  (stereo: callee left, agent right)"}
