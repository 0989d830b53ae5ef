"""What may be answered to a question, as a JSGF grammar and as a pattern for whole sentences.

The recogniser always finds something that fits; only a whole sentence of a grammar is believed.
What a callee may wish of the call itself is a grammar of its own, for every question.
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
    "yes": "yes [please | that is right | it is | of course] | yeah | yep | sure | okay | correct"
    " | exactly | that is (right | correct) | yes i am still here",
    "no": "no [thank you | thanks | that is wrong] | nope | that is wrong",
    "wish": "[please] stop calling me | do not call (again | me again) | [sorry] who is this"
    " | [and] what is this about | are you a (robot | machine)"
    " | [hold on] [sorry] (can | could) you (repeat | say) that [again] | [hold on] [sorry]"
    " say that again | sorry wait who is this | [wait | just] a second | [just] a moment"
    " | [sorry] you have the wrong number | wrong number"
    " | can i (speak | talk) to a (human | person)"
    " | [i am busy right now] can you call me later | call me later | i am busy right now"
    " | goodbye | [yes] hello | hello who is there",
    "digit": "zero | oh | one | two | three | four | five | six | seven | eight | nine",
    "one": "one | two | three | four | five | six | seven | eight | nine",
    "teen": "ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen"
    " | eighteen | nineteen",
    "ten": "twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety",
    "number": "(<one> | <teen> | <ten> [<one>] | a dozen) [people | persons | guests | of us]",
    "day": "monday | tuesday | wednesday | thursday | friday | saturday | sunday",
    "first": "first | second | third | fourth | fifth | sixth | seventh | eighth | ninth",
    "nth": "<first> | tenth | eleventh | twelfth | thirteenth | fourteenth | fifteenth | sixteenth"
    " | seventeenth | eighteenth | nineteenth | twentieth | twenty <first> | thirtieth"
    " | thirty first",
    "month": "january | february | march | april | may | june | july | august | september"
    " | october | november | december",
    "date": "[on | next | this] <day> | today | tomorrow | the day after tomorrow"
    " | [on] <month> [the] <nth> | [on] the <nth> of <month>",
    "hour": "one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve",
    "minute": "thirty | fifteen | forty five | o'clock",
    "half": "a_m | p_m | in the (morning | afternoon | evening)",
    "time": "[at] (<hour> [<minute>] [<half>] | (half | quarter) past <hour> | quarter to <hour>"
    " | noon)",
    "moment": "<date> <time>",
    "phone": "[plus] <digit> <digit> <digit> <digit> <digit> <digit>+",
}
OWN_WORDS = {"a_m": "a.m.", "p_m": "p.m."}
"""Our names for words that JSGF cannot hold, and the dictionary's."""

_SHAPES = {
    Shape.INTEGER: "<number>",
    Shape.NUMBER: "<number>",
    Shape.BOOLEAN: "<yes> | <no>",
    Shape.DATE: "<date>",
    Shape.TIME: "<time>",
    Shape.MOMENT: "<moment> | <date> | <time>",
    Shape.PHONE: "<phone>",
    # Letters sound too much alike over a telephone, and free words are in no grammar.
    Shape.EMAIL: "<yes> | <no>",
    Shape.TEXT: "<yes> | <no>",
}

Known = Callable[[str], bool]


@dataclass(frozen=True)
class Grammar:
    """What may be said; `text` is JSGF."""

    text: str
    sentence: str

    def whole(self, words: str) -> bool:
        """Tell whether the words are a sentence of the grammar, from its beginning to its end."""
        return bool(self._pattern.fullmatch(f"{words} "))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(_regular(self.sentence))


def answers(asked: Expectation, known: Known) -> Grammar:
    """Return the grammar of what may be answered; choices with unknown words are left out."""
    answer = _answer(asked, known)
    if asked.checking:
        return _grammar(f"<yes> | <no> | [no | [no] actually make it] ({answer}) [please]")
    return _grammar(f"({answer}) [please]")


def wishes() -> Grammar:
    """Return the grammar of what may be said to any question."""
    return _grammar("<wish>")


def as_written(words: str) -> str:
    """Return recognised words as people write them: am and pm."""
    return words.replace("a_m", "am").replace("p_m", "pm")


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
def _grammar(sentence: str) -> Grammar:
    rules = "".join(f"<{name}> = {rule};\n" for name, rule in _RULES.items())
    return Grammar(f"#JSGF V1.0;\ngrammar q;\n{rules}public <said> = {sentence};\n", sentence)


def _regular(rule: str) -> str:
    return "".join(_piece(piece) for piece in _PIECE.findall(rule))


def _piece(piece: str) -> str:
    if piece.startswith("<"):
        return f"(?:{_regular(_RULES[piece[1:-1]])})"
    signs = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|", "+": "+"}
    return signs.get(piece) or f"(?:{re.escape(piece)} )"
