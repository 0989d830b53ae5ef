"""`switchhook doctor`: what works now, and how to mend what does not."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import httpx2

from switchhook import __version__
from switchhook.app import detecting, exchange_of
from switchhook.commands.outcome import FAILED
from switchhook.domain.errors import SwitchhookError, Unavailable
from switchhook.runtime.clock import SystemClock
from switchhook.runtime.ticker import Ticker
from switchhook.service import keys
from switchhook.services import at_home, chains
from switchhook.settings import Settings
from switchhook.telephones import TWILIO, Incoming, incoming_at_twilio, text_ears
from switchhook.work.engine_lock import EngineLock

REACH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `fix` says what to do where something is to be done.

    A call needs what is `needed`; the rest is good to know.
    """

    name: str
    works: bool
    says: str
    fix: str = ""
    needed: bool = False


def run(settings: Settings, *, as_json: bool) -> None:
    """Tell what works, and exit with 1 when no call could be placed on any line."""
    findings = list(examine(settings))
    ready = all(finding.works for finding in findings if finding.needed)
    if as_json:
        facts = {"ready": ready, "findings": [asdict(finding) for finding in findings]}
        print(json.dumps(facts))
    else:
        _print(findings, ready=ready)
    if not ready:
        sys.exit(FAILED)


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what was found, nothing changed by looking but an empty store that is made."""
    yield Finding("python", works=True, says=platform.python_version())
    yield Finding("switchhook", works=True, says=__version__)
    directory = _directory(settings)
    yield directory
    if directory.works:
        yield from asyncio.run(_store(settings))
    yield _engine(settings)
    yield Finding(
        "loopback line",
        works=True,
        says="works: every number rings here, answered by a simulated callee",
        needed=True,
    )
    yield from asyncio.run(_carrier(settings))
    yield from _taking_part(settings)
    yield from asyncio.run(_proofs(settings))
    yield _detector(settings)
    yield _calling(settings)
    yield Finding("confirmation", works=True, says=_CONFIRM[settings.confirm])
    yield asyncio.run(_public_url(settings))


_CONFIRM = {
    "always": "a person agrees before every call",
    "real-calls": "a person agrees before every call to a real telephone",
    "never": "assistants call without asking anybody",
}


def _directory(settings: Settings) -> Finding:
    place = settings.data
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(place, os.W_OK | os.X_OK)
    except OSError as refused:
        return _no_directory(settings, refused.strerror or "it cannot be made")
    if not writable:
        return _no_directory(settings, "this user may not write there")
    return Finding("data directory", works=True, says=str(place), needed=True)


def _no_directory(settings: Settings, why: str) -> Finding:
    fix = "set SWITCHHOOK_DATA to a directory that this user may write to"
    return Finding(
        "data directory", works=False, says=f"{settings.data}: {why}", fix=fix, needed=True
    )


async def _store(settings: Settings) -> list[Finding]:
    exchange = exchange_of(settings)
    where = _without_password(settings)
    try:
        from switchhook.store.schema import revision  # noqa: PLC0415 - SQLAlchemy is heavy

        revised = await exchange.database.read(revision)
        records = await keys.list_keys(exchange)
    except SwitchhookError as failed:
        fix = "check SWITCHHOOK_DATABASE_URL and that the database runs"
        return [Finding("database", works=False, says=failed.message, fix=fix, needed=True)]
    finally:
        exchange.database.close()
    live = sum(1 for record in records if record.revoked_at is None)
    return [
        Finding("database", works=True, says=f"{where}, revision {revised}", needed=True),
        Finding(
            "keys",
            works=live > 0,
            says=f"{live} live of {len(records)}",
            fix="" if live else "only remote clients need one: switchhook keys create",
        ),
    ]


def _without_password(settings: Settings) -> str:
    if settings.database.startswith("sqlite"):
        return f"SQLite {sqlite3.sqlite_version} at {settings.database.partition('///')[2]}"
    address = urlsplit(settings.database)
    return f"{address.scheme} at {address.hostname}:{address.port or 5432}{address.path}"


def _engine(settings: Settings) -> Finding:
    lock = EngineLock(settings.data)
    try:
        free = lock.acquire() if settings.data.is_dir() else True
    except OSError:
        free = True
    finally:
        lock.release()
    if free:
        fix = "an assistant starts one by itself; or switchhook serve"
        return Finding("engine", works=False, says="none runs now", fix=fix)
    address = lock.address()
    says = f"process {address.pid} at {address.url}" if address else "it is starting"
    return Finding("engine", works=True, says=says)


def _taking_part(settings: Settings) -> Iterator[Finding]:
    """Yield who hears, speaks and thinks for agents that name nobody, in the order asked."""
    simulated = settings.dials_by != TWILIO
    try:
        with at_home(settings, text_ears(None), real=not simulated) as household:
            found = chains(settings, household, simulated=simulated)
    except Unavailable as missing:
        yield Finding("ears", works=False, says=missing.message, fix=missing.hint or "")
        return
    for port, links in found.items():
        asked = ", then ".join(f"{link.name} ({link.why})" for link in links if link.works)
        others = ", ".join(f"{link.name} ({link.why})" for link in links if not link.works)
        says = "; not ".join(part for part in (asked or "nobody", others) if part)
        fix = "" if links[0].works else _FIXES[port]
        yield Finding(port, works=links[0].works, says=says, fix=fix)


_FIXES: dict[str, str] = {
    "voice": "pip install 'switchhook[offline]' brings espeak-ng; or set a vendor's key",
    "ears": "pip install 'switchhook[offline]', or set a vendor's key",
}


async def _proofs(settings: Settings) -> list[Finding]:
    """Ask every vendor that there is a key to whether it takes it, all of them at once."""
    if not settings.vendor_keys:
        return []
    from switchhook.vendors import prove  # noqa: PLC0415 - only where there is a key

    async def proof(vendor: str) -> Finding:
        try:
            says = await prove(settings, vendor, SystemClock().now().date())
        except Unavailable as refused:
            return Finding(vendor, works=False, says=refused.message, fix=refused.hint or "")
        return Finding(vendor, works=True, says=says)

    return list(await asyncio.gather(*(proof(vendor) for vendor in settings.vendor_keys)))


def _detector(settings: Settings) -> Finding:
    try:
        # Calls are looked at as on a real telephone, since that is where it makes a difference.
        with detecting(settings.detector, Ticker(SystemClock()), real=True) as chosen:
            return Finding("detector", works=True, says=_DETECTORS[chosen.name])
    except Unavailable as missing:
        return Finding("detector", works=False, says=missing.message, fix=missing.hint or "")


_DETECTORS = {
    "silero": "silero's model hears who speaks on real telephones",
    "built-in": "the built-in one hears who speaks",
}


def _calling(settings: Settings) -> Finding:
    if not settings.calls_enabled:
        fix = "set SWITCHHOOK_CALLS_ENABLED=true"
        return Finding("calling", works=False, says="switched off", fix=fix, needed=True)
    regions = ", ".join(settings.allowed_regions or ())
    says = f"to {regions}" if regions else "to the region that a call comes from"
    return Finding("calling", works=True, says=f"switched on, {says}", needed=True)


async def _carrier(settings: Settings) -> list[Finding]:
    name = "real carrier"
    if settings.dials_by != "twilio":
        fix = "set SWITCHHOOK_TWILIO_ACCOUNT_SID, _AUTH_TOKEN, _FROM and SWITCHHOOK_PUBLIC_URL"
        says = "none is configured, so no real telephone rings"
        return [Finding(name, works=False, says=says, fix=fix)]
    try:
        incoming = await incoming_at_twilio(settings)
    except Unavailable as unusable:
        return [Finding(name, works=False, says=unusable.message, fix=unusable.hint or "")]
    if incoming is None:
        says = f"the account at Twilio does not have the number {settings.twilio_from}"
        fix = "set SWITCHHOOK_TWILIO_FROM to a number of the account"
        return [Finding(name, works=False, says=says, fix=fix)]
    says = f"Twilio, calling from {settings.twilio_from}"
    return [Finding(name, works=True, says=says), _incoming(settings, incoming)]


def _incoming(settings: Settings, incoming: Incoming) -> Finding:
    """Return whether who calls the number reaches us, which calling from it does not need."""
    name, number = "incoming calls", settings.twilio_from
    if incoming.asked == incoming.ours:
        return Finding(name, works=True, says=f"calls to {number} come to this server")
    says = f"calls to {number} go to {incoming.asked or 'nobody'}, not to this server"
    fix = (
        "have an agent answer it: the tool buy_number with this number, which costs nothing as it"
        f" is the account's already; or let 'A call comes in' at Twilio POST to {incoming.ours}"
    )
    return Finding(name, works=False, says=says, fix=fix)


async def _public_url(settings: Settings) -> Finding:
    name, url = "public URL", settings.public_url
    if url is None:
        says = "none: only this machine reaches the server"
        return Finding(
            name, works=False, says=says, fix="set SWITCHHOOK_PUBLIC_URL to serve others"
        )
    try:
        async with httpx2.AsyncClient(timeout=REACH_SECONDS) as client:
            answer = await client.get(f"{url}/")
            reached = answer.is_success and answer.json().get("name") == "switchhook"
    except (httpx2.HTTPError, ValueError, AttributeError):
        reached = False
    if reached:
        return Finding(name, works=True, says=f"{url} leads to a Switchhook server")
    fix = "start switchhook serve, and check what carries the address to this machine's port"
    return Finding(name, works=False, says=f"{url} does not lead to a Switchhook server", fix=fix)


def _print(findings: list[Finding], *, ready: bool) -> None:
    for finding in findings:
        mark = "ok" if finding.works else ("NO" if finding.needed else "--")
        print(f"{mark}  {finding.name:<14} {finding.says}")
        if finding.fix:
            print(f"    {'':<14} {finding.fix}")
    print("\nCalls can be placed." if ready else "\nNo call can be placed until NO is mended.")
