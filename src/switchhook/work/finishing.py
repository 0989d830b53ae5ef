"""Finishing calls: what remains to be done when one is over, whatever becomes of the process.

The call is over and can be read before anything of this begins; what it yields is added. That
nobody is left on the carrier's line is no step of it: sweeping sees to that, since the carrier's
own books are a better witness than what we remember of our request to hang up.

A step that was begun when a process died is begun again when its lease has run out, at most as
often as it has tries. An answer that has been stored is never asked for again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from switchhook.domain import templating
from switchhook.domain.analysis import Analysis, AnalysisStatus
from switchhook.domain.errors import Misconfigured, NotFound, SwitchhookError, TooLarge
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.ports import Analyst, Entry, Recordings
from switchhook.service import finishing
from switchhook.service.exchange import Exchange
from switchhook.service.finishing import LEASE, Due
from switchhook.store.finishing import Step

MOST = 8
"""How many steps are done at once."""
PAUSES: Final[Mapping[Step, tuple[float, ...]]] = {
    Step.RECORDING: (5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0),
    Step.ANALYSIS: (5.0, 60.0),
    Step.DISCARD: (5.0, 60.0, 300.0, 1800.0, 7200.0),
}
"""Seconds before each further try; after the last one a step is given up."""
LIMIT = LEASE.total_seconds() - 20.0
"""Seconds in which a try has to end, and its end to be stored, before it is somebody else's."""
GRACE = 5.0
"""Seconds that steps get to end when the process stops; what does not is done by the next one."""
BREATH = 0.5
"""Seconds between two looks at least, while another process is about to take on what is due."""
_BROKEN = 10.0
"""Seconds until another look into a store that could not be read."""

_log = structlog.get_logger(__name__)


class Finishing:
    """Does what is owed to calls that are over."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        analyst: Analyst | None = None,
        recordings: Mapping[str, Recordings] | None = None,
    ) -> None:
        self._exchange = exchange
        self._analyst = analyst
        self._recordings = recordings or {}
        self._steps = {
            Step.RECORDING: self._fetch,
            Step.ANALYSIS: self._analyse,
            Step.DISCARD: self._discard,
        }
        self._running: set[asyncio.Task[None]] = set()
        self._recorded: set[str] = set()
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        """Look soon whether there is something to do; never blocks."""
        self._wanted.set()

    def recorded(self, carrier_ref: str) -> None:
        """Take that the carrier has recorded a call; never blocks."""
        self._recorded.add(carrier_ref)
        self.wake()

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[Finishing]:
        """Finish calls for as long as the context lasts, beginning with what was left over."""
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(self._run(group))
            yield self
            looking.cancel()
            if self._running:
                await asyncio.wait(self._running, timeout=GRACE)
            for step in self._running:
                step.cancel()

    async def _run(self, group: asyncio.TaskGroup) -> None:
        while True:
            self._wanted.clear()
            pause = await self._look(group)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wanted.wait()

    async def _look(self, group: asyncio.TaskGroup) -> float | None:
        """Begin what is due, and return in how many seconds to look again by oneself."""
        try:
            while self._recorded:
                await finishing.hasten_recording(self._exchange, self._recorded.pop())
            if (room := MOST - len(self._running)) <= 0:
                return None
            found = await finishing.claim(self._exchange, room)
        except Exception:  # noqa: BLE001 - a task's root: whatever the store does, we look again
            _log.exception("finishing_not_read")
            return _BROKEN
        for due in found.due:
            step = group.create_task(self._do(due))
            self._running.add(step)
            step.add_done_callback(self._done)
        if found.next_at is None:
            return None
        return max(BREATH, (found.next_at - self._exchange.clock.now()).total_seconds())

    def _done(self, step: asyncio.Task[None]) -> None:
        self._running.discard(step)
        self.wake()

    async def _do(self, due: Due) -> None:
        """Do a step; what was not stored in the end is done again when the lease has run out."""
        try:
            entry = await self._tried(due)
            settled = entry is None or await finishing.settle(self._exchange, due, entry)
            if not settled and entry is not None and entry.recording is not None:
                # The call was deleted meanwhile, and its recording goes with it.
                await asyncio.to_thread(Path(entry.recording.path).unlink, missing_ok=True)
        except Exception:  # noqa: BLE001 - a task's root: one step's trouble is not the others'
            _log.exception("finishing_failed", call_id=due.call.id, step=due.claim.step)

    async def _tried(self, due: Due) -> Entry | None:
        """Return what came of a step; nothing where it is put off."""
        pauses = PAUSES[due.claim.step]
        if due.claim.tries > len(pauses) + 1:
            return _given_up(due, "nobody lived to see it done")
        try:
            async with asyncio.timeout(LIMIT):
                return await self._steps[due.claim.step](due.call)
        except (Misconfigured, NotFound, TooLarge) as final:
            return _given_up(due, final.message)
        except Exception as passing:  # noqa: BLE001 - whatever a step does, its tries are counted
            problem = _told(due, passing)
            if due.claim.tries > len(pauses):
                return _given_up(due, problem)
        seconds = pauses[due.claim.tries - 1]
        await finishing.postpone(self._exchange, due, seconds=seconds, problem=problem)
        return None

    async def _fetch(self, call: Interaction) -> Entry:
        there, ref = self._kept(call)
        path = self._exchange.recordings / f"{call.id}.wav"
        return Entry(recording=await there.fetch(ref, path))

    async def _discard(self, call: Interaction) -> Entry:
        there, ref = self._kept(call)
        await there.discard(ref)
        return Entry()

    def _kept(self, call: Interaction) -> tuple[Recordings, str]:
        """Return where the carrier keeps what it recorded, and what it calls the call."""
        there = self._recordings.get(call.carrier or "")
        if there is None or call.carrier_ref is None:
            raise Misconfigured(
                f"the carrier {call.carrier!r} is not set up any more", hint="set it up again"
            )
        return there, call.carrier_ref

    async def _analyse(self, call: Interaction) -> Entry:
        if self._analyst is None:
            gone = "no model is set up any more"
            return Entry(analysis=Analysis(status=AnalysisStatus.SKIPPED, problem=gone))
        said = await finishing.transcript_of(self._exchange, call)
        spec = call.agent.spec
        variables = {**spec.variables, **call.variables}
        purpose = templating.render(call.task or spec.prompt.content, variables)
        found = await self._analyst.analyse(said, spec.result_schema, purpose)
        done = Analysis(status=AnalysisStatus.DONE, sentiment=found.sentiment)
        return Entry(judged=found.outcome, analysis=done)


def _told(due: Due, problem: Exception) -> str:
    """Log a problem, and return it as anybody may read it: only what was written to be read."""
    expected = isinstance(problem, SwitchhookError | TimeoutError)
    _log.warning(
        "finishing_tried",
        call_id=due.call.id,
        step=due.claim.step,
        problem=str(problem),
        exc_info=None if expected else problem,
    )
    return problem.message if isinstance(problem, SwitchhookError) else type(problem).__name__


def _given_up(due: Due, problem: str) -> Entry:
    _log.error("finishing_given_up", call_id=due.call.id, step=due.claim.step, problem=problem)
    match due.claim.step:
        case Step.ANALYSIS:
            return Entry(analysis=Analysis(status=AnalysisStatus.FAILED, problem=problem))
        case Step.RECORDING:
            return _note(f"The carrier's recording cannot be had: {problem}")
        case Step.DISCARD:
            return _note(f"The carrier may still have its recording: {problem}")


def _note(text: str) -> Entry:
    return Entry(facts=(Fact(kind=Kind.NOTE, text=text),))
