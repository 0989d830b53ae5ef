"""The description is true: a fuzzer that believes it finds nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from switchhook.faces.http.app import Doors, build_asgi, routes
from switchhook.faces.http.native.table import OPERATIONS
from switchhook.faces.http.openapi import describe
from switchhook.service import keys
from switchhook.service.exchange import Exchange
from switchhook.store.database import Database
from tests.faces.http.town import (
    ANYBODY,
    CONTRACT,
    HandClock,
    Town,
    credentials,
    exchange_on,
)

EXAMPLES = 15
E164 = re.compile(r"\+[1-9][0-9]{6,14}")

GOOD_SCHEMA = {"type": "object", "properties": {"time": {"type": "string"}}}


def dialable(_context: Any, body: Any) -> Any:
    """Say what JSON Schema cannot: which numbers may be dialled, and what a schema is."""
    if not isinstance(body, dict):
        return body
    members = cast("dict[str, Any]", body)
    for name, value in members.items():
        match name, value:
            case "to_number" | "from_number" | "number", str() if E164.fullmatch(value):
                members[name] = ANYBODY
            case "result_schema", dict():
                members[name] = GOOD_SCHEMA
            case "calls_enabled", False:
                members[name] = True
            case _:
                pass
    return members


def test_a_fuzzer_that_believes_the_description_finds_nothing(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'store.db'}")
    try:
        found = list(problems(exchange_on(database, tmp_path, HandClock())))
    finally:
        database.close()

    assert found == []


def problems(exchange: Exchange) -> Iterator[str]:
    """Run every phase of the fuzzer and yield what it complains about."""
    pair = asyncio.run(keys.create_key(exchange))
    app = build_asgi(exchange, Doors(hosts=("testserver",)))
    config = SchemathesisConfig.from_dict(  # pyright: ignore[reportUnknownMemberType] -- a bare dict
        {
            "headers": credentials(pair),
            "seed": 7,
            # No schema can say that NUL is refused.
            "generation": {"deterministic": True, "max-examples": EXAMPLES, "allow-x00": False},
        }
    )
    described = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    hooks: Any = described.hooks
    hooks.register_hook_with_name(dialable, "map_body")
    for event in from_schema(described).execute():
        match event:
            case events.ScenarioFinished():
                yield from _complaints(event)
            case events.NonFatalError() | events.FatalError():
                yield repr(event)
            case _:
                pass


def _complaints(event: events.ScenarioFinished) -> Iterator[str]:
    for case_id, checks in event.recorder.checks.items():
        node: Any = event.recorder.cases[case_id]
        case: schemathesis.Case[Any] = node.value
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                asked = f"{case.method} {case.formatted_path} {case.query} {case.body!r}"
                answer = event.recorder.interactions[case_id].response
                yield f"{asked}: {failure.title}: {failure.message}: {answer and answer.text}"


def test_every_path_of_the_application_is_described(town: Town) -> None:
    served = {route.path for route in routes(town.exchange)} - {"/openapi.json"}

    assert served == set(describe(OPERATIONS, public_url=None)["paths"])


def test_the_servers_of_the_description_are_the_public_url() -> None:
    assert describe((), public_url="https://calls.example.com")["servers"] == [
        {"url": "https://calls.example.com"}
    ]


def test_the_request_examples_are_the_contracts_own() -> None:
    schemas = describe(OPERATIONS, public_url=None)["components"]["schemas"]

    assert (
        CONTRACT["components"]["schemas"]["CreateCallRequest"]["example"]
        in (schemas["CreateCall"]["examples"])
    )
