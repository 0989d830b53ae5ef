"""What ears on a vendor's socket owe their call; each demand is one test per ears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from switchhook.domain.errors import EarsLost, Misconfigured
from switchhook.engine.expectation import Expectation
from switchhook.ports import FRAME_MS, Frame, Heard, Hearing, Listening
from switchhook.runtime.framing import QUIET
from switchhook.testing import sounds, virtual_clock
from switchhook.testing.vendors import Mishap
from tests.providers.rigs import EarsRig, Hearer

FIRST = "I need to move my appointment."
SECOND = "Tuesday."


class Callee:
    """Speaks into an ear at the pace of a telephone, from a moment of the call."""

    def __init__(self, ear: Hearing, at_ms: int = 0) -> None:
        self.ear = ear
        self.at_ms = at_ms
        self.frames: list[tuple[Frame, int]] = []

    async def speaks(self, milliseconds: int, then_quiet: int = 1200) -> int:
        """Speak, then say nothing; return when it began."""
        began = self.at_ms
        for audio in sounds.syllables(milliseconds):
            await self._push(Frame(audio))
        for _ in range(then_quiet // FRAME_MS):
            await self._push(QUIET)
        return began

    async def _push(self, frame: Frame) -> None:
        self.frames.append((frame, self.at_ms))
        self.ear.push(frame, self.at_ms)
        self.at_ms += FRAME_MS
        await asyncio.sleep(FRAME_MS / 1000)


@asynccontextmanager
async def hearing(
    rig: EarsRig, fake: Hearer, heard: list[Heard], *, key: str | None = None
) -> AsyncGenerator[tuple[Hearing, asyncio.Task[None]]]:
    async with fake.reception.serving() as url:
        ears = rig.ears(key or fake.key, virtual_clock(), url)
        ear = ears.open(Listening("en", ("Ava",), rig.model), heard.append)
        ear.expect(Expectation())
        async with asyncio.TaskGroup() as group:
            running = group.create_task(ear.run())
            try:
                yield ear, running
            finally:
                ear.close()
    assert fake.reception.live == 0


def settled(heard: list[Heard]) -> list[Heard]:
    """Return the words that will not change."""
    return [h for h in heard if h.certain or h.final]


# ---- what is heard ------------------------------------------------------------------------------


async def what_is_said_is_heard_in_its_order_and_at_its_time(rig: EarsRig) -> None:
    heard: list[Heard] = []
    async with hearing(rig, rig.fake([FIRST, SECOND]), heard) as (ear, _):
        callee = Callee(ear, at_ms=5000)
        first = await callee.speaks(1400)
        second = await callee.speaks(400)
    one, two = settled(heard)
    assert (one.text, two.text) == (FIRST, SECOND)
    assert abs(one.start_ms - first) <= 40
    assert first + 1000 <= one.end_ms <= first + 1440
    assert abs(two.start_ms - second) <= 40


async def words_grow_while_they_are_spoken(rig: EarsRig) -> None:
    heard: list[Heard] = []
    async with hearing(rig, rig.fake([FIRST]), heard) as (ear, _):
        await Callee(ear).speaks(1400)
    guesses = [h.text for h in heard]
    assert len(set(guesses)) > 3
    assert all(FIRST.startswith(guess) for guess in guesses)
    assert len({h.start_ms for h in heard}) == 1


async def only_ears_that_know_turns_end_them(rig: EarsRig) -> None:
    heard: list[Heard] = []
    async with hearing(rig, rig.fake([FIRST]), heard) as (ear, _):
        await Callee(ear).speaks(1400)
    assert [h.final for h in settled(heard)] == [rig.knows_turns]


async def time_that_no_frame_tells_is_not_lost(rig: EarsRig) -> None:
    heard: list[Heard] = []
    async with hearing(rig, rig.fake([FIRST, SECOND]), heard) as (ear, _):
        callee = Callee(ear)
        await callee.speaks(1400)
        callee.at_ms += 700
        second = await callee.speaks(400)
    assert abs(settled(heard)[1].start_ms - second) <= 40


async def a_clock_that_trembles_changes_nothing(rig: EarsRig) -> None:
    heard: list[Heard] = []
    async with hearing(rig, rig.fake([FIRST]), heard) as (ear, _):
        callee = Callee(ear)
        for n, audio in enumerate(sounds.syllables(1400)):
            ear.push(Frame(audio), 20 * n + (n % 3) * 9)
            await asyncio.sleep(0.02)
        callee.at_ms = 1400
        await callee.speaks(0)
    assert len({h.start_ms for h in heard}) == 1
    assert settled(heard)[0].start_ms <= 40


async def ears_are_open_while_the_telephone_rings(rig: EarsRig) -> None:
    heard: list[Heard] = []
    fake = rig.fake([FIRST])
    async with hearing(rig, fake, heard) as (ear, _):
        await asyncio.sleep(60)
        began = await Callee(ear).speaks(1400)
    assert abs(settled(heard)[0].start_ms - began) <= 40
    assert len(fake.reception.visits) == 1


async def what_is_said_before_the_connection_is_heard_after_it(rig: EarsRig) -> None:
    heard: list[Heard] = []
    fake = rig.fake([FIRST])
    fake.reception.mishaps += [Mishap(wait=2.0)]
    async with hearing(rig, fake, heard) as (ear, _):
        await Callee(ear).speaks(1400, then_quiet=3000)
    assert [h.text for h in settled(heard)] == [FIRST]
    assert settled(heard)[0].start_ms <= 40


# ---- losing the connection ----------------------------------------------------------------------


async def ears_that_are_lost_say_so(rig: EarsRig) -> None:
    for mishap in (
        Mishap(status=429),
        Mishap(status=503),
        Mishap(cut_after=2),
        Mishap(cut_after=2, close_code=1011, reason="NET-0001"),
        Mishap(cut_after=2, close_code=1000),
        Mishap(garbage_after=2),
        Mishap(hang_after=0),
    ):
        fake = rig.fake([FIRST] * 20)
        fake.reception.mishaps += [mishap]
        async with fake.reception.serving() as url:
            ear = rig.ears(fake.key, virtual_clock(), url).open(
                Listening("en", (), rig.model), lambda _: None
            )
            async with asyncio.TaskGroup() as group:
                talking = group.create_task(Callee(ear).speaks(1400, then_quiet=20_000))
                with pytest.raises(EarsLost):
                    async with asyncio.timeout(15):
                        await ear.run()
                talking.cancel()


async def a_vendor_that_does_not_answer_is_not_waited_for(rig: EarsRig) -> None:
    fake = rig.fake([])
    fake.reception.mishaps += [Mishap(wait=8.0)]
    async with fake.reception.serving() as url:
        ears = rig.ears(fake.key, virtual_clock(), url)
        with pytest.raises(EarsLost):
            async with asyncio.timeout(3.5):
                await ears.open(Listening("en", (), rig.model), lambda _: None).run()


async def a_vendor_that_takes_nothing_in_is_left(rig: EarsRig) -> None:
    fake = rig.fake([])
    fake.reception.mishaps += [Mishap(hang_after=0)]
    async with fake.reception.serving() as url:
        ears = rig.ears(fake.key, virtual_clock(), url)
        ear = ears.open(Listening("en", (), rig.model), lambda _: None)
        ear.push(Frame(bytes(12_000_000)), 0)
        with pytest.raises(EarsLost):
            async with asyncio.timeout(9):
                await ear.run()


async def ears_that_are_replaced_mid_word_hear_nothing_twice(rig: EarsRig) -> None:
    """S26: what had not become certain is played again to the next ear."""
    fake = rig.fake([FIRST, SECOND])
    fake.reception.mishaps += [Mishap(cut_after=4)]
    heard: list[Heard] = []
    async with fake.reception.serving() as url:
        ears = rig.ears(fake.key, virtual_clock(), url)
        ear = ears.open(Listening("en", (), rig.model), heard.append)
        callee = Callee(ear, at_ms=3000)
        async with asyncio.TaskGroup() as group:
            talking = group.create_task(callee.speaks(1400))
            with pytest.raises(EarsLost):
                await ear.run()
            ear.close()
            assert heard
            assert not settled(heard)
            callee.ear = ears.open(Listening("en", (), rig.model), heard.append)
            for frame, at_ms in callee.frames:
                callee.ear.push(frame, at_ms)
            running = group.create_task(callee.ear.run())
            await talking
            second = await callee.speaks(400)
            callee.ear.close()
            await running
    one, two = settled(heard)
    assert (one.text, two.text) == (FIRST, SECOND)
    assert abs(one.start_ms - 3000) <= 40
    assert abs(two.start_ms - second) <= 40


# ---- being refused ------------------------------------------------------------------------------


async def what_asking_again_does_not_mend_is_misconfigured(rig: EarsRig) -> None:
    for status in (400, 401, 402, 403, 404):
        fake = rig.fake([])
        fake.reception.mishaps += [Mishap(status=status)]
        async with fake.reception.serving() as url:
            ears = rig.ears(fake.key, virtual_clock(), url)
            with pytest.raises(Misconfigured):
                await ears.open(Listening("en", (), rig.model), lambda _: None).run()


async def a_wrong_key_names_its_setting(rig: EarsRig) -> None:
    fake = rig.fake([])
    async with fake.reception.serving() as url:
        ears = rig.ears("wrong", virtual_clock(), url)
        with pytest.raises(Misconfigured, match=r"SWITCHHOOK_[A-Z]+_API_KEY") as raised:
            await ears.open(Listening("en", (), rig.model), lambda _: None).run()
    assert "wrong" not in str(raised.value)


# ---- ending -------------------------------------------------------------------------------------


async def closing_says_goodbye_and_leaves_nothing(rig: EarsRig) -> None:
    fake = rig.fake([])
    async with hearing(rig, fake, []) as (ear, running):
        await asyncio.sleep(1)
        assert fake.reception.live == 1
        ear.close()
        await running
        await asyncio.sleep(0.1)
        assert fake.reception.live == 0
    assert fake.reception.visits[0].messages[-1] == {"type": "CloseStream"}


async def closing_ends_an_attempt_to_connect(rig: EarsRig) -> None:
    fake = rig.fake([])
    fake.reception.mishaps += [Mishap(wait=2.5)]
    async with hearing(rig, fake, []) as (ear, running):
        await asyncio.sleep(1)
        began = asyncio.get_running_loop().time()
        ear.close()
        await running
        assert asyncio.get_running_loop().time() - began < 0.1


async def a_call_that_is_cancelled_cancels_its_ears(rig: EarsRig) -> None:
    fake = rig.fake([])
    async with hearing(rig, fake, []) as (_, running):
        await asyncio.sleep(1)
        running.cancel()


DEMANDS = (
    what_is_said_is_heard_in_its_order_and_at_its_time,
    words_grow_while_they_are_spoken,
    only_ears_that_know_turns_end_them,
    time_that_no_frame_tells_is_not_lost,
    a_clock_that_trembles_changes_nothing,
    ears_are_open_while_the_telephone_rings,
    what_is_said_before_the_connection_is_heard_after_it,
    ears_that_are_lost_say_so,
    a_vendor_that_does_not_answer_is_not_waited_for,
    a_vendor_that_takes_nothing_in_is_left,
    ears_that_are_replaced_mid_word_hear_nothing_twice,
    what_asking_again_does_not_mend_is_misconfigured,
    a_wrong_key_names_its_setting,
    closing_says_goodbye_and_leaves_nothing,
    closing_ends_an_attempt_to_connect,
    a_call_that_is_cancelled_cancels_its_ears,
)
