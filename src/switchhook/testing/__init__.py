"""For tests of your own: time that costs nothing, lines without telephones, scripted callees."""

from switchhook.testing.calls import AnsweredCall, a_call, answered
from switchhook.testing.lines import FakeLine, NotedJournal
from switchhook.testing.scripted import Said, ScriptedCallee, Waits
from switchhook.testing.virtual import VirtualLoop, run_virtually, virtual_clock

__all__ = [
    "AnsweredCall",
    "FakeLine",
    "NotedJournal",
    "Said",
    "ScriptedCallee",
    "VirtualLoop",
    "Waits",
    "a_call",
    "answered",
    "run_virtually",
    "virtual_clock",
]
