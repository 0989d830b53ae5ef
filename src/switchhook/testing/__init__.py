"""For tests of your own: time that costs nothing, lines without telephones, scripted callees.

    async def main() -> None:
        script = [Listens(), Said("Yes."), Listens(), HangsUp()]
        async with answered(a_call("book a table"), script) as call:
            end = await call.ended()
        assert end.reason is Reason.USER_HANGUP

    run_virtually(main)

`Conditions` make the connection as bad as a telephone network is, `Faults` make a voice, ears or
a store misbehave; both are drawn from a seed, so that what happened once happens again.
"""

from switchhook.testing.analysts import Reading, ScriptedAnalyst
from switchhook.testing.calls import AT_ONCE, AnsweredCall, a_call, answered
from switchhook.testing.carriers import FakeCarrier, FakeLeg
from switchhook.testing.duplex import PlainDuplex
from switchhook.testing.ears import PlainEars
from switchhook.testing.faults import NO_FAULTS, Faults, Trouble
from switchhook.testing.journals import NotedJournal
from switchhook.testing.lines import PERFECT, FakeLine
from switchhook.testing.minds import Acts, Breaks, Fault, Ponders, ScriptedMind, Writes, writes
from switchhook.testing.playout import Conditions, Marks, Played, Playout, Sent
from switchhook.testing.scripted import (
    Beeps,
    Coughs,
    HangsUp,
    Interrupts,
    Listens,
    Noise,
    Presses,
    Said,
    ScriptedCallee,
    Step,
    Vanishes,
    Waits,
)
from switchhook.testing.talking import FakeTalkingLine, Manner
from switchhook.testing.virtual import VirtualLoop, run_virtually, stall, virtual_clock
from switchhook.testing.voices import Pieces, PlainVoice, uttered
from switchhook.testing.wires import Transit, Wire

__all__ = [
    "AT_ONCE",
    "NO_FAULTS",
    "PERFECT",
    "Acts",
    "AnsweredCall",
    "Beeps",
    "Breaks",
    "Conditions",
    "Coughs",
    "FakeCarrier",
    "FakeLeg",
    "FakeLine",
    "FakeTalkingLine",
    "Fault",
    "Faults",
    "HangsUp",
    "Interrupts",
    "Listens",
    "Manner",
    "Marks",
    "Noise",
    "NotedJournal",
    "Pieces",
    "PlainDuplex",
    "PlainEars",
    "PlainVoice",
    "Played",
    "Playout",
    "Ponders",
    "Presses",
    "Reading",
    "Said",
    "ScriptedAnalyst",
    "ScriptedCallee",
    "ScriptedMind",
    "Sent",
    "Step",
    "Transit",
    "Trouble",
    "Vanishes",
    "VirtualLoop",
    "Waits",
    "Wire",
    "Writes",
    "a_call",
    "answered",
    "run_virtually",
    "stall",
    "uttered",
    "virtual_clock",
    "writes",
]
