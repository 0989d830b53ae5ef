"""What must be true when a call is over: of its legs, its tasks, its log, its transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchhook.domain.lifecycle import RANK, TERMINAL
from switchhook.testing import NO_FAULTS, FakeLine, FakeTalkingLine
from tests.simulation.thinkers import at_rest

if TYPE_CHECKING:
    from tests.simulation.world import World


def broken(world: World) -> list[str]:
    """Return every promise that was broken in a call that is over."""
    promises = {
        "the ticker beats for nobody": len(world.ticker) == 0,
        "the switchboard is empty": len(world.exchange.switchboard) == 0,
        "no call is live": not world.placing.live,
        "every ear is closed": world.ears.opened == world.ears.closed,
        "every voice is closed": world.voice.opened == world.voice.closed,
        "no mind thinks any more": at_rest(world.minds, world.duplex),
        "every command has its receipt": len(world.receipts) == len(world.plan.commands),
        "every leg is hung up": all(leg.hung_up for leg in world.town.legs),
        "every attempt is closed": world.open_attempts == 0,
        "a callee is told at once that nobody comes": _told_in_time(world),
        "who counts as connected is": world.town.joined >= world.watch.waiting.connected,
        "nothing is sent after the hang-up": _silent_after_the_end(world),
        "speech that is stopped is cleared at the carrier": _cleared(world),
        "states only move up, and a terminal one is the last": _orderly(world),
        "the transcript is what was heard": _truthful(world),
        "a model is not told that more was heard than it made": _plausible(world),
    }
    return [promise for promise, kept in promises.items() if not kept]


def _told_in_time(world: World) -> bool:
    """Tell whether no wait outlasted the leg of whom the callee has waited for."""
    if world.watch.over_at is None:
        return True
    others = (leg for leg in world.town.legs if leg is not world.town.callee)
    gone = [at for leg in others for at in leg.hung_up[:1]]
    told = world.watch.waiting.endings
    return all(sum(at <= left for at in told) > n for n, left in enumerate(gone))


def _silent_after_the_end(world: World) -> bool:
    leg = world.town.callee
    if leg is None or isinstance(leg.line, FakeTalkingLine) or not leg.line.outgoing:
        return True
    over = world.watch.over_at
    last = leg.line.outgoing[-1].at
    hung_up = leg.hung_up[0] if leg.hung_up else last
    return last <= hung_up and (over is None or last <= over + 1e-6)


def _cleared(world: World) -> bool:
    leg = world.town.callee
    if leg is None or isinstance(leg.line, FakeTalkingLine):
        return True
    return leg.line.clears >= world.watch.generation


def _orderly(world: World) -> bool:
    states = world.states
    ranks = [RANK[state] for state in states]
    ended = sum(state in TERMINAL for state in states)
    wanted = 0 if world.plan.store != NO_FAULTS and not ended else 1
    return ranks == sorted(ranks) and len(set(ranks)) == len(ranks) and ended == wanted


def _truthful(world: World) -> bool:
    """Compare the words in the transcript with those that the callee's ear was given."""
    leg = world.town.callee
    plan = world.plan
    unknown = plan.senses.voice.garbage or plan.store != NO_FAULTS or world.watch.over_at is None
    if leg is None or unknown:
        return True
    heard = _words_heard(leg.line)
    lines = [line for line in world.desk.journal.spoken if line.startswith("agent: ")]
    written = sum(len(line.removesuffix(" -").split()) - 1 for line in lines)
    slack = 2 * (1 + world.watch.interruptions + world.watch.stops)
    # A line of words may be faster than anybody can know until it tells.
    return written - heard <= slack and (plan.talks or heard - written <= slack)


def _words_heard(line: FakeLine | FakeTalkingLine) -> int:
    if isinstance(line, FakeTalkingLine):
        return len(line.end.heard)
    return sum(len(frame.words) for frame in line.played)


def _plausible(world: World) -> bool:
    duplex = world.duplex
    return duplex is None or not any(c.complaints for c in duplex.conversations)
