"""S43-S47: many calls at once touch one another in nothing."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import Dial, Frame
from switchhook.testing import FakeCarrier, FakeLeg, FakeLine, Listens, Said, Step
from tests.scenarios.bugs import crash_stops_the_beat, one_ear_for_all
from tests.scenarios.exchanges import Calls, answers, errors, place
from tests.scenarios.stage import TELEPHONE
from tests.scenarios.twins import fails_with

POLITE: list[Step] = [Listens(), Said("Yes, sure."), Listens(), Said("No, thanks.")]
CALLS = 50
FRUIT = ("apple", "banana", "cherry", "melon", "orange", "papaya", "quince", "raspberry")


def named(number: int) -> str:
    """Return something that nobody else of fifty says."""
    return f"{FRUIT[number % 7]} {FRUIT[number // 7]}"


class BrittleLine(FakeLine):
    """A line that takes two seconds of audio and then breaks."""

    def send(self, frame: Frame) -> None:
        if len(self.outgoing) > 100:
            raise OSError("the line is broken")
        super().send(frame)


class MixedCarrier(FakeCarrier):
    """Gives the bad call a brittle line."""

    async def dial(self, request: Dial) -> FakeLeg:
        leg = await super().dial(request)
        if request.call_id == "bad":
            leg.line.__class__ = BrittleLine
        return leg


def of(*call_ids: str) -> Calls:
    """A desk with these calls."""
    desk = Calls()
    for call_id in call_ids:
        desk.add(call_id)
    return desk


@fails_with(crash_stops_the_beat)
def test_s45_one_call_crashing_touches_no_other() -> None:
    alone, both = of("good"), of("good", "bad")
    place(alone, answers(POLITE, conditions=TELEPHONE))
    office = place(both, lambda clock: MixedCarrier(clock, POLITE, TELEPHONE))

    assert both.end("bad") == (State.ERROR, Reason.ERROR_INTERNAL)
    assert both.end("good") == alone.end("good") == (State.ENDED, Reason.AGENT_HANGUP)
    assert both.journals["good"].spoken == alone.journals["good"].spoken
    assert all(leg.hung_up for leg in office.carrier.legs.values())
    assert len(errors(office)) == 1


@fails_with(one_ear_for_all)
def test_s47_calls_do_not_mix() -> None:
    def script(request: Dial) -> list[Step]:
        return [Listens(), Said(f"Yes, {named(int(request.call_id))}.")]

    desk = Calls()
    for number in range(CALLS):
        desk.add(str(number), name=f"Rosa {named(number)}", max_duration_seconds=14)
    office = place(desk, lambda clock: FakeCarrier(clock, script, TELEPHONE))

    for number in range(CALLS):
        spoken = desk.journals[str(number)].spoken
        assert [line for line in spoken if line.startswith("callee")] == [
            f"callee: Yes, {named(number)}."
        ]
        assert (
            spoken[0] == f"agent: Hello, this is an AI assistant calling for Rosa {named(number)}."
        )
        heard = [
            word for frame in office.carrier.legs[str(number)].line.played for word in frame.words
        ]
        assert heard[: len(spoken[0].split()) - 1] == spoken[0].split()[1:]
