"""The command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the user typed."""
    from switchhook.commands.outcome import reported

    with reported():
        if sys.argv[1:] == ["mcp"]:
            from switchhook.commands import stdio
            from switchhook.settings import read_settings

            stdio.run(read_settings())
