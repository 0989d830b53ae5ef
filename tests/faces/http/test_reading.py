"""Calls that went on: shown, listed, changed, ended, downloaded."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Recording
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import FieldResult, Outcome, Verdict
from switchhook.domain.transcript import Line, Word
from switchhook.ports import Command, Entry, HangUp, Receipt
from switchhook.service import placing
from tests.faces.http.town import ANYBODY, NOON, Town, made_agent, made_call, refused, said

pytestmark = pytest.mark.anyio

NOON_MS = int(NOON.timestamp() * 1000)
WAV = b"RIFF....WAVEfmt "


async def finished_call(town: Town, client: httpx.AsyncClient) -> dict[str, Any]:
    """Make a call and write into its record what an engine would."""
    call = await made_call(client, to_number=ANYBODY)
    exchange, call_id = town.exchange, call["id"]
    await placing.begin_attempt(exchange, call_id)
    await placing.write(exchange, call_id, Entry(state=State.RINGING, carrier_ref="leg-1"))
    await town.clock.advance(2)
    await placing.write(exchange, call_id, Entry(state=State.IN_PROGRESS, facts=_talk()))
    await town.clock.advance(61.5)
    exchange.recordings.mkdir()
    (exchange.recordings / "tape.wav").write_bytes(WAV)
    end = Entry(
        state=State.ENDED,
        reason=Reason.USER_HANGUP,
        outcome=Outcome(
            verdict=Verdict.ACHIEVED,
            summary="A table for four.",
            fields={
                "time": FieldResult(value="19:30", known=True, confirmed=True),
                "outside": FieldResult(value=True, known=True),
                "deposit": FieldResult(),
            },
        ),
        recording=Recording(path="tape.wav", seconds=61.5, bytes=len(WAV)),
    )
    await placing.write(exchange, call_id, end)
    return call


def _talk() -> tuple[Fact, ...]:
    hello = (Word(text="Hello!", start_ms=200, end_ms=700),)
    return (
        Line(speaker="agent", text="Hello!", heard_estimated=True, words=hello).fact(),
        Line(speaker="callee", text="Press one.", start_ms=900, end_ms=1500).fact(),
        *(
            Fact(kind=Kind.LATENCY, text="answered", data={"turns": [{"answer_ms": waited}]})
            for waited in (300, 100, 200)
        ),
        Fact(kind=Kind.DIGITS, text="Agent pressed 1", data={"digits": "1", "from": "agent"}),
        Fact(kind=Kind.DIGITS, text="Callee pressed 42", data={"digits": "42", "from": "callee"}),
    )


async def test_a_finished_call_tells_all_that_is_known(
    town: Town, alice: httpx.AsyncClient
) -> None:
    made = await finished_call(town, alice)

    answer = await alice.get(f"/api/calls/{made['call_id']}")

    data = said(answer)
    call = data.pop("call")
    assert data == call, "the members are in data and in data.call"
    assert (call["call_status"], call["disconnection_reason"]) == ("ended", "user_hangup")
    assert call["start_timestamp"] == NOON_MS + 2_000
    assert call["end_timestamp"] == NOON_MS + 63_500
    assert call["call_duration"] == call["duration_ms"] == 61_500
    assert call["simulated"] is True
    moments = [event["timestamp"] for event in call["events"]]
    assert moments == sorted(moments)


async def test_a_finished_call_tells_what_was_said_and_pressed(
    town: Town, alice: httpx.AsyncClient
) -> None:
    made = await finished_call(town, alice)

    call = said(await alice.get(f"/api/calls/{made['call_id']}"))

    assert call["transcript"] == "Agent: Hello!\nUser: Press one."
    hello = {"word": "Hello!", "start": 0.2, "end": 0.7}
    agent_turn = {"role": "agent", "content": "Hello!", "heard_estimated": True, "words": [hello]}
    plain: dict[str, Any] = {"heard_estimated": False, "words": []}
    user_turn = {"role": "user", "content": "Press one."} | plain
    assert call["transcript_object"] == [agent_turn, user_turn]
    assert call["transcript_with_tool_calls"] == [
        agent_turn,
        user_turn,
        {"role": "dtmf", "digit": "4"},
        {"role": "dtmf", "digit": "2"},
    ]


async def test_a_finished_call_tells_what_came_of_it(town: Town, alice: httpx.AsyncClient) -> None:
    made = await finished_call(town, alice)

    call = said(await alice.get(f"/api/calls/{made['call_id']}"))

    assert call["call_analysis"] == {
        "call_summary": "A table for four.",
        "call_successful": True,
        "user_sentiment": "Unknown",
        "in_voicemail": False,
        "custom_analysis_data": {"time": "19:30", "outside": True},
    }
    assert call["collected_dynamic_variables"] == {"time": "19:30", "outside": "true"}
    assert call["latency"] == {
        "e2e": {
            "p50": 200,
            "p90": 300,
            "p95": 300,
            "p99": 300,
            "min": 100,
            "max": 300,
            "num": 3,
            "values": [300, 100, 200],
        }
    }
    assert call["telephony_identifier"] == {
        "twilio_call_sid": None,
        "call_sid": "leg-1",
        "conference_sid": None,
    }


async def test_the_recording_url_of_a_call_is_our_own_download(
    town: Town, alice: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    made = await finished_call(town, alice)
    url = said(await alice.get(f"/api/calls/{made['call_id']}"))["recording_url"]

    audio = await alice.get(url)
    part = await alice.get(url, headers={"Range": "bytes=0-3"})

    assert url == f"http://127.0.0.1:8080/api/calls/{made['id']}/recording"
    assert (audio.status_code, audio.headers["content-type"], audio.content) == (
        200,
        "audio/wav",
        WAV,
    )
    assert (part.status_code, part.content) == (206, b"RIFF")
    assert part.headers["content-range"] == f"bytes 0-3/{len(WAV)}"
    assert (await stranger.get(url)).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=4-", 206, WAV[4:]),
        ("bytes=-4", 206, WAV[-4:]),
        ("bytes=-99", 206, WAV),
        ("bytes=8-99", 206, WAV[8:]),
        ("bytes=99-", 416, b""),
        ("bytes=5-2", 416, b""),
        ("bytes=-", 200, WAV),
        ("bytes=0-1,3-4", 200, WAV),
        ("items=0-1", 200, WAV),
    ],
)
async def test_a_range_is_followed_where_it_makes_sense(
    town: Town, alice: httpx.AsyncClient, wanted: str, status: int, content: bytes
) -> None:
    made = await finished_call(town, alice)

    answer = await alice.get(f"/api/calls/{made['id']}/recording", headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers["accept-ranges"] == "bytes"


async def test_a_call_that_was_not_recorded_says_so(alice: httpx.AsyncClient) -> None:
    made = await made_call(alice)

    answer = await alice.get(f"/api/calls/{made['id']}/recording")

    refused(answer, 404, "recording_not_found")


async def test_the_transcript_comes_as_json_or_as_text(
    town: Town, alice: httpx.AsyncClient
) -> None:
    made = await finished_call(town, alice)
    path = f"/api/calls/{made['id']}/transcript"

    as_json = said(await alice.get(path))
    asked = await alice.get(path, params={"format": "TEXT"})
    accepted = await alice.get(path, headers={"Accept": "text/plain"})
    both = said(await alice.get(path, params={"format": "json"}, headers={"Accept": "text/plain"}))

    assert as_json["transcript"] == asked.text == accepted.text
    assert asked.headers["content-type"] == "text/plain; charset=utf-8"
    assert both["transcript_object"] == as_json["transcript_object"]


async def test_a_call_without_words_has_an_empty_text(alice: httpx.AsyncClient) -> None:
    made = await made_call(alice)

    answer = await alice.get(f"/api/calls/{made['id']}/transcript?format=text")

    assert (answer.status_code, answer.text) == (200, "")


async def test_a_voicemail_and_a_failure_are_told_apart(
    town: Town, alice: httpx.AsyncClient
) -> None:
    made = await made_call(alice, to_number=ANYBODY)
    await placing.begin_attempt(town.exchange, made["id"])
    busy = Entry(state=State.NOT_CONNECTED, reason=Reason.BUSY)
    await placing.write(town.exchange, made["id"], busy)

    call = said(await alice.get(f"/api/calls/{made['id']}"))

    assert (call["call_status"], call["disconnection_reason"]) == ("ended", "dial_busy")
    assert call["start_timestamp"] is None


async def test_a_long_record_is_read_to_its_end(town: Town, alice: httpx.AsyncClient) -> None:
    made = await made_call(alice)
    notes = tuple(Fact(kind=Kind.NOTE, text=f"note {number}") for number in range(1200))
    await placing.write(town.exchange, made["id"], Entry(facts=notes))

    call = said(await alice.get(f"/api/calls/{made['id']}"))

    assert len(call["events"]) == 1201
    assert call["events"][-1]["event"] == "note 1199"


async def test_metadata_is_merged_and_the_from_number_changed_before_dialling(
    alice: httpx.AsyncClient,
) -> None:
    made = await made_call(alice, metadata={"a": 1, "b": 1})
    change = {
        "metadata": {"b": 2},
        "from_number": "+14155550199",
        "call_status": "REGISTERED",
        "direction": "outbound",
    }

    data = said(await alice.put(f"/api/calls/{made['call_id']}", json=change))

    assert data["operation"] == "update"
    assert data["call"]["metadata"] == {"a": 1, "b": 2}
    assert data["call"]["from_number"] == "+14155550199"


@pytest.mark.parametrize("change", [{"call_status": "ended"}, {"direction": "inbound"}])
async def test_what_follows_the_call_cannot_be_set(
    alice: httpx.AsyncClient, change: dict[str, str]
) -> None:
    made = await made_call(alice)

    details = refused(await alice.put(f"/api/calls/{made['id']}", json=change), 409, "conflict")

    assert details["field"] == next(iter(change))


class OneCall:
    """A live call that hangs up when it is told."""

    def __init__(self, town: Town, call_id: str) -> None:
        self._town = town
        self._call_id = call_id

    async def control(self, command: Command) -> Receipt:
        assert command == HangUp(Reason.API_HANGUP)
        hung_up = Entry(state=State.ENDED, reason=Reason.API_HANGUP)
        await placing.write(self._town.exchange, self._call_id, hung_up)
        return Receipt("done")


async def test_ending_a_live_call_hangs_up(town: Town, alice: httpx.AsyncClient) -> None:
    made = await made_call(alice, to_number=ANYBODY)
    await placing.begin_attempt(town.exchange, made["id"])
    await placing.write(town.exchange, made["id"], Entry(state=State.IN_PROGRESS))

    with town.exchange.switchboard.plugged(made["id"], OneCall(town, made["id"])):
        data = said(await alice.post(f"/api/calls/{made['id']}/end"))

    assert (data["operation"], data["call"]["disconnection_reason"]) == ("end", "manual_stopped")


async def test_ending_a_call_twice_is_a_success_that_says_so(alice: httpx.AsyncClient) -> None:
    made = await made_call(alice)

    first = await alice.post(f"/api/calls/{made['id']}/end", json={})
    second = await alice.post(f"/api/calls/{made['id']}/end")

    assert said(first)["call"]["call_status"] == said(second)["call"]["call_status"] == "ended"
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"


async def test_a_deleted_call_is_gone(alice: httpx.AsyncClient, town: Town) -> None:
    made = await made_call(alice, call_id="order-17")

    data = said(await alice.delete("/api/calls/order-17"))

    assert data == {
        "operation": "deleted",
        "organization_id": town.alice.org_id,
        "call_id": "order-17",
    }
    refused(await alice.get(f"/api/calls/{made['id']}"), 404, "call_not_found")


async def test_a_call_that_is_being_placed_cannot_be_deleted(alice: httpx.AsyncClient) -> None:
    made = await made_call(alice, to_number=ANYBODY)

    refused(await alice.delete(f"/api/calls/{made['id']}"), 409, "conflict")


async def test_pages_count_from_zero_and_say_where_they_stand(alice: httpx.AsyncClient) -> None:
    for number in range(5):
        await made_call(alice, call_id=f"order-{number}")

    page = said(
        await alice.get("/api/calls?page=1&limit=2&sort_by=Created_At&sort_order=ASCENDING")
    )
    beyond = said(await alice.get("/api/calls?page=9999"))

    assert len(page["calls"]) == page["returned_count"] == 2
    assert page["pagination"] == {
        "page": 1,
        "limit": 2,
        "total": 5,
        "total_count": 5,
        "total_pages": 3,
        "has_next_page": True,
        "has_previous_page": True,
    }
    assert (page["sort_by"], page["sort_order"]) == ("created_at", "ascending")
    assert (beyond["calls"], beyond["pagination"]["total"]) == ([], 5)


@pytest.mark.parametrize(
    "query", ["page=-1", "page=x", "page=1.5", "limit=0", "limit=101", "sort_by=mood", "limit="]
)
async def test_a_page_that_cannot_be_is_refused(alice: httpx.AsyncClient, query: str) -> None:
    details = refused(await alice.get(f"/api/calls?{query}"), 400, "invalid_input")

    assert details["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({}, {"finished", "waiting", "web"}),
        ({"call_status": ["ENDED"]}, {"finished"}),
        ({"call_status": ["registered", "ongoing"]}, {"waiting", "web"}),
        ({"call_status": ["error", "scheduled", "not_connected"]}, set[str]()),
        ({"call_type": ["web_call"]}, {"web"}),
        ({"call_type": ["PHONE_CALL", "web_call"]}, {"finished", "waiting", "web"}),
        ({"duration_ms": {"lower_threshold": 60_000}}, {"finished"}),
        ({"duration_ms": {"upper_threshold": 1000.0}}, set[str]()),
        ({"transcript_search": "press ONE"}, {"finished"}),
        ({"agent_id": "nobody"}, set[str]()),
        ({"agent_id": ["Table booker"]}, {"finished", "waiting", "web"}),
    ],
)
async def test_calls_are_found_by_what_is_known_of_them(
    town: Town, alice: httpx.AsyncClient, criteria: dict[str, Any], found: set[str]
) -> None:
    await made_agent(alice)
    finished = await finished_call(town, alice)
    waiting = await made_call(alice)
    web = await made_call(alice, call_type="web_call")
    names = {finished["id"]: "finished", waiting["id"]: "waiting", web["id"]: "web"}

    data = said(await alice.post("/api/calls", json={"filter_criteria": criteria, "limit": 50}))

    assert {names[call["id"]] for call in data["calls"]} == found
    assert set(data["applied_filters"]) == set(criteria)


async def test_one_agent_is_looked_for_at_a_time(alice: httpx.AsyncClient) -> None:
    body = {"filter_criteria": {"agent_id": ["a", "b"]}}

    details = refused(await alice.post("/api/calls", json=body), 400, "invalid_input")

    assert details["field"] == "filter_criteria.agent_id"


async def test_the_search_needs_no_body(alice: httpx.AsyncClient) -> None:
    assert said(await alice.post("/api/calls"))["calls"] == []
