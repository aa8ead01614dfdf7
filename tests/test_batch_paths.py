"""Paths of `extract batch` that lead in circles, nowhere, or to where the program runs."""

from __future__ import annotations

import glob
import json
from pathlib import Path

import pytest

from extractor.batch import listing
from extractor.errors import InputError
from tests.batch_corpus import ask, batch, notes, one_line, results, told
from tests.conftest import run_code
from tests.each import rows

ROWS = rows(__file__)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "d").mkdir()
    return tmp_path


def refused(here: Path, *arguments: str) -> str:
    """The one line of wrong usage."""
    run = batch(*arguments, cwd=here)
    assert (run.returncode, run.stdout) == (2, b""), run.stderr
    return one_line(run.stderr)


def test_a_pattern_goes_down_and_follows_no_link(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two links in a circle would be 2^40 paths to whoever follows them."""
    monkeypatch.chdir(here)
    notes(here / "d" / "x", 1)
    for name in ("up", "round"):
        (here / "d" / "x" / name).symlink_to("..")
    notes(here / "elsewhere", 1, "elsewhere")
    (here / "d" / "link").symlink_to("../elsewhere")
    for pattern in (
        "d/**",
        "d/**/*",
        "d/**/*.txt",
        "[d]/x/*.txt",
        "d/**/x/**/*",
        "d/**/**/0*",
        "d/**/",
    ):
        found = list(listing.listed(listing.Wanted((pattern,))))
        assert found == ["d/x/00000.txt"], pattern
    named = list(listing.listed(listing.Wanted(("d/link", "d/l*"))))
    assert named == ["d/link/00000.txt"], "a link that is named is followed"


@pytest.mark.parametrize(
    "pattern",
    ROWS["a_pattern_finds_what_the_library_finds"],
)
def test_a_pattern_finds_what_the_library_finds(
    here: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """Without links both agree; and from where the root is."""
    monkeypatch.chdir(here)
    for folder in ("d", "d/x", "d/x/y", "d/[a]", "d/.hidden"):
        notes(here / folder, 2, folder)
        (here / folder / "other.md").write_text(folder)
    for prefix in ("", f"{here}/"):
        expected = set(
            listing.listed(listing.Wanted(tuple(glob.glob(prefix + pattern, recursive=True))))
        )
        found = list(listing.listed(listing.Wanted((prefix + pattern,))))
        assert set(found) - {prefix + pattern} == expected, pattern
        assert len(found) == len(set(found))


@pytest.mark.batches
def test_what_holds_no_report_is_said_though_a_list_named_it(here: Path) -> None:
    (here / "list").write_text("d\n")
    assert "'d'" in refused(here, "--list", "list", "--store", "s.db")
    (here / "list").write_text("s.db\n")
    notes(here / "d", 1)
    assert batch("d", "--store", "s.db", "-q", cwd=here).returncode == 0
    assert "'s.db'" in refused(here, "--list", "list", "--store", "s.db")


@pytest.mark.batches
def test_where_the_program_runs_can_be_named_in_only(here: Path) -> None:
    notes(here / "d", 2)
    notes(here / "e", 1, "elsewhere")
    for only, done in (
        (".", 3),
        ("./", 3),
        ("./d/.", 2),
        ("d//", 2),
        ("/", None),
        (str(here), None),
        ("..", None),
    ):
        run = batch("d", "e", "--store", f"{len(only)}.db", "--json", "--only", only, cwd=here)
        assert run.returncode == (2 if done is None else 0), only
        assert done is None or told(run)["done"] == done, only
        (here / f"{len(only)}.db").unlink()
    absolute = batch(here / "d", "--store", "s.db", "--json", "--only", "/", cwd=here)
    assert told(absolute)["done"] == 2
    above = batch("../d", "--store", "../t.db", "--json", "--only", ".", cwd=here / "e")
    assert above.returncode == 2
    assert "''" in refused(here, "d", "--store", "u.db", "--only", "")


def test_a_report_that_became_a_directory_is_not_said_to_be_forbidden(here: Path) -> None:
    with pytest.raises(InputError, match="has become a directory; run again"):
        listing.read_bytes(str(here / "d"))


def test_a_directory_that_was_deleted_is_no_place_to_fail_in(here: Path) -> None:
    notes(here / "d", 2)
    code = (
        f"import os, sys; os.mkdir('gone'); os.chdir('gone'); os.rmdir({str(here / 'gone')!r}); "
        f"os.execv(sys.executable, [sys.executable, '-m', 'extractor', 'batch', {str(here / 'd')!r}, "
        f"'--store', {str(here / 's.db')!r}, '-q'])"
    )
    run = run_code(code, cwd=here)
    assert (run.returncode, run.stderr) == (0, b"")
    assert len(results(here / "s.db")) == 2
    [(command,)] = ask(here / "s.db", "SELECT command FROM runs")
    assert json.loads(command)["directory"] is None
