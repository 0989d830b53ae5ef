"""A third person in the call: all hear each other, and nobody is left on a line."""

from __future__ import annotations

import asyncio
from pathlib import Path

from switchhook.ports import HangUp
from switchhook.testing import Acts, Said, ScriptedMind, Waits, Writes, run_virtually
from switchhook.testing.twilio import Phone
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import telephones
from tests.scenarios.test_transfers import THEM, answered, life

GUEST = {"type": "add_to_conference", "phone_number": THEM}
AGENT = {"mind": {"kind": "model"}, "first_message": "Hi.", "actions": [GUEST]}
ADD, OFF = Acts("add_to_conference"), Acts("set_hold", '{"on": false}')

ADA = Phone(
    [
        *(Said("Hello?"), Waits(until_heard="hi"), Said("I have a question about my bill.")),
        *(Waits(until_heard="sam"), Waits(until_heard="together"), Waits(1.5)),
        *(Said("Thank you so much."), Waits(600)),
    ]
)
SAM = Phone(
    [Said("Sam speaking."), Waits(until_heard="together"), Waits(8), Said("Gladly."), Waits(600)]
)
BRINGS = [
    [Writes("I will get Sam. "), ADD],
    [Writes("Ada has a question about a bill. ")],
    [Writes("I will take her back. "), OFF],
    [Writes("Now we are together. ")],
    [Writes("Bye. ")],
]


def test_x(tmp_path: Path) -> None:
    async def main() -> None:
        mind = ScriptedMind(BRINGS)
        async with telephones(tmp_path, {TO: ADA, THEM: SAM}, minds={"model": mind}) as at:
            call_id = await answered(at, agent=AGENT)
            await asyncio.sleep(60)
            print("TO", life(at, TO).heard)
            print("THEM", life(at, THEM).heard)
            from switchhook.service import following

            for h in (
                await following.happenings(at.exchange, at.owner, call_id, limit=200)
            ).happenings:
                print(h.kind, h.session_ms, h.text, h.data.get("speaker"))
            for r in mind.requests:
                print(r.context[-3:])
            live = at.exchange.switchboard.find(call_id)
            await live.control(HangUp())

    run_virtually(main)
