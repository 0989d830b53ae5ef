"""Messages by Twilio: asked for once, and told what becomes of them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx2
import pytest
from starlette.applications import Starlette

from switchhook.domain.interaction import Channel
from switchhook.faces.http.server import server_for
from switchhook.ports.messages import (
    Delivery,
    Message,
    NotSent,
    PerhapsSent,
    Progress,
    Sent,
    Undelivered,
)
from switchhook.providers.twilio.message_hooks import message_routes
from switchhook.providers.twilio.messages import LONGEST, TwilioMessages, reason_of
from switchhook.providers.twilio.reach import Reach
from switchhook.providers.twilio.rest import Account, Credentials
from switchhook.providers.twilio.signing import Signatures
from switchhook.testing import run_virtually
from switchhook.testing.twilio import NUMBER, WELL, FakeTwilio, Mischief, Post, signature
from switchhook.testing.twilio.messaging import LANDLINE, OPTED_OUT, STRANGER, SWITCHED_OFF

TO = "+15550100123"
TEXT = Message("token_one", TO, NUMBER, "Your table is booked.")
PATH = "/carriers/twilio/token_one/message"


@dataclass
class Scene:
    """A fake, who sends by it, and what was told of the messages."""

    twilio: FakeTwilio
    messages: TwilioMessages
    url: str
    told: list[Delivery] = field(default_factory=list[Delivery])

    async def post(self, form: dict[str, str], headers: dict[str, str]) -> int:
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.post(self.url + PATH, data=form, headers=headers)
        return answer.status_code


@asynccontextmanager
async def scene(mischief: Mischief = WELL, base: str | None = None) -> AsyncGenerator[Scene]:
    fake = FakeTwilio(mischief=mischief)
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with fake.open(), asyncio.TaskGroup() as serving:
            credentials = Credentials(fake.account_sid, fake.auth_token)
            account = Account(credentials, base or fake.base)
            messages = TwilioMessages(account, Reach(url), name="twilio-fake", simulated=True)
            here = Scene(fake, messages, url)
            messages.told = here.told.append
            signatures = Signatures(fake.auth_token, url)
            server = server_for(Starlette(routes=message_routes(messages, signatures)))
            running = serving.create_task(server.serve(sockets=[door]))
            yield here
            server.should_exit = True
            await running
            await account.close()


def test_a_message_is_sent_and_what_becomes_of_it_is_told() -> None:
    async def main() -> None:
        async with scene() as here:
            sent = await here.messages.send(TEXT)
            assert isinstance(sent, Sent)
            await asyncio.sleep(5)

            kept = here.twilio.ledger.messages[sent.ref]
            assert kept.asked.value("Body") == "Your table is booked."
            assert here.told == [
                Delivery("token_one", sent.ref, Progress.SENT),
                Delivery("token_one", sent.ref, Progress.DELIVERED),
            ]

    run_virtually(main)


def test_both_numbers_of_a_whatsapp_message_say_that_it_is_one() -> None:
    async def main() -> None:
        async with scene() as here:
            await here.messages.send(replace(TEXT, channel=Channel.WHATSAPP))

            (post,) = here.twilio.ledger.posts("/Messages.json")
            assert (post.value("To"), post.value("From")) == (
                f"whatsapp:{TO}",
                f"whatsapp:{NUMBER}",
            )

    run_virtually(main)


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (OPTED_OUT, Undelivered.OPTED_OUT),
        (LANDLINE, Undelivered.INVALID_DESTINATION),
        ("12", Undelivered.INVALID_DESTINATION),
    ],
)
def test_what_twilio_does_not_take_is_not_sent_for_a_reason(to: str, reason: Undelivered) -> None:
    async def main() -> None:
        async with scene() as here:
            answer = await here.messages.send(replace(TEXT, to_number=to))
            assert isinstance(answer, NotSent)
            assert answer.reason is reason
            assert here.twilio.ledger.messages == {}

    run_virtually(main)


@pytest.mark.parametrize(
    ("to", "progress", "reason"),
    [
        (SWITCHED_OFF, [Progress.SENT, Progress.FAILED], Undelivered.UNREACHABLE),
        (STRANGER, [Progress.FAILED], Undelivered.OUTSIDE_WINDOW),
    ],
)
def test_what_does_not_arrive_is_told_with_its_reason(
    to: str, progress: list[Progress], reason: Undelivered
) -> None:
    async def main() -> None:
        async with scene() as here:
            channel = Channel.WHATSAPP if to == STRANGER else Channel.SMS
            await here.messages.send(replace(TEXT, to_number=to, channel=channel))
            await asyncio.sleep(5)

            assert [told.progress for told in here.told] == progress
            assert here.told[-1].reason is reason

    run_virtually(main)


@pytest.mark.parametrize("body", ["", " ", "x" * (LONGEST + 1)])
def test_a_body_that_cannot_be_sent_whole_is_not_even_asked_for(body: str) -> None:
    async def main() -> None:
        async with scene() as here:
            answer = await here.messages.send(replace(TEXT, body=body))
            assert isinstance(answer, NotSent)
            assert answer.reason is Undelivered.INVALID_BODY
            assert here.twilio.ledger.posts("/Messages.json") == []

    run_virtually(main)


@pytest.mark.parametrize(
    "post", [Post.SILENT_BEFORE, Post.SILENT_AFTER, Post.FAILED_BEFORE, Post.FAILED_AFTER]
)
def test_a_message_of_which_nothing_is_known_is_never_sent_again(post: Post) -> None:
    async def main() -> None:
        async with scene(Mischief(post=post)) as here:
            assert await here.messages.send(TEXT) == PerhapsSent()
            assert len(here.twilio.ledger.posts("/Messages.json")) == 1
            await asyncio.sleep(5)
            assert bool(here.told) is (post in {Post.SILENT_AFTER, Post.FAILED_AFTER})

    run_virtually(main)


def test_who_sends_too_much_and_who_reaches_nobody_may_try_later() -> None:
    async def main() -> None:
        async with scene(Mischief(post=Post.BUSY)) as here:
            busy = await here.messages.send(TEXT)
        async with scene(base="http://127.0.0.1:1") as nowhere:
            lost = await nowhere.messages.send(TEXT)
        assert isinstance(busy, NotSent)
        assert isinstance(lost, NotSent)
        assert (busy.reason, lost.reason) == (Undelivered.TOO_MANY, Undelivered.UNAVAILABLE)

    run_virtually(main)


def test_only_twilio_tells_what_became_of_a_message() -> None:
    async def main() -> None:
        async with scene() as here:
            form = {"MessageSid": "SM1", "MessageStatus": "read"}
            assert await here.post(form, {}) == 403
            assert here.told == []

            made = signature(here.twilio.auth_token, here.url + PATH, form)
            assert await here.post(form, {"X-Twilio-Signature": made}) == 204
            assert here.told == [Delivery("token_one", "SM1", Progress.READ)]

    run_virtually(main)


def test_a_failure_without_a_code_that_is_known_is_a_failure_all_the_same() -> None:
    async def main() -> None:
        async with scene() as here:
            for code in ("", "99999"):
                here.messages.report("token_one", "SM1", "failed", code)
            here.messages.report("token_one", "SM1", "queued", "")

            assert [told.reason for told in here.told] == [Undelivered.UNKNOWN] * 2

    run_virtually(main)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21610, Undelivered.OPTED_OUT),
        (21614, Undelivered.INVALID_DESTINATION),
        (63016, Undelivered.OUTSIDE_WINDOW),
        (30007, Undelivered.FILTERED),
        (30034, Undelivered.DENIED),
        (21408, Undelivered.DENIED),
        (63018, Undelivered.TOO_MANY),
        (None, Undelivered.UNKNOWN),
    ],
)
def test_every_code_has_one_meaning(code: int | None, reason: Undelivered) -> None:
    assert reason_of(code) is reason


def test_a_fake_shows_the_messages_that_it_took() -> None:
    async def main() -> None:
        async with scene() as here, httpx2.AsyncClient(trust_env=False) as client:
            sent = await here.messages.send(TEXT)
            assert isinstance(sent, Sent)
            root = f"{here.twilio.base}/2010-04-01/Accounts/{here.twilio.account_sid}/Messages"
            pair = (here.twilio.account_sid, here.twilio.auth_token)
            shown = await client.get(f"{root}/{sent.ref}.json", auth=pair)
            assert (shown.json()["status"], shown.json()["to"]) == ("queued", TO)
            assert (await client.get(f"{root}/SM0.json", auth=pair)).status_code == 404

    run_virtually(main)
