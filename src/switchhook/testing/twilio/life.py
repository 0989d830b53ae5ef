"""The life of one call: it rings, is answered or not, does what its TwiML says, and ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from xml.etree import ElementTree

from switchhook.runtime.framing import QUIET
from switchhook.testing.phone_ends import PhoneEnd
from switchhook.testing.twilio.callbacks import Postman, progress, told
from switchhook.testing.twilio.conferences import Participant, Room
from switchhook.testing.twilio.faults import Mischief
from switchhook.testing.twilio.ledger import Asked, FakeCall, Ledger, sid
from switchhook.testing.twilio.phones import Phone
from switchhook.testing.twilio.relaying import FakeRelay, relay_of
from switchhook.testing.twilio.streaming import FakeStream
from switchhook.testing.twilio.tapes import Tape

_EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
"""Under which name a status is subscribed; every other one is `completed`."""

_WORD_S = 0.3
_TALK = '<Response><Pause length="5"/></Response>'
"""What two people who were connected do."""
_PLAY_S = 1.0
_MOST_DOCUMENTS = 20


class Town(Protocol):
    """What a call needs to know of the rest of the fake."""

    ledger: Ledger
    postman: Postman
    mischief: Mischief
    auth_token: str

    def phone(self, number: str) -> Phone:
        """Return the telephone with this number."""
        ...

    def place(self, call: FakeCall) -> Life:
        """Begin another call."""
        ...

    def room(self, name: str) -> Room:
        """Return the conference of this name that goes on, or a new one."""
        ...


@dataclass(slots=True)
class Life:
    """One call from `queued` to its end; `hang_up` is what the REST API may do to it."""

    town: Town
    call: FakeCall
    streams: list[FakeStream] = field(default_factory=list[FakeStream])
    relays: list[FakeRelay] = field(default_factory=list[FakeRelay])
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    tape: Tape | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    announced: list[float] = field(default_factory=list[float])
    """When Twilio itself said a word."""
    _living: asyncio.Task[str] | None = None
    _following: asyncio.Task[None] | None = None
    _moved_to: str = ""
    _person: PhoneEnd | None = None
    _end: str = "completed"

    async def run(self) -> None:
        """Live, and tell the customer of every step."""
        async with asyncio.TaskGroup() as group:
            self._living = group.create_task(self._live(group))
            await asyncio.wait({self._living})
        status = self._end if self._living.cancelled() else self._living.result()
        self.call.move(status)
        self.ended_at = asyncio.get_running_loop().time()
        self.ended.set()
        await self._report(status)
        if self.tape is not None:
            await self._recorded(self.tape)

    def hang_up(self, status: str) -> None:
        """End the call now."""
        self._end = status
        if self._living is not None:
            self._living.cancel()

    def redirect(self, document: str) -> None:
        """Follow another document from now on."""
        self._moved_to = document
        if self._following is not None:
            self._following.cancel()

    @property
    def heard(self) -> list[str]:
        """The words that somebody else on the line has said to whoever is on this telephone."""
        record = self._person.record if self._person is not None else []
        return [word for played in record for word in played.frame.words]

    @property
    def sounds(self) -> list[float]:
        """When whoever is on this telephone heard a sound."""
        record = self._person.record if self._person is not None else []
        played = [played.at for played in record if played.frame.audio != QUIET.audio]
        return sorted([*played, *self.announced])

    @property
    def uttered(self) -> list[float]:
        """When whoever is on this telephone made a sound."""
        return self._person.uttered if self._person is not None else []

    def person(self, phone: Phone) -> PhoneEnd:
        """Return who is on the telephone: one and the same person for the whole call."""
        if self._person is None:
            self._person = PhoneEnd(phone.script, phone.conditions)
        return self._person

    async def _live(self, group: asyncio.TaskGroup) -> str:
        if self.call.direction == "inbound":
            return await self._answer_the_caller(group)
        asked, phone = self.call.asked, self.town.phone(self.call.to)
        await self._report("initiated")
        if phone.picks_up == "failed":
            return "failed"
        if phone.picks_up != "busy":
            self.call.move("ringing")
            await self._report("ringing")
        if not await self._rings(phone):
            return "no-answer" if phone.picks_up == "in-progress" else phone.picks_up
        self.call.move("in-progress")
        if asked.value("Record") == "true":
            self.tape = Tape(self.call)
            self.town.ledger.recordings[self.tape.sid] = self.tape.resource()
        await self._report("in-progress")
        document = asked.value("Twiml") or await self._fetch()
        return await self._converse(group, phone, document)

    async def _answer_the_caller(self, group: asyncio.TaskGroup) -> str:
        document = await self._fetch()
        if not document or "<Reject" in document:
            return "busy" if document else "failed"
        self.call.move("in-progress")
        return await self._converse(group, self.town.phone(self.call.from_number), document)

    async def _converse(self, group: asyncio.TaskGroup, phone: Phone, document: str) -> str:
        loop = asyncio.get_running_loop()
        answered = self.answered_at = loop.time()
        detecting = group.create_task(self._detect(phone))
        try:
            while document:
                self._moved_to = ""
                await self._follow(group, phone, document)
                document = self._moved_to
        finally:
            detecting.cancel()
            self.call.seconds = round(loop.time() - answered)
        return "completed"

    async def _follow(self, group: asyncio.TaskGroup, phone: Phone, document: str) -> None:
        """Follow a document to its end, or until another one takes its place."""
        self._following = group.create_task(Script(self, phone).follow(document))
        try:
            await asyncio.wait({self._following})
        finally:
            self._following.cancel()
            await asyncio.wait({self._following})
        if not self._following.cancelled():
            self._following.result()

    async def _rings(self, phone: Phone) -> bool:
        """Ring for as long as the callee or the customer wants; tell whether it was answered."""
        limit = float(self.call.asked.value("Timeout", "60"))
        patient = phone.picks_up != "no-answer" and phone.rings <= limit
        await asyncio.sleep(phone.rings if patient else limit)
        return patient and phone.picks_up == "in-progress"

    async def _detect(self, phone: Phone) -> None:
        asked = self.call.asked
        if not asked.value("MachineDetection") or asked.value("AsyncAmd") != "true":
            return
        await asyncio.sleep(self.town.mischief.detection_delay)
        self.call.answered_by = phone.answered_by
        form = {
            "CallSid": self.call.sid,
            "AccountSid": self.call.account_sid,
            "AnsweredBy": phone.answered_by,
            "MachineDetectionDuration": str(round(self.town.mischief.detection_delay * 1000)),
        }
        await self.town.postman.tell(self.call, asked.value("AsyncAmdStatusCallback"), form)

    async def _recorded(self, tape: Tape) -> None:
        asked, ledger, mischief = self.call.asked, self.town.ledger, self.town.mischief
        tape.status = "processing"
        ledger.recordings[tape.sid] = tape.resource()
        await asyncio.sleep(mischief.recording_delay)
        tape.status = "absent" if mischief.recording_absent else "completed"
        ledger.recordings[tape.sid] = tape.resource()
        if not mischief.recording_absent:
            ledger.media[tape.sid] = tape.wav()
        wanted = asked.form.get("RecordingStatusCallbackEvent") or ["completed"]
        if tape.status in wanted:
            url = asked.value("RecordingStatusCallback")
            await self.town.postman.tell(self.call, url, tape.told())

    async def _report(self, status: str) -> None:
        asked = self.call.asked
        wanted = asked.form.get("StatusCallbackEvent") or ["completed"]
        if _EVENTS.get(status, "completed") in wanted:
            form = progress(self.call, status)
            await self.town.postman.tell(self.call, asked.value("StatusCallback"), form)

    async def _fetch(self) -> str:
        url = self.call.asked.value("Url")
        return await self.town.postman.ask(url, told(self.call)) if url else ""


@dataclass(slots=True)
class Script:
    """Follows the documents of one call, verb by verb."""

    life: Life
    phone: Phone
    _documents: int = 0
    _over: bool = False

    async def follow(self, document: str) -> None:
        """Do what the document says, and what the documents say that it leads to."""
        self._documents += 1
        if not document or self._documents > _MOST_DOCUMENTS:
            return
        root = ElementTree.fromstring(document)  # noqa: S314 - the customer of a fake is a test
        for verb in root:
            if self._over:
                return
            await self._do(verb)

    async def _do(self, verb: ElementTree.Element) -> None:
        match verb.tag:
            case "Say":
                await self._say((verb.text or "").strip())
            case "Pause":
                await asyncio.sleep(float(verb.get("length", "1")))
            case "Play":
                await asyncio.sleep(_PLAY_S)
            case "Connect" | "Dial" | "Gather" | "Redirect":
                await _LONG[verb.tag](self, verb)
            case _:
                self._over = verb.tag in {"Hangup", "Reject"}

    async def _say(self, text: str) -> None:
        self.life.town.ledger.spoken.append(text)
        for _ in text.split():
            self.life.announced.append(asyncio.get_running_loop().time())
            await asyncio.sleep(_WORD_S)

    async def connect(self, verb: ElementTree.Element) -> None:
        """Stream until one side ends it."""
        words = verb.find("ConversationRelay")
        if words is not None:
            await self._talk(verb, words)
        noun = verb.find("Stream")
        if noun is None:
            return
        stream = self._stream(noun)
        if self.life.town.mischief.no_media:
            await asyncio.sleep(3600)
        self._over = await stream.run()
        if stream.problem:
            url = noun.get("statusCallback", "")
            form = {"StreamSid": stream.sid, "StreamEvent": "stream-error"}
            form |= {"CallSid": stream.call_sid, "StreamError": stream.problem}
            await self.life.town.postman.tell(self.life.call, url, form)
        await self._next(verb, {})

    async def _talk(self, verb: ElementTree.Element, noun: ElementTree.Element) -> None:
        life = self.life
        callee = life.person(self.phone).callee
        relay = relay_of(noun, life.call, callee, life.town.auth_token)
        relay.intrusion = life.town.mischief.intrusion
        life.relays.append(relay)
        if life.town.mischief.no_media:
            await asyncio.sleep(3600)
        await relay.run()
        # The customer is told even where the call is over, and no document helps any more.
        await self._next(verb, relay.session())
        self._over = self._over or relay.hung_up

    async def dial(self, verb: ElementTree.Element) -> None:
        """Call somebody else, and wait until that is over."""
        number = verb.find("Number")
        to = (number.text if number is not None else verb.text) or ""
        conference = verb.find("Conference")
        if conference is not None:
            await self._confer(conference)
            await self._next(verb, {"DialCallStatus": "answered"})
            return
        parent = self.life.call
        child = FakeCall(
            sid=sid("CA"),
            account_sid=parent.account_sid,
            to=to.strip(),
            from_number=verb.get("callerId", parent.from_number),
            asked=Asked("POST", "", {"Twiml": [_TALK]}),
            direction="outbound-dial",
            parent=parent.sid,
        )
        await self.life.town.place(child).ended.wait()
        await self._next(verb, {"DialCallStatus": child.status, "DialCallSid": child.sid})

    async def _confer(self, noun: ElementTree.Element) -> None:
        life = self.life
        here = Participant(
            life.call,
            life.person(self.phone),
            opens=noun.get("startConferenceOnEnter", "true") == "true",
            closes=noun.get("endConferenceOnExit", "false") == "true",
            muted=noun.get("muted", "false") == "true",
        )
        room = life.town.room((noun.text or "").strip())
        self._over = await room.stay(here, noun, life.town.postman)

    async def gather(self, verb: ElementTree.Element) -> None:
        """Say what is to be said, and press nothing."""
        for prompt in verb:
            await self._do(prompt)
        await asyncio.sleep(float(verb.get("timeout", "5")))

    async def redirect(self, verb: ElementTree.Element) -> None:
        """Go on with another document, and never come back."""
        await self._next(verb, {}, (verb.text or "").strip())
        self._over = True

    def _stream(self, noun: ElementTree.Element) -> FakeStream:
        call = self.life.call
        stream = FakeStream(
            url=noun.get("url", ""),
            call_sid=call.sid,
            account_sid=call.account_sid,
            token=self.life.town.auth_token,
            parameters={p.get("name", ""): p.get("value", "") for p in noun.findall("Parameter")},
            end=self.life.person(self.phone),
            intrusion=self.life.town.mischief.intrusion,
            tape=self.life.tape,
        )
        self.life.streams.append(stream)
        return stream

    async def _next(
        self, verb: ElementTree.Element, form: Mapping[str, str], url: str | None = None
    ) -> None:
        """Ask the customer what follows, where the verb names somebody to ask."""
        to = verb.get("action", "") if url is None else url
        if to and not self._over:
            await self.follow(
                await self.life.town.postman.ask(to, {**told(self.life.call), **form})
            )
            self._over = True


_LONG = {
    "Connect": Script.connect,
    "Dial": Script.dial,
    "Gather": Script.gather,
    "Redirect": Script.redirect,
}
