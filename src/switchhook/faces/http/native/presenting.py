"""A call as the API shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from switchhook.domain.analysis import Sentiment
from switchhook.domain.happenings import Happening, Kind
from switchhook.domain.interaction import Channel, Interaction
from switchhook.domain.lifecycle import CALLS_STATUS, ENDINGS, Reason
from switchhook.domain.outcome import Outcome, Verdict
from switchhook.domain.templating import stringified
from switchhook.domain.transcript import Line, as_text, lines
from switchhook.faces.http.native.shapes import (
    Analysis,
    Call,
    CallEvent,
    Digit,
    LatencyStats,
    TelephonyIdentifier,
    Transcript,
    UserSentiment,
    Utterance,
    WordTiming,
)

_VOICEMAIL = frozenset({Reason.VOICEMAIL_HANGUP, Reason.VOICEMAIL_LEFT})
_SENTIMENTS: dict[Sentiment, UserSentiment] = {
    Sentiment.POSITIVE: "Positive",
    Sentiment.NEUTRAL: "Neutral",
    Sentiment.NEGATIVE: "Negative",
    Sentiment.UNKNOWN: "Unknown",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A call with everything that happened to it."""

    call: Interaction
    happenings: Sequence[Happening]

    def said(self) -> list[Line]:
        """Return what was said."""
        return lines(self.happenings)


def call_of(record: Record, *, base_url: str) -> Call:
    """Return the call with all its members."""
    call = record.call
    said = record.said()
    return Call(
        **_identity(call),
        **_times(call),
        **_learned(call),
        metadata=call.metadata,
        events=[_event(happening) for happening in record.happenings],
        transcript=as_text(said) if said else None,
        transcript_object=[_utterance(line) for line in said],
        transcript_with_tool_calls=_woven(record.happenings),
        disconnection_reason=_disconnection(call),
        recording_url=_recording_url(call, base_url),
        latency=_latency(record),
        telephony_identifier=_telephony(call),
        simulated=call.simulated,
    )


def transcript_of(record: Record) -> Transcript:
    """Return what was said, in every form the API has."""
    said = record.said()
    return Transcript(
        organization_id=record.call.org_id,
        call_id=record.call.public_id,
        transcript=as_text(said) if said else None,
        transcript_object=[_utterance(line) for line in said],
        transcript_with_tool_calls=_woven(record.happenings),
    )


def milliseconds(moment: datetime) -> int:
    """Return the moment as whole milliseconds of the epoch."""
    return int(moment.timestamp() * 1000)


def _identity(call: Interaction) -> dict[str, Any]:
    return {
        "id": call.id,
        "call_id": call.public_id,
        "organization_id": call.org_id,
        "agent_id": call.agent.id or "",
        "agent_version": call.agent.version,
        "agent_name": call.agent.spec.name,
        "call_status": CALLS_STATUS[call.state],
        "call_type": "phone_call" if call.channel is Channel.CALL else "web_call",
        "direction": call.direction.value,
        "from_number": call.from_number or "",
        "to_number": call.to_number or "",
        "retell_llm_dynamic_variables": call.variables,
    }


def _times(call: Interaction) -> dict[str, int | None]:
    seconds = call.duration_seconds
    duration = None if seconds is None else round(seconds * 1000)
    return {
        "start_timestamp": milliseconds(call.answered_at) if call.answered_at else None,
        "end_timestamp": milliseconds(call.ended_at) if call.ended_at else None,
        "call_duration": duration,
        "duration_ms": duration,
        "created_at": milliseconds(call.created_at),
        "updated_at": milliseconds(call.updated_at),
    }


def _learned(call: Interaction) -> dict[str, Any]:
    found = call.outcome.fields if call.outcome else {}
    known = {name: field.value for name, field in found.items() if field.known}
    return {
        "call_analysis": _analysis(call, call.outcome, known) if call.outcome else None,
        "collected_dynamic_variables": {name: stringified(value) for name, value in known.items()},
    }


def _analysis(call: Interaction, outcome: Outcome, known: dict[str, Any]) -> Analysis | None:
    """Return what came of the call; nothing while somebody still reads what was said."""
    if not call.settled:
        return None
    return Analysis(
        call_summary=outcome.summary,
        call_successful=outcome.verdict is Verdict.ACHIEVED,
        user_sentiment=_SENTIMENTS[call.analysis.sentiment] if call.analysis else "Unknown",
        in_voicemail=call.reason in _VOICEMAIL,
        custom_analysis_data=known,
    )


def _disconnection(call: Interaction) -> str | None:
    return ENDINGS[call.reason].disconnection if call.terminal and call.reason else None


def _recording_url(call: Interaction, base_url: str) -> str | None:
    return f"{base_url}/api/calls/{call.id}/recording" if call.recording else None


def _telephony(call: Interaction) -> TelephonyIdentifier | None:
    if call.carrier_ref is None:
        return None
    twilio = call.carrier_ref if call.carrier == "twilio" else None
    return TelephonyIdentifier(twilio_call_sid=twilio, call_sid=call.carrier_ref)


def _event(happening: Happening) -> CallEvent:
    return CallEvent(
        timestamp=milliseconds(happening.at),
        event=happening.text,
        session_time=happening.session_ms / 1000,
        data=happening.data,
    )


def _utterance(line: Line) -> Utterance:
    words = [
        WordTiming(word=word.text, start=word.start_ms / 1000, end=word.end_ms / 1000)
        for word in line.words
    ]
    role = "agent" if line.speaker == "agent" else "user"
    return Utterance(
        role=role, content=line.text, heard_estimated=line.heard_estimated, words=words
    )


def _woven(happenings: Iterable[Happening]) -> list[Utterance | Digit]:
    """Return words and keys in the order in which they came."""
    woven: list[Utterance | Digit] = []
    for happening in happenings:
        match happening.kind:
            case Kind.SPOKEN:
                woven.extend(_utterance(line) for line in lines([happening]))
            case Kind.DIGITS if happening.data.get("from") == "callee":
                woven.extend(Digit(digit=digit) for digit in str(happening.data["digits"]))
            case _:
                pass
    return woven


_STEPS = ("e2e", "asr", "llm", "tts")


def _latency(record: Record) -> dict[str, LatencyStats] | None:
    """Return how long the callee waited for answers, and for what of it; once the call is over."""
    if not record.call.terminal:
        return None
    measured = record.call.latency or {}
    steps = {step: LatencyStats(**measured[step]) for step in _STEPS if step in measured}
    if steps:
        return steps
    waits: list[float] = [
        turn["answer_ms"]
        for happening in record.happenings
        if happening.kind is Kind.LATENCY
        for turn in happening.data["turns"]
    ]
    return {"e2e": _stats(waits)} if waits else None


def _stats(waits: Sequence[float]) -> LatencyStats:
    ordered = sorted(waits)

    def percentile(share: float) -> float:
        return ordered[ceil(share * len(ordered)) - 1]

    return LatencyStats(
        p50=percentile(0.5),
        p90=percentile(0.9),
        p95=percentile(0.95),
        p99=percentile(0.99),
        min=ordered[0],
        max=ordered[-1],
        num=len(ordered),
        values=list(waits),
    )
