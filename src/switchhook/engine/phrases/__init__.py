"""What the agent says by itself, in each language."""

from switchhook.engine.phrases.languages import phrases
from switchhook.engine.phrases.table import Phrases, filled

__all__ = ["Phrases", "filled", "phrases"]
