"""Pages of calls."""

from __future__ import annotations

from typing import Any

from switchhook.domain.interaction import Channel
from switchhook.domain.lifecycle import State
from switchhook.faces.http.native.call_forms import (
    CallCriteria,
    ListCalls,
    SearchCalls,
)
from switchhook.faces.http.native.calls import record_of
from switchhook.faces.http.native.operations import Asked, Nothing, Told
from switchhook.faces.http.native.presenting import call_of
from switchhook.faces.http.native.shapes import Calls, Pagination
from switchhook.service import calls
from switchhook.service.requests import CallFilter

_STATES: dict[str, tuple[State, ...]] = {
    "scheduled": (State.SCHEDULED,),
    "registered": (State.REGISTERED, State.QUEUED),
    "ongoing": (State.DIALING, State.RINGING, State.IN_PROGRESS, State.ENDING),
    "not_connected": (State.NOT_CONNECTED,),
    "ended": (State.ENDED, State.NOT_CONNECTED),
    "error": (State.ERROR,),
}
_SORTED_BY = {
    "start_timestamp": "answered_at",
    "end_timestamp": "ended_at",
    "call_duration": "duration",
    "duration_ms": "duration",
    "created_at": "created_at",
    "updated_at": "updated_at",
}


async def list_calls(asked: Asked[Nothing, ListCalls]) -> Told:
    """Return a page of all calls."""
    return await _page(asked, asked.query, CallCriteria())


async def search_calls(asked: Asked[SearchCalls, Nothing]) -> Told:
    """Return a page of the calls that fit."""
    return await _page(asked, asked.body, asked.body.filter_criteria)


def pagination(page: int, limit: int, total: int) -> Pagination:
    """Return where a page stands among all; vendors disagree on a name, so there are two."""
    pages = -(-total // limit)
    return Pagination(
        page=page,
        limit=limit,
        total=total,
        total_count=total,
        total_pages=pages,
        has_next_page=page + 1 < pages,
        has_previous_page=page > 0,
    )


async def _page(asked: Asked[Any, Any], form: ListCalls, criteria: CallCriteria) -> Told:
    found = await calls.list_calls(asked.exchange, asked.principal, _wanted(form, criteria))
    records = [await record_of(asked.exchange, asked.principal, call.id) for call in found.calls]
    data = Calls(
        organization_id=asked.principal.org_id,
        calls=[call_of(record, base_url=asked.base_url) for record in records],
        pagination=pagination(form.page, form.limit, found.total),
        returned_count=len(records),
        sort_by=form.sort_by,
        sort_order=form.sort_order,
        applied_filters=criteria.model_dump(exclude_defaults=True),
    )
    return Told("Calls retrieved successfully", data)


def _wanted(form: ListCalls, criteria: CallCriteria) -> CallFilter:
    span = criteria.duration_ms
    types = set(criteria.call_type)
    states = {state: None for word in criteria.call_status for state in _STATES[word]}
    return CallFilter(
        status=tuple(states),
        channel=_CHANNELS[types.pop()] if len(types) == 1 else None,
        agent=criteria.agent_id[0] if criteria.agent_id else None,
        min_seconds=_seconds(span.lower_threshold if span else None),
        max_seconds=_seconds(span.upper_threshold if span else None),
        text=criteria.transcript_search,
        sort_by=_SORTED_BY[form.sort_by],
        ascending=form.sort_order == "ascending",
        offset=form.page * form.limit,
        limit=form.limit,
    )


_CHANNELS = {"phone_call": Channel.CALL, "web_call": Channel.WEB_CALL}


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
