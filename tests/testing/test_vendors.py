"""The vendors' fakes are as strict as the vendors are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from switchhook.testing import run_virtually, sounds
from switchhook.testing.cartesia import OUTPUT, FakeCartesia
from switchhook.testing.deepgram import FakeDeepgram
from switchhook.testing.elevenlabs import FakeElevenLabs
from switchhook.testing.vendors import Json, Mishap, Reception

SPEAK = "/v1/text-to-speech/v1/multi-stream-input"
LISTEN = "/v1/listen?model=nova-3&encoding=mulaw&sample_rate=8000&endpointing=300"
FLUX = "/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000"
AURA = "/v1/speak?model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000"


@asynccontextmanager
async def visiting(
    reception: Reception, path: str, **headers: str
) -> AsyncGenerator[ClientConnection]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        reception.serving() as url,
        connect(url + path, additional_headers=named) as connection,
    ):
        yield connection


async def told(connection: ClientConnection) -> Json:
    return json.loads(await connection.recv())


async def ended(connection: ClientConnection) -> tuple[int | None, str | None]:
    """Return how the vendor closes the connection."""
    while True:
        try:
            await connection.recv()
        except ConnectionClosed:
            return connection.close_code, connection.close_reason


async def say(connection: ClientConnection, *messages: Json) -> None:
    for message in messages:
        await connection.send(json.dumps(message))


def test_elevenlabs_wants_a_context_to_be_initialized() -> None:
    async def main() -> None:
        async with visiting(FakeElevenLabs().reception, SPEAK, xi_api_key="xi-test") as connection:
            await say(connection, {"text": "Hi. ", "context_id": "u1"})
            assert (await told(connection))["error"] == "invalid_input_message"
            assert (await ended(connection))[0] == 1008

    run_virtually(main)


def test_elevenlabs_ends_a_connection_with_too_many_contexts() -> None:
    async def main() -> None:
        async with visiting(FakeElevenLabs().reception, SPEAK, xi_api_key="xi-test") as connection:
            for n in range(6):
                settings: Json = {"speed": 1.0}
                first = {"text": " ", "context_id": f"u{n}", "voice_settings": settings}
                await say(connection, first)
            assert (await told(connection))["error"] == "max_active_conversations"
            assert (await ended(connection))[0] == 1008

    run_virtually(main)


def test_elevenlabs_ends_a_connection_on_which_nothing_is_said() -> None:
    async def main() -> None:
        async with visiting(FakeElevenLabs().reception, SPEAK, xi_api_key="xi-test") as connection:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(15)
            await say(connection, {"text": ""})
            assert (await told(connection))["error"] == "input_timeout_exceeded"
            assert loop.time() == pytest.approx(35, abs=0.1)

    run_virtually(main)


def test_cartesia_makes_no_more_at_once_than_the_account_allows() -> None:
    async def main() -> None:
        fake = FakeCartesia(contexts=1, pace=1.0)
        path = "/tts/websocket"
        async with visiting(
            fake.reception, path, X_API_Key=fake.key, Cartesia_Version="2026-03-01"
        ) as connection:
            common: Json = {"output_format": OUTPUT, "voice": {"mode": "id", "id": "v1"}}
            for name in ("u1", "u2"):
                await say(connection, {**common, "transcript": "Hi.", "context_id": name})
            refused = await told(connection)
            assert (refused["context_id"], refused["status_code"]) == ("u2", 429)

    run_virtually(main)


@pytest.mark.parametrize("path", [LISTEN, FLUX])
def test_deepgram_ends_an_ear_that_hears_nothing(path: str) -> None:
    async def main() -> None:
        async with visiting(
            FakeDeepgram().reception, path, Authorization="Token dg-test"
        ) as connection:
            code, reason = await ended(connection)
            assert code == 1011
            assert "NET-0001" in (reason or "")

    run_virtually(main)


def test_deepgram_tells_what_it_knows_when_it_is_asked_to() -> None:
    async def main() -> None:
        fake = FakeDeepgram(texts=["I need to move."])
        async with visiting(fake.reception, LISTEN, Authorization="Token dg-test") as connection:
            await connection.send(b"".join(sounds.syllables(180)))
            await say(connection, {"type": "Finalize"}, {"type": "CloseStream"})
            final = await told(connection)
            assert final["from_finalize"]
            assert final["channel"]["alternatives"][0]["transcript"] == "I need to move."
            assert (await told(connection))["type"] == "Metadata"
            assert (await ended(connection))[0] == 1000

    run_virtually(main)


def test_deepgram_takes_an_end_back_when_somebody_speaks_on() -> None:
    async def main() -> None:
        fake = FakeDeepgram(texts=["I need to move."])
        path = f"{FLUX}&eager_eot_threshold=0.5"
        async with visiting(fake.reception, path, Authorization="Token dg-test") as connection:
            speech, pause = b"".join(sounds.syllables(200)), b"\xff" * 8
            await connection.send(speech + pause * 400 + speech + pause * 800)
            await say(connection, {"type": "CloseStream"})
            events = [(await told(connection)).get("event") for _ in range(7)]
        assert events == [
            None,
            "StartOfTurn",
            "EagerEndOfTurn",
            "TurnResumed",
            "Update",
            "EagerEndOfTurn",
            "EndOfTurn",
        ]

    run_virtually(main)


def test_deepgram_does_not_understand_everything() -> None:
    async def main() -> None:
        fake = FakeDeepgram()
        async with visiting(fake.reception, AURA, Authorization="Token dg-test") as connection:
            await say(connection, {"type": "Sing"})
            assert await ended(connection) == (1008, "DATA-0000")

    run_virtually(main)


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        (LISTEN, "wrong", 401),
        (LISTEN.replace("nova-3", "flux-general-en"), "dg-test", 400),
        (FLUX.replace("flux", "nova"), "dg-test", 400),
        (LISTEN.replace("mulaw", "linear16"), "dg-test", 400),
        (f"{LISTEN}&language=xx", "dg-test", 400),
        (AURA.replace("-en", "-ko"), "dg-test", 400),
        ("/v3/listen?model=nova-3&encoding=mulaw&sample_rate=8000", "dg-test", 400),
    ],
)
def test_deepgram_refuses_what_it_does_not_know(path: str, token: str, status: int) -> None:
    assert _refused(FakeDeepgram().reception, path, Authorization=f"Token {token}") == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"X_API_Key": "x"}, 401), ({"X_API_Key": "sk_car_test"}, 400)],
)
def test_cartesia_refuses_who_does_not_say_who_or_what(
    headers: dict[str, str], status: int
) -> None:
    assert _refused(FakeCartesia().reception, "/tts/websocket", **headers) == status


def test_a_refusal_may_ask_for_patience() -> None:
    reception = FakeDeepgram().reception
    reception.mishaps.append(Mishap(status=429, retry_after=9))
    assert _refused(reception, LISTEN, Authorization="Token dg-test") == 429


def _refused(reception: Reception, path: str, **headers: str) -> int:
    async def main() -> int:
        with pytest.raises(InvalidStatus) as raised:
            await _enter(reception, path, headers)
        return raised.value.response.status_code

    return run_virtually(main)


async def _enter(reception: Reception, path: str, headers: dict[str, str]) -> None:
    async with visiting(reception, path, **headers):
        pass
