"""The fake Twilio, as a customer who answers with documents sees it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from switchhook.faces.http.server import server_for
from switchhook.providers.twilio.rest import Account, Credentials, Refused, Unreached
from switchhook.testing import run_virtually
from switchhook.testing.twilio import NUMBER, FakeCall, FakeTwilio, Mischief, Phone

TO = "+15550100123"


@dataclass
class Customer:
    """Answers `/name` with the document of that name, and keeps what it was asked."""

    documents: dict[str, str] = field(default_factory=dict[str, str])
    url: str = ""
    asked: list[tuple[str, dict[str, str], str]] = field(
        default_factory=list[tuple[str, dict[str, str], str]]
    )

    async def answer(self, request: Request) -> Response:
        form = dict(httpx2.QueryParams((await request.body()).decode()))
        name = request.path_params["name"]
        self.asked.append((name, form, request.headers["x-twilio-signature"]))
        return Response(self.documents.get(name, ""), media_type="text/xml")

    @property
    def statuses(self) -> list[str]:
        return [form["CallStatus"] for name, form, _ in self.asked if name == "status"]


@dataclass
class Scene:
    twilio: FakeTwilio
    customer: Customer
    account: Account

    async def dial(self, document: str, **more: Any) -> FakeCall:
        events = ["initiated", "ringing", "answered", "completed"]
        ref = await self.account.dial(
            {
                "to": TO,
                "from_": NUMBER,
                "twiml": f"<Response>{document}</Response>",
                "status_callback": f"{self.customer.url}/status",
                "status_callback_event": events,
                **more,
            }
        )
        return self.twilio.ledger.calls[ref]

    async def over(self, call: FakeCall) -> None:
        async with asyncio.timeout(600):
            await self.twilio.lives[call.sid].ended.wait()
            await asyncio.sleep(1)


@asynccontextmanager
async def scene(
    documents: dict[str, str] | None = None, mischief: Mischief | None = None, **phones: Phone
) -> AsyncGenerator[Scene]:
    customer = Customer(documents or {})
    fake = FakeTwilio(anybody=phones.get("anybody"), mischief=mischief or Mischief())
    with socket.create_server(("127.0.0.1", 0)) as door:
        customer.url = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with fake.open(), asyncio.TaskGroup() as serving:
            app = Starlette(routes=[Route("/{name}", customer.answer, methods=["POST"])])
            server = server_for(app)
            running = serving.create_task(server.serve(sockets=[door]))
            account = Account(Credentials(fake.account_sid, fake.auth_token), fake.base)
            yield Scene(fake, customer, account)
            await account.close()
            server.should_exit = True
            await running


def test_a_call_tells_of_each_of_its_steps_with_a_signature() -> None:
    async def main() -> None:
        async with scene() as at:
            call = await at.dial("<Say>Good morning to you</Say><Hangup/><Say>never</Say>")
            await at.over(call)
            assert at.customer.statuses == ["initiated", "ringing", "in-progress", "completed"]
            assert at.twilio.ledger.spoken == ["Good morning to you"]
            validator = cast("Any", RequestValidator(at.twilio.auth_token))
            numbers = [form["SequenceNumber"] for _, form, _ in at.customer.asked]
            assert numbers == ["0", "1", "2", "3"]
            for name, form, made in at.customer.asked:
                assert validator.validate(f"{at.customer.url}/{name}", form, made)

    run_virtually(main)


@pytest.mark.parametrize(
    ("document", "seconds"),
    [
        ('<Pause length="7"/>', 7),
        ("<Play>https://a.example/x.wav</Play>", 1),
        ('<Gather timeout="4"><Say>Press one</Say></Gather>', 5),
        ("<Reject/>", 0),
        ("", 0),
        ("<Connect/>", 0),
    ],
)
def test_a_document_takes_its_time(document: str, seconds: int) -> None:
    async def main() -> None:
        async with scene() as at:
            call = await at.dial(document)
            await at.over(call)
            assert call.status == "completed"
            assert call.seconds == pytest.approx(seconds, abs=1)

    run_virtually(main)


def test_one_document_leads_to_another() -> None:
    async def main() -> None:
        async with scene({"next": "<Response><Say>Here we are</Say></Response>"}) as at:
            call = await at.dial(f"<Redirect>{at.customer.url}/next</Redirect><Say>never</Say>")
            await at.over(call)
            assert at.twilio.ledger.spoken == ["Here we are"]

    run_virtually(main)


def test_a_dialled_number_is_a_call_of_its_own_and_its_end_is_told() -> None:
    async def main() -> None:
        async with scene({"after": "<Response><Say>Back again</Say></Response>"}) as at:
            dial = f'<Dial action="{at.customer.url}/after"><Number>+15550100124</Number></Dial>'
            call = await at.dial(dial)
            await at.over(call)
            (child,) = [c for c in at.twilio.ledger.calls.values() if c.parent == call.sid]
            assert (child.to, child.status) == ("+15550100124", "completed")
            told = [form for name, form, _ in at.customer.asked if name == "after"]
            assert told[0]["DialCallStatus"] == "completed"
            assert at.twilio.ledger.spoken == ["Back again"]

    run_virtually(main)


def test_somebody_may_call_one_of_the_numbers() -> None:
    async def main() -> None:
        documents = {"voice": "<Response><Say>Welcome</Say></Response>"}
        async with scene(documents) as at:
            at.twilio.own(NUMBER, f"{at.customer.url}/voice")
            call = await at.twilio.ring(TO, NUMBER)
            await at.over(call)
            (_, form, _), *_ = at.customer.asked
            assert (form["From"], form["To"], form["Direction"]) == (TO, NUMBER, "inbound")
            assert (call.status, at.twilio.ledger.spoken) == ("completed", ["Welcome"])

    run_virtually(main)


@pytest.mark.parametrize(
    ("document", "status"), [("<Response><Reject/></Response>", "busy"), ("", "failed")]
)
def test_a_caller_may_be_turned_away(document: str, status: str) -> None:
    async def main() -> None:
        async with scene({"voice": document}) as at:
            at.twilio.own(NUMBER, f"{at.customer.url}/voice")
            call = await at.twilio.ring(TO, NUMBER)
            await at.over(call)
            assert call.status == status

    run_virtually(main)


def test_callbacks_may_come_in_another_order_and_more_than_once() -> None:
    async def main() -> None:
        async with scene(mischief=Mischief(shuffled=True, repeats=2, seed=3)) as at:
            call = await at.dial("<Hangup/>")
            await at.over(call)
            said = at.customer.statuses
            assert len(said) == 8
            assert said != sorted(said, key=["initiated", "ringing", "in-progress"].count)

    run_virtually(main)


@pytest.mark.parametrize(
    ("to", "caller", "code"),
    [
        ("12", NUMBER, 21211),
        ("+15550000002", NUMBER, 21215),
        (TO, "+15550009999", 21210),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_its_code(to: str, caller: str, code: int) -> None:
    async def main() -> None:
        async with scene() as at:
            with pytest.raises(Refused) as refused:
                await at.dial("<Hangup/>", to=to, from_=caller)
            assert refused.value.code == code

    run_virtually(main)


def test_a_stranger_gets_nothing() -> None:
    async def main() -> None:
        async with scene() as at:
            stranger = Account(Credentials(at.twilio.account_sid, "guess"), at.twilio.base)
            with pytest.raises(Refused) as refused:
                await stranger.live()
            assert refused.value.status == 401
            await stranger.close()

    run_virtually(main)


def test_the_account_is_asked_by_the_official_library() -> None:
    async def main() -> None:
        async with scene(anybody=Phone(rings=30)) as at:
            call = await at.dial("<Hangup/>")
            assert await at.account.leads_to(NUMBER) == ""
            assert await at.account.leads_to(TO) is None
            (live,) = await at.account.live()
            (found,) = await at.account.find(TO, NUMBER)
            assert live == found
            assert (found.ref, found.ended) == (call.sid, None)
            await at.account.end(call.sid, answered=False)
            await at.over(call)
            assert await at.account.live() == []

    run_virtually(main)


def test_what_else_the_api_knows_can_be_read() -> None:
    async def main() -> None:
        async with scene() as at:
            call = await at.dial('<Pause length="3600"/>')
            root = f"{at.twilio.base}/2010-04-01/Accounts/{at.twilio.account_sid}"
            pair = (at.twilio.account_sid, at.twilio.auth_token)
            async with httpx2.AsyncClient(auth=pair, trust_env=False, timeout=300) as client:
                early = await client.post(f"{root}/Calls/{call.sid}/Recordings.json")
                await asyncio.sleep(3)
                made = (await client.post(f"{root}/Calls/{call.sid}/Recordings.json")).json()
                read = (await client.get(f"{root}/Recordings/{made['sid']}.json")).json()
                shown = (await client.get(f"{root}/Calls/{call.sid}.json")).json()
                free = await client.get(
                    f"{root}/AvailablePhoneNumbers/US/Local.json", params={"PageSize": "3"}
                )
                unknown = await client.get(f"{root}/Calls/CA0.json")
            assert early.json()["code"] == 21220
            assert read == made
            assert shown["status"] == "in-progress"
            assert len(free.json()["available_phone_numbers"]) == 3
            assert (unknown.status_code, unknown.json()["code"]) == (404, 20404)
            await at.account.end(call.sid)
            await at.over(call)

    run_virtually(main)


def test_nobody_home_is_told_from_no_answer() -> None:
    async def main() -> None:
        account = Account(Credentials("AC" + "0" * 32, "x"), "http://127.0.0.1:9")
        with pytest.raises(Unreached):
            await account.live()
        await account.close()

    run_virtually(main)
