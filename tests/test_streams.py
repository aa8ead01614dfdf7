"""Standard output and standard error that are closed, full, or heard by nobody: nothing is lost or mixed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, cast

import pytest

from extractor.batch import progress
from extractor.batch.counts import Counts
from extractor.batch.words import Lang
from extractor.writing import for_people, say
from tests.batch_corpus import SMALL, ask, batch, corpus, notes, one_line
from tests.conftest import GOLDEN, ROOT, environment, extract

REPORT = str(GOLDEN / "tab-indented-2021" / "report.txt")
FULL = Path("/dev/full")


def run(
    *arguments: str | Path,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
    close: int | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run ``extract`` with these streams, one of them closed from the beginning."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "extractor", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        cwd=ROOT,
        env=environment(),
        timeout=600,
        check=False,
        preexec_fn=None if close is None else lambda: os.close(close),
    )


@contextmanager
def left_terminal() -> Iterator[int]:
    """A terminal that was closed."""
    ours, theirs = pty.openpty()
    os.close(ours)
    yield theirs
    os.close(theirs)


@contextmanager
def left_pipe() -> Iterator[int]:
    """A pipe that nobody reads any more."""
    ours, theirs = os.pipe()
    os.close(ours)
    yield theirs
    os.close(theirs)


@contextmanager
def full_disk() -> Iterator[int]:
    """A file that cannot grow."""
    if not FULL.exists():
        pytest.skip("no /dev/full here")
    with FULL.open("wb") as file:
        yield file.fileno()


DEAF = [left_terminal, left_pipe, full_disk]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a store and a result."""
    here = tmp_path_factory.mktemp("made")
    assert batch(corpus(here / "d", 8), "--store", here / "s.db", "-q").returncode == 0
    assert extract(REPORT, "-q", "-o", here / "result.json").returncode == 0
    return here


@pytest.mark.batches
@pytest.mark.parametrize("deaf", DEAF)
def test_a_run_that_nobody_hears_is_done_whole(
    tmp_path: Path, deaf: Callable[[], AbstractContextManager[int]]
) -> None:
    """It says at once that it goes on with another one, at its end what it came to."""
    directory, store = notes(tmp_path / "d", 6), tmp_path / "s.db"
    assert batch(directory, "--store", store, "-q").returncode == 0
    again = ("batch", *SMALL, directory, "--store", store, "--json", "--rerun", "all")
    assert b'"ending": "limit"' in run(*again, "--limit", "2").stdout
    with deaf() as stream:
        done = run(*again, stderr=stream)
    assert (done.returncode, json.loads(done.stdout)["done"]) == (0, 4)
    assert ask(store, "SELECT ending FROM runs ORDER BY id") == [
        ("finished",),
        ("limit",),
        ("finished",),
    ]


COMMANDS = {
    "report": (REPORT,),
    "verify": ("verify", "{made}/result.json", "--source", REPORT),
    "export": ("export", "{made}/s.db", "--to", "{out}/o.csv"),
    "batch": ("batch", "{made}/d", "--store", "{out}/s.db", "--json"),
    "nothing": ("{out}/gone.txt",),
    "golden": ("golden", "add", REPORT, "--name", "new", "--directory", "{out}"),
}


@pytest.mark.batches
@pytest.mark.parametrize("command", COMMANDS)
def test_what_nobody_hears_changes_neither_output_nor_exit_code(
    made: Path, tmp_path: Path, command: str
) -> None:
    """Closed from the beginning, its words do not go to standard output instead."""
    plain, *others = [tmp_path / str(number) for number in range(2 + len(DEAF))]
    for out in (plain, *others):
        out.mkdir()

    def told(out: Path) -> list[str]:
        return [part.format(made=made, out=out) for part in COMMANDS[command]]

    def said(done: subprocess.CompletedProcess[bytes], out: Path) -> tuple[int, object]:
        text = done.stdout.replace(bytes(out), b"OUT")
        if command != "batch":
            return done.returncode, text
        return done.returncode, {**json.loads(text), "seconds": 0}

    expected = said(run(*told(plain)), plain)
    closed, *deaf = others
    assert said(run(*told(closed), close=2), closed) == expected
    for out, stream in zip(deaf, DEAF, strict=True):
        with stream() as number:
            assert said(run(*told(out), stderr=number), out) == expected, stream.__name__
        assert sorted(os.listdir(out)) == sorted(os.listdir(plain))


@pytest.mark.batches
@pytest.mark.parametrize(
    "command",
    [
        (REPORT, "-q"),
        ("batch", "{made}/d", "--store", "{out}/s.db", "--json", "-q"),
        ("diff", "{made}/s.db", "{out}/t.db"),
        ("summary", "{made}/s.db"),
        ("rules",),
        (REPORT, "--model", "openai/m", "--dry-run"),
    ],
)
def test_an_output_that_cannot_be_written_is_one_line(
    made: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """And none that advises an option which the command does not have."""
    assert batch(made / "d", "--store", tmp_path / "t.db", "-q").returncode == 0
    arguments = [part.format(made=made, out=tmp_path) for part in command]
    done = run(*arguments, close=1)
    assert done.returncode == 2
    assert one_line(done.stderr) == (
        "extract: standard output is closed; open it, or send it to a file\n"
    )
    with full_disk() as stream:
        done = run(*arguments, stdout=stream)
    assert done.returncode == 2
    assert one_line(done.stderr) == (
        "extract: standard output cannot be written (No space left on device); check where it goes\n"
    )


def test_a_run_whose_output_is_lost_still_says_what_it_came_to(tmp_path: Path) -> None:
    directory = notes(tmp_path / "d", 3)
    page = tmp_path / "page.html"
    with full_disk() as stream:
        done = run(
            "batch",
            *SMALL,
            directory,
            "--store",
            tmp_path / "s.db",
            "--json",
            "--html",
            page,
            stdout=stream,
        )
    first, second, last = done.stderr.decode().splitlines()
    assert (first, done.returncode) == ("3 reports: 3 unsupported", 2)
    assert second.startswith("3 done now in ")
    assert last.startswith("extract: standard output cannot be written ")


class Left:
    """A terminal that was closed while it was used."""

    encoding = "utf-8"
    closed = False

    def isatty(self) -> bool:
        return True

    def write(self, _: str) -> int:
        raise OSError(5, "Input/output error")

    def flush(self) -> None:
        raise OSError(5, "Input/output error")

    def fileno(self) -> int:
        raise OSError(5, "no number")


@pytest.mark.parametrize("kind", [progress.Bar, progress.Lines])
def test_a_view_of_a_terminal_that_was_closed_goes_silent(
    monkeypatch: pytest.MonkeyPatch, kind: Callable[[int, Lang], progress.View]
) -> None:
    monkeypatch.setattr(sys, "stderr", Left())
    view = kind(10, "en")
    for done in range(3):
        view.show(Counts(done=done))
        view.going_on(1)
        view.stopping(2)
    view.close()


def test_a_stream_that_was_closed_meanwhile_or_never_was_is_silent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = (tmp_path / "said").open("w", encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", file)
    say("one")
    file.close()
    say("two")
    for_people().flush()
    monkeypatch.setattr(sys, "stderr", cast("IO[str]", None))
    say("three")
    assert (tmp_path / "said").read_text() == "one\n"
