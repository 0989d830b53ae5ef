from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.errors import InvalidInput, UnsupportedParameter
from switchhook.domain.lifecycle import ENDINGS, RANK, TERMINAL, Reason, State
from switchhook.engine.screening import Verdict
from switchhook.ports import Dial, Dialled, Entry, LegEvent, NotPickedUp, PickedUp, Ringing
from switchhook.providers.twilio import reasons
from switchhook.providers.twilio.course import Course
from switchhook.providers.twilio.orders import check, order
from switchhook.providers.twilio.reach import Reach
from switchhook.runtime.clock import SystemClock
from switchhook.service.record import advance
from switchhook.testing import FakeLine, a_call
from switchhook.testing.virtual import EPOCH
from switchhook.testing.wires import chance

WAYS = [
    ["initiated", "ringing", "in-progress", "completed"],
    ["initiated", "ringing", "no-answer"],
    ["initiated", "ringing", "canceled"],
    ["initiated", "busy"],
    ["initiated", "failed"],
]
DIALING = a_call().model_copy(update={"state": State.DIALING})
LINE = FakeLine([], SystemClock(seconds=lambda: 0.0, epoch=EPOCH))


def told(course: Course, report: str) -> list[LegEvent]:
    return course.connected("CA1", LINE) if report == "audio" else course.reported("CA1", report)


def entry_of(event: LegEvent) -> Entry:
    match event:
        case Dialled(ref):
            return Entry(carrier_ref=ref)
        case Ringing():
            return Entry(state=State.RINGING)
        case NotPickedUp(reason):
            return Entry(state=ENDINGS[reason].state, reason=reason)
        case _:
            return Entry(state=State.IN_PROGRESS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[-1])
def test_reports_in_any_order_lead_to_one_end_and_never_back(way: list[str]) -> None:
    random = chance(1)
    for _ in range(2_000):
        reports = [*way, *(["audio"] if "in-progress" in way else [])]
        reports += random.choices(way, k=random.randrange(5))
        random.shuffle(reports)

        course = Course()
        events = [event for report in reports for event in told(course, report)]

        ends = [event for event in events if isinstance(event, PickedUp | NotPickedUp)]
        assert (events[0], events[-1], len(ends)) == (Dialled("CA1"), ends[0], 1)
        assert sum(isinstance(event, Ringing) for event in events) <= 1
        call = DIALING
        for event in [*events, *events]:
            grown = advance(call, entry_of(event), now=EPOCH).call
            assert RANK[grown.state] >= RANK[call.state]
            assert call.state not in TERMINAL or grown.state is call.state
            call = grown


def test_another_calls_reports_change_nothing() -> None:
    course = Course()
    course.reported("CA1", "initiated")

    assert course.reported("CA2", "completed") == []
    assert course.connected("CA2", LINE) == []
    assert not course.over


def test_a_status_that_nobody_knows_is_no_more_than_a_sign_of_life() -> None:
    assert Course().reported("CA1", "holding") == [Dialled("CA1")]


def test_an_end_before_the_audio_came_is_no_pick_up() -> None:
    course = Course()
    course.reported("CA1", "in-progress")

    (end,) = course.reported("CA1", "completed")

    assert isinstance(end, NotPickedUp)
    assert end.reason is Reason.ERROR_NO_AUDIO
    assert course.connected("CA1", LINE) == []
    assert course.failed(Reason.DIAL_FAILED, "") == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21211, Reason.INVALID_DESTINATION),
        (21214, Reason.INVALID_DESTINATION),
        (13224, Reason.INVALID_DESTINATION),
        (21210, Reason.PROVIDER_DENIED),
        (21216, Reason.PROVIDER_DENIED),
        (21219, Reason.PROVIDER_DENIED),
        (21610, Reason.PROVIDER_DENIED),
        (20003, Reason.PROVIDER_DENIED),
        (20429, Reason.CONCURRENCY_LIMIT),
        (13226, Reason.INVALID_DESTINATION),
        (13227, Reason.PROVIDER_DENIED),
        (20503, Reason.PROVIDER_UNAVAILABLE),
        (13256, Reason.DIAL_FAILED),
        (99999, Reason.DIAL_FAILED),
        (None, Reason.DIAL_FAILED),
    ],
)
def test_a_code_says_why(code: int | None, reason: Reason) -> None:
    assert reasons.of_code(code) is reason


@pytest.mark.parametrize(
    ("status", "sip", "reason"),
    [
        ("busy", "486", Reason.BUSY),
        ("busy", "603", Reason.DECLINED),
        ("failed", "404", Reason.INVALID_DESTINATION),
        ("failed", "503", Reason.DIAL_FAILED),
        ("no-answer", "", Reason.NO_ANSWER),
        ("canceled", "", Reason.CANCELED),
    ],
)
def test_a_status_says_why(status: str, sip: str, reason: Reason) -> None:
    assert reasons.of_status(status, sip) is reason


@pytest.mark.parametrize(
    ("answered_by", "verdict"),
    [
        ("human", Verdict.HUMAN),
        ("machine_end_beep", Verdict.VOICEMAIL),
        ("machine_start", Verdict.UNCERTAIN),
        ("fax", Verdict.UNAVAILABLE),
        ("something new", Verdict.UNCERTAIN),
    ],
)
def test_who_answered_is_only_believed_where_it_is_reliable(
    answered_by: str, verdict: Verdict
) -> None:
    assert reasons.of_answer(answered_by) is verdict


def ordered(**params: str) -> dict[str, Any]:
    request = Dial("call", "token", "+15550100123", "+15550001111", {"telephony_params": params})
    return order(request, Reach("https://calls.example"))


def test_an_order_bears_the_token_and_limits_of_its_own() -> None:
    wanted = ordered()

    assert wanted["status_callback"] == "https://calls.example/carriers/twilio/token/status"
    assert wanted["timeout"] == 60
    assert wanted["time_limit"] == 660
    assert "machine_detection" not in wanted


def test_a_recording_by_the_carrier_keeps_its_channels_aligned() -> None:
    wanted = ordered(Record="true")

    assert (wanted["recording_channels"], wanted["trim"]) == ("dual", "do-not-trim")
    assert "trim" not in ordered(Record="false")


def test_machine_detection_never_delays_the_call() -> None:
    wanted = ordered(MachineDetection="Enable")

    assert wanted["async_amd"] == "true"
    assert wanted["async_amd_status_callback"].endswith("/token/detected")


@pytest.mark.parametrize("name", ["To", "Url", "Twiml", "SendDigits", "CallerId", "StatusCallback"])
def test_what_could_dial_elsewhere_cannot_be_set(name: str) -> None:
    with pytest.raises(UnsupportedParameter, match=name):
        check({name: "x"})


@pytest.mark.parametrize(("name", "text"), [("Timeout", "601"), ("Timeout", "x"), ("Record", "1")])
def test_a_parameter_has_limits(name: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        check({name: text})
