"""A callee who is not alone: who hears whom, whose marks come back, and nothing that waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from switchhook.ports import Frame, LineClosed, LineEvent, MarkEchoed
from switchhook.runtime.framing import QUIET
from switchhook.runtime.jitter import MOST, Jitter
from switchhook.runtime.party import Party, Seat
from switchhook.testing import (
    FakeLine,
    HangsUp,
    Presses,
    Said,
    Step,
    Vanishes,
    Waits,
    run_virtually,
    virtual_clock,
)
from switchhook.testing.sounds import syllables

SPEECH = syllables(240)


@dataclass
class Company:
    """A callee and a guest on lines of their own, and what the agent hears of them."""

    party: Party
    callee: FakeLine
    guest: FakeLine
    seat: Seat
    leaving: asyncio.Task[None]
    heard: list[LineEvent] = field(default_factory=list[LineEvent])

    def say(self, *words: str) -> None:
        """Let the agent say a word in each 20 ms."""
        for word in words:
            self.party.send(Frame(SPEECH[0], (word,)))

    @property
    def words(self) -> list[str]:
        return [word for e in self.heard if isinstance(e, Frame) for word in e.words]

    @property
    def echoes(self) -> list[str]:
        return [event.name for event in self.heard if isinstance(event, MarkEchoed)]


def words_on(line: FakeLine) -> list[str]:
    return [word for frame in line.played for word in frame.words]


@asynccontextmanager
async def company(
    callee: Sequence[Step], guest: Sequence[Step], *, aside: bool = False
) -> AsyncGenerator[Company]:
    clock = virtual_clock()
    lines = FakeLine(callee, clock), FakeLine(guest, clock)
    party = Party(lines[0], clock)

    async def listen(here: Company) -> None:
        async for event in party.events():
            here.heard += [event]

    async with asyncio.TaskGroup() as group:
        with party.seated(lines[1], aside=aside) as seat:
            leaving = group.create_task(seat.listen())
            here = Company(party, *lines, seat, leaving)
            listening = group.create_task(listen(here))
            yield here
        leaving.cancel()
        listening.cancel()


def test_all_three_hear_each_other_and_nobody_hears_themselves() -> None:
    async def main() -> None:
        ada = [Waits(0.2), Said("Here is Ada."), Waits(60)]
        sam = [Waits(2.0), Said("Here is Sam."), Waits(60)]
        async with company(ada, sam) as here:
            await asyncio.sleep(4)
            here.say("Hello", "both.")
            await asyncio.sleep(1)

            assert here.words == ["Here", "is", "Ada.", "Here", "is", "Sam."]
            assert words_on(here.callee) == ["Here", "is", "Sam.", "Hello", "both."]
            assert words_on(here.guest) == ["Here", "is", "Ada.", "Hello", "both."]

    run_virtually(main)


def test_two_at_once_are_heard_together() -> None:
    async def main() -> None:
        async with company([Said("One two three."), Waits(9)], [Waits(9)]) as here:
            here.say(*"abcdefgh")
            await asyncio.sleep(1)
            sounds = {frame.audio for frame in here.guest.played if frame.words}
            assert not sounds <= {SPEECH[0]}
            assert {*"abcdefgh", "One"} <= {*words_on(here.guest)}

    run_virtually(main)


def test_a_callee_who_is_aside_hears_music_and_is_heard_by_nobody() -> None:
    async def main() -> None:
        ada = [Said("Is anybody there?"), Waits(60)]
        async with company(ada, [Said("Sam."), Waits(60)], aside=True) as here:
            here.say("Ada", "asks.")
            await asyncio.sleep(1)
            assert words_on(here.callee) == []
            assert here.words == ["Sam."]
            assert words_on(here.guest) == ["Ada", "asks."]
            music = [frame for frame in here.callee.played if frame.audio != QUIET.audio]
            assert len(music) > 40

            here.party.set_aside(on=False)
            here.say("Together.")
            await asyncio.sleep(1)
            assert words_on(here.callee) == ["Together."]
            assert here.callee.played[-1].audio == QUIET.audio

    run_virtually(main)


def test_marks_come_back_from_whom_the_agent_speaks_to_when_it_was_heard() -> None:
    async def main() -> None:
        async with company([Waits(60)], [Waits(60)], aside=True) as here:
            here.party.mark("empty")
            here.say("Ada", "asks.")
            here.party.mark("heard")
            await asyncio.sleep(1)
            assert here.echoes == ["empty", "heard"]
            assert here.callee.marks == []

            here.party.set_aside(on=False)
            here.say("Hello.")
            here.party.mark("all")
            assert here.callee.marks == []
            await asyncio.sleep(1)
            assert here.echoes[2:] == ["all"]
            assert here.guest.marks == ["empty", "heard"]

    run_virtually(main)


def test_what_is_thrown_away_is_heard_by_nobody_and_its_marks_come_back() -> None:
    async def main() -> None:
        async with company([Waits(60)], [Waits(60)]) as here:
            here.say("Never", "mind.")
            here.party.mark("gone")
            here.party.clear()
            await asyncio.sleep(1)
            assert words_on(here.callee) == words_on(here.guest) == []
            assert here.echoes == ["gone"]
            assert here.callee.clears == here.guest.clears == 1

    run_virtually(main)


def test_a_callee_who_is_alone_again_hears_the_rest() -> None:
    async def main() -> None:
        async with company([Waits(60)], [Waits(60)]) as here:
            here.say("To", "be", "heard.")
            here.party.mark("end")
        assert words_on(here.callee) == []
        assert [sent.frame.words for sent in here.callee.outgoing] == [
            ("To",),
            ("be",),
            ("heard.",),
        ]
        assert here.callee.marks == ["end"]
        here.party.set_aside(on=True)
        here.party.send(QUIET)
        here.party.send_digits("1")
        here.party.clear()
        assert (here.callee.digits, here.callee.clears, here.guest.clears) == ("1", 1, 0)

    run_virtually(main)


def test_a_guest_who_comes_later_is_not_put_out_with_the_one_before() -> None:
    async def main() -> None:
        async with company([Waits(60)], [Waits(60)]) as here:
            other = FakeLine([], virtual_clock())
            first = here.party.seated(other, aside=True)
            with first:
                later = here.party.seated(here.guest, aside=False)
                later.__enter__()
            here.say("Hello.")
            await asyncio.sleep(1)
            assert words_on(here.guest) == ["Hello."]
            later.__exit__(None, None, None)

    run_virtually(main)


def test_the_guests_line_ends_and_their_keys_are_nobodys() -> None:
    async def main() -> None:
        sam = [Presses("5"), Said("Bye."), Waits(0.2), HangsUp()]
        async with company([Presses("1"), Waits(60)], sam) as here:
            await asyncio.wait({here.leaving}, timeout=5)
            assert here.leaving.done()
            keys = [event for event in here.heard if not isinstance(event, Frame | MarkEchoed)]
            assert [getattr(event, "digit", "") for event in keys] == ["1"]

    run_virtually(main)


def test_a_callee_who_hangs_up_ends_the_line_as_ever() -> None:
    async def main() -> None:
        async with company([Waits(0.5), HangsUp()], [Waits(60)]) as here:
            await asyncio.sleep(2)
            assert here.heard[-1] == LineClosed()

    run_virtually(main)


def test_nothing_waits_for_media_that_has_stopped() -> None:
    async def main() -> None:
        async with company([Vanishes(), Waits(60)], [Said("Sam here.")] * 40) as here:
            here.say(*["word"] * 50)
            await asyncio.sleep(30)
            assert here.words == []
            assert words_on(here.guest) == []

    run_virtually(main)


def test_it_is_known_who_was_louder() -> None:
    async def main() -> None:
        ada = [Said("One two three four."), Waits(60)]
        sam = [Waits(3.0), Said("Five six seven eight."), Waits(60)]
        async with company(ada, sam) as here:
            began = virtual_clock().monotonic()
            await asyncio.sleep(5)
            assert not here.party.was_guest(began, began + 2)
            assert here.party.was_guest(began + 2, began + 5)
            assert not here.party.was_guest(began + 50, began + 60)

    run_virtually(main)


def test_frames_that_come_in_bursts_are_taken_one_by_one_and_lose_no_words() -> None:
    jitter = Jitter()
    assert jitter.take() == QUIET
    jitter.put(Frame(SPEECH[0], ("a",)))
    assert jitter.take() == QUIET
    for number in range(MOST + 5):
        jitter.put(Frame(SPEECH[1], (str(number),)))

    taken = [jitter.take() for _ in range(MOST)]
    assert [w for f in taken for w in f.words] == ["a", *map(str, range(MOST + 5))]
    assert jitter.take() == QUIET
    jitter.put(QUIET)
    jitter.put(Frame(SPEECH[0]))
    assert [jitter.take(), jitter.take()] == [QUIET, Frame(SPEECH[0])]
