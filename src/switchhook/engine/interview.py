"""The interview mind: it asks for one field after the other, by rule.

    asking ──answer──► confirming ──yes──► the next field … ──► finished
       ▲                   │ no, or another value
       └───────────────────┘

It is no language model and does not pretend to be one: what it does not understand it asks
again, twice at most, and then abstains.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Evidence, FieldResult
from switchhook.engine import meaning
from switchhook.engine.answers import Expected, Shape, read
from switchhook.engine.brief import Brief
from switchhook.engine.form import Blank, blanks
from switchhook.engine.meaning import Wish
from switchhook.engine.phrases import filled

TRIES = 3


class Stand(Enum):
    """Where the interview is."""

    ASKING = auto()
    CONFIRMING = auto()
    FINISHED = auto()


@dataclass(frozen=True, slots=True)
class Turn:
    """What the callee said, and which line of the transcript it is."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say now, whether the call ends with it, and what only the assistant can know."""

    text: str = ""
    end: Reason | None = None
    ask: str | None = None


@dataclass(slots=True)
class Interview:
    """A conversation that fills in a form."""

    brief: Brief
    form: tuple[Blank, ...] = ()
    at: int = 0
    stand: Stand = Stand.ASKING
    tries: int = 0
    results: dict[str, FieldResult] = field(default_factory=dict[str, FieldResult])
    wishes: list[Wish] = field(default_factory=list[Wish])

    def __post_init__(self) -> None:
        self.form = blanks(self.brief.result_schema, self.brief.said)

    @property
    def blank(self) -> Blank:
        """The field that is asked for."""
        return self.form[min(self.at, len(self.form) - 1)]


def opening(interview: Interview) -> str:
    """Return the sentence after the disclosure: what it is about, and the first question."""
    return f"{interview.brief.opening} {interview.blank.question}".strip()


def pending(interview: Interview) -> str:
    """Return the question that is open, to be asked again."""
    if interview.stand is Stand.CONFIRMING:
        return _read_back(interview)
    return interview.blank.question


def hear(interview: Interview, turn: Turn) -> Reply:
    """Return what to do about a turn of the callee."""
    if meaning.greeting(turn.text) or meaning.backchannel(turn.text):
        return Reply()
    wish = meaning.wish(turn.text)
    if wish:
        interview.wishes.append(wish)
        return _grant(interview, wish)
    if interview.stand is Stand.CONFIRMING:
        return _confirmed(interview, turn)
    return _corrected(interview, turn) or _answered(interview, turn)


_REASONS = {
    Wish.STOP_CALLING: Reason.USER_REQUESTED_DNC,
    Wish.VOICEMAIL: Reason.VOICEMAIL_HANGUP,
    Wish.WRONG_NUMBER: Reason.AGENT_HANGUP,
    Wish.GOODBYE: Reason.AGENT_HANGUP,
}


def _grant(interview: Interview, wish: Wish) -> Reply:
    said = interview.brief.said
    if wish in _REASONS:
        interview.stand = Stand.FINISHED
        parting = {Wish.STOP_CALLING: said.stop_calling, Wish.WRONG_NUMBER: said.wrong_number}
        return Reply(parting.get(wish, ""), end=_REASONS[wish])
    answers = {Wish.WHO: interview.brief.who, Wish.ROBOT: said.robot}
    return Reply(f"{answers.get(wish, '')} {pending(interview)}".strip())


def _answered(interview: Interview, turn: Turn) -> Reply:
    blank = interview.blank
    value = _value(interview, blank, turn.text)
    asks = meaning.question(turn.text)
    if asks and (value is None or blank.shape is Shape.TEXT):
        return _asked(interview, turn)
    if value is None:
        return _again(interview)
    _keep(interview, blank, value, turn)
    return _settled(interview) if _needs_no_reading_back(blank, value) else _reading(interview)


def _value(interview: Interview, blank: Blank, text: str) -> Any | None:
    if blank.shape is Shape.TEXT and not blank.required and meaning.yes_or_no(text) is False:
        return ""
    brief = interview.brief
    return read(text, Expected(blank.shape, brief.today, blank.choices, brief.language))


def _needs_no_reading_back(blank: Blank, value: object) -> bool:
    """Tell whether the callee's own yes or no says it all."""
    return blank.shape is Shape.BOOLEAN or value == ""


def _keep(interview: Interview, blank: Blank, value: object, turn: Turn) -> None:
    evidence = Evidence(line=turn.line, quote=turn.text)
    confirmed = _needs_no_reading_back(blank, value)
    interview.results[blank.name] = FieldResult(
        value=value, known=True, confirmed=confirmed, evidence=evidence
    )


def _reading(interview: Interview) -> Reply:
    interview.stand = Stand.CONFIRMING
    return Reply(_read_back(interview))


def _read_back(interview: Interview) -> str:
    value = interview.results[interview.blank.name].value
    return filled(interview.brief.said.confirm, value=str(value).replace("_", " "))


def _confirmed(interview: Interview, turn: Turn) -> Reply:
    """Take a yes, a no, or another value in the place of the one that was read back."""
    blank = interview.blank
    verdict = meaning.yes_or_no(turn.text, interview.brief.language)
    if verdict:
        interview.results[blank.name] = interview.results[blank.name].model_copy(
            update={"confirmed": True}
        )
        return _settled(interview)
    other = _other_value(interview, blank, turn, refused=verdict is False)
    if other is not None:
        _keep(interview, blank, other, turn)
        return _reading(interview)
    if meaning.question(turn.text):
        return _asked(interview, turn)
    if verdict is None:
        interview.tries += 1
        return Reply(pending(interview)) if interview.tries < TRIES else _settled(interview)
    del interview.results[blank.name]
    interview.stand = Stand.ASKING
    return _again(interview)


def _other_value(interview: Interview, blank: Blank, turn: Turn, *, refused: bool) -> Any | None:
    said = meaning.correction(turn.text)
    if said is None and blank.shape is Shape.TEXT:
        # "No, Turing" gives another value; "no" alone does not, and neither does a mumble.
        rest = meaning.without_no(turn.text) if refused else ""
        return rest or None
    return _value(interview, blank, said or turn.text)


def _corrected(interview: Interview, turn: Turn) -> Reply | None:
    """Go back to the field before, when the callee corrects it."""
    said = meaning.correction(turn.text)
    if said is None or interview.at == 0 or interview.stand is Stand.FINISHED:
        return None
    before = interview.form[interview.at - 1]
    value = _value(interview, before, said)
    if value is None or before.name not in interview.results:
        return None
    interview.at -= 1
    _keep(interview, before, value, turn)
    return _reading(interview)


def _asked(interview: Interview, turn: Turn) -> Reply:
    """Hand a question that is not in the brief to the assistant, where that is allowed."""
    said = interview.brief.said
    if interview.brief.may_ask:
        return Reply(said.one_moment, ask=turn.text)
    return Reply(f"{said.fallback} {pending(interview)}")


def _again(interview: Interview) -> Reply:
    interview.tries += 1
    said = interview.brief.said
    if interview.tries < TRIES:
        return Reply(f"{said.again} {interview.blank.question}")
    interview.results[interview.blank.name] = FieldResult()
    return _settled(interview, said.skipped)


def _settled(interview: Interview, remark: str = "") -> Reply:
    """Go on to the next field, or finish."""
    interview.tries = 0
    interview.at += 1
    interview.stand = Stand.ASKING
    if interview.at >= len(interview.form):
        interview.stand = Stand.FINISHED
        return Reply(remark, end=Reason.AGENT_HANGUP)
    return Reply(f"{remark or interview.brief.said.noted} {interview.blank.question}")
