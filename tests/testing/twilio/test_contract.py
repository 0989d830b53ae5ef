"""The fake asks no more and no less of a request than what Twilio has published."""

from __future__ import annotations

import httpx2
import pytest

from switchhook.testing import run_virtually
from switchhook.testing.twilio import FakeTwilio
from switchhook.testing.twilio.contract import complaint

ROOT = f"/2010-04-01/Accounts/AC{'0' * 32}"
DIALLED = {"To": ["+14155550123"], "From": ["+14155550199"], "Twiml": ["<Response/>"]}


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"Speed": ["fast"]}, "Speed is not a published parameter"),
        ({"Timeout": ["soon"]}, "Timeout is no integer: 'soon'"),
        ({"Timeout": ["1", "2"]}, "Timeout is given more than once"),
        ({"Record": ["yes"]}, "Record is neither true nor false: 'yes'"),
        ({"Method": ["FETCH"]}, "Method is none of GET, POST: 'FETCH'"),
        ({"StatusCallback": ["/status"]}, "StatusCallback is no address: '/status'"),
        ({"ApplicationSid": ["AP1"]}, "ApplicationSid is not like ^AP[0-9a-fA-F]{32}$: 'AP1'"),
        ({}, None),
        ({"StatusCallbackEvent": ["initiated", "answered"], "Timeout": ["30"]}, None),
    ],
)
def test_a_request_to_dial_is_held_to_what_is_published(
    extra: dict[str, list[str]], said: str | None
) -> None:
    assert complaint("POST", f"{ROOT}/Calls.json", DIALLED | extra) == said


def test_what_is_required_is_missed() -> None:
    assert complaint("POST", f"{ROOT}/Calls.json", {"To": ["+14155550123"]}) == "From is required"


def test_a_page_may_not_be_larger_than_it_can() -> None:
    asked = {"PageSize": ["1001"]}

    said = complaint("GET", f"{ROOT}/Calls.json", asked)

    assert said == "PageSize is not from 1 to 1000: 1001"


def test_an_operation_that_is_not_there_is_not_published() -> None:
    path = f"{ROOT}/Calls/CA{'0' * 32}/Sing.json"

    assert complaint("POST", path, {}) == f"POST {path} is not published"


def test_the_fake_refuses_what_is_not_published() -> None:
    async def main() -> httpx2.Response:
        async with FakeTwilio().open() as twilio:
            pair = (twilio.account_sid, twilio.auth_token)
            url = f"{twilio.base}/2010-04-01/Accounts/{twilio.account_sid}/Calls.json"
            async with httpx2.AsyncClient(auth=pair, trust_env=False) as client:
                return await client.post(url, data={"To": "+14155550123", "Shout": "true"})

    answer = run_virtually(main)

    assert (answer.status_code, answer.json()["message"]) == (400, "From is required")
