"""Being told to end, by Ctrl-C, a polite kill or a hang-up: one line, 130, and nothing half written."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.batch_corpus import batch, corpus, one_line
from tests.conftest import GOLDEN, ROOT, extract, run_code

REPORT = GOLDEN / "tab-indented-2021" / "report.txt"
STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a store and a result."""
    here = tmp_path_factory.mktemp("made")
    run = batch(corpus(here / "d", 8), "--store", here / "s.db", "-q")
    assert run.returncode == 0, run.stderr
    assert extract(REPORT, "-q", "-o", here / "result.json").returncode == 0
    return here


def stopped(
    at: str, number: signal.Signals, *arguments: str | Path, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run ``extract`` and stop it where it calls a function, and again while it cleans up (but by Ctrl-C)."""
    module, _, name = at.rpartition(".")
    code = (
        "import os, sys\n"
        "from extractor.__main__ import start\n"
        f"import {module} as module\n"
        "unlink = os.unlink\n"
        "def hit(*_, **__):\n"
        "    os.unlink = again\n"
        f"    os.kill(os.getpid(), {number:d})\n"
        "def again(path):\n"
        f"    os.kill(os.getpid(), {0 if number is signal.SIGINT else number:d})\n"
        "    unlink(path)\n"
        f"module.{name} = hit\n"
        f"sys.argv[1:] = {[str(one) for one in arguments]}\n"
        "sys.exit(start())\n"
    )
    return run_code(code, cwd=ROOT, data=None, **env)


COMMANDS = {
    "report": (str(REPORT), "-o", "{out}/o.json"),
    "verify": ("verify", "{made}/result.json", "--source", str(REPORT), "-o", "{out}/o.json"),
    "export": ("export", "{made}/s.db", "--to", "{out}/o.csv"),
    "parquet": ("export", "{made}/s.db", "--to", "{out}/o.parquet"),
    "summary": ("summary", "{made}/s.db", "--html", "{out}/o.html"),
}


@pytest.mark.kills
@pytest.mark.parametrize("number", STOPS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_stopped_while_it_writes_leaves_nothing(
    made: Path, tmp_path: Path, command: str, number: signal.Signals
) -> None:
    """Stopped when the file is whole and not yet in its place."""
    before = sorted(os.listdir(made))
    arguments = [part.format(made=made, out=tmp_path) for part in COMMANDS[command]]
    run = stopped("os.replace", number, *arguments)
    assert run.returncode == 130, run.stderr
    assert one_line(run.stderr) == "extract: interrupted; nothing was written\n"
    assert run.stdout == b""
    assert os.listdir(tmp_path) == []
    assert sorted(os.listdir(made)) == before


@pytest.mark.kills
@pytest.mark.parametrize("number", STOPS)
@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_an_export_that_is_stopped_leaves_nothing_of_its_library_either(
    made: Path, tmp_path: Path, ending: str, number: signal.Signals
) -> None:
    out, temporary = tmp_path / "out", tmp_path / "temporary"
    out.mkdir()
    temporary.mkdir()
    run = stopped(
        "extractor.export.exporting._dictionary",
        number,
        "export",
        made / "s.db",
        "--to",
        out / f"o.{ending}",
        TMPDIR=str(temporary),
    )
    assert run.returncode == 130, run.stderr
    one_line(run.stderr)
    assert (os.listdir(out), os.listdir(temporary)) == ([], [])


def test_ctrl_c_while_the_program_starts_is_no_traceback() -> None:
    """Before there is anybody who could say a line."""
    run = run_code(
        "import os, signal, sys\n"
        "from extractor.__main__ import start\n"
        "class Hit:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'extractor.cli':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Hit())\n"
        "start()\n"
    )
    assert (run.returncode, run.stdout, run.stderr) == (-signal.SIGINT, b"", b"")


def test_ctrl_c_as_the_program_ends_is_no_traceback() -> None:
    run = run_code(
        "import atexit, os, signal, sys\n"
        "from extractor.__main__ import start\n"
        "atexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
        "sys.argv[1:] = ['rules']\n"
        "sys.exit(start())\n"
    )
    assert run.returncode == -signal.SIGINT
    assert run.stdout
    assert run.stderr == b""


@pytest.mark.kills
@pytest.mark.parametrize("number", STOPS)
def test_what_is_ignored_stays_ignored(tmp_path: Path, number: signal.Signals) -> None:
    """As under nohup."""
    out = tmp_path / "o.json"
    run = run_code(
        "import os, signal, sys\n"
        f"signal.signal({number:d}, signal.SIG_IGN)\n"
        "from extractor import files\n"
        "from extractor.__main__ import start\n"
        "replace = os.replace\n"
        "def hit(*paths):\n"
        f"    os.kill(os.getpid(), {number:d})\n"
        "    replace(*paths)\n"
        "os.replace = hit\n"
        f"sys.argv[1:] = [{str(REPORT)!r}, '-q', '-o', {str(out)!r}]\n"
        "code = start()\n"
        f"sys.exit(code or signal.getsignal({number:d}) is not signal.SIG_IGN)\n"
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert out.exists()


def test_a_program_that_calls_the_command_keeps_its_signals() -> None:
    run = run_code(
        "import signal, threading\n"
        "numbers = signal.SIGINT, signal.SIGTERM, signal.SIGHUP\n"
        "def mine(*_): pass\n"
        "signal.signal(signal.SIGTERM, mine)\n"
        "before = [signal.getsignal(number) for number in numbers]\n"
        "import extractor.__main__, extractor.batch, extractor.cli, extractor.interrupts, verify\n"
        "from extractor.cli import main\n"
        f"arguments = [{str(REPORT)!r}, '-q', '-o', '/dev/null']\n"
        "assert main(arguments) == 0\n"
        "thread = threading.Thread(target=main, args=(arguments,))\n"
        "thread.start()\n"
        "thread.join()\n"
        "assert [signal.getsignal(number) for number in numbers] == before\n"
    )
    assert (run.returncode, run.stderr) == (0, b"")
