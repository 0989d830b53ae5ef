"""Every adapter is what its port promises."""

from __future__ import annotations

from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Ears, Hearing, Listening, Mind, Speaking, Voice
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.chat import ChatMind
from switchhook.providers.openai.ears import OpenAIEars
from switchhook.providers.openai.responses import ResponsesMind
from switchhook.providers.openai.voice import OpenAIVoice
from switchhook.testing import run_virtually


def test_every_adapter_fits_its_port() -> None:
    async def main() -> None:
        api = Api("sk-test")
        ears: Ears = OpenAIEars(api)
        voice: Voice = OpenAIVoice(api)
        minds: list[Mind] = [ResponsesMind(api), ChatMind(api, "m")]
        hearing: Hearing = ears.open(Listening("en"), lambda _: None)
        speaking: Speaking = voice.open("en", VoiceChoice())
        hearing.close()
        speaking.close()
        assert {ears.name, voice.name, *(mind.name for mind in minds)} == {"openai", "chat"}
        await api.close()

    run_virtually(main)
