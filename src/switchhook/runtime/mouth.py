"""What makes the agent's voice and sends it: the shell's side of everything that is said."""

from __future__ import annotations

import asyncio
from typing import Protocol, assert_never

import structlog

from switchhook.audio.ambience import Ambience
from switchhook.audio.tune import Tune
from switchhook.domain.agent import AgentSpec
from switchhook.engine import events
from switchhook.engine.effects import (
    Duck,
    Forget,
    Hold,
    PauseSpeech,
    PlaceMark,
    Play,
    PlayMusic,
    PressDigits,
    Speak,
    StopSpeech,
    Unduck,
)
from switchhook.ports import FRAME_MS, Clock, Line, Speech
from switchhook.runtime.framing import key_presses
from switchhook.runtime.items import Items
from switchhook.runtime.pacer import Pacer
from switchhook.runtime.recorder import Recorder
from switchhook.runtime.riding import riding
from switchhook.runtime.streams import reading
from switchhook.runtime.voicing import SteadyVoice

_log = structlog.get_logger(__name__)

Made = Speak | Hold | PressDigits | Forget
Sounded = Play | PlayMusic | Duck | Unduck | PauseSpeech | StopSpeech | PlaceMark


class Feed(Protocol):
    """Takes what happened."""

    def __call__(self, event: events.Event) -> None:
        """Step the session with the event."""
        ...


class Mouth:
    """One call's voice, line and pacer."""

    def __init__(self, line: Line, voice: SteadyVoice, spec: AgentSpec, clock: Clock) -> None:
        self._line = line
        self._voice = voice
        self._spec = spec
        self._clock = clock
        self._pacer = Pacer(line)
        self.items = Items(self._pacer)
        self._making: dict[int, asyncio.Task[None]] = {}
        self._room: Ambience | None = None
        self._aside: list[asyncio.Task[None]] = []
        self._last_words = ""
        self.recorder: Recorder | None = None

    def open(self, group: asyncio.TaskGroup, feed: Feed) -> None:
        """Begin to tell what is ready, with tasks of this group."""
        self._group, self._feed = group, feed
        if self._spec.background_sound:
            furnishing = self._furnish(self._spec.background_sound)
            self._aside.append(group.create_task(furnishing))

    def keep(self, text: str) -> None:
        """Have this made as soon as the voice has nothing else to make, for when it dies."""
        self._last_words = text

    def close(self) -> None:
        """Make nothing more."""
        self._last_words = ""
        for task in (*self._aside, *self._making.values()):
            task.cancel()
        self._making.clear()

    @property
    def level(self) -> int:
        """How loud the agent is, as a root mean square."""
        return self._pacer.level

    def beat(self, now: float) -> events.FramesSent | None:
        """Send what is due; return what was sent."""
        sent = self._pacer.send_due(now)
        if not sent:
            return None
        if self.recorder is not None:
            self.recorder.agent(sent)
        return events.FramesSent(self._pacer.utterance, len(sent) * FRAME_MS)

    def make(self, effect: Made) -> None:
        """Make the audio of something, or let go of it."""
        match effect:
            case Speak(utterance, text):
                self._making[utterance] = self._group.create_task(self._speak(utterance, text))
            case Hold(utterance, item):
                self.items.become(item, utterance)
            case PressDigits(utterance, digits):
                self._hold(utterance, Speech(key_presses(digits), ()), last=True)
            case Forget(utterance):
                task = self._making.pop(utterance, None)
                if task is not None:
                    task.cancel()
                self._pacer.forget(utterance)
                self.items.forget(utterance)
            case _:
                assert_never(effect)

    def sound(self, effect: Sounded) -> None:
        """Play, lower or stop what was made."""
        match effect:
            case Play(utterance, from_ms):
                self._play(utterance, from_ms)
            case Duck() | Unduck():
                self._pacer.duck(low=isinstance(effect, Duck))
            case PauseSpeech(heard_ms) | StopSpeech(heard_ms):
                self._silence(heard_ms)
            case PlaceMark(name):
                self._line.mark(name)
            case PlayMusic(on):
                self._pacer.room = Tune() if on else self._room
            case _:
                assert_never(effect)

    async def _furnish(self, sound: str) -> None:
        """Put the agent into a room; to make one takes a moment."""
        self._room = await asyncio.to_thread(Ambience, sound)
        self._pacer.room = self._pacer.room or self._room

    async def _keep(self, text: str) -> None:
        try:
            await self._voice.prepare([text])
        except Exception:  # noqa: BLE001 - the call goes on without
            _log.warning("last_words_not_made", exc_info=True)

    async def _speak(self, utterance: int, text: str) -> None:
        audible = False
        try:
            said = self._voice.say(text)
            if self._line.carries_words:
                said = riding(text, said)
            async with reading(said) as pieces:
                async for piece in pieces:
                    audible = audible or bool(piece.frames)
                    self._hold(utterance, piece, last=False)
        except Exception:  # noqa: BLE001 - a voice's failure, of any vendor, is an event of the call
            self._feed(events.SpeechFailed(utterance))
            return
        finally:
            self._making.pop(utterance, None)
        if self._last_words and not self._making:
            self._aside.append(self._group.create_task(self._keep(self._last_words)))
            self._last_words = ""
        # Words of which nothing can be heard were not spoken.
        ended = events.SpeechReady(utterance, 0, ()) if audible else events.SpeechFailed(utterance)
        self._feed(ended)

    def _hold(self, utterance: int, speech: Speech, *, last: bool) -> None:
        self._pacer.hold(utterance, speech.frames)
        length = len(speech.frames) * FRAME_MS
        self._feed(events.SpeechReady(utterance, length, speech.words, last))

    def _play(self, utterance: int, from_ms: int) -> None:
        self._pacer.play(utterance, from_ms)
        # What is due leaves now, not with the next beat.
        sent = self.beat(self._clock.monotonic())
        if sent is not None:
            self._feed(sent)

    def _silence(self, heard_ms: int) -> None:
        self._pacer.clear(self._clock.monotonic())
        self._line.clear()
        if self.recorder is not None:
            self.recorder.cut(heard_ms)
