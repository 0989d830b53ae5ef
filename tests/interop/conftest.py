from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.interop.product import Credentials, served


@pytest.fixture
def credentials() -> Credentials:
    return Credentials()


@pytest.fixture
async def address(tmp_path: Path, credentials: Credentials) -> AsyncGenerator[str]:
    """Return where our server listens."""
    async with served(tmp_path / "data", credentials) as port:
        yield f"http://127.0.0.1:{port}"
