"""What people say on the telephone, in each language: the lists the engine's rules look into."""

from switchhook.engine.words.languages import words_of
from switchhook.engine.words.phrases import Phrases, Script, plain
from switchhook.engine.words.table import Answering, Turns, Words

__all__ = ["Answering", "Phrases", "Script", "Turns", "Words", "plain", "words_of"]
