"""The built-in line: a telephone that rings in this process, and a simulated callee."""

from switchhook.providers.loopback.carrier import LoopbackCallers, LoopbackCarrier
from switchhook.providers.loopback.ears import TextEars
from switchhook.providers.loopback.hum import Hum
from switchhook.providers.loopback.meeting import LoopbackSwitch
from switchhook.providers.loopback.numbers import LoopbackNumbers
from switchhook.providers.loopback.personas import PERSONAS, Persona, persona

__all__ = [
    "PERSONAS",
    "Hum",
    "LoopbackCallers",
    "LoopbackCarrier",
    "LoopbackNumbers",
    "LoopbackSwitch",
    "Persona",
    "TextEars",
    "persona",
]
