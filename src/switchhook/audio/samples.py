"""The primitives on 16-bit samples, which Python had until 3.12 and audioop-lts has since."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Python 3.11 and 3.12 announce that the module leaves; audioop-lts brings it back for 3.13.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

__all__ = ["FULL_SCALE", "WIDTH", "audioop"]

WIDTH = 2
"""Bytes of a sample."""

FULL_SCALE = 32768
"""One more than the largest sample."""
