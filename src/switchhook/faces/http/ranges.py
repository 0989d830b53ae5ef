"""A part of a download, as RFC 9110 section 14 has it."""

from __future__ import annotations

import re

from starlette.responses import Response

_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def partly(content: bytes, wanted: str | None, *, media_type: str) -> Response:
    """Return the range that is asked for, or everything where the header makes no sense."""
    whole = {"accept-ranges": "bytes"}
    match = _ONE_RANGE.fullmatch(wanted.strip()) if wanted else None
    if match is None or match.groups() == ("", ""):
        return Response(content, media_type=media_type, headers=whole)
    size = len(content)
    start, stop = _span(match[1], match[2], size)
    if start >= min(stop, size):
        return Response(status_code=416, headers=whole | {"content-range": f"bytes */{size}"})
    part = content[start:stop]
    placed = {"content-range": f"bytes {start}-{start + len(part) - 1}/{size}"}
    return Response(part, status_code=206, media_type=media_type, headers=whole | placed)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size
    return int(first), int(last) + 1 if last else size
