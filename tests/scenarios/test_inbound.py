"""Somebody calls a number of ours: over sockets, in virtual time."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from switchhook.domain.agent import AgentSpec
from switchhook.domain.interaction import Direction, Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.numbers import Number
from switchhook.domain.policy import UNCAPPED, Policy
from switchhook.runtime.outgoing import Doorway
from switchhook.service import agents, calls, following, numbers, rules
from switchhook.service.numbers import Binding, Proposal
from switchhook.service.requests import CallFilter
from switchhook.testing import HangsUp, Listens, Said, run_virtually
from switchhook.testing.twilio import NUMBER, FakeCall, Mischief, Phone, signature
from switchhook.work.receiving import Receiving
from tests.scenarios.telephones import Telephones, telephones

CALLER = "+14155550177"
PUBLIC = "93.184.215.14"
MALLORY = {"first_name": "Mallory"}
GREETING = "Trattoria Roma, how can I help you, {{first_name}}?"
ENDPOINT = "https://crm.example/caller?shop=7"
CHATTY = Phone([Listens(), Said("Are you open?"), Listens(), HangsUp()])
Answer = Callable[[httpx2.Request], Any]
NEVER = datetime.max.replace(tzinfo=UTC)


@asynccontextmanager
async def house(folder: Path, caller: Phone = CHATTY, **binding: str) -> AsyncGenerator[Telephones]:
    """Open an engine that has the account's number, where an agent answers."""
    async with telephones(folder, {CALLER: caller}) as at:
        spec = AgentSpec(name="Host", first_message=GREETING, variables={"first_name": "friend"})
        await agents.create_agent(at.exchange, at.owner, spec)
        await own(at, agent="Host", **binding)
        yield at


async def own(at: Telephones, **binding: str) -> Number:
    """Bind the number that the account has already."""
    wanted = Binding(**binding)
    proposal = await numbers.buy_number(at.exchange, at.owner, NUMBER, wanted)
    assert isinstance(proposal, Proposal)
    token = proposal.confirm_token
    made = await numbers.buy_number(at.exchange, at.owner, NUMBER, wanted, confirm_token=token)
    assert isinstance(made, Number)
    return made


async def over(at: Telephones, call: FakeCall) -> None:
    async with asyncio.timeout(600):
        await at.twilio.lives[call.sid].ended.wait()


async def only_call(at: Telephones) -> Interaction:
    page = await calls.list_calls(at.exchange, at.owner, CallFilter())
    assert page.total == 1
    return page.calls[0]


async def said(at: Telephones, call: Interaction) -> list[tuple[str, str]]:
    page = await following.transcript(at.exchange, at.owner, call.id)
    return [(line.speaker, line.text) for line in page.lines]


def test_who_calls_a_number_is_answered_by_its_agent_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            ringing = await at.twilio.ring(CALLER, NUMBER)
            await over(at, ringing)
            call = await at.until((await only_call(at)).id, State.ENDED)
            words = await said(at, call)

        assert ringing.status == "completed"
        assert call.direction is Direction.INBOUND
        assert (call.from_number, call.to_number) == (CALLER, NUMBER)
        assert (call.carrier_ref, call.reason) == (ringing.sid, Reason.USER_HANGUP)
        assert call.agent.spec.name == "Host"
        assert words[0][0] == "agent"
        assert "Trattoria Roma, how can I help you, friend?" in " ".join(t for _, t in words)
        assert "calling" not in " ".join(text for who, text in words if who == "agent")
        assert ("callee", "Are you open?") in words

    run_virtually(main)


def test_a_number_that_is_nobodys_turns_callers_away_politely(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            at.twilio.own("+14155550188", at.town.carrier.reach.voice)
            ringing = await at.twilio.ring(CALLER, "+14155550188")
            await over(at, ringing)
            await numbers.update_number(at.exchange, at.owner, NUMBER, Binding(agent=""))
            unattended = await at.twilio.ring(CALLER, NUMBER)
            await over(at, unattended)
            page = await calls.list_calls(at.exchange, at.owner, CallFilter())

        assert page.total == 0
        assert [text.partition(".")[0] for text in at.twilio.ledger.spoken] == [
            "Sorry, nobody can be reached at this number"
        ] * 2
        assert (ringing.status, unattended.status) == ("completed", "completed")

    run_virtually(main)


async def ask(at: Telephones, call: FakeCall, token: str | None = None) -> httpx2.Response:
    """Ask what becomes of a call, as Twilio does, or somebody who knows another token."""
    form = {"CallSid": call.sid, "From": call.from_number, "To": call.to, "CallStatus": "ringing"}
    url = at.town.carrier.reach.voice
    signed = signature(token or at.twilio.auth_token, url, form)
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.post(url, data=form, headers={"X-Twilio-Signature": signed})


def test_a_repeated_question_gets_the_same_answer_and_makes_no_second_call(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            ringing = await at.twilio.ring(CALLER, NUMBER)
            await at.until((await until_known(at)).id, State.IN_PROGRESS)
            first, second = await ask(at, ringing), await ask(at, ringing)
            await over(at, ringing)
            await only_call(at)

        assert "<Stream" in first.text
        assert first.text == second.text

    run_virtually(main)


async def until_known(at: Telephones) -> Interaction:
    async with asyncio.timeout(60):
        while not (page := await calls.list_calls(at.exchange, at.owner, CallFilter())).total:  # noqa: ASYNC110 - another's call
            await asyncio.sleep(0.05)
    return page.calls[0]


def test_a_forged_question_is_refused(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            stranger = FakeCall("CA1", "AC1", NUMBER, CALLER, at.twilio.ledger.asked[0])
            answer = await ask(at, stranger, token="a guess")
            page = await calls.list_calls(at.exchange, at.owner, CallFilter())

        assert (answer.status_code, answer.text) == (403, "")
        assert page.total == 0

    run_virtually(main)


def test_a_caller_who_hangs_up_at_once_leaves_nothing_behind(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, Phone([HangsUp()])) as at:
            await over(at, await at.twilio.ring(CALLER, NUMBER))
            call = await at.until((await only_call(at)).id, State.ENDED)
            assert call.reason is Reason.USER_HANGUP
            assert at.placing.live == ()
            assert at.twilio.ledger.live == []

    run_virtually(main)


def test_a_caller_who_is_gone_before_the_audio_comes_is_not_waited_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            at.twilio.mischief = Mischief(no_media=True)
            ringing = await at.twilio.ring(CALLER, NUMBER)
            call = await until_known(at)
            await asyncio.sleep(1)
            at.twilio.end(ringing, "completed")
            ended = await at.until(call.id, State.ERROR)
            assert (ended.ended_at or NEVER) - call.created_at < timedelta(seconds=5)

    run_virtually(main)


def test_the_owner_can_hang_up_on_a_caller(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, Phone([Listens(), *[Said("Well..."), Listens()] * 40])) as at:
            ringing = await at.twilio.ring(CALLER, NUMBER)
            call = await at.until((await until_known(at)).id, State.IN_PROGRESS)
            await calls.end_call(at.exchange, at.owner, call.id)
            await over(at, ringing)
            ended = await at.until(call.id, State.ENDED)

        assert ended.reason is Reason.API_HANGUP
        assert ringing.status == "completed"

    run_virtually(main)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(simulated_caps=UNCAPPED, caps=UNCAPPED.model_copy(update={"concurrent": 0})),
        Policy(calls_enabled=False),
    ],
)
def test_without_room_for_one_more_call_a_caller_finds_it_busy(
    tmp_path: Path, policy: Policy
) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            await rules.set_policy(at.exchange, at.owner, policy)
            ringing = await at.twilio.ring(CALLER, NUMBER)
            await over(at, ringing)
            page = await calls.list_calls(at.exchange, at.owner, CallFilter())

        assert ringing.status == "busy"
        assert page.total == 0

    run_virtually(main)


def test_an_engine_that_is_about_to_stop_takes_no_more_calls(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            await at.placing.stop()
            ringing = await at.twilio.ring(CALLER, NUMBER)
            await over(at, ringing)

        assert ringing.status == "busy"

    run_virtually(main)


def answering(at: Telephones, answer: Answer, address: str = PUBLIC) -> list[Any]:
    """Let the context endpoint answer so; return what it is asked."""
    asked: list[Any] = []

    def noted(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return answer(request)

    async def resolve(_host: str) -> tuple[str, ...]:
        return (address,)

    doorway = Doorway(resolve, httpx2.MockTransport(noted))
    at.town.carrier.reception = Receiving(at.exchange, at.placing, doorway)
    return asked


def test_the_context_endpoint_fills_the_greeting(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, context_endpoint=ENDPOINT) as at:
            at.exchange.secrets = lambda _org, url: url.encode()
            asked = answering(
                at, lambda _: httpx2.Response(200, json={"first_name": "Ada", "tags": ["x"]})
            )
            await over(at, await at.twilio.ring(CALLER, NUMBER))
            call = await at.until((await only_call(at)).id, State.ENDED)
            words = await said(at, call)

        [request] = asked
        query = request.url.query
        assert dict(request.url.params) == {
            "shop": "7",
            "phone_number": CALLER,
            "to_number": NUMBER,
            "call_id": call.id,
        }
        proof = base64.b64encode(hmac.digest(ENDPOINT.encode(), query, hashlib.sha256)).decode()
        assert request.headers["x-vocode-signature"] == proof
        assert call.variables == {"first_name": "Ada"}
        assert "how can I help you, Ada?" in " ".join(text for _, text in words)

    run_virtually(main)


async def slow(_request: httpx2.Request) -> httpx2.Response:
    await asyncio.sleep(60)
    return httpx2.Response(200, json={"first_name": "too late"})


def moved(_request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(302, headers={"location": "http://127.0.0.1:8080/admin"})


def answers(status: int = 200, **content: Any) -> Answer:
    def made(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, **content)

    return made


TROUBLES: dict[str, tuple[Answer, str, int]] = {
    "slow": (slow, PUBLIC, 1),
    "moved": (moved, PUBLIC, 1),
    "on this machine": (answers(json=MALLORY), "127.0.0.1", 0),
    "beside this machine": (answers(json=MALLORY), "169.254.169.254", 0),
    "failing": (answers(500, json=MALLORY), PUBLIC, 1),
    "broken": (answers(text="[1"), PUBLIC, 1),
    "endless": (answers(content=b"{" + b" " * 2_000_000), PUBLIC, 1),
    "unstorable": (answers(json={"first_name": "\0"}), PUBLIC, 1),
}


@pytest.mark.parametrize(("answer", "address", "asked"), TROUBLES.values(), ids=TROUBLES)
def test_a_context_endpoint_that_is_slow_or_evil_costs_nobody_the_call(
    tmp_path: Path, answer: Answer, address: str, asked: int
) -> None:
    async def main() -> None:
        async with house(tmp_path, context_endpoint=ENDPOINT) as at:
            requests = answering(at, answer, address)
            await over(at, await at.twilio.ring(CALLER, NUMBER))
            call = await at.until((await only_call(at)).id, State.ENDED)
            words = await said(at, call)

        assert len(requests) == asked
        assert "how can I help you, friend?" in " ".join(text for _, text in words)
        assert call.answered_at is not None
        assert call.answered_at - call.created_at < timedelta(seconds=4)

    run_virtually(main)
