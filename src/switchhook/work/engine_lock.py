"""One engine per data directory: who holds the lock, and where it answers.

The operating system keeps the lock, so that it is free the moment its process is gone; beside it
lies a file, readable by its owner only, that tells other processes of this user where to go.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from switchhook.domain import ids


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where the running engine answers, and the pair it takes for the owner of this machine."""

    pid: int
    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """The two headers that identify the owner."""
        return {"X-API-KEY": self.key, "X-API-SECRET": self.secret}


def fresh_address(url: str) -> EngineAddress:
    """Return an address of this process with a pair that nobody knows yet."""
    return EngineAddress(os.getpid(), url, ids.secret("local", 9), ids.secret("local"))


class EngineLock:
    """The right to run the engine on a data directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._held: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process has the right."""
        return self._held is not None

    def acquire(self) -> bool:
        """Take the right if nobody has it, and tell whether it is ours now."""
        if self._held is not None:
            return True
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._directory / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(file):
            os.close(file)
            return False
        self._held = file
        self._address_file.unlink(missing_ok=True)
        return True

    def publish(self, address: EngineAddress) -> None:
        """Tell other processes where this engine answers."""
        draft = self._address_file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - only os.open sets the mode at birth
            json.dump(asdict(address), file)
        draft.replace(self._address_file)

    def address(self) -> EngineAddress | None:
        """Return where the engine says it answers; nothing while it has not said so."""
        try:
            facts = json.loads(self._address_file.read_text())
            return EngineAddress(**facts)
        except (OSError, ValueError, TypeError):
            return None

    def release(self) -> None:
        """Give the right back."""
        if self._held is None:
            return
        self._address_file.unlink(missing_ok=True)
        os.close(self._held)
        self._held = None

    @property
    def _address_file(self) -> Path:
        return self._directory / "engine.json"


if sys.platform == "win32":  # pragma: no cover - the other system's half
    import msvcrt

    def _locked(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
