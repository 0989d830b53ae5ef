"""What the callee is saying right now, before it is a turn."""

from __future__ import annotations

from dataclasses import dataclass, field

from switchhook.domain.transcript import Speaker
from switchhook.engine.endpointing import Pace
from switchhook.engine.events import CalleeHeard

_NEVER = -1


@dataclass(slots=True)
class Caller:
    """Sound and words of the turn that is open; moments are milliseconds of the call."""

    speaking: bool = False
    """Whether sound of speech is heard now."""
    fading: bool = False
    """Whether it is quiet for the moment."""
    onset_ms: int = 0
    """When it began."""
    quiet_ms: int = 0
    """When the last sound or word ended."""
    words_ms: int = 0
    """When words came last."""
    voiced_ms: int = 0
    """For how long this turn has sounded."""
    start_ms: int | None = None
    pieces: list[str] = field(default_factory=list[str])
    partial: str = ""
    eager: bool = False
    speaker: Speaker = "callee"
    """Who says it: the callee, or a guest beside them."""
    told_over: bool = False
    """Whether somebody who hears this turn says that it is over."""
    overlaps: bool = False
    """Whether this turn began while the agent was speaking."""
    over: int = 0
    """How many of its words had been said when it began to overlap."""
    pace: Pace = field(default_factory=Pace)
    taken_ms: int = _NEVER
    """When the last turn ended."""
    _segment: int = _NEVER
    _taken_segment: int = _NEVER
    _taken_words: int = 0

    @property
    def text(self) -> str:
        """The words of the open turn."""
        return " ".join([*self.pieces, self.partial]).strip()

    @property
    def open(self) -> bool:
        """Whether there is anything that could become a turn."""
        return bool(self.start_ms is not None)

    @property
    def surely_spoke(self) -> bool:
        """Whether somebody who hears this turn found one, and not over the agent's words."""
        return self.told_over and not self.overlaps

    @property
    def overlapping(self) -> str:
        """The words said since it began to overlap."""
        return " ".join(self.text.split()[self.over :])

    def sound(self, at_ms: int) -> None:
        """Take the beginning of speech; a pause before it that did not end the turn is learned."""
        if self.open and at_ms > self.quiet_ms:
            self.pace = self.pace.after_pause((at_ms - self.quiet_ms) / 1000)
        self.speaking = True
        self.fading = False
        self.onset_ms = at_ms
        self._begin(at_ms)

    def silence(self, at_ms: int) -> None:
        """Take the end of speech."""
        if self.speaking:
            self.voiced_ms += max(0, at_ms - self.onset_ms)
        self.speaking = self.fading = False
        self.quiet_ms = max(self.quiet_ms, at_ms)

    def words(self, event: CalleeHeard, now_ms: int) -> bool:
        """Take words; return whether any are new, and not of a turn that is over."""
        text = self._unheard(event)
        if not text:
            return False
        changed = text != self.partial
        self._begin(event.start_ms)
        self._segment = event.start_ms
        self.eager = event.eager
        self.speaker = event.speaker
        self.quiet_ms = max(self.quiet_ms, event.end_ms)
        self.words_ms = now_ms
        self.partial = text
        if event.certain or event.final:
            self.pieces.append(text)
            self.partial = ""
            self._taken_segment, self._taken_words = event.start_ms, len(event.text.split())
        return changed or event.certain or event.final

    def ended(self, at_ms: int) -> None:
        """Note that this turn is over, as somebody says who heard its end."""
        self._begin(at_ms)
        self.quiet_ms = max(self.quiet_ms, at_ms)
        self.told_over = True

    def overlap(self) -> None:
        """Note that the agent speaks while the callee does, or begins to."""
        self.overlaps = True
        self.over = len(self.text.split())

    def close(self) -> None:
        """Begin a new turn; what was said belongs to the last one."""
        if self.text:
            seconds = (self.quiet_ms - (self.start_ms or 0)) / 1000
            self.pace = self.pace.after_speech(len(self.text.split()), seconds)
        if self.partial:
            known = self._taken_words if self._taken_segment == self._segment else 0
            self._taken_words = known + len(self.partial.split())
            self._taken_segment = self._segment
        self.taken_ms = self.quiet_ms
        self.start_ms = None
        self.pieces.clear()
        self.partial = ""
        self.voiced_ms = self.over = 0
        self.eager = self.told_over = self.overlaps = False
        self.speaker = "callee"
        if self.speaking:
            self.onset_ms = self.quiet_ms

    def _begin(self, at_ms: int) -> None:
        if self.start_ms is None:
            self.start_ms = at_ms

    def _unheard(self, event: CalleeHeard) -> str:
        """Return the words without those that belong to a turn that is over."""
        said = event.text.split()
        if event.start_ms == self._taken_segment:
            said = said[self._taken_words :]
        elif event.end_ms <= self.taken_ms and not self.open:
            return ""
        return " ".join(said)
