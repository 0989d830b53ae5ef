from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from switchhook.domain.interaction import CallOptions
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Verdict
from switchhook.providers.loopback import Hum, LoopbackCarrier, TextEars
from switchhook.runtime.casting import Troupe
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service import calls, following, keys
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.requests import CallRequest
from switchhook.store.database import Database
from switchhook.testing import run_virtually, virtual_clock
from switchhook.work.placing import Placing

SCHEMA = {
    "type": "object",
    "properties": {
        "guests": {"type": "integer", "description": "How many guests?"},
        "open": {"type": "boolean", "description": "Are you open on Sundays?"},
    },
}


def test_a_call_goes_from_the_request_to_the_record_with_transcript_and_recording(
    tmp_path: Path,
) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'store.db'}", inline=True)

    async def main() -> None:
        clock = virtual_clock()
        ticker = Ticker(clock)
        exchange = Exchange(
            database=database,
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"loopback": LoopbackCarrier(Hum(), clock, ticker)},
            default_carrier="loopback",
            recordings=tmp_path / "recordings",
        )
        placing = Placing(exchange, ticker, Troupe(TextEars(), Hum()))
        exchange.wake = placing.wake
        pair = await keys.create_key(exchange)
        owner = Principal(pair.org_id, pair.key)
        async with placing.open():
            request = CallRequest(
                to="+15550100123",
                task="book a table",
                result_schema=SCHEMA,
                options=CallOptions(record=True),
            )
            placed = await calls.create_call(exchange, owner, request)
            await placing.idle()
        call = await calls.get_call(exchange, owner, placed.call.id)
        page = await following.transcript(exchange, owner, call.id)
        wav = await calls.recording_of(exchange, owner, call.id)

        assert (call.state, call.reason) == (State.ENDED, Reason.AGENT_HANGUP)
        assert call.outcome is not None
        assert call.outcome.verdict is Verdict.ACHIEVED
        for field in call.outcome.fields.values():
            assert field.evidence is not None
            assert page.lines[field.evidence.line].text == field.evidence.quote
        assert page.lines[1].text.startswith("Hello, this is an AI assistant")
        assert call.duration_seconds == pytest.approx(len(wav) / 32000, abs=0.5)
        assert call.recording is not None
        assert len(wav) == call.recording.bytes

    run_virtually(main)
    database.close()


def test_waiting_for_news_sees_every_happening_in_order(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'store.db'}", inline=True)

    async def main() -> list[int]:
        clock = virtual_clock()
        ticker = Ticker(clock)
        exchange = Exchange(
            database=database,
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"loopback": LoopbackCarrier(Hum(), clock, ticker)},
            default_carrier="loopback",
            recordings=tmp_path,
        )
        placing = Placing(exchange, ticker, Troupe(TextEars(), Hum()))
        exchange.wake = placing.wake
        pair = await keys.create_key(exchange)
        owner = Principal(pair.org_id, pair.key)
        seen: list[int] = []
        async with placing.open(), asyncio.timeout(600):
            request = CallRequest(to="+15550100123", task="ask when they open")
            call = (await calls.create_call(exchange, owner, request)).call
            while not call.terminal:
                after = seen[-1] if seen else 0
                news = await following.wait_for_news(
                    exchange, owner, call.id, after=after, max_wait=45
                )
                seen += [happening.seq for happening in news.happenings]
                call = news.call
        return seen

    seen = run_virtually(main)
    database.close()
    assert seen == list(range(1, len(seen) + 1))
