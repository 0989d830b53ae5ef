from __future__ import annotations

from pathlib import Path

import pytest

from switchhook.domain.errors import Unavailable
from switchhook.runtime.signing import KeyFile, Signing

URL = "https://desk.example/tables"


def test_each_account_and_each_address_has_a_secret_of_its_own() -> None:
    signing = Signing(lambda: b"key")
    secrets = {
        signing.secret(org, url)
        for org in ("org_1", "org_2")
        for url in (URL, "https://other.example/")
    }

    assert len(secrets) == 4
    assert signing.secret("org_1", URL) in secrets


def test_the_key_is_made_once_and_only_this_user_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "signing.key"
    assert not path.exists()

    first = Signing(KeyFile(path)).secret("org_1", URL)

    assert path.stat().st_mode & 0o777 == 0o600
    assert Signing(KeyFile(path)).secret("org_1", URL) == first
    other = Signing(KeyFile(tmp_path / "other.key"))
    assert other.secret("org_1", URL) != first


def test_a_damaged_key_signs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    path.write_bytes(b"")

    with pytest.raises(Unavailable, match=r"signing\.key is damaged"):
        Signing(KeyFile(path)).secret("org_1", URL)
