"""The life of a call, as data.

    scheduled → registered → queued → dialing → ringing → in_progress → ending → ended
                    └──────────────┴──────────┴────────┴→ not_connected

`error` can follow any state that is not terminal. States only move up in rank: a late or
repeated report changes nothing, a terminal state never changes, the first reason wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a call is in its life."""

    SCHEDULED = "scheduled"
    REGISTERED = "registered"
    QUEUED = "queued"
    DIALING = "dialing"
    RINGING = "ringing"
    IN_PROGRESS = "in_progress"
    ENDING = "ending"
    ENDED = "ended"
    NOT_CONNECTED = "not_connected"
    ERROR = "error"


class Stage(StrEnum):
    """How far a call got with people."""

    CREATED = "created"
    PICKED_UP = "picked_up"
    TRANSFER_STARTED = "transfer_started"
    TRANSFER_SUCCESSFUL = "transfer_successful"


class StageOutcome(StrEnum):
    """How the stage ended."""

    HUMAN_UNANSWERED = "human_unanswered"
    CALL_DID_NOT_CONNECT = "call_did_not_connect"
    HUMAN_DISCONNECTED = "human_disconnected"
    BOT_DISCONNECTED = "bot_disconnected"
    TRANSFER_UNANSWERED = "transfer_unanswered"
    TRANSFER_DISCONNECTED = "transfer_disconnected"


@dataclass(frozen=True, slots=True)
class Ending:
    """What a reason means: its terminal state and its name on each surface."""

    state: State
    outcome: StageOutcome | None
    disconnection: str
    elemente: str
    fluents: str


TERMINAL = frozenset({State.ENDED, State.NOT_CONNECTED, State.ERROR})
LIVE = frozenset({State.DIALING, State.RINGING, State.IN_PROGRESS, State.ENDING})

RANK: dict[State, int] = {
    State.SCHEDULED: 0,
    State.REGISTERED: 1,
    State.QUEUED: 2,
    State.DIALING: 3,
    State.RINGING: 4,
    State.IN_PROGRESS: 5,
    State.ENDING: 6,
    State.ENDED: 7,
    State.NOT_CONNECTED: 7,
    State.ERROR: 7,
}

_UNANSWERED = (State.NOT_CONNECTED, State.ERROR)

MOVES: dict[State, tuple[State, ...]] = {
    State.SCHEDULED: (State.REGISTERED, *_UNANSWERED),
    State.REGISTERED: (
        State.QUEUED,
        State.DIALING,
        State.RINGING,
        State.IN_PROGRESS,
        *_UNANSWERED,
    ),
    State.QUEUED: (State.DIALING, *_UNANSWERED),
    State.DIALING: (State.RINGING, State.IN_PROGRESS, *_UNANSWERED),
    State.RINGING: (State.IN_PROGRESS, *_UNANSWERED),
    State.IN_PROGRESS: (State.ENDING, State.ENDED, State.ERROR),
    State.ENDING: (State.ENDED, State.ERROR),
    State.ENDED: (),
    State.NOT_CONNECTED: (),
    State.ERROR: (),
}

STAGE_MOVES: dict[Stage, tuple[Stage, ...]] = {
    Stage.CREATED: (Stage.PICKED_UP,),
    Stage.PICKED_UP: (Stage.TRANSFER_STARTED,),
    Stage.TRANSFER_STARTED: (Stage.TRANSFER_STARTED, Stage.TRANSFER_SUCCESSFUL),
    Stage.TRANSFER_SUCCESSFUL: (),
}


_REACHED = (Stage.PICKED_UP, Stage.TRANSFER_STARTED, Stage.TRANSFER_SUCCESSFUL)

STAGES: dict[State, tuple[Stage, ...]] = {
    State.SCHEDULED: (Stage.CREATED,),
    State.REGISTERED: (Stage.CREATED,),
    State.QUEUED: (Stage.CREATED,),
    State.DIALING: (Stage.CREATED,),
    State.RINGING: (Stage.CREATED,),
    State.IN_PROGRESS: _REACHED,
    State.ENDING: _REACHED,
    State.ENDED: _REACHED,
    State.NOT_CONNECTED: (Stage.CREATED,),
    State.ERROR: (Stage.CREATED, *_REACHED),
}

OUTCOMES: dict[Stage, tuple[StageOutcome, ...]] = {
    Stage.CREATED: (StageOutcome.HUMAN_UNANSWERED, StageOutcome.CALL_DID_NOT_CONNECT),
    Stage.PICKED_UP: (
        StageOutcome.HUMAN_DISCONNECTED,
        StageOutcome.BOT_DISCONNECTED,
        StageOutcome.HUMAN_UNANSWERED,
    ),
    Stage.TRANSFER_STARTED: (
        StageOutcome.TRANSFER_UNANSWERED,
        StageOutcome.HUMAN_DISCONNECTED,
        StageOutcome.BOT_DISCONNECTED,
    ),
    Stage.TRANSFER_SUCCESSFUL: (
        StageOutcome.TRANSFER_DISCONNECTED,
        StageOutcome.HUMAN_DISCONNECTED,
    ),
}


class Reason(StrEnum):
    """Why a call ended; the first one wins."""

    USER_HANGUP = "user_hangup"
    AGENT_HANGUP = "agent_hangup"
    API_HANGUP = "api_hangup"
    TRANSFER_COMPLETED = "transfer_completed"
    TRANSFER_UNANSWERED = "transfer_unanswered"
    VOICEMAIL_HANGUP = "voicemail_hangup"
    VOICEMAIL_LEFT = "voicemail_left"
    IVR_REACHED = "ivr_reached"
    INACTIVITY = "inactivity"
    MAX_DURATION = "max_duration"
    USER_REQUESTED_DNC = "user_requested_dnc"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DECLINED = "declined"
    CANCELED = "canceled"
    REGISTERED_TIMEOUT = "registered_timeout"
    DNC_BLOCKED = "dnc_blocked"
    CONCURRENCY_LIMIT = "concurrency_limit"
    INVALID_DESTINATION = "invalid_destination"
    DIAL_FAILED = "dial_failed"
    PROVIDER_DENIED = "provider_denied"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    ERROR_ASR = "error_asr"
    ERROR_LLM = "error_llm"
    ERROR_TTS = "error_tts"
    ERROR_NO_AUDIO = "error_no_audio"
    ERROR_INTERNAL = "error_internal"


_BY_HUMAN = (State.ENDED, StageOutcome.HUMAN_DISCONNECTED)
_BY_AGENT = (State.ENDED, StageOutcome.BOT_DISCONNECTED)
_NOT_REACHED = (State.NOT_CONNECTED, StageOutcome.CALL_DID_NOT_CONNECT)
_BROKEN = (State.ERROR, StageOutcome.BOT_DISCONNECTED)

ENDINGS: dict[Reason, Ending] = {
    Reason.USER_HANGUP: Ending(*_BY_HUMAN, "user_hangup", "completed", "ended"),
    Reason.AGENT_HANGUP: Ending(*_BY_AGENT, "agent_hangup", "completed", "ended"),
    Reason.API_HANGUP: Ending(*_BY_AGENT, "manual_stopped", "completed", "ended"),
    Reason.TRANSFER_COMPLETED: Ending(
        State.ENDED, StageOutcome.TRANSFER_DISCONNECTED, "call_transfer", "completed", "ended"
    ),
    Reason.TRANSFER_UNANSWERED: Ending(
        State.ENDED, StageOutcome.TRANSFER_UNANSWERED, "transfer_cancelled", "completed", "ended"
    ),
    Reason.VOICEMAIL_HANGUP: Ending(
        State.ENDED, StageOutcome.HUMAN_UNANSWERED, "voicemail_reached", "voicemail", "ended"
    ),
    Reason.VOICEMAIL_LEFT: Ending(*_BY_AGENT, "voicemail_reached", "voicemail", "ended"),
    Reason.IVR_REACHED: Ending(*_BY_AGENT, "ivr_reached", "completed", "ended"),
    Reason.INACTIVITY: Ending(*_BY_AGENT, "inactivity", "completed", "ended"),
    Reason.MAX_DURATION: Ending(*_BY_AGENT, "max_duration_reached", "completed", "ended"),
    Reason.USER_REQUESTED_DNC: Ending(*_BY_AGENT, "user_requested_dnc", "completed", "ended"),
    Reason.NO_ANSWER: Ending(
        State.NOT_CONNECTED, StageOutcome.HUMAN_UNANSWERED, "dial_no_answer", "no-answer", "ended"
    ),
    Reason.BUSY: Ending(*_NOT_REACHED, "dial_busy", "busy", "ended"),
    Reason.DECLINED: Ending(*_NOT_REACHED, "user_declined", "no-answer", "ended"),
    Reason.CANCELED: Ending(*_NOT_REACHED, "manual_stopped", "canceled", "ended"),
    Reason.REGISTERED_TIMEOUT: Ending(*_NOT_REACHED, "registered_call_timeout", "expired", "ended"),
    Reason.DNC_BLOCKED: Ending(*_NOT_REACHED, "user_requested_dnc", "failed", "error"),
    Reason.CONCURRENCY_LIMIT: Ending(*_NOT_REACHED, "concurrency_limit_reached", "failed", "error"),
    Reason.INVALID_DESTINATION: Ending(*_NOT_REACHED, "invalid_destination", "failed", "error"),
    Reason.DIAL_FAILED: Ending(*_NOT_REACHED, "dial_failed", "failed", "error"),
    Reason.PROVIDER_DENIED: Ending(
        *_NOT_REACHED, "telephony_provider_permission_denied", "failed", "error"
    ),
    Reason.PROVIDER_UNAVAILABLE: Ending(
        *_NOT_REACHED, "telephony_provider_unavailable", "failed", "error"
    ),
    Reason.ERROR_ASR: Ending(*_BROKEN, "error_asr", "failed", "error"),
    Reason.ERROR_LLM: Ending(*_BROKEN, "error_unknown", "failed", "error"),
    Reason.ERROR_TTS: Ending(*_BROKEN, "error_unknown", "failed", "error"),
    Reason.ERROR_NO_AUDIO: Ending(*_BROKEN, "error_no_audio_received", "failed", "error"),
    Reason.ERROR_INTERNAL: Ending(State.ERROR, None, "error_unknown", "failed", "error"),
}

# How a state that is not terminal reads on each surface; terminal ones follow ENDINGS.
FLUENTS_STATUS: dict[State, str] = {
    State.SCHEDULED: "not_started",
    State.REGISTERED: "not_started",
    State.QUEUED: "not_started",
    State.DIALING: "in_progress",
    State.RINGING: "in_progress",
    State.IN_PROGRESS: "in_progress",
    State.ENDING: "in_progress",
}
CALLS_STATUS: dict[State, str] = {
    State.SCHEDULED: "scheduled",
    State.REGISTERED: "registered",
    State.QUEUED: "registered",
    State.DIALING: "ongoing",
    State.RINGING: "ongoing",
    State.IN_PROGRESS: "ongoing",
    State.ENDING: "ongoing",
    State.ENDED: "ended",
    State.NOT_CONNECTED: "ended",
    State.ERROR: "error",
}
ELEMENTE_STATUS: dict[State, str] = {
    State.SCHEDULED: "pending",
    State.REGISTERED: "pending",
    State.QUEUED: "queued",
    State.DIALING: "processing",
    State.RINGING: "ringing",
    State.IN_PROGRESS: "in-progress",
    State.ENDING: "in-progress",
}


def may_move(now: State, then: State) -> bool:
    """Tell whether the table allows the step; a late or repeated report does not pass."""
    return then in MOVES[now]


def final_state(now: State, reason: Reason) -> State:
    """Return where a call ends for this reason.

    The network itself may answer, to say that the number cannot be reached; a call that was
    answered has been connected.
    """
    answered = now in {State.IN_PROGRESS, State.ENDING}
    return State.ENDED if answered and reason is Reason.DIAL_FAILED else ENDINGS[reason].state


def stage_outcome(stage: Stage, reason: Reason) -> StageOutcome | None:
    """Return how the stage ended; an outcome that the stage cannot have gives way to its own."""
    outcome = ENDINGS[reason].outcome
    if outcome is None or outcome in OUTCOMES[stage]:
        return outcome
    return _NEAREST[stage]


_NEAREST: dict[Stage, StageOutcome] = {
    Stage.CREATED: StageOutcome.CALL_DID_NOT_CONNECT,
    Stage.PICKED_UP: StageOutcome.BOT_DISCONNECTED,
    Stage.TRANSFER_STARTED: StageOutcome.TRANSFER_UNANSWERED,
    Stage.TRANSFER_SUCCESSFUL: StageOutcome.TRANSFER_DISCONNECTED,
}


def assistant_status(state: State, reason: Reason | None, *, outcome_unknown: bool = False) -> str:
    """Return the one word an assistant reads: what is, or how it ended."""
    if state is State.DIALING and outcome_unknown:
        return "outcome_unknown"
    if reason is None or state not in TERMINAL:
        return _ASSISTANT_STATE[state]
    return _ASSISTANT_REASON.get(reason, "ended" if state is State.ENDED else "failed")


_ASSISTANT_STATE: dict[State, str] = {
    State.SCHEDULED: "registered",
    State.REGISTERED: "registered",
    State.QUEUED: "queued",
    State.DIALING: "ringing",
    State.RINGING: "ringing",
    State.IN_PROGRESS: "in_progress",
    State.ENDING: "in_progress",
    State.ENDED: "ended",
    State.NOT_CONNECTED: "failed",
    State.ERROR: "failed",
}
_ASSISTANT_REASON: dict[Reason, str] = {
    Reason.VOICEMAIL_HANGUP: "voicemail",
    Reason.VOICEMAIL_LEFT: "voicemail",
    Reason.NO_ANSWER: "no_answer",
    Reason.BUSY: "busy",
    Reason.DECLINED: "no_answer",
    Reason.CANCELED: "canceled",
    Reason.REGISTERED_TIMEOUT: "canceled",
    Reason.DIAL_FAILED: "failed",
}
