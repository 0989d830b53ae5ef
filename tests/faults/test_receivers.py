"""Whoever is asked for an action during a call, and how they may fail; the callee waits meanwhile.

What is told of calls to those who subscribed to it is delivered after them, and keeps nobody
waiting on the line.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.runtime import actions
from switchhook.runtime.outgoing import Doorway
from switchhook.testing import Acts, Listens, Said, ScriptedMind, writes
from switchhook.testing.minds import context
from tests.faults.judging import SILENCE
from tests.runtime.holding import GOODBYE, held
from tests.runtime.test_actions import ADDRESS, BOOK, Desk, answers


class Drips(httpx2.AsyncByteStream):
    """An answer that never ends, a byte a second."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(1)


class Slow(Desk):
    """Takes its time for every answer."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(3600)
        return await super().handle_async_request(request)


def _drips(_request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, stream=Drips())


def _closes(_request: httpx2.Request) -> httpx2.Response:
    raise httpx2.RemoteProtocolError("closed without an answer")


def _elsewhere(_request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(301, headers={"location": "http://127.0.0.1/"})


MATRIX: dict[str, Desk] = {
    "answers with 500": Desk(answers(500, b"{}")),
    "answers with 301": Desk(_elsewhere),
    "never answers": Slow(),
    "drips": Desk(_drips),
    "closes": Desk(_closes),
}


@pytest.mark.parametrize("name", MATRIX)
def test_whatever_the_receiver_of_an_action_does_the_callee_hears_something(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(_host: str) -> tuple[str, ...]:
        return (ADDRESS,)

    monkeypatch.setattr(actions, "Doorway", lambda: Doorway(resolve, MATRIX[name]))
    mind = ScriptedMind([[Acts("book", '{"guests": 4}')], *writes("It did not work."), GOODBYE])

    call = held(
        [Listens(), Said("Please do."), Listens(3.0), Said("What a pity.")],
        mind,
        spec={"actions": (BOOK,)},
    )

    assert call.dead_air <= SILENCE
    assert call.end.reason is Reason.AGENT_HANGUP
    assert "agent: It did not work." in call.spoken
    assert "result: it failed" in " ".join(context(mind.requests[-1]))
