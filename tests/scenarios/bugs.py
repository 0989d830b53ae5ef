"""Bugs that one scenario has for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from switchhook.audio import streaming
from switchhook.domain.lifecycle import Reason
from switchhook.engine import interruption, screening
from switchhook.engine.effects import (
    Effect,
    HangUp,
    Play,
    PressDigits,
    ReplaceEars,
    Speak,
    StopSpeech,
)
from switchhook.engine.events import (
    CalleeHeard,
    DeadlineReached,
    DigitPressed,
    Event,
    LineGone,
    ToneHeard,
)
from switchhook.engine.state import Phase, Session, Timer
from switchhook.engine.thoughts import ToolReturned
from switchhook.ports import Entry, Frame, Heard, Leg, Listening, LiveCall, Speech
from switchhook.runtime.booth import Booth
from switchhook.runtime.call import RunningCall
from switchhook.runtime.framing import QUIET
from switchhook.runtime.pacer import Pacer
from switchhook.runtime.recorder import Recorder
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.testing.ears import PlainEars, PlainHearing
from switchhook.testing.voices import Murmuring, PlainVoice, murmured
from switchhook.work.placing import DialledCall, Placing
from tests.simulation.bugs import Step, is_line, planted, twisted

Weighed = tuple[interruption.State, interruption.Decision]


@planted("frames leave in a burst")
def burst(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.runtime.pacer.LEAD", 10.0)


@twisted("it stops although it is silent")
def stops_while_silent(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    return [*effects, StopSpeech(0)] if isinstance(event, CalleeHeard) else effects


@planted("the ears hear only what follows the onset")
def first_syllables_lost(patch: pytest.MonkeyPatch) -> None:
    whole, loud = PlainHearing.push, dict[int, int]()

    def push(ear: PlainHearing, frame: Frame, at_ms: int) -> None:
        sounding = frame.audio != QUIET.audio
        loud[id(ear)] = loud.get(id(ear), 0) + 1 if sounding else 0
        whole(ear, frame if loud[id(ear)] > 6 else QUIET, at_ms)

    patch.setattr(PlainHearing, "push", push)


@twisted("the disclosure may be interrupted")
def disclosure_may_be_interrupted(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    if s.current is not None:
        s.current.interruptible = True
    return step(s, event, now)


@twisted("the goodbye gets no time")
def goodbye_cut_short(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    if s.phase is Phase.ENDING and Timer.ENDING in s.timers:
        s.timers[Timer.ENDING] = min(s.timers[Timer.ENDING], now + 0.5)
    return effects


@twisted("the ending has no limit")
def ending_never_ends(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    if s.phase is Phase.ENDING:
        s.timers = {timer: at + 15 for timer, at in s.timers.items() if at < now + 15}
    return effects


@planted("patience with a voice has no end")
def patience_without_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.runtime.voicing.PIECE_PATIENCE", 60.0)
    patch.setattr("switchhook.engine.speaking.VOICE_PATIENCE", 60.0)
    patch.setattr("switchhook.engine.steering.ASKED_LIMIT", 60.0)


@planted("ears are opened that nobody closes")
def ears_of_nobody(patch: pytest.MonkeyPatch) -> None:
    whole = Placing._follow  # pyright: ignore[reportPrivateUsage] - a bug lies inside

    async def follow(placing: Placing, own: Booth, leg: Leg, dialled: DialledCall) -> Entry:
        cast = await placing._studio.casting(own.call)  # pyright: ignore[reportPrivateUsage] - as above
        cast.ears[0].open(Listening("en"), print)
        return await whole(placing, own, leg, dialled)

    patch.setattr(Placing, "_follow", follow)


@planted("nobody tells the ticker to stop")
def ticker_goes_on(patch: pytest.MonkeyPatch) -> None:
    whole = Ticker.subscribe

    def subscribe(ticker: Ticker, tick: Callable[[float], None]) -> Callable[[], None]:
        whole(ticker, tick)
        return lambda: None

    patch.setattr(Ticker, "subscribe", subscribe)


@planted("a call stays plugged in")
def stays_plugged_in(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def plugged(board: Switchboard, call_id: str, call: LiveCall) -> Generator[None]:
        board._calls[call_id] = call  # pyright: ignore[reportPrivateUsage] - as above
        yield

    patch.setattr(Switchboard, "plugged", plugged)


@twisted("a line without media is believed to be there")
def silent_line_is_believed(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    if isinstance(event, DeadlineReached):
        event = DeadlineReached(now)
    return step(s, event, now)


@twisted("it breaks when the line goes")
def breaks_with_the_line(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    if isinstance(event, LineGone) and s.phase is Phase.TALKING:
        raise RuntimeError("who was it?")
    return step(s, event, now)


@twisted("a success is called a failure")
def success_called_failure(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [
        replace(e, reason=Reason.ERROR_LLM) if isinstance(e, HangUp) else e
        for e in step(s, event, now)
    ]


@planted("a call that crashes stops the beat")
def crash_stops_the_beat(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RunningCall, "_tick", RunningCall._beat)  # pyright: ignore[reportPrivateUsage] - as above


@planted("all calls share an ear")
def one_ear_for_all(patch: pytest.MonkeyPatch) -> None:
    whole, shared = PlainEars.open, list[PlainHearing]()

    def open_one(
        ears: PlainEars, listening: Listening, told: Callable[[Heard], None]
    ) -> PlainHearing:
        shared.append(whole(ears, listening, told))
        return shared[0]

    patch.setattr(PlainEars, "open", open_one)


@planted("what is left of a piece is dropped")
def remainder_dropped(patch: pytest.MonkeyPatch) -> None:
    def feed(joined: streaming.Whole, piece: bytes) -> bytes:
        del joined
        return piece[: len(piece) - len(piece) % 2]

    patch.setattr(streaming.Whole, "feed", feed)


@planted("the resampler forgets what came before")
def resampler_forgets(patch: pytest.MonkeyPatch) -> None:
    whole = streaming.Resampler.feed

    def feed(resampler: streaming.Resampler, piece: bytes) -> bytes:
        return whole(resampler, piece) + resampler.flush()

    patch.setattr(streaming.Resampler, "feed", feed)


@planted("every beat comes a little late")
def beat_drifts(patch: pytest.MonkeyPatch) -> None:
    async def beat(ticker: Ticker) -> None:
        while ticker._subscribers:  # pyright: ignore[reportPrivateUsage] - as above
            clock = ticker._clock  # pyright: ignore[reportPrivateUsage] - as above
            await clock.sleep_until(clock.monotonic() + 0.0201)
            for tick in list(ticker._subscribers.values()):  # pyright: ignore[reportPrivateUsage] - as above
                tick(clock.monotonic())

    def send_due(pacer: Pacer, now: float) -> list[Frame]:
        del now
        return _send(pacer, 1)

    patch.setattr(Ticker, "_beat", beat)
    patch.setattr(Pacer, "send_due", send_due)


def _send(pacer: Pacer, count: int) -> list[Frame]:
    at = pacer._at  # pyright: ignore[reportPrivateUsage] - as above
    frames = list(pacer._frames[at : at + count])  # pyright: ignore[reportPrivateUsage] - as above
    pacer._at += len(frames)  # pyright: ignore[reportPrivateUsage] - as above
    for frame in frames:
        pacer._line.send(frame)  # pyright: ignore[reportPrivateUsage] - as above
    return frames


@planted("a late beat sends all that was missed")
def catches_up_in_a_burst(patch: pytest.MonkeyPatch) -> None:
    def send_due(pacer: Pacer, now: float) -> list[Frame]:
        began = pacer.__dict__.setdefault("began", now)
        sent = pacer.__dict__.setdefault("count", 0)
        due = int((now - began) / 0.02) + 5 - sent
        frames = _send(pacer, due)
        pacer.__dict__["count"] = sent + len(frames)
        return frames

    patch.setattr(Pacer, "send_due", send_due)


@planted("the recording keeps what was never played")
def cut_not_recorded(patch: pytest.MonkeyPatch) -> None:
    def cut(recorder: Recorder, heard_ms: int) -> None:
        recorder._move(1_000_000)  # pyright: ignore[reportPrivateUsage] - as above
        recorder._moved = 0  # pyright: ignore[reportPrivateUsage] - as above

    patch.setattr(Recorder, "cut", cut)


@planted("a carrier that echoes at once is believed")
def marks_at_once_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.engine.ledger._TOLERANCE", 9.0)


@planted("every sound takes the floor")
def coughs_interrupt(patch: pytest.MonkeyPatch) -> None:
    def weigh(state: interruption.State, evidence: object, now: float) -> Weighed:
        decided = whole(state, evidence, now)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - evidence
        yields = decided[1] in {interruption.Decision.DUCK, interruption.Decision.PAUSE}
        return (decided[0], interruption.Decision.COMMIT) if yields else decided

    whole = interruption.step
    patch.setattr(interruption, "step", weigh)


@planted("a pause never ends")
def never_resumes(patch: pytest.MonkeyPatch) -> None:
    def weigh(state: interruption.State, evidence: object, now: float) -> Weighed:
        decided = whole(state, evidence, now)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - evidence
        ends = decided[1] in {interruption.Decision.RESTORE, interruption.Decision.DISMISS}
        return (decided[0], interruption.Decision.COMMIT) if ends else decided

    whole = interruption.step
    patch.setattr(interruption, "step", weigh)


@planted("whoever listens takes the floor")
def backchannels_interrupt(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(interruption, "_takes_floor", _always)
    patch.setattr(interruption, "_only_listens", _never)


def _always(*anything: object) -> bool:
    del anything
    return True


def _never(*anything: object) -> bool:
    del anything
    return False


@planted("nobody is ever given the floor")
def never_yields(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.engine.floor._yields", _never)


@twisted("finished turns get lost after a while")
def finals_get_lost(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    return [e for e in effects if not is_line(e, "callee") or s.turns <= 3]


@twisted("ears are never replaced")
def ears_are_never_replaced(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [e for e in step(s, event, now) if not isinstance(e, ReplaceEars)]


@twisted("nothing fills a silence")
def no_fillers(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    if s.turns:
        s.timers.pop(Timer.FILLER, None)
        s.waiting.clear()
    return [e for e in effects if not isinstance(e, Speak | Play) or not s.turns]


@twisted("results of actions get lost")
def results_are_dropped(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [] if isinstance(event, ToolReturned) else step(s, event, now)


@twisted("it hangs up in the middle of its goodbye")
def end_at_once(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    if any(isinstance(e, Speak) and "nice day" in e.text for e in effects):
        return effects + step(s, LineGone(), now)
    return effects


@planted("a sentence is lost with its connection")
def sentence_lost_with_the_connection(patch: pytest.MonkeyPatch) -> None:
    whole = Murmuring.say

    async def say(speaking: Murmuring, text: str) -> AsyncIterator[Speech]:
        try:
            async for piece in whole(speaking, text):
                yield piece
        except OSError:
            yield murmured("mm " * len(text.split()))

    patch.setattr(Murmuring, "say", say)


@planted("the first call has to warm up")
def cold_start(patch: pytest.MonkeyPatch) -> None:
    whole, warm = PlainVoice.said, list[bool]()

    async def said(voice: PlainVoice, text: str) -> Speech:
        if not warm:
            await asyncio.sleep(1.0)
        warm.append(True)
        return await whole(voice, text)

    patch.setattr(PlainVoice, "said", said)


@planted("whoever is not available is a machine")
def unavailable_is_voicemail(patch: pytest.MonkeyPatch) -> None:
    def by_words(text: str, language: str) -> screening.Verdict | None:
        del language
        busy = "available" in text or "busy" in text
        return screening.Verdict.VOICEMAIL if busy else None

    patch.setattr(screening, "by_words", by_words)


@planted("once a machine, always a machine")
def machine_for_good(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.engine.reception._acts_on", _always)


@twisted("every end is a hang-up of the callee")
def every_end_is_a_hang_up(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [
        replace(e, reason=Reason.USER_HANGUP) if isinstance(e, HangUp) else e
        for e in step(s, event, now)
    ]


@twisted("it introduces itself again and again")
def says_it_again(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    s.reception.introduced = False
    return step(s, event, now)


@twisted("it does not hear the beep")
def beep_not_heard(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [] if isinstance(event, ToneHeard) else step(s, event, now)


@twisted("keys are pressed twice")
def keys_pressed_twice(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [
        replace(e, digits="".join(d * 2 for d in e.digits)) if isinstance(e, PressDigits) else e
        for e in step(s, event, now)
    ]


@planted("a menu that goes round is not noticed")
def loops_are_not_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(screening, "MENUS_OF_A_LOOP", 99)


@twisted("nobody is told of digits")
def digits_not_told(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [] if isinstance(event, DigitPressed) else step(s, event, now)
