"""Bugs that one scenario has for itself."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from switchhook.audio import streaming
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import Effect, HangUp, StopSpeech
from switchhook.engine.events import CalleeHeard, Event, LineGone
from switchhook.engine.state import Phase, Session, Timer
from switchhook.ports import Entry, Frame, Heard, Leg, LiveCall
from switchhook.runtime.call import RunningCall
from switchhook.runtime.framing import QUIET
from switchhook.runtime.pacer import Pacer
from switchhook.runtime.recorder import Recorder
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.testing.ears import PlainEars, PlainHearing
from switchhook.work.placing import DialledCall, Placing
from tests.simulation.bugs import Step, planted, twisted


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

    def push(ear: PlainHearing, frame: Frame, at_ms: int) -> Sequence[Heard]:
        sounding = frame.audio != QUIET.audio
        loud[id(ear)] = loud.get(id(ear), 0) + 1 if sounding else 0
        return whole(ear, frame if loud[id(ear)] > 6 else QUIET, at_ms)

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


@planted("ears are opened before anybody answers")
def switchboard_and_ears_first(patch: pytest.MonkeyPatch) -> None:
    whole = Placing._follow  # pyright: ignore[reportPrivateUsage] - a bug lies inside

    async def follow(placing: Placing, call: Interaction, leg: Leg, dialled: DialledCall) -> Entry:
        placing._studio.ears.open("en")  # pyright: ignore[reportPrivateUsage] - as above
        return await whole(placing, call, leg, dialled)

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

    def open_one(ears: PlainEars, language: str) -> PlainHearing:
        shared.append(whole(ears, language))
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
        frames = [pacer._frames.popleft()] if pacer._frames else []  # pyright: ignore[reportPrivateUsage] - as above
        for frame in frames:
            pacer._line.send(frame)  # pyright: ignore[reportPrivateUsage] - as above
        return frames

    patch.setattr(Ticker, "_beat", beat)
    patch.setattr(Pacer, "send_due", send_due)


@planted("a late beat sends all that was missed")
def catches_up_in_a_burst(patch: pytest.MonkeyPatch) -> None:
    def send_due(pacer: Pacer, now: float) -> list[Frame]:
        began = pacer.__dict__.setdefault("began", now)
        sent = pacer.__dict__.setdefault("count", 0)
        due = int((now - began) / 0.02) + 5 - sent
        frames = [pacer._frames.popleft() for _ in range(min(due, len(pacer._frames)))]  # pyright: ignore[reportPrivateUsage] - as above
        for frame in frames:
            pacer._line.send(frame)  # pyright: ignore[reportPrivateUsage] - as above
        pacer.__dict__["count"] = sent + len(frames)
        return frames

    patch.setattr(Pacer, "send_due", send_due)


@planted("the recording keeps what was never played")
def cut_not_recorded(patch: pytest.MonkeyPatch) -> None:
    def cut(recorder: Recorder, heard_ms: int) -> None:
        recorder._move(1_000_000)  # pyright: ignore[reportPrivateUsage] - as above
        recorder._moved = 0  # pyright: ignore[reportPrivateUsage] - as above

    patch.setattr(Recorder, "cut", cut)
