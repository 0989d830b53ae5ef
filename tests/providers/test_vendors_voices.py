from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from switchhook.testing import run_virtually
from tests.providers.conformance_voice import DEMANDS
from tests.providers.rigs import VOICES, VoiceRig


@pytest.mark.parametrize("rig", VOICES, ids=lambda rig: rig.name)
@pytest.mark.parametrize("demand", DEMANDS, ids=lambda demand: demand.__name__)
def test_a_vendors_voice_is_a_voice(
    rig: VoiceRig, demand: Callable[[VoiceRig], Awaitable[None]]
) -> None:
    async def main() -> None:
        await demand(rig)

    run_virtually(main)
