"""The fake's conferences: who is heard by whom, and what the REST API may do about it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from switchhook.testing import HangsUp, Said, Waits, run_virtually
from switchhook.testing.twilio import FakeCall, Phone
from tests.testing.twilio.test_fake import Scene, scene

TALKER = Phone([*[Said("Hello there."), Waits(2.0)] * 60])


def room(at: Scene, **more: str) -> str:
    """Return a document that leads into a conference."""
    told = {"statusCallback": f"{at.customer.url}/room", "statusCallbackEvent": "start end leave"}
    attributes = " ".join(f'{name}="{value}"' for name, value in (told | more).items())
    return f"<Dial><Conference {attributes}>den</Conference></Dial>"


async def ask(at: Scene, method: str, path: str, **form: str) -> httpx2.Response:
    base = f"{at.twilio.base}/2010-04-01/Accounts/{at.twilio.account_sid}"
    auth = (at.twilio.account_sid, at.twilio.auth_token)
    async with httpx2.AsyncClient(trust_env=False, auth=auth) as client:
        return await client.request(method, f"{base}{path}", data=form or None)


async def two(at: Scene, **more: str) -> tuple[FakeCall, FakeCall]:
    """Return two calls that have met."""
    one, other = await at.dial(room(at)), await at.dial(room(at, **more))
    await asyncio.sleep(6)
    return one, other


async def news(at: Scene, call: FakeCall) -> list[str]:
    """Return what a telephone hears in the next seconds."""
    before = len(at.twilio.lives[call.sid].heard)
    await asyncio.sleep(6)
    return at.twilio.lives[call.sid].heard[before:]


def test_two_hear_each_other_unless_one_is_muted_or_waits() -> None:
    async def main() -> None:
        async with scene(anybody=TALKER) as at:
            one, other = await two(at)
            path = f"/Conferences/den/Participants/{other.sid}.json"
            assert "there." in await news(at, one)
            assert "there." in await news(at, other)
            assert (await ask(at, "POST", path, Muted="true")).json()["muted"] is True
            assert await news(at, one) == []
            await ask(at, "POST", path, Muted="false", Hold="true")
            sounds = len(at.twilio.lives[other.sid].sounds)
            assert await news(at, other) == []
            assert len(at.twilio.lives[other.sid].sounds) > sounds + 200, "there is no music"
            await ask(at, "POST", path, Hold="false")
            assert "there." in await news(at, one)

    run_virtually(main)


def test_a_conference_is_listed_emptied_and_closed() -> None:
    async def main() -> None:
        async with scene(anybody=TALKER) as at:
            one, other = await two(at)
            (listed,) = (await ask(at, "GET", "/Conferences.json")).json()["conferences"]
            present: Any = (await ask(at, "GET", "/Conferences/den/Participants.json")).json()
            assert (listed["friendly_name"], listed["status"]) == ("den", "in-progress")
            assert {p["call_sid"] for p in present["participants"]} == {one.sid, other.sid}

            kicked = await ask(at, "DELETE", f"/Conferences/den/Participants/{one.sid}.json")
            assert kicked.status_code == 204
            await at.over(one)
            assert not other.over
            await ask(at, "POST", f"/Conferences/{listed['sid']}.json", Status="completed")
            await at.over(other)
            events = [
                form["StatusCallbackEvent"] for n, form, _ in at.customer.asked if n == "room"
            ]
            assert events[0] == "conference-start"
            assert sorted(events[1:]) == ["conference-end", *["participant-leave"] * 2]

    run_virtually(main)


def test_who_closes_the_room_leaves_nobody_in_it() -> None:
    async def main() -> None:
        leaves = Phone([Waits(8), HangsUp()])
        async with scene(anybody=leaves) as at:
            one, other = await two(at, endConferenceOnExit="true")
            await at.over(one)
            await at.over(other)
            assert at.twilio.rooms
            assert {r.status for r in at.twilio.rooms.values()} == {"completed"}

    run_virtually(main)


def test_a_room_that_is_not_there_is_not_found() -> None:
    async def main() -> None:
        async with scene() as at:
            asked: list[tuple[str, str, dict[str, str]]] = [
                ("GET", "/Conferences/den/Participants.json", {}),
                ("POST", "/Conferences/den.json", {"Status": "completed"}),
                ("POST", "/Conferences/den/Participants/CA1.json", {"Hold": "true"}),
                ("DELETE", "/Conferences/den/Participants/CA1.json", {}),
            ]
            for method, path, form in asked:
                assert (await ask(at, method, path, **form)).status_code == 404

    run_virtually(main)


def test_a_call_follows_another_document_from_the_moment_it_is_told() -> None:
    async def main() -> None:
        async with scene() as at:
            call = await at.dial('<Pause length="60"/>')
            early = await ask(at, "POST", f"/Calls/{call.sid}.json", Twiml="<Response/>")
            assert early.status_code == 400
            await asyncio.sleep(3)
            await at.account.move(call.sid, "<Response><Say>Good bye</Say></Response>")
            await at.over(call)
            assert at.twilio.ledger.spoken == ["Good bye"]
            assert call.seconds < 10

    run_virtually(main)
