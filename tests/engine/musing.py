"""Drives the mind's side of a call by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from switchhook.engine import thinking
from switchhook.engine.acting import Notes
from switchhook.engine.dialogue import Dialogue, Role
from switchhook.engine.mind import Mind
from switchhook.engine.offers import END_CALL, SEND_DIGITS, TRANSFER_CALL, Offer, offered
from switchhook.engine.questionnaire import Turn
from switchhook.engine.thoughts import (
    AskMind,
    CallTool,
    CancelMind,
    DropTool,
    Fill,
    GiveUp,
    Leave,
    MindAction,
    MindDelta,
    MindDone,
    MindFailed,
    Move,
    Press,
    Tell,
    ToolEvent,
    Utter,
)

LOOK_UP = Offer("look_up", "Look something up.", cancel_on_interruption=True)
BOOK = Offer("book", "Book a table.")
FIELDS = {"message": {"type": "string"}, "guests": {"type": "integer"}}
OFFERS = (
    *(END_CALL, SEND_DIGITS, TRANSFER_CALL, LOOK_UP, BOOK),
    *offered((), {"properties": FIELDS})[1:],
)


class Musing:
    """A mind in a conversation in which the test is everybody else."""

    def __init__(self, *, spare: bool = False, offers: tuple[Offer, ...] = OFFERS) -> None:
        self.mind = Mind(Dialogue("Be kind."), Notes(FIELDS), offers=offers, spare=spare)
        self.now = 10.0
        self.moves: list[Move] = []
        self.asked: list[AskMind] = []

    def turn(self, text: str, line: int = 0) -> list[Move]:
        return self._do(lambda: thinking.ask(self.mind, Turn(text, line), self.now))

    def suppose(self, text: str) -> list[Move]:
        return self._do(lambda: thinking.suppose(self.mind, text))

    def resumed(self) -> list[Move]:
        return self._do(lambda: thinking.resumed(self.mind))

    def interrupt(self) -> list[Move]:
        return self._do(lambda: thinking.interrupted(self.mind))

    def write(self, *texts: str, generation: int | None = None) -> list[Move]:
        return self._do(lambda: [self._came(MindDelta(self._g(generation), t)) for t in texts])

    def act(self, name: str, arguments: str = "{}", call_id: str = "a") -> list[Move]:
        event = MindAction(self._g(), call_id, name, arguments)
        return self._do(lambda: self._came(event))

    def done(self, generation: int | None = None) -> list[Move]:
        return self._do(lambda: self._came(MindDone(self._g(generation))))

    def fail(self) -> list[Move]:
        return self._do(lambda: self._came(MindFailed(self._g(), "closed")))

    def tool(self, event: ToolEvent) -> list[Move]:
        return self._do(lambda: thinking.returned(self.mind, event, self.now))

    def quiet(self, *, silent: bool = True) -> list[Move]:
        return self._do(lambda: thinking.quiet(self.mind, self.now, silent=silent))

    def wait(self, seconds: float) -> list[Move]:
        """Let the time pass in silence, and do what is due."""
        end, moves = self.now + seconds, list[Move]()
        self.quiet()
        while (moment := self.mind.deadline) is not None and moment <= end:
            self.now = moment
            moves += self._do(lambda: thinking.due(self.mind, self.now))
            self.quiet()
        self.now = end
        return moves

    @property
    def context(self) -> list[str]:
        """What the mind was told last, without its instructions."""
        told = self.asked[-1].context
        return [f"{m.role}: {m.text}" for m in told if m.role is not Role.INSTRUCTIONS]

    def _g(self, generation: int | None = None) -> int:
        return self.mind.generation if generation is None else generation

    def _came(self, event: MindDelta | MindAction | MindDone | MindFailed) -> None:
        thinking.came(self.mind, event, self.now)

    def _do(self, what: Callable[[], object]) -> list[Move]:
        what()
        moves = self.mind.taken()
        self.moves += moves
        self.asked += [move for move in moves if isinstance(move, AskMind)]
        return moves


def said(moves: Sequence[Move]) -> list[str]:
    return [move.spoken.text.strip() for move in moves if isinstance(move, Utter)]


def kinds(moves: Sequence[Move]) -> list[type]:
    """What is wanted, without what is only told."""
    return [type(move) for move in moves if not isinstance(move, Tell)]


__all__ = [
    "BOOK",
    "LOOK_UP",
    "AskMind",
    "CallTool",
    "CancelMind",
    "DropTool",
    "Fill",
    "GiveUp",
    "Leave",
    "Musing",
    "Press",
    "kinds",
    "said",
]
