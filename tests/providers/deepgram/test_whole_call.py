"""A whole call that is heard over Deepgram's wire, in virtual time."""

from __future__ import annotations

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.ports import Ears
from switchhook.providers.deepgram.ears import DeepgramEars
from switchhook.testing import Listens, Said, Waits, a_call, answered, run_virtually, virtual_clock
from switchhook.testing.deepgram import FakeDeepgram

SCHEMA = {"type": "object", "properties": {"table_for": {"type": "integer"}}}


async def held(language: str, said: list[str], ears: Ears | None = None) -> list[str]:
    """Return the transcript of a call in which the callee says this."""
    script = [step for text in said for step in (Listens(), Said(text))]
    call = a_call(language=language, result_schema=SCHEMA)
    async with answered(call, [*script, Waits(30.0)], ears=ears) as running:
        assert (await running.ended(120)).reason is Reason.AGENT_HANGUP
    return running.journal.spoken


@pytest.mark.parametrize(
    ("language", "path", "said"),
    [
        ("en", "/v2/listen", ["Yes.", "Four.", "Yes."]),
        ("de", "/v2/listen", ["Ja.", "Vier.", "Ja."]),
        ("id", "/v1/listen", ["Ya.", "Empat.", "Ya."]),
    ],
)
def test_a_call_goes_as_it_would_with_ears_that_need_no_network(
    language: str, path: str, said: list[str]
) -> None:
    fake = FakeDeepgram(texts=list(said))

    async def over_the_wire() -> list[str]:
        async with fake.reception.serving() as url:
            return await held(language, said, DeepgramEars(fake.key, virtual_clock(), url=url))

    transcript = run_virtually(over_the_wire)
    assert transcript == run_virtually(lambda: held(language, said))
    assert [line for line in transcript if line.startswith("callee")] == [
        f"callee: {text}" for text in said
    ]
    assert [visit.path for visit in fake.reception.visits] == [path]
    assert fake.reception.live == 0
