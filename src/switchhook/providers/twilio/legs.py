"""One attempt at Twilio: what comes of it, and that nothing of it is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from switchhook.domain.agent import Language
from switchhook.domain.errors import Unavailable
from switchhook.domain.lifecycle import Reason
from switchhook.engine.screening import Verdict
from switchhook.ports import AnsweredBy, LegEvent, NotPickedUp, PickedUp
from switchhook.providers.twilio import reasons
from switchhook.providers.twilio.admissions import Admission, TwilioLine
from switchhook.providers.twilio.course import Course

MEDIA_SECONDS: Final = 4.0
"""How long the audio may take to come after somebody answered, who hears nothing meanwhile."""


class Ending(Protocol):
    """Ends calls at the carrier."""

    async def __call__(self, ref: str, *, answered: bool) -> None:
        """End the call of that name, which somebody has picked up or not."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """A status callback."""

    ref: str
    status: str
    sip: str = ""

    @property
    def live(self) -> bool:
        """Whether somebody is, or may soon be, on the line."""
        return self.status not in reasons.TERMINAL


class TwilioLeg:
    """One attempt; `let_go` once it was hung up, whatever may still come to light of it."""

    def __init__(self, admission: Admission, end: Ending) -> None:
        self.admission = admission
        self.language: Language = "en"
        """In which they hear why nobody talks with them."""
        self.named = asyncio.Event()
        self.let_go = asyncio.Event()
        self.over = asyncio.Event()
        """Set once the carrier says that nobody is on the line any more."""
        self._end = end
        self._course = Course()
        self._news: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._patience: asyncio.Timeout | None = None
        self._line: TwilioLine | None = None
        self._detected: AnsweredBy | None = None
        self._trouble = ""
        self._ends_itself = False

    @property
    def ref(self) -> str | None:
        """What the carrier calls the attempt, as soon as that is known."""
        return self._course.ref

    @property
    def has_media(self) -> bool:
        """Whether there is audio or words, whose end would tell that the call is over."""
        return self._line is not None and not self._line.over

    async def events(self) -> AsyncIterator[LegEvent]:
        """Yield progress until the call is answered or given up."""
        while True:
            event = await self._news.get()
            yield event
            if isinstance(event, PickedUp | NotPickedUp):
                return

    async def hang_up(self) -> None:
        """End the attempt or the call; where it has no name yet, as soon as it gets one."""
        self.let_go.set()
        if self._line is not None:
            self._line.close()
        if self.ref is not None and not self._course.over and not self._ends_itself:
            await self._end(self.ref, answered=self._course.answered)

    def decline(self) -> None:
        """Let go of a call that its own document ends."""
        self.ends_itself()
        self.let_go.set()

    def ends_itself(self) -> None:
        """Take that the call's document ends it, so that nobody else has to."""
        self._ends_itself = True

    def tell(self, event: LegEvent) -> None:
        """Pass on what only the carrier's side of the attempt knows."""
        self._take([event])

    def name(self, ref: str) -> None:
        """Take what the carrier calls the attempt."""
        self._take(self._course.named(ref))

    def fail(self, reason: Reason, detail: str) -> None:
        """Take that nothing will come of the attempt."""
        self._take(self._course.failed(reason, detail))

    def report(self, report: Report) -> bool:
        """Take a status; tell whether the call is this attempt's, and wanted."""
        self._take(self._course.reported(report.ref, report.status, report.sip))
        if report.ref != self.ref:
            return False
        if self._course.over:
            self.over.set()
            if self._line is not None:
                self._line.close()
        if self._course.answered and self._patience is not None and self._line is None:
            self._hurry(self._patience)
        return not self.let_go.is_set()

    def detected(self, verdict: Verdict) -> None:
        """Take who the carrier says has answered."""
        self._detected = AnsweredBy(verdict)
        if self._line is not None:
            self._line.report(self._detected)

    def trouble(self, problem: str) -> None:
        """Take what the carrier says is wrong with the media."""
        self._trouble = f": {problem}"

    async def media(self) -> bool:
        """Wait for the audio, and tell whether it came soon enough after somebody answered."""
        try:
            async with asyncio.timeout(None) as self._patience:
                if self._course.answered:
                    self._hurry(self._patience)
                line = await self.admission.line()
        except (TimeoutError, Unavailable):
            return False
        self._line = line
        if self._detected is not None:
            line.report(self._detected)
        events = self._course.connected(line.start.call_sid, line)
        self._take(events)
        if not any(isinstance(event, PickedUp) for event in events):
            line.close()
        return True

    def _take(self, events: Sequence[LegEvent]) -> None:
        if self.ref is not None:
            self.named.set()
        for event in events:
            self._news.put_nowait(self._explained(event))

    def _explained(self, event: LegEvent) -> LegEvent:
        if isinstance(event, NotPickedUp):
            return replace(event, detail=event.detail + self._trouble)
        return event

    def _hurry(self, patience: asyncio.Timeout) -> None:
        if patience.when() is None:
            patience.reschedule(asyncio.get_running_loop().time() + MEDIA_SECONDS)
