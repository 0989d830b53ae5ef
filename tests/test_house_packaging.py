from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from switchhook import __version__
from switchhook.settings import Settings, variable

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return out / done.stdout.strip().splitlines()[-1]


def test_the_wheel_holds_everything_that_the_package_needs(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if "dist-info" not in name}
    source = ROOT / "src"
    wanted = {
        str(path.relative_to(source))
        for path in (source / "switchhook").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert packed == wanted
    assert any("migrations/versions" in name for name in packed)
    assert "switchhook/py.typed" in packed


def test_the_wheel_names_the_command_and_the_version(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    entries = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))

    assert "switchhook = switchhook.cli:main" in archive.read(entries).decode()
    assert f"switchhook-{__version__}-" in wheel.name


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    newest = re.search(r"^## (\S+) - (Unreleased|\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)

    assert newest is not None
    assert newest[1] == __version__


def test_every_exact_version_carries_hashes_and_no_address() -> None:
    constraints = (ROOT / "constraints.txt").read_text()

    assert "://" not in constraints
    pinned = re.findall(r"^([a-z0-9.-]+)==(\S+)", constraints, re.MULTILINE)
    assert len(pinned) > 50
    for requirement in re.split(r"\n(?=\S)", constraints.strip()):
        assert "--hash=sha256:" in requirement, requirement


def test_what_the_project_needs_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "constraints.txt").read_text(), re.M))
    needed = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["offline"],
        *project["dependency-groups"]["dev"],
        *project["dependency-groups"]["build"],
    ]

    names = {re.split(r"[\[<>=;! ]", requirement)[0] for requirement in needed}
    assert names <= pinned


def test_the_readme_explains_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()

    for name in Settings.model_fields:
        assert f"`{variable(name)}`" in readme
    assert set(re.findall(r"`(SWITCHHOOK_[A-Z_]+)`", readme)) <= {
        variable(name) for name in Settings.model_fields
    }
