"""The command line."""

from __future__ import annotations

import sys

from switchhook.commands.outcome import reported


def main() -> None:
    """Run the command that the user typed."""
    with reported():
        if sys.argv[1:] == ["mcp"]:
            # Hosts start this one, again and again: it does without the parser of the others.
            from switchhook.commands import stdio
            from switchhook.settings import read_settings

            stdio.run(read_settings())
        else:
            from switchhook.commands.program import app

            app()
