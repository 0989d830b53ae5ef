"""How a command ends: with its exit code, and one clear line where something is wrong."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import NoReturn, cast

from switchhook.domain.errors import SwitchhookError

FAILED = 1
BROKEN = 70
INTERRUPTED = 130


@contextmanager
def reported() -> Generator[None]:
    """Turn what goes wrong inside into a line on stderr and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BaseExceptionGroup as wrong:
        # Concurrent tasks wrap even the wish to end, such as that of a console nobody reads.
        if wrong.subgroup(KeyboardInterrupt) is not None:
            sys.exit(INTERRUPTED)
        if wrong.subgroup(SystemExit) is not None:
            sys.exit(FAILED)
        _report(wrong)
    except Exception as wrong:  # noqa: BLE001 - the root of the process: a person reads this
        _report(wrong)


def _report(wrong: BaseException) -> NoReturn:
    problem = _first(wrong)
    if isinstance(problem, SwitchhookError):
        say(f"{problem.message}{f' ({problem.hint})' if problem.hint else ''}")
        sys.exit(FAILED)
    import logging  # noqa: PLC0415 - only when something is broken

    logging.getLogger(__name__).debug("broken", exc_info=wrong)
    say(
        f"this is a fault of switchhook: {type(problem).__name__}: {str(problem)[:300]}"
        " (SWITCHHOOK_LOG_LEVEL=debug shows where)"
    )
    sys.exit(BROKEN)


def say(line: str) -> None:
    """Write one line to stderr."""
    sys.stderr.write(f"switchhook: {line}\n")


def _first(wrong: BaseException) -> BaseException:
    """Return the failure itself, out of the groups that concurrent tasks wrap around it."""
    failures = list(_unwrapped(wrong))
    return next((f for f in failures if isinstance(f, SwitchhookError)), failures[0])


def _unwrapped(wrong: BaseException) -> Iterator[BaseException]:
    if not isinstance(wrong, BaseExceptionGroup):
        yield wrong
        return
    for inner in cast("BaseExceptionGroup[BaseException]", wrong).exceptions:
        yield from _unwrapped(inner)
