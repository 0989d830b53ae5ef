"""The composition root: the only place that knows every concrete class."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchhook.domain.policy import Policy
from switchhook.faces.mcp.server import Face, build_server
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import keys
from switchhook.service.exchange import ConfirmPolicy, Exchange
from switchhook.service.identity import Principal
from switchhook.settings import Settings
from switchhook.store.database import Database

if TYPE_CHECKING:
    from starlette.types import ASGIApp
