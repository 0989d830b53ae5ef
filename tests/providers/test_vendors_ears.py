from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from switchhook.testing import run_virtually
from tests.providers.conformance_ears import DEMANDS
from tests.providers.rigs import EARS, EarsRig


@pytest.mark.parametrize("rig", EARS, ids=lambda rig: rig.name)
@pytest.mark.parametrize("demand", DEMANDS, ids=lambda demand: demand.__name__)
def test_a_vendors_ears_are_ears(
    rig: EarsRig, demand: Callable[[EarsRig], Awaitable[None]]
) -> None:
    async def main() -> None:
        await demand(rig)

    run_virtually(main)
