"""What a person sees of a batch: a bar on a terminal, plain lines elsewhere, and never a broken stream."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from extractor.batch import progress
from extractor.batch.counts import Counts
from tests.batch_corpus import batch, corpus, notes, results
from tests.conftest import environment, run_code

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def on_a_terminal(*arguments: str | Path, **env: str) -> tuple[int, str]:
    """Run with a terminal for standard error, and what came to it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "extractor", "batch", "--lang", "en", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=environment(TERM="xterm-256color", COLUMNS="100", **env),
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    return process.wait(), said.decode()


def screen(said: str) -> list[str]:
    """The lines that are left to read: the last that was written to each."""
    without = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said)
    return [line.rsplit("\r", 1)[-1] for line in without.replace("\r\n", "\n").split("\n")]


@pytest.mark.batches
def test_a_terminal_shows_a_bar_and_leaves_readable_lines(tmp_path: Path) -> None:
    directory = corpus(tmp_path / "d", 40)
    code, said = on_a_terminal(directory, "--store", tmp_path / "s.db")
    assert code == 0
    assert "/40" in said
    assert "\x1b[?25h" in said, "the cursor stays hidden"
    lines = [line for line in screen(said) if line.strip()]
    assert lines[-2].startswith("40 reports: ")
    assert lines[-1].startswith("40 done now in ")
    assert not CONTROL.search("".join(lines[-2:]))


@pytest.mark.batches
def test_a_store_that_cannot_be_leaves_a_readable_terminal(tmp_path: Path) -> None:
    code, said = on_a_terminal(notes(tmp_path / "d", 3), "--store", tmp_path)
    assert code == 3
    assert said.rindex("\x1b[?25h") > said.rindex("\x1b[?25l"), "the cursor stays hidden"
    [*_, last] = [line for line in screen(said) if line.strip()]
    assert last.startswith("extract: ")


@pytest.mark.batches
def test_quiet_is_quiet_on_a_terminal(tmp_path: Path) -> None:
    directory = notes(tmp_path / "d", 5)
    assert on_a_terminal(directory, "--store", tmp_path / "s.db", "-q") == (0, "")


def test_off_a_terminal_there_are_plain_lines(tmp_path: Path) -> None:
    directory = notes(tmp_path / "d", 5)
    run = batch(
        directory,
        "--store",
        tmp_path / "s.db",
        TERM="xterm-256color",
        FORCE_COLOR="1",
        TTY_COMPATIBLE="1",
    )
    assert run.returncode == 0
    assert run.stdout == b""
    assert not CONTROL.search(run.stderr.decode())
    lines = run.stderr.splitlines()  # and one on the way now and then, where a machine is slow
    assert len([line for line in lines if not line.startswith(b"extract batch: ")]) == 2


@pytest.mark.batches
def test_a_name_on_a_terminal_is_no_command(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for number in range(3):
        (tmp_path / "d" / f"{number}\x1b]0;pwned\x07[bold]").write_bytes(b"%%PDF-1.4 %d" % number)
    code, said = on_a_terminal(tmp_path / "d", "--store", tmp_path / "s.db")
    assert code == 1
    assert "\x1b]0;" not in said
    assert "\x07" not in said


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_what_is_seen_never_exceeds_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("extractor.batch.progress.time", clock)
    out = io.StringIO()
    view = progress.Lines(20, "en", out)
    for done in range(1, 21):
        clock.now += 11
        view.show(
            Counts(listed=done, done=done, problems=Counter(unreadable=done), verdicts=Counter())
        )
    view.close()
    said = out.getvalue()
    assert len(said.splitlines()) == 20
    assert all(int(seen) <= 20 for seen in re.findall(r"(\d+) of 20", said)), said
    assert "-" not in said.replace("0:00", "")
    assert not CONTROL.search(said)


def test_a_clock_that_stands_or_jumps_never_ends_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("extractor.batch.progress.time", clock)
    for total in (None, 0, 5):
        out = io.StringIO()
        view = progress.Lines(total, "zh", out)
        for moved in (0.0, 0.0, 1e9, 0.0, 10.0):
            clock.now += moved
            view.show(Counts(done=3, verdicts=Counter(accepted=3)))
        view.close()
        assert out.getvalue()


@pytest.mark.batches
@pytest.mark.parametrize("closed", ["1", "2", "1 2"])
def test_closed_streams_lose_nothing(tmp_path: Path, closed: str) -> None:
    directory, store = notes(tmp_path / "d", 5), tmp_path / "s.db"
    close = "; ".join(f"os.close({number})" for number in closed.split())
    code = (
        f"import os, sys; {close}; os.execv(sys.executable, [sys.executable, '-m', 'extractor', "
        f"'batch', {str(directory)!r}, '--store', {str(store)!r}, '--json'])"
    )
    run = run_code(code)
    assert b"Traceback" not in run.stderr
    assert len(results(store)) == 5, run.stderr


@pytest.mark.batches
def test_a_reader_of_the_output_that_goes_away_loses_nothing(tmp_path: Path) -> None:
    directory, store = notes(tmp_path / "d", 5), tmp_path / "s.db"
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "extractor", "batch", directory, "--store", store, "--json"],
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=write,
        env=environment(),
        timeout=600,
        check=False,
    )
    os.close(write)
    assert len(results(store)) == 5
    assert run.returncode >= 0
