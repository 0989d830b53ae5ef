"""Activity detectors side by side: `python tests/bench/activity.py FOLDER`.

The folder holds utterances as raw mu-law (`*.ul`), cut at onset and end. Every utterance is played
at three levels into seven backgrounds; webrtcvad is compared where it is installed. Columns: mean
delay of onset and end, utterances whose onset was not noticed, pauses seen within an utterance,
onsets where nobody spoke, and the cost of 20 ms.
"""

from __future__ import annotations

import importlib
import sys
import timeit
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from switchhook.audio.activity import Activity, Change, Spell
from switchhook.audio.samples import audioop

Wave = npt.NDArray[np.float64]
Detector = Callable[[bytes], float]
RATE, FRAME = 8000, 320
LEVELS = (0, -10, -20)
RATIOS = (20, 10, 5)
PAUSE = np.zeros(RATE * 6 // 5)


@dataclass
class Score:
    onsets: list[float] = field(default_factory=list[float])
    ends: list[float] = field(default_factory=list[float])
    missed: int = 0
    split: int = 0
    false: int = 0


def detectors() -> Iterator[tuple[str, Callable[[], Detector]]]:
    yield "built in", lambda: Activity().feed
    yield "rms > 150", lambda: lambda pcm: float(audioop.rms(pcm, 2) > 150)
    try:
        webrtcvad = importlib.import_module("webrtcvad")
    except ModuleNotFoundError:
        sys.stdout.write("webrtcvad is not installed: left out\n")
        return
    for mode in range(4):

        def make(mode: int = mode) -> Detector:
            vad = webrtcvad.Vad(mode)
            return lambda pcm: float(vad.is_speech(pcm, RATE))

        yield f"webrtcvad {mode}", make


def backgrounds(clips: list[Wave], samples: int) -> dict[str, Wave]:
    rng = np.random.default_rng(1)
    hertz = np.maximum(np.fft.rfftfreq(samples, 1 / RATE), 1)
    white = rng.normal(size=samples)
    moments = np.arange(samples) / RATE
    clicks = np.convolve(rng.random(samples) < 4 / RATE, np.exp(-np.arange(200) / 40))[:samples]
    crowd = np.sum(
        [np.resize(np.concatenate([*clips[i:], PAUSE]), samples) for i in range(6)], axis=0
    )
    found = {
        "white": white,
        "pink": np.fft.irfft(np.fft.rfft(rng.normal(size=samples)) * hertz**-0.5, samples),
        "car": np.fft.irfft(np.fft.rfft(white) * np.where(hertz < 60, 0, hertz**-1.5), samples),
        "hum": np.sum([np.sin(2 * np.pi * 50 * k * moments) / k for k in (1, 2, 3, 5)], axis=0),
        "crowd": crowd,
        "clicks": clicks * rng.normal(size=samples) + white * 0.01,
    }
    return {name: wave / np.sqrt(np.mean(wave**2)) for name, wave in found.items()}


def scenes(clips: list[Wave]) -> Iterator[tuple[str, bytes, list[tuple[float, float]]]]:
    silence = np.zeros(2 * RATE)
    line = np.concatenate([silence, *[part for clip in clips for part in (clip, PAUSE)]])
    starts = np.cumsum([len(silence), *[len(clip) + len(PAUSE) for clip in clips[:-1]]]) / 8
    truth = [(s, s + len(c) / 8) for s, c in zip(starts.tolist(), clips, strict=True)]
    noises = backgrounds(clips, len(line))
    quiet = [("quiet", noises["white"] * 8, 40)]
    loud = [(name, wave * 2000, ratio) for (name, wave), ratio in product(noises.items(), RATIOS)]
    for level, (name, wave, ratio) in product(LEVELS, quiet + loud):
        gain = 10 ** (level / 20)
        noise = wave if name == "quiet" else wave * gain * 10 ** (-ratio / 20)
        pcm = np.clip(line * gain + noise, -32768, 32767).astype("<i2").tobytes()
        yield f"{name} {ratio}", audioop.ulaw2lin(audioop.lin2ulaw(pcm, 2), 2), truth


def judge(score: Score, detect: Detector, pcm: bytes, truth: list[tuple[float, float]]) -> None:
    spell = Spell()
    changes = [
        (start / 16 + 20, spell.feed(detect(pcm[start : start + FRAME])))
        for start in range(0, len(pcm) - FRAME + 1, FRAME)
    ]
    begun = [moment for moment, change in changes if change is Change.STARTED]
    ended = [moment for moment, change in changes if change is Change.STOPPED]
    score.false += len(begun)
    for start, end in truth:
        within = [moment for moment in begun if start - 60 <= moment < end]
        score.false -= len(within)
        score.split += max(0, len(within) - 1)
        score.missed += not within
        score.onsets += [moment - start for moment in within[:1]]
        score.ends += [moment - end for moment in ended if moment > end - 50][:1] if within else []


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    files = sorted(Path(sys.argv[1]).glob("*.ul"))
    clips = [
        np.frombuffer(audioop.ulaw2lin(file.read_bytes(), 2), "<i2").astype(np.float64)
        for file in files
    ]
    played = list(scenes(clips))
    sys.stdout.write(f"{len(played)} scenes of {len(clips)} utterances\n")
    sys.stdout.write(
        f"{'':12}{'onset':>8}{'end':>8}{'missed':>8}{'split':>8}{'false':>8}{'us':>8}\n"
    )
    frame = (np.random.default_rng(0).normal(0, 900, 160)).astype("<i2").tobytes()
    for name, make in detectors():
        score = Score()
        for _, pcm, truth in played:
            judge(score, make(), pcm, truth)
        detect = make()
        cost = min(timeit.repeat(lambda d=detect: d(frame), number=5000, repeat=5)) / 5000 * 1e6
        delays = f"{np.mean(score.onsets):8.0f}{np.mean(score.ends):8.0f}"
        sys.stdout.write(
            f"{name:12}{delays}{score.missed:8}{score.split:8}{score.false:8}{cost:8.1f}\n"
        )


if __name__ == "__main__":
    main()
