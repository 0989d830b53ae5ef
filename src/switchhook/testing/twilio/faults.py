"""How the carrier may misbehave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Post(Enum):
    """How the request to dial fares."""

    ANSWERED = "it is answered"
    LATE = "callbacks come before its answer"
    FAILED_AFTER = "the call is dialled, and the answer is 500"
    SILENT_AFTER = "the call is dialled, and there is no answer"
    FAILED_BEFORE = "nothing is dialled, and the answer is 500"
    SILENT_BEFORE = "nothing is dialled, and there is no answer"
    BUSY = "nothing is dialled, and the answer is 429"


@dataclass(frozen=True, slots=True)
class Mischief:
    """What goes wrong; times in seconds. As it stands here nothing does."""

    post: Post = Post.ANSWERED
    times: int | None = None
    """How many requests to dial fare so; after them all fare well."""
    twice: bool = False
    """One request dials two calls."""
    repeats: int = 1
    """How often each callback is sent."""
    shuffled: bool = False
    """Callbacks are kept back and sent in another order, when the call is over."""
    mute: bool = False
    """No callback is sent at all."""
    no_media: bool = False
    """The media never connects."""
    intrusion: str = ""
    """What the media stream says besides, as it stands here, after two seconds."""
    rest_delay: float = 0.0
    """How long every answer of the REST API takes."""
    detection_delay: float = 4.0
    """When, after the answer, the carrier says whether it was a machine."""
    recording_delay: float = 2.0
    """How long after a call its recording is ready, or known to be none."""
    recording_absent: bool = False
    """What was to be recorded was not."""
    seed: int = 0


WELL = Mischief()
