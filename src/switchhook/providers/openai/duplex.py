"""Conversations by speech over a socket, renewed before the vendor ends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

import structlog

from switchhook.audio import g711
from switchhook.audio.streaming import Whole
from switchhook.domain.agent import Eagerness
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.engine.dialogue import Message
from switchhook.engine.dialogue import Role as Speaker
from switchhook.engine.expectation import Expectation
from switchhook.ports import (
    FRAME_BYTES,
    Action,
    Answered,
    AnswerPiece,
    BrokeOff,
    Clock,
    Done,
    DuplexRequest,
    Frame,
    Heard,
    Voiced,
)
from switchhook.providers.openai import conversing
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.conversing import (
    Audio,
    Called,
    CalleeSaid,
    Ended,
    Event,
    Failed,
    Played,
    Ready,
    Settings,
    Text,
    TurnOver,
)
from switchhook.providers.openai.history import Role
from switchhook.providers.openai.realtime import Realtime
from switchhook.providers.openai.session import Session
from switchhook.providers.openai.trouble import Failure, Kind

MODEL: Final = "gpt-realtime-2.1"
VOICE: Final = "marin"

RENEWAL_SECONDS: Final = 58 * 60
"""The age after which a session is renewed in the next quiet moment; at 60 minutes it ends."""

STEADY_SECONDS: Final = 10.0
"""A session that was lost before this age is not tried again."""

_ROLES: Mapping[Speaker, Role] = MappingProxyType(
    {Speaker.AGENT: "assistant", Speaker.CALLEE: "user", Speaker.INSTRUCTIONS: "system"}
)

_EAGERNESS: Mapping[Eagerness, conversing.Eagerness] = MappingProxyType(
    {"relaxed": "low", "auto": "auto", "sensitive": "high"}
)

_log = structlog.get_logger(__name__)


class OpenAIDuplex:
    """Hears, thinks and speaks in one."""

    name = "openai"

    def __init__(self, api: Api, clock: Clock, model: str = MODEL) -> None:
        self._api = api
        self._clock = clock
        self._model = model

    def open(
        self, request: DuplexRequest, heard: Callable[[Heard], None], answered: Answered
    ) -> OpenAIConversation:
        """Begin one call's conversation."""
        settings = _settings(request, self._model)
        return OpenAIConversation(self._api, self._clock, settings, heard, answered)


def _settings(request: DuplexRequest, model: str) -> Settings:
    voice, effort = request.voice.name, request.choice.reasoning_effort
    return Settings(
        request.choice.model or model,
        request.instructions,
        request.offers,
        voice=VOICE if voice == "default" else voice,
        speed=request.voice.speed,
        language=request.language,
        effort=None if effort == "none" else effort,
        eagerness=_EAGERNESS[request.eagerness] if request.eagerness else None,
    )


class OpenAIConversation:
    """One call's conversation, through as many sessions as it takes."""

    def __init__(
        self,
        api: Api,
        clock: Clock,
        settings: Settings,
        heard: Callable[[Heard], None],
        answered: Answered,
    ) -> None:
        self._api, self._clock = api, clock
        self._heard, self._answered = heard, answered
        self._codec = Realtime(settings)
        self._path = f"/realtime?{urlencode({'model': settings.model})}"
        self._session = self._new_session()
        self._item, self._rest = "", Whole(FRAME_BYTES)
        self._closed = False
        self._began = clock.monotonic()

    def expect(self, asked: Expectation) -> None:
        """Take no notice: it understands everything."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        self._codec.hear(frame.audio, at_ms)
        self._session.flush()
        self._renew_if_due()

    def speech(self, at_ms: int, *, begins: bool) -> None:
        """Learn that the callee's speech began at this time of the call, or was over."""
        self._codec.speech(at_ms, begins=begins)
        self._session.flush()

    def answer(self, generation: int) -> None:
        """Ask for an answer, now or as soon as the present one is over."""
        self._codec.ask(generation)
        self._session.flush()

    def cancel(self) -> None:
        """Stop the answer that is being made."""
        self._codec.cancel()
        self._session.flush()

    def cut(self, item: str, heard_ms: int, heard: str) -> None:
        """Let the model know how much of an item was heard."""
        self._codec.cut(Played(item, heard_ms, heard))
        self._session.flush()

    def note(self, message: Message) -> None:
        """Let the model know what was done, pressed, or said for it."""
        if message.role is Speaker.RESULT:
            self._codec.result(message.call_id, message.text)
        else:
            self._codec.note(_ROLES[message.role], message.text)
        self._session.flush()

    async def run(self) -> None:
        """Keep the conversation until `close`; raise what ends it for good."""
        while not self._closed:
            self._began = self._clock.monotonic()
            try:
                await self._session.run()
            except Misconfigured:
                raise
            except Unavailable as lost:
                if self._age < STEADY_SECONDS:
                    raise
                _log.warning("duplex_session_lost", detail=lost.message)
            for event in self._codec.renew():
                self._tell(event)
            self._session = self._new_session()

    def close(self) -> None:
        """Let go of everything."""
        self._closed = True
        self._session.close()

    @property
    def _age(self) -> float:
        return self._clock.monotonic() - self._began

    def _new_session(self) -> Session[Event]:
        return Session(self._api, self._path, self._codec, self._came)

    def _renew_if_due(self) -> None:
        if self._age > RENEWAL_SECONDS and self._codec.between_turns:
            self._session.close()

    # ---- what is told ---------------------------------------------------------------------------

    def _came(self, event: Event) -> None:
        """Take what a session brought; it may be its end."""
        if isinstance(event, Failed) and not self._codec.open:
            # What is refused before the session is open is its configuration.
            raise event.failure.error()
        if isinstance(event, Failed) and event.failure.kind is Kind.EXPIRED:
            self._session.close()
        elif not self._closed:
            self._tell(event)
            self._renew_if_due()

    def _tell(self, event: Event) -> None:
        match event:
            case CalleeSaid(text, start_ms, end_ms):
                self._heard(Heard(text, False, start_ms, end_ms, certain=True))  # noqa: FBT003 - a field
            case TurnOver(end_ms):
                self._heard(Heard("", True, end_ms, end_ms))  # noqa: FBT003 - a field
            case Failed(failure, None):
                _log.warning("duplex_request_refused", detail=failure.detail)
            case Ready() | conversing.Done(status="cancelled"):
                pass
            case _:
                self._answered(event.generation or 0, self._piece(event))

    def _piece(
        self, event: Audio | Text | Ended | Called | conversing.Done | Failed
    ) -> AnswerPiece:
        match event:
            case Audio(_, item, audio):
                return Voiced(item, frames=self._framed(item, audio))
            case Text(_, item, delta):
                return Voiced(item, delta)
            case Ended(_, item):
                return Voiced(item, frames=self._framed(item, b"", last=True), last=True)
            case Called(_, call_id, name, arguments):
                return Action(call_id, name, arguments)
            case Failed(failure) | conversing.Done(failure=Failure() as failure):
                return BrokeOff(failure.detail)
            case conversing.Done():
                return Done(event.tokens_in, event.tokens_out)

    def _framed(self, item: str, ulaw: bytes, *, last: bool = False) -> tuple[Frame, ...]:
        """Return the frames that are whole by now; items come one after the other."""
        if item != self._item:
            self._item, self._rest = item, Whole(FRAME_BYTES)
        audio = self._rest.feed(ulaw)
        if last:
            audio += self._rest.flush(g711.SILENCE)
        return tuple(Frame(piece) for piece in g711.frames(audio, FRAME_BYTES))
