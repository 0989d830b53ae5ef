"""An assistant has a callee connected with somebody else."""

from __future__ import annotations

import pytest
from mcp.types import CallToolResult

from switchhook.ports import PutThrough, Receipt
from switchhook.providers.loopback import LoopbackSwitch
from switchhook.service.exchange import ConfirmPolicy
from tests.faces.mcp.rig import Rig, Steered, facts_of, failure_of, simulated_call

pytestmark = pytest.mark.anyio

THEM = "+14155550177"
BUSY = Receipt("refused", detail="the transfer failed (busy: the carrier says busy)")


async def transfer(
    rig: Rig, live: Steered, confirm: ConfirmPolicy = ConfirmPolicy.REAL_CALLS, **arguments: str
) -> CallToolResult:
    """Ask for a transfer of a live call of the agent; return what was answered."""
    agent = {"name": "Rosa", "actions": [{"type": "transfer_call", "phone_number": THEM}]}
    rig.exchange.switches = {"loopback": LoopbackSwitch()}
    async with rig.client("auto") as client:
        call_id = await simulated_call(client, agent=agent)
        await rig.pick_up(call_id)
        rig.exchange.confirm = confirm
        wanted = {"call_id": call_id, "action": "transfer", **arguments}
        with rig.exchange.switchboard.plugged(call_id, live):
            result = await client.call_tool("control_call", wanted)
    rig.exchange.confirm = ConfirmPolicy.REAL_CALLS
    return result


async def test_a_callee_is_connected_and_whoever_takes_the_call_is_told(rig: Rig) -> None:
    live = Steered()
    result = await transfer(rig, live, to="+1 415 555 0177", text="A guest.")

    assert live.commands == [PutThrough(THEM, "A guest.")]
    assert facts_of(result)["result"] == "done"


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
