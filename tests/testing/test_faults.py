from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import (
    Dial,
    Dialled,
    Entry,
    Frame,
    Heard,
    LegEvent,
    Listening,
    NotPickedUp,
    PickedUp,
    Ringing,
)
from switchhook.testing import (
    FakeCarrier,
    Faults,
    NotedJournal,
    Pieces,
    PlainEars,
    PlainVoice,
    Said,
    ScriptedCallee,
    Trouble,
    a_call,
    run_virtually,
    uttered,
    virtual_clock,
)
from switchhook.testing.faults import Fortune

DIAL = Dial("call_test", "attempt_1", "+15550100123", None)


def test_troubles_come_as_often_as_they_are_asked_for() -> None:
    fortune = Fortune(Faults(error=0.2, garbage=0.3, seed=1))

    drawn = Counter(fortune.next() for _ in range(1000))

    assert 150 < drawn[Trouble.ERROR] < 250
    assert 250 < drawn[Trouble.GARBAGE] < 350
    assert drawn[Trouble.HANG] == drawn[Trouble.NOTHING] == 0


def test_troubles_begin_late_and_end_soon() -> None:
    fortune = Fortune(Faults(error=1.0, after=2, times=3))

    drawn = [fortune.next() for _ in range(8)]

    assert drawn == [Trouble.NONE] * 2 + [Trouble.ERROR] * 3 + [Trouble.NONE] * 3


def say(faults: Faults, text: str = "Hello there.") -> tuple[list[str], float]:
    async def main() -> tuple[list[str], float]:
        speech = await uttered(PlainVoice(faults), text)
        return [w.text for w in speech.words], asyncio.get_running_loop().time()

    return run_virtually(main)


def test_a_voice_speaks_late_wrongly_or_not_at_all() -> None:
    assert say(Faults(latency=0.5)) == (["Hello", "there."], 0.5)
    assert say(Faults(nothing=1.0))[0] == []
    assert say(Faults(garbage=1.0))[0] == ["xyzzy"]
    assert 0.5 < say(Faults(latency=0.5, jitter=1.0))[1] < 1.5
    with pytest.raises(OSError, match="the voice is out of order"):
        say(Faults(error=1.0))
    with pytest.raises(TimeoutError):
        run_virtually(lambda: asyncio.wait_for(uttered(PlainVoice(Faults(hang=1.0)), "Hi"), 60))


def hear(faults: Faults, text: str = "Yes please") -> list[tuple[int, Heard]]:
    heard: list[tuple[int, Heard]] = []
    at_ms = 0
    callee = ScriptedCallee([Said(text)])

    def note(words: Heard) -> None:
        heard.append((at_ms, words))

    async def main() -> None:
        nonlocal at_ms
        hearing = PlainEars(faults).open(Listening("en"), note)
        for at_ms in range(0, 3000, 20):
            for event in callee.hear(()):
                assert isinstance(event, Frame)
                hearing.push(event, at_ms)
        asyncio.get_running_loop().call_later(1.0, hearing.close)
        await hearing.run()

    run_virtually(main)
    return heard


def test_ears_hear_partly_and_then_finally() -> None:
    heard = hear(Faults())

    assert [h.text for _, h in heard] == ["Yes", "Yes please", "Yes please"]
    assert [h.final for _, h in heard] == [False, False, True]
    assert heard[-1][0] == pytest.approx(480 + 600, abs=40)


def test_ears_hear_late_wrongly_or_not_at_all() -> None:
    assert hear(Faults(latency=0.5))[-1][0] == pytest.approx(480 + 600 + 500, abs=60)
    assert hear(Faults(garbage=1.0))[-1][1].text == "fnord wibble"
    assert [h.final for _, h in hear(Faults(nothing=1.0))] == [False, False]
    assert [h.final for _, h in hear(Faults(hang=1.0))] == [False, False]
    with pytest.raises(OSError, match="the ears are out of order"):
        hear(Faults(error=1.0))


def test_a_store_is_locked_for_a_while_or_full() -> None:
    async def main() -> float:
        call = a_call()
        await NotedJournal(call, Faults(latency=5.0)).write(call.id, Entry(state=State.RINGING))
        full = NotedJournal(call, Faults(error=1.0))
        with pytest.raises(OSError, match="full"):
            await full.write(call.id, Entry(state=State.RINGING))
        with pytest.raises(AssertionError, match="not the call"):
            await full.write("another", Entry())
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == 5.0


def test_a_carrier_rings_and_is_answered_or_not() -> None:
    async def main() -> list[type[LegEvent]]:
        clock = virtual_clock()
        seen: list[type[LegEvent]] = []
        for carrier in (
            FakeCarrier(clock, []),
            FakeCarrier(clock, lambda request: [Said(request.to_number)], refusal=Reason.BUSY),
        ):
            leg = await carrier.dial(DIAL)
            seen += [type(event) async for event in leg.events()]
            await leg.hang_up()
            assert carrier.legs["call_test"].hung_up == [clock.monotonic()]
        with pytest.raises(OSError, match="the carrier is out of order"):
            await FakeCarrier(clock, [], faults=Faults(error=1.0)).dial(DIAL)
        return seen

    assert run_virtually(main) == [Dialled, Ringing, PickedUp, Dialled, Ringing, NotPickedUp]


def test_a_voice_speaks_in_pieces_that_make_the_whole() -> None:
    whole = run_virtually(lambda: uttered(PlainVoice(), "Hello there."))
    pieces = Pieces(most=3, between=0.2, seed=1)

    async def main() -> float:
        assert await uttered(PlainVoice(pieces=pieces), "Hello there.") == whole
        return asyncio.get_running_loop().time()

    assert run_virtually(main) > 0.5


def test_a_voice_breaks_off() -> None:
    with pytest.raises(OSError, match="broke off"):
        run_virtually(lambda: uttered(PlainVoice(pieces=Pieces(broken=1.0)), "Hello there."))


def test_an_ear_loses_its_connection_in_the_middle_of_a_word() -> None:
    heard: list[str] = []

    async def main() -> None:
        hearing = PlainEars(drops=[2]).open(Listening("en"), lambda words: heard.append(words.text))
        callee = ScriptedCallee([Said("Yes please")])
        for at_ms in range(0, 600, 20):
            for event in callee.hear(()):
                assert isinstance(event, Frame)
                hearing.push(event, at_ms)
        await hearing.run()

    with pytest.raises(OSError, match="out of order"):
        run_virtually(main)
    assert heard == ["Yes"]
