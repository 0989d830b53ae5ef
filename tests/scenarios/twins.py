"""A scenario and its twins: as built it holds, with the bug planted it must fail."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from tests.simulation.bugs import Bug

Test = Callable[..., None]


def fails_with(*bugs: Bug) -> Callable[[Test], Test]:
    """Run the test as it is, and again with every bug; there its assertions must not hold."""

    def decorate(test: Test) -> Test:
        def scenario(bug: Bug | None, monkeypatch: pytest.MonkeyPatch, **given: Any) -> None:
            if bug is None:
                test(**given)
                return
            bug.plant(monkeypatch)
            with pytest.raises((AssertionError, TimeoutError, ExceptionGroup)):
                test(**given)

        own = inspect.signature(test).parameters
        asked = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
            for name in ("bug", "monkeypatch", *own)
        ]
        scenario.__name__, scenario.__doc__ = test.__name__, test.__doc__
        scenario.__module__ = test.__module__
        scenario.__signature__ = inspect.Signature(asked)  # type: ignore[attr-defined] # pyright: ignore[reportFunctionMemberAccess] - pytest reads it
        names = ["as built", *(f"but {bug}" for bug in bugs)]
        return pytest.mark.parametrize("bug", [None, *bugs], ids=names)(scenario)

    return decorate
