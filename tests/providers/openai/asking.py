"""Minds asked at a fake that speaks their wire."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager

from switchhook.domain.agent import Mind as MindChoice
from switchhook.engine.dialogue import Message, Role
from switchhook.engine.offers import END_CALL, Offer
from switchhook.ports import Action, Delta, Done, MindEvent, MindRequest
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.chat import ChatMind
from switchhook.providers.openai.responses import ResponsesMind
from switchhook.testing import run_virtually
from switchhook.testing.openai import FakeOpenAI

Wire = ResponsesMind | ChatMind
Build = Callable[[Api], Wire]

BUILDS: Sequence[Build] = (
    lambda api: ResponsesMind(api, "first"),
    lambda api: ChatMind(api, "first"),
)


def request(
    *context: Message, choice: MindChoice | None = None, offers: tuple[Offer, ...] = (END_CALL,)
) -> MindRequest:
    told = Message(Role.INSTRUCTIONS, "Book a table.")
    return MindRequest("call-1", "en", (told, *context), offers, choice or MindChoice())


def said(text: str) -> Message:
    return Message(Role.CALLEE, f"<callee>{text}</callee>")


@asynccontextmanager
async def reaching(fake: FakeOpenAI, key: str = "sk-test") -> AsyncGenerator[Api]:
    async with fake.serving() as url:
        api = Api(key, url)
        try:
            yield api
        finally:
            await api.close()


def answered(fake: FakeOpenAI, build: Build, asked: MindRequest) -> list[MindEvent]:
    async def main() -> list[MindEvent]:
        async with reaching(fake) as api, aclosing(build(api).answer(asked)) as events:
            return [event async for event in events]

    return run_virtually(main)


def text(events: list[MindEvent]) -> str:
    return "".join(e.text for e in events if isinstance(e, Delta)).strip()


def actions(events: list[MindEvent]) -> list[Action]:
    return [e for e in events if isinstance(e, Action)]


def done(events: list[MindEvent]) -> Done:
    (only,) = [e for e in events if isinstance(e, Done)]
    return only
