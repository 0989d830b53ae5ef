"""One running call: line events in, `step`, effects out.

Everything between an event and its effects is synchronous, so that nothing overtakes anything.
What takes time, making speech and writing things down, has a task of its own in the call's group.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchhook.domain.interaction import Interaction, Recording
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Outcome
from switchhook.engine import events, session
from switchhook.engine.effects import (
    BeginEnding,
    CloseQuestion,
    Effect,
    HangUp,
    OpenQuestion,
    PlaceMark,
    PressDigits,
    Publish,
    Settle,
    Speak,
    StopSpeech,
)
from switchhook.engine.interview import expectation
from switchhook.ports import (
    FRAME_MS,
    Clock,
    Command,
    DigitPressed,
    Ears,
    Entry,
    Frame,
    Hearing,
    Journal,
    Line,
    LineClosed,
    LineEvent,
    MarkEchoed,
    Receipt,
    Voice,
)
from switchhook.runtime.briefing import asked, brief
from switchhook.runtime.pacer import Pacer
from switchhook.runtime.recorder import Recorder
from switchhook.runtime.scribe import Scribe
from switchhook.runtime.ticker import Ticker


@dataclass(frozen=True, slots=True)
class Studio:
    """What every call of a process shares."""

    clock: Clock
    ticker: Ticker
    ears: Ears
    voice: Voice
    journal: Journal
    recordings: Path


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a call that somebody answered."""

    reason: Reason
    outcome: Outcome
    latency: dict[str, Any]
    recording: Recording | None = None


class RunningCall:
    """A call with media; steered by `control` while `run` lasts."""

    def __init__(self, call: Interaction, line: Line, studio: Studio) -> None:
        self._call = call
        self._line = line
        self._studio = studio
        self._session = session.start(brief(call, studio.clock.now().date()))
        self._pacer = Pacer(line)
        self._scribe = Scribe(call.id, studio.journal)
        self._recorder = _recorder(call, studio)
        self._receipts: dict[int, asyncio.Future[Receipt]] = {}
        self._commands = 0
        self._hearing: Hearing | None = None
        self._speech: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._hung_up: HangUp | None = None
        self._failure: Exception | None = None
        self._answered_at = studio.clock.monotonic()

    async def control(self, command: Command) -> Receipt:
        """Carry out a command and tell what became of it."""
        self._commands += 1
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._receipts[self._commands] = receipt
        self._feed(asked(command, self._commands))
        return await receipt

    async def run(self) -> Ended:
        """Hold the conversation until it is over; whatever happens, no task is left behind."""
        recording: Recording | None = None
        self._answered_at = self._studio.clock.monotonic()
        self._scribe.note(Entry(state=State.IN_PROGRESS))
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                writing = group.create_task(self._recorder.run()) if self._recorder else None
                group.create_task(self._scribe.run())
                async with self._media(group):
                    self._feed(events.Answered())
                    await self._over.wait()
            recording = writing.result() if writing else None
        finally:
            self._refuse_the_rest()
        return self._ended(recording)

    @asynccontextmanager
    async def _media(self, group: asyncio.TaskGroup) -> AsyncGenerator[None]:
        hearing = self._studio.ears.open(self._call.agent.spec.language)
        self._hearing = hearing
        listening = group.create_task(self._listen(hearing))
        stop = self._studio.ticker.subscribe(self._tick)
        try:
            yield
        finally:
            stop()
            listening.cancel()
            if self._speech is not None:
                self._speech.cancel()
            hearing.close()
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

    def _refuse_the_rest(self) -> None:
        for receipt in self._receipts.values():
            if not receipt.done():
                receipt.set_result(Receipt("refused", detail="the call has ended"))
        self._receipts.clear()

    # ---- events in ------------------------------------------------------------------------------

    async def _listen(self, hearing: Hearing) -> None:
        async for event in self._line.events():
            self._take(event, hearing)
        self._feed(events.LineGone())

    def _take(self, event: LineEvent, hearing: Hearing) -> None:
        match event:
            case Frame():
                if self._recorder is not None:
                    self._recorder.caller(event)
                for heard in hearing.push(event, self._at_ms()):
                    self._feed(
                        events.CalleeHeard(heard.text, heard.final, heard.start_ms, heard.end_ms)
                    )
            case MarkEchoed(name):
                self._feed(events.MarkEchoed(name))
            case DigitPressed(digit):
                self._feed(events.DigitPressed(digit))
            case LineClosed():
                self._feed(events.LineGone())

    def _tick(self, now: float) -> None:
        try:
            self._beat(now)
        except Exception as failure:  # noqa: BLE001 - the beat is everybody's: this call ends alone
            self._fail(failure)

    def _beat(self, now: float) -> None:
        """Send what is due, and step when the session's moment has come."""
        sent = self._pacer.send_due(now)
        if sent:
            if self._recorder is not None:
                self._recorder.agent(sent)
            self._feed(events.FramesSent(self._pacer.utterance, len(sent) * FRAME_MS))
        moment = session.deadline(self._session)
        if moment is not None and moment <= now:
            self._feed(events.DeadlineReached())
        if self._recorder is not None:
            self._recorder.advance(self._at_ms(), self._session.ledger.heard(now))

    def _feed(self, event: events.Event) -> None:
        try:
            for effect in session.step(self._session, event, self._studio.clock.monotonic()):
                self._perform(effect)
            if self._hearing is not None:
                self._hearing.expect(expectation(self._session.interview))
        except Exception as failure:  # noqa: BLE001 - a task's root: it ends this call, no other
            self._fail(failure)

    def _fail(self, failure: Exception) -> None:
        self._failure = self._failure or failure
        self._over.set()

    def _at_ms(self) -> int:
        return round((self._studio.clock.monotonic() - self._answered_at) * 1000)

    # ---- effects out ----------------------------------------------------------------------------

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Speak(utterance, text):
                self._speech = self._group.create_task(self._speak(utterance, text))
            case StopSpeech(heard_ms):
                self._stop_speech(heard_ms)
            case PlaceMark(name):
                self._line.mark(name)
            case PressDigits(digits):
                self._line.send_digits(digits)
            case Settle():
                self._settle(effect)
            case HangUp():
                self._hung_up = effect
                self._over.set()
            case Publish() | OpenQuestion() | CloseQuestion() | BeginEnding():
                self._scribe.note(_entry(effect))

    async def _speak(self, utterance: int, text: str) -> None:
        spec = self._call.agent.spec
        try:
            speech = await self._studio.voice.say(text, spec.language, spec.voice)
        except Exception:  # noqa: BLE001 - a voice's failure, of any vendor, is an event of the call
            self._feed(events.SpeechFailed(utterance))
            return
        self._pacer.load(utterance, speech.frames)
        length = len(speech.frames) * FRAME_MS
        self._feed(events.SpeechReady(utterance, length, speech.words))

    def _stop_speech(self, heard_ms: int) -> None:
        if self._speech is not None:
            self._speech.cancel()
        self._pacer.clear(self._studio.clock.monotonic())
        self._line.clear()
        if self._recorder is not None:
            self._recorder.cut(heard_ms)

    def _settle(self, effect: Settle) -> None:
        receipt = self._receipts.pop(effect.command, None)
        if receipt is not None and not receipt.done():
            receipt.set_result(Receipt(effect.result, effect.heard, effect.detail))


def _entry(effect: Publish | OpenQuestion | CloseQuestion | BeginEnding) -> Entry:
    match effect:
        case Publish(fact):
            return Entry(facts=(fact,))
        case OpenQuestion(question_id, fact):
            return Entry(facts=(fact,), open_question=question_id)
        case CloseQuestion(fact):
            return Entry(facts=(fact,), question_closed=True)
        case BeginEnding():
            return Entry(state=State.ENDING)


def _recorder(call: Interaction, studio: Studio) -> Recorder | None:
    wanted = call.agent.spec.record if call.options.record is None else call.options.record
    return Recorder(studio.recordings / f"{call.id}.wav") if wanted else None
