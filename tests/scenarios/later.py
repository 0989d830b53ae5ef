"""The scenarios that are not played here, and why."""

from __future__ import annotations

ELSEWHERE: dict[str, str] = {
    "S33": "the hang-up by REST belongs to a carrier with REST; the leg's own is S35",
    "S34": "what an ended call answers belongs to a carrier with REST",
    "S38": "memory over many calls is measured by tests.bench",
    "S43": "smoothness with many calls is measured by tests.bench",
    "S44": "a slow REST interface belongs to a carrier with REST",
    "S46": "bursts of starts are measured by tests.bench",
    "S52": "lines that must never be silent are RTP lines; there is none yet",
}
