"""One call's place in the studio: ears, voice and mind, ready before anybody answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial

import structlog

from switchhook.domain.interaction import Interaction
from switchhook.engine import session
from switchhook.ports import Listening
from switchhook.runtime.absent import NoEars, NoVoice
from switchhook.runtime.actions import Toolbox, api_tools
from switchhook.runtime.breaker import Breaker, Breakers
from switchhook.runtime.briefing import brief, duplex_request
from switchhook.runtime.casting import Cast
from switchhook.runtime.connections import Connections
from switchhook.runtime.converser import Converser
from switchhook.runtime.hearing import Candidate, SteadyEars, candidates
from switchhook.runtime.studio import Studio
from switchhook.runtime.thinking import Thinker
from switchhook.runtime.voicing import SteadyVoice

_log = structlog.get_logger(__name__)


class Booth:
    """What one call is held with; `booth` opens it while the telephone rings."""

    def __init__(
        self, call: Interaction, studio: Studio, cast: Cast, connections: Connections
    ) -> None:
        spec = call.agent.spec
        breakers = cast.breakers or studio.breakers
        secret_for = partial(studio.secrets, call.org_id)
        tools = Toolbox([*studio.tools, *api_tools(spec.actions, call.id, secret_for)])
        self.call = call
        self.studio = studio
        self.talks = studio.talks(call)
        """Whether the line is expected to hear and speak by itself."""
        cast = cast if self.talks else _able(call, cast, breakers)
        duplex = None if self.talks else cast.duplex
        self.session = session.start(
            brief(
                call,
                studio.clock.now().date(),
                cast=cast,
                offers=tuple(tool.offer for tool in studio.tools),
                talks=self.talks,
            )
        )
        converser = Converser(duplex, duplex_request(call, self.session.brief)) if duplex else None
        self.thinker = Thinker(
            cast.minds, tools, call.id, spec.language, spec.mind, breakers, converser
        )
        voices = (NoVoice(),) if self.talks else cast.voices
        self.voice = SteadyVoice(voices, spec.language, spec.voice, studio.lines, breakers=breakers)
        self.voice.connect(connections)
        self.ears = SteadyEars(self._who_hears(cast, converser, breakers), connections)
        self._connections = connections
        self._warming: list[asyncio.Task[None]] = []

    def warm_up(self) -> None:
        """Use the time while it rings: make what may be said, and let the mind get ready."""
        mind = self.session.mind
        first = self.thinker.request(mind.dialogue.messages(), mind.offers)
        ready = [] if self.talks else [self.voice.prepare(session.foreseen(self.session))]
        ready += [mind.prepare(first) for mind in self.thinker.minds]
        self._warming = [self._connections.keep(getting, self._not_ready) for getting in ready]

    def answered(self) -> None:
        """Make nothing more in advance: the voice is needed."""
        for task in self._warming:
            task.cancel()

    def close(self) -> None:
        """Let go of everything."""
        self.answered()
        self.ears.close()
        self.voice.close()

    def _who_hears(
        self, cast: Cast, converser: Converser | None, breakers: Breakers
    ) -> Sequence[Candidate]:
        """Return who may hear the call; a model that speaks as well comes before all others."""
        spec = self.call.agent.spec
        listening = Listening(spec.language, spec.ears.keywords, spec.ears.model)
        if self.talks:
            return [Candidate(NoEars(), listening, Breaker("the line", self.studio.clock))]
        row = candidates(cast.ears, listening, breakers)
        if converser is None:
            return row
        first = Candidate(converser, listening, breakers.of("duplex", converser.name))
        return [first, *row]

    def _not_ready(self, failure: Exception) -> None:
        """Leave it to the call to find out whether that matters."""
        _log.warning("warming_up_failed", call_id=self.call.id, exc_info=failure)


def _able(call: Interaction, cast: Cast, breakers: Breakers) -> Cast:
    """Return the cast without a model that is left alone, where a mind stands by for it."""
    duplex = cast.duplex
    if duplex is None or not cast.minds or not breakers.of("duplex", duplex.name).rests:
        return cast
    _log.warning("duplex_left_alone", call_id=call.id, duplex=duplex.name)
    return replace(cast, duplex=None)


@asynccontextmanager
async def booth(call: Interaction, studio: Studio) -> AsyncGenerator[Booth]:
    """Open what the call needs; nothing of it is left afterwards."""
    async with AsyncExitStack() as stack:
        connections = Connections()
        stack.push_async_callback(connections.close)
        own = Booth(call, studio, await studio.casting(call), connections)
        stack.callback(own.close)
        yield own
