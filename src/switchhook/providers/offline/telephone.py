"""What a telephone leaves of speech, for a recogniser that learned from the whole of it.

The model describes sounds by 13 cepstra of 25 filters between 130 and 6800 Hz. A telephone has
only the lower 19 of them, which end at 3811 Hz. Cepstra are a linear image of the filters, so the
telephone's cepstra are a linear image of the model's: back to the filters, the upper six left out,
and forth again. The recogniser takes such an image as a file for adaptation to a speaker (MLLR).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

RATE: Final = 8000

_Matrix = npt.NDArray[np.float64]

_CEPSTRA: Final = 13
_LIFTER: Final = 22
_FILTERS: Final = 25
_LOWEST: Final = 130.0
_HIGHEST: Final = 6800.0
_KEPT: Final = 19
_STREAMS: Final = 3  # cepstra, and how fast and how much faster they change
_SPREAD: Final = 1.4  # of the variances: the image is not exact, and the line adds its own


def features() -> str:
    """Return the settings of the model's front end for the filters that a telephone has."""
    settings = {
        "lowerf": _LOWEST,
        "upperf": round(_hertz(_mel(_LOWEST) + (_KEPT + 1) * _step()), 2),
        "nfilt": _KEPT,
        "transform": "dct",
        "lifter": _LIFTER,
        "feat": "1s_c_d_dd",
        "svspec": "0-12/13-25/26-38",
        "agc": "none",
        "cmn": "batch",
        "varnorm": "no",
        "model": "ptm",
        "remove_noise": "no",
    }
    return "".join(f"-{name} {value}\n" for name, value in settings.items())


def adaptation() -> str:
    """Return the file that makes the model's means those of a telephone."""
    image = _image()
    # One class; for each stream its size, the matrix, what is added, and the spread.
    lines = ["1", str(_STREAMS)]
    for _ in range(_STREAMS):
        lines += [str(_CEPSTRA), *(" ".join(f"{value:.6f}" for value in row) for row in image)]
        lines += [" ".join(["0.0"] * _CEPSTRA), " ".join([str(_SPREAD)] * _CEPSTRA)]
    return "\n".join([*lines, ""])


def _image() -> _Matrix:
    weights = np.diag(1 + _LIFTER / 2 * np.sin(np.pi * np.arange(_CEPSTRA) / _LIFTER))
    filters = _cosines(_FILTERS).T[:_KEPT]
    return weights @ _cosines(_KEPT) @ filters @ np.linalg.inv(weights)


def _cosines(filters: int) -> _Matrix:
    """Return the orthonormal cosine transform from the filters to the cepstra."""
    places = (np.arange(filters) + 0.5) / filters
    rows = np.sqrt(2 / filters) * np.cos(np.pi * np.outer(np.arange(_CEPSTRA), places))
    rows[0] /= np.sqrt(2)
    return rows


def _step() -> float:
    return (_mel(_HIGHEST) - _mel(_LOWEST)) / (_FILTERS + 1)


def _mel(hertz: float) -> float:
    return 2595 * float(np.log10(1 + hertz / 700))


def _hertz(mel: float) -> float:
    return 700 * (10 ** (mel / 2595) - 1)
