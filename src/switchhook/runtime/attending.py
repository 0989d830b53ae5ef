"""The agent's second conversation: it asks somebody whether they take a call.

It is a call of its own on a line of its own, with an agent that says what it was told, asks, and
understands a yes, a no, and the key that says yes. What is said in it becomes part of the call's
log, beside what the callee hears; of the rest nothing is written down.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from switchhook.domain.agent import AgentSpec, Language, Mind, VoicemailSettings
from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import Interaction
from switchhook.engine import meaning, transfer
from switchhook.engine.events import TransferTold
from switchhook.engine.phrases import phrases
from switchhook.ports import AnyLine, Entry, HangUp, Say, TalkingLine
from switchhook.runtime.booth import booth
from switchhook.runtime.call import RunningCall
from switchhook.runtime.studio import Studio

TRIES = 3
ASKING_LIMIT = 45.0
"""Seconds in which somebody has to say whether they take the call."""
PARTING_LIMIT = 4.0
_NO_MESSAGE = VoicemailSettings(on_no_human_answer="hangup")

Told = Callable[[TransferTold], None]


class Answers:
    """A journal that passes on what both say, and keeps the answers until they are asked for."""

    def __init__(self, call: Interaction, told: Told) -> None:
        self._call = call
        self._told = told
        self.said: asyncio.Queue[str | None] = asyncio.Queue()

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Take what was said."""
        del call_id
        for fact in entry.facts:
            match fact.kind:
                case Kind.SPOKEN:
                    self._told(TransferTold(fact.text, fact.data["speaker"] != "agent"))
                case Kind.TURN:
                    self.said.put_nowait(fact.text)
                case Kind.DIGITS:
                    digits = str(fact.data["digits"])
                    self._told(TransferTold(digits, by_them=True))
                    self.said.put_nowait(digits)
                case _:
                    pass
        return self._call

    def over(self) -> None:
        """Take that nothing more is said."""
        self.said.put_nowait(None)


class Attendant:
    """Talks to whoever picked up."""

    def __init__(self, running: RunningCall, answers: Answers, spec: AgentSpec) -> None:
        self._running = running
        self._answers = answers
        self._language: Language = spec.language

    async def accepted(self) -> bool:
        """Tell whether they take the call; who does not say so does not."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ASKING_LIMIT):
                return await self._asked()
        return False

    async def apologise(self) -> None:
        """Tell who took the call, or might have, that there is nobody any more; say goodbye."""
        await self.part(phrases(self._language).caller_left)

    async def part(self, words: str = "") -> None:
        """Say goodbye to who is still there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PARTING_LIMIT):
                if words:
                    await self._running.control(Say(words, interrupt=True))
                await self._running.control(HangUp())

    async def _asked(self) -> bool:
        said = phrases(self._language)
        tries = 0
        while tries < TRIES and (words := await self._answers.said.get()) is not None:
            if meaning.greeting(words):
                continue
            answer = transfer.takes(words, self._language)
            if answer is not None:
                return answer
            tries += 1
            await self._running.control(Say(f"{said.again} {said.take_call}"))
        return False


@asynccontextmanager
async def attending(
    line: AnyLine, call: Interaction, studio: Studio, text: str, told: Told
) -> AsyncGenerator[Attendant]:
    """Talk to somebody for as long as the context lasts; who is given up is told.

    What either of them says is told as well.
    """
    spec = _asking(call.agent.spec, text)
    agent = call.agent.model_copy(update={"spec": spec})
    options = call.options.model_copy(update={"record": False})
    asked = call.model_copy(update={"agent": agent, "options": options})
    answers = Answers(asked, told)

    def talks(_asked: Interaction) -> bool:
        # Their line need not be of the kind that the callee's is.
        return isinstance(line, TalkingLine)

    theirs = replace(studio, journal=answers, talks=talks)
    async with booth(asked, theirs) as own, asyncio.TaskGroup() as group:
        running = RunningCall(line, own)
        talking = group.create_task(running.run())
        talking.add_done_callback(lambda _: answers.over())
        attendant = Attendant(running, answers, spec)
        try:
            yield attendant
        except asyncio.CancelledError:
            await attendant.apologise()
            raise
        finally:
            talking.cancel()


def _asking(spec: AgentSpec, text: str) -> AgentSpec:
    """Return an agent that says this and asks, and leaves the answer to us."""
    take = phrases(spec.language).take_call
    return spec.model_copy(
        update={
            "first_message": f"{text} {take}",
            "mind": Mind(kind="assistant"),
            "result_schema": None,
            "actions": (),
            "voicemail": _NO_MESSAGE,
            "ivr_navigation_mode": "off",
        }
    )
