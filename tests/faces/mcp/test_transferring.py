"""An assistant has a callee connected with somebody else, or somebody brought into the call."""

from __future__ import annotations

from typing import Any

import pytest
from mcp.types import CallToolResult

from switchhook.ports import BringIn, PutThrough, Receipt
from switchhook.providers.loopback import LoopbackSwitch
from switchhook.service.exchange import ConfirmPolicy
from tests.faces.mcp.rig import Rig, Steered, facts_of, failure_of, simulated_call

pytestmark = pytest.mark.anyio

THEM = "+14155550177"
BUSY = Receipt("refused", detail="the transfer failed (busy: the carrier says busy)")


async def transfer(
    rig: Rig,
    live: Steered,
    confirm: ConfirmPolicy = ConfirmPolicy.REAL_CALLS,
    action: str = "transfer",
    **arguments: Any,
) -> CallToolResult:
    """Ask for a transfer of a live call of the agent, or for a guest; return what was answered."""
    own = {"transfer": "transfer_call"}.get(action, action)
    agent = {"name": "Rosa", "actions": [{"type": own, "phone_number": THEM}]}
    rig.exchange.switches = {"loopback": LoopbackSwitch()}
    async with rig.client("auto") as client:
        call_id = await simulated_call(client, agent=agent)
        await rig.pick_up(call_id)
        rig.exchange.confirm = confirm
        wanted = {"call_id": call_id, "action": action, **arguments}
        with rig.exchange.switchboard.plugged(call_id, live):
            result = await client.call_tool("control_call", wanted)
    rig.exchange.confirm = ConfirmPolicy.REAL_CALLS
    return result


async def test_a_callee_is_connected_and_whoever_takes_the_call_is_told(rig: Rig) -> None:
    live = Steered()
    result = await transfer(rig, live, to="+1 415 555 0177", text="A guest.")

    assert live.commands == [PutThrough(THEM, "A guest.")]
    assert facts_of(result)["result"] == "done"


async def test_somebody_is_brought_into_the_call(rig: Rig) -> None:
    live = Steered()
    added = await transfer(rig, live, action="add_to_conference", to=THEM, hold_first=False)

    assert live.commands == [BringIn(THEM, hold_first=False)]
    assert facts_of(added)["result"] == "done"


async def test_only_the_agents_own_guests_are_called_without_asking(rig: Rig) -> None:
    live = Steered()
    always = ConfirmPolicy.ALWAYS
    added = await transfer(rig, live, always, "add_to_conference", to="+14155550188")
    assert "add_to_conference actions only" in failure_of(added)["hint"]
    await transfer(rig, live, always, "add_to_conference", to=THEM, text="A moment.")

    assert live.commands == [BringIn(THEM, text="A moment.")]


async def test_a_transfer_that_fails_says_why(rig: Rig) -> None:
    result = await transfer(rig, Steered(receipt=BUSY), to=THEM)

    assert failure_of(result)["message"] == BUSY.detail


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+19002345678", "policy_blocked.number_type"),
        ("911", "invalid_input"),
        ("", "invalid_input"),
    ],
)
async def test_a_number_that_may_not_be_called_is_refused(rig: Rig, to: str, code: str) -> None:
    live = Steered()
    result = await transfer(rig, live, to=to)

    assert failure_of(result)["code"] == code
    assert live.commands == []


async def test_what_needs_agreement_is_transferred_to_the_agents_own_numbers_only(
    rig: Rig,
) -> None:
    live = Steered()
    other = await transfer(rig, live, ConfirmPolicy.ALWAYS, to="+14155550178")
    assert failure_of(other)["code"] == "policy_blocked.transfer_target"
    assert live.commands == []

    own = await transfer(rig, live, ConfirmPolicy.ALWAYS, to=THEM)
    assert facts_of(own)["result"] == "done"
