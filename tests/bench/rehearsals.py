"""How often the offline interview reaches what it asks for: a table of rehearsals in virtual time.

Every run is a whole call in 8 kHz mu-law. An answer counts as right when the field has the value
that the callee's own words mean; unknown is honest, another value is wrong. The text ears, which
read the words off the line, show what the dialogue can reach; a call is as it should be when it
ends for the same reason as theirs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Unavailable
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.domain.rehearsal import Scenario
from switchhook.engine.answers import Expected, read
from switchhook.engine.form import blanks
from switchhook.engine.phrases import phrases
from switchhook.ports import Clock, Dial, Ears, Voice
from switchhook.providers.loopback.callee import Callee
from switchhook.providers.loopback.carrier import LoopbackLeg
from switchhook.providers.loopback.line import LoopbackLine
from switchhook.providers.loopback.menu import Menu
from switchhook.providers.loopback.personas import NOT_PICKED_UP, Persona
from switchhook.providers.loopback.sound import Sound, callee_voice
from switchhook.runtime.ticker import Ticker
from switchhook.service.rehearsal import Part, Report, Stage, rehearse
from switchhook.services import listening, speaking
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
OTHERS = tuple(who for who in Persona if who not in {*TALKERS, *NOT_PICKED_UP})
"""Whoever answers and fills in no form, or not at once."""
QUESTIONS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer", "description": "How many guests?"},
    "boolean": {"type": "boolean", "description": "Is a table outside fine?"},
    "enum": {"enum": ["inside", "outside", "terrace"], "description": "Where do you want to sit?"},
    "date": {"type": "string", "format": "date", "description": "On which day?"},
    "time": {"type": "string", "format": "time", "description": "At what time?"},
    "phone": {"type": "string", "title": "your phone number", "format": "phone"},
}
CLOSED = tuple(QUESTIONS)
"""What ears with a grammar can hope to understand."""

VOICES = (
    *("en-us", "en-us+f3", "en-us+f2", "en-us+m3", "en-us+m7"),
    *("en-us+Annie", "en-gb", "en-gb-scotland+f4"),
)
SPEEDS = (1.0, 0.85, 1.2)
NOISES = (0, 60, 200)
TIMES = 5
"""How often each persona is asked each thing, every time in another voice, speed or noise."""


@dataclass(frozen=True, slots=True)
class Run:
    """One call to be played."""

    who: Persona
    sound: Sound
    asked: tuple[str, ...]

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "object", "properties": {name: QUESTIONS[name] for name in self.asked}}

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of the table for which the call counts."""
        sound = self.sound
        size = "one field" if len(self.asked) == 1 else "all closed fields"
        return (
            "all",
            size,
            f"persona {self.who.value}",
            f"voice {sound.voice.name}",
            f"speed {sound.voice.speed:.2g}",
            f"noise {sound.noise}",
        )


@dataclass(slots=True)
class Tally:
    """What became of some calls and of their fields."""

    right: int = 0
    unknown: int = 0
    wrong: int = 0
    calls: int = 0
    ended: int = 0
    achieved: int = 0
    seconds: float = 0.0
    spent: float = 0.0

    def row(self, name: str) -> str:
        fields = max(1, self.right + self.unknown + self.wrong)
        calls = max(1, self.calls)
        return (
            f"{name:<27} {self.calls:>5} {self.ended / calls:>10.0%} {self.achieved / calls:>9.0%}"
            f" {self.right / fields:>7.0%} {self.unknown / fields:>8.0%}"
            f" {self.wrong / fields:>6.1%} {self.seconds / calls:>8.1f}"
            f" {self.spent / calls * 1000:>9.0f}"
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
        menu = who is Persona.IVR
        self.callee = Callee(Persona.COOPERATIVE if menu else who, self.sound.seed)
        answering = Menu(self.callee) if menu else self.callee
        speaking = self.voice.open("en", self.sound.voice)
        line = LoopbackLine(answering, speaking, self.clock, self.sound)
        return LoopbackLeg("bench", who, line, self.clock, self.ticker)


def play(run: Run, speech: tuple[Voice, Ears]) -> tuple[Report, Callee]:
    """Play one call to its end."""

    async def main() -> tuple[Report, Callee]:
        clock = virtual_clock()
        ticker = Ticker(clock)
        casting = Casting(speech[0], clock, ticker, run.sound)
        stage = Stage(casting, speech[1], speech[0], clock, ticker, Path(gettempdir()))
        schema = run.schema
        scenario = Scenario(name="bench", persona=run.who, task="book", result_schema=schema)
        return await rehearse(stage, scenario, Part(run.sound.seed)), casting.callee

    return run_virtually(main)


def count(tally: Tally, report: Report, fields: Iterable[str], end: Reason) -> None:
    """Add a call, which should have ended so, to the tally."""
    tally.calls += 1
    tally.ended += report.reason is end
    tally.achieved += report.outcome.verdict is Verdict.ACHIEVED
    tally.seconds += report.seconds
    for became in fields:
        tally.right += became == "right"
        tally.unknown += became == "unknown"
        tally.wrong += became == "wrong"


def judged(run: Run, report: Report, callee: Callee) -> dict[str, str]:
    """Return what became of each field that was asked for."""
    today: date = EPOCH.date()
    became: dict[str, str] = {}
    for blank in blanks(run.schema, phrases("en")):
        said = next((a for q, a in callee.answers.items() if blank.question in q), "")
        meant = read(said, Expected(blank.shape, today, blank.choices)) if said else None
        found = report.outcome.fields.get(blank.name)
        if found is None or not found.known:
            became[blank.name] = "unknown"
        else:
            became[blank.name] = "right" if found.value == meant else "wrong"
    return became


def sound(who: Persona, number: int) -> Sound:
    """Return how a callee sounds; voices, speeds and noises are mixed."""
    speed = callee_voice(who).speed * SPEEDS[number % len(SPEEDS)]
    name = VOICES[number % len(VOICES)]
    voice = VoiceChoice(name=name, provider="espeak-ng", speed=speed)
    return Sound(voice, NOISES[number // len(SPEEDS) % len(NOISES)], number)


def runs() -> Iterator[Run]:
    """Yield each call that is to be played."""
    number = 0
    asked = [*((kind,) for kind in CLOSED), CLOSED]
    for who, fields, _ in product(TALKERS, asked, range(TIMES)):
        yield Run(who, sound(who, number), fields)
        number += 1
    for who, _ in product(OTHERS, range(TIMES)):
        yield Run(who, sound(who, number), ("time",))
        number += 1


def table(ears: Ears, voice: Voice, ends: dict[Run, Reason]) -> Iterator[str]:
    """Yield the lines of the table of one kind of ears; `ends` knows how calls should end."""
    rows: dict[str, Tally] = {}
    for run in runs():
        begun = time.perf_counter()
        report, callee = play(run, (voice, ears))
        spent = time.perf_counter() - begun
        end = ends.setdefault(run, report.reason)
        became = judged(run, report, callee) if run.who in TALKERS else {}
        counted = [(name, list(became.values())) for name in run.rows]
        counted += [(f"field {name}", [result]) for name, result in became.items()]
        for name, fields in counted:
            tally = rows.setdefault(name, Tally())
            count(tally, report, fields, end)
            tally.spent += spent
    yield f"\n{ears.name} ears"
    yield (
        f"{'':<27} {'calls':>5} {'as should':>10} {'achieved':>9} {'right':>7} {'unknown':>8}"
        f" {'wrong':>6} {'seconds':>8} {'ms spent':>9}"
    )
    yield from (tally.row(name) for name, tally in sorted(rows.items()))


def tables() -> Iterator[str]:
    """Yield the tables of both kinds of ears."""
    ends: dict[Run, Reason] = {}
    with speaking() as voice:
        with listening("text") as ears:
            yield from table(ears, voice, ends)
        try:
            with listening("offline") as ears:
                yield from table(ears, voice, ends)
        except Unavailable as missing:
            yield missing.message


def main() -> None:
    """Print them as they come."""
    for line in tables():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
