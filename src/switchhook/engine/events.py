"""What can happen to a call, as the conversation core sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Speaker, Word
from switchhook.engine.screening import Tone, Verdict
from switchhook.engine.thoughts import MindEvent, ToolEvent


@dataclass(frozen=True, slots=True)
class Answered:
    """The callee picked up; the conversation begins."""


@dataclass(frozen=True, slots=True)
class SpeechReady:
    """A piece of an utterance is ready to be played.

    The milliseconds are those of the piece; its words are timed from the utterance's beginning.
    """

    utterance: int
    milliseconds: int
    words: tuple[Word, ...]
    last: bool = True


@dataclass(frozen=True, slots=True)
class SpeechFailed:
    """The voice could not say it, or not to its end."""

    utterance: int


@dataclass(frozen=True, slots=True)
class FramesSent:
    """Audio of an utterance left for the carrier; utterance 0 is the room behind the agent."""

    utterance: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class MarkEchoed:
    """The far end has played everything up to this mark."""

    name: str


@dataclass(frozen=True, slots=True)
class SaidAll:
    """The line, which speaks by itself, has said all that it was given."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """The line, which speaks by itself, fell silent for the callee; these words were heard."""

    heard: str


@dataclass(frozen=True, slots=True)
class CalleeHeard:
    """Words of the callee, all since `start_ms`.

    `certain` when these words will not change, though more may follow; `final` when the ears
    know that the turn is complete; `eager` when they believe it will be.
    """

    text: str
    final: bool
    start_ms: int
    end_ms: int
    certain: bool = False
    eager: bool = False
    speaker: Speaker = "callee"
    """Who said them: the callee, or a guest beside them."""


@dataclass(frozen=True, slots=True)
class EarsEnded:
    """The ears will hear nothing more."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The callee makes the sound of speech, since this moment."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The callee has been quiet since this moment."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechFades:
    """The callee's speech has paused, too shortly to be over; or it goes on."""

    quiet: bool


@dataclass(frozen=True, slots=True)
class ToneHeard:
    """The line sounded a tone that means something, until this moment."""

    tone: Tone
    end_ms: int


@dataclass(frozen=True, slots=True)
class MachineVerdict:
    """The carrier believes that it knows who answered."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """The callee pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class LineGone:
    """The far end hung up, or the media is gone; `lost` where it is certain that it broke."""

    lost: bool = False


@dataclass(frozen=True, slots=True)
class SayAsked:
    """Somebody wants this to be spoken."""

    command: int
    text: str
    interrupt: bool = False


@dataclass(frozen=True, slots=True)
class KeysAsked:
    """Somebody wants keys to be pressed."""

    command: int
    digits: str


@dataclass(frozen=True, slots=True)
class GuideAsked:
    """Somebody tells the mind something that the callee does not hear."""

    command: int
    text: str


class Quiet(Enum):
    """Why the agent says nothing."""

    MUTED = auto()
    ON_HOLD = auto()
    BUSY = auto()
    """The agent itself has the callee on hold, until it has something to say."""


@dataclass(frozen=True, slots=True)
class QuietAsked:
    """Somebody wants the agent to say nothing, the callee to wait, or neither any more."""

    command: int
    wanted: Quiet | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """Somebody wants the callee to be connected with this number.

    Where there is a text whoever picks up is told it first, and asked whether they take the call.
    """

    command: int
    to: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class TransferTold:
    """Whoever is asked to take the call was told this, or has said or pressed it."""

    text: str
    by_them: bool


@dataclass(frozen=True, slots=True)
class TransferJoining:
    """Whoever was dialled takes the call, and both are being moved: the line may go."""


@dataclass(frozen=True, slots=True)
class TransferFailed:
    """Nobody takes the call; the callee is still on our line, unless that is gone."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TransferDone:
    """The callee is connected with somebody else."""


@dataclass(frozen=True, slots=True)
class GuestAsked:
    """Somebody wants this number in the call; the words are said before the callee waits."""

    command: int
    to: str
    hold_first: bool = True
    text: str = ""


@dataclass(frozen=True, slots=True)
class GuestCame:
    """Whoever was invited has picked up, and is in the call."""


@dataclass(frozen=True, slots=True)
class GuestFailed:
    """Nobody comes into the call."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GuestLeft:
    """Whoever was in the call besides the callee has hung up."""


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """Somebody answers the agent's question."""

    command: int
    question_id: str
    answer: str


@dataclass(frozen=True, slots=True)
class HangUpAsked:
    """Somebody wants the call to end."""

    command: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class DeadlineReached:
    """The moment that the session asked for has come; `media_at` is when audio last came in."""

    media_at: float | None = None


Sensed = SpeechStarted | SpeechFades | SpeechStopped | ToneHeard | MachineVerdict
Asked = (
    SayAsked
    | KeysAsked
    | GuideAsked
    | QuietAsked
    | TransferAsked
    | GuestAsked
    | AnswerGiven
    | HangUpAsked
)
Played = SpeechReady | SpeechFailed | FramesSent | MarkEchoed | SaidAll | CutOff
Transferring = TransferTold | TransferJoining | TransferFailed | TransferDone
Visiting = GuestCame | GuestFailed | GuestLeft
Event = (
    Answered
    | Played
    | CalleeHeard
    | EarsEnded
    | Sensed
    | DigitPressed
    | LineGone
    | Asked
    | Transferring
    | Visiting
    | DeadlineReached
    | MindEvent
    | ToolEvent
)
