"""From what a tool was given to what the service is asked."""

from __future__ import annotations

from typing import Any

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import InvalidInput
from switchhook.domain.interaction import CallOptions, Channel
from switchhook.domain.lifecycle import LIVE, State
from switchhook.domain.rehearsal import Scenario
from switchhook.engine.events import Quiet
from switchhook.faces.mcp.arguments import (
    CheckCall,
    CreateAgent,
    CreateCall,
    ListCalls,
    SimulateCall,
    UpdateAgent,
)
from switchhook.ports import BeQuiet, BringIn, Command, Guide, PressKeys, PutThrough, Say
from switchhook.service.forms import agent_spec
from switchhook.service.requests import CallFilter, CallRequest

_CREATED_VIA = "MCP"

_STATES: dict[str, tuple[State, ...]] = {
    "live": tuple(sorted(LIVE)),
    "registered": (State.SCHEDULED, State.REGISTERED),
    "queued": (State.QUEUED,),
    "ringing": (State.DIALING, State.RINGING),
    "in_progress": (State.IN_PROGRESS, State.ENDING),
    "ended": (State.ENDED,),
    "failed": (State.NOT_CONNECTED, State.ERROR),
}


def call_request(wanted: CheckCall) -> CallRequest:
    """Return the call that is to be made."""
    if wanted.to is None and wanted.channel == "call":
        raise InvalidInput(
            "to is missing",
            field="to",
            hint="write + and the country code, for example +14155550123",
            next_action="create_call",
        )
    return CallRequest(
        to=wanted.to,
        task=wanted.task,
        agent=_agent(wanted.agent),
        variables=wanted.variables or {},
        from_number=wanted.from_number,
        channel=Channel(wanted.channel),
        result_schema=wanted.result_schema,
        mind=wanted.mind,
        options=wanted.options or CallOptions(),
        metadata=wanted.metadata or {},
        idempotency_key=wanted.idempotency_key if isinstance(wanted, CreateCall) else None,
        confirm_token=wanted.confirm_token if isinstance(wanted, CreateCall) else None,
        created_via=_CREATED_VIA,
    )


def simulation_request(wanted: SimulateCall) -> CallRequest:
    """Return the rehearsal that is to be made, on the line that reaches nobody."""
    play = wanted.scenario or Scenario()
    options = CallOptions(
        carrier="loopback", persona=wanted.persona or play.persona, steps=play.steps or None
    )
    return CallRequest(
        to=wanted.to,
        task=wanted.task or play.task,
        agent=_agent(wanted.agent or play.agent or None),
        variables=play.variables | (wanted.variables or {}),
        result_schema=wanted.result_schema or play.result_schema,
        mind=wanted.mind,
        options=options,
        idempotency_key=wanted.idempotency_key,
        created_via=_CREATED_VIA,
    )


def call_filter(wanted: ListCalls) -> CallFilter:
    """Return which calls are to be listed."""
    return CallFilter(
        status=_STATES[wanted.status] if wanted.status else (),
        agent=wanted.agent,
        to_number=wanted.to,
        text=wanted.text,
        offset=wanted.cursor,
        limit=wanted.limit,
    )


def command(action: str, *, text: str | None, digits: str | None, interrupt: bool) -> Command:
    """Return the command, or say which parameter it lacks."""
    match action:
        case "say":
            return Say(_needed(text, "text", "what to say"), interrupt=interrupt)
        case "guide":
            return Guide(_needed(text, "text", "what the agent is to consider"))
        case "press_keys":
            return PressKeys(_needed(digits, "digits", "the keys to press"))
        case _:
            return BeQuiet(_QUIET[action], text or "")


def transfer(to: str | None, text: str | None) -> PutThrough:
    """Return the command to connect the callee with somebody."""
    return PutThrough(_needed(to, "to", "whom to call"), text or "")


def guest(to: str | None, text: str | None, *, hold_first: bool) -> BringIn:
    """Return the command to bring somebody into the call."""
    return BringIn(_needed(to, "to", "whom to call"), hold_first, text or "")


_QUIET = {"mute": Quiet.MUTED, "unmute": None, "hold": Quiet.ON_HOLD, "resume": None}


def agent_form(wanted: CreateAgent | UpdateAgent, base: AgentSpec | None = None) -> AgentSpec:
    """Return the agent that the arguments describe, on top of what it was."""
    form = wanted.model_dump(exclude_unset=True, exclude={"agent"})
    return agent_spec(form, base)


def _agent(given: str | dict[str, Any] | None) -> str | AgentSpec | None:
    return agent_spec(given) if isinstance(given, dict) else given


def _needed(value: str | None, name: str, what: str) -> str:
    if not value:
        raise InvalidInput(
            f"{name} is missing",
            field=name,
            hint=f"{name} tells {what}",
            next_action="control_call",
        )
    return value
