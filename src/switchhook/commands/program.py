"""What can be typed: every command with its options. Each imports what it needs by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from switchhook import __version__, logs
from switchhook.settings import Settings, read_settings

if TYPE_CHECKING:
    from switchhook.commands.call import Wish

app = typer.Typer(
    name="switchhook",
    help="A telephone for any AI assistant. Settings come from SWITCHHOOK_* variables; `switchhook"
    " doctor` tells what works.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
keys_app = typer.Typer(
    help="Make, list, rotate and revoke API keys.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(keys_app, name="keys")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
KeyName = Annotated[str, typer.Argument(help="The key (not its secret); `keys list` shows it.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"switchhook {__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Hold the options that come before the command."""


@app.command()
def mcp() -> None:
    """Serve the assistant that starts this command, over stdin and stdout.

    Runs the engine in this process, or passes everything on to the one that runs already on the
    same data directory, or to the server at SWITCHHOOK_URL.
    """
    from switchhook.commands import stdio

    stdio.run(read_settings())


@app.command()
def serve(
    carrier: Annotated[
        str | None, typer.Option(help="Who dials: loopback, twilio, or twilio-fake.")
    ] = None,
    toolsets: Annotated[
        str | None, typer.Option(help="Tools that assistants get besides: numbers.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve assistants and programs over HTTP: MCP at /mcp and /sse, REST at /api.

    The first start makes the data directory, an organisation and one key, and shows the key once
    with entries to paste into Claude Desktop, Claude Code, Cursor, VS Code and Codex. With
    SWITCHHOOK_API_KEY and SWITCHHOOK_API_SECRET set, that pair is the key. SIGTERM lets live calls
    end (SWITCHHOOK_DRAIN_SECONDS); a second one ends them.
    """
    from switchhook.commands import serve as command

    settings = read_settings(carrier=carrier, toolsets=toolsets)
    logs.configure(settings.log_level)
    command.run(settings, as_json=as_json)


@app.command()
def demo(
    persona: Annotated[
        str | None, typer.Option(help="Who picks up: cooperative, hurried, voicemail, busy, ...")
    ] = None,
    play: Annotated[bool, typer.Option("--play", help="Play the recording afterwards.")] = False,
    as_json: AsJson = False,
) -> None:
    """Place a call on the loopback line and show it live; needs no account and no key."""
    from switchhook.commands import demo as command

    command.demo(_quietly(), persona, as_json=as_json, aloud=play)


@app.command()
def call(  # noqa: PLR0913, PLR0917 - typer reads the options from the parameters
    to: Annotated[
        str, typer.Argument(help="The number in international form, e.g. +15550100001.")
    ] = "",
    task: Annotated[str | None, typer.Argument(help="What the call is to achieve.")] = None,
    agent: Annotated[str | None, typer.Option(help="The id or name of an agent.")] = None,
    var: Annotated[
        list[str] | None, typer.Option(help="A variable of the prompt, as name=value; repeatable.")
    ] = None,
    schema: Annotated[
        Path | None, typer.Option(help="A file with a JSON Schema of what to find out.")
    ] = None,
    persona: Annotated[
        str | None, typer.Option(help="Who picks up a simulated call, e.g. hurried.")
    ] = None,
    record: Annotated[bool, typer.Option("--record", help="Record the call.")] = False,
    watch: Annotated[bool, typer.Option(help="Follow the call to its end.")] = True,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Play it against simulated callees and report.")
    ] = False,
    scenario: Annotated[
        list[Path] | None, typer.Option(help="A YAML file of scenarios, or a folder; repeatable.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, max=1000, help="How often each is rehearsed.")] = 1,
    virtual: Annotated[
        bool, typer.Option("--virtual", help="Rehearse in virtual time: a call in milliseconds.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Place a call and follow it live.

    Uses the server at SWITCHHOOK_URL, else the engine of this machine, else one that lives as long
    as the command; then --no-watch is refused. With --rehearse nothing is dialled: the task, or
    each --scenario, meets simulated callees, all unless --persona names one; exit code 1 tells
    that an expectation was missed.
    """
    from switchhook.commands import call as command

    wish = command.Wish(
        to=to,
        task=task,
        agent=agent,
        variables=command.variables_from(var or []),
        schema=command.schema_from(schema) if schema else None,
        persona=command.known_persona(persona),
        record=record,
    )
    if rehearse or scenario:
        return _rehearse(wish, scenario or [], runs, virtual=virtual, as_json=as_json)
    return command.call(_quietly(), wish, watch=watch, as_json=as_json)


def _rehearse(wish: Wish, files: list[Path], runs: int, *, virtual: bool, as_json: bool) -> None:
    from switchhook.commands import rehearse as rehearsing

    scenarios = rehearsing.scenarios_in(files) or rehearsing.casting(wish)
    batch = rehearsing.Batch(scenarios, runs, virtual=virtual)
    rehearsing.run(_quietly(), batch, as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Tell what works now and how to mend the rest; exits with 1 if no call can be placed."""
    from switchhook.commands import doctor as command

    command.run(_quietly(), as_json=as_json)


@keys_app.command("create")
def create_key(
    label: Annotated[str, typer.Option(help="What the key is for.")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What the key may do; repeatable: calls:create, calls:read, agents:write,"
            " recordings:read, admin. Everything if left out."
        ),
    ] = None,
    org: Annotated[
        str | None,
        typer.Option(help="Its organisation; an unknown id makes one, none means the first."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it this once."""
    from switchhook.commands import keys as command

    command.create(_quietly(), label=label, scopes=scope or [], org=org, as_json=as_json)


@keys_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List every key, without secrets."""
    from switchhook.commands import keys as command

    command.show(_quietly(), as_json=as_json)


@keys_app.command("rotate")
def rotate_key(key: KeyName, as_json: AsJson = False) -> None:
    """Give a key a second secret; the first stays good until you rotate again."""
    from switchhook.commands import keys as command

    command.rotate(_quietly(), key, as_json=as_json)


@keys_app.command("revoke")
def revoke_key(key: KeyName, as_json: AsJson = False) -> None:
    """Make a key useless at once, on open connections too."""
    from switchhook.commands import keys as command

    command.revoke(_quietly(), key, as_json=as_json)


def _quietly() -> Settings:
    """Return the settings; commands that people watch log errors only, unless told otherwise."""
    settings = read_settings()
    logs.configure("debug" if settings.log_level == "debug" else "error")
    return settings
