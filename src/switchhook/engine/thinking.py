"""From a finished turn of the callee to what the agent says and does: one answer of the mind.

    IDLE ──eager end──► GUESSING ──the same words──► ASKED ──stream over──► IDLE
      └─────────────────a turn───────────────────────► │ ▲
                                                 acts  ▼ │  results
                                                     WAITING

What the mind writes while it only guesses is held: nothing is spoken and nothing is done before
the turn is confirmed. Every request has a generation of its own, and what belongs to another one
is ignored, so that a mind that does not stop when it is told to is harmless. A mind that fails or
stays silent gives way to the other one, once in a turn.
"""

from __future__ import annotations

from typing import assert_never

from switchhook.engine import acting, asking, questionnaire
from switchhook.engine.dialogue import Deed
from switchhook.engine.errands import Errand
from switchhook.engine.mind import Due, Guess, Mind, Stage, Turn
from switchhook.engine.thoughts import (
    CallTool,
    CancelMind,
    DropTool,
    Fill,
    MindAction,
    MindDelta,
    MindDone,
    MindEvent,
    MindFailed,
    MindVoiced,
    NoteMind,
    Tell,
    ToolEvent,
    ToolFailed,
    ToolReturned,
)
from switchhook.engine.triggers import Trigger
from switchhook.engine.words import words_of
from switchhook.engine.words.phrases import Phrases, plain

FIRST_FILLER = 1.2
NEXT_FILLER = 3.5
"""Seconds of silence after which something is said while the mind thinks."""

FAREWELL_PATIENCE = 5.0
"""Seconds the mind may go on writing after it wanted to hang up."""

GUESSES = 3
"""How often in a turn the mind is asked before the turn is known to be over."""

LONGEST_ANSWER = 4000
"""Characters after which an answer ends, whatever its mind thinks of that."""


# ---- turns of the callee ------------------------------------------------------------------------


def suppose(mind: Mind, text: str) -> None:
    """Ask the mind already, since the turn seems to be over; its answer is held."""
    if mind.busy or not text.strip() or _supposed(mind, text):
        return
    asking.cancel(mind)
    mind.stage = Stage.IDLE
    if mind.guess.tries < GUESSES:
        mind.guess = Guess(text, tries=mind.guess.tries + 1)
        mind.stage = Stage.GUESSING
        asking.send(mind, guessed=text)


def resumed(mind: Mind) -> None:
    """Give the guess up: the callee speaks on."""
    if mind.stage is Stage.GUESSING:
        asking.cancel(mind)
        mind.stage = Stage.IDLE


def spoke_on(mind: Mind, text: str) -> None:
    """Give the guess up unless these are the words it is about."""
    if not _supposed(mind, text):
        resumed(mind)


def note(mind: Mind, said: questionnaire.Turn) -> None:
    """Take a turn that wants no answer."""
    resumed(mind)
    _hear(mind, said)


def prompt(mind: Mind, now: float) -> None:
    """Let the mind speak without being spoken to, now or once it has finished its answer."""
    if mind.busy:
        mind.round.read_results = True
        return
    resumed(mind)
    mind.turn = Turn()
    asking.begin(mind, now)


def ask(mind: Mind, said: questionnaire.Turn, now: float) -> None:
    """Answer a turn; the guess serves if it was about the same words."""
    held = mind.guess.held if _supposed(mind, said.text) else None
    if held is None:
        asking.cancel(mind)
        for errand in mind.errands.overtaken():
            _drop(mind, errand, "cancelled: the callee went on speaking")
    _hear(mind, said)
    mind.turn, mind.guess = Turn(), Guess()
    mind.deadlines.clear()
    if held is None:
        asking.begin(mind, now)
    else:
        _confirm(mind, held, now)


def interrupted(mind: Mind) -> None:
    """Stop: the callee has taken the floor. Actions that do not mind go on."""
    if mind.stage is Stage.GUESSING:
        return
    asking.close(mind)
    for errand in mind.errands.interrupted():
        _drop(mind, errand, "cancelled: the callee interrupted")


def _hear(mind: Mind, said: questionnaire.Turn) -> None:
    mind.dialogue.callee(said.text, said.speaker)
    if said.speaker == "callee":
        # What somebody else said proves nothing that the callee wants or knows.
        mind.notes.said(said.line, said.text)


def _supposed(mind: Mind, text: str) -> bool:
    return mind.stage is Stage.GUESSING and _same(mind, mind.guess.text, text)


def _confirm(mind: Mind, held: list[MindEvent], now: float) -> None:
    mind.stage = Stage.ASKED
    asking.await_more(mind, now)
    for event in held:
        came(mind, event, now)


# ---- the mind's answer --------------------------------------------------------------------------


def came(mind: Mind, event: MindEvent, now: float) -> None:
    """Take what the mind wrote or wants; of an answer nobody waits for, nothing."""
    if event.generation != mind.generation:
        return
    if mind.stage is Stage.GUESSING:
        _hold(mind.guess, event)
    elif mind.stage is Stage.ASKED:
        if mind.turn.farewell is None:
            asking.await_more(mind, now)
        _answered(mind, event, now)


def _answered(mind: Mind, event: MindEvent, now: float) -> None:
    match event:
        case MindDelta(_, text):
            asking.utter(mind, mind.sentences.feed(text))
            _written(mind, text, now)
        case MindVoiced(_, _, text):
            mind.round.said = mind.turn.spoken = True
            mind.moves.append(event)
            _written(mind, text, now)
        case MindAction():
            asking.utter(mind, mind.sentences.end())
            _act(mind, event, now)
        case MindDone():
            asking.stream_ended(mind, now)
        case MindFailed(_, detail):
            asking.failed(mind, now, f"the mind failed ({detail})")
        case _:
            assert_never(event)


def _written(mind: Mind, text: str, now: float) -> None:
    mind.round.written += len(text)
    if mind.round.written > LONGEST_ANSWER:
        _cut_short(mind, now)


def _cut_short(mind: Mind, now: float) -> None:
    mind.moves.append(CancelMind(mind.generation))
    asking.stream_ended(mind, now)


def _hold(guess: Guess, event: MindEvent) -> None:
    """Keep what the mind wrote, as long as that is not out of all proportion."""
    guess.written += len(event.text) if isinstance(event, MindDelta) else 1
    if guess.written <= LONGEST_ANSWER or isinstance(event, MindDone | MindFailed):
        guess.held.append(event)


# ---- actions ------------------------------------------------------------------------------------


def start(mind: Mind, trigger: Trigger, now: float, *, heard: bool) -> None:
    """Do what a phrase starts; the agent itself said it, and was heard, or the callee did."""
    event = MindAction(mind.generation, "", trigger.offer.name, trigger.arguments)
    found = acting.verdict(event, (trigger.offer,), mind.notes, started=mind.errands.started)
    found.deed.by_phrase = True
    mind.turn.spoken = heard
    _do(mind, found, now)
    if mind.turn.farewell is not None:
        asking.leave(mind)


def await_results(mind: Mind) -> None:
    """Let the mind go on once it can read what came of the actions that its words have started."""
    if mind.errands.wanted and mind.stage is Stage.IDLE:
        mind.stage = Stage.WAITING


def _act(mind: Mind, event: MindAction, now: float) -> None:
    found = acting.verdict(event, mind.offers, mind.notes, started=mind.errands.started)
    _do(mind, found, now)


def _do(mind: Mind, found: acting.Result, now: float) -> None:
    match found:
        case acting.Refused(deed, problem):
            _refuse(mind, deed, problem)
        case acting.Settled(deed, moves, told):
            mind.dialogue.does(deed)
            mind.moves += moves
            mind.round.read_results |= told is acting.Told.READ
            mind.round.noted |= told is acting.Told.NOTED
            mind.round.said |= told is acting.Told.DONE
            _tell(mind, deed)
        case acting.Leaving(deed, farewell):
            mind.dialogue.does(deed)
            mind.turn.farewell = farewell
            mind.deadlines[Due.MIND] = now + FAREWELL_PATIENCE
        case acting.Started(deed, offer, arguments):
            mind.dialogue.does(deed)
            errand = mind.errands.start(deed, offer, now)
            mind.moves.append(CallTool(errand.number, offer.name, arguments))
        case _:
            assert_never(found)


def returned(mind: Mind, event: ToolEvent, now: float) -> None:
    """Take the result of an action; what nobody waits for becomes part of the context only."""
    errand = mind.errands.over(event.number, _result(event))
    if errand is None:
        return
    _tell(mind, errand.deed)
    if errand.late:
        return
    _weigh(mind, event)
    if mind.stage is Stage.WAITING:
        asking.go_on(mind, now)


def _weigh(mind: Mind, event: ToolEvent) -> None:
    """Say what the action wants said; otherwise let the mind read the result."""
    if isinstance(event, ToolReturned) and event.say:
        asking.utter(mind, [event.say])
    elif isinstance(event, ToolFailed) and event.malformed:
        _scold(mind)
    else:
        mind.round.read_results = True


def _result(event: ToolEvent) -> str:
    return event.result if isinstance(event, ToolReturned) else f"it failed: {event.detail}"


def _refuse(mind: Mind, deed: Deed, problem: str) -> None:
    deed.result = f"it was not done: {problem}"
    if not mind.turn.scolded:
        mind.dialogue.does(deed)
    _scold(mind)
    _tell(mind, deed)


def _scold(mind: Mind) -> None:
    """Tell the mind once in a turn what was wrong; after that its mistakes are passed over."""
    mind.round.read_results |= not mind.turn.scolded
    mind.turn.scolded = True


def _drop(mind: Mind, errand: Errand, why: str) -> None:
    mind.errands.over(errand.number, why)
    mind.moves.append(DropTool(errand.number))
    _tell(mind, errand.deed)


def _tell(mind: Mind, deed: Deed) -> None:
    data = {"action": deed.name, "result": deed.result}
    mind.moves.append(Tell(f"{deed.name}: {deed.result}", data))
    if mind.voiced:
        mind.moves.append(NoteMind(deed.outcome))


# ---- time ---------------------------------------------------------------------------------------


def due(mind: Mind, now: float) -> None:
    """Do what is due."""
    for errand in mind.errands.overdue(now):
        mind.moves.append(DropTool(errand.number))
        seconds = f"{errand.offer.patience:g} seconds"
        returned(mind, ToolFailed(errand.number, f"no answer within {seconds}"), now)
    for what in Due:
        if what in mind.deadlines and mind.deadlines[what] <= now:
            del mind.deadlines[what]
            _ring(mind, what, now)


def quiet(mind: Mind, now: float, *, silent: bool) -> None:
    """Watch the silence: while the mind thinks, nobody is left without a sound."""
    if not mind.busy or not silent:
        mind.turn.sounded |= not silent
        mind.deadlines.pop(Due.FILLER, None)
    elif Due.FILLER not in mind.deadlines:
        patience = NEXT_FILLER if mind.turn.sounded else FIRST_FILLER
        mind.deadlines[Due.FILLER] = now + patience


def _ring(mind: Mind, what: Due, now: float) -> None:
    if what is Due.FILLER:
        mind.turn.fillers += 1
        mind.moves.append(Fill(mind.turn.fillers))
    elif mind.turn.farewell is not None:
        _cut_short(mind, now)
    else:
        asking.failed(mind, now, "the mind took too long", hung=True)


# ---- the same words -----------------------------------------------------------------------------


def _same(mind: Mind, one: str, other: str) -> bool:
    """Tell whether two texts are the same but for case, punctuation and hesitation."""
    hesitations = words_of(mind.language).turns.hesitations
    return _words(one, hesitations) == _words(other, hesitations)


def _words(text: str, hesitations: Phrases) -> str:
    said = f" {plain(text, hesitations.script)} "
    for hesitation in hesitations.found(text):
        said = said.replace(f" {hesitation} ", " ")
    return said.strip()
