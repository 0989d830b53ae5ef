"""What a seed stands for: who is called, what they do, what goes wrong, and what is commanded."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from switchhook.domain.agent import Mind, TurnSettings
from switchhook.domain.lifecycle import Reason
from switchhook.ports import AnswerQuestion, Command, HangUp, PressKeys, Say
from switchhook.testing import (
    NO_FAULTS,
    PERFECT,
    Beeps,
    Conditions,
    Coughs,
    Faults,
    HangsUp,
    Interrupts,
    Listens,
    Marks,
    Noise,
    Pieces,
    Presses,
    Said,
    Step,
    Waits,
    Wire,
)

WANTS_AN_ANSWER = ("Who is this?", "Are you a robot?")
LINES = (
    *WANTS_AN_ANSWER,
    "Yes, sure.",
    "Yes.",
    "No.",
    "Hello?",
    "mhm",
    "okay",
    "For four people.",
    "Sorry, wait.",
    "What does it cost?",
    "Please stop calling me.",
    "You have the wrong number.",
    "Goodbye.",
    "My name is John",
)
_SCHEMA = {"type": "object", "properties": {"people": {"type": "integer"}}, "required": ["people"]}


@dataclass(frozen=True)
class Plan:
    """One call, before it happens."""

    seed: int
    spec: dict[str, Any]
    script: tuple[Step, ...]
    commands: tuple[tuple[float, Command], ...] = ()
    conditions: Conditions = PERFECT
    voice: Faults = NO_FAULTS
    pieces: Pieces | None = None
    ears: Faults = NO_FAULTS
    store: Faults = NO_FAULTS
    carrier: Faults = NO_FAULTS
    refusal: Reason | None = None
    rings: float = 0.5
    given_up_after: float = field(default=40.0)


def plan(seed: int) -> Plan:
    """Return the call that the seed stands for."""
    random = Random(seed)
    trouble = random.choice(("none", "none", "line", "line", "voice", "ears", "store", "carrier"))
    return Plan(
        seed=seed,
        spec=_spec(random),
        script=_script(random),
        commands=_commands(random),
        conditions=_conditions(random) if trouble == "line" or random.random() < 0.5 else PERFECT,
        voice=_voice(random) if trouble == "voice" else Faults(jitter=0.2, seed=seed),
        ears=_ears(random) if trouble == "ears" else NO_FAULTS,
        store=_store(random) if trouble == "store" else NO_FAULTS,
        carrier=Faults(error=0.5, jitter=2.0, seed=seed) if trouble == "carrier" else NO_FAULTS,
        refusal=random.choice((Reason.BUSY, Reason.DECLINED)) if random.random() < 0.03 else None,
        rings=random.uniform(0.1, 2.0),
        pieces=_pieces(random) if random.random() < 0.5 else None,
    )


def _spec(random: Random) -> dict[str, Any]:
    assistant = random.random() < 0.3
    return {
        "mind": Mind(kind="assistant" if assistant else "interview"),
        "first_message": "Good morning." if assistant else None,
        "result_schema": random.choice((None, _SCHEMA)),
        "max_duration_seconds": random.randint(10, 20),
        "idle_seconds": random.choice((2.0, 3.0, 4.0)),
        "name": "Rosa",
        "turns": TurnSettings(wait_for_hello_secs=random.choice((0, 0, 2.0))),
    }


def _script(random: Random) -> tuple[Step, ...]:
    steps = [_step(random) for _ in range(random.randint(0, 6))]
    return (
        (*steps, Waits(random.uniform(0.5, 4.0)), HangsUp()) if random.random() < 0.7 else (*steps,)
    )


def _step(random: Random) -> Step:
    text = random.choice(LINES)
    return random.choice(
        (
            Said(text, word_ms=random.choice((160, 240))),
            Waits(random.uniform(0.1, 2.0)),
            Listens(random.uniform(0.2, 1.0)),
            Listens(0.6),
            Interrupts(text, after_ms=random.randint(60, 1500)),
            Interrupts(text, after_ms=random.randint(60, 600)),
            Coughs(random.choice((100, 200, 400, 700))),
            Noise(random.choice((500, 1500))),
            Presses(random.choice(("1", "42#"))),
            Beeps(),
        )
    )


def _commands(random: Random) -> tuple[tuple[float, Command], ...]:
    if random.random() < 0.4:
        return ()
    chosen = (
        Say("By the way, we have a dog."),
        Say("Sorry, one more thing.", interrupt=True),
        Say("  "),
        PressKeys("12#"),
        AnswerQuestion("q1", "Ten dollars."),
        HangUp(),
    )
    times = sorted(random.uniform(0.0, 9.0) for _ in range(random.randint(1, 4)))
    return tuple((at, random.choice(chosen)) for at in times)


def _conditions(random: Random) -> Conditions:
    bad = random.random() < 0.4
    return Conditions(
        there=Wire(delay=random.uniform(0.01, 0.08), jitter=random.uniform(0.0, 0.05)),
        back=Wire(
            delay=random.uniform(0.01, 0.08),
            drop=0.02 if bad else 0.0,
            duplicate=0.02 if bad else 0.0,
            reorder=0.02 if bad else 0.0,
        ),
        echoes=Wire(
            delay=random.uniform(0.01, 0.08),
            jitter=random.uniform(0.0, 0.05),
            drop=0.1 if bad else 0.0,
            duplicate=0.2 if bad else 0.0,
            reorder=0.2 if bad else 0.0,
        ),
        buffer=random.uniform(0.04, 0.2),
        wobble=random.uniform(0.0, 0.1),
        marks=random.choice((*(Marks.PLAYED,) * 6, Marks.AT_ONCE, Marks.NEVER)),
        seed=random.randrange(1 << 30),
    )


def _voice(random: Random) -> Faults:
    return Faults(
        latency=random.choice((0.0, 0.3, 1.5)),
        jitter=0.5,
        error=random.choice((0.0, 0.3)),
        hang=random.choice((0.0, 0.3)),
        nothing=random.choice((0.0, 0.2)),
        garbage=random.choice((0.0, 0.2)),
        seed=random.randrange(1 << 30),
    )


def _pieces(random: Random) -> Pieces:
    return Pieces(
        most=random.choice((1, 10, 50)),
        between=random.choice((0.01, 0.1, 0.5, 1.5)),
        broken=random.choice((0.0, 0.0, 0.0, 0.1)),
        seed=random.randrange(1 << 30),
    )


def _ears(random: Random) -> Faults:
    return Faults(
        latency=random.choice((0.0, 0.3, 1.0)),
        error=random.choice((0.0, 0.0, 0.3)),
        hang=random.choice((0.0, 0.3)),
        nothing=random.choice((0.0, 0.4)),
        garbage=random.choice((0.0, 0.4)),
        seed=random.randrange(1 << 30),
    )


def _store(random: Random) -> Faults:
    locked = random.random() < 0.5
    return Faults(
        latency=3.0 if locked else 0.0,
        error=0.0 if locked else 0.3,
        after=random.randint(0, 4),
        seed=random.randrange(1 << 30),
    )
