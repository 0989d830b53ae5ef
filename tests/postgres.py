"""A real PostgreSQL for the length of a test run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
DURABLE = ("max_connections=60",)
_STARTS_WITHIN = 30.0


def binaries() -> Path | None:
    """Return the folder of initdb and postgres, the newest where there are several."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    return installed[-1].parent if installed else None


@contextmanager
def cluster(programs: Path, options: Sequence[str] = _OPTIONS) -> Generator[str]:
    """Run a cluster in a folder of its own and yield the URL of its `postgres` database."""
    folder = Path(tempfile.mkdtemp(prefix="switchhook-postgresql-"))
    user = _unprivileged()
    try:
        if user is not None:
            os.chown(folder, user, -1)
        port = _free_port()
        data = folder / "data"
        _run([programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8"], user)
        server = subprocess.Popen(
            [
                *[programs / "postgres", "-D", data, "-p", str(port)],
                *["-h", "127.0.0.1", "-k", folder],
                *[word for option in options for word in ("-c", option)],
            ],
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            url = f"postgresql://tests@127.0.0.1:{port}/postgres"
            _wait_for(url, server)
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=_STARTS_WITHIN)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> int | None:
    """PostgreSQL refuses to run as root, so there it runs as somebody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return 65534


def _environment() -> dict[str, str]:
    inherited = os.environ.items()  # noqa: TID251 - a child process wants one
    return {name: value for name, value in inherited if not name.startswith("PG")}


def _run(command: list[Path | str], user: int | None) -> None:
    subprocess.run(
        [*command, "--no-sync", "--locale=C"],
        user=user,
        check=True,
        stdout=subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
    )


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; psycopg retries nothing by itself."""
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"postgres ended at its start with status {server.returncode}")
        try:
            with psycopg.connect(url, connect_timeout=2):
                return
        except psycopg.OperationalError:
            try:
                server.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
    raise RuntimeError("postgres did not start in time")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
