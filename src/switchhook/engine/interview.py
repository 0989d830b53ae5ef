"""The interview mind: it asks for one field after the other, by rule.

    asking ──answer──► confirming ──yes──► the next field … ──► checking ──yes──► finished
       ▲                   │ no, or another value                  │ another value
       └───────────────────┘                                       └──► checking

What is easily misheard is confirmed at once, the rest together at the end. It is no language
model and does not pretend to be one: what it does not understand it asks again, twice at most,
and then abstains.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Evidence, FieldResult
from switchhook.engine import checking, corrections, meaning, wishes
from switchhook.engine.answers import Expected, Shape, read
from switchhook.engine.expectation import UNCLEAR, Expectation
from switchhook.engine.form import Blank
from switchhook.engine.meaning import Wish
from switchhook.engine.questionnaire import Interview, Reply, Stand, Turn

__all__ = ["Interview", "Reply", "Stand", "Turn", "expectation", "hear", "opening", "pending"]

TRIES = 3


def opening(interview: Interview) -> str:
    """Return the sentence after the disclosure: what it is about, and the first question."""
    return f"{interview.brief.opening} {interview.blank.question}".strip()


def pending(interview: Interview) -> str:
    """Return the question that is open, to be asked again."""
    brief = interview.brief
    match interview.stand:
        case Stand.CONFIRMING:
            told = (interview.blank, interview.results[interview.blank.name].value)
            return checking.read_back(brief.said, brief.language, told, 0)
        case Stand.CHECKING:
            return checking.summary(brief.said, brief.language, interview.unchecked)
        case Stand.POSTPONING:
            return brief.said.when
        case _:
            return interview.blank.question


def expectation(interview: Interview) -> Expectation:
    """Return what sort of answer may come now."""
    if interview.stand is Stand.POSTPONING:
        return Expectation(Shape.MOMENT)
    blank = interview.blank
    confirming = interview.stand in {Stand.CONFIRMING, Stand.CHECKING}
    return Expectation(blank.shape, blank.choices, confirming)


def hear(interview: Interview, turn: Turn) -> Reply:
    """Return what to do about a turn of the callee."""
    if UNCLEAR in turn.text:
        clear = turn.text.replace(UNCLEAR, " ").strip()
        return hear(interview, Turn(clear, turn.line)) if clear else _unheard(interview, turn)
    if meaning.backchannel(turn.text):
        return Reply()
    if meaning.greeting(turn.text):
        return _greeted(interview)
    if meaning.order(turn.text):
        return _refused(interview)
    wish = meaning.wish(turn.text)
    if wish and not _answers(interview, wish, turn):
        interview.wishes.append(wish)
        return _grant(interview, wish, turn)
    return _HEARD[interview.stand](interview, turn)


def _greeted(interview: Interview) -> Reply:
    """Leave the first hello to the opening; who says it again has not heard the question."""
    interview.hellos += 1
    if interview.hellos == 1:
        return Reply()
    interview.tries += 1
    if interview.tries >= TRIES:
        return _unheard(interview, Turn("", 0))
    return Reply(pending(interview))


def _unheard(interview: Interview, turn: Turn) -> Reply:
    """Ask again where speech was not understood."""
    if interview.stand is Stand.ASKING:
        return _again(interview, Turn("", turn.line))
    interview.tries += 1
    if interview.tries < TRIES:
        return Reply(f"{interview.brief.said.again} {pending(interview)}")
    # Who could not be understood may have said no all the time.
    for blank in _read_back(interview):
        interview.results[blank.name] = FieldResult()
    return _go_on(interview)


def _read_back(interview: Interview) -> list[Blank]:
    """Return the fields of which it is asked now whether they are right."""
    told = {
        Stand.CONFIRMING: [interview.blank],
        Stand.CHECKING: [blank for blank, _ in interview.unchecked],
    }
    return told.get(interview.stand, [])


# ---- wishes ------------------------------------------------------------------------------------


def _answers(interview: Interview, wish: Wish, turn: Turn) -> bool:
    """Tell whether a wish to be called back is what was asked for: when to call back."""
    if wish is not Wish.LATER:
        return False
    asked = interview.stand is Stand.ASKING and interview.blank.shape in checking.CHECKED_AT_ONCE
    return asked and interview.value(interview.blank, turn.text) is not None


def _grant(interview: Interview, wish: Wish, turn: Turn) -> Reply:
    brief = interview.brief
    if wish in wishes.REASONS:
        interview.stand = Stand.FINISHED
        return Reply(wishes.parting(wish, brief.said), end=wishes.REASONS[wish])
    if wish is Wish.LATER:
        return _postponed(interview, turn)
    if wish is Wish.PERSON:
        return _person(interview, turn)
    answers = {Wish.WHO: brief.who, Wish.ROBOT: brief.said.robot, Wish.REPEAT: _again_gladly}
    answer = answers[wish]
    return Reply(f"{answer if isinstance(answer, str) else answer(interview)} {pending(interview)}")


def _again_gladly(interview: Interview) -> str:
    """Return what comes before a question that is repeated: at first also what it is about."""
    begun = interview.results or interview.stand is not Stand.ASKING
    return interview.brief.said.gladly if begun else interview.brief.opening


def _person(interview: Interview, turn: Turn) -> Reply:
    """Hand the callee over; else let the assistant decide who comes to the telephone."""
    said = interview.brief.said
    if interview.brief.transfers:
        return Reply(person=True)
    if interview.brief.may_ask:
        return Reply(said.one_moment, ask=turn.text)
    return Reply(f"{said.no_person} {pending(interview)}")


def _postponed(interview: Interview, turn: Turn) -> Reply:
    """Note when to call back; ask once where that is not said."""
    brief = interview.brief
    when = wishes.moment(turn.text, brief.today)
    if when is None and interview.stand is not Stand.POSTPONING:
        interview.stand = Stand.POSTPONING
        return Reply(brief.said.when)
    evidence = Evidence(line=turn.line, quote=turn.text)
    interview.call_back = FieldResult(value=when or turn.text, known=True, evidence=evidence)
    interview.stand = Stand.FINISHED
    return Reply(brief.said.later, end=Reason.AGENT_HANGUP)


def _refused(interview: Interview) -> Reply:
    """Decline orders that are meant for the machine; they are no answer to anything."""
    interview.tries += 1
    if interview.tries >= TRIES and interview.stand is Stand.ASKING:
        interview.results[interview.blank.name] = FieldResult()
        return _go_on(interview, interview.brief.said.no_orders)
    return Reply(f"{interview.brief.said.no_orders} {pending(interview)}")


# ---- answers ------------------------------------------------------------------------------------


def _answered(interview: Interview, turn: Turn) -> Reply:
    blank = interview.blank
    value = interview.value(blank, turn.text)
    if meaning.question(turn.text) and (value is None or blank.shape is Shape.TEXT):
        return _asked(interview, turn)
    if value is None:
        return _again(interview, turn)
    interview.keep(blank, value, turn)
    return _taken(interview, blank)


def _taken(interview: Interview, blank: Blank) -> Reply:
    """Go on with a value that was just kept."""
    value = interview.results[blank.name].value
    if blank.shape not in checking.CHECKED_AT_ONCE:
        return _go_on(interview)
    interview.asked = blank
    interview.stand = Stand.CONFIRMING
    interview.said += 1
    brief = interview.brief
    told = (blank, value)
    return Reply(checking.read_back(brief.said, brief.language, told, interview.said - 1))


def _asked(interview: Interview, turn: Turn) -> Reply:
    """Hand a question that is not in the brief to the assistant, where that is allowed."""
    said = interview.brief.said
    if interview.brief.may_ask:
        return Reply(said.one_moment, ask=turn.text)
    return Reply(f"{said.fallback} {pending(interview)}")


def _again(interview: Interview, turn: Turn) -> Reply:
    interview.tries += 1
    blank, brief = interview.blank, interview.brief
    if interview.tries < TRIES:
        return Reply(checking.again(brief.said, brief.language, blank, interview.tries))
    words = read(turn.text, Expected(Shape.TEXT, brief.today)) if blank.guessed else None
    if words is None:
        interview.results[blank.name] = FieldResult()
        return _go_on(interview, brief.said.skipped)
    # Only the name of the field promised a form; what was said is better than nothing.
    interview.keep(interview.as_said(blank), words, turn)
    return _go_on(interview)


# ---- confirming ---------------------------------------------------------------------------------


def _confirmed(interview: Interview, turn: Turn) -> Reply:
    """Take a yes, a no, or another value in the place of the one that was read back."""
    blank = interview.blank
    verdict = meaning.yes_or_no(turn.text, interview.brief.language)
    other = _other_value(interview, blank, turn)
    same = other == interview.results[blank.name].value
    if other is not None and not same:
        _change(interview, blank, other, turn)
        known = interview.results[blank.name].known
        return (
            _taken(interview, blank) if known else _go_on(interview, interview.brief.said.skipped)
        )
    if verdict or (same and verdict is None):
        interview.confirm(blank)
        return _go_on(interview)
    if corrected := _corrected(interview, turn):
        return corrected
    if meaning.question(turn.text):
        return _asked(interview, turn)
    if verdict is None:
        return _unsure(interview)
    del interview.results[blank.name]
    interview.stand = Stand.ASKING
    return _again(interview, turn)


def _change(interview: Interview, blank: Blank, value: object, turn: Turn) -> None:
    """Keep the other value; what was misheard again and again is left open."""
    interview.changes[blank.name] += 1
    if interview.changes[blank.name] > TRIES:
        interview.results[blank.name] = FieldResult()
    else:
        interview.keep(blank, value, turn)


def _unsure(interview: Interview) -> Reply:
    """Read it back once more; in the end the value stays, unconfirmed."""
    interview.tries += 1
    if interview.tries < TRIES:
        return Reply(pending(interview))
    interview.left |= {interview.blank.name}
    return _go_on(interview)


def _other_value(interview: Interview, blank: Blank, turn: Turn) -> Any | None:
    said = corrections.instead(turn.text)
    # "No" alone gives no other value, and neither does a mumble; a date is one wherever it stands.
    text = said or ("" if blank.shape is Shape.TEXT else turn.text)
    return interview.value(blank, text) if text else None


def _checked(interview: Interview, turn: Turn) -> Reply:
    """Take a yes to everything that was read back, or the value that is another."""
    told = interview.unchecked
    changed = corrections.replacement(turn.text, told, interview.value)
    if changed is not None:
        _change(interview, *changed, turn)
        return _check_again(interview)
    verdict = meaning.yes_or_no(turn.text, interview.brief.language)
    if verdict:
        for blank, _ in told:
            interview.confirm(blank)
        return _go_on(interview)
    if meaning.question(turn.text):
        return _asked(interview, turn)
    interview.tries += 1
    if interview.tries >= TRIES:
        return _finished(interview)
    wrong = corrections.mentioned(turn.text, told)
    if verdict is None and wrong is None:
        return Reply(pending(interview))
    return _denied(interview, wrong or (told[0][0] if len(told) == 1 else None))


def _check_again(interview: Interview) -> Reply:
    return Reply(pending(interview)) if interview.unchecked else _go_on(interview)


def _denied(interview: Interview, wrong: Blank | None) -> Reply:
    """Ask for the value again that is wrong, or which of them is."""
    if wrong is None:
        return Reply(interview.brief.said.which)
    interview.asked = wrong
    del interview.results[wrong.name]
    interview.stand = Stand.ASKING
    return Reply(wrong.question)


# ---- correcting ---------------------------------------------------------------------------------


def _corrected(interview: Interview, turn: Turn) -> Reply | None:
    """Change a field that was filled in before, when the callee corrects it."""
    told = interview.told
    said = meaning.correction(turn.text)
    if not told or (said is None and corrections.named(turn.text, told) is None):
        return None
    if _fits_what_is_asked(interview, said, told, turn):
        return None
    changed = corrections.replacement(turn.text, told, interview.value)
    if changed is None:
        return None
    interview.keep(*changed, turn)
    return _taken(interview, changed[0])


def _fits_what_is_asked(
    interview: Interview, said: str | None, told: corrections.Told, turn: Turn
) -> bool:
    """Tell whether "actually five" answers the question that is open."""
    blank = interview.blank
    if said is None or interview.stand is not Stand.ASKING or blank.shape is Shape.TEXT:
        return False
    named = corrections.named(turn.text, told) is not None
    return not named and interview.value(blank, said) is not None


# ---- what comes next ----------------------------------------------------------------------------


def _go_on(interview: Interview, remark: str = "") -> Reply:
    """Go on to the next field, to what is to be checked, or finish."""
    interview.tries = 0
    unsettled = interview.unsettled
    if unsettled is not None:
        return _taken(interview, unsettled)
    following = next((b for b in interview.form if b.name not in interview.results), None)
    if following is None:
        return _check(interview, remark)
    interview.asked = following
    interview.stand = Stand.ASKING
    interview.said += 1
    brief = interview.brief
    remark = remark or checking.noted(brief.said, brief.language, interview.said - 1)
    return Reply(f"{remark} {following.question}")


def _check(interview: Interview, remark: str) -> Reply:
    if interview.stand is Stand.CHECKING or not interview.unchecked:
        return _finished(interview, remark)
    interview.stand = Stand.CHECKING
    return Reply(f"{remark} {pending(interview)}".strip())


def _finished(interview: Interview, remark: str = "") -> Reply:
    interview.stand = Stand.FINISHED
    return Reply(remark, end=Reason.AGENT_HANGUP)


def _open(interview: Interview, turn: Turn) -> Reply:
    return _corrected(interview, turn) or _answered(interview, turn)


_HEARD: dict[Stand, Callable[[Interview, Turn], Reply]] = {
    Stand.ASKING: _open,
    Stand.CONFIRMING: _confirmed,
    Stand.CHECKING: _checked,
    Stand.POSTPONING: _postponed,
    Stand.FINISHED: _open,
}
