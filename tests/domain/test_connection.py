from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from switchhook.domain.connection import Connection
from switchhook.domain.errors import ConnectionNotFound

OURS: dict[str, Any] = {
    "id": "conn_1",
    "org_id": "org_1",
    "provider": "openai",
    "name": "ours",
    "ends_with": "1234",
    "created_at": datetime(2026, 11, 21, tzinfo=UTC),
}


def test_a_connection_is_to_a_vendor_that_is_known() -> None:
    assert Connection.model_validate(OURS).provider == "openai"
    with pytest.raises(ValidationError):
        Connection.model_validate(OURS | {"provider": "acme"})


def test_a_connection_has_no_place_for_the_key_itself() -> None:
    with pytest.raises(ValidationError):
        Connection.model_validate(OURS | {"key": "sk-secret"})


def test_what_is_said_of_a_connection_that_is_not_there_stays_short() -> None:
    told = ConnectionNotFound("c" * 1000).facts()

    assert len(told["message"]) < 200
    assert told["field"] == "connections"
