"""Whole calls whose words pass through Twilio, which hears and speaks for us, over sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.agent import AgentSpec, VoicemailSettings
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.transcript import Line
from switchhook.engine.events import Quiet
from switchhook.ports import BeQuiet, HangUp, PressKeys
from switchhook.service import following
from switchhook.testing import (
    Beeps,
    HangsUp,
    Interrupts,
    Listens,
    Presses,
    Said,
    Step,
    Waits,
    run_virtually,
)
from switchhook.testing.twilio import Phone
from switchhook.testing.twilio.relaying import FakeRelay
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones

RELAYED = CallOptions(telephony_params={"media": "relay"})
OPEN = {
    "type": "object",
    "properties": {"open": {"type": "boolean", "description": "Are you open on Sundays?"}},
}
ENDED = (State.ENDED, State.NOT_CONNECTED, State.ERROR)


@dataclass
class Relayed:
    """A call that was held, and both sides' view of it."""

    record: Interaction
    relay: FakeRelay
    lines: Sequence[Line]

    @property
    def transcript(self) -> list[str]:
        return [
            f"{line.speaker}: {line.text}{' -' if line.interrupted else ''}" for line in self.lines
        ]


async def relay_at(at: Telephones) -> FakeRelay:
    """Return what carries the call, as soon as it is there."""
    async with asyncio.timeout(60):
        while True:
            for life in at.twilio.lives.values():
                if life.relays:
                    return life.relays[0]
            await asyncio.sleep(0.1)


def held(
    folder: Path,
    script: Sequence[Step],
    *,
    during: Any = None,
    options: CallOptions = RELAYED,
    phone: dict[str, Any] | None = None,
    **request: Any,
) -> Relayed:
    async def main() -> Relayed:
        async with telephones(folder, {TO: Phone(script, **(phone or {}))}) as at:
            call_id = await at.call(options=options, **request)
            relay = await relay_at(at)
            if during is not None:
                await during(at, call_id, relay)
            record = await at.until(call_id, *ENDED)
            page = await following.transcript(at.exchange, at.owner, call_id)
            await at.town.until_quiet()
            return Relayed(record, relay, page.lines)

    return run_virtually(main)


def test_an_interview_is_held_over_words_from_the_request_to_its_result(tmp_path: Path) -> None:
    call = held(
        tmp_path,
        [Said("Hello?"), Listens(1.2), Said("Yes, we are."), Listens(1.2), Said("Yes.")],
        result_schema=OPEN,
    )

    assert (call.record.state, call.record.reason) == (State.ENDED, Reason.AGENT_HANGUP)
    assert call.record.outcome is not None
    assert call.record.outcome.fields["open"].value is True
    assert call.transcript[0] == "callee: Hello?"
    assert call.relay.handed_off == '{"reason": "the conversation is over"}'
    assert call.relay.problem == ("", "")
    assert not any(line.heard_estimated for line in call.lines if line.speaker == "agent")


def test_the_document_asks_twilio_to_hear_and_to_tell(tmp_path: Path) -> None:
    call = held(tmp_path, [Said("Hello?"), HangsUp()])

    asked = call.relay.attributes
    assert asked["language"] == "en-US"
    assert (asked["dtmfDetection"], asked["interruptible"]) == ("true", "speech")
    assert asked["events"] == "speaker-events"


def test_a_barge_in_leaves_in_the_transcript_what_twilio_says_was_heard(tmp_path: Path) -> None:
    call = held(
        tmp_path,
        [
            Said("Hello?"),
            Waits(until_heard="ask"),
            Interrupts("Sorry, who is this?", after_ms=100),
            Waits(until_heard="calling"),
            HangsUp(),
        ],
    )

    cut = next(line for line in call.lines if line.interrupted)
    assert " ".join(call.relay.end.heard).count(cut.text) == 1
    assert cut.text.endswith("ask")
    assert not cut.heard_estimated
    assert "callee: Sorry, who is this?" in call.transcript


def test_the_callee_hangs_up(tmp_path: Path) -> None:
    call = held(tmp_path, [Said("Hello?"), Listens(), HangsUp()])

    assert (call.record.state, call.record.reason) == (State.ENDED, Reason.USER_HANGUP)
    assert call.relay.handed_off is None


def test_we_hang_up(tmp_path: Path) -> None:
    async def leave(at: Telephones, call_id: str, _relay: FakeRelay) -> None:
        await at.until(call_id, State.IN_PROGRESS)
        await asyncio.sleep(5)
        live = at.exchange.switchboard.find(call_id)
        assert live is not None
        await live.control(HangUp())

    call = held(tmp_path, [Said("Hello?"), Waits(600)], during=leave)

    assert call.record.reason is Reason.API_HANGUP
    assert call.transcript[-1].endswith("Goodbye.")
    assert call.relay.handed_off is not None


def test_a_message_is_left_to_a_machine_that_the_carrier_has_found(tmp_path: Path) -> None:
    message = VoicemailSettings(voicemail_message="Please call Rosa back.")
    options = CallOptions(telephony_params={"media": "relay", "MachineDetection": "Enable"})
    call = held(
        tmp_path,
        [Said("This is Bella. I cannot come to the telephone."), Waits(60)],
        options=options,
        phone={"answered_by": "machine_end_beep"},
        agent=AgentSpec(voicemail=message),
    )

    assert call.record.reason is Reason.VOICEMAIL_LEFT
    assert " ".join(call.relay.end.heard).endswith("Please call Rosa back.")


ANNOUNCES = Said("You have reached Bella. Please leave a message after the tone.")


@pytest.mark.parametrize("detection", [{}, {"MachineDetection": "DetectMessageEnd"}])
def test_a_message_is_left_to_a_machine_whose_beep_nobody_here_can_hear(
    detection: dict[str, str], tmp_path: Path
) -> None:
    message = VoicemailSettings(voicemail_message="Please call Rosa back.")
    call = held(
        tmp_path,
        [ANNOUNCES, Beeps(1000, 400), Waits(60)],
        options=CallOptions(telephony_params={"media": "relay", **detection}),
        phone={"answered_by": "machine_end_beep"},
        agent=AgentSpec(voicemail=message),
    )

    assert call.record.reason is Reason.VOICEMAIL_LEFT
    assert " ".join(call.relay.end.heard).endswith("Please call Rosa back.")


def test_keys_pass_in_both_directions(tmp_path: Path) -> None:
    async def press(at: Telephones, call_id: str, _relay: FakeRelay) -> None:
        await at.until(call_id, State.IN_PROGRESS)
        live = at.exchange.switchboard.find(call_id)
        assert live is not None
        receipt = await live.control(PressKeys("1w2#"))
        assert receipt.result == "done"

    call = held(tmp_path, [Waits(15), Presses("9"), Waits(30)], during=press)

    assert call.relay.keys == "1w2#"
    assert call.record.reason is Reason.USER_REQUESTED_DNC


def test_what_is_said_into_a_disclosure_waits_and_is_answered(tmp_path: Path) -> None:
    call = held(
        tmp_path,
        [Said("Hello?"), Waits(until_heard="hello"), Said("Who is this?"), Listens(2), HangsUp()],
    )

    disclosed = next(line for line in call.lines if line.text.startswith("Hello, this is"))
    assert not disclosed.interrupted
    assert "callee: Who is this?" in call.transcript
    assert any("calling for" in line for line in call.transcript)


def test_a_callee_on_hold_hears_music_until_the_agent_speaks_again(tmp_path: Path) -> None:
    playing: list[str] = []

    async def hold(at: Telephones, call_id: str, relay: FakeRelay) -> None:
        await at.until(call_id, State.IN_PROGRESS)
        live = at.exchange.switchboard.find(call_id)
        assert live is not None
        await live.control(BeQuiet(Quiet.ON_HOLD))
        await asyncio.sleep(20)
        playing.append(relay.playing)
        await live.control(BeQuiet(None, "I am back."))
        playing.append(relay.playing)
        await live.control(HangUp())

    call = held(tmp_path, [Waits(8), Said("Hello?"), Waits(600)], during=hold)

    assert playing[0].endswith("/carriers/twilio/music.wav")
    assert playing[1] == ""
    heard = " ".join(call.relay.end.heard)
    assert "One moment, please. I am back." in heard


def test_a_call_that_nobody_can_record_here_says_so(tmp_path: Path) -> None:
    options = CallOptions(telephony_params={"media": "relay"}, record=True)
    call = held(tmp_path, [Said("Hello?"), HangsUp()], options=options)

    assert call.record.recording is None
