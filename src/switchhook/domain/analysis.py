"""What is found out about a call once it is over, and how far that has got."""

from __future__ import annotations

from enum import StrEnum

from switchhook.domain.outcome import Outcome
from switchhook.domain.values import Frozen


class Sentiment(StrEnum):
    """How the callee felt about the call."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    UNKNOWN = "unknown"


class Judgement(Frozen):
    """What somebody who read the transcript says came of the call, and how it felt."""

    outcome: Outcome = Outcome()
    sentiment: Sentiment = Sentiment.UNKNOWN


class AnalysisStatus(StrEnum):
    """How far the analysis of a call has got; all but the first are final."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Analysis(Frozen):
    """The analysis of a call; what it found out about the task is in the call's outcome."""

    status: AnalysisStatus
    sentiment: Sentiment = Sentiment.UNKNOWN
    problem: str = ""
    """Why there is none."""


PENDING = Analysis(status=AnalysisStatus.PENDING)
