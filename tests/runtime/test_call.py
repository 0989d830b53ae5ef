from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from switchhook.audio import g711, wav
from switchhook.audio.tones import KeyEar
from switchhook.domain.agent import Mind
from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import CallOptions
from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import (
    AnswerQuestion,
    DigitPressed,
    Frame,
    HangUp,
    MarkEchoed,
    PressKeys,
    Receipt,
    Say,
)
from switchhook.providers.loopback import Hum, TextEars
from switchhook.runtime.booth import booth
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.call import Ended, RunningCall
from switchhook.runtime.casting import Troupe
from switchhook.runtime.listening import BuiltIn
from switchhook.runtime.studio import Studio
from switchhook.runtime.ticker import Ticker
from switchhook.testing import (
    AT_ONCE,
    AnsweredCall,
    Conditions,
    FakeLine,
    Faults,
    Marks,
    NotedJournal,
    PlainVoice,
    Said,
    Waits,
    a_call,
    answered,
    run_virtually,
    virtual_clock,
)

HELPFUL = [
    Waits(until_heard="that"),
    Waits(1.0),
    Said("Yes, sure."),
    Waits(until_heard="on"),
    Waits(1.0),
    Said("No, thanks."),
]
ASSISTANT = Mind(kind="assistant")


def test_a_conversation_is_held_and_written_down_as_it_was_heard() -> None:
    async def main() -> tuple[AnsweredCall, Ended]:
        async with answered(a_call(), HELPFUL, voice=Hum(), ears=TextEars()) as call:
            return call, await call.ended()

    call, end = run_virtually(main)

    assert end.reason is Reason.AGENT_HANGUP
    assert call.journal.entries[0].state is State.IN_PROGRESS
    assert State.ENDING in [entry.state for entry in call.journal.entries]
    assert call.journal.spoken == [
        "agent: Hello, this is an AI assistant.",
        "agent: I'd like to book a table. Can you help me with that?",
        "callee: Yes, sure.",
        "agent: All right. Is there a message that I should pass on?",
        "callee: No, thanks.",
        "agent: Thank you for your time. Goodbye.",
    ]


def test_frames_leave_at_the_pace_at_which_they_are_heard_with_a_small_lead() -> None:
    leads: list[int] = []

    async def main() -> None:
        async with answered(a_call(turns=AT_ONCE), [], voice=Hum(), ears=TextEars()) as call:
            for _ in range(100):
                await asyncio.sleep(0.02)
                leads.append(len(call.line.sent) - len(call.line.played))
            call.line.hang_up()
            await call.ended()

    run_virtually(main)

    assert max(leads) <= 6
    assert min(leads[5:]) >= 3


def test_speech_of_the_callee_clears_the_carrier_and_nothing_old_is_played() -> None:
    script = [Waits(until_heard="like"), Said("Wait, who is this?")]

    async def main() -> AnsweredCall:
        async with answered(a_call(), script, voice=Hum(), ears=TextEars()) as call:
            await asyncio.sleep(12)
            call.line.hang_up()
            await call.ended()
            return call

    call = run_virtually(main)

    assert call.line.clears >= 1
    assert call.journal.spoken[1].startswith("agent: I'd like")
    assert call.journal.spoken[1].endswith(" -")
    assert call.journal.spoken[2] == "callee: Wait, who is this?"
    assert call.journal.spoken[3].startswith("agent: I am an AI assistant calling for a customer.")
    heard = [word for frame in call.line.played for word in frame.words]
    cut = call.journal.spoken[1].removeprefix("agent: ").removesuffix(" -").split()
    assert heard[6 : 6 + len(cut) + 1][: len(cut)] == cut


def test_an_assistant_says_what_it_wants_and_is_told_what_was_heard() -> None:
    receipts: list[Receipt] = []

    async def main() -> AnsweredCall:
        greeting = a_call(mind=ASSISTANT, first_message="Hello.")
        async with answered(greeting, [], voice=Hum(), ears=TextEars()) as call:
            receipts.append(await call.running.control(Say("A table for four, please.")))
            async with asyncio.TaskGroup() as group:
                first = group.create_task(call.running.control(Say("This is a very long story.")))
                await asyncio.sleep(1)
                group.create_task(call.running.control(Say("Sorry.", interrupt=True)))
            receipts.append(first.result())
            receipts.append(await call.running.control(PressKeys("12#")))
            receipts.append(await call.running.control(AnswerQuestion("q1", "No")))
            receipts.append(await call.running.control(HangUp()))
            await call.ended()
            receipts.append(await call.running.control(Say("Too late.")))
            return call

    call = run_virtually(main)

    assert [receipt.result for receipt in receipts] == [
        "done",
        "interrupted",
        "done",
        "refused",
        "done",
        "refused",
    ]
    assert receipts[0].heard == "A table for four, please."
    assert receipts[1].heard.startswith("This is")
    ear = KeyEar()
    keys = [ear.push(g711.decode(frame.audio)) for frame in call.line.played]
    assert "".join(key for key in keys if key) == "12#"


def test_a_command_that_waits_when_the_callee_hangs_up_is_told_so() -> None:
    async def main() -> Receipt:
        async with answered(a_call(mind=ASSISTANT), [], voice=Hum(), ears=TextEars()) as call:
            await asyncio.sleep(1)
            async with asyncio.TaskGroup() as group:
                asked = group.create_task(call.running.control(Say("Are you open?")))
                await asyncio.sleep(0.5)
                call.line.hang_up()
            await call.ended()
            return asked.result()

    assert run_virtually(main).result == "interrupted"


def test_keys_and_marks_of_the_far_end_arrive() -> None:
    async def main() -> AnsweredCall:
        async with answered(a_call(), [], voice=Hum(), ears=TextEars()) as call:
            await asyncio.sleep(1)
            call.line.report(DigitPressed("7"))
            call.line.report(MarkEchoed("g9:200"))
            await asyncio.sleep(1)
            call.line.hang_up()
            await call.ended()
            return call

    facts = run_virtually(main).journal.facts

    assert [f.data for f in facts if f.kind is Kind.DIGITS] == [{"digits": "7", "from": "callee"}]


def test_a_carrier_without_marks_is_talked_through_all_the_same() -> None:
    async def main() -> Ended:
        context = answered(
            a_call(),
            HELPFUL,
            voice=Hum(),
            ears=TextEars(),
            conditions=Conditions(marks=Marks.NEVER),
        )
        async with context as call:
            return await call.ended()

    assert run_virtually(main).outcome.fields["agreed"].value is True


@pytest.mark.parametrize("faults", [Faults(error=1.0), Faults(hang=1.0)], ids=["fails", "hangs"])
def test_a_voice_that_does_not_speak_ends_the_call(faults: Faults) -> None:
    async def main() -> Ended:
        async with answered(a_call(), [], voice=PlainVoice(faults), ears=TextEars()) as call:
            return await call.ended(within=20)

    assert run_virtually(main).reason is Reason.ERROR_TTS


class BrokenDetector(BuiltIn):
    """A detector that breaks at the first sound."""

    def feed(self, frame: Frame, pcm: bytes, own: int) -> None:
        raise OSError(f"{len(frame.audio)} bytes, {len(pcm)} samples and {own} are too much")


def test_a_failure_inside_leaves_no_task_and_is_raised() -> None:
    async def main() -> None:
        with pytest.raises(ExceptionGroup) as failure:
            async with answered(a_call(), [], detector=BrokenDetector) as call:
                await call.ended()
        assert failure.group_contains(OSError, match="are too much")

    run_virtually(main)


TROUPE = Troupe(TextEars(), Hum())


class BrokenLine(FakeLine):
    """A line that takes no audio."""

    def send(self, frame: Frame) -> None:
        raise OSError(f"{len(frame.audio)} bytes could not be sent")


def test_a_line_that_breaks_ends_its_call_and_no_beat() -> None:
    async def main() -> None:
        clock = virtual_clock()
        ticker = Ticker(clock)
        call = a_call()
        line = BrokenLine([], clock)
        journal = NotedJournal(call)
        breakers, nowhere = Breakers(clock), Path("recordings")
        studio = Studio(clock, ticker, TROUPE, journal, nowhere, breakers=breakers)
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(ticker.run())
            with pytest.raises(OSError, match="160 bytes could not be sent"):
                async with booth(call, studio) as own:
                    await RunningCall(line, own).run()
            beating.cancel()
        assert len(ticker) == 0

    run_virtually(main)


def test_a_call_that_nobody_answered_yet_has_no_conversation() -> None:
    async def main() -> Receipt:
        clock = virtual_clock()
        call = a_call()
        parts = (clock, Ticker(clock), TROUPE, NotedJournal(call), Path())
        studio = Studio(*parts, breakers=Breakers(clock))
        async with booth(call, studio) as own:
            return await RunningCall(FakeLine([], clock), own).control(Say("Hello?"))

    assert run_virtually(main) == Receipt("refused", detail="there is no conversation")


def test_the_recording_has_both_sides_as_they_were_heard(tmp_path: Path) -> None:
    call_record = a_call(options=CallOptions(record=True))

    async def main() -> tuple[AnsweredCall, Ended]:
        context = answered(
            call_record, HELPFUL, voice=Hum(), ears=TextEars(), recordings=tmp_path / "new"
        )
        async with context as call:
            return call, await call.ended()

    call, end = run_virtually(main)

    assert end.recording is not None
    path = Path(end.recording.path)
    assert path.stat().st_mode & 0o777 == 0o600
    file = wav.read(path.read_bytes())
    assert path.stat().st_size == end.recording.bytes
    assert file.seconds == pytest.approx(end.recording.seconds)
    assert len(file.channel(0)) == len(file.channel(1))
    heard = b"".join(frame.audio for frame in call.line.played)
    loud = sum(sample != 0 for sample in memoryview(file.channel(1)).cast("h"))
    assert loud == pytest.approx(sum(byte not in (0xFF, 0x7F) for byte in heard), rel=0.02)


def test_an_interrupted_utterance_is_recorded_only_as_far_as_it_was_heard(tmp_path: Path) -> None:
    call_record = a_call(options=CallOptions(record=True))
    script = [Waits(until_heard="like"), Said("Stop calling me.")]

    async def main() -> tuple[AnsweredCall, Ended]:
        context = answered(call_record, script, voice=Hum(), ears=TextEars(), recordings=tmp_path)
        async with context as call:
            return call, await call.ended()

    call, end = run_virtually(main)

    assert end.reason is Reason.USER_REQUESTED_DNC
    assert end.recording is not None
    right = wav.read(Path(end.recording.path).read_bytes()).channel(1)
    played = sum(byte not in (0xFF, 0x7F) for frame in call.line.played for byte in frame.audio)
    recorded = sum(sample != 0 for sample in memoryview(right).cast("h"))
    assert abs(recorded - played) <= 8 * 120


def test_a_room_behind_the_agent_is_heard_until_the_call_is_over_and_not_after() -> None:
    """S39, S52: the line is never starved, and after the hang-up nothing beats."""

    async def main() -> AnsweredCall:
        call = a_call(background_sound="office", mind=ASSISTANT)
        async with answered(call, [], voice=Hum(), ears=TextEars()) as running:
            await asyncio.sleep(10)
            running.line.hang_up()
            await running.ended()
            return running

    call = run_virtually(main)

    assert len(call.line.sent) >= 490
    assert any(f.kind is Kind.SPOKEN for f in call.journal.facts)
