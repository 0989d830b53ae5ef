"""Conversations by speech over a socket, renewed before the vendor ends them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlencode

from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.ports import Clock, Frame
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.conversing import Event, Failed, Played, Settings
from switchhook.providers.openai.realtime import Realtime
from switchhook.providers.openai.session import Session
from switchhook.providers.openai.trouble import Kind

RENEWAL_SECONDS: Final = 58 * 60
"""The age after which a session is renewed in the next quiet moment; at 60 minutes it ends."""

STEADY_SECONDS: Final = 10.0
"""A session that was lost before this age is not tried again."""


class OpenAIDuplex:
    """Hears, thinks and speaks in one."""

    name = "openai"

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock

    def open(self, settings: Settings, told: Callable[[Event], None]) -> OpenAIConversation:
        """Begin one call's conversation; what happens in it is told."""
        return OpenAIConversation(self._api, self._clock, settings, told)


class OpenAIConversation:
    """One call's conversation, through as many sessions as it takes."""

    def __init__(
        self, api: Api, clock: Clock, settings: Settings, told: Callable[[Event], None]
    ) -> None:
        self._api, self._clock, self._told = api, clock, told
        self._codec = Realtime(settings)
        self._path = f"/realtime?{urlencode({'model': settings.model})}"
        self._session = self._new_session()
        self._closed = False
        self._began = clock.monotonic()

    def push(self, frame: Frame) -> None:
        """Take 20 ms of the callee's audio."""
        self._codec.hear(frame.audio)
        self._session.flush()
        self._renew_if_due()

    def end_turn(self) -> None:
        """Say that the callee's turn is over, where the turns are ours."""
        self._codec.end_turn()
        self._session.flush()

    def ask(self) -> None:
        """Ask for an answer, now or as soon as the present one is over."""
        self._codec.ask()
        self._session.flush()

    def interrupt(self, played: Iterable[Played]) -> None:
        """Stop the answer; `played` names every item of which anything was heard."""
        self._codec.interrupt(played)
        self._session.flush()

    def result(self, call_id: str, output: str) -> None:
        """Tell what came of an action."""
        self._codec.result(call_id, output)
        self._session.flush()

    async def run(self) -> None:
        """Keep the conversation until `close`; raise what ends it for good."""
        while not self._closed:
            self._began = self._clock.monotonic()
            try:
                await self._session.run()
            except Misconfigured:
                raise
            except Unavailable:
                if self._age < STEADY_SECONDS:
                    raise
            for event in self._codec.renew():
                self._told(event)
            self._session = self._new_session()

    def close(self) -> None:
        """Let go of everything."""
        self._closed = True
        self._session.close()

    @property
    def _age(self) -> float:
        return self._clock.monotonic() - self._began

    def _new_session(self) -> Session[Event]:
        return Session(self._api, self._path, self._codec, self._tell)

    def _tell(self, event: Event) -> None:
        if isinstance(event, Failed) and not self._codec.open:
            # What is refused before the session is open is its configuration.
            raise event.failure.error()
        if isinstance(event, Failed) and event.failure.kind is Kind.EXPIRED:
            self._session.close()
        else:
            self._told(event)
            self._renew_if_due()

    def _renew_if_due(self) -> None:
        if self._age > RENEWAL_SECONDS and self._codec.between_turns:
            self._session.close()
