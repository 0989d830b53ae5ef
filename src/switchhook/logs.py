"""What is logged, and how it looks: lines on stderr, for eyes on a terminal, else for programs."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

_QUIET = (
    "httpx2",
    "httpcore2",
    "alembic",
    "sqlalchemy",
    "asyncio",
    "mcp",
    "uvicorn",
    "sse_starlette",
)


def configure(level: str) -> None:
    """Send every log record of the process to stderr, from this level on."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendered(for_eyes=sys.stderr.isatty()),
            ],
        )
    )
    logging.basicConfig(handlers=[out], level=level.upper(), force=True)
    if level != "debug":
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.ERROR)


def _rendered(*, for_eyes: bool) -> list[Processor]:
    if for_eyes:
        return [structlog.dev.ConsoleRenderer()]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
