"""Calls: make, read, change, end, download."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from starlette.responses import PlainTextResponse, Response

from switchhook.domain.errors import Conflict, InvalidInput
from switchhook.domain.happenings import Happening
from switchhook.domain.interaction import Channel, Interaction
from switchhook.domain.interaction import Direction as Way
from switchhook.domain.lifecycle import CALLS_STATUS
from switchhook.domain.templating import stringified
from switchhook.faces.http.native.call_forms import (
    AddToConference,
    ChangeCall,
    CreateCall,
    CreatePhoneCall,
    CreateWebCall,
    TranscriptForm,
    TransferCall,
)
from switchhook.faces.http.native.operations import Asked, Nothing, Told
from switchhook.faces.http.native.presenting import Record, call_of, transcript_of
from switchhook.faces.http.native.shapes import (
    Call,
    CallAndOrganization,
    CallChanged,
    CallDeleted,
    Change,
    PhoneCallInfo,
    PhoneCallPlaced,
    WebCallInfo,
    WebCallRegistered,
    WholeCall,
)
from switchhook.faces.http.ranges import partly
from switchhook.ports import BringIn, PutThrough, Receipt
from switchhook.service import calls, following
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.requests import CallRequest

EVENTS_AT_ONCE = 500
MAX_KEY = 255


async def create(asked: Asked[CreateCall, Nothing]) -> Told:
    """Register a call, and dial it if there is a number."""
    form = asked.body
    channel = Channel.CALL if form.call_type == "phone_call" else Channel.WEB_CALL
    dialled = channel is Channel.CALL and form.direction == "outbound"
    if form.to_number and not dialled:
        raise InvalidInput(
            "only an outbound phone call can be dialled",
            field="to_number",
            hint="leave to_number away, or use call_type phone_call and direction outbound",
        )
    metadata = form.metadata or {}
    request = CallRequest(
        to=form.to_number or (_text(metadata, "to_number") if dialled else None),
        from_number=form.from_number or _text(metadata, "from_number"),
        agent=form.agent_id,
        variables=_variables(metadata),
        channel=channel,
        direction=Way(form.direction),
        metadata=metadata,
        call_id=form.call_id,
        idempotency_key=_idempotency_key(asked),
    )
    call, headers = await _placed(asked, request)
    data = CallAndOrganization(organization_id=asked.principal.org_id, call=call)
    return Told("Call created successfully", data, headers)


async def create_phone_call(asked: Asked[CreatePhoneCall, Nothing]) -> Told:
    """Dial."""
    form = asked.body
    metadata = form.metadata or {}
    request = CallRequest(
        to=form.to_number,
        from_number=form.from_number,
        agent=form.override_agent_id,
        variables=_variables(metadata),
        metadata=metadata,
        idempotency_key=_idempotency_key(asked),
    )
    call, headers = await _placed(asked, request)
    line = PhoneCallInfo.model_validate(call, from_attributes=True)
    data = PhoneCallPlaced(organization_id=asked.principal.org_id, call=call, phone_call_info=line)
    return Told("Phone call created and initiated successfully", data, headers)


async def create_web_call(asked: Asked[CreateWebCall, Nothing]) -> Told:
    """Register a web call; there is no web line to join yet, and the answer says so."""
    metadata = asked.body.metadata or {}
    request = CallRequest(
        agent=asked.body.agent_id,
        variables=_variables(metadata),
        channel=Channel.WEB_CALL,
        metadata=metadata,
        idempotency_key=_idempotency_key(asked),
    )
    call, headers = await _placed(asked, request)
    data = WebCallRegistered(
        organization_id=asked.principal.org_id,
        call=call,
        web_call_info=WebCallInfo(call_status=call.call_status, agent_id=call.agent_id),
    )
    message = "Web call registered; this server has no web line, so there is no token to join with"
    return Told(message, data, headers)


async def show(asked: Asked[Nothing, Nothing]) -> Told:
    """Return one call."""
    record = await record_of(asked.exchange, asked.principal, asked.id)
    call = call_of(record, base_url=asked.base_url)
    return Told("Call retrieved successfully", WholeCall(**dict(call), call=call))


async def change(asked: Asked[ChangeCall, Nothing]) -> Told:
    """Merge metadata, or give another from number."""
    form = asked.body
    if form.call_status or form.direction:
        now = await calls.get_call(asked.exchange, asked.principal, asked.id)
        _agree("call_status", form.call_status, CALLS_STATUS[now.state])
        _agree("direction", form.direction, now.direction.value)
    changed = await calls.update_call(
        asked.exchange,
        asked.principal,
        asked.id,
        metadata=form.metadata,
        from_number=form.from_number,
    )
    return await _changed(asked, changed, "update")


async def delete(asked: Asked[Nothing, Nothing]) -> Told:
    """Wipe a call."""
    call = await calls.delete_call(asked.exchange, asked.principal, asked.id)
    data = CallDeleted(organization_id=call.org_id, call_id=call.public_id)
    return Told("Call deleted successfully", data)


async def end(asked: Asked[Nothing, Nothing]) -> Told:
    """Hang up."""
    ended = await calls.end_call(asked.exchange, asked.principal, asked.id)
    return await _changed(asked, ended.call, "end", _replay(replayed=ended.replayed))


async def transfer(asked: Asked[TransferCall, Nothing]) -> Told:
    """Connect the callee with somebody else."""
    form = asked.body
    wanted = PutThrough(form.to_number, form.text or "")
    receipt = await calls.transfer_call(asked.exchange, asked.principal, asked.id, wanted)
    return await _called(asked, receipt, "transfer")


async def add(asked: Asked[AddToConference, Nothing]) -> Told:
    """Bring a third person into the call."""
    form = asked.body
    wanted = BringIn(form.to_number, form.hold_first, form.text or "")
    receipt = await calls.bring_in(asked.exchange, asked.principal, asked.id, wanted)
    return await _called(asked, receipt, "add")


async def _called(asked: Asked[Any, Nothing], receipt: Receipt, what: Change) -> Told:
    """Tell what became of calling somebody else."""
    if receipt.result == "refused":
        raise Conflict(
            receipt.detail or "nobody else can be called now",
            hint="the agent goes on with the call; try again, or another number",
        )
    call = await calls.get_call(asked.exchange, asked.principal, asked.id)
    told = await _changed(asked, call, what)
    if receipt.result == "done":
        return told
    return Told(f"Begun: {receipt.detail}", told.data)


async def recording(asked: Asked[Nothing, Nothing]) -> Response:
    """Return the recording, or the part of it that the Range header names."""
    audio = await calls.recording_of(asked.exchange, asked.principal, asked.id)
    return partly(audio, asked.headers.get("range"), media_type="audio/wav")


async def transcript(asked: Asked[Nothing, TranscriptForm]) -> Told | Response:
    """Return what was said, as JSON or as text for people."""
    record = await record_of(asked.exchange, asked.principal, asked.id)
    said = transcript_of(record)
    accepted = asked.headers.get("accept", "")
    wanted = asked.query.format or ("text" if accepted.startswith("text/plain") else "json")
    if wanted == "text":
        return PlainTextResponse(said.transcript or "")
    return Told("Transcript retrieved successfully", said)


async def record_of(exchange: Exchange, principal: Principal, call_id: str) -> Record:
    """Return the call with everything that happened to it."""
    news = await following.happenings(exchange, principal, call_id, limit=EVENTS_AT_ONCE)
    found: list[Happening] = [*news.happenings]
    while news.more:
        news = await following.happenings(
            exchange, principal, call_id, after=news.cursor, limit=EVENTS_AT_ONCE
        )
        found.extend(news.happenings)
    return Record(news.call, found)


async def _placed(
    asked: Asked[Any, Nothing], request: CallRequest
) -> tuple[Call, Mapping[str, str]]:
    placed = await calls.create_call(asked.exchange, asked.principal, request)
    call = await _shown(asked, placed.call)
    return call, _replay(replayed=placed.replayed)


async def _changed(
    asked: Asked[Any, Nothing],
    call: Interaction,
    operation: Change,
    headers: Mapping[str, str] | None = None,
) -> Told:
    data = CallChanged(
        operation=operation, organization_id=call.org_id, call=await _shown(asked, call)
    )
    return Told(f"Call {_DONE[operation]} successfully", data, headers or {})


_DONE: dict[Change, str] = {
    "update": "updated",
    "end": "ended",
    "transfer": "transferred",
    "add": "extended",
}


async def _shown(asked: Asked[Any, Any], call: Interaction) -> Call:
    """Show the call; to a key that may make calls but not read them, without what was learned."""
    if asked.principal.scopes & {Scope.CALLS_READ, Scope.ADMIN}:
        record = await record_of(asked.exchange, asked.principal, call.id)
    else:
        record = Record(call.model_copy(update={"outcome": None, "latency": None}), ())
    return call_of(record, base_url=asked.base_url)


def _agree(field: str, wanted: str | None, actual: str) -> None:
    if wanted is not None and wanted != actual:
        raise Conflict(
            f"{field} is {actual!r} and cannot be set",
            field=field,
            hint="it follows the call; POST /api/calls/{id}/end hangs up",
        )


def _text(metadata: Mapping[str, Any], name: str) -> str | None:
    value = metadata.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidInput(
            f"metadata.{name} is not a text", field=f"metadata.{name}", hint="send a string"
        )
    return value or None


def _variables(metadata: Mapping[str, Any]) -> dict[str, str]:
    given: object = metadata.get("dynamic_variables") or {}
    if not isinstance(given, dict):
        raise InvalidInput(
            "metadata.dynamic_variables is not an object",
            field="metadata.dynamic_variables",
            hint="send an object of names and values",
        )
    variables = cast("dict[str, object]", given)
    return {name: stringified(value) for name, value in variables.items()}


def _idempotency_key(asked: Asked[Any, Any]) -> str | None:
    key = asked.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise InvalidInput(
            "the Idempotency-Key is empty, too long or not printable ASCII",
            field="Idempotency-Key",
            hint=f"send 1 to {MAX_KEY} printable characters, for example a UUID",
        )
    return key


def _replay(*, replayed: bool) -> Mapping[str, str]:
    return {"idempotent-replayed": "true"} if replayed else {}
