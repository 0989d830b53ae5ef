"""Silence on both sides, calls that last too long, and lines that have gone dead.

`step` is given what happens, and told when the deadline that the state reports has come.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from switchhook.domain.agent import Language
from switchhook.engine.words import words_of


class Wait(Enum):
    """Why nobody has to speak, and for how long that is taken."""

    NONE = "somebody should speak"
    ASKED = "one was asked to wait"
    HOLD = "music or a menu's queue"


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient an agent is, in seconds."""

    waits: tuple[float, ...] = (6.0, 8.0, 10.0)
    """The silence before each check, and last before the goodbye."""
    after_interaction: float | None = None
    """The silence that counts instead once the caller has spoken."""
    max_checks: int | None = None
    """Checks in the whole call, however often the caller answers them."""
    asked_to_wait: float = 120.0
    on_hold: float = 600.0
    max_duration: float = 600.0
    warn_before: float = 30.0
    hang_up_after: float = 10.0
    no_media: float = 15.0

    @classmethod
    def every(cls, seconds: float, checks: int = 0) -> Limits:
        """Return the limits of so many checks after equal silences, then the goodbye."""
        return cls(waits=(seconds,) * (checks + 1))


class Decision(Enum):
    """What the agent does about it."""

    NONE = "go on"
    CHECK = "ask whether the caller is still there"
    GOODBYE_IDLE = "say goodbye for want of an answer"
    WARN = "say that the time is nearly up"
    GOODBYE_DURATION = "say goodbye at the limit of time"
    HANG_UP = "hang up at once, the goodbye took too long"
    HANG_UP_NO_MEDIA = "hang up at once, the line is dead"


class Happening(Enum):
    """What restarts or stops the clocks."""

    CALLER_SPOKE = "the caller speaks, or pressed a key"
    AGENT_SPEAKS = "the agent speaks or thinks"
    AGENT_FINISHED = "the agent has finished, or was interrupted, and waits"
    ASKED_TO_WAIT = "the caller asked for a moment"
    ON_HOLD = "the line plays music, or one stays silent in a queue"
    ACTION_STARTED = "an action runs"
    ACTION_ENDED = "the action is over"
    DEADLINE = "the deadline of the state has come"


class Clock(Enum):
    """How far the limit of time has been announced."""

    RUNNING = "nothing was said"
    WARNED = "the end was announced"
    OVER = "the goodbye was said"
    ENDED = "hung up"


@dataclass(frozen=True, slots=True)
class State:
    """What the limits are measured against."""

    answered: float
    limits: Limits = Limits()
    last_media: float = 0.0
    silent_since: float | None = None
    """When both fell silent; none while the agent speaks or its first message is not over."""
    wait: Wait = Wait.NONE
    actions: int = 0
    """How many run; meanwhile silence does not count."""
    checks: int = 0
    """Since the caller last spoke."""
    all_checks: int = 0
    interacted: bool = False
    clock: Clock = Clock.RUNNING


def answered(now: float, limits: Limits | None = None) -> State:
    """Return the state of a call that was just answered."""
    return State(answered=now, limits=limits or Limits(), last_media=now)


def media_came(state: State, now: float) -> State:
    """Return the state after audio of whatever kind came from the line."""
    return replace(state, last_media=now)


def step(state: State, happening: Happening, now: float) -> tuple[State, Decision]:
    """Return the next state and what the agent does."""
    if happening is Happening.DEADLINE:
        return _due(state, now)
    return _restarted(state, happening, now), Decision.NONE


def deadline(state: State) -> float | None:
    """Return when something is due; nothing more once the call was hung up."""
    if state.clock is Clock.ENDED:
        return None
    times = [state.last_media + state.limits.no_media, _duration_due(state)]
    idle = _idle_due(state)
    return min([*times, idle] if idle is not None else times)


def check_line(state: State, language: Language) -> str:
    """Return what to say for the present check, the mildest first."""
    lines = words_of(language).still_there
    return lines[min(max(state.checks, 1), len(lines)) - 1]


def asks_to_wait(text: str, language: Language) -> bool:
    """Tell whether somebody asks for a moment, after which silence is expected."""
    return words_of(language).turns.moments.within(text)


def _restarted(state: State, happening: Happening, now: float) -> State:
    """Return the state whose silence begins anew, or is over, by what happened."""
    changed = _changed(state, happening)
    match happening:
        case Happening.AGENT_SPEAKS:
            return replace(changed, silent_since=None)
        case Happening.AGENT_FINISHED:
            return replace(changed, silent_since=now)
        case _:
            # While the agent speaks there is no silence that could begin.
            return changed if state.silent_since is None else replace(changed, silent_since=now)


def _changed(state: State, happening: Happening) -> State:
    match happening:
        case Happening.CALLER_SPOKE:
            return replace(state, wait=Wait.NONE, checks=0, interacted=True)
        case Happening.ASKED_TO_WAIT:
            return replace(state, wait=Wait.ASKED)
        case Happening.ON_HOLD:
            return replace(state, wait=Wait.HOLD)
        case Happening.ACTION_STARTED:
            return replace(state, actions=state.actions + 1)
        case Happening.ACTION_ENDED:
            return replace(state, actions=max(0, state.actions - 1))
        case _:
            return state


def _due(state: State, now: float) -> tuple[State, Decision]:
    """Do what is due, the gravest first."""
    if state.clock is Clock.ENDED:
        return state, Decision.NONE
    if now >= state.last_media + state.limits.no_media:
        return replace(state, clock=Clock.ENDED), Decision.HANG_UP_NO_MEDIA
    if now >= _duration_due(state):
        return _time_is_up(state, now)
    idle = _idle_due(state)
    if idle is not None and now >= idle:
        return _idle(state, now)
    return state, Decision.NONE


def _duration_due(state: State) -> float:
    """Return when the limit of time asks for its next measure."""
    end = state.answered + state.limits.max_duration
    if state.clock is Clock.RUNNING and state.limits.warn_before < state.limits.max_duration:
        return end - state.limits.warn_before
    return end + state.limits.hang_up_after if state.clock is Clock.OVER else end


def _time_is_up(state: State, now: float) -> tuple[State, Decision]:
    if state.clock is Clock.OVER:
        return replace(state, clock=Clock.ENDED), Decision.HANG_UP
    if now >= state.answered + state.limits.max_duration:
        return replace(state, clock=Clock.OVER), Decision.GOODBYE_DURATION
    return replace(state, clock=Clock.WARNED), Decision.WARN


def _idle_due(state: State) -> float | None:
    """Return when the silence has lasted too long, if silence counts now."""
    if state.silent_since is None or state.actions or state.clock is Clock.OVER:
        return None
    match state.wait:
        case Wait.ASKED:
            return state.silent_since + state.limits.asked_to_wait
        case Wait.HOLD:
            return state.silent_since + state.limits.on_hold
        case Wait.NONE:
            return state.silent_since + _patience(state)
        case _ as unknown:
            assert_never(unknown)


def _patience(state: State) -> float:
    limits = state.limits
    if state.interacted and limits.after_interaction is not None:
        return limits.after_interaction
    return limits.waits[min(state.checks, len(limits.waits) - 1)]


def _idle(state: State, now: float) -> tuple[State, Decision]:
    """Check once more, or say goodbye when all checks are used up."""
    limits = state.limits
    exhausted = limits.max_checks is not None and state.all_checks >= limits.max_checks
    last = state.checks >= len(limits.waits) - 1
    if exhausted or last or state.wait is not Wait.NONE:
        return replace(state, silent_since=None), Decision.GOODBYE_IDLE
    checked = replace(state, checks=state.checks + 1, all_checks=state.all_checks + 1)
    return replace(checked, silent_since=now), Decision.CHECK
