"""Runs the minds and the actions of one call: every stream and every action is a task of its own.

The conversation core keeps the deadlines and says what to cancel; what a task still brings after
that is ignored there. However a mind or an action ends, the core is told, and no other call
notices anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from switchhook.domain.agent import Language
from switchhook.domain.agent import Mind as MindChoice
from switchhook.engine.dialogue import Message
from switchhook.engine.offers import Offer
from switchhook.engine.thoughts import (
    AskMind,
    CallTool,
    CancelMind,
    DropTool,
    MindAction,
    MindDelta,
    MindDone,
    MindEvent,
    MindFailed,
    NoteMind,
    ToolEvent,
    ToolFailed,
    ToolReturned,
    Truncate,
)
from switchhook.ports import Action, Delta, Done, Mind, MindRequest
from switchhook.ports import MindEvent as Written
from switchhook.runtime.actions import TRY_LATER, BadArguments, Tools, ToolTrouble
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.connections import stop
from switchhook.runtime.converser import Converser
from switchhook.runtime.streams import reading

Wanted = AskMind | CancelMind | NoteMind | Truncate | CallTool | DropTool

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Thinker:
    """Who thinks and acts in a call; the second mind stands in for the first.

    Where one hears and speaks itself, the minds stand by.
    """

    minds: Sequence[Mind]
    tools: Tools
    call_id: str
    language: Language
    choice: MindChoice
    breakers: Breakers
    converser: Converser | None = None

    def request(self, context: tuple[Message, ...], offers: tuple[Offer, ...]) -> MindRequest:
        """Return what a mind is asked."""
        return MindRequest(self.call_id, self.language, context, offers, self.choice)


class Thoughts:
    """The streams and actions of one call that are under way."""

    def __init__(self, thinker: Thinker) -> None:
        self._thinker = thinker
        self._streams: dict[int, asyncio.Task[None]] = {}
        self._actions: dict[int, asyncio.Task[None]] = {}

    def open(self, group: asyncio.TaskGroup, feed: Callable[[MindEvent | ToolEvent], None]) -> None:
        """Begin to tell what is thought and done, with tasks of this group."""
        self._group, self._feed = group, feed

    def perform(self, effect: Wanted) -> None:
        """Begin or stop a stream or an action, or have it done by who hears and speaks itself."""
        converser = self._thinker.converser
        if converser is not None and not isinstance(effect, CallTool | DropTool):
            converser.perform(effect)
        match effect:
            case AskMind(voiced=True) | NoteMind() | Truncate():
                pass
            case AskMind(generation):
                task = self._group.create_task(self._answer(effect))
                _keep(self._streams, generation, task)
            case CancelMind(generation):
                _cancel(self._streams, generation)
            case CallTool(number, name, arguments):
                task = self._group.create_task(self._act(number, name, arguments))
                _keep(self._actions, number, task)
            case DropTool(number):
                _cancel(self._actions, number)

    async def close(self) -> None:
        """Stop everything, also what does not want to be stopped at once."""
        if not await stop({*self._streams.values(), *self._actions.values()}):
            _log.error("thoughts_do_not_stop", call_id=self._thinker.call_id)

    async def _answer(self, effect: AskMind) -> None:
        thinker, generation = self._thinker, effect.generation
        mind = thinker.minds[min(int(effect.spare), len(thinker.minds) - 1)]
        request = thinker.request(effect.context, effect.offers)
        try:
            with thinker.breakers.of("mind", mind.name).trying():
                await self._stream(mind, request, generation)
        except Exception as failure:  # noqa: BLE001 - a task's root: whatever a vendor raises
            what = f"{mind.name}: {type(failure).__name__}"
            _log.warning("mind_failed", call_id=thinker.call_id, mind=mind.name, exc_info=True)
            self._feed(MindFailed(generation, what))

    async def _stream(self, mind: Mind, request: MindRequest, generation: int) -> None:
        async with reading(mind.answer(request)) as events:
            async for event in events:
                self._feed(_told(generation, event))
                # A mind that never waits must not keep the other calls from their beat.
                await asyncio.sleep(0)
        self._feed(MindDone(generation))

    async def _act(self, number: int, name: str, arguments: Mapping[str, Any]) -> None:
        try:
            result = await self._thinker.tools.run(name, arguments)
        except BadArguments as failure:
            self._feed(ToolFailed(number, str(failure), malformed=True))
        except ToolTrouble as failure:
            self._feed(ToolFailed(number, str(failure)))
        except Exception:  # noqa: BLE001 - a task's root: whatever an action raises
            _log.warning("action_failed", call_id=self._thinker.call_id, action=name, exc_info=True)
            self._feed(ToolFailed(number, TRY_LATER))
        else:
            self._feed(ToolReturned(number, result.text, result.say))


def _keep(tasks: dict[int, asyncio.Task[None]], number: int, task: asyncio.Task[None]) -> None:
    tasks[number] = task
    task.add_done_callback(lambda _: tasks.pop(number, None))


def _cancel(tasks: dict[int, asyncio.Task[None]], number: int) -> None:
    task = tasks.get(number)
    if task is not None:
        task.cancel()


def _told(generation: int, event: Written) -> MindEvent:
    match event:
        case Delta(text):
            return MindDelta(generation, text)
        case Action(call_id, name, arguments):
            return MindAction(generation, call_id, name, arguments)
        case Done():
            return MindDone(generation)
