"""One conversation with one counterpart; a call is an interaction with media."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from switchhook.domain.agent import AgentSnapshot
from switchhook.domain.analysis import Analysis, AnalysisStatus
from switchhook.domain.lifecycle import (
    TERMINAL,
    Reason,
    Stage,
    StageOutcome,
    State,
    assistant_status,
    stage_outcome,
)
from switchhook.domain.outcome import Outcome
from switchhook.domain.rehearsal import MOST_STEPS, Step
from switchhook.domain.values import Frozen


class Channel(StrEnum):
    """How the two sides talk."""

    CALL = "call"
    WEB_CALL = "web_call"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    WEBCHAT = "webchat"


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallOptions(Frozen):
    """What a user may set for one call besides the agent."""

    carrier: str | None = None
    persona: str | None = None
    steps: SkipJsonSchema[tuple[Step, ...] | None] = Field(default=None, max_length=MOST_STEPS)
    """What a simulated callee does instead of being a persona."""
    telephony_params: SkipJsonSchema[dict[str, str] | None] = Field(default=None, max_length=20)
    """What the carrier is asked for besides, under the carrier's own names."""
    max_duration_seconds: int | None = Field(default=None, ge=10, le=3600)
    record: bool | None = None


class Recording(Frozen):
    """Where the recording lies and how long it is."""

    path: str
    seconds: float
    bytes: int


class Interaction(Frozen):
    """The record of a call: what was asked for, where it stands, what came of it."""

    id: str
    external_id: str | None = None
    org_id: str
    channel: Channel = Channel.CALL
    direction: Direction = Direction.OUTBOUND
    state: State = State.REGISTERED
    reason: Reason | None = None
    stage: Stage = Stage.CREATED
    outcome_unknown: bool = False
    agent: AgentSnapshot
    task: str | None = None
    from_number: str | None = None
    to_number: str | None = None
    carrier: str | None = None
    carrier_ref: str | None = None
    simulated: bool = False
    variables: dict[str, str] = {}
    metadata: dict[str, Any] = {}
    options: CallOptions = CallOptions()
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    analysis: Analysis | None = None
    """Nothing where nobody analyses."""
    recording: Recording | None = None
    latency: dict[str, Any] | None = None
    last_seq: int = 0
    open_question: str | None = None
    extra: dict[str, Any] = {}

    @property
    def public_id(self) -> str:
        """The id that the account knows the call by: its own where it gave one, else ours."""
        return self.external_id or self.id

    @property
    def terminal(self) -> bool:
        """Whether the call is over for good."""
        return self.state in TERMINAL

    @property
    def settled(self) -> bool:
        """Whether the call is over and everything about it that is waited for is known."""
        pending = self.analysis is not None and self.analysis.status is AnalysisStatus.PENDING
        return self.terminal and not pending

    @property
    def status(self) -> str:
        """The one word an assistant reads."""
        return assistant_status(self.state, self.reason, outcome_unknown=self.outcome_unknown)

    @property
    def stage_outcome(self) -> StageOutcome | None:
        """How the stage ended; nothing while the call goes on."""
        return stage_outcome(self.stage, self.reason) if self.terminal and self.reason else None

    @property
    def duration_seconds(self) -> float | None:
        """From answer to end; nothing for a call that nobody answered or that goes on."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.answered_at).total_seconds()
