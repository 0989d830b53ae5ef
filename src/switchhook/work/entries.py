"""What is written of a call as it is placed, held and over."""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import ENDINGS, Reason, Stage, State, final_state
from switchhook.ports import Dialled, Entry, InDoubt, Ringing
from switchhook.runtime.call import Ended


def progress(event: Dialled | InDoubt | Ringing) -> Entry:
    """Return what is known while nobody has answered."""
    match event:
        case Dialled(ref):
            return Entry(carrier_ref=ref)
        case Ringing():
            return Entry(state=State.RINGING)
        case InDoubt():
            why = "The carrier did not say whether it dials; it is not asked a second time"
            return Entry(facts=(Fact(kind=Kind.NOTE, text=why),), in_doubt=True)


def ending(reason: Reason, detail: str = "") -> Entry:
    """Return why a call is over that nobody held."""
    facts = (Fact(kind=Kind.NOTE, text=detail),) if detail else ()
    return Entry(facts=facts, state=ENDINGS[reason].state, reason=reason)


def handed_over(end: Ended) -> Entry:
    """Return what is known of a call that goes on without us."""
    return Entry(
        stage=Stage.TRANSFER_SUCCESSFUL,
        outcome=end.outcome,
        recording=end.recording,
        latency=end.latency,
    )


def ended(end: Ended) -> Entry:
    """Return what came of a conversation."""
    return Entry(
        state=final_state(State.IN_PROGRESS, end.reason),
        reason=end.reason,
        outcome=end.outcome,
        recording=end.recording,
        latency=end.latency,
    )
