"""Where an interview stands, and what it knows by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import groupby
from typing import Any

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Evidence, FieldResult
from switchhook.domain.transcript import Speaker
from switchhook.engine import meaning
from switchhook.engine.answers import Expected, Shape, read
from switchhook.engine.brief import Brief
from switchhook.engine.checking import CHECKED_AT_ONCE
from switchhook.engine.form import Blank, blanks
from switchhook.engine.meaning import Wish


class Stand(Enum):
    """Where the interview is."""

    ASKING = auto()
    CONFIRMING = auto()
    CHECKING = auto()
    POSTPONING = auto()
    FINISHED = auto()


@dataclass(frozen=True, slots=True)
class Turn:
    """What the callee said, or a guest, and which line of the transcript it is."""

    text: str
    line: int
    speaker: Speaker = "callee"


def by_speaker(said: Iterable[Turn]) -> list[Turn]:
    """Return the turns with those joined that one speaker took in a row."""
    rows = [list(turns) for _, turns in groupby(said, key=lambda turn: turn.speaker)]
    return [replace(row[-1], text=" ".join(turn.text for turn in row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say now, whether the call ends with it, and what only the assistant can know."""

    text: str = ""
    end: Reason | None = None
    ask: str | None = None
    person: bool = False
    """Whether the callee is to be handed over to a person."""


@dataclass(slots=True)
class Interview:
    """A conversation that fills in a form."""

    brief: Brief
    form: tuple[Blank, ...] = ()
    stand: Stand = Stand.ASKING
    tries: int = 0
    said: int = 0
    hellos: int = 0
    asked: Blank | None = None
    results: dict[str, FieldResult] = field(default_factory=dict[str, FieldResult])
    wishes: list[Wish] = field(default_factory=list[Wish])
    call_back: FieldResult | None = None
    changes: Counter[str] = field(default_factory=Counter[str])
    """How often the value of a field became another when it was read back."""
    left: frozenset[str] = frozenset()
    """The fields that nobody would confirm."""

    def __post_init__(self) -> None:
        self.form = self.form or blanks(self.brief.result_schema, self.brief.said)

    @property
    def blank(self) -> Blank:
        """The field that is asked for."""
        return self.asked or self.form[0]

    @property
    def told(self) -> list[tuple[Blank, Any]]:
        """The fields before the one that is asked for, with their values."""
        return [
            (blank, self.results[blank.name].value)
            for blank in self.form
            if blank.name in self.results and blank is not self.blank
        ]

    @property
    def unsettled(self) -> Blank | None:
        """A field that is to be confirmed by itself and has not been."""
        return next(
            (
                blank
                for blank in self.form
                if blank.shape in CHECKED_AT_ONCE
                and blank.name not in self.left
                and (result := self.results.get(blank.name)) is not None
                and result.known
                and not result.confirmed
            ),
            None,
        )

    @property
    def unchecked(self) -> list[tuple[Blank, Any]]:
        """The values to be checked at the end: known, and confirmed by nobody."""
        return [
            (blank, result.value)
            for blank in self.form
            if blank.shape not in CHECKED_AT_ONCE
            and (result := self.results.get(blank.name)) is not None
            and result.known
            and not result.confirmed
        ]

    def value(self, blank: Blank, text: str) -> Any | None:
        """Return what the words mean for a field; an empty text is a no to an optional one."""
        brief = self.brief
        optional = blank.shape is Shape.TEXT and not blank.required
        if optional and meaning.yes_or_no(text, brief.language) is False:
            return ""
        return read(text, Expected(blank.shape, brief.today, blank.choices, brief.language))

    def keep(self, blank: Blank, value: object, turn: Turn) -> None:
        """Fill in a field; a yes or a no of the callee's own needs no further confirming."""
        self.results[blank.name] = FieldResult(
            value=value,
            known=True,
            confirmed=blank.shape is Shape.BOOLEAN or value == "",
            evidence=Evidence(line=turn.line, quote=turn.text),
        )

    def as_said(self, blank: Blank) -> Blank:
        """Take a field for plain words, where its name promised another form."""
        plainly = replace(blank, shape=Shape.TEXT, guessed=False)
        self.form = tuple(plainly if one is blank else one for one in self.form)
        return plainly

    def confirm(self, blank: Blank) -> None:
        """Note that the callee said the value is right."""
        confirmed = self.results[blank.name].model_copy(update={"confirmed": True})
        self.results[blank.name] = confirmed
