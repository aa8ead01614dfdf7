"""Doing again with `extract batch --rerun`: what failed, what is stale, everything, and only that."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.batch_corpus import (
    REPORT,
    ask,
    attempts,
    batch,
    corpus,
    listed,
    notes,
    one_line,
    results,
    told,
)
from tests.conftest import ROOT

COUNT = 16


def copied(directory: Path) -> Path:
    """The program by itself, so that its code can change."""
    for package in ("extractor", "verify", "prompts"):
        shutil.copytree(
            ROOT / package, directory / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return directory


def edited(program: Path, module: str, pattern: str, by: str) -> None:
    """Change one place of a module."""
    text, count = re.subn(pattern, by, (program / module).read_text(), count=1, flags=re.MULTILINE)
    assert count == 1, module
    (program / module).write_text(text)


def changed(program: Path, module: str, by: str = "_CHANGED = True") -> None:
    """Add a line to a module."""
    with (program / module).open("a") as file:
        file.write(f"\n{by}\n")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return copied(tmp_path / "program")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return corpus(tmp_path / "d", COUNT)


def run(program: Path, reports: Path | None, store: Path, *options: str) -> dict[str, object]:
    paths = [] if reports is None else [reports]
    made = batch(*paths, "--store", store, "--json", *options, cwd=program, PYTHONPATH=str(program))
    assert made.returncode in (0, 1), made.stderr
    assert b"Traceback" not in made.stderr
    return told(made)


def ways(store: Path) -> list[tuple[int, str, int]]:
    return ask(store, "SELECT run_id, how, count(*) FROM attempts GROUP BY 1, 2 ORDER BY 1, 2")


@pytest.mark.batches
def test_nothing_stale_is_nothing_done(program: Path, reports: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    run(program, reports, store)
    for paths in (reports, None):
        said = run(program, paths, store, "--rerun", "stale")
        assert (said["done"], said["stale"], said["reports"]) == (0, 0, COUNT)
    assert attempts(store) == COUNT


@pytest.mark.batches
def test_a_change_of_the_judging_is_judged_again_without_reading(
    program: Path, reports: Path, tmp_path: Path
) -> None:
    """What was accepted is not any more."""
    store = tmp_path / "s.db"
    before = run(program, reports, store)
    edited(
        program,
        "verify/judge.py",
        r"^def judge\(grounded: Grounded, decisions: Sequence\[Decision\] = \(\)\) -> Verified:\n",
        "def judge(grounded: Grounded, decisions: Sequence[Decision] = ()) -> Verified:\n"
        "    made = _judge(grounded, decisions)\n"
        "    if made.verdict == 'accepted':\n"
        "        made = replace(made, verdict='incomplete')\n"
        "    return made\n\n\n"
        "def _judge(grounded: Grounded, decisions: Sequence[Decision] = ()) -> Verified:\n",
    )
    changed(program, "verify/judge.py", "from dataclasses import replace")
    plain = run(program, reports, store)
    assert (plain["done"], plain["stale"]) == (0, COUNT)
    said = run(program, reports, store, "--rerun", "stale")
    assert said["done"] == COUNT
    assert (1, "read", COUNT) in ways(store)
    assert [how for run_id, how, _ in ways(store) if run_id > 1] == ["judged"]
    run(program, reports, tmp_path / "fresh.db")
    assert results(store) == results(tmp_path / "fresh.db")
    assert before["verdicts"] != said["verdicts"]
    assert run(program, reports, store, "--rerun", "stale")["done"] == 0


@pytest.mark.batches
def test_a_change_of_the_judging_needs_no_file(
    program: Path, reports: Path, tmp_path: Path
) -> None:
    store = tmp_path / "s.db"
    run(program, reports, store)
    before = results(store)
    shutil.rmtree(reports)
    changed(program, "verify/unknowns.py")
    assert run(program, None, store, "--rerun", "stale")["done"] == COUNT
    assert [how for run_id, how, _ in ways(store) if run_id > 1] == ["judged"]
    assert results(store) == before
    changed(program, "verify/structure.py")
    assert run(program, None, store, "--rerun", "stale")["done"] == COUNT
    assert results(store) == before


@pytest.mark.batches
@pytest.mark.parametrize("module", ["verify/structure.py", "extractor/readers/builtin.py"])
def test_a_change_of_the_reading_is_read_again(
    program: Path, reports: Path, tmp_path: Path, module: str
) -> None:
    store = tmp_path / "s.db"
    run(program, reports, store)
    changed(program, module)
    assert run(program, reports, store, "--rerun", "stale")["done"] == COUNT
    assert ways(store) == [(1, "read", COUNT), (2, "read", COUNT)]
    run(program, reports, tmp_path / "fresh.db")
    assert results(store) == results(tmp_path / "fresh.db")


@pytest.mark.batches
def test_another_version_is_in_every_result(program: Path, reports: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    run(program, reports, store)
    edited(program, "extractor/__init__.py", r'^__version__ = "[^"]*"', '__version__ = "99.9"')
    assert run(program, reports, store, "--rerun", "stale")["done"] == COUNT
    assert all('"version":"99.9"' in text for text in results(store).values())
    run(program, reports, tmp_path / "fresh.db")
    assert results(store) == results(tmp_path / "fresh.db")


@pytest.mark.batches
def test_a_stale_run_that_was_limited_goes_on(program: Path, reports: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    run(program, reports, store)
    changed(program, "verify/unknowns.py")
    done = [
        run(program, reports, store, "--rerun", "stale", "--limit", "10")["done"] for _ in range(3)
    ]
    assert done == [10, 6, 0]


@pytest.mark.batches
def test_everything_again_keeps_what_was_and_adds_no_second_result(tmp_path: Path) -> None:
    store, reports = tmp_path / "s.db", corpus(tmp_path / "d", 8)
    run(ROOT, reports, store)
    before = ask(store, "SELECT id, run_id, source_id, result_id, ended FROM attempts")
    assert run(ROOT, reports, store, "--rerun", "all")["done"] == 8
    assert run(ROOT, None, store, "--rerun", "all")["done"] == 8
    after = ask(store, "SELECT id, run_id, source_id, result_id, ended FROM attempts")
    assert after[:8] == before
    assert len(after) == 24
    assert ask(store, "SELECT count(*) FROM results") == [(8,)]
    assert len(results(store)) == 8


@pytest.mark.batches
def test_what_failed_is_tried_again_and_only_that(tmp_path: Path) -> None:
    store, directory = tmp_path / "s.db", notes(tmp_path / "d", 4)
    (directory / "bad").write_bytes(b"%PDF-1.7 broken")
    (directory / "gone").symlink_to("nowhere")
    run(ROOT, directory, store)
    said = run(ROOT, directory, store, "--rerun", "failed")
    assert said["failed"] == {"unreadable": 2}
    assert attempts(store) == 6
    (directory / "bad").write_bytes(REPORT)
    (directory / "nowhere").write_text("it is here now")
    said = run(ROOT, directory, store, "--rerun", "failed")
    assert said["failed"] == {}
    found = listed(store)
    assert found[str(directory / "bad")] == ("accepted", None)
    assert found[str(directory / "gone")] == ("unsupported", None)
    assert all(problem is None for _, problem in found.values())


@pytest.mark.batches
def test_a_mended_file_is_read_without_being_asked_for(tmp_path: Path) -> None:
    store, directory = tmp_path / "s.db", notes(tmp_path / "d", 2)
    (directory / "bad").write_bytes(b"%PDF-1.7 broken")
    assert run(ROOT, directory, store)["failed"] == {"unreadable": 1}
    assert run(ROOT, directory, store)["failed"] == {"unreadable": 1}
    assert attempts(store) == 3
    (directory / "bad").write_bytes(REPORT)
    said = run(ROOT, directory, store)
    assert (said["failed"], said["done"]) == ({}, 1)


@pytest.mark.batches
def test_only_reports_of_a_verdict_or_path_are_done(tmp_path: Path) -> None:
    store, directory = tmp_path / "s.db", corpus(tmp_path / "d", 24)
    notes(directory / "notes", 3)
    (directory / "accepted").mkdir()
    (directory / "accepted" / "x.txt").write_text("a note in a directory of that name")
    run(ROOT, directory, store)
    verdicts = dict(ask(store, "SELECT verdict, count(*) FROM current_results GROUP BY 1"))
    one = ["--rerun", "all"]
    for only, number in (
        (["accepted", "inconsistent"], verdicts["accepted"] + verdicts["inconsistent"]),
        ([str(directory / "notes")], 3),
        ([str(directory / "note")], 0),
        ([str(directory / "*" / "00001.txt")], 1),
        ([str(directory / "accepted")], 1),
        ([str(directory / "notes"), "unsupported"], 3),
    ):
        asked = [word for path in only for word in ("--only", path)]
        paths = [directory] if len(only) > 1 else []
        made = batch(*paths, "--store", store, "--json", *one, *asked)
        if number:
            assert made.returncode == 0, made.stderr
            assert told(made)["done"] == number, only
        else:
            assert made.stdout == b"" or told(made)["done"] == 0, only


@pytest.mark.batches
def test_only_a_path_of_a_first_run_is_a_part_of_it(tmp_path: Path) -> None:
    store, directory = tmp_path / "s.db", notes(tmp_path / "d", 3)
    notes(directory / "part", 2, "part")
    assert run(ROOT, directory, store, "--only", str(directory / "part"))["done"] == 2
    assert run(ROOT, directory, store)["done"] == 3


@pytest.mark.batches
def test_nothing_to_do_for_a_path_or_verdict_that_is_there_is_no_slip(tmp_path: Path) -> None:
    store, directory = tmp_path / "s.db", notes(tmp_path / "d", 2)
    (directory / "gone").symlink_to("nowhere")
    run(ROOT, directory, store)
    for paths in (directory, None):
        for again in ("failed", "stale"):
            for only in (str(directory / "00000.txt"), "unsupported"):
                said = run(ROOT, paths, store, "--rerun", again, "--only", only)
                assert (said["done"], said["left_alone"]) == (0, 2 - (only != "unsupported"))
    for only in ("accepted", str(tmp_path / "e")):
        made = batch("--store", store, "--rerun", "failed", "--only", only)
        assert made.returncode == 2
        assert only in one_line(made.stderr)


def test_a_slip_of_the_pen_in_only_is_said(tmp_path: Path) -> None:
    directory = notes(tmp_path / "d", 2)
    made = batch(directory, "--store", tmp_path / "s.db", "--only", "acepted")
    assert "acepted" in one_line(made.stderr)
    assert made.returncode in (2, 3)
