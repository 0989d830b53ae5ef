"""A model that hears and speaks, and follows a script instead of thinking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from switchhook.engine.dialogue import Message
from switchhook.engine.expectation import Expectation
from switchhook.ports import (
    FRAME_MS,
    Action,
    Answered,
    BrokeOff,
    Done,
    DuplexRequest,
    Frame,
    Heard,
    Voiced,
)
from switchhook.testing.minds import Acts, Answer, Breaks, Ponders, Writes
from switchhook.testing.voices import murmured

PIECE_FRAMES = 10


@dataclass(slots=True)
class PlainDuplex:
    """Gives one answer after the other, the last again and again, faster than they can be heard.

    It hears the words that ride on the frames, and has written them down so many seconds after
    the callee fell silent. `dies_after` ends each conversation so long after it was opened.
    """

    answers: Sequence[Answer]
    name: str = "plain"
    first_sound: float = 0.4
    pace: float = 0.02
    """Seconds from one piece of 200 ms to the next."""
    words_after: float = 0.3
    turn_over_after: float = 0.5
    """How long the callee has been silent when it says that their turn is over, if it decides."""
    dies_after: float | None = None
    conversations: list[PlainConversing] = field(default_factory=list["PlainConversing"])

    def open(
        self, request: DuplexRequest, heard: Callable[[Heard], None], answered: Answered
    ) -> PlainConversing:
        """Begin one call's conversation."""
        conversation = PlainConversing(self, request, heard, answered)
        self.conversations.append(conversation)
        return conversation

    @property
    def live(self) -> int:
        """How many conversations nobody has closed."""
        return sum(not conversation.closed for conversation in self.conversations)


class PlainConversing:
    """One call's conversation, and all that it was told."""

    def __init__(
        self,
        duplex: PlainDuplex,
        request: DuplexRequest,
        heard: Callable[[Heard], None],
        answered: Answered,
    ) -> None:
        self._duplex, self._heard, self._answered = duplex, heard, answered
        self._words: list[str] = []
        self._start_ms = 0
        self._asked: asyncio.Queue[int] = asyncio.Queue()
        self._over = asyncio.Event()
        self._turn_over: asyncio.TimerHandle | None = None
        self._silenced = False
        self._spoken: dict[str, int] = {}
        self.request = request
        self.generations: list[int] = []
        self.notes: list[Message] = []
        self.cuts: list[tuple[str, int, str]] = []
        self.complaints: list[str] = []
        self.closed = False

    def expect(self, asked: Expectation) -> None:
        """Take no notice: words are read whatever they are."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        del at_ms
        self._words += frame.words

    def speech(self, at_ms: int, *, begins: bool) -> None:
        """Note when the callee spoke, and write down what they said."""
        loop = asyncio.get_running_loop()
        if self._turn_over is not None:
            self._turn_over.cancel()
        if begins:
            self._start_ms = at_ms
            return
        if self.request.eagerness is not None:
            over = Heard("", final=True, start_ms=self._start_ms, end_ms=at_ms)
            patience = self._duplex.turn_over_after
            self._turn_over = loop.call_later(patience, self._write_down, over)
        if self._words:
            said = Heard(" ".join(self._words), False, self._start_ms, at_ms, certain=True)  # noqa: FBT003 - a field
            self._words = []
            loop.call_later(self._duplex.words_after, self._write_down, said)

    def answer(self, generation: int) -> None:
        """Answer as the script has it, after the answer that is being given."""
        self.generations.append(generation)
        self._asked.put_nowait(generation)

    def cancel(self) -> None:
        """Say nothing more of the present answer, and none that was to follow."""
        self._silenced = True
        while not self._asked.empty():
            self._asked.get_nowait()

    def cut(self, item: str, heard_ms: int, heard: str) -> None:
        """Note how far an item was heard, and complain of what cannot be."""
        self.cancel()
        self.cuts.append((item, heard_ms, heard))
        made = self._spoken.get(item)
        if made is None or heard_ms > made:
            self.complaints.append(f"{heard_ms} ms of {made} ms of {item}")

    def note(self, message: Message) -> None:
        """Remember it."""
        self.notes.append(message)

    async def run(self) -> None:
        """Answer until `close`, or until it dies."""
        speaking = asyncio.create_task(self._speak())
        try:
            async with asyncio.timeout(self._duplex.dies_after):
                await self._over.wait()
        except TimeoutError:
            raise OSError("the conversation was lost") from None
        finally:
            speaking.cancel()

    def close(self) -> None:
        """Let go of everything."""
        self.closed = True
        self._over.set()

    def _write_down(self, said: Heard) -> None:
        if not self.closed:
            self._heard(said)

    async def _speak(self) -> None:
        number = 0
        while True:
            generation = await self._asked.get()
            self._silenced = False
            answers = self._duplex.answers
            strokes = answers[min(number, len(answers) - 1)]
            number += 1
            await asyncio.sleep(self._duplex.first_sound)
            for at, stroke in enumerate(strokes):
                if not self._silenced:
                    await self._do(generation, stroke, f"item-{number}-{at}")
            if not self._silenced and not any(isinstance(s, Breaks) for s in strokes):
                self._answered(generation, Done())

    async def _do(
        self, generation: int, stroke: Writes | Acts | Ponders | Breaks, name: str
    ) -> None:
        match stroke:
            case Writes(text):
                await self._say(generation, name, text)
            case Acts(action, arguments):
                self._answered(generation, Action(name, action, arguments))
            case Ponders(seconds):
                await asyncio.sleep(seconds)
            case Breaks(message):
                self._answered(generation, BrokeOff(message))

    async def _say(self, generation: int, item: str, text: str) -> None:
        frames, words = murmured(text).frames, text.split()
        self._spoken[item] = 0
        for at in range(0, len(frames), PIECE_FRAMES):
            piece = frames[at : at + PIECE_FRAMES]
            written = (
                len(words) * at // len(frames),
                len(words) * (at + PIECE_FRAMES) // len(frames),
            )
            self._spoken[item] += len(piece) * FRAME_MS
            delta = "".join(f"{word} " for word in words[slice(*written)])
            self._answered(generation, Voiced(item, delta, piece))
            await asyncio.sleep(self._duplex.pace)
            if self._silenced:
                return
        self._answered(generation, Voiced(item, last=True))
