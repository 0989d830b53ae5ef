"""The carrier's side of a ConversationRelay: hears and speaks for the customer, who gets words."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from xml.etree import ElementTree

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from switchhook.audio import g711, wav
from switchhook.ports import (
    AgentCutOff,
    AgentSounds,
    CalleeSaid,
    CalleeSounds,
    DigitPressed,
    Frame,
    LineClosed,
    TalkingLineEvent,
)
from switchhook.testing.scripted import ScriptedCallee
from switchhook.testing.talking import Manner, TalkingEnd
from switchhook.testing.twilio.ledger import FakeCall, sid
from switchhook.testing.twilio.relay_contract import complaint, is_valid
from switchhook.testing.twilio.signing import signature

_FRAME_S = 0.02
_MOST_UNKNOWN = 10
_INTRUDES_AFTER = 2.0
_INVALID = 1007
_TOO_MANY = "Too many consecutive malformed messages."
_LEFT = ("64105", "Websocket ended")

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
    inbound: bool = False
    playing: str = ""
    """Where the media comes from that the callee hears now."""
    hung_up: bool = False
    """Whether it was the callee who left."""
    handed_off: str | None = None
    """What the customer left behind when it ended the session."""
    intrusion: str = ""
    """What it says besides, as it stands here, after two seconds."""
    _socket: ClientConnection | None = None
    _cycle: list[str] = field(default_factory=list[str])
    _waiting: deque[Message] = field(default_factory=deque[Message])
    """Talk cycles that are complete and not being said."""
    _preemptible: bool = False
    _unknown: int = 0

    async def run(self) -> None:
        """Talk until one side ends it."""
        headers = {"X-Twilio-Signature": signature(self.token, self.url, {})}
        try:
            async with connect(
                self.url, additional_headers=headers, compression=None, proxy=None
            ) as socket:
                self._socket = socket
                try:
                    await self._hold(socket)
                finally:
                    # Somebody who moves or ends the call by REST closes it as a hang-up does.
                    await socket.close(reason="Closing websocket session")
        except (OSError, InvalidHandshake) as refused:
            self.problem = ("64102", f"Unable to connect to websocket URL: {refused}")

    def lose(self) -> None:
        """Let the network between the carrier and the customer fail."""
        self.problem = ("39001", "Network connection to WebSocket server failed.")
        if self._socket is not None:
            self._socket.transport.abort()

    async def leave(self, code: int, why: str) -> None:
        """Close the socket, and say why."""
        if self._socket is not None:
            await self._socket.close(code, why)

    def session(self) -> dict[str, str]:
        """Return what the customer is told of the session that is over."""
        code, words = self.problem
        told = {"SessionId": self.sid, "SessionStatus": "failed" if code else "ended"}
        if self.hung_up:
            return told | {"SessionStatus": "completed", "CallStatus": "completed"}
        if code:
            told |= {"ErrorCode": code, "ErrorMessage": words}
        return told if self.handed_off is None else told | {"HandoffData": self.handed_off}

    async def _hold(self, socket: ClientConnection) -> None:
        await _send(socket, self._setup())
        if wrong := complaint(self.attributes):
            self.problem = ("64101", wrong)
            await _send(socket, {"type": "error", "description": wrong})
        else:
            await self._both_ways(socket)

    async def _both_ways(self, socket: ClientConnection) -> None:
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(socket))
            intruding = group.create_task(self._intrude(socket))
            try:
                await self._talk(socket, reading)
            except ConnectionClosed:
                self._left()
            finally:
                reading.cancel()
                intruding.cancel()

    async def _intrude(self, socket: ClientConnection) -> None:
        if self.intrusion:
            await asyncio.sleep(_INTRUDES_AFTER)
            await socket.send(self.intrusion)

    async def _talk(self, socket: ClientConnection, reading: asyncio.Task[None]) -> None:
        """Let the callee live, 50 times a second, and tell the customer of it."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not reading.done():
            due += _FRAME_S
            await asyncio.sleep(max(0.0, due - loop.time()))
            self._begin()
            for event in self.end.beat():
                if isinstance(event, LineClosed):
                    self.hung_up = True
                    return
                if (message := self._message(event)) is not None:
                    await _send(socket, message)
        self._left()

    def _left(self) -> None:
        if self.handed_off is None and not self.problem[0]:
            self.problem = _LEFT

    def _begin(self) -> None:
        """Begin what waits, once its turn has come or what sounds gives way."""
        while self._waiting and (self._preemptible or not self.end.speaks):
            cycle = self._waiting.popleft()
            by_words, by_keys = self._interrupted_by(cycle)
            self._preemptible = cycle.get("preemptible", self._allows("preemptible"))
            self.playing = cycle.get("source", "")
            if self.playing:
                self.end.play(cycle["frames"], interruptible=by_words, by_keys=by_keys)
            else:
                self.end.say(cycle["token"], interruptible=by_words, by_keys=by_keys)

    def _interrupted_by(self, cycle: Message) -> tuple[bool, bool]:
        """Tell whether words, and keys, cut it off: what it says itself counts for both."""
        own = cycle.get("interruptible")
        if own is not None:
            return own, own
        usual = self.attributes.get("interruptible", "any")
        return usual in {"speech", "any", "true"}, usual in {"dtmf", "any", "true"}

    def _allows(self, attribute: str) -> bool:
        return self.attributes.get(attribute) == "true"

    def _reports(self, what: str) -> bool:
        """Tell whether the customer learns this now: not always, while the agent speaks."""
        wanted = self.attributes.get("reportInputDuringAgentSpeech", "none")
        return not self.end.speaks or wanted in {what, "any"}

    def _message(self, event: TalkingLineEvent) -> Message | None:
        match event:
            case CalleeSaid(text, final) if self._reports("speech"):
                return {"type": "prompt", "voicePrompt": text, "lang": "en-US", "last": final}
            case AgentCutOff(heard):
                self._waiting.clear()
                return {
                    "type": "interrupt",
                    "utteranceUntilInterrupt": heard,
                    # It was seen both as a number and as a string.
                    "durationUntilInterruptMs": str(60 * len(heard)),
                }
            case DigitPressed(digit) if self._allows("dtmfDetection") and self._reports("dtmf"):
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
                wrong = await self._take(text)
                if wrong:
                    self._unknown += 1
                    await _send(socket, {"type": "error", "description": wrong})
                else:
                    self._unknown = 0
                if self._unknown >= _MOST_UNKNOWN:
                    self.problem = _LEFT
                    await self.leave(_INVALID, _TOO_MANY)
                if self.handed_off is not None:
                    return
        except ConnectionClosed:
            return

    async def _take(self, text: str | bytes) -> str:
        """Do what a message asks for; return what is wrong with it."""
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if not isinstance(message, dict) or not is_valid(cast("Message", message)):
            return f"Invalid message received, code: 64107, {text!r}"
        asked = cast("Message", message)
        self.received.append(asked)
        match asked["type"]:
            case "text":
                self._say(asked)
            case "play":
                await self._fetch(asked)
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

    async def _fetch(self, asked: Message) -> None:
        """Have media played; what cannot be fetched is not heard."""
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.get(asked["source"])
        if answer.is_success:
            pieces = g711.frames(g711.encode(wav.read(answer.content).pcm))
            self._waiting.append({**asked, "frames": [Frame(piece) for piece in pieces]})

    def _setup(self) -> Message:
        return {
            "type": "setup",
            "sessionId": self.sid,
            "accountSid": self.account_sid,
            "parentCallSid": "",
            "callSid": self.call_sid,
            "callType": "PSTN",
            "direction": "inbound" if self.inbound else "outbound-api",
            "callStatus": "RINGING" if self.inbound else "IN_PROGRESS",
            "customParameters": dict(self.parameters),
        }


def relay_of(
    noun: ElementTree.Element, call: FakeCall, callee: ScriptedCallee, auth_token: str
) -> FakeRelay:
    """Return what a <ConversationRelay> asks for."""
    manner = Manner(lets_listeners_hum=noun.get("ignoreBackchannel") == "true")
    return FakeRelay(
        url=noun.get("url", ""),
        call_sid=call.sid,
        account_sid=call.account_sid,
        token=auth_token,
        attributes=dict(noun.attrib),
        parameters={p.get("name", ""): p.get("value", "") for p in noun.findall("Parameter")},
        end=TalkingEnd(callee, manner),
        inbound=call.direction == "inbound",
    )


async def _send(socket: ClientConnection, message: Message) -> None:
    await socket.send(json.dumps(message, separators=(",", ":")))
