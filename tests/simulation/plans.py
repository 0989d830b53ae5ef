"""What a seed stands for: who is called, what they do, what goes wrong, and what is commanded."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from switchhook.domain.actions import SendDigits, TransferCall
from switchhook.domain.agent import Mind, TurnSettings
from switchhook.domain.lifecycle import Reason
from switchhook.engine.events import Quiet
from switchhook.ports import (
    AnswerQuestion,
    BeQuiet,
    Command,
    Guide,
    HangUp,
    PressKeys,
    PutThrough,
    Say,
)
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
    Manner,
    Marks,
    Noise,
    Presses,
    Said,
    Step,
    Waits,
    Wire,
)
from tests.simulation.senses import Senses, senses
from tests.simulation.telephones import COLLEAGUE, Colleague, Joining, Talks, Telephone
from tests.simulation.thinkers import Thinking, thinking

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
    "Can I speak to a human?",
    "One moment, please.",
)
LONG_RING = 30.0
"""Seconds after which some pick up whom others would have given up."""

_SCHEMA = {"type": "object", "properties": {"people": {"type": "integer"}}, "required": ["people"]}


@dataclass(frozen=True)
class Plan:
    """One call, before it happens."""

    seed: int
    spec: dict[str, Any]
    callee: Telephone
    thinking: Thinking
    colleague: Colleague | None = None
    inbound: bool = False
    stopped_at: float | None = None
    """When the process begins to stop, with a little patience."""
    commands: tuple[tuple[float, Command], ...] = ()
    senses: Senses = field(default_factory=Senses)
    store: Faults = NO_FAULTS

    @property
    def talks(self) -> bool:
        """Whether the callee's line hears and speaks by itself."""
        return self.callee.talks is not None

    @property
    def swift(self) -> bool:
        """Whether all who take part on our side answer at once."""
        talks = self.callee.talks
        tells = talks is None or (talks.manner.tells and talks.deaf_to_itself == 0)
        return self.senses.swift and self.thinking.healthy and tells


def plan(seed: int) -> Plan:
    """Return the call that the seed stands for."""
    random = Random(seed)
    trouble = random.choice(
        ("none", "none", "line", "line", "voice", "ears", "store", "carrier", "mind", "mind")
    )
    thought = thinking(random, well=trouble != "mind")
    handed_over = random.random() < 0.3
    script = _script(random, stays=handed_over or thought.kind in ("model", "duplex"))
    callee = _callee(random, script, trouble, seed)
    colleague = _colleague(random, callee) if handed_over else None
    return Plan(
        seed=seed,
        spec=_spec(random, thought, colleague),
        callee=callee,
        thinking=thought,
        colleague=colleague,
        inbound=random.random() < 0.15,
        stopped_at=random.uniform(0.0, 30.0) if random.random() < 0.06 else None,
        commands=(*_commands(random, colleague), *_answers(random, thought)),
        senses=senses(random, trouble, seed),
        store=_store(random) if trouble == "store" else NO_FAULTS,
    )


def _spec(random: Random, thought: Thinking, colleague: Colleague | None) -> dict[str, Any]:
    transfer = TransferCall(phone_number=COLLEAGUE, warm=random.random() < 0.5)
    return {
        "mind": Mind(kind=thought.kind),
        "first_message": "Good morning." if thought.kind != "interview" else None,
        "result_schema": random.choice((None, _SCHEMA)),
        "actions": (SendDigits(), *([transfer] if colleague else [])),
        "max_duration_seconds": _longest(random, colleague),
        "idle_seconds": random.choice((2.0, 4.0, 7.0)),
        "name": "Rosa",
        "turns": TurnSettings(
            wait_for_hello_secs=random.choice((0, 0, 2.0)),
            endpointing_mode="dynamic" if thought.turn_over_after is None else "provider",
        ),
    }


def _longest(random: Random, colleague: Colleague | None) -> int:
    """Draw how long the call may last; where somebody may ring for long, long enough for that."""
    if colleague is None:
        return random.randint(10, 20)
    return 120 if colleague.telephone.rings >= LONG_RING else random.randint(15, 35)


def _callee(random: Random, script: tuple[Step, ...], trouble: str, seed: int) -> Telephone:
    talks = random.random() < 0.2
    shaken = trouble == "line" or random.random() < 0.5
    return Telephone(
        script,
        random.uniform(0.1, 2.0),
        random.choice((Reason.BUSY, Reason.DECLINED)) if random.random() < 0.03 else None,
        _conditions(random) if shaken and not talks else PERFECT,
        _talks(random, trouble) if talks else None,
        Faults(error=0.5, jitter=2.0, seed=seed) if trouble == "carrier" else NO_FAULTS,
        parts_in=random.choice((0.0, 0.0, 0.5)),
    )


def _talks(random: Random, trouble: str) -> Talks:
    bad = trouble == "line"
    manner = Manner(
        letter_ms=random.choice((40, 60, 80)),
        tells=random.random() < 0.8,
        lets_listeners_hum=random.random() < 0.5,
    )
    delay, jitter = random.uniform(0.0, 0.3), random.choice((0.0, 0.3)) if bad else 0.0
    return Talks(
        manner,
        Wire(delay=delay, jitter=jitter),
        deaf_to_itself=random.choice((0.0, 0.3)) if bad else 0.0,
        lost_after=random.uniform(1.0, 10.0) if bad and random.random() < 0.3 else None,
        seed=random.randrange(1 << 30),
    )


def _colleague(random: Random, callee: Telephone) -> Colleague:
    """Draw who is dialled for the callee, on a line of the same kind."""
    script = random.choice(
        (
            (Listens(), Said("Yes.")),
            (Said("Hello?"), Listens(), Said("Yes, please."), Waits(3.0), HangsUp()),
            (Said("Hello?"), Listens(), Said("No.")),
            (Said("Hello?"), Waits(1.0), HangsUp()),
            (Presses("1"),),
            (Waits(600),),
            (Said("You have reached the desk. Please leave a message after the tone."), Beeps()),
        )
    )
    return Colleague(
        Telephone(
            script,
            random.choice((*(0.2, 0.2, 1.0, 4.0) * 5, LONG_RING, 2 * LONG_RING)),
            random.choice((Reason.BUSY, Reason.NO_ANSWER)) if random.random() < 0.2 else None,
            talks=Talks() if callee.talks else None,
            faults=Faults(error=0.2, jitter=1.0, seed=random.randrange(1 << 30)),
        ),
        random.choice((*(Joining.DONE, Joining.MOVED) * 3, *Joining)),
        random.choice((0.05, 0.5, 3.0)),
        random.uniform(0.0, 10.0),
    )


def _script(random: Random, *, stays: bool) -> tuple[Step, ...]:
    """Draw what the callee does; one who stays has more to say, and more patience."""
    steps = [_step(random) for _ in range(random.randint(0, 6))]
    if stays:
        steps += [step for _ in range(4) for step in _replies(random)]
    if random.random() < (0.4 if stays else 0.3):
        return (*steps,)
    patience = 12.0 if stays and random.random() < 0.5 else 4.0
    return (*steps, Waits(random.uniform(0.5, patience)), HangsUp())


def _replies(random: Random) -> tuple[Step, ...]:
    """Draw how somebody answers the agent: when it has finished, or in the middle of it."""
    said = _says(random)
    if random.random() < 0.4:
        return (Interrupts(said.text, random.randint(300, 1500)),)
    return (Listens(random.uniform(0.4, 1.0)), said)


def _says(random: Random) -> Said:
    lines = WANTS_AN_ANSWER if random.random() < 0.4 else LINES
    return Said(random.choice(lines), word_ms=random.choice((160, 240)))


def _step(random: Random) -> Step:
    text = random.choice(LINES)
    return random.choice(
        (
            _says(random),
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


def _commands(random: Random, colleague: Colleague | None) -> tuple[tuple[float, Command], ...]:
    if colleague is None and random.random() < 0.4:
        return ()
    chosen = (
        Say("By the way, we have a dog."),
        Say("Sorry, one more thing.", interrupt=True),
        Say("  "),
        PressKeys("12#"),
        AnswerQuestion("q1", "Ten dollars."),
        Guide("They may pay up to ten dollars."),
        BeQuiet(random.choice((Quiet.MUTED, Quiet.ON_HOLD))),
        BeQuiet(None, random.choice(("", "Here I am again."))),
        HangUp(),
    )
    times = sorted(random.uniform(0.0, 12.0) for _ in range(random.randint(0, 4)))
    commands = tuple((at, random.choice(chosen)) for at in times)
    if colleague is None or random.random() < 0.2:
        return commands
    through = PutThrough(COLLEAGUE, random.choice(("", "", "A guest is on the line.")))
    return (*commands, *((random.uniform(1.0, 9.0), through) for _ in range(random.randint(1, 2))))


def _answers(random: Random, thought: Thinking) -> tuple[tuple[float, Command], ...]:
    """Draw when somebody answers what a mind wants to know, before or after it has asked."""
    times = [random.uniform(4.0, 16.0) for _ in range(3)] if thought.consults else []
    return tuple((at, AnswerQuestion("q1", "Yes, that is fine.")) for at in times)


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


def _store(random: Random) -> Faults:
    locked = random.random() < 0.5
    return Faults(
        latency=3.0 if locked else 0.0,
        error=0.0 if locked else 0.3,
        after=random.randint(0, 4),
        seed=random.randrange(1 << 30),
    )
