from __future__ import annotations

import asyncio

import pytest

from switchhook.engine.dialogue import Message, Role
from switchhook.ports import Action, Delta, Done, MindEvent, MindRequest
from switchhook.testing import Acts, Breaks, Fault, Ponders, ScriptedMind, Writes, run_virtually
from switchhook.testing.minds import Answer, context, writes

REQUEST = MindRequest(
    "call_1",
    "en",
    (Message(Role.INSTRUCTIONS, "Be kind."), Message(Role.CALLEE, "<callee>Hi</callee>")),
    (),
)


async def asked(mind: ScriptedMind) -> list[MindEvent]:
    return [event async for event in mind.answer(REQUEST)]


def test_a_scripted_mind_gives_its_answers_in_order_and_the_last_one_again() -> None:
    mind = ScriptedMind(writes("One two.", "Three."))

    async def main() -> list[list[MindEvent]]:
        return [await asked(mind) for _ in range(3)]

    assert run_virtually(main) == [
        [Delta("One "), Delta("two. "), Done()],
        [Delta("Three. "), Done()],
        [Delta("Three. "), Done()],
    ]
    assert context(mind.requests[0]) == ["callee: <callee>Hi</callee>"]


def test_a_scripted_mind_may_answer_what_it_was_asked() -> None:
    def echo(request: MindRequest) -> Answer:
        return [Writes(request.context[-1].text), Acts("end_call")]

    events = run_virtually(lambda: asked(ScriptedMind(echo)))

    assert events == [Delta("<callee>Hi</callee> "), Action("call-0", "end_call", "{}"), Done()]


def test_a_scripted_mind_takes_the_time_it_is_told_to_take() -> None:
    async def main() -> float:
        await asked(ScriptedMind([[Ponders(5.0), Writes("Well.")]], first_word=1.0, between=0.5))
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == pytest.approx(6.5)


def test_a_fault_may_come_only_now_and_then() -> None:
    mind = ScriptedMind(writes("Fine."), fault=Fault.EMPTY, faulty={1})

    async def main() -> list[int]:
        return [len(await asked(mind)) for _ in range(3)]

    assert run_virtually(main) == [2, 1, 2]


def test_a_mind_that_breaks_off_raises_what_a_connection_raises() -> None:
    with pytest.raises(ConnectionError, match="closed"):
        run_virtually(lambda: asked(ScriptedMind([[Writes("Well,"), Breaks()]])))


def test_a_stubborn_mind_takes_its_time_to_stop() -> None:
    mind = ScriptedMind([[Ponders(99.0)]], stubborn=3.0)

    async def main() -> float:
        task = asyncio.ensure_future(asked(mind))
        await asyncio.sleep(1.0)
        task.cancel()
        await asyncio.wait({task})
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == pytest.approx(4.0)
    assert mind.live == 0
