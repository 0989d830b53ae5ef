"""The course of one attempt, told by reports that come late, twice and in any order.

    queued → initiated → ringing → in-progress → completed | busy | no-answer | failed | canceled

Reports only count if they lead further; the media that connects is a report as well. What comes
out is what a leg tells, each of it once: Dialled, Ringing, and one of PickedUp and NotPickedUp.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from switchhook.domain.lifecycle import Reason
from switchhook.ports import AnyLine, Dialled, LegEvent, NotPickedUp, PickedUp, Ringing
from switchhook.providers.twilio import reasons

_RANK: Final = MappingProxyType({"queued": 0, "initiated": 1, "ringing": 2, "in-progress": 3})
_RINGING, _ANSWERED, _OVER = 2, 3, 4


@dataclass(slots=True)
class Course:
    """How far an attempt has got."""

    ref: str | None = None
    _rank: int = -1
    _told: bool = False
    """Whether it is known what came of the attempt."""

    @property
    def answered(self) -> bool:
        """Whether somebody picked up."""
        return self._rank >= _ANSWERED

    @property
    def over(self) -> bool:
        """Whether nobody is on the line any more."""
        return self._rank >= _OVER

    def named(self, ref: str) -> list[LegEvent]:
        """Take what the carrier calls the attempt; the first name stands."""
        if self.ref is not None:
            return []
        self.ref = ref
        return [] if self._told else [Dialled(ref)]

    def reported(self, ref: str, status: str, sip: str = "") -> list[LegEvent]:
        """Take a status; another call's changes nothing."""
        events = self.named(ref)
        # A status that nobody knows is as good as the first one.
        rank = _OVER if status in reasons.TERMINAL else _RANK.get(status, 0)
        if ref != self.ref or rank <= self._rank:
            return events
        self._rank = rank
        if self._told:
            return events
        if rank == _RINGING:
            events.append(Ringing())
        if rank == _OVER:
            events += self.failed(reasons.of_status(status, sip), f"the carrier says {status}")
        return events

    def connected(self, ref: str, line: AnyLine) -> list[LegEvent]:
        """Take the media of the call; nothing comes of it where the attempt is over."""
        events = self.named(ref)
        if ref != self.ref or self._told:
            return events
        self._rank = max(self._rank, _ANSWERED)
        self._told = True
        return [*events, PickedUp(line)]

    def failed(self, reason: Reason, detail: str) -> list[LegEvent]:
        """Take that nothing will come of the attempt."""
        if self._told:
            return []
        self._told = True
        return [NotPickedUp(reason, detail)]
