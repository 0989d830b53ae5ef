"""A whole call that is heard, thought and spoken over OpenAI's wire, in virtual time."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.providers.openai.ears import OpenAIEars
from switchhook.providers.openai.responses import ResponsesMind
from switchhook.providers.openai.voice import OpenAIVoice
from switchhook.testing import Acts, Said, Waits, Writes, a_call, answered, run_virtually
from switchhook.testing.openai import FakeOpenAI, Scribe, when
from tests.providers.openai.asking import reaching

GOODBYE = [Writes("Thank you, goodbye."), Acts("end_call", '{"outcome": "achieved"}')]


def test_a_table_is_booked() -> None:
    async def main() -> list[str]:
        scribe = Scribe(texts=["Yes, sure.", "Eight is fine."], seconds=[0.2, 0.2])
        brain = when({"sure": "For tonight at eight, is that possible?", "fine": GOODBYE})
        script = [Waits(10.0), Said("Yes, sure."), Waits(8.0), Said("Eight is fine."), Waits(30.0)]
        fake = FakeOpenAI(brain=brain, scribe=scribe)
        async with reaching(fake) as api:
            ears, voice, mind = OpenAIEars(api), OpenAIVoice(api), ResponsesMind(api)
            call = a_call(first_message="Hello, I would like to book a table.")
            async with answered(
                call, script, ears=ears, voice=voice, minds={"model": mind}
            ) as held:
                end = await held.ended(120)
        assert end.reason is Reason.AGENT_HANGUP
        assert fake.live == 0
        return held.journal.spoken

    assert run_virtually(main)[2:] == [
        "callee: Yes, sure.",
        "agent: For tonight at eight, is that possible?",
        "callee: Eight is fine.",
        "agent: Thank you, goodbye.",
    ]
