"""OpenAI on 127.0.0.1, true to its wire: what it says, and what goes wrong with it."""

from switchhook.testing.openai.brain import Asked, Brain, Fails, Refuses, Reply, when
from switchhook.testing.openai.chat import Quirk
from switchhook.testing.openai.listening import Scribe
from switchhook.testing.openai.mishaps import Mishap
from switchhook.testing.openai.server import FakeOpenAI

__all__ = [
    "Asked",
    "Brain",
    "Fails",
    "FakeOpenAI",
    "Mishap",
    "Quirk",
    "Refuses",
    "Reply",
    "Scribe",
    "when",
]
