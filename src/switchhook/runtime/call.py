"""One running call: line events in, `step`, effects out.

Everything between an event and its effects is synchronous, so that nothing overtakes anything.
What takes time, making speech and writing things down, has a task of its own in the call's group.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from switchhook.audio.activity import Change
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction, Recording
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Outcome
from switchhook.engine import events, session
from switchhook.engine.effects import (
    BeginEnding,
    CloseQuestion,
    DropGuest,
    DropTransfer,
    Effect,
    Forget,
    HangUp,
    Hold,
    Invite,
    ListenForTones,
    OpenQuestion,
    PressDigits,
    Publish,
    ReplaceEars,
    SetAside,
    Settle,
    Speak,
    Transfer,
)
from switchhook.engine.interview import expectation
from switchhook.engine.thoughts import (
    AskMind,
    CallTool,
    CancelMind,
    DropTool,
    NoteMind,
    Truncate,
)
from switchhook.ports import (
    AgentCutOff,
    AgentSounds,
    AnsweredBy,
    AnyLine,
    CalleeSaid,
    CalleeSounds,
    Command,
    DigitPressed,
    Entry,
    Frame,
    Heard,
    LineClosed,
    LineEvent,
    MarkEchoed,
    Receipt,
    Talk,
    TalkingLine,
    TalkingLineEvent,
)
from switchhook.runtime.booth import Booth
from switchhook.runtime.briefing import asked
from switchhook.runtime.listening import BuiltIn, Listener, event_of
from switchhook.runtime.mouth import Mouth
from switchhook.runtime.recorder import Recorder
from switchhook.runtime.scribe import Scribe, entry_of
from switchhook.runtime.talking import Talker
from switchhook.runtime.thinking import Thoughts
from switchhook.runtime.transfers import NOBODY, Transfers

NOT_RECORDED = (
    "This call is not recorded: its audio stays with the carrier. Where the carrier can record,"
    " ask it to by telephony_params"
)

_ENDED = Receipt("refused", detail="the call has ended")


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a call that somebody answered."""

    reason: Reason
    outcome: Outcome
    latency: dict[str, Any]
    recording: Recording | None = None


class RunningCall:
    """A call with media; steered by `control` while `run` lasts.

    Where somebody writes it down since before it was answered, that scribe goes on with it.
    """

    def __init__(
        self,
        line: AnyLine,
        booth: Booth,
        transfers: Transfers = NOBODY,
        scribe: Scribe | None = None,
    ) -> None:
        call, studio = booth.call, booth.studio
        self._booth = booth
        self._line = line
        self._transfers = transfers
        self._clock = studio.clock
        self._ticker = studio.ticker
        self._session = booth.session
        self._ears = booth.ears
        self._thoughts = Thoughts(booth.thinker)
        self._converser = booth.thinker.converser
        self._mouth = _mouth(line, booth)
        self._listener = _listener(line, booth, self._sensed)
        self._scribe = scribe or Scribe(call.id, studio.journal)
        self._writes = scribe is None
        self._recorder = self._mouth.recorder = _recorder(line, booth)
        self._receipts: dict[int, asyncio.Future[Receipt]] = {}
        self._commands = 0
        self._due: float | None = None
        self._later: deque[events.Event] = deque()
        self._stepping = False
        self._over = asyncio.Event()
        self._hung_up: HangUp | None = None
        self._failure: Exception | None = None
        self._answered_at = studio.clock.monotonic()
        self._media_at: float | None = None
        """When audio last came in, on a line that carries any."""

    async def control(self, command: Command) -> Receipt:
        """Carry out a command and tell what became of it."""
        if self._over.is_set():
            return _ENDED
        self._commands += 1
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._receipts[self._commands] = receipt
        self._feed(asked(command, self._commands))
        return await receipt

    async def run(self) -> Ended:
        """Hold the conversation until it is over; whatever happens, no task is left behind."""
        recording: Recording | None = None
        self._answered_at = self._clock.monotonic()
        self._scribe.note(Entry(state=State.IN_PROGRESS))
        if isinstance(self._mouth, Talker):
            self._note_what_is_not_recorded()
        else:
            self._media_at = self._answered_at
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                writing = group.create_task(self._recorder.run()) if self._recorder else None
                if self._writes:
                    group.create_task(self._scribe.run())
                async with self._media(group):
                    self._booth.answered()
                    self._feed(events.Answered())
                    self._ears.listen(self._heard, self._deaf)
                    await self._over.wait()
            recording = writing.result() if writing else None
        finally:
            self._refuse_the_rest()
        return self._ended(recording)

    async def over(self) -> None:
        """Wait until nothing more is said or heard, which may be before all of it is written."""
        await self._over.wait()

    @asynccontextmanager
    async def _media(self, group: asyncio.TaskGroup) -> AsyncGenerator[None]:
        self._mouth.open(group, self._feed)
        self._mouth.keep(self._session.brief.apology)
        self._thoughts.open(group, self._feed)
        if self._converser is not None:
            self._converser.feed = self._feed
        listening = group.create_task(self._listen())
        stop = self._ticker.subscribe(self._tick)
        try:
            yield
        finally:
            stop()
            listening.cancel()
            self._mouth.close()
            await self._thoughts.close()
            self._ears.close()
            self._listener.close()
            if self._writes:
                self._scribe.close()
            if self._recorder is not None:
                self._recorder.close()

    def _ended(self, recording: Recording | None) -> Ended:
        if self._failure is not None:
            raise self._failure
        if self._hung_up is None:
            raise RuntimeError("the conversation stopped without a hang-up")
        end = self._hung_up
        return Ended(end.reason, end.outcome, end.latency, recording)

    def _note_what_is_not_recorded(self) -> None:
        if _is_to_be_recorded(self._booth.call):
            note = Fact(kind=Kind.NOTE, text=NOT_RECORDED)
            self._scribe.note(Entry(facts=(note,)))

    def _refuse_the_rest(self) -> None:
        self._over.set()
        for receipt in self._receipts.values():
            if not receipt.done():
                receipt.set_result(_ENDED)
        self._receipts.clear()

    # ---- events in ------------------------------------------------------------------------------

    async def _listen(self) -> None:
        async for event in self._line.events():
            self._take(event)
        self._feed(events.LineGone())

    def _take(self, event: LineEvent | TalkingLineEvent) -> None:
        match event:
            case Frame():
                self._hear(event)
            case MarkEchoed(name):
                self._feed(events.MarkEchoed(name))
            case DigitPressed(digit):
                self._feed(events.DigitPressed(digit))
            case AnsweredBy(verdict):
                self._feed(events.MachineVerdict(verdict))
            case LineClosed(lost):
                self._feed(events.LineGone(lost))
            case CalleeSaid() | CalleeSounds() | AgentSounds() | AgentCutOff():
                self._talk(event)

    def _talk(self, talk: Talk) -> None:
        if isinstance(self._mouth, Talker):
            for event in self._mouth.take(talk, self._at_ms()):
                self._feed(event)

    def _hear(self, frame: Frame) -> None:
        """Take 20 ms of the callee: sound first, then words."""
        self._media_at = self._clock.monotonic()
        if self._recorder is not None:
            self._recorder.caller(frame)
        at_ms = self._at_ms()
        frame, sensed = self._listener.hear(frame, at_ms, self._mouth.level)
        for event in sensed:
            self._sense(event)
        self._ears.push(frame, at_ms)

    def _heard(self, heard: Heard) -> None:
        start_ms = max(heard.start_ms, self._session.caller.taken_ms)
        since, until = (self._answered_at + ms / 1000 for ms in (start_ms, heard.end_ms))
        self._feed(
            events.CalleeHeard(
                heard.text,
                heard.final,
                heard.start_ms,
                heard.end_ms,
                heard.certain,
                heard.eager,
                "guest" if self._transfers.was_guest(since, until) else "callee",
            )
        )

    def _deaf(self) -> None:
        self._feed(events.EarsEnded())

    def _sensed(self, change: Change) -> None:
        """Take what a detector that hears many calls found between two frames."""
        self._sense(event_of(change, self._at_ms()))

    def _sense(self, event: events.Event) -> None:
        if self._converser is not None:
            self._converser.sensed(event)
        self._feed(event)

    def _tick(self, now: float) -> None:
        try:
            self._beat(now)
        except Exception as failure:  # noqa: BLE001 - the beat is everybody's: this call ends alone
            self._fail(failure)

    def _beat(self, now: float) -> None:
        """Send what is due, and step when the session's moment has come."""
        sent = self._mouth.beat(now)
        if sent is not None:
            self._feed(sent)
        if self._due is not None and self._due <= now:
            self._feed(events.DeadlineReached(self._media_at))
        if self._recorder is not None:
            self._recorder.advance(self._at_ms(), self._session.ledger.heard(now))

    def _feed(self, event: events.Event) -> None:
        try:
            self._later.append(event)
            while self._later and not self._stepping:
                self._step(self._later.popleft())
            self._due = session.deadline(self._session)
        except Exception as failure:  # noqa: BLE001 - a task's root: it ends this call, no other
            self._fail(failure)

    def _step(self, event: events.Event) -> None:
        self._stepping = True
        try:
            effects = session.step(self._session, event, self._clock.monotonic())
            for effect in effects:
                self._perform(effect)
            if effects:
                self._expect()
        finally:
            self._stepping = False

    def _fail(self, failure: Exception) -> None:
        self._failure = self._failure or failure
        self._over.set()

    def _at_ms(self) -> int:
        return round((self._clock.monotonic() - self._answered_at) * 1000)

    # ---- effects out ----------------------------------------------------------------------------

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Settle():
                self._settle(effect)
            case HangUp():
                self._hung_up = effect
                self._over.set()
            case Publish() | OpenQuestion() | CloseQuestion() | BeginEnding():
                self._scribe.note(entry_of(effect))
            case ListenForTones() | ReplaceEars():
                self._attune(effect)
            case Transfer() | DropTransfer() | Invite() | SetAside() | DropGuest():
                self._transfers.perform(effect, self._feed)
            case AskMind() | CancelMind() | NoteMind() | Truncate() | CallTool() | DropTool():
                self._thoughts.perform(effect)
            case Speak() | Hold() | PressDigits() | Forget():
                self._mouth.make(effect)
            case _:
                self._mouth.sound(effect)

    def _attune(self, effect: ListenForTones | ReplaceEars) -> None:
        if isinstance(effect, ReplaceEars):
            self._ears.replace(by_others=effect.by_others)
        else:
            self._listener.listen_for_tones(wanted=effect.wanted, at_ms=self._at_ms())

    def _expect(self) -> None:
        """Let the ears know what may be answered to what is said next."""
        self._ears.expect(expectation(self._session.interview))

    def _settle(self, effect: Settle) -> None:
        receipt = self._receipts.pop(effect.command, None)
        if receipt is not None and not receipt.done():
            receipt.set_result(Receipt(effect.result, effect.heard, effect.detail))


def _mouth(line: AnyLine, booth: Booth) -> Mouth | Talker:
    spec, clock = booth.call.agent.spec, booth.studio.clock
    if isinstance(line, TalkingLine):
        return Talker(line, clock, interruptible=spec.turns.interruption_mode != "off")
    mouth = Mouth(line, booth.voice, spec, clock)
    if booth.thinker.converser is not None:
        booth.thinker.converser.keep = mouth.items.take
    return mouth


def _listener(line: AnyLine, booth: Booth, told: Callable[[Change], None]) -> Listener:
    spec = booth.call.agent.spec
    if isinstance(line, TalkingLine):
        # There is no audio to listen to.
        return Listener(spec, BuiltIn)
    return Listener(
        spec,
        booth.studio.detector,
        told,
        carries_words=line.carries_words,
        reports_keys=line.reports_keys,
    )


def _recorder(line: AnyLine, booth: Booth) -> Recorder | None:
    if isinstance(line, TalkingLine) or not _is_to_be_recorded(booth.call):
        return None
    return Recorder(booth.studio.recordings / f"{booth.call.id}.wav")


def _is_to_be_recorded(call: Interaction) -> bool:
    wanted = call.options.record
    return call.agent.spec.record if wanted is None else wanted
