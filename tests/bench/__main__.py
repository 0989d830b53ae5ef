"""Print figures and write them to bench-results.md: python -m tests.bench [cold|reading|...].

Every part is bounded and stops by itself; no figure is a failure.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import cold, ledger, load, media_codec, memory, placing, reading, virtual
from tests.bench.figures import Table

RESULTS = Path(__file__).parents[2] / "bench-results.md"
LIMIT = 1200.0
PARTS: dict[str, Callable[[Path], Awaitable[Table]]] = {
    "cold": cold.measure,
    "reading": reading.measure,
    "placing": placing.measure,
    "codec": media_codec.measure,
    "ledger": ledger.measure,
    "virtual": virtual.measure,
    "memory": memory.measure,
    "load": load.measure,
}


async def measure(names: list[str]) -> str:
    """Return the tables of the named parts, each printed as soon as it is there."""
    texts = [
        (
            f"# Figures\n\n{platform.platform()}, Python {platform.python_version()}, "
            f"{os.cpu_count()} processors. Client and server share this machine: compare rows.\n"
        )
    ]
    _say(texts[0])
    async with asyncio.timeout(LIMIT):
        for name in names:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
                texts.append((await PARTS[name](Path(scratch))).text())
            _say(texts[-1])
    return "\n".join(texts)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure what the command line names, or everything."""
    names = sys.argv[1:] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    RESULTS.write_text(asyncio.run(measure(names)))


if __name__ == "__main__":
    main()
