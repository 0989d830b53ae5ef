"""Which models a key opens, and until when: asked with the vendor's own library, which is heavy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI

from switchhook.providers.openai.trouble import broken_off, failure

SECONDS: Final = 5.0

_KEYLESS: Final = "none"
"""The library wants a key, also for a server that wants none."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model by name, and the day on which the vendor ends it, where one is announced."""

    name: str
    ends: date | None = None


async def models(key: str, url: str) -> list[Model]:
    """Return the models behind the key."""
    library = AsyncOpenAI(api_key=key or _KEYLESS, base_url=url, timeout=SECONDS, max_retries=0)
    try:
        async with library:
            told = [model async for model in library.models.list()]
    except APIStatusError as refused:
        raise failure(refused.body, refused.status_code).error() from refused
    except APIConnectionError as trouble:
        raise broken_off("it cannot be reached") from trouble
    except APIError as trouble:
        raise broken_off(trouble.message) from trouble
    return [Model(model.id, _day(model.shutdown_date)) for model in told]


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        return None
