"""A whole call that is heard over Deepgram's wire, in virtual time."""

from __future__ import annotations

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.providers.deepgram.ears import DeepgramEars
from switchhook.testing import (
    Listens,
    Said,
    Waits,
    a_call,
    answered,
    run_virtually,
    virtual_clock,
)
from switchhook.testing.deepgram import FakeDeepgram

SCHEMA = {"type": "object", "properties": {"table_for": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("language", "path", "said"),
    [
        ("en", "/v2/listen", ["Yes.", "Four.", "Yes."]),
        ("de", "/v2/listen", ["Ja.", "Vier.", "Ja."]),
        ("id", "/v1/listen", ["Ya.", "Empat.", "Ya."]),
    ],
)
def test_a_callee_is_understood(language: str, path: str, said: list[str]) -> None:
    fake = FakeDeepgram(texts=list(said))

    async def main() -> list[str]:
        async with fake.reception.serving() as url:
            ears = DeepgramEars(fake.key, virtual_clock(), url=url)
            script = [step for text in said for step in (Listens(), Said(text))]
            call = a_call(language=language, result_schema=SCHEMA)
            async with answered(call, [*script, Waits(30.0)], ears=ears) as held:
                end = await held.ended(120)
            assert end.reason is Reason.AGENT_HANGUP
            assert end.outcome is not None
            assert end.outcome.fields["table_for"].value == 4
        return held.journal.spoken

    spoken = run_virtually(main)
    assert [line for line in spoken if line.startswith("callee")] == [
        f"callee: {text}" for text in said
    ]
    assert [visit.path for visit in fake.reception.visits] == [path]
    assert fake.reception.live == 0
