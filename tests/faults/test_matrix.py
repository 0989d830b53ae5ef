"""Every fault of every layer: the callee hears something in time or the call ends, and is over.

The acceptance is the same for all: the callee hears something within five seconds or the call
ends, the carrier's leg is hung up, the record has an end, and no task, ear or call is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from switchhook.domain.lifecycle import TERMINAL, State
from switchhook.testing import (
    NO_FAULTS,
    Conditions,
    FakeCarrier,
    Faults,
    HangsUp,
    Listens,
    Marks,
    Said,
    ScriptedMind,
    Step,
    Vanishes,
    Waits,
    Wire,
)
from switchhook.testing.minds import Fault as MindFault
from switchhook.testing.minds import writes
from tests.faults.judging import SILENCE, longest_silence
from tests.scenarios.bugs import no_fillers
from tests.scenarios.exchanges import Calls, Office, place
from tests.scenarios.stage import TELEPHONE
from tests.simulation.bugs import Bug, call_not_hung_up

SEEDS = range(3)
POLITE: tuple[Step, ...] = (
    Listens(),
    Said("Who is this?"),
    Listens(),
    Said("Yes, sure."),
    Listens(),
    Said("No, thanks."),
    Waits(14.0),
    HangsUp(),
)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong."""

    voice: Faults = NO_FAULTS
    ears: Faults = NO_FAULTS
    store: Faults = NO_FAULTS
    carrier: Faults = NO_FAULTS
    mind: MindFault | None = None
    conditions: Conditions = TELEPHONE
    script: tuple[Step, ...] = POLITE


MATRIX: dict[str, Trouble] = {
    "media stops mid-utterance": Trouble(script=(Waits(until_heard="assistant"), Vanishes())),
    "the line is dropped": Trouble(script=(Waits(until_heard="assistant"), HangsUp())),
    "frames are lost": Trouble(conditions=Conditions(back=Wire(drop=0.3), buffer=0.1)),
    "frames come twice": Trouble(conditions=Conditions(back=Wire(duplicate=0.3), buffer=0.1)),
    "frames are overtaken": Trouble(conditions=Conditions(back=Wire(reorder=0.2), buffer=0.1)),
    "marks come late": Trouble(conditions=Conditions(echoes=Wire(delay=0.8, jitter=0.8))),
    "marks come at once": Trouble(conditions=Conditions(marks=Marks.AT_ONCE, buffer=0.2)),
    "marks never come": Trouble(conditions=Conditions(marks=Marks.NEVER, buffer=0.2)),
    "marks come twice": Trouble(conditions=Conditions(echoes=Wire(duplicate=1.0, reorder=0.5))),
    "ears fail": Trouble(ears=Faults(error=1.0)),
    "ears fail once": Trouble(ears=Faults(error=1.0, after=1, times=1)),
    "ears hang": Trouble(ears=Faults(hang=1.0)),
    "ears lose what is said": Trouble(ears=Faults(nothing=0.5)),
    "ears hear garbage": Trouble(ears=Faults(garbage=0.5)),
    "ears are slow": Trouble(ears=Faults(latency=1.0, jitter=1.0)),
    "voice fails": Trouble(voice=Faults(error=1.0)),
    "voice fails midway": Trouble(voice=Faults(error=1.0, after=3)),
    "voice fails once": Trouble(voice=Faults(error=1.0, after=2, times=1)),
    "voice hangs": Trouble(voice=Faults(hang=1.0)),
    "voice hangs midway": Trouble(voice=Faults(hang=1.0, after=3)),
    "voice is slow": Trouble(voice=Faults(latency=1.0, jitter=1.5)),
    "voice gives nothing": Trouble(voice=Faults(nothing=1.0, after=2)),
    "voice gives garbage": Trouble(voice=Faults(garbage=0.5)),
    "store is locked": Trouble(store=Faults(latency=5.0)),
    **{
        f"store is full at commit {number}": Trouble(store=Faults(error=1.0, after=number))
        for number in range(10)
    },
    "store fails once": Trouble(store=Faults(error=1.0, after=3, times=1)),
    "carrier fails": Trouble(carrier=Faults(error=1.0)),
    "carrier is slow": Trouble(carrier=Faults(latency=8.0)),
    **{f"mind: {fault.name.lower()}": Trouble(mind=fault) for fault in MindFault},
}


def suffer(trouble: Trouble, seed: int) -> Office:
    """Hold a call with this trouble, over a line of its own luck."""
    mind = ScriptedMind(writes("Here is what I can tell you."), fault=trouble.mind)
    thinks = {} if trouble.mind is None else {"mind": {"kind": "assistant"}}
    desk = Calls()
    desk.add("one", seeded(trouble.store, seed), max_duration_seconds=40, idle_seconds=2, **thinks)
    minds = {} if trouble.mind is None else {"assistant": mind}
    return place(
        desk,
        lambda clock: FakeCarrier(
            clock, trouble.script, lucky(trouble.conditions, seed), faults=trouble.carrier
        ),
        ears=seeded(trouble.ears, seed),
        voice=seeded(trouble.voice, seed),
        minds=minds,
    )


def lucky(conditions: Conditions, seed: int) -> Conditions:
    """Return the conditions with the luck of this seed."""
    return replace(conditions, seed=seed)


def seeded(faults: Faults, seed: int) -> Faults:
    """Return the faults with the luck of this seed."""
    return replace(faults, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MATRIX)
def test_whatever_fails_nobody_is_left_in_silence_and_the_call_ends(name: str, seed: int) -> None:
    trouble = MATRIX[name]

    office = suffer(trouble, seed)

    states = office.desk.states()
    assert office.placing.live == ()
    assert office.seconds <= 80
    if trouble.store == NO_FAULTS:
        assert sum(state in TERMINAL for state in states) == 1
        assert states[-1] in TERMINAL
    if "one" not in office.carrier.legs:
        assert states == [State.ERROR]
        return
    assert len(office.carrier.legs["one"].hung_up) == 1
    if Vanishes() not in trouble.script:
        assert longest_silence(office.carrier.legs["one"]) <= SILENCE


@pytest.mark.parametrize(
    ("name", "bug"),
    [("voice hangs midway", call_not_hung_up), ("mind: hangs", no_fillers)],
    ids=str,
)
def test_the_matrix_can_fail(name: str, bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug.plant(monkeypatch)

    with pytest.raises(AssertionError):
        test_whatever_fails_nobody_is_left_in_silence_and_the_call_ends(name, 0)
