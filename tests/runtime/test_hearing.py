from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from switchhook.engine.answers import Shape
from switchhook.engine.expectation import Expectation
from switchhook.ports import Frame, Heard, Listening
from switchhook.runtime.breaker import FAILURES, OPEN_FOR, Breakers, Stand
from switchhook.runtime.connections import Connections
from switchhook.runtime.framing import QUIET
from switchhook.runtime.hearing import KEPT_MS, SteadyEars, candidates
from switchhook.testing import run_virtually, virtual_clock

YES_OR_NO = Expectation(Shape.BOOLEAN)


class Ear:
    """One call's ear, which the test breaks and lets hear."""

    def __init__(self, told: Callable[[Heard], None], *, deaf: bool) -> None:
        self.told = told
        self.deaf = deaf
        self.given: list[int] = []
        self.asked = Expectation()
        self.closed = False
        self.ending: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def expect(self, asked: Expectation) -> None:
        self.asked = asked

    def push(self, frame: Frame, at_ms: int) -> None:
        if self.deaf:
            raise OSError(f"{len(frame.audio)} bytes are too much")
        self.given.append(at_ms)

    async def run(self) -> None:
        await self.ending

    def close(self) -> None:
        self.closed = True


class Vendor:
    """Ears of a vendor, all of them at hand."""

    def __init__(self, name: str = "vendor", *, deaf: bool = False, refuses: int = 0) -> None:
        self.name = name
        self.deaf = deaf
        self.refuses = refuses
        self.opened: list[Ear] = []
        self.asked: list[Listening] = []

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> Ear:
        self.asked.append(listening)
        if self.refuses and self.opened:
            self.refuses -= 1
            raise OSError("not now")
        self.opened.append(Ear(told, deaf=self.deaf))
        return self.opened[-1]


LISTENING = Listening("en", ("Vetrova",), "fast")


class Desk:
    """Listens to steady ears, and replaces them when they end."""

    def __init__(self, *vendors: Vendor) -> None:
        self.connections = Connections()
        self.breakers = Breakers(virtual_clock())
        self.vendors = vendors
        self.ears = self.another()
        self.heard: list[str] = []
        self.ended = 0

    def another(self) -> SteadyEars:
        """Return the ears of another call."""
        return SteadyEars(candidates(self.vendors, LISTENING, self.breakers), self.connections)

    def listen(self) -> None:
        self.ears.listen(lambda heard: self.heard.append(heard.text), self._end)

    def _end(self) -> None:
        self.ended += 1

    async def over(self) -> None:
        self.ears.close()
        await self.connections.close()


def test_new_ears_hear_what_was_said_since_the_last_certain_words() -> None:
    vendor = Vendor()

    async def main() -> None:
        desk = Desk(vendor)
        desk.listen()
        desk.ears.expect(YES_OR_NO)
        for at_ms in range(0, 200, 20):
            desk.ears.push(QUIET, at_ms)
        vendor.opened[0].told(Heard("Yes", final=True, start_ms=0, end_ms=100))
        vendor.opened[0].told(Heard("for", final=False, start_ms=120, end_ms=180))
        vendor.opened[0].ending.set_exception(OSError("gone"))
        await asyncio.sleep(0.1)
        desk.ears.push(QUIET, 200)
        assert desk.ended == 1

        desk.ears.replace(by_others=False)
        desk.ears.push(QUIET, 220)

        assert vendor.opened[1].given == [100, 120, 140, 160, 180, 200, 220]
        assert vendor.opened[1].asked == YES_OR_NO
        assert [ear.closed for ear in vendor.opened] == [True, False]
        vendor.opened[0].told(Heard("too late", final=True, start_ms=0, end_ms=1))
        assert desk.heard == ["Yes", "for"]
        await desk.over()

    run_virtually(main)


def test_the_end_of_a_turn_whose_words_are_missing_is_heard_again() -> None:
    vendor = Vendor()

    async def main() -> None:
        desk = Desk(vendor)
        for at_ms in range(0, 200, 20):
            desk.ears.push(QUIET, at_ms)
        vendor.opened[0].told(Heard("", final=True, start_ms=100, end_ms=100))

        desk.ears.replace(by_others=False)

        assert len(vendor.opened[1].given) == 10
        await desk.over()

    run_virtually(main)


def test_no_more_than_twenty_seconds_are_heard_again() -> None:
    vendor = Vendor()

    async def main() -> None:
        desk = Desk(vendor)
        for at_ms in range(0, 3 * KEPT_MS, 20):
            desk.ears.push(QUIET, at_ms)
        desk.ears.replace(by_others=False)
        assert len(vendor.opened[1].given) == KEPT_MS // 20
        await desk.over()

    run_virtually(main)


def test_the_others_take_over_and_may_have_to_give_back() -> None:
    first, second = Vendor("first"), Vendor("second")

    async def main() -> None:
        desk = Desk(first, second)
        desk.ears.replace(by_others=True)
        assert len(second.opened) == 1
        desk.ears.replace(by_others=True)
        assert len(first.opened) == 2
        assert first.asked == [LISTENING, LISTENING]
        assert second.asked == [Listening("en", ("Vetrova",))]
        await desk.over()

    run_virtually(main)


def test_ears_that_ended_while_it_rang_are_told_when_somebody_listens() -> None:
    vendor = Vendor()

    async def main() -> None:
        desk = Desk(vendor)
        vendor.opened[0].ending.set_exception(OSError("idle"))
        await asyncio.sleep(0.1)

        desk.listen()

        assert desk.ended == 1
        await desk.over()

    run_virtually(main)


def test_ears_that_take_no_audio_have_ended() -> None:
    async def main() -> None:
        desk = Desk(Vendor(deaf=True))
        desk.listen()
        desk.ears.push(QUIET, 0)
        desk.ears.push(QUIET, 20)
        assert desk.ended == 1

        desk.ears.replace(by_others=False)

        assert desk.ended == 2
        await desk.over()

    run_virtually(main)


def test_ears_that_cannot_be_opened_again_have_ended_again() -> None:
    async def main() -> None:
        desk = Desk(Vendor(refuses=1))
        desk.listen()

        desk.ears.replace(by_others=False)

        assert desk.ended == 1
        await desk.over()

    run_virtually(main)


def break_down(desk: Desk) -> None:
    """Let the first ears of a desk fail as often as they may."""
    breaker = desk.breakers.of("ears", "first")
    for _ in range(FAILURES):
        breaker.attempt().failed()


def test_ears_that_failed_in_other_calls_are_asked_last_and_once_they_have_rested_first() -> None:
    first, second = Vendor("first"), Vendor("second")

    async def main() -> None:
        desk = Desk(first, second)
        break_down(desk)
        again = desk.another()
        assert (len(first.opened), len(second.opened)) == (1, 1)
        again.replace(by_others=True)
        assert len(first.opened) == 2
        await asyncio.sleep(OPEN_FOR)

        trying, meanwhile = desk.another(), desk.another()

        assert (len(first.opened), len(second.opened)) == (3, 2)
        first.opened[-1].told(Heard("Yes", final=True, start_ms=0, end_ms=100))
        assert desk.breakers.of("ears", "first").stand is Stand.CLOSED
        for ears in (again, trying, meanwhile):
            ears.close()
        await desk.over()

    run_virtually(main)


def test_a_trial_that_ends_without_a_word_or_never_begins_leaves_it_to_the_next_call() -> None:
    first, second = Vendor("first"), Vendor("second")

    async def main() -> None:
        desk = Desk(first, second)
        break_down(desk)
        await asyncio.sleep(OPEN_FOR)
        desk.another().close()
        desk.another().close()
        assert (len(first.opened), len(second.opened)) == (3, 0)
        first.refuses = 1
        with pytest.raises(OSError, match="not now"):
            desk.another()
        desk.another().close()
        assert (len(first.opened), len(second.opened)) == (3, 1)
        await asyncio.sleep(OPEN_FOR)
        desk.another().close()
        assert len(first.opened) == 4
        await desk.over()

    run_virtually(main)


def test_ears_that_end_call_after_call_are_left_alone() -> None:
    first, second = Vendor("first"), Vendor("second")

    async def main() -> None:
        desk = Desk(first, second)
        for number in range(FAILURES):
            ears = desk.ears if number == 0 else desk.another()
            first.opened[-1].ending.set_exception(OSError("gone"))
            await asyncio.sleep(0.1)
            ears.replace(by_others=True)
            ears.close()

        desk.another().close()

        assert (len(first.opened), len(second.opened)) == (FAILURES, FAILURES + 1)
        await desk.over()

    run_virtually(main)


def test_a_connection_that_does_not_say_goodbye_is_cut() -> None:
    async def main() -> float:
        desk = Desk(Vendor())
        await desk.over()
        return asyncio.get_running_loop().time()

    assert run_virtually(main) <= 0.6
