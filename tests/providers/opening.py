"""One word spoken by a vendor's voice, to see how it asks for it."""

from __future__ import annotations

import asyncio

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Unavailable
from switchhook.testing import virtual_clock
from tests.providers.rigs import VOICES, Speaker


async def spoken(
    name: str, fake: Speaker, language: Language, choice: VoiceChoice | None = None
) -> None:
    """Let the voice of that name say something; raise what it raises."""
    (rig,) = (rig for rig in VOICES if rig.name == name)
    trouble: Unavailable | None = None
    async with fake.reception.serving() as url, asyncio.TaskGroup() as group:
        voice = rig.voice(fake.key, virtual_clock(), url).open(language, choice or VoiceChoice())
        group.create_task(voice.run())
        try:
            async for _ in voice.say("Hi."):
                pass
        except Unavailable as raised:
            trouble = raised
        voice.close()
    if trouble is not None:
        raise trouble
