"""What is said starts an action: by the callee, by the agent, and by whoever speaks for it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import Mind
from switchhook.testing import (
    HangsUp,
    Interrupts,
    Listens,
    Said,
    ScriptedMind,
    Step,
    Waits,
    Writes,
    run_virtually,
)
from switchhook.testing.twilio import Phone
from tests.faces.mcp.rig import failure_of
from tests.providers.twilio.town import TO
from tests.scenarios.exchanges import Calls, answers, place
from tests.scenarios.telephones import telephones
from tests.scenarios.test_assistant_as_mind import HELLO, Seat, hold
from tests.scenarios.twins import fails_with
from tests.simulation.bugs import planted

THEM = "+15550100177"


@planted("nobody listens for phrases")
def phrases_start_nothing(patch: pytest.MonkeyPatch) -> None:
    def nothing(*_: Any) -> list[int]:
        return []

    patch.setattr("switchhook.engine.phrased.started_by", nothing)


@planted("an agent that was interrupted in its goodbye hangs up all the same")
def leaves_regardless(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.engine.session.stay", lambda _session: None)  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType] - does nothing


def on_phrase(action: str, *phrases: str, speaker: str = "agent", **more: Any) -> dict[str, Any]:
    trigger = {"type": "phrase", "phrases": phrases, "speaker": speaker}
    return {"type": action, "trigger": trigger, **more}


ENDS: dict[str, Any] = {"actions": [on_phrase("end_call", "have a nice day")]}


def by_mind(script: list[Step], *answered: str) -> Calls:
    """Hold a call in which a model says this, and return what was written down."""
    desk = Calls()
    desk.add("one", mind={"kind": "model"}, actions=ENDS["actions"])
    mind: Mind = ScriptedMind([[Writes(text)] for text in answered])
    place(desk, answers(script), minds={"model": mind})
    return desk


@fails_with(phrases_start_nothing)
def test_a_callee_who_says_the_phrase_is_put_through(tmp_path: Path) -> None:
    async def main() -> None:
        put = on_phrase(
            "transfer_call", "the front desk", speaker="callee", phone_number=THEM, warm=True
        )
        phones = {
            TO: Phone([Said("Hello?"), Listens(1.2), Said("The front desk, please."), Waits(600)]),
            THEM: Phone([Said("Hello?"), Listens(1.5), Said("Yes, of course."), Waits(600)]),
        }
        async with telephones(tmp_path, phones) as at:
            call_id = await at.call(agent={"actions": [put]})
            await at.until(call_id, State.IN_PROGRESS)
            await asyncio.sleep(60)
            assert [call.to for call in at.twilio.ledger.live] == [TO, THEM]

    run_virtually(main)


@fails_with(phrases_start_nothing)
def test_an_agent_that_was_heard_to_say_goodbye_has_hung_up() -> None:
    script = [*HELLO, Listens(2.0), Waits(60), HangsUp()]
    desk = by_mind(script, "That is all, thank you and have a nice day.")

    assert desk.end() == (State.ENDED, Reason.AGENT_HANGUP)


@fails_with(leaves_regardless)
def test_a_callee_who_interrupts_the_goodbye_is_listened_to() -> None:
    script = [
        *HELLO,
        Interrupts("Wait, stop, there is something else.", after_ms=1500),
        Listens(2.0),
        Waits(2.0),
        HangsUp(),
    ]
    desk = by_mind(
        script, "Have a nice day, and thank you so much for all of your help.", "What is it?"
    )

    assert desk.end() == (State.ENDED, Reason.USER_HANGUP)


def test_an_assistants_client_stores_an_agent_whose_words_end_the_call(tmp_path: Path) -> None:
    async def lead(at: Seat) -> None:
        keys = {"name": "Keys", "actions": [on_phrase("send_digits", "press one")]}
        refused = await at.client.call_tool("create_agent", keys)
        assert failure_of(refused)["field"] == "actions.trigger"
        await at.call(task="book a table", mind="assistant", agent=ENDS)
        await at.until("control_call")
        said, _ = await at.say("Thank you, and have a nice day!")
        assert said["result"] == "done"

    at = hold(tmp_path, [*HELLO, Listens(2.0), Waits(60), HangsUp()], lead)

    assert at.events[-1]["data"]["reason"] == "agent_hangup"
    (note,) = [e["text"] for e in at.events if e["text"].startswith("end_call: ")]
    assert note == 'end_call: the agent said "have a nice day"'
