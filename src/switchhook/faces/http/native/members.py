"""The types that the members of requests share."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
)
from pydantic_core import core_schema

from switchhook.faces.http.native.operations import IN_QUERY

MAX_METADATA = 16 * 1024
MAX_PAGE = 1_000_000
RESERVED_IDS = ("create", "create-phone-call", "create-web-call")

_WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AnyCase:
    """Lets a word be written in lower, upper or mixed case; it is read in lower case."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_lowered, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = handler(schema)
        words: list[str] = described.get("enum") or [described.pop("const")]
        return described | {"enum": [*words, *(word.upper() for word in words)]}


def _lowered(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _whole(value: Any, info: ValidationInfo) -> Any:
    """Read 7.0 as 7, as JSON Schema does, and digits in a query, which knows only text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if info.context != IN_QUERY or not isinstance(value, str):
        return value
    if not _WHOLE.fullmatch(value):
        raise ValueError("use a whole number")
    return int(value)


def _small(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_METADATA:
        raise ValueError(f"metadata is larger than {MAX_METADATA} bytes")
    return value


def _not_reserved(value: str) -> str:
    if value in RESERVED_IDS:
        raise ValueError("this id is a path of the API")
    return value


WHOLE = BeforeValidator(_whole)
"""Makes an `int` readable in bodies and in queries; it stands behind the range."""
Metadata = Annotated[
    dict[str, Any],
    Field(max_length=50, description="Kept and echoed; at most 16 KiB"),
    AfterValidator(_small),
]
Number = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        json_schema_extra={"pattern": r"^\+[1-9][0-9]{6,14}$"},
        examples=["+14155550123"],
        description="A telephone number in international form",
    ),
]
OwnId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@+=-]*$",
        json_schema_extra={"not": {"enum": list(RESERVED_IDS)}},
    ),
    AfterValidator(_not_reserved),
]
Reference = Annotated[str, Field(min_length=1, max_length=128, examples=["agent-123"])]
Page = Annotated[int, Field(ge=0, le=MAX_PAGE, description="Counts from 0"), WHOLE]
Limit = Annotated[int, Field(ge=1, le=100), WHOLE]
