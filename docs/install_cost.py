"""Measure what it takes to install the program and to read a first report on a machine that has Python alone.

    python docs/install_cost.py            from the registry
    python docs/install_cost.py --wheels   into a folder of wheels first, then from that folder without a network

Prints seconds and megabytes; a cache of pip is not used, so the seconds depend on the network and the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "golden" / "tab-indented-2021" / "report.txt"


def main(*options: str) -> None:
    """Install into a new environment, read a report, say what it took."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        source = folder / "source"
        _run("git", "clone", "-q", "--depth", "1", ROOT.as_uri(), str(source))
        python = str(folder / "venv" / "bin" / "python")
        venv.create(folder / "venv", with_pip=True)
        empty = _size(folder / "venv")
        pip = [python, "-m", "pip", "-q", "--disable-pip-version-check", "--no-cache-dir"]
        install = [*pip, "install", str(source)]
        if "--wheels" in options:
            wheels = folder / "wheels"
            _told("download of the wheels", [*pip, "wheel", "-w", str(wheels), str(source)])
            print(
                f"folder of wheels: {_size(wheels) / 1e6:.0f} MB, {len(list(wheels.iterdir()))} files"
            )
            install = [*pip, "install", "--no-index", "--find-links", str(wheels), "gouji"]
        _told("installation", install)
        print(f"installed: {(_size(folder / 'venv') - empty) / 1e6:.0f} MB")
        listed = subprocess.run(  # noqa: S603 - our own command
            [*pip, "list", "--format=freeze"], capture_output=True, check=True, encoding="utf-8"
        )
        print(f"packages: {len(listed.stdout.splitlines()) - 1} beside pip")
        command = [str(folder / "venv" / "bin" / "extract"), str(REPORT), "-q", "-o", os.devnull]
        _told("first report", command)
        _told("second report", command)


def _told(what: str, command: list[str]) -> None:
    began = time.monotonic()
    _run(*command)
    print(f"{what}: {time.monotonic() - began:.1f} s")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=tempfile.gettempdir())  # noqa: S603 - our own command


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main(*sys.argv[1:])
