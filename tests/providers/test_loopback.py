from __future__ import annotations

import asyncio
import random

import pytest

from switchhook.audio import g711, level
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import InvalidInput
from switchhook.domain.lifecycle import Reason
from switchhook.ports import (
    Dial,
    Dialled,
    Frame,
    Heard,
    LegEvent,
    LineClosed,
    LineEvent,
    Listening,
    MarkEchoed,
    NotPickedUp,
    PickedUp,
    Ringing,
)
from switchhook.providers.loopback import PERSONAS, Hum, LoopbackCarrier, Persona, TextEars
from switchhook.providers.loopback.acts import Beep, Leave, Talk
from switchhook.providers.loopback.callee import Callee
from switchhook.providers.loopback.line import LoopbackLine
from switchhook.providers.loopback.personas import persona
from switchhook.providers.loopback.replies import answer, asked
from switchhook.runtime.framing import QUIET
from switchhook.runtime.ticker import Ticker
from switchhook.testing import (
    run_virtually,
    uttered,
    virtual_clock,
)


def dial(who: str | None = None, call_id: str = "call_1") -> Dial:
    options = {"persona": who} if who else {}
    return Dial(call_id, "attempt_1", "+15550100123", None, options)


def said(text: str, seconds: float = 0.0, who: Persona = Persona.COOPERATIVE) -> list[object]:
    """What a callee who has said hello does within seconds of hearing this."""
    callee = Callee(who, 1)
    done: list[object] = []
    now = 0.0
    for words in [(), *[()] * 40, tuple(text.split()), *[()] * round(seconds / 0.02)]:
        now += 0.02
        done += callee.hear(words, now, talking=False)
    return done[1:] if done[:1] == [Talk("Hello?")] else done


def test_it_rings_and_somebody_picks_up() -> None:
    async def main() -> list[tuple[float, type[LegEvent]]]:
        clock = virtual_clock()
        leg = await LoopbackCarrier(Hum(), clock, Ticker(clock)).dial(dial())
        events = [(clock.monotonic(), type(event)) async for event in leg.events()]
        await leg.hang_up()
        await leg.hang_up()
        return events

    assert run_virtually(main) == [(0.0, Dialled), (1.0, Ringing), (2.0, PickedUp)]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("busy", Reason.BUSY),
        ("declines", Reason.DECLINED),
        ("no_answer", Reason.NO_ANSWER),
        ("No_Answer", Reason.NO_ANSWER),
    ],
)
def test_some_do_not_pick_up(who: str, reason: Reason) -> None:
    async def main() -> list[LegEvent]:
        clock = virtual_clock()
        leg = await LoopbackCarrier(Hum(), clock, Ticker(clock)).dial(dial(who))
        return [event async for event in leg.events()]

    events = run_virtually(main)

    assert events[-1] == NotPickedUp(reason)
    assert (Ringing() in events) is (who != "busy")


def test_a_leg_that_was_hung_up_does_not_ring_any_more() -> None:
    async def main() -> list[LegEvent]:
        clock = virtual_clock()
        leg = await LoopbackCarrier(Hum(), clock, Ticker(clock)).dial(dial())
        await leg.hang_up()
        return [event async for event in leg.events()]

    assert run_virtually(main) == [Dialled("loopback-call_1")]


def test_an_unknown_persona_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="'grumpy'") as refusal:
        persona("grumpy")

    assert refusal.value.field == "options.persona"
    assert all(name in (refusal.value.hint or "") for name in PERSONAS)
    assert persona(None) is Persona.COOPERATIVE


class Bench:
    """A line whose ticker and far end the test holds."""

    def __init__(self, who: Persona = Persona.SILENT) -> None:
        self.clock = virtual_clock()
        self.ticker = Ticker(self.clock)
        self.callee = Callee(who, 1)
        self.line = LoopbackLine(self.callee, Hum().open("en", VoiceChoice()), self.clock)
        self.events: list[tuple[float, LineEvent]] = []

    async def run(self, seconds: float) -> list[tuple[float, LineEvent]]:
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(self.ticker.run())
            group.create_task(self.take())
            self.line.start(self.ticker)
            await asyncio.sleep(seconds)
            self.line.close()
            self.line.close()
            beating.cancel()
        return self.events

    async def take(self) -> None:
        self.events += [(self.clock.monotonic(), event) async for event in self.line.events()]


def test_a_mark_comes_back_when_what_was_sent_before_it_has_been_played() -> None:
    async def main() -> list[tuple[float, LineEvent]]:
        bench = Bench()
        for _ in range(50):
            bench.line.send(Frame(b"\x00" * 160))
        bench.line.mark("end")
        return await bench.run(2.0)

    events = run_virtually(main)
    echoes = [(at, event) for at, event in events if isinstance(event, MarkEchoed)]

    assert [event for _, event in echoes] == [MarkEchoed("end")]
    assert echoes[0][0] == pytest.approx(1.05, abs=0.05)
    assert isinstance(events[-1][1], LineClosed)


def test_clearing_echoes_every_mark_at_once_and_plays_nothing_more() -> None:
    async def main() -> list[LineEvent]:
        bench = Bench()
        for number in range(3):
            bench.line.send(Frame(b"\x00" * 160, ("word",)))
            bench.line.mark(f"m{number}")
        bench.line.clear()
        events = await bench.run(0.5)
        return [event for _, event in events if isinstance(event, MarkEchoed)]

    assert run_virtually(main) == [MarkEchoed("m0"), MarkEchoed("m1"), MarkEchoed("m2")]


def test_a_short_sound_is_played_although_the_buffer_never_fills() -> None:
    async def main() -> list[LineEvent]:
        bench = Bench()
        bench.line.send(Frame(b"\x00" * 160))
        bench.line.mark("end")
        events = await bench.run(0.5)
        return [event for _, event in events if isinstance(event, MarkEchoed)]

    assert run_virtually(main) == [MarkEchoed("end")]


def test_keys_are_heard_by_the_callee_as_tones() -> None:
    async def main() -> str:
        bench = Bench()
        bench.line.send_digits("159#")
        await bench.run(2.0)
        return bench.callee.digits

    assert run_virtually(main) == "159#"


def test_after_the_end_nothing_is_taken() -> None:
    async def main() -> None:
        bench = Bench()
        await bench.run(0.1)
        bench.line.send(QUIET)
        bench.line.mark("late")
        bench.line.clear()

    run_virtually(main)


def test_an_answering_machine_speaks_and_beeps() -> None:
    async def main() -> list[tuple[float, LineEvent]]:
        return await Bench(Persona.VOICEMAIL).run(15.0)

    frames = [event for _, event in run_virtually(main) if isinstance(event, Frame)]
    words = [word for frame in frames for word in frame.words]
    loud = [n for n, f in enumerate(frames) if level.rms(g711.decode(f.audio)) > 1000]

    assert words[-1] == "tone."
    assert loud[-20:] == list(range(loud[-1] - 19, loud[-1] + 1))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("I understood: 4. Is that right?", "Yes, that is right."),
        ("Are you still there?", "Yes, I am still here."),
        ("Smoking, yes or no?", "Yes."),
        ("Can you help me with that?", "Yes."),
        ("Is there a message that I should pass on?", "No, thank you."),
        ("What is your phone number?", "plus one five five five 0100."),
    ],
)
def test_simple_questions_have_one_answer(question: str, kind: str) -> None:
    found = asked(question)
    assert found is not None
    assert answer(found, 5) == kind


@pytest.mark.parametrize(
    ("question", "pattern"),
    [
        ("Which size: small, medium or large?", ("small", "medium", "large")),
        ("Tea or coffee: tea or coffee?", ("tea", "coffee")),
        ("How many people?", ("Two", "Three", "Four", "Five", "Six")),
        ("On which day?", ("Next",)),
        ("At what time?", ("At",)),
        ("Arrival: on which day and at what time?", ("day at",)),
        ("What is your email?", ("@example.com",)),
        ("What is the address?", ("Street", "Road", "Lane")),
        ("What is your name?", ("Alex", "Robin", "Sam", "Kim")),
        ("Which colour do you want?", ("one", "have")),
    ],
)
def test_open_questions_have_a_plausible_answer_for_every_seed(
    question: str, pattern: tuple[str, ...]
) -> None:
    for seed in random.Random(3).sample(range(10_000), 20):
        given = answer(question, seed)
        assert any(part in given for part in pattern)
        assert given == answer(question, seed)


def test_a_statement_asks_nothing() -> None:
    assert asked("One moment, please.") is None
    assert said("One moment, please.", 3.0) == []


def test_people_answer_after_a_human_pause() -> None:
    assert said("Are you open?", 0.9) == []
    assert said("Are you open?", 1.1) == [Talk("Yes.")]


def test_some_hang_up_and_some_say_nothing() -> None:
    assert said("Hello, this is a machine.", 1.5, Persona.HANGS_UP)[0] == Leave()
    assert said("", 4.0, Persona.HANGS_UP)[0] == Leave()
    assert said("Are you open?", 5.0, Persona.SILENT) == []
    assert said("Are you open?", 5.0, Persona.VOICEMAIL)[1:] == [Beep()]


def test_a_line_whose_callee_leaves_is_closed() -> None:
    async def main() -> list[tuple[float, LineEvent]]:
        return await Bench(Persona.HANGS_UP).run(10.0)

    events = run_virtually(main)

    assert events[-1][1] == LineClosed()
    assert events[-1][0] < 6


def test_ears_give_words_as_they_come_and_are_certain_after_a_pause() -> None:
    heard: list[Heard] = []
    hearing = TextEars().open(Listening("en"), heard.append)

    def told(frame: Frame, at_ms: int) -> list[Heard]:
        heard.clear()
        hearing.push(frame, at_ms)
        return list(heard)

    assert told(QUIET, 0) == []
    assert told(Frame(b"\x00" * 160, ("Yes,",)), 20) == [
        Heard("Yes,", final=False, start_ms=20, end_ms=40)
    ]
    assert told(Frame(b"\x00" * 160), 40) == []
    assert told(Frame(b"\x00" * 160, ("sure.",)), 60) == [
        Heard("Yes, sure.", final=False, start_ms=20, end_ms=80)
    ]
    assert told(QUIET, 660) == []
    assert told(QUIET, 680) == [
        Heard("Yes, sure.", final=False, start_ms=20, end_ms=80, certain=True)
    ]
    assert told(QUIET, 700) == []
    hearing.close()


def test_a_hum_takes_the_time_of_its_words_and_says_when_they_are() -> None:
    async def main() -> None:
        speech = await uttered(Hum(), "Hello there, Rosa.")
        quick = await uttered(Hum(), "Hello there, Rosa.", choice=VoiceChoice(speed=2.0))
        assert [word.text for word in speech.words] == ["Hello", "there,", "Rosa."]
        assert len(quick.frames) == pytest.approx(len(speech.frames) / 2, abs=1)
        assert [word for frame in speech.frames for word in frame.words] == [
            "Hello",
            "there,",
            "Rosa.",
        ]
        audio = g711.decode(b"".join(frame.audio for frame in speech.frames))
        assert -30 < level.dbfs(audio) < -10
        assert (await uttered(Hum(), "")).frames == ()

    run_virtually(main)
