from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest
from twilio.request_validator import RequestValidator

from switchhook.ports import PickedUp
from switchhook.providers.twilio.signing import Signatures
from switchhook.testing import run_virtually
from switchhook.testing.twilio import signature
from tests.providers.twilio.town import TOKEN, Town, seen, town

PATH = f"/carriers/twilio/{TOKEN}/status"
FORM = {"CallSid": "CA1", "CallStatus": "ringing", "To": "+15550100123"}
SIGNATURE = "X-Twilio-Signature"


def signed(here: Town, path: str, form: Mapping[str, str]) -> dict[str, str]:
    return {SIGNATURE: signature(here.twilio.auth_token, here.public_url + path, form)}


def test_the_fake_signs_as_the_official_library_expects() -> None:
    made = signature("secret", "https://a.example/x", FORM)

    validator = cast("Any", RequestValidator("secret"))
    assert validator.validate("https://a.example/x", FORM, made)


@pytest.mark.parametrize(
    "wrong",
    ["missing", "empty", "another token", "another address", "another body", "another scheme"],
)
def test_a_callback_that_is_not_signed_as_it_should_be_changes_nothing(wrong: str) -> None:
    async def main() -> None:
        async with town() as here:
            url, token = here.public_url + PATH, here.twilio.auth_token
            headers = {
                "missing": {},
                "empty": {SIGNATURE: ""},
                "another token": {SIGNATURE: signature("guess", url, FORM)},
                "another address": {SIGNATURE: signature(token, url + "/", FORM)},
                "another body": {SIGNATURE: signature(token, url, FORM | {"To": "+1"})},
                "another scheme": {SIGNATURE: signature(token, f"https{url[4:]}", FORM)},
            }[wrong]
            assert await here.post(PATH, FORM, headers) == 403
            assert here.strays == []

    run_virtually(main)


def test_a_signed_callback_of_a_call_that_nobody_runs_is_told_once() -> None:
    async def main() -> None:
        async with town() as here:
            assert await here.post(PATH, FORM, signed(here, PATH, FORM)) == 204
            over = FORM | {"CallStatus": "completed"}
            assert await here.post(PATH, over, signed(here, PATH, over)) == 204
            assert len(here.strays) == 1

    run_virtually(main)


@pytest.mark.parametrize("what", ["detected", "stream"])
def test_what_is_told_of_an_unknown_call_is_taken_and_forgotten(what: str) -> None:
    async def main() -> None:
        async with town() as here:
            path = f"/carriers/twilio/unknown/{what}"
            form = {"AnsweredBy": "human", "StreamError": "31920"}
            assert await here.post(path, form, signed(here, path, form)) == 204

    run_virtually(main)


def test_a_body_that_is_no_form_is_refused() -> None:
    async def main() -> None:
        async with town() as here:
            many = {f"n{number}": "1" for number in range(300)}
            assert await here.post(PATH, many, signed(here, PATH, many)) == 400

    run_virtually(main)


@pytest.mark.parametrize(
    "url",
    [
        "wss://calls.example/m",
        "wss://calls.example/m/",
        "https://calls.example/m",
        "wss://calls.example:443/m",
    ],
)
def test_a_media_socket_may_be_signed_over_each_spelling_of_its_address(url: str) -> None:
    signatures = Signatures("secret", "https://calls.example")

    assert signatures.genuine_upgrade("/m", {SIGNATURE.lower(): signature("secret", url, {})})
    assert not signatures.genuine_upgrade("/m", {SIGNATURE.lower(): signature("guess", url, {})})
    assert not signatures.genuine_upgrade("/m", {})


def test_a_trouble_of_the_stream_explains_why_there_is_no_audio() -> None:
    async def main() -> None:
        async with town() as here:
            leg = await here.dial()
            assert isinstance((await seen(leg))[-1], PickedUp)
            path = f"/carriers/twilio/{TOKEN}/stream"
            form = {"StreamError": "31903: broken"}
            assert await here.post(path, form, signed(here, path, form)) == 204
            await leg.hang_up()

    run_virtually(main)
