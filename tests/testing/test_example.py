"""What a test of your own may look like."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.testing import (
    AnsweredCall,
    Conditions,
    Listens,
    Said,
    Wire,
    a_call,
    answered,
    run_virtually,
)

A_TELEPHONE = Conditions(
    there=Wire(delay=0.04, jitter=0.03),
    back=Wire(delay=0.04),
    echoes=Wire(delay=0.04, jitter=0.03),
    buffer=0.08,
    seed=1,
)


def test_the_callee_agrees_over_a_line_as_bad_as_telephones_are() -> None:
    polite = [Listens(), Said("Yes, sure."), Listens(), Said("No, thanks.")]

    async def main() -> AnsweredCall:
        async with answered(a_call("book a table"), polite, conditions=A_TELEPHONE) as call:
            end = await call.ended()
        assert end.reason is Reason.AGENT_HANGUP
        assert end.outcome.fields["agreed"].value is True
        return call

    call = run_virtually(main)

    assert call.journal.spoken[2:4] == [
        "callee: Yes, sure.",
        "agent: All right. Is there a message that I should pass on?",
    ]
    heard = [word for played in call.line.record for word in played.frame.words]
    assert heard[-1] == "Goodbye."
