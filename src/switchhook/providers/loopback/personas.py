"""Who may pick up the loopback telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from switchhook.domain.errors import InvalidInput
from switchhook.domain.lifecycle import Reason
from switchhook.domain.rehearsal import Step


class Persona(StrEnum):
    """How the simulated callee behaves."""

    COOPERATIVE = "cooperative"
    HURRIED = "hurried"
    HARD_OF_HEARING = "hard_of_hearing"
    TALKS_OVER = "talks_over"
    CHANGES_MIND = "changes_mind"
    WRONG_NUMBER = "wrong_number"
    STOP_CALLING = "stop_calling"
    CALL_LATER = "call_later"
    VOICEMAIL = "voicemail"
    IVR = "ivr"
    HOSTILE = "hostile"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINES = "declines"
    SILENT = "silent"
    HANGS_UP = "hangs_up"
    CURIOUS = "curious"
    INTERRUPTS = "interrupts"
    COLLEAGUE = "colleague"
    """Takes a call that is handed over, and hangs up after a while."""


PERSONAS = tuple(persona.value for persona in Persona)

_ALIASES = {
    "answering_machine": Persona.VOICEMAIL,
    "mailbox": Persona.VOICEMAIL,
    "menu": Persona.IVR,
    "ivr_menu": Persona.IVR,
    "phone_menu": Persona.IVR,
    "deaf": Persona.HARD_OF_HEARING,
    "interrupter": Persona.TALKS_OVER,
    "talks_over_the_agent": Persona.TALKS_OVER,
    "change_of_mind": Persona.CHANGES_MIND,
    "prompt_injector": Persona.HOSTILE,
    "injector": Persona.HOSTILE,
    "in_a_hurry": Persona.HURRIED,
    "do_not_call": Persona.STOP_CALLING,
    "normal": Persona.COOPERATIVE,
    "default": Persona.COOPERATIVE,
}


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


TAKES_THE_CALL = (
    Step(say="Hello, this is Sam."),
    Step(say="Yes, please put them through."),
    Step(say="Hello, this is Sam, how can I help you?"),
    Step(wait=10.0),
    Step(hang_up=True),
)
"""What a colleague does; nobody asks them where the call is not announced."""


def persona(name: object) -> Persona:
    """Return the persona of that name, however it is written; nobody special is cooperative."""
    if name is None:
        return Persona.COOPERATIVE
    written = re.sub(r"[^a-z]+", "_", str(name).casefold()).strip("_")
    try:
        return _ALIASES.get(written) or Persona(written)
    except ValueError:
        raise InvalidInput(
            f"there is no persona {str(name)[:40]!r}",
            field="options.persona",
            hint=f"choose one of {', '.join(PERSONAS)}",
        ) from None
