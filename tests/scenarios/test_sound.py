"""S48-S52: what the callee hears, and what the recording keeps, is what was said."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from switchhook.audio import g711, streaming, wav
from switchhook.ports import Say
from switchhook.testing import AnsweredCall, Interrupts, Listens, stall
from switchhook.testing.wires import chance
from tests.scenarios.bugs import (
    beat_drifts,
    catches_up_in_a_burst,
    cut_not_recorded,
    remainder_dropped,
    resampler_forgets,
)
from tests.scenarios.stage import LONG, TELEPHONE, Backstage, by_assistant, play
from tests.scenarios.twins import fails_with

_FRAME = 0.02


def cuts(audio: bytes, seed: int) -> list[bytes]:
    """Return the audio in pieces of odd sizes."""
    random, at, pieces = chance(seed), 0, list[bytes]()
    while at < len(audio):
        size = random.choice((1, 3, 159, 161, 4001))
        pieces.append(audio[at : at + size])
        at += size
    return pieces


def noise(samples: int) -> bytes:
    """Return audio that no piece can be guessed of."""
    return chance(9).randbytes(2 * samples)


def same(left: bytes, right: bytes) -> bool:
    """Compare without the report of every byte that pytest would work out."""
    return left == right


@pytest.mark.parametrize("seed", range(5))
@fails_with(remainder_dropped)
def test_s48_odd_sized_chunks_do_not_click(seed: int) -> None:
    audio = noise(8000)
    joined = streaming.Whole()

    parted = b"".join(joined.feed(piece) for piece in cuts(audio, seed)) + joined.flush()
    assert same(parted, audio)


@pytest.mark.parametrize(("source", "target"), [(24000, 8000), (16000, 8000), (8000, 16000)])
@fails_with(resampler_forgets)
def test_s49_resampler_keeps_state(source: int, target: int) -> None:
    audio = noise(source // 2)
    whole, pieces = streaming.Resampler(source, target), streaming.Resampler(source, target)

    once = whole.feed(audio) + whole.flush()
    parted = b"".join(pieces.feed(piece) for piece in cuts(audio, 1)) + pieces.flush()
    assert same(parted, once)


@fails_with(beat_drifts)
def test_s50_pacing_does_not_drift() -> None:
    story = " ".join([LONG] * 30)

    async def tell(call: AnsweredCall) -> None:
        await call.running.control(Say(story))

    scene = play([], tell, call=by_assistant())

    sent = scene.call.line.outgoing[-10_000:]
    assert len(sent) == 10_000
    assert sent[-1].at - sent[0].at == pytest.approx(9_999 * _FRAME, abs=_FRAME)


@fails_with(catches_up_in_a_burst)
def test_s50_a_stalled_loop_skips_ahead_instead_of_bursting() -> None:
    async def tell(call: AnsweredCall) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(call.running.control(Say(LONG)))
            await asyncio.sleep(5)
            stall(2.0)

    scene = play([], tell, call=by_assistant())

    sent = [s.at for s in scene.call.line.outgoing]
    for number, at in enumerate(sent):
        assert sum(at <= later < at + _FRAME / 2 for later in sent[number:]) <= 7
    assert max(b - a for a, b in pairwise(sent)) >= 2.0


@fails_with(cut_not_recorded)
def test_s51_recording_has_both_sides_as_heard(tmp_path: Path) -> None:
    async def tell(call: AnsweredCall) -> None:
        for _ in range(3):
            await asyncio.sleep(4.5)
            await call.running.control(Say(LONG))

    script = [Listens(), *[Interrupts("No, tomorrow please.", after_ms=1500)] * 2]
    scene = play(
        script,
        tell,
        call=by_assistant(record=True),
        conditions=TELEPHONE,
        backstage=Backstage(recordings=tmp_path),
    )

    assert scene.end.recording is not None
    file = wav.read(Path(scene.end.recording.path).read_bytes())
    left, right = file.channel(0), file.channel(1)
    assert len(left) == len(right)
    played = b"".join(g711.decode(p.frame.audio) for p in scene.call.line.record)
    assert loud(right) == pytest.approx(loud(played), abs=1850)
    first = next(p.at for p in scene.call.line.record)
    begins = next(n for n, s in enumerate(memoryview(right).cast("h")) if abs(s) > 500) / 8000
    assert begins == pytest.approx(first, abs=0.2)
    assert loud(left) >= 2 * 3 * 0.24 * 8000 * 0.5


def loud(pcm: bytes) -> int:
    """Return how many samples are not silence."""
    return sum(abs(sample) > 200 for sample in memoryview(pcm).cast("h"))
