"""The ports that vendors' ears and voices implement, as the conformance suites know them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Protocol

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.engine.expectation import Expectation
from switchhook.ports import Frame, Heard, Listening, Speech


class Hearing(Protocol):
    def expect(self, asked: Expectation) -> None: ...

    def push(self, frame: Frame, at_ms: int) -> None: ...

    async def run(self) -> None: ...

    def close(self) -> None: ...


class Ears(Protocol):
    name: str

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> Hearing: ...


class Speaking(Protocol):
    def say(self, text: str) -> AsyncGenerator[Speech]: ...

    async def run(self) -> None: ...

    def close(self) -> None: ...


class Voice(Protocol):
    name: str

    def open(self, language: Language, choice: VoiceChoice) -> Speaking: ...
