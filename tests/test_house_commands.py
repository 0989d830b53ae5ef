"""The command line, run in this process."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from switchhook import __version__
from switchhook.cli import main

ROOT = Path(__file__).parent.parent
Run = Callable[..., tuple[int, str, str]]
NUMBER = "+15550100001"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Type a command and return its exit code, stdout and stderr."""
    monkeypatch.setenv("SWITCHHOOK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SWITCHHOOK_LOOPBACK_SPEED", "50")
    monkeypatch.setenv("COLUMNS", "100")

    def type_in(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["switchhook", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capsys.readouterr()
        return code, out, err

    return type_in


@contextmanager
def a_web_server(answer: Any) -> Generator[str]:
    """Answer every request with this, as JSON, on a port of 127.0.0.1."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002 - its name

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def read(run: Run, *words: str) -> Any:
    code, out, err = run(*words, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize(
    "command",
    ["mcp", "serve", "demo", "call", "doctor", "keys"]
    + [f"keys {verb}" for verb in ("create", "list", "rotate", "revoke")],
)
def test_every_command_and_every_option_explains_itself(run: Run, command: str) -> None:
    code, out, _ = run(*command.split(), "--help")

    assert code == 0
    options = re.findall(r"^  (?:--?\S+,? ?)+ *(.*)$", out, re.MULTILINE)
    assert options
    assert all(options)


def test_without_a_command_the_commands_are_listed(run: Run) -> None:
    _, out, err = run()

    for command in ("mcp", "serve", "demo", "call", "doctor", "keys"):
        assert f"  {command} " in out + err


def test_the_version_is_told(run: Run) -> None:
    assert run("--version") == (0, f"switchhook {__version__}\n", "")


def test_a_word_that_is_no_command_is_refused(run: Run) -> None:
    code, _, err = run("dial")

    assert code == 2
    assert "dial" in err


def test_a_wrong_setting_is_one_clear_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHHOOK_PORT", "eighty")

    code, out, err = run("doctor")

    assert (code, out) == (1, "")
    assert err.startswith("switchhook: SWITCHHOOK_PORT cannot be used:")
    assert err.count("\n") == 1


def test_the_demo_shows_who_says_what_and_where_things_are(run: Run) -> None:
    code, out, _ = run("demo")

    assert code == 0
    assert re.search(r"\d+\.\d-\s*\d+\.\ds  agent +Hello", out)
    assert re.search(r"\d+\.\ds  callee +\S", out)
    assert "achieved: 3 of 3 answers are known" in out
    for name in ("transcript", "recording"):
        place = re.search(rf"^{name} +(\S+)$", out, re.MULTILINE)
        assert place is not None
        assert Path(place[1]).stat().st_size > 0


def test_the_demo_tells_programs_everything(run: Run) -> None:
    facts = read(run, "demo", "--persona", "busy")

    assert (facts["status"], facts["simulated"]) == ("busy", True)
    assert facts["transcript"].endswith("transcript.txt")


def test_where_nobody_picks_up_there_is_nothing_to_play(run: Run) -> None:
    code, out, err = run("demo", "--persona", "busy", "--play")

    assert code == 0
    assert "The call is busy" in out
    assert err == "switchhook: there is nothing to play: nobody picked up\n"


def test_a_machine_without_a_player_is_told_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    code, out, err = run("demo", "--persona", "hangs_up", "--play")

    assert code == 0
    assert "Playing the recording" in out
    assert err.startswith("switchhook: cannot play the recording: none of ")


def test_the_demo_ends_with_how_to_give_it_to_an_assistant(run: Run) -> None:
    _, out, _ = run("demo", "--persona", "busy")

    last = out.splitlines()[-1]
    assert '"mcp"]' in last
    assert "switchhook serve" in last


def test_a_persona_that_does_not_exist_is_refused_with_those_that_do(run: Run) -> None:
    code, _, err = run("demo", "--persona", "martian")

    assert code == 1
    assert "cooperative" in err


def test_a_call_is_followed_to_its_end(run: Run, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object", "properties": {"day": {"type": "string"}}}')

    details = read(
        run,
        "call",
        NUMBER,
        "Ask {{whom}} for the day",
        "--schema",
        str(schema),
        "--var",
        "whom=Anna",
    )

    assert (details["status"], details["outcome"]["verdict"]) == ("ended", "achieved")
    assert details["transcript"]["lines"]


def test_a_call_to_nowhere_is_refused_with_the_reason(run: Run) -> None:
    code, _, err = run("call", "911", "Say hello")

    assert code == 1
    assert "number" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--var", "novalue"), "--var name=value"),
        (("--schema", "/nowhere/schema.json"), "/nowhere/schema.json"),
        (("--no-watch",), "switchhook serve"),
    ],
)
def test_a_call_that_was_typed_wrongly_is_refused(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    code, _, err = run("call", NUMBER, "Say hello", *words)

    assert code == 1
    assert said in err


def test_a_schema_that_is_no_object_is_refused(run: Run, tmp_path: Path) -> None:
    for text in ("[]", "{"):
        (tmp_path / "schema.json").write_text(text)
        code, _, err = run("call", NUMBER, "x", "--schema", str(tmp_path / "schema.json"))
        assert code == 1
        assert "JSON object" in err


def test_a_server_that_is_not_there_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHHOOK_URL", "http://127.0.0.1:9")

    code, _, err = run("call", NUMBER, "Say hello")

    assert code == 1
    assert "http://127.0.0.1:9/mcp" in err
    assert "SWITCHHOOK_URL" in err


def test_the_doctor_finds_a_fresh_machine_ready(run: Run) -> None:
    facts = read(run, "doctor")
    found = {finding["name"]: finding for finding in facts["findings"]}

    assert facts["ready"] is True
    assert found["database"]["says"].startswith("SQLite 3.")
    assert "revision 0001" in found["database"]["says"]
    assert found["keys"]["says"] == "0 live of 0"
    assert not found["real carrier"]["works"]
    assert not found["engine"]["works"]
    assert all(finding["fix"] for finding in facts["findings"] if not finding["works"])


def test_the_doctor_tells_people_what_to_do(run: Run) -> None:
    code, out, _ = run("doctor")

    assert code == 0
    assert "Calls can be placed." in out
    assert "switchhook keys create" in out


def test_the_doctor_fails_where_no_call_can_be_placed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHHOOK_CALLS_ENABLED", "false")

    code, out, _ = run("doctor")

    assert code == 1
    assert "SWITCHHOOK_CALLS_ENABLED=true" in out


def test_the_doctor_names_a_data_directory_that_cannot_be(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SWITCHHOOK_DATA", str(tmp_path / "file" / "data"))

    code, out, _ = run("doctor")

    assert code == 1
    assert "set SWITCHHOOK_DATA" in out


def test_the_doctor_names_a_database_that_does_not_answer_without_its_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHHOOK_DATABASE_URL", "postgresql://me:hush-hush@127.0.0.1:9/calls")

    code, out, err = run("doctor")

    assert code == 1
    assert "SWITCHHOOK_DATABASE_URL" in out
    assert "hush-hush" not in out + err


def test_the_doctor_is_content_with_a_public_url_and_a_key(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHHOOK_ALLOWED_REGIONS", "US,DE")
    run("keys", "create")

    with a_web_server({"name": "switchhook"}) as url:
        monkeypatch.setenv("SWITCHHOOK_PUBLIC_URL", url)
        found = {f["name"]: f for f in read(run, "doctor")["findings"]}

    assert found["public URL"]["says"] == f"{url} leads to a Switchhook server"
    assert found["keys"]["says"] == "1 live of 1"
    assert found["calling"]["says"] == "switched on, to US, DE"


def test_a_key_is_made_listed_rotated_and_revoked(run: Run) -> None:
    made = read(run, "keys", "create", "--label", "robots", "--scope", "calls:read")
    rotated = read(run, "keys", "rotate", made["api_key"])
    assert [key["live_secrets"] for key in read(run, "keys", "list")] == [2]
    revoked = read(run, "keys", "revoke", made["api_key"])
    listed = read(run, "keys", "list")

    assert made["bearer"] == f"{made['api_key']}.{made['api_secret']}"
    assert made["scopes"] == ["calls:read"]
    assert rotated["api_key"] == made["api_key"]
    assert rotated["api_secret"] != made["api_secret"]
    assert revoked["revoked_at"]
    assert [(key["label"], key["live_secrets"]) for key in listed] == [("robots", 0)]
    assert made["api_secret"] not in json.dumps(listed)


def test_keys_are_shown_to_people_too(run: Run) -> None:
    assert "There is no key yet" in run("keys", "list")[1]
    made = run("keys", "create")[1]
    key = re.search(r"X-API-KEY: (\S+)", made)
    assert key is not None
    assert "shown this once" in made
    assert f"{key[1]}  1 secret(s)  unused" in run("keys", "list")[1]
    assert run("keys", "revoke", key[1])[1] == f"{key[1]} is revoked\n"
    assert "revoked" in run("keys", "list")[1]


def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(run: Run) -> None:
    code, _, err = run("keys", "create", "--scope", "calls:dream")

    assert code == 1
    assert "calls:create" in err


def test_a_key_that_does_not_exist_is_refused(run: Run) -> None:
    code, _, err = run("keys", "revoke", "ck_nobody")

    assert code == 1
    assert "ck_nobody" in err


def test_a_server_for_everybody_needs_a_public_url(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHHOOK_HOST", "0.0.0.0")

    code, _, err = run("serve")

    assert code == 1
    assert "SWITCHHOOK_PUBLIC_URL is not set" in err


@pytest.mark.parametrize(
    "line",
    dict.fromkeys(
        line
        for block in re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
        for line in block.splitlines()
        if line.startswith("switchhook ") and line != "switchhook serve"
    ),
)
def test_a_command_of_the_readme_works_as_it_is_printed(run: Run, line: str) -> None:
    code, _, err = run(*shlex.split(line)[1:])

    assert code == 0, err
