"""From a request to a call that could be placed: everything that needs no rule and no counting."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.actions import Action, AddToConference, TransferCall
from switchhook.domain.agent import AgentSnapshot, AgentSpec, MindKind, Prompt
from switchhook.domain.errors import AgentNotFound, InvalidInput
from switchhook.domain.interaction import Channel, Direction, Interaction
from switchhook.domain.lifecycle import State
from switchhook.domain.phone import is_fictional, normalise
from switchhook.service import connections, limits, triggers
from switchhook.service.exchange import Exchange
from switchhook.service.requests import CallRequest

if TYPE_CHECKING:
    from sqlalchemy import Connection

_OWN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+=-]*")
_MINDS: tuple[MindKind, ...] = get_args(MindKind)
_TALKING = (Channel.CALL, Channel.WEB_CALL)
_NOT_ASKED_FOR = {"idempotency_key", "confirm_token", "created_via"}


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that can be read: normal numbers, a carrier, and what identifies it."""

    request: CallRequest
    to_number: str | None
    from_number: str | None
    carrier: str
    simulated: bool
    fingerprint: str

    @property
    def to_be_dialled(self) -> bool:
        """Whether somebody's telephone will ring."""
        return self.to_number is not None


def plan(exchange: Exchange, request: CallRequest) -> Plan:
    """Return the request with everything checked that needs no store."""
    _check_sizes(request)
    _check_channel(request)
    if request.result_schema is not None:
        check_schema(request.result_schema)
    _mind(request)
    if request.options.persona is not None:
        exchange.check_persona(request.options.persona)
    to_number = _number(request.to) if request.to is not None else None
    carrier = _carrier(exchange, request, to_number)
    if request.options.telephony_params is not None:
        exchange.check_telephony(carrier, request.options.telephony_params)
    from_number = exchange.own_numbers.get(carrier)
    if request.from_number:
        from_number = normalise(request.from_number, field="from")
    return Plan(
        request=request,
        to_number=to_number,
        from_number=from_number,
        carrier=carrier,
        simulated=exchange.carriers[carrier].simulated,
        fingerprint=fingerprint(request),
    )


def fingerprint(request: CallRequest) -> str:
    """Return what two requests for the same thing have in common, and no others."""
    asked = request.model_dump(mode="json", exclude=_NOT_ASKED_FOR)
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def draft(connection: Connection, exchange: Exchange, org_id: str, planned: Plan) -> Interaction:
    """Return the call as it would be stored, with its copy of the agent."""
    request = planned.request
    if request.from_number and planned.from_number:
        check_from(connection, org_id, planned.from_number)
    snapshot = _snapshot(connection, org_id, request)
    exchange.check_agent(snapshot.spec)
    connections.check(connection, org_id, snapshot.spec.connections)
    now = exchange.clock.now()
    call = Interaction(
        id=ids.new("call"),
        external_id=request.call_id,
        org_id=org_id,
        channel=request.channel,
        direction=request.direction,
        state=State.REGISTERED,
        agent=snapshot,
        task=request.task,
        from_number=planned.from_number,
        to_number=planned.to_number,
        carrier=planned.carrier,
        simulated=planned.simulated,
        variables=snapshot.spec.variables | request.variables,
        metadata=request.metadata,
        options=request.options,
        created_at=now,
        updated_at=now,
    )
    _check_variables(call)
    return call


def check_from(connection: Connection, org_id: str, number: str) -> None:
    """Let a number pass that no other account has."""
    known = store.numbers.everybodys(connection, number)
    if known is not None and known.org_id != org_id:
        raise InvalidInput(
            f"{number} is not your number",
            field="from",
            hint="leave from out, or use one of your own numbers",
        )


def check_schema(schema: dict[str, Any], *, field: str = "result_schema") -> None:
    """Let a JSON Schema pass that asks for the members of an object."""
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415 - heavy, rarely needed

    limits.check_object(schema, field=field)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        path = ".".join([field, *(str(part) for part in wrong.absolute_path)])
        raise InvalidInput(
            f"{path} is no valid JSON Schema ({wrong.validator} is not met)",
            field=path,
            hint='write for example {"type": "object", "properties": {"time": {"type": "string"}}}',
        ) from None
    if schema.get("type", "object") != "object":
        raise InvalidInput(
            f"{field}.type must be 'object', because a result has named members",
            field=f"{field}.type",
            hint='write {"type": "object", "properties": {…}}',
        )


def _check_sizes(request: CallRequest) -> None:
    limits.check_object(request.metadata, field="metadata")
    limits.check_object(dict(request.variables), field="variables")
    limits.check_text(request.task or "", field="task")
    for field in ("to", "from_number", "agent", "idempotency_key", "mind", "created_via"):
        value = getattr(request, field)
        if isinstance(value, str):
            limits.check_text(value, field=field, limit=1024)
    if isinstance(request.agent, AgentSpec):
        check_spec(request.agent)
    if request.call_id is not None and not _OWN_ID.fullmatch(request.call_id):
        raise InvalidInput(
            "call_id may have letters, digits and . _ : @ + = - and starts with a letter or digit",
            field="call_id",
            hint="leave it out to be given one",
        )


def check_spec(spec: AgentSpec, *, field: str = "agent") -> None:
    """Let an agent pass that can be stored, and do what it says it does."""
    limits.check_storable(spec.model_dump(mode="json"), field=field)
    limits.check_object(dict(spec.variables), field="variables")
    limits.check_object(spec.extra, field="extra")
    if spec.result_schema is not None:
        check_schema(spec.result_schema)
    for action in spec.actions:
        triggers.check(action)
        _check_target(action)


def _check_target(action: Action) -> None:
    """Let a number pass that can be dialled, or is known only when the variables are."""
    calls_somebody = isinstance(action, TransferCall | AddToConference)
    if calls_somebody and "{" not in action.phone_number:
        normalise(action.phone_number, field="actions.phone_number")


def _check_channel(request: CallRequest) -> None:
    if request.channel not in _TALKING:
        raise InvalidInput(
            f"channel {request.channel.value!r} is not available yet",
            field="channel",
            hint="leave the channel out, or use 'call'",
        )
    silent = request.channel is Channel.WEB_CALL or request.direction is Direction.INBOUND
    if silent and request.to is not None:
        raise InvalidInput(
            "only an outbound call of channel 'call' has a number to dial",
            field="to",
            hint="leave out to, or channel and direction",
        )


def _mind(request: CallRequest) -> MindKind | None:
    if request.mind is None:
        return None
    named = request.mind.strip().lower()
    for kind in _MINDS:
        if kind == named:
            return kind
    raise InvalidInput(
        f"there is no mind {request.mind[:40]!r}",
        field="mind",
        hint="use 'interview' (asks for each field of result_schema), 'assistant' (you speak"
        " through control_call) or 'model' (a language model, where one is set up)",
    )


def _number(text: str) -> str:
    """Return the number in E.164; what cannot be read is left to the gate, which says why."""
    try:
        return normalise(text, field="to")
    except InvalidInput:
        return text.strip()


def _carrier(exchange: Exchange, request: CallRequest, to_number: str | None) -> str:
    wanted = request.options.carrier or exchange.default_carrier
    if wanted not in exchange.carriers:
        raise InvalidInput(
            f"there is no carrier {wanted[:40]!r}",
            field="options.carrier",
            hint=f"use one of: {', '.join(sorted(exchange.carriers))}",
        )
    if to_number is not None and is_fictional(to_number):
        simulated = [name for name, carrier in exchange.carriers.items() if carrier.simulated]
        return wanted if wanted in simulated or not simulated else simulated[0]
    return wanted


def _snapshot(connection: Connection, org_id: str, request: CallRequest) -> AgentSnapshot:
    match request.agent:
        case str() as reference:
            agent = store.agents.find(connection, org_id, reference)
            if agent is None:
                raise AgentNotFound(reference)
            snapshot = AgentSnapshot(id=agent.id, version=agent.version, spec=agent.spec)
        case AgentSpec() as spec:
            snapshot = AgentSnapshot(spec=spec)
        case None if request.task:
            snapshot = AgentSnapshot(spec=AgentSpec())
        case None:
            raise InvalidInput(
                "the call has neither a task nor an agent",
                field="task",
                hint="say in task what the call is for, or name an agent",
            )
    return snapshot.model_copy(update={"spec": _tailored(snapshot.spec, request)})


def _tailored(spec: AgentSpec, request: CallRequest) -> AgentSpec:
    """Return the agent for this one call: what the request says replaces what the agent says."""
    changes: dict[str, Any] = {}
    if request.task and not spec.prompt.content:
        changes["prompt"] = Prompt(
            content=request.task, required_variables=spec.prompt.required_variables
        )
    if request.result_schema is not None:
        changes["result_schema"] = request.result_schema
    if kind := _mind(request):
        changes["mind"] = spec.mind.model_copy(update={"kind": kind})
    if request.options.max_duration_seconds is not None:
        changes["max_duration_seconds"] = request.options.max_duration_seconds
    if request.options.record is not None:
        changes["record"] = request.options.record
    return spec.model_copy(update=changes)


def _check_variables(call: Interaction) -> None:
    given = {name.strip().lower().replace(" ", "_") for name in call.variables}
    required = call.agent.spec.prompt.required_variables
    absent = [name for name in required if name.strip().lower().replace(" ", "_") not in given]
    if absent:
        raise InvalidInput(
            f"the agent needs variables that are missing: {', '.join(absent)}",
            field="variables",
            hint="set each of them in variables",
        )
