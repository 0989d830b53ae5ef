"""The tools about calls that exist: read, wait, list, steer, end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult

from switchhook.domain.errors import InvalidInput
from switchhook.domain.interaction import Interaction
from switchhook.faces.mcp import requests, sections, summaries
from switchhook.faces.mcp.arguments import (
    AnswerQuestion,
    ControlCall,
    EndCall,
    GetCall,
    ListCalls,
    WaitForCall,
)
from switchhook.faces.mcp.identity import Desk
from switchhook.faces.mcp.next_actions import situation
from switchhook.faces.mcp.progress import SLICE, Progress
from switchhook.faces.mcp.results import Answer, answer, done, step
from switchhook.ports import AnswerQuestion as GiveAnswer
from switchhook.ports import Receipt
from switchhook.service import calls, following
from switchhook.service.following import News


@dataclass(frozen=True, slots=True)
class CallTools:
    """The tools, at the desk they work at."""

    desk: Desk

    async def get_call(self, wanted: GetCall) -> Answer:
        """Read a call: a short summary; `include` adds more, a page at a time."""
        call = await calls.get_call(self.desk.exchange, self.desk.caller(), wanted.call_id)
        waits = await situation(self.desk, call)
        facts = summaries.summary(call, waits, transcript_seen="transcript" in wanted.include)
        more = await sections.read(self.desk, call, wanted)
        return answer(
            facts | more,
            summaries.sentence(call),
            summaries.verdict(call),
            *sections.readable(more),
            _next(facts),
        )

    async def wait_for_call(self, wanted: WaitForCall, context: Context[Any, Any]) -> Answer:
        """Wait until something happens in a call after `cursor`."""
        news = await self._news(wanted, Progress(context))
        waits = await situation(self.desk, news.call)
        facts = summaries.summary(news.call, waits, cursor=news.cursor)
        facts |= {
            "poll_after_seconds": 0,
            "events": [summaries.event(happening) for happening in news.happenings],
            "more": news.more,
        }
        if any(summaries.by_callee(happening) for happening in news.happenings):
            facts["note"] = summaries.UNTRUSTED
        return answer(
            facts,
            summaries.sentence(news.call),
            *(summaries.story(news.happenings) or ["Nothing new yet."]),
            summaries.verdict(news.call),
            _next(facts),
        )

    async def list_calls(self, wanted: ListCalls) -> Answer:
        """List calls, newest first."""
        page = await calls.list_calls(
            self.desk.exchange, self.desk.caller(), requests.call_filter(wanted)
        )
        end = wanted.cursor + len(page.calls)
        facts = done(
            calls=[summaries.row(call) for call in page.calls],
            total=page.total,
            next_cursor=end if end < page.total else None,
        )
        if end < page.total:
            facts["next_action"] = step("list_calls", cursor=end)
        shown = [summaries.sentence(call) for call in page.calls[:3]]
        return answer(facts, f"{len(page.calls)} of {page.total} calls.", *shown)

    async def end_call(self, wanted: EndCall) -> Answer:
        """Hang up after a goodbye; repeating it is harmless."""
        ended = await calls.end_call(self.desk.exchange, self.desk.caller(), wanted.call_id)
        facts = summaries.summary(ended.call, await situation(self.desk, ended.call))
        facts["already_ended"] = ended.replayed
        said = "It had ended already." if ended.replayed else "Hanging up."
        return answer(facts, summaries.sentence(ended.call), said, _next(facts))

    async def control_call(self, wanted: ControlCall) -> Answer:
        """Steer a live call: say, press keys, guide, mute, hold, transfer, add a third person.

        With one, hold lets only them hear the agent.
        """
        match wanted.action:
            case "transfer":
                return await self._transfer(wanted)
            case "add_to_conference":
                return await self._bring_in(wanted)
            case _:
                return await self._command(wanted)

    async def _command(self, wanted: ControlCall) -> CallToolResult:
        command = requests.command(
            wanted.action, text=wanted.text, digits=wanted.digits, interrupt=wanted.interrupt
        )
        receipt = await calls.control_call(
            self.desk.exchange, self.desk.caller(), wanted.call_id, command
        )
        return await self._steered(wanted.call_id, receipt)

    async def answer_call_question(self, wanted: AnswerQuestion) -> Answer:
        """Answer what the agent asks you during a call, before its deadline."""
        receipt = await calls.control_call(
            self.desk.exchange,
            self.desk.caller(),
            wanted.call_id,
            GiveAnswer(wanted.question_id, wanted.answer),
        )
        return await self._steered(wanted.call_id, receipt)

    async def _transfer(self, wanted: ControlCall) -> CallToolResult:
        receipt = await calls.transfer_call(
            self.desk.exchange,
            self.desk.caller(),
            wanted.call_id,
            requests.transfer(wanted.to, wanted.text),
            ask_first=True,
        )
        return await self._steered(wanted.call_id, receipt)

    async def _bring_in(self, wanted: ControlCall) -> CallToolResult:
        receipt = await calls.bring_in(
            self.desk.exchange,
            self.desk.caller(),
            wanted.call_id,
            requests.guest(wanted.to, wanted.text, hold_first=wanted.hold_first),
            ask_first=True,
        )
        return await self._steered(wanted.call_id, receipt)

    async def _news(self, wanted: WaitForCall, progress: Progress) -> News:
        clock = self.desk.exchange.clock
        deadline = clock.monotonic() + wanted.max_wait
        while True:
            left = max(0.0, deadline - clock.monotonic())
            news = await following.wait_for_news(
                self.desk.exchange,
                self.desk.caller(),
                wanted.call_id,
                after=wanted.cursor,
                max_wait=min(left, SLICE),
            )
            await self._report(news, progress)
            if news.happenings or news.call.settled or clock.monotonic() >= deadline:
                return news

    async def _report(self, news: News, progress: Progress) -> None:
        if not news.happenings:
            await progress.tell(summaries.sentence(news.call))
        for happening in news.happenings:
            # What the callee said is data for the model, not a message of ours.
            if not summaries.by_callee(happening):
                await progress.tell(f"{happening.kind.value}: {happening.text}"[:200])

    async def _steered(self, call_id: str, receipt: Receipt) -> CallToolResult:
        call = await self._read(call_id)
        if receipt.result == "refused":
            raise InvalidInput(
                receipt.detail or "the call cannot do that now",
                hint="look at the call first",
                next_action=step("get_call", call_id=call.public_id),
            )
        facts = summaries.summary(call, await situation(self.desk, call))
        facts |= {
            "result": receipt.result,
            "heard": receipt.heard or None,
            "detail": receipt.detail or None,
        }
        return answer(facts, _acknowledged(receipt), summaries.sentence(call), _next(facts))

    async def _read(self, call_id: str) -> Interaction:
        return await calls.get_call(self.desk.exchange, self.desk.caller(), call_id)


def _acknowledged(receipt: Receipt) -> str:
    """Return what became of a command, for hosts that show the model nothing else."""
    if receipt.result != "interrupted":
        return f"{receipt.result.replace('_', ' ').capitalize()}."
    if not receipt.heard:
        return "Interrupted before a word of it was heard."
    return f'Interrupted; the callee heard only: "{receipt.heard}"'


def _next(facts: dict[str, Any]) -> str:
    return f"Next: {facts['next_action']}"
