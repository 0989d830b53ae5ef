"""Who may pick up the loopback telephone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from switchhook.domain.errors import InvalidInput
from switchhook.domain.lifecycle import Reason


class Persona(StrEnum):
    """How the simulated callee behaves."""

    COOPERATIVE = "cooperative"
    HURRIED = "hurried"
    WRONG_NUMBER = "wrong_number"
    STOP_CALLING = "stop_calling"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINES = "declines"
    SILENT = "silent"
    HANGS_UP = "hangs_up"
    CURIOUS = "curious"
    INTERRUPTS = "interrupts"


PERSONAS = tuple(persona.value for persona in Persona)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why nobody picks up, and after how many seconds that is clear."""

    reason: Reason
    after: float


NOT_PICKED_UP: dict[Persona, NoAnswer] = {
    Persona.BUSY: NoAnswer(Reason.BUSY, 1.0),
    Persona.DECLINES: NoAnswer(Reason.DECLINED, 3.0),
    Persona.NO_ANSWER: NoAnswer(Reason.NO_ANSWER, 30.0),
}


def persona(name: object) -> Persona:
    """Return the persona of that name; nobody in particular is cooperative."""
    if name is None:
        return Persona.COOPERATIVE
    try:
        return Persona(str(name).lower())
    except ValueError:
        raise InvalidInput(
            f"there is no persona {str(name)[:40]!r}",
            field="options.persona",
            hint=f"choose one of {', '.join(PERSONAS)}",
        ) from None
