"""What may be answered to a question, as a JSGF grammar and as a pattern for whole sentences.

The recogniser always finds something that fits; only a whole sentence of the grammar is believed.
The wishes of a callee about the call itself are in every grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from switchhook.engine.answers import Shape
from switchhook.engine.expectation import Expectation

_PIECE = re.compile(r"<\w+>|[|()\[\]+]|[^\s|()\[\]+<>]+")
_WORD = re.compile(r"[a-z']+")

_RULES = {
    "yes": "yes [please | that is right | of course] | yeah | sure | okay | correct | right"
    " | exactly | that is right | yes i am still here",
    "no": "no [thank you | thanks | that is wrong] | nope",
    "wish": "[please] stop calling me | do not call again | [sorry] who is this"
    " | what is this about | are you a robot | sorry (can | could) you (repeat | say) that again"
    " | can you repeat that | sorry wait who is this | wait a second"
    " | [sorry] you have the wrong number | wrong number | can i speak to a human"
    " | [i am busy right now] can you call me later | call me later | goodbye | [yes] hello",
    "digit": "zero | oh | one | two | three | four | five | six | seven | eight | nine",
    "one": "one | two | three | four | five | six | seven | eight | nine",
    "teen": "ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen"
    " | eighteen | nineteen",
    "ten": "twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety",
    "number": "<one> | <teen> | <ten> [<one>] | a dozen",
    "day": "monday | tuesday | wednesday | thursday | friday | saturday | sunday",
    "date": "[on | next | this] <day> | tomorrow | the day after tomorrow",
    "hour": "one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve",
    "minute": "thirty | fifteen | forty five",
    "half": "a_m | p_m | in the (morning | afternoon | evening)",
    "time": "[at] <hour> [<minute>] [<half>] | (half | quarter) past <hour> | noon",
    "moment": "<date> at <hour> [<minute>] [<half>]",
    "phone": "[plus] <digit> <digit> <digit> <digit> <digit> <digit>+",
    "letter": " | ".join(f"{letter}_" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "email": "(<letter> | <digit> | dot | underscore | dash)+ at (example | gmail | yahoo"
    " | hotmail | outlook) dot (com | net | org)",
}
_SPELLED = {"a_m": "a.m.", "p_m": "p.m."}
_SHAPES = {
    Shape.INTEGER: "<number>",
    Shape.NUMBER: "<number>",
    Shape.BOOLEAN: "<yes> | <no>",
    Shape.DATE: "<date>",
    Shape.TIME: "<time>",
    Shape.MOMENT: "<moment> | <date> | <time>",
    Shape.PHONE: "<phone>",
    Shape.EMAIL: "<email>",
    Shape.TEXT: "<yes> | <no>",
}

Known = Callable[[str], bool]


@dataclass(frozen=True)
class Grammar:
    """One question's grammar; `text` is JSGF."""

    text: str
    sentence: str

    def whole(self, words: str) -> bool:
        """Tell whether the words are a sentence of the grammar, from its beginning to its end."""
        return bool(self._pattern.fullmatch(f"{words} "))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(_regular(self.sentence))


def grammar(asked: Expectation, known: Known) -> Grammar:
    """Return the grammar of what may be answered; choices with unknown words are left out."""
    return _grammar(_answer(asked, known), asked.checking)


def as_written(words: str) -> str:
    """Return recognised words as people write them: letters alone, and am and pm."""
    return re.sub(r"\b([a-z])_(?![a-z])", r"\1", words.replace("a_m", "am").replace("p_m", "pm"))


def pronounced(word: str) -> str:
    """Return under which name the dictionary has a word of ours."""
    return _SPELLED.get(word, f"{word[0]}." if word.endswith("_") else word)


def own_words() -> frozenset[str]:
    """Return our own names for what a JSGF word cannot be written as."""
    return frozenset(w for rule in _RULES.values() for w in _PIECE.findall(rule) if "_" in w)


def _answer(asked: Expectation, known: Known) -> str:
    if asked.shape is not Shape.CHOICE:
        return _SHAPES[asked.shape]
    spoken = (str(choice).replace("_", " ").casefold() for choice in asked.choices)
    sayable = [words for words in spoken if all(_sayable(word, known) for word in words.split())]
    places = "the (first | second | third | last) [one]"
    return " | ".join([*(f"[the] {words}" for words in sayable), places])


def _sayable(word: str, known: Known) -> bool:
    return bool(_WORD.fullmatch(word)) and known(word)


@lru_cache(maxsize=256)
def _grammar(answer: str, checking: bool) -> Grammar:  # noqa: FBT001 - lru_cache takes no keyword
    sentence = f"({answer}) [please] | <wish>"
    if checking:
        sentence = f"<yes> | <no> | (no | actually make it) ({answer}) | {sentence}"
    rules = "".join(f"<{name}> = {rule};\n" for name, rule in _RULES.items())
    return Grammar(f"#JSGF V1.0;\ngrammar q;\n{rules}public <said> = {sentence};\n", sentence)


def _regular(rule: str) -> str:
    return "".join(_piece(piece) for piece in _PIECE.findall(rule))


def _piece(piece: str) -> str:
    if piece.startswith("<"):
        return f"(?:{_regular(_RULES[piece[1:-1]])})"
    signs = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|", "+": "+"}
    return signs.get(piece) or f"(?:{re.escape(piece)} )"
