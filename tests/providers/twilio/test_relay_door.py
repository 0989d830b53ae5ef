"""Which sockets become a line of words, and what Twilio tells when it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from switchhook.audio import tune, wav
from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import UnsupportedParameter
from switchhook.domain.lifecycle import Reason
from switchhook.ports import NotPickedUp, PickedUp, Ringing
from switchhook.providers.twilio.admissions import Admissions
from switchhook.providers.twilio.orders import check
from switchhook.providers.twilio.relay_line import RelayLine
from switchhook.providers.twilio.routes import START_SECONDS, MediaDoor, set_up
from switchhook.testing import Said, Waits, run_virtually, virtual_clock
from switchhook.testing.twilio import Phone
from tests.providers.twilio.sockets import FakeSocket
from tests.providers.twilio.test_hooks import signed
from tests.providers.twilio.test_relay import SETUP
from tests.providers.twilio.test_routes import scope, trusting
from tests.providers.twilio.town import TO, TOKEN, seen, town

RELAYED: dict[str, Any] = {"telephony_params": {"media": "relay"}}


async def knocks(*messages: Any) -> tuple[object, int | None]:
    """Return the line that a socket becomes which begins so, and how it was closed."""
    admissions = Admissions(virtual_clock())
    admission, socket = admissions.issue(), FakeSocket()
    socket.connects()
    for message in messages:
        token = {"customParameters": {"token": admission.token}}
        socket.says(message | token if message == SETUP else message)
    door = MediaDoor(admissions, trusting, greet=set_up)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(door(scope(admission.token), socket.receive, socket.send))
        waiting = group.create_task(_line(admission))
        await asyncio.sleep(START_SECONDS + 1)
        socket.leaves()
        await serving
    return waiting.result(), socket.closed_with


async def _line(admission: Any) -> object:
    try:
        return await admission.line()
    except Exception as nothing:  # noqa: BLE001 - the test looks at it
        return nothing


def test_a_setup_with_the_token_becomes_a_line_of_words() -> None:
    async def main() -> None:
        line, _ = await knocks(SETUP)
        assert isinstance(line, RelayLine)
        assert line.start.call_sid == "CA1"

    run_virtually(main)


@pytest.mark.parametrize(
    "first",
    [
        SETUP | {"customParameters": {"token": "guess"}},
        {"type": "prompt", "voicePrompt": "Hello?", "last": True},
        "garbage",
    ],
)
def test_whatever_else_begins_is_shown_the_door(first: Any) -> None:
    async def main() -> None:
        line, code = await knocks(first)
        assert not isinstance(line, RelayLine)
        assert code == 1008

    run_virtually(main)


def test_a_call_over_words_is_picked_up_with_a_line_of_words() -> None:
    async def main() -> None:
        async with town({TO: Phone([Said("Hello?"), Waits(60)])}) as here:
            assert not here.carrier.talks({})
            assert here.carrier.talks(RELAYED)
            leg = await here.dial(agent=AgentSpec(language="de"), **RELAYED)
            *_, ringing, picked_up = await seen(leg)
            assert ringing == Ringing()
            assert isinstance(picked_up, PickedUp)
            assert isinstance(picked_up.line, RelayLine)
            (post,) = here.twilio.ledger.posts("/Calls.json")
            assert 'language="de-DE"' in post.form["Twiml"][0]
            assert "media" not in post.form
            await leg.hang_up()
            await here.until_quiet()

    run_virtually(main)


def nothing(token: str) -> None:
    """Admit nobody, whatever the token."""
    del token


def test_why_twilio_could_not_talk_is_told_with_the_failed_call() -> None:
    async def main() -> None:
        async with town({TO: Phone([Waits(60)])}) as here:
            here.carrier.admissions.redeem = nothing
            leg = await here.dial(**RELAYED)
            last = (await seen(leg))[-1]
            assert isinstance(last, NotPickedUp)
            assert last.reason is Reason.ERROR_NO_AUDIO
            assert "Unable to connect" in last.detail
            await leg.hang_up()
            await here.until_quiet()

    run_virtually(main)


def test_whoever_asks_what_follows_is_told_to_hang_up() -> None:
    async def main() -> None:
        async with town() as here:
            path = f"/carriers/twilio/{TOKEN}/relayed"
            form = {"SessionStatus": "failed", "ErrorCode": "64105"}
            assert await here.post(path, form, signed(here, path, form)) == 200
            assert await here.post(path, form, {}) == 403

    run_virtually(main)


def test_the_music_is_there_for_whoever_asks_and_begins_again_where_it_ends() -> None:
    async def main() -> None:
        async with town() as here, httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.get(here.carrier.reach.music)

        assert answer.headers["content-type"] == "audio/wav"
        assert "max-age" in answer.headers["cache-control"]
        assert wav.read(answer.content).pcm == tune.Tune().feed(once(answer), speaking=False)

    def once(answer: httpx2.Response) -> int:
        return round(wav.read(answer.content).seconds * tune.RATE)

    run_virtually(main)


def test_words_and_audio_are_all_that_can_pass() -> None:
    assert check({"media": "relay"}) == {"media": "relay"}
    with pytest.raises(Exception, match="cannot be 'smoke'") as refused:
        check({"media": "smoke"})
    assert not isinstance(refused.value, UnsupportedParameter)
