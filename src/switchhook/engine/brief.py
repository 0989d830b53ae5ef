"""What the agent was told before the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from switchhook.domain.actions import AddToConference, TransferCall
from switchhook.domain.agent import IdleSettings, Language, TurnSettings, VoicemailSettings
from switchhook.engine import endpointing, interruption, purpose
from switchhook.engine.endpointing import Settings as Endpointing
from switchhook.engine.idle import Limits
from switchhook.engine.interruption import Settings as Interruption
from switchhook.engine.offers import Offer
from switchhook.engine.phrases import Phrases, filled, phrases
from switchhook.engine.triggers import Trigger


class Thinker(StrEnum):
    """Who decides what is said."""

    INTERVIEW = "interview"
    ASSISTANT = "assistant"
    MIND = "mind"


@dataclass(frozen=True, slots=True)
class Brief:
    """Whom the call is for, what it is about, what is to be learned, and the limits."""

    today: date
    name: str = ""
    task: str = ""
    first_message: str = ""
    language: Language = "en"
    result_schema: Mapping[str, Any] | None = None
    thinker: Thinker = Thinker.INTERVIEW
    max_seconds: float = 600.0
    idle_seconds: float = 8.0
    may_ask: bool = True
    turns: TurnSettings = field(default_factory=TurnSettings)
    idle: IdleSettings = field(default_factory=IdleSettings)
    voicemail: VoicemailSettings = field(default_factory=VoicemailSettings)
    hello_seconds: float = 0.0
    """How long the callee may take to say hello before the agent speaks."""
    was_called: bool = False
    """Whether the other side called us, and has its own reason."""
    navigates_menus: bool = False
    instructions: str = ""
    offers: tuple[Offer, ...] = ()
    duplex: bool = False
    """Whether the mind hears and speaks itself."""
    cascade: bool = False
    """Whether a mind that writes stands by for it."""
    transfers: tuple[TransferCall, ...] = ()
    """To whom the agent may hand the callee over when it thinks best."""
    guests: tuple[AddToConference, ...] = ()
    """Whom the agent may bring into the call, first those whom it may when it thinks best."""
    seats: bool = True
    """Whether there is room for a third person on the line."""
    triggers: tuple[Trigger, ...] = ()
    """Which phrases start which actions."""
    spare_mind: bool = False
    spare_ears: int = 0
    """How many others could hear."""
    said: Phrases = field(init=False)
    endpointing: Endpointing = field(init=False)
    interruption: Interruption = field(init=False)
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", phrases(self.language))
        object.__setattr__(self, "endpointing", _endpointing(self))
        object.__setattr__(self, "interruption", _interruption(self))
        object.__setattr__(self, "limits", _limits(self))

    @property
    def disclosure(self) -> str:
        """What is said before anything else: that this is a machine, and for whom it calls."""
        if not self.name or self.was_called:
            return self.said.disclosure
        return filled(self.said.disclosure_for, name=self.name)

    @property
    def opening(self) -> str:
        """What the call is about."""
        if self.first_message:
            return self.first_message
        return self._purpose

    @property
    def apology(self) -> str:
        """What is said when something broke and the call has to end."""
        return f"{self.said.apology} {self.said.goodbye}"

    @property
    def told(self) -> str:
        """What a mind is told before the call."""
        verb = "answer a call" if self.was_called else "call"
        who = f"You are an AI assistant and {verb} for {self.name or 'somebody'}."
        task = f"Your task: {self.task}" if self.task else ""
        return "\n\n".join(part for part in (who, self.instructions, task) if part)

    @property
    def who(self) -> str:
        """Who calls, and what about, for somebody who asks."""
        if self.was_called:
            return self.said.disclosure
        who = filled(self.said.who, name=self.name or self.said.nobody)
        return f"{who} {self._purpose}".strip()

    @property
    def caller_waits(self) -> str:
        """What somebody is told who is to take the call."""
        task = f" {self._purpose}" if self.task else ""
        return f"{self.said.caller_waits}{task}"

    def target(self, to: str) -> TransferCall | None:
        """Return whom the callee is handed over to: who has this number, else the first."""
        by_phrase = (trigger.action for trigger in self.triggers)
        targets = [*self.transfers, *(a for a in by_phrase if isinstance(a, TransferCall))]
        default = next(iter(self.transfers), None)
        return next((target for target in targets if target.phone_number == to), default)

    @property
    def _purpose(self) -> str:
        if self.was_called:
            return ""
        if self.language == "en":
            return purpose.sentence(self.task, self.name)
        return filled(self.said.purpose, task=self.task) if self.task else ""


def _endpointing(brief: Brief) -> Endpointing:
    turns = brief.turns
    return Endpointing(
        language=brief.language,
        mode=endpointing.Mode(turns.endpointing_mode),
        sensitivity=endpointing.Sensitivity(turns.endpointing_sensitivity),
        conversation_speed=turns.conversation_speed,
        dynamic_min_wait=turns.dynamic_min_wait_secs,
        max_silence=turns.dynamic_max_silence_secs,
    )


def _interruption(brief: Brief) -> Interruption:
    turns = brief.turns
    return Interruption(
        language=brief.language,
        mode=interruption.Mode(turns.interruption_mode),
        sensitivity=interruption.Sensitivity(turns.interrupt_sensitivity),
        words=turns.interruption_words,
    )


def _limits(brief: Brief) -> Limits:
    checks = brief.idle.max_idle_check_count if brief.idle.ask_if_human_present_on_idle else 0
    return Limits(
        waits=(brief.idle_seconds,) * (checks + 1),
        after_interaction=brief.idle.idle_after_interaction_seconds,
        max_checks=brief.idle.max_aggregate_idle_check_count,
        max_duration=brief.max_seconds,
    )
