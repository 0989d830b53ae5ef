"""The offline ears: they understand answers to the question that is asked, and nothing else.

This is no general speech recognition. A grammar is built for each question, and what is not a
whole sentence of it is reported as not understood, so that the agent asks again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from switchhook.audio import g711
from switchhook.audio.activity import Activity, Change, Patience, Spell
from switchhook.audio.comfort import Comfort
from switchhook.engine.expectation import UNCLEAR, Expectation
from switchhook.ports import FRAME_MS, Frame, Heard, Listening
from switchhook.providers.offline.decoder import Decoders, Stretch
from switchhook.providers.offline.grammar import Grammar, grammar

PRE_ROLL_MS = 300
END_MS = 480
LONGEST_MS = 15_000
SHORTEST_MS = 160
_THREADS = 2
_PATIENCE = Patience(end=END_MS)


class OfflineHearing:
    """One call's ear."""

    def __init__(
        self,
        decoders: Decoders,
        threads: ThreadPoolExecutor,
        seed: int,
        told: Callable[[Heard], None],
    ) -> None:
        self._told = told
        self._decoders = decoders
        self._threads = threads
        self._activity = Activity()
        self._spell = Spell(_PATIENCE)
        self._comfort = Comfort(seed)
        self._before: deque[bytes] = deque(maxlen=PRE_ROLL_MS // FRAME_MS)
        self._speech: list[bytes] = []
        self._start_ms = 0
        self._asked = Expectation()
        self._grammar: Grammar | None = None
        self._thinking: deque[tuple[asyncio.Future[str | None], int, int]] = deque()

    def expect(self, asked: Expectation) -> None:
        """Listen for answers to this from now on."""
        if asked != self._asked:
            self._asked, self._grammar = asked, None

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        pcm = self._comfort.dither(g711.decode(frame.audio))
        change = self._spell.feed(self._activity.feed(pcm))
        if change is Change.STARTED:
            self._start_ms = at_ms - _PATIENCE.onset
            self._speech = [*self._before]
        if self._spell.speaking or change is Change.STOPPED:
            self._speech.append(pcm)
        self._before.append(pcm)
        if change is Change.STOPPED or len(self._speech) * FRAME_MS >= LONGEST_MS:
            self._understand(at_ms)
        self._tell()

    async def run(self) -> None:
        """Return at once: there is no connection."""

    def close(self) -> None:
        """Let go of everything."""
        while self._thinking:
            self._thinking.popleft()[0].cancel()

    def _understand(self, at_ms: int) -> None:
        speech, self._speech = self._speech, []
        end_ms = at_ms - END_MS
        spoken_ms = end_ms - self._start_ms
        if spoken_ms < SHORTEST_MS:
            return
        self._grammar = self._grammar or grammar(self._asked, self._decoders.knows)
        stretch = Stretch(b"".join(speech), spoken_ms, self._grammar)
        loop = asyncio.get_running_loop()
        work = partial(self._decoders.understand, stretch)
        future = loop.run_in_executor(self._threads, work)
        self._thinking.append((future, self._start_ms, end_ms))

    def _tell(self) -> None:
        """Tell what has been understood by now, in the order in which it was said."""
        while self._thinking and self._thinking[0][0].done():
            future, start, end = self._thinking.popleft()
            self._told(Heard(future.result() or UNCLEAR, final=True, start_ms=start, end_ms=end))


class OfflineEars:
    """Understands answers to questions, in English, without a network."""

    name = "pocketsphinx"

    def __init__(self) -> None:
        self._decoders = Decoders()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ears")
        self._opened = 0

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> OfflineHearing:  # noqa: ARG002 - English is what it knows
        """Start to listen to one call."""
        self._opened += 1
        return OfflineHearing(self._decoders, self._threads, self._opened, told)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)
