"""How often the offline interview reaches what it asks for: a table of rehearsals in virtual time.

Every run is a whole call in 8 kHz mu-law. An answer counts as right when the field has the value
that the callee's own words mean; unknown is honest, another value is wrong.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from switchhook.app import listening, speaking
from switchhook.domain.errors import Unavailable
from switchhook.domain.rehearsal import Scenario
from switchhook.engine.answers import Expected, read
from switchhook.engine.form import blanks
from switchhook.engine.phrases import ENGLISH
from switchhook.ports import Clock, Dial, Ears, Voice
from switchhook.providers.loopback.callee import Callee
from switchhook.providers.loopback.carrier import LoopbackLeg
from switchhook.providers.loopback.line import LoopbackLine
from switchhook.providers.loopback.personas import Persona
from switchhook.providers.loopback.sound import Sound, callee_voice
from switchhook.runtime.ticker import Ticker
from switchhook.service.rehearsal import Part, Report, Stage, rehearse
from switchhook.testing import run_virtually, virtual_clock
from switchhook.testing.virtual import EPOCH

TALKERS = (
    Persona.COOPERATIVE,
    Persona.HURRIED,
    Persona.HARD_OF_HEARING,
    Persona.TALKS_OVER,
    Persona.CHANGES_MIND,
    Persona.CURIOUS,
)
QUESTIONS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer", "description": "How many guests?"},
    "number": {"type": "number", "title": "price"},
    "boolean": {"type": "boolean", "description": "Is a table outside fine?"},
    "enum": {"enum": ["inside", "outside", "terrace"], "description": "Where do you want to sit?"},
    "date": {"type": "string", "format": "date", "description": "On which day?"},
    "time": {"type": "string", "format": "time", "description": "At what time?"},
    "phone": {"type": "string", "title": "your phone number", "format": "phone"},
    "email": {"type": "string", "format": "email"},
    "string": {"type": "string", "description": "Under which name?"},
}
CLOSED = ("integer", "boolean", "enum", "date", "time")
"""What ears with a grammar can hope to understand."""

VOICES = (("female", 1.0), ("en-us", 1.0), ("en-gb", 1.15))
NOISES = (0, 60, 200)


SPARSE = 4
"""Of the offline ears, which take their time, only so manieth run is played."""


@dataclass(frozen=True, slots=True)
class Run:
    """One call to be played."""

    who: Persona
    sound: Sound
    asked: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What became of the fields of some runs."""

    right: int = 0
    unknown: int = 0
    wrong: int = 0
    calls: int = 0
    done: int = 0
    seconds: float = 0.0
    spent: float = 0.0

    def row(self, name: str) -> str:
        fields = max(1, self.right + self.unknown + self.wrong)
        calls = max(1, self.calls)
        return (
            f"{name:<34} {self.calls:>5} {self.done / calls:>9.0%} {self.right / fields:>7.0%}"
            f" {self.unknown / fields:>8.0%} {self.wrong / fields:>6.0%}"
            f" {self.seconds / calls:>8.1f} {self.spent / calls * 1000:>9.0f}"
        )


@dataclass(slots=True)
class Casting:
    """A carrier whose callees the bench can question afterwards."""

    voice: Voice
    clock: Clock
    ticker: Ticker
    sound: Sound
    name: str = "loopback"
    simulated: bool = True
    callee: Callee = field(default_factory=lambda: Callee(Persona.COOPERATIVE, 0))

    async def dial(self, request: Dial) -> LoopbackLeg:
        who = Persona(request.options["persona"])
        self.callee = Callee(who, self.sound.seed)
        line = LoopbackLine(
            self.callee, self.voice.open("en", self.sound.voice), self.clock, self.sound
        )
        return LoopbackLeg("bench", who, line, self.clock, self.ticker)


def play(scenario: Scenario, sound: Sound, speech: tuple[Voice, Ears]) -> tuple[Report, Callee]:
    """Play one call to its end."""

    async def main() -> tuple[Report, Callee]:
        clock = virtual_clock()
        ticker = Ticker(clock)
        casting = Casting(speech[0], clock, ticker, sound)
        stage = Stage(casting, speech[1], speech[0], clock, ticker, Path(gettempdir()))
        return await rehearse(stage, scenario, Part(sound.seed)), casting.callee

    return run_virtually(main)


def count(tally: Tally, report: Report, callee: Callee, schema: dict[str, Any]) -> None:
    """Add a run to the tally."""
    today: date = EPOCH.date()
    tally.calls += 1
    tally.done += report.outcome.verdict.value == "achieved"
    tally.seconds += report.seconds
    for blank in blanks(schema, ENGLISH):
        said = next((a for q, a in callee.answers.items() if blank.question in q), "")
        meant = read(said, Expected(blank.shape, today, blank.choices)) if said else None
        found = report.outcome.fields[blank.name]
        tally.right += found.known and found.value == meant
        tally.unknown += not found.known
        tally.wrong += found.known and found.value != meant


def sounds(who: Persona, seed: int) -> Iterator[tuple[str, Sound]]:
    """Yield each voice in each noise."""
    for name, speed in VOICES:
        ordinary = callee_voice(who)
        changes: dict[str, Any] = {"speed": min(2.0, ordinary.speed * speed)}
        if name != "female":
            changes |= {"name": name, "provider": "espeak-ng"}
        for noise in NOISES:
            voice = ordinary.model_copy(update=changes)
            yield f"voice {name} noise {noise}", Sound(voice, noise, seed)


def runs(questions: tuple[str, ...], every: int) -> Iterator[tuple[Run, tuple[str, ...]]]:
    """Yield each call that is to be played, and the rows it counts for."""
    for who in TALKERS:
        for at, (name, sound) in enumerate(sounds(who, len(who))):
            if at % every == 0:
                yield Run(who, sound, questions), ("all", f"persona {who.value}", name)
    for kind in questions:
        for who in TALKERS:
            for at, (_, sound) in enumerate(sounds(who, len(kind) + len(who))):
                if at % (3 * every) == 0:
                    yield Run(who, sound, (kind,)), (f"field {kind}",)


def table(ears: Ears, voice: Voice, questions: tuple[str, ...], every: int) -> Iterator[str]:
    """Yield the lines of the table of one kind of ears."""
    rows: dict[str, Tally] = {}
    for run, names in runs(questions, every):
        schema = {"type": "object", "properties": {name: QUESTIONS[name] for name in run.asked}}
        scenario = Scenario(name="bench", persona=run.who, task="book", result_schema=schema)
        begun = time.perf_counter()
        report, callee = play(scenario, run.sound, (voice, ears))
        spent = time.perf_counter() - begun
        for name in names:
            tally = rows.setdefault(name, Tally())
            count(tally, report, callee, schema)
            tally.spent += spent
    yield f"\n{ears.name} ears, fields {', '.join(questions)}"
    yield (
        f"{'':<34} {'calls':>5} {'achieved':>9} {'right':>7} {'unknown':>8} {'wrong':>6}"
        f" {'seconds':>8} {'ms spent':>9}"
    )
    yield from (tally.row(name) for name, tally in rows.items())


def tables() -> Iterator[str]:
    """Yield the tables of both kinds of ears."""
    with speaking() as voice:
        with listening("text") as ears:
            yield from table(ears, voice, tuple(QUESTIONS), 1)
        try:
            with listening("offline") as ears:
                yield from table(ears, voice, CLOSED, SPARSE)
        except Unavailable as missing:
            yield missing.message


def main() -> None:
    """Print them as they come."""
    for line in tables():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
