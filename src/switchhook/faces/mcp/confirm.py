"""A person agrees before an assistant's call is placed.

Where the client can put a question to its user, a resolver asks, in both protocol eras. Where it
cannot, the refusal carries a confirm token that the assistant repeats once its user agreed.

The first attempt to place the call comes before the question: what is invalid or refused is told
without bothering anybody, what needs no agreement is placed, and what an idempotency key knows
already is not asked again. On 2026-07-28 the answer comes back in a second request with a sealed
`requestState`, which a client can send as often as it likes; the seal's digest serves as
idempotency key, so that one question never places two calls.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult
from pydantic import BaseModel, Field

from switchhook.domain.errors import ConfirmationRequired, SwitchhookError
from switchhook.domain.phone import normalise
from switchhook.faces.mcp.identity import Desk
from switchhook.faces.mcp.placing import place
from switchhook.faces.mcp.results import step
from switchhook.service import calls
from switchhook.service.calls import Placed, Preflight
from switchhook.service.requests import CallRequest

_MODERN = "2026-07-28"

_round: ContextVar[str | None] = ContextVar("round", default=None)


class Agreement(BaseModel):
    """What the person is asked."""

    confirm: bool = Field(default=False, title="Place the call?")


class NotConfirmed(SwitchhookError):
    """The person who was asked did not agree."""

    code = "not_confirmed"
    status = 409


@dataclass(frozen=True, slots=True)
class Attempted:
    """The call was placed without a question."""

    placed: Placed


async def remember_round(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Keep the digest of the sealed state a request brings; stands outside the SDK's seal."""
    sealed = (ctx.params or {}).get("requestState")
    digest = hashlib.sha256(sealed.encode()).hexdigest() if isinstance(sealed, str) else None
    reset = _round.set(digest)
    try:
        return await call_next(ctx)
    finally:
        _round.reset(reset)


async def attempt(
    desk: Desk, context: Context[Any, Any], request: CallRequest
) -> Attempted | Elicit[Agreement]:
    """Place the call if nobody has to agree; else ask the person, or refuse with a token."""
    try:
        return Attempted(await _place(desk, request, confirmed=False))
    except ConfirmationRequired as required:
        if not may_ask(context):
            raise _with_token(required) from None
        verdict = await calls.check_call(desk.exchange, desk.caller(), request)
        return Elicit(_question(request, verdict), Agreement)


async def conclude(
    desk: Desk, request: CallRequest, outcome: ElicitationResult[Agreement]
) -> Placed:
    """Return the placed call once the person has agreed."""
    if isinstance(outcome, AcceptedElicitation):
        # What the resolver returned without a question arrives in the same wrapping.
        answered: object = outcome.data
        if isinstance(answered, Attempted):
            return answered.placed
        if outcome.data.confirm:
            return await _place(desk, request, confirmed=True)
    raise NotConfirmed(
        "the user did not agree, so nothing was dialled",
        hint="ask your user what to change; do not simply try again",
        next_action="none",
    )


def may_ask(context: Context[Any, Any]) -> bool:
    """Tell whether this client can put a question to its user."""
    declared = context.client_capabilities
    asks = declared.elicitation if declared else None
    # An empty declaration is what forms looked like before there were other ways to ask.
    form = asks is not None and (asks.form is not None or asks.url is None)
    modern = (context.protocol_version or "") >= _MODERN
    return form and (modern or context.session.can_send_request)


async def _place(desk: Desk, request: CallRequest, *, confirmed: bool) -> Placed:
    if request.idempotency_key is None and (digest := _round.get()) is not None:
        request = request.model_copy(update={"idempotency_key": f"confirmed:{digest}"})
    return await place(desk, request, confirmed=confirmed, ask_first=True)


def _question(request: CallRequest, verdict: Preflight) -> str:
    kind = "simulated" if verdict.simulated else "real"
    caller = f" from {request.from_number}" if request.from_number else ""
    task = f" Task: {request.task[:500]}" if request.task else ""
    whom = normalise(request.to, field="to") if request.to else "nobody"
    return f"Place a {kind} phone call to {whom}{caller}?{task}"


def _with_token(required: ConfirmationRequired) -> ConfirmationRequired:
    required.next_action = step("create_call", confirm_token=required.token)
    required.hint = (
        "show the call to your user; once they agree, repeat create_call with exactly the same"
        " arguments and this confirm_token"
    )
    return required
