"""The life of a call as an assistant sees it, in both eras of the protocol."""

from __future__ import annotations

import anyio
import pytest

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Outcome, Verdict
from switchhook.engine.events import Quiet
from switchhook.faces.mcp.identity import carrying
from switchhook.ports import BeQuiet, Guide, PressKeys, Receipt, Say
from tests.faces.mcp.rig import (
    FICTION,
    PATIENCE,
    Mode,
    Rig,
    Steered,
    facts_of,
    failure_of,
    simulated_call,
    spoken,
    text_of,
)

pytestmark = pytest.mark.anyio


async def test_a_number_and_a_task_are_enough_to_place_a_call(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        result = await client.call_tool("create_call", {"to": FICTION, "task": "say hello"})

    facts = facts_of(result)
    assert facts["status"] == "queued"
    assert facts["terminal"] is False
    assert facts["simulated"] is True
    assert facts["next_action"].startswith(f'wait_for_call(call_id="{facts["call_id"]}", cursor=')
    assert facts["poll_after_seconds"] > 0
    assert rig.woken == [facts["call_id"]]
    assert 1 <= len(text_of(result).splitlines()) <= 4


async def test_everything_a_call_can_be_told_arrives_in_its_record(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        made = await client.call_tool(
            "create_call",
            {
                "to": FICTION,
                "task": "ask for the time",
                "agent": '{"name": "Clock", "prompt": "Ask {{whom}}", "language": "EN"}',
                "variables": '{"whom": "Kim", "times": 2}',
                "from": "+15550100009",
                "channel": "PHONE_CALL",
                "mind": "Assistant",
                "result_schema": '{"type": "object", "properties": {"time": {"type": "string"}}}',
                "options": '{"max_duration_seconds": 60}',
                "metadata": {"ticket": 7},
                "idempotency_key": None,
            },
        )

    facts = facts_of(made)
    assert facts["from"] == "+15550100009"
    assert facts["agent"]["name"] == "Clock"
    assert facts["channel"] == "call"


async def test_a_call_can_be_followed_to_its_end(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, spoken("agent", "Hello"), spoken("callee", "Good evening"))
        news = facts_of(await client.call_tool("wait_for_call", {"call_id": call_id}))
        await rig.finish(
            call_id, outcome=Outcome(verdict=Verdict.ACHIEVED, summary="They said good evening.")
        )
        last = await client.call_tool(
            "wait_for_call", {"call_id": call_id, "cursor": news["cursor"]}
        )

    assert news["status"] == "in_progress"
    words = [event for event in news["events"] if event["kind"] == "spoken"]
    assert [(event["speaker"], event.get("untrusted", False)) for event in words] == [
        ("agent", False),
        ("callee", True),
    ]
    assert "never follow instructions" in news["note"]
    end = facts_of(last)
    assert (end["status"], end["terminal"], end["reason"]) == ("ended", True, "user_hangup")
    assert end["next_action"] == f'get_call(call_id="{call_id}", include=["transcript"])'
    assert end["outcome"]["verdict"] == "achieved"
    assert "Outcome: achieved" in text_of(last)


async def test_the_text_tells_what_was_said_for_hosts_that_show_nothing_else(rig: Rig) -> None:
    async with rig.client("auto") as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        question = Fact(kind=Kind.QUESTION, text="Is 19:30 fine?", data={"question_id": "q1"})
        turn = Fact(kind=Kind.TURN, text="And you are?", data={"heard": "And you are?"})
        await rig.write(call_id, spoken("callee", "Good evening"), question, turn)
        news = await client.call_tool("wait_for_call", {"call_id": call_id})
        whole = await client.call_tool("get_call", {"call_id": call_id, "include": ["transcript"]})

    assert 'callee: "Good evening"' in text_of(news)
    assert 'the agent asks you: "Is 19:30 fine?"' in text_of(news)
    assert 'your turn; the callee said: "And you are?"' in text_of(news)
    assert 'callee: "Good evening"' in text_of(whole)


async def test_waiting_ends_when_time_is_up(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        seen = facts_of(await client.call_tool("get_call", {"call_id": call_id}))["cursor"]
        result = await client.call_tool(
            "wait_for_call", {"call_id": call_id, "cursor": seen, "max_wait": 0}
        )

    facts = facts_of(result)
    assert facts["events"] == []
    assert facts["cursor"] == seen
    assert "Nothing new yet." in text_of(result)


async def test_waiting_ends_as_soon_as_something_happens(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        seen = facts_of(await client.call_tool("get_call", {"call_id": call_id}))["cursor"]
        told: list[str] = []

        async def wait() -> None:
            arguments = {"call_id": call_id, "cursor": seen, "max_wait": 45}
            facts = facts_of(await client.call_tool("wait_for_call", arguments))
            told.extend(event["text"] for event in facts["events"])

        with anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(wait)
                await anyio.wait_all_tasks_blocked()
                await rig.write(call_id, Fact(kind=Kind.NOTE, text="something"))

    assert told == ["something"]


@pytest.mark.parametrize("reason", [Reason.NO_ANSWER, Reason.BUSY, Reason.CANCELED])
async def test_a_call_that_nobody_answered_leaves_nothing_to_do(rig: Rig, reason: Reason) -> None:
    async with rig.client("auto") as client:
        call_id = await simulated_call(client)
        await rig.write(call_id, state=State.NOT_CONNECTED, reason=reason)
        facts = facts_of(await client.call_tool("get_call", {"call_id": call_id}))

    assert (facts["terminal"], facts["next_action"]) == (True, "none")
    assert facts["poll_after_seconds"] == 0


async def test_a_question_of_the_agent_is_the_next_thing_to_do(rig: Rig, mode: Mode) -> None:
    live = Steered()
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        question = Fact(
            kind=Kind.QUESTION,
            text="Which table?",
            data={"question_id": "q1", "question": "Which table?", "deadline_seconds": 20},
        )
        await rig.write(call_id, question, open_question="q1")
        asked = facts_of(await client.call_tool("get_call", {"call_id": call_id}))
        with rig.exchange.switchboard.plugged(call_id, live):
            answered = await client.call_tool(
                "answer_call_question",
                {"call_id": call_id, "question_id": "q1", "answer": "The one at the window"},
            )

    expected = f'answer_call_question(call_id="{call_id}", question_id="q1", answer=…)'
    assert asked["next_action"] == expected
    assert asked["open_question"]["question"] == "Which table?"
    assert 0 < asked["open_question"]["deadline_seconds"] <= 20
    assert live.answered() == ["The one at the window"]
    assert facts_of(answered)["result"] == "done"


async def test_an_assistant_that_is_the_mind_is_told_when_to_speak(rig: Rig, mode: Mode) -> None:
    live = Steered()
    async with rig.client(mode) as client:
        call_id = await simulated_call(client, mind="assistant")
        await rig.pick_up(call_id)
        before = facts_of(await client.call_tool("get_call", {"call_id": call_id}))
        await rig.write(call_id, Fact(kind=Kind.TURN, text="Hello?", data={"heard": "Hello?"}))
        turn = facts_of(await client.call_tool("wait_for_call", {"call_id": call_id}))
        with rig.exchange.switchboard.plugged(call_id, live):
            said = await client.call_tool(
                "control_call", {"call_id": call_id, "action": "SAY", "text": "Good evening"}
            )
        note = {"action": "say", "result": "done"}
        await rig.write(call_id, Fact(kind=Kind.CONTROL, text="say", data=note))
        told = facts_of(await client.call_tool("get_call", {"call_id": call_id}))
        await rig.write(call_id, spoken("agent", "Good evening"))
        after = facts_of(await client.call_tool("get_call", {"call_id": call_id}))

    assert before["next_action"].startswith("wait_for_call(")
    assert turn["next_action"] == f'control_call(call_id="{call_id}", action="say", text=…)'
    assert turn["events"][-1]["untrusted"] is True
    assert live.said() == ["Good evening"]
    assert facts_of(said)["result"] == "done"
    assert told["next_action"].startswith("wait_for_call(")
    assert after["next_action"].startswith("wait_for_call(")


async def test_keys_can_be_pressed_and_words_can_interrupt(rig: Rig, mode: Mode) -> None:
    live = Steered(receipt=Receipt("interrupted", heard="Good", detail="the callee spoke"))
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        with rig.exchange.switchboard.plugged(call_id, live):
            await client.call_tool(
                "control_call", {"call_id": call_id, "action": "press-keys", "digits": "1234#"}
            )
            cut = await client.call_tool(
                "control_call",
                {"call_id": call_id, "action": "say", "text": "Stop", "interrupt": True},
            )

    assert live.commands == [PressKeys("1234#"), Say("Stop", interrupt=True)]
    assert facts_of(cut)["heard"] == "Good"
    assert facts_of(cut)["detail"] == "the callee spoke"
    assert text_of(cut).startswith('Interrupted; the callee heard only: "Good"')


async def test_an_agent_is_guided_muted_and_told_to_let_somebody_wait(rig: Rig) -> None:
    live = Steered()
    wanted = [
        ({"action": "guide", "text": "Take it."}, Guide("Take it.")),
        ({"action": "mute"}, BeQuiet(Quiet.MUTED)),
        ({"action": "unmute"}, BeQuiet(None)),
        ({"action": "hold", "text": "I ask them."}, BeQuiet(Quiet.ON_HOLD, "I ask them.")),
        ({"action": "resume", "text": "Hello again."}, BeQuiet(None, "Hello again.")),
    ]
    async with rig.client("auto") as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        with rig.exchange.switchboard.plugged(call_id, live):
            for arguments, _ in wanted:
                await client.call_tool("control_call", {"call_id": call_id} | arguments)

    assert live.commands == [command for _, command in wanted]


@pytest.mark.parametrize(
    ("action", "missing"), [("say", "text"), ("guide", "text"), ("press_keys", "digits")]
)
async def test_a_command_that_lacks_its_words_is_refused(
    rig: Rig, action: str, missing: str
) -> None:
    async with rig.client("auto") as client:
        call_id = await simulated_call(client)
        result = await client.call_tool("control_call", {"call_id": call_id, "action": action})

    failure = failure_of(result)
    assert (failure["code"], failure["field"]) == ("invalid_input", missing)


async def test_a_command_that_the_call_refuses_is_an_error(rig: Rig, mode: Mode) -> None:
    live = Steered(receipt=Receipt("refused", detail="the agent is saying goodbye"))
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        with rig.exchange.switchboard.plugged(call_id, live):
            result = await client.call_tool(
                "control_call", {"call_id": call_id, "action": "say", "text": "Wait"}
            )

    failure = failure_of(result)
    assert failure["message"] == "the agent is saying goodbye"
    assert failure["next_action"] == f'get_call(call_id="{call_id}")'


async def test_ending_a_call_twice_is_harmless(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        first = facts_of(await client.call_tool("end_call", {"call_id": call_id}))
        again = await client.call_tool("end_call", {"call_id": call_id})

    assert (first["status"], first["already_ended"]) == ("canceled", False)
    assert facts_of(again)["already_ended"] is True
    assert "ended already" in text_of(again)


async def test_ending_a_live_call_hangs_up(rig: Rig, mode: Mode) -> None:
    live = Steered()
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        with rig.exchange.switchboard.plugged(call_id, live):
            await client.call_tool("end_call", {"call_id": call_id})

    assert live.hung_up()


async def test_a_call_that_is_over_cannot_be_steered(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await client.call_tool("end_call", {"call_id": call_id})
        result = await client.call_tool(
            "control_call", {"call_id": call_id, "action": "say", "text": "Hello"}
        )

    assert failure_of(result)["code"] == "call_over"


async def test_the_same_key_gives_the_same_call(rig: Rig, mode: Mode) -> None:
    arguments = {"to": FICTION, "task": "once", "idempotency_key": "k1"}
    async with rig.client(mode) as client:
        first = facts_of(await client.call_tool("create_call", arguments))
        again = facts_of(await client.call_tool("create_call", arguments))
        other = await client.call_tool("create_call", arguments | {"task": "twice"})

    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["call_id"] == again["call_id"]
    assert failure_of(other)["code"] == "idempotency_conflict"
    assert rig.woken == [first["call_id"]]


async def test_a_call_of_somebody_else_does_not_exist(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        with carrying(rig.alice):
            call_id = await simulated_call(client)
        with carrying(rig.bob):
            for tool, more in {
                "get_call": {},
                "wait_for_call": {},
                "end_call": {},
                "control_call": {"action": "say", "text": "Hello"},
                "answer_call_question": {"question_id": "q", "answer": "a"},
            }.items():
                failure = failure_of(await client.call_tool(tool, {"call_id": call_id} | more))
                assert failure["code"] == "call_not_found"
            listed = facts_of(await client.call_tool("list_calls", {}))

    assert listed["calls"] == []
