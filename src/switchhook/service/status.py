"""What works now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from switchhook import __version__, store
from switchhook.domain.lifecycle import LIVE, State
from switchhook.domain.policy import Caps, Policy, Usage
from switchhook.service import permission
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

_USED: dict[str, str] = {
    "concurrent": "concurrent",
    "per_second": "last_second",
    "per_hour": "last_hour",
    "per_day": "last_day",
}


async def get_status(exchange: Exchange, principal: Principal) -> dict[str, Any]:
    """Return carriers, limits, what is used of them, and the calls that are live."""
    principal.need(Scope.CALLS_READ)
    simulated = exchange.carriers[exchange.default_carrier].simulated

    def work(connection: Connection) -> dict[str, Any]:
        holder = permission.account(connection, principal.org_id)
        rules = permission.policy(exchange, holder)
        at = store.gate.Counting(now=exchange.clock.now())
        caps = rules.simulated_caps if simulated else rules.caps
        counted = caps.model_copy(update={"per_callee_per_day": None})
        used = store.gate.usage(connection, holder, "", counted, simulated=simulated, at=at)
        return {
            "live_calls": store.calls.count(connection, holder.id, LIVE),
            "queued_calls": store.calls.count(connection, holder.id, {State.QUEUED}),
            "limits": _limits(caps, used),
            "policy": _policy(rules),
        }

    counted = await exchange.database.read(work)
    return {
        "version": __version__,
        "accepting_calls": not exchange.draining and counted["policy"]["calls_enabled"],
        "draining": exchange.draining,
        "simulated": simulated,
        "note": _NOTES[simulated],
        "carriers": [
            {
                "name": name,
                "simulated": carrier.simulated,
                "configured": True,
                "default": name == exchange.default_carrier,
            }
            for name, carrier in sorted(exchange.carriers.items())
        ],
        "confirmation": exchange.confirm.value,
        "voice": exchange.voice_name,
        "providers": exchange.breakers.stands(),
        "chains": {
            port: [asdict(link) for link in links] for port, links in exchange.chains.items()
        },
        "detector": exchange.detector_name,
        **counted,
    }


_NOTES = {
    True: "no real carrier is configured: every call rings on the loopback line and a simulated"
    " person answers",
    False: "calls reach real telephones; simulate_call, or options.carrier 'loopback', does not",
}


def _limits(caps: Caps, used: Usage) -> dict[str, dict[str, int | None]]:
    """Return each cap with what is used of it; without a cap nothing is counted."""
    limits: dict[str, dict[str, int | None]] = {}
    for name, counted in _USED.items():
        limit: int | None = getattr(caps, name)
        limits[name] = {
            "limit": limit,
            "used": getattr(used, counted) if limit is not None else None,
        }
    limits["per_callee_per_day"] = {"limit": caps.per_callee_per_day, "used": None}
    return limits


def _policy(rules: Policy) -> dict[str, Any]:
    return {
        "calls_enabled": rules.calls_enabled,
        "allowed_regions": list(rules.allowed_regions) if rules.allowed_regions else None,
    }
