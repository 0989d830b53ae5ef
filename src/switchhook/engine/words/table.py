"""The kinds of words the rules of a conversation need, of one language."""

from __future__ import annotations

from dataclasses import dataclass

from switchhook.engine.words.phrases import Phrases


@dataclass(frozen=True)
class Abbreviations:
    """Words with a full stop that may not end their sentence, without that stop, in lower case."""

    never: frozenset[str]
    """Something always follows: "Dr.", "e.g."."""
    numbered: frozenset[str]
    """They are abbreviations before a number only: "No. 5"."""
    either: frozenset[str]
    """They end a sentence when a capital follows: "at 7 a.m. Then"."""


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Words that tell whether somebody has finished, or wants to speak at all."""

    hesitations: Phrases
    """Like "um": more will follow."""
    conjunctions: Phrases
    """Never the last word of a sentence, even where the ears put a full stop behind it."""
    leaning: Phrases
    """Seldom the last words, unless a full stop follows: "my number is"."""
    closings: Phrases
    yes: Phrases
    no: Phrases
    backchannels: Phrases
    """Said while listening, not to take the floor."""
    stops: Phrases
    """Said to take the floor at once."""
    digits: Phrases
    at_sign: Phrases
    dot: Phrases
    moments: Phrases
    """Requests to wait: "one moment, please"."""


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Words that tell who answered."""

    voicemail: Phrases
    menu: Phrases
    assistant: Phrases
    """A telephone's own screening, which asks for name and reason."""
    unavailable: Phrases
    """The network, not the subscriber."""
    human: Phrases
    """Said by people only, among them "he's not available" and "I'm busy"."""
    do_not_call: Phrases
    do_not_call_at_end: Phrases
    """Requests not to be called only as the last words: "don't call me", not "… before six"."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """All lists of one language."""

    turns: Turns
    answering: Answering
    abbreviations: Abbreviations
    still_there: tuple[str, ...]
    """What to say to somebody who fell silent, the mildest first."""


def listed(words: str) -> frozenset[str]:
    """Return words that are written with spaces between them."""
    return frozenset(words.split())
