"""A telephone line over which words pass: ConversationRelay hears and speaks for us."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Final, assert_never

import structlog

from switchhook.domain.errors import ProtocolBroken
from switchhook.ports import (
    AgentCutOff,
    AgentSounds,
    AnsweredBy,
    CalleeSaid,
    CalleeSounds,
    DigitPressed,
    LineClosed,
    TalkingLineEvent,
)
from switchhook.providers.twilio import relay
from switchhook.providers.twilio.line import Socket
from switchhook.providers.twilio.relay import (
    LONGEST,
    Dtmf,
    Interrupt,
    Message,
    Prompt,
    Remark,
    Setup,
    Speaking,
    Trouble,
)
from switchhook.providers.twilio.stream import MOST_STRANGE

_log = structlog.get_logger(__name__)

_HUNG_UP: Final = 1000
"""How Twilio closes a socket when the callee has left, or the call goes on elsewhere."""

GOODBYE: Final = "the conversation is over"
"""Why we end a call, in what Twilio hands back."""


class Conversation:
    """Translates for one call; what it cannot understand it counts and leaves out."""

    def __init__(self, setup: Setup) -> None:
        self.over = False
        self.strange = 0
        self._setup = setup
        self._in_a_row = 0
        self._texts: deque[str] = deque()

    def receive(self, text: str) -> tuple[TalkingLineEvent, ...]:
        """Return what a message of the carrier means; after the last one nothing means anything."""
        if self.over:
            return ()
        try:
            message = relay.decode(text)
        except ProtocolBroken as broken:
            return self.end(lost=True) if len(text) > LONGEST else self._wonder(broken)
        self._in_a_row = 0
        return self._meaning(message)

    def end(self, *, lost: bool = False) -> tuple[TalkingLineEvent, ...]:
        """Return the last event, for the first who says that the call is over."""
        if self.over:
            return ()
        self.over = True
        self._texts.clear()
        return (LineClosed(lost),)

    def leave(self) -> tuple[TalkingLineEvent, ...]:
        """Have the carrier end the call, instead of all that has not left yet."""
        last = self.end()
        if last:
            self._texts.append(relay.end(GOODBYE))
        return last

    def ask(self, text: str) -> None:
        """Send a message."""
        if not self.over:
            self._texts.append(text)

    def texts(self) -> deque[str]:
        """Return the messages that are to leave, oldest first, and forget them."""
        texts, self._texts = self._texts, deque()
        return texts

    def _meaning(self, message: Message) -> tuple[TalkingLineEvent, ...]:
        match message:
            case Prompt(text, last):
                return (CalleeSaid(text, final=last),)
            case Interrupt(heard):
                return (AgentCutOff(heard),)
            case Dtmf(digit):
                return (DigitPressed(digit),)
            case Speaking(agent, begins):
                return (AgentSounds(begins) if agent else CalleeSounds(begins),)
            case Trouble(description):
                _log.warning("relay.trouble", call=self._setup.call_sid, problem=description)
            case Setup():
                return self._wonder(ProtocolBroken("the relay begins a second time"))
            case Remark():
                pass
            case _:
                assert_never(message)
        return ()

    def _wonder(self, broken: ProtocolBroken) -> tuple[TalkingLineEvent, ...]:
        if not self.strange:
            _log.warning("relay.strange_message", call=self._setup.call_sid, problem=broken.message)
        self.strange += 1
        self._in_a_row += 1
        return self.end(lost=True) if self._in_a_row > MOST_STRANGE else ()


class RelayLine:
    """The words of one call; `serve` reads and says them, until the line is closed."""

    def __init__(self, start: Setup, socket: Socket, music_url: str) -> None:
        self.start = start
        self._music_url = music_url
        self._conversation = Conversation(start)
        self._socket = socket
        self._told: asyncio.Queue[TalkingLineEvent] = asyncio.Queue()
        self._due = asyncio.Event()

    @property
    def strange(self) -> int:
        """How many messages were not understood."""
        return self._conversation.strange

    @property
    def over(self) -> bool:
        """Whether nothing comes any more."""
        return self._conversation.over

    async def events(self) -> AsyncIterator[TalkingLineEvent]:
        """Yield what comes from the far end until the line is closed."""
        while True:
            event = await self._told.get()
            yield event
            if isinstance(event, LineClosed):
                return

    def report(self, detected: AnsweredBy) -> None:
        """Tell the listener who the carrier says has answered."""
        self._told.put_nowait(detected)

    def say(self, text: str, *, interruptible: bool) -> None:
        """Speak this now, instead of what is being said; the callee may cut it off, or not."""
        self._ask(relay.say(text, interruptible=interruptible))

    def play_music(self) -> None:
        """Let music play for somebody who waits, until something is said or it is hushed."""
        self._ask(relay.play(self._music_url))

    def hush(self) -> None:
        """Fall silent: nothing takes the place of what is being said."""
        self.say("", interruptible=True)

    def send_digits(self, digits: str) -> None:
        """Press keys."""
        self._ask(relay.send_digits(digits))

    def close(self) -> None:
        """End the call at the carrier; nothing is said after this."""
        self._tell(self._conversation.leave())

    async def serve(self) -> None:
        """Read and say what is due until the line is closed or the socket is gone."""
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read())
            try:
                await self._write()
            except (OSError, RuntimeError):
                # An ASGI server refuses what is sent after the end, and reports it to the reader.
                self._tell(self._conversation.end())
            reading.cancel()

    async def _read(self) -> None:
        conversation, receive = self._conversation, self._socket.receive
        while not conversation.over:
            message = await receive()
            text = message.get("text")
            # A frame of bytes has no text either: Twilio sends none, and it breaks the line.
            lost = message.get("code") != _HUNG_UP
            self._tell(conversation.end(lost=lost) if text is None else conversation.receive(text))

    async def _write(self) -> None:
        conversation, send = self._conversation, self._socket.send
        while True:
            over = conversation.over
            for text in conversation.texts():
                await send({"type": "websocket.send", "text": text})
            if over:
                return
            await self._due.wait()
            self._due.clear()

    def _ask(self, text: str) -> None:
        self._conversation.ask(text)
        self._due.set()

    def _tell(self, events: Iterable[TalkingLineEvent]) -> None:
        for event in events:
            self._told.put_nowait(event)
        if self._conversation.over:
            self._due.set()
