"""The carrier's side of a ConversationRelay: hears and speaks for the customer, who gets words."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from xml.etree import ElementTree

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from switchhook.ports import (
    AgentCutOff,
    AgentSounds,
    CalleeSaid,
    CalleeSounds,
    DigitPressed,
    LineClosed,
    TalkingLineEvent,
)
from switchhook.testing.talking import TalkingEnd
from switchhook.testing.twilio.ledger import FakeCall, sid
from switchhook.testing.twilio.phones import Phone
from switchhook.testing.twilio.signing import signature

_FRAME_S = 0.02
_MOST_UNKNOWN = 10
_INVALID = 1007
_KEYS = frozenset("0123456789w#*")

Message = Mapping[str, Any]


@dataclass(slots=True)
class FakeRelay:
    """One <ConversationRelay>: understands a callee, and says the customer's texts to it."""

    url: str
    call_sid: str
    account_sid: str
    token: str
    attributes: Mapping[str, str]
    parameters: Mapping[str, str]
    end: TalkingEnd
    sid: str = field(default_factory=lambda: sid("VX"))
    problem: tuple[str, str] = ("", "")
    """What went wrong: Twilio's code and words."""
    received: list[Message] = field(default_factory=list[Message])
    """What the customer sent, understood."""
    keys: str = ""
    """The keys that the customer had pressed."""
    handed_off: str | None = None
    """What the customer left behind when it ended the session."""
    _cycle: list[str] = field(default_factory=list[str])
    _waiting: deque[Message] = field(default_factory=deque[Message])
    """Talk cycles that are complete and not being said."""
    _preemptible: bool = False
    _unknown: int = 0

    async def run(self) -> bool:
        """Talk until one side ends it; tell whether the callee hung up."""
        headers = {"X-Twilio-Signature": signature(self.token, self.url, {})}
        try:
            async with connect(
                self.url, additional_headers=headers, compression=None, proxy=None
            ) as socket:
                await _send(socket, self._setup())
                return await self._both_ways(socket)
        except (OSError, InvalidHandshake) as refused:
            self.problem = ("64102", f"Unable to connect to WebSocket: {refused}")
            return False

    def session(self) -> dict[str, str]:
        """Return what the customer is told of the session that is over."""
        code, words = self.problem
        told = {"SessionId": self.sid, "SessionStatus": "failed" if code else "ended"}
        if code:
            told |= {"ErrorCode": code, "ErrorMessage": words}
        return told if self.handed_off is None else told | {"HandoffData": self.handed_off}

    async def _both_ways(self, socket: ClientConnection) -> bool:
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(socket))
            try:
                return await self._talk(socket, reading)
            except ConnectionClosed:
                self._left()
                return False
            finally:
                reading.cancel()

    async def _talk(self, socket: ClientConnection, reading: asyncio.Task[None]) -> bool:
        """Let the callee live, 50 times a second, and tell the customer of it."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not reading.done():
            due += _FRAME_S
            await asyncio.sleep(max(0.0, due - loop.time()))
            self._speak()
            for event in self.end.beat():
                if isinstance(event, LineClosed):
                    return True
                if (message := self._message(event)) is not None:
                    await _send(socket, message)
        self._left()
        return False

    def _left(self) -> None:
        if self.handed_off is None and not self.problem[0]:
            self.problem = ("64105", "WebSocket ended")

    def _speak(self) -> None:
        """Begin what waits, once its turn has come or it may push itself in."""
        while self._waiting and (self._preemptible or not self.end.speaks):
            cycle = self._waiting.popleft()
            self._preemptible = cycle.get("preemptible", False)
            self.end.say(cycle["token"], interruptible=cycle.get("interruptible", True))

    def _message(self, event: TalkingLineEvent) -> Message | None:
        match event:
            case CalleeSaid(text, final):
                return {"type": "prompt", "voicePrompt": text, "lang": "en-US", "last": final}
            case AgentCutOff(heard):
                self._waiting.clear()
                return {
                    "type": "interrupt",
                    "utteranceUntilInterrupt": heard,
                    # It was seen both as a number and as a string.
                    "durationUntilInterruptMs": str(60 * len(heard)),
                }
            case DigitPressed(digit) if self.attributes.get("dtmfDetection") == "true":
                return {"type": "dtmf", "digit": digit}
            case AgentSounds(begins):
                return self._info("agentSpeaking", begins=begins)
            case CalleeSounds(begins):
                return self._info("clientSpeaking", begins=begins)
            case _:
                return None

    def _info(self, name: str, *, begins: bool) -> Message | None:
        if "speaker-events" not in self.attributes.get("events", ""):
            return None
        return {"type": "info", "name": name, "value": "on" if begins else "off"}

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                wrong = self._take(text)
                if wrong:
                    self._unknown += 1
                    await _send(socket, {"type": "error", "description": wrong})
                else:
                    self._unknown = 0
                if self._unknown >= _MOST_UNKNOWN:
                    self.problem = ("64107", "Message validation failed")
                    await socket.close(_INVALID)
                if self.handed_off is not None:
                    return
        except ConnectionClosed:
            return

    def _take(self, text: str | bytes) -> str:
        """Do what a message asks for; return what is wrong with it."""
        try:
            message = json.loads(text)
        except ValueError:
            return f"Invalid message received: {text!r}"
        if not isinstance(message, dict) or not _is_valid(cast("Message", message)):
            return f"Invalid message received: {message}"
        asked = cast("Message", message)
        self.received.append(asked)
        match asked["type"]:
            case "text":
                self._say(asked)
            case "sendDigits":
                self.keys += asked["digits"]
            case "end":
                self.handed_off = str(asked.get("handoffData", ""))
            case _:
                pass
        return ""

    def _say(self, asked: Message) -> None:
        """Have a talk cycle said when its last token has come."""
        self._cycle.append(asked["token"])
        if asked.get("last", False):
            self._waiting.append({**asked, "token": "".join(self._cycle)})
            self._cycle.clear()

    def _setup(self) -> Message:
        return {
            "type": "setup",
            "sessionId": self.sid,
            "accountSid": self.account_sid,
            "parentCallSid": "",
            "callSid": self.call_sid,
            "callType": "PSTN",
            "direction": "outbound-api",
            "callStatus": "IN-PROGRESS",
            "customParameters": dict(self.parameters),
        }


def relay_of(noun: ElementTree.Element, call: FakeCall, phone: Phone, auth_token: str) -> FakeRelay:
    """Return what a <ConversationRelay> asks for."""
    return FakeRelay(
        url=noun.get("url", ""),
        call_sid=call.sid,
        account_sid=call.account_sid,
        token=auth_token,
        attributes=dict(noun.attrib),
        parameters={p.get("name", ""): p.get("value", "") for p in noun.findall("Parameter")},
        end=TalkingEnd(phone.script),
    )


def _is_valid(message: Message) -> bool:
    kind = message.get("type")
    if kind == "text":
        return isinstance(message.get("token"), str)
    if kind == "sendDigits":
        digits = message.get("digits")
        return isinstance(digits, str) and bool(digits) and set(digits) <= _KEYS
    if kind == "play":
        return str(message.get("source", "")).startswith("https://")
    return kind in {"language", "end"}


async def _send(socket: ClientConnection, message: Message) -> None:
    await socket.send(json.dumps(message, separators=(",", ":")))
