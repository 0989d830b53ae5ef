from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from openai.types.responses.response_create_params import ResponseCreateParamsStreaming
from pydantic import TypeAdapter

from switchhook.domain.agent import Mind as MindChoice
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.engine.dialogue import Message, Role
from switchhook.ports import Delta
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.chat import ChatMind
from switchhook.providers.openai.responses import ResponsesMind
from switchhook.testing import Acts, Breaks, Ponders, Writes, run_virtually
from switchhook.testing.openai import Fails, FakeOpenAI, Mishap, Quirk, Refuses, when
from tests.providers.openai.asking import (
    BUILDS,
    Build,
    actions,
    answered,
    done,
    reaching,
    request,
    said,
    text,
)

HELLO = request(said("Hello?"))
either = pytest.mark.parametrize("build", BUILDS, ids=["responses", "chat"])


@either
def test_a_mind_answers_what_was_said(build: Build) -> None:
    fake = FakeOpenAI(brain=when({"hello": "A table for two, please."}))

    events = answered(fake, build, HELLO)

    assert text(events) == "A table for two, please."
    assert len([e for e in events if isinstance(e, Delta)]) == 5
    assert done(events).tokens_out == 5
    assert done(events).tokens_in > 0


@either
def test_a_mind_acts_after_it_has_spoken(build: Build) -> None:
    fake = FakeOpenAI(brain=when({"": [Writes("Goodbye!"), Acts("end_call", '{"summary": "x"}')]}))

    events = answered(fake, build, HELLO)

    kinds = [type(event).__name__ for event in events]
    assert kinds.index("Action") > kinds.index("Delta")
    (only,) = actions(events)
    assert (only.name, only.arguments) == ("end_call", '{"summary": "x"}')


@either
def test_malformed_arguments_are_handed_on_as_they_are(build: Build) -> None:
    events = answered(FakeOpenAI(brain=lambda _: [Acts("end_call", "{oops")]), build, HELLO)

    assert actions(events)[0].arguments == "{oops"


@either
def test_what_a_mind_declines_is_said(build: Build) -> None:
    events = answered(FakeOpenAI(brain=lambda _: [Refuses("I cannot help there.")]), build, HELLO)

    assert text(events) == "I cannot help there."


@either
def test_a_result_is_read_where_its_action_was_called(build: Build) -> None:
    call = Message(Role.CALL, '{"people": 2}', "book", "c1")
    result = Message(Role.RESULT, "sold out", "book", "c1")
    fake = FakeOpenAI(brain=when({"sold out": "It is sold out."}))

    assert text(answered(fake, build, request(said("Two"), call, result))) == "It is sold out."


@either
@pytest.mark.parametrize(
    ("mishap", "error"),
    [
        (Mishap(status=401), Misconfigured),
        (Mishap(status=404), Misconfigured),
        (Mishap(status=400, code="unsupported_parameter"), Misconfigured),
        (Mishap(status=429, code="insufficient_quota"), Misconfigured),
        (Mishap(status=429), Unavailable),
        (Mishap(status=503), Unavailable),
        (Mishap(wait=5.0), Unavailable),
        (Mishap(cut_after=2), Unavailable),
        (Mishap(hang_after=2), Unavailable),
        (Mishap(garbage_after=2), Unavailable),
    ],
)
def test_what_went_wrong_is_told_by_what_helps(
    build: Build, mishap: Mishap, error: type[Exception]
) -> None:
    fake = FakeOpenAI(mishaps=[mishap])

    with pytest.raises(Unavailable) as raised:
        answered(fake, build, HELLO)

    assert isinstance(raised.value, Misconfigured) is (error is Misconfigured)
    assert "sk-test" not in str(raised.value.facts())


@either
def test_an_answer_that_breaks_off_is_a_failure(build: Build) -> None:
    with pytest.raises(Unavailable):
        answered(FakeOpenAI(brain=lambda _: [Writes("Well,"), Breaks()]), build, HELLO)


@either
@pytest.mark.parametrize(
    ("code", "wrong"),
    [("server_error", False), ("rate_limit_exceeded", False), ("invalid_prompt", True)],
)
def test_an_answer_that_is_given_up_is_a_failure(build: Build, code: str, *, wrong: bool) -> None:
    with pytest.raises(Unavailable) as raised:
        answered(FakeOpenAI(brain=lambda _: [Writes("Well,"), Fails(code)]), build, HELLO)

    assert isinstance(raised.value, Misconfigured) is wrong


@either
def test_a_server_that_is_not_there_is_unavailable(build: Build) -> None:
    async def main() -> None:
        api = Api("sk-test", "http://127.0.0.1:9")
        with pytest.raises(Unavailable, match="ConnectError"):
            async with aclosing(build(api).answer(HELLO)) as events:
                await anext(events)
        await api.close()

    run_virtually(main)


@either
def test_to_leave_is_to_cancel_at_the_vendor(build: Build) -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=lambda _: [Writes("Well,"), Ponders(8.0), Writes("so.")])
        async with reaching(fake) as api:
            async with aclosing(build(api).answer(HELLO)) as events:
                await anext(events)
                assert fake.live == 1
            await asyncio.sleep(0.1)
            assert fake.live == 0

    run_virtually(main)


@either
def test_an_answer_takes_the_connection_that_was_prepared(build: Build) -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        async with reaching(fake) as api:
            mind = build(api)
            await mind.prepare(request())
            assert [event async for event in mind.answer(HELLO)]
        assert len(fake.connections) == 1

    run_virtually(main)


@either
def test_preparing_lets_the_vendor_read_and_never_raises(build: Build) -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        async with reaching(fake) as api:
            await build(api).prepare(request())
            assert len(fake.requests) == 1
            fake.mishaps.append(Mishap(status=500))
            await build(api).prepare(request())
        async with reaching(fake, key="sk-wrong") as api:
            await build(api).prepare(request())

    run_virtually(main)


def body_of(mind: type[ResponsesMind | ChatMind], choice: MindChoice, **spare: bool) -> Any:
    fake = FakeOpenAI()
    answered(fake, lambda api: mind(api, "ours", **spare), request(said("Hi"), choice=choice))
    return fake.requests[0][1]


WISHES = MindChoice(
    model="theirs",
    temperature=0.2,
    reasoning_effort="low",
    verbosity="low",
    fallback_model="second",
)


def test_wishes_reach_the_vendor() -> None:
    body = body_of(ResponsesMind, WISHES)

    assert body["model"] == "theirs"
    assert body["temperature"] == 0.2
    assert body["reasoning"] == {"effort": "low"}
    assert body["text"] == {"verbosity": "low"}
    assert body["store"] is False
    assert body["prompt_cache_key"] == "call-1"
    assert body["instructions"] == "Book a table."


def test_wishes_reach_other_servers() -> None:
    body = body_of(ChatMind, WISHES)

    assert body["model"] == "theirs"
    assert body["temperature"] == 0.2
    assert body["reasoning_effort"] == "low"
    assert body["messages"][0] == {"role": "system", "content": "Book a table."}
    assert body["tools"][0]["function"]["name"] == "end_call"


@pytest.mark.parametrize("mind", [ResponsesMind, ChatMind])
def test_nothing_is_wished_for_unasked(mind: type[ResponsesMind | ChatMind]) -> None:
    body = body_of(mind, MindChoice())

    assert body["model"] == "ours"
    assert not {"temperature", "reasoning", "reasoning_effort", "text", "verbosity"} & set(body)


@pytest.mark.parametrize("mind", [ResponsesMind, ChatMind])
def test_a_spare_mind_is_the_second_choice(mind: type[ResponsesMind | ChatMind]) -> None:
    assert body_of(mind, WISHES, spare=True)["model"] == "second"
    assert body_of(mind, MindChoice(model="theirs"), spare=True)["model"] == "ours"


@pytest.mark.parametrize("quirk", list(Quirk))
def test_other_servers_are_understood(quirk: Quirk) -> None:
    brain = when({"": [Writes("One moment."), Acts("a", '{"n": 1}'), Acts("b", '{"n": 2}')]})
    fake = FakeOpenAI(brain=brain, quirks=frozenset({quirk}))

    events = answered(fake, BUILDS[1], HELLO)

    assert text(events) == "One moment."
    assert [(a.name, a.arguments) for a in actions(events)] == [
        ("a", '{"n": 1}'),
        ("b", '{"n": 2}'),
    ]
    assert len({a.call_id for a in actions(events)}) == 2


def test_malformed_arguments_are_not_repeated_to_servers_that_parse_them() -> None:
    call = Message(Role.CALL, "{oops", "book", "c1")
    fake = FakeOpenAI()

    answered(fake, BUILDS[1], request(said("Two"), call, Message(Role.RESULT, "no", "book", "c1")))

    messages = fake.requests[0][1]["messages"]
    assert messages[2]["tool_calls"][0]["function"]["arguments"] == "{}"
    assert messages[3] == {"role": "tool", "tool_call_id": "c1", "content": "no"}


def test_the_vendors_own_types_accept_what_is_asked() -> None:
    call = Message(Role.CALL, '{"people": 2}', "book", "c1")
    result = Message(Role.RESULT, "sold out", "book", "c1")
    asked = request(said("Two"), Message(Role.AGENT, "Well."), call, result, choice=WISHES)
    fake = FakeOpenAI()

    for build in BUILDS:
        answered(fake, build, asked)

    (_, response), (_, completion) = fake.requests
    TypeAdapter(ResponseCreateParamsStreaming).validate_python(response)
    TypeAdapter(CompletionCreateParamsStreaming).validate_python(completion)
