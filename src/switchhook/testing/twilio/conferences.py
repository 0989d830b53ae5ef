"""Conferences: rooms in which telephones hear each other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from xml.etree import ElementTree

from switchhook.audio import g711
from switchhook.audio.mixing import mix
from switchhook.audio.tune import Tune
from switchhook.ports import FRAME_BYTES, Frame, LineClosed
from switchhook.runtime.framing import QUIET
from switchhook.testing.phone_ends import PhoneEnd
from switchhook.testing.twilio.ledger import FakeCall, sid

_FRAME_S = 0.02


class Announcer(Protocol):
    """Sends what a conference tells."""

    async def tell(self, call: FakeCall, url: str, form: Mapping[str, str]) -> None:
        """Send a callback."""
        ...


@dataclass(slots=True)
class Participant:
    """One telephone in a room."""

    call: FakeCall
    end: PhoneEnd
    opens: bool = True
    """Whether the conference starts with it."""
    closes: bool = False
    """Whether the conference ends with it."""
    muted: bool = False
    hold: bool = False
    sounding: Frame = QUIET
    left: asyncio.Event = field(default_factory=asyncio.Event)
    music: Tune = field(default_factory=Tune)

    @property
    def heard(self) -> Frame:
        """What the others hear of it."""
        return QUIET if self.muted or self.hold else self.sounding

    def resource(self, room: Room) -> dict[str, Any]:
        """Return the participant as the REST API shows it."""
        return {
            "account_sid": self.call.account_sid,
            "call_sid": self.call.sid,
            "conference_sid": room.sid,
            "muted": self.muted,
            "hold": self.hold,
            "end_conference_on_exit": self.closes,
            "start_conference_on_enter": self.opens,
            "status": "complete" if self.left.is_set() else "connected",
        }


class Room:
    """A conference, from the first participant to its end."""

    def __init__(self, name: str, account_sid: str) -> None:
        self.sid = sid("CF")
        self.name = name
        self.account_sid = account_sid
        self.status = "init"
        self.present: list[Participant] = []
        self.history: list[str] = []
        self._callback = ("", frozenset[str]())
        self._sequence = 0

    async def stay(self, here: Participant, noun: ElementTree.Element, told: Announcer) -> bool:
        """Let a telephone take part until it leaves; tell whether it hung up."""
        if not self.present:
            events = frozenset(noun.get("statusCallbackEvent", "").split())
            self._callback = (noun.get("statusCallback", ""), events)
        self.present.append(here)
        await self._tell(told, here, "participant-join", "join")
        if here.opens and self.status == "init" and len(self.present) > 1:
            self.status = "in-progress"
            await self._tell(told, here, "conference-start", "start")
        try:
            return await self._talk(here)
        finally:
            await self._leave(here, told)

    def close(self) -> None:
        """End it for everybody."""
        self.status = "completed"
        for participant in self.present:
            participant.left.set()

    def resource(self) -> dict[str, Any]:
        """Return the conference as the REST API shows it."""
        return {
            "sid": self.sid,
            "friendly_name": self.name,
            "account_sid": self.account_sid,
            "status": self.status,
        }

    async def _talk(self, here: Participant) -> bool:
        """Give everybody 20 ms of everybody else, 50 times a second."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not here.left.is_set():
            due += _FRAME_S
            await asyncio.sleep(max(0.0, due - loop.time()))
            here.end.send(due, self._audible(here))
            for event in here.end.beat(due):
                if isinstance(event, LineClosed):
                    return True
                if isinstance(event, Frame):
                    here.sounding = event
        return False

    def _audible(self, here: Participant) -> Frame:
        if here.hold or self.status == "init":
            return Frame(g711.encode(here.music.feed(FRAME_BYTES, speaking=False)))
        return mixed([other.heard for other in self.present if other is not here])

    async def _leave(self, here: Participant, told: Announcer) -> None:
        here.left.set()
        self.present.remove(here)
        await self._tell(told, here, "participant-leave", "leave")
        if here.closes:
            self.close()
        if not self.present:
            self.status = "completed"
            await self._tell(told, here, "conference-end", "end")

    async def _tell(self, told: Announcer, here: Participant, event: str, wanted: str) -> None:
        self.history.append(f"{event} {here.call.sid}")
        url, events = self._callback
        if wanted not in events:
            return
        self._sequence += 1
        form = {
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": event,
            "CallSid": here.call.sid,
            "SequenceNumber": str(self._sequence),
        }
        await told.tell(here.call, url, form)


def mixed(frames: Sequence[Frame]) -> Frame:
    """Return what several sound like together, with the words of all."""
    sounding = [frame for frame in frames if frame.audio != QUIET.audio]
    if not sounding:
        return QUIET
    pcm = g711.decode(sounding[0].audio)
    for frame in sounding[1:]:
        pcm = mix(pcm, g711.decode(frame.audio))
    return Frame(g711.encode(pcm), tuple(word for frame in sounding for word in frame.words))
