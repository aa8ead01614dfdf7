"""What the tests of `extract batch` share: small corpora, the command, what stands in a store.

``python -m tests.batch_corpus STORE RUNG PATIENCE PATH…`` runs the engine with a rung of
`tests.batch_rungs` and prints how it went; a process of its own, because a run may hang or be killed.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from extractor.batch.store.packing import Connection
from tests.batch_rungs import HURRIED
from tests.conftest import CASES, GOLDEN, ROOT, environment, extract
from tests.garbler import garble

REPORT = (GOLDEN / "tab-indented-2021" / "report.txt").read_bytes()
FIRST = 500_000
SMALL = ("--lang", "en", "--processes", "1")


@cache
def garbled(seed: int) -> bytes:
    """The bytes of a garbled report."""
    return garble(FIRST + seed).text.encode()


def corpus(directory: Path, count: int) -> Path:
    """Garbled reports in a directory, the same for the same count."""
    directory.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        (directory / f"{seed:05}.txt").write_bytes(garbled(seed))
    return directory


def notes(directory: Path, count: int, said: str = "a note") -> Path:
    """Short texts without tables, all different: cheap to read."""
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (directory / f"{number:05}.txt").write_text(f"{said} {number}\n")
    return directory


def golden() -> list[Path]:
    """The golden reports."""
    return [GOLDEN / case / "report.txt" for case in CASES]


def batch(
    *arguments: str | Path, data: bytes | None = None, cwd: Path = ROOT, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run ``extract batch --lang en``, with one worker unless more are asked for."""
    return extract("batch", *SMALL, *arguments, data=data, cwd=cwd, **env)


def told(run: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """What ``--json`` says of a run."""
    loaded: dict[str, Any] = json.loads(run.stdout)
    return loaded


def start(
    *arguments: str | Path,
    cwd: Path = ROOT,
    stderr: int = subprocess.PIPE,
    module: str = "extractor",
    **env: str,
) -> subprocess.Popen[bytes]:
    """Start ``extract batch --lang en`` as the leader of a process group of its own."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", module, "batch", "--lang", "en", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=cwd,
        env=environment(**env),
        start_new_session=True,
    )


def ask(store: Path, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Rows of a store, read by SQLite itself."""
    with closing(Connection(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query, parameters).fetchall()


def results(store: Path) -> dict[str, str]:
    """The result of each source by the hash of its bytes; the store is whole and has none twice."""
    assert ask(store, "PRAGMA integrity_check") == [("ok",)]
    assert ask(store, "PRAGMA foreign_key_check") == []
    rows = ask(store, "SELECT sha256, result_json(body) FROM current_results ORDER BY sha256")
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def listed(store: Path) -> dict[str, tuple[str | None, str | None]]:
    """Verdict and problem of each path."""
    rows = ask(store, "SELECT path, verdict, problem FROM reports WHERE path IS NOT NULL")
    assert len({path for path, _, _ in rows}) == len(rows)
    return {path: (verdict, problem) for path, verdict, problem in rows}


def attempts(store: Path) -> int:
    """How many attempts there are."""
    return int(ask(store, "SELECT count(*) FROM attempts")[0][0])


def one_line(stderr: bytes) -> str:
    """The one line that an error is."""
    text = stderr.decode()
    assert "Traceback" not in text, text
    assert text.endswith("\n"), text
    assert text.count("\n") == 1, text
    assert text.startswith("extract: "), text
    return text


def engine(
    store: Path,
    rung: str,
    patience: float,
    *paths: Path,
    processes: int = 2,
    hurried: bool = False,
    timeout: float = 60,
) -> dict[str, Any]:
    """Run the engine with a rung in a process of its own, and what it says of the run.

    Where it is ``hurried``, its patience with a report in a trap is over at once, and with any other it lasts: how
    long a worker takes to start or to read is the machine's affair.
    """
    silent = {HURRIED: "1"} if hurried else {}
    run = subprocess.run(  # noqa: S603 - our own code
        _engine(store, rung, patience, processes, *paths),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
        env=environment(**silent),
        timeout=timeout,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    loaded: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return {**loaded, "stderr": run.stderr.decode()}


def engine_started(
    store: Path, rung: str, patience: float, *paths: Path
) -> subprocess.Popen[bytes]:
    """Start the engine with a rung and one worker in a process of its own."""
    return subprocess.Popen(  # noqa: S603 - our own code
        _engine(store, rung, patience, 1, *paths),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )


def _engine(*words: object) -> list[str]:
    return [sys.executable, "-m", "tests.batch_corpus", *map(str, words)]


def attempted(process: subprocess.Popen[bytes], store: Path, least: int) -> None:
    """Wait until so many attempts are stored; a process that ends before or never comes so far is at fault."""
    for _ in range(30_000):  # a busy machine takes its time
        assert process.poll() is None, "it ended before it could be stopped"
        try:
            if attempts(store) >= least:
                return
        except sqlite3.OperationalError:  # the store is being made
            pass
        threading.Event().wait(0.01)
    process.kill()
    raise AssertionError("it never came so far")


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Processes that a process started to work, without the one that cleans up behind multiprocessing."""
    found = subprocess.run(  # noqa: S603 - a number of our own
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in found.stdout.splitlines() if "resource_tracker" not in line]
    return [int(line.split()[0]) for line in lines]


def alive(processes: list[int]) -> list[int]:
    """Those that have not ended."""
    found = []
    for pid in processes:
        with suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
            found += [pid] if stat.split()[0] != "Z" else []
    return found


def gone(processes: list[int]) -> bool:
    """Whether these end, by and by."""
    for _ in range(2000):
        if not alive(processes):
            return True
        os.sched_yield()
        threading.Event().wait(0.005)
    return False


def main() -> None:
    """Run the engine as the arguments say."""
    from extractor import __version__
    from extractor.batch import Settings, Store
    from extractor.batch.engine import Engine
    from extractor.batch.plan import Plan
    from extractor.batch.progress import View
    from extractor.errors import GoujiError
    from tests.batch_rungs import RUNGS
    from tests.stores import BUILTIN

    store, rung, patience, processes, *paths = sys.argv[1:]
    files = sorted(os.path.join(path, name) for path in paths for name in os.listdir(path))
    with Store.open(store, write=True) as opened:
        made = Engine(
            opened,
            Plan(BUILTIN),
            Settings(rungs=(RUNGS[rung](),)),
            View(),
            processes=int(processes),
            patience=float(patience),
        )
        try:
            summary = made.run(iter(files), {}, __version__)
        except GoujiError as error:
            print(json.dumps({"error": str(error), "code": error.exit_code}))
            return
    counts = summary.counts
    print(
        json.dumps(
            {
                "ending": summary.ending,
                "done": counts.done,
                "code": summary.exit_code,
                "verdicts": dict(counts.verdicts),
                "problems": dict(counts.problems),
            }
        )
    )


if __name__ == "__main__":
    main()
