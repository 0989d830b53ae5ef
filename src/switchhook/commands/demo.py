"""`switchhook demo`: a call on the loopback line, shown live."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchhook.clients import this_program
from switchhook.commands.live import console, screen_for
from switchhook.commands.metering import Meter
from switchhook.commands.outcome import say
from switchhook.commands.playing import play
from switchhook.commands.screen import Screen
from switchhook.providers.loopback import personas
from switchhook.settings import Settings

if TYPE_CHECKING:
    from switchhook.commands.talking import Caller

NUMBER = "+15550100001"
TASK = "move Anna Berg's dental check-up to another day"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "description": "On which day can she come?"},
        "time": {"type": "string", "description": "At what time?"},
        "x_ray": {"type": "boolean", "description": "Does she need a new X-ray?"},
    },
    "required": ["day", "time"],
}


def demo(settings: Settings, persona: str | None, *, as_json: bool, aloud: bool = False) -> None:
    """Place the call in a directory of its own, and play its recording if it is to be heard."""
    # The call itself would only fail if nobody knew who is to pick up.
    who = personas.persona(persona).value
    apart = settings.model_copy(
        update={
            "data": Path(tempfile.mkdtemp(prefix="switchhook-demo-")),
            "database_url": "",
            "api_key": None,
            "api_secret": None,
        }
    )
    meter = Meter()
    screen = None if as_json else screen_for(console(), meter)
    if screen is not None:
        # The engine takes a moment to start; until then this is something to read.
        screen.announce(f"Calling {NUMBER} (a simulated call, {who.replace('_', ' ')})", TASK)
    kept = asyncio.run(_demo(apart, who, meter, screen))
    if aloud:
        _play(kept.get("recording"), screen)
    if screen is not None:
        screen.note("", _handover())


async def _demo(
    settings: Settings, persona: str, meter: Meter, screen: Screen | None
) -> dict[str, Path]:
    from switchhook.commands.call import Wish, watched  # noqa: PLC0415 - heavy, see `demo`
    from switchhook.commands.talking import in_process  # noqa: PLC0415 - as above

    wish = Wish(NUMBER, TASK, schema=SCHEMA, persona=persona, record=True)
    async with in_process(settings, meter) as caller:
        placed = await caller.place(wish.arguments())
        details = await watched(caller, placed["call_id"], screen)
        kept = await _keep(caller, details, settings.data)
    if screen is None:
        print(json.dumps(details | {name: str(path) for name, path in kept.items()}))
        return kept
    for name, path in kept.items():
        screen.note(name, str(path))
    return kept


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
        say("there is nothing to play: nobody picked up")
        return
    if screen is not None:
        screen.note("", "Playing the recording (Ctrl-C stops it)")
    played = play(recording)
    if played.player is None:
        say(f"cannot play the recording: {played.problem}")


def _handover() -> str:
    entry = json.dumps({"switchhook": this_program().entry()})
    return f"Give it to your assistant: add {entry} to its mcpServers, or run switchhook serve."
