"""What `extract batch` takes for reports: files of any name and content, links, lists, patterns."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.batch import listing
from tests.batch_corpus import REPORT, SMALL, ask, batch, listed, notes, one_line, results, told
from tests.conftest import environment
from tests.each import each

UNREADABLE = (None, "unreadable")
ACCEPTED = ("accepted", None)
NOTE = ("unsupported", None)
ROOTLY = os.geteuid() == 0


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "d").mkdir()
    return tmp_path


def read(here: Path, *arguments: str, code: int = 0) -> dict[str, tuple[str | None, str | None]]:
    """Run over ``arguments`` in ``here``, and what the store lists by path."""
    run = batch(*arguments, "--store", "s.db", "-q", cwd=here)
    assert run.stderr == b""
    assert run.returncode == code
    results(here / "s.db")
    return listed(here / "s.db")


SEEN = [
    "1.txt",
    "[1].txt",
    "link",
    "no-suffix",
    "other.md",
    "sub/deep/00000.txt",
    "sub/deep/00001.txt",
]


@each(
    ("paths", "pattern", "found"),
    [
        *((spelled, None, SEEN) for spelled in ("d", "./d", "d/", "d//", "./d/.")),
        ("d/1.txt d/1.txt d", None, SEEN),
        ("d/.git d/.one", None, [".git/00000.txt", ".one"]),  # hidden, and named
        ("d/[1].txt", None, ["[1].txt"]),
        ("d/sub/deep/0*.txt", None, SEEN[-2:]),
        ("d/**/*.txt", None, ["1.txt", "[1].txt", *SEEN[-2:]]),
        ("d", "*.md", ["other.md"]),
    ],
)
def test_files_of_what_is_named_are_listed_each_once(
    paths: str, pattern: str | None, found: list[str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what is hidden, and without going round the links in a circle."""
    if not (here / "d" / "sub").exists():
        notes(here / "d" / "sub" / "deep", 2)
        notes(here / "d" / ".git", 1, "hidden")
        for name in (".one", "no-suffix", "other.md", "1.txt", "[1].txt"):
            (here / "d" / name).write_text(name)
        for name, to in (("sub/up", ".."), ("sub/same", "."), ("whole", here), ("link", "1.txt")):
            (here / "d" / name).symlink_to(to)
    monkeypatch.chdir(here)
    assert list(listing.listed(listing.Wanted(tuple(paths.split()), pattern=pattern))) == [
        f"d/{name}" for name in found
    ]


def test_what_is_no_text_is_a_row_with_its_reason_and_never_the_end(here: Path) -> None:
    d = here / "d"
    (d / "a.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 9)
    (d / "binary").write_bytes(bytes(range(256)) * 20)
    (d / "empty").write_bytes(b"")
    (d / "zip.docx").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 9)
    with (d / "large.txt").open("wb") as file:
        file.truncate(21 << 20)
    os.mkfifo(d / "pipe")
    (d / "nowhere").symlink_to("gone")
    (d / "itself").symlink_to("itself")
    (d / "report.txt").write_bytes(REPORT)
    bad = ["a.pdf", "binary", "empty", "zip.docx", "large.txt", "nowhere", "itself"]
    found = read(here, "d", code=1)
    assert found.pop("d/pipe", UNREADABLE) == UNREADABLE
    assert found == {f"d/{name}": UNREADABLE for name in bad} | {"d/report.txt": ACCEPTED}
    said = ask(here / "s.db", "SELECT message FROM reports WHERE problem IS NOT NULL")
    assert all(message and "\n" not in message and len(message) < 400 for (message,) in said)


@pytest.mark.batches
def test_a_device_is_never_read(here: Path) -> None:
    devices = [one for one in ("/dev/zero", "/dev/null", "/dev/tty") if os.path.exists(one)]
    if not devices:
        pytest.skip("no devices here")
    assert read(here, *devices, code=1) == dict.fromkeys(devices, UNREADABLE)


@pytest.mark.batches
def test_a_link_to_a_report_is_a_second_path_of_it(here: Path) -> None:
    notes(here / "d", 1)
    (here / "d" / "link").symlink_to("00000.txt")
    assert set(read(here, "d")) == {"d/00000.txt", "d/link"}
    assert ask(here / "s.db", "SELECT count(*) FROM attempts") == [(1,)]


@pytest.mark.batches
def test_what_may_not_be_read_is_a_row_with_its_reason(here: Path) -> None:
    notes(here / "d", 2)
    closed = notes(here / "d" / "closed", 1, "closed")
    (here / "d" / "00000.txt").chmod(0)
    closed.chmod(0)
    drop = []
    if ROOTLY:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root may read everything, and there is no setpriv")
        drop = [setpriv, "--bounding-set", "-all", "--inh-caps", "-all"]
    run = subprocess.run(  # noqa: S603 - our own command
        [*drop, sys.executable, "-m", "extractor", "batch", "d", "--store", "s.db", "-q"],
        capture_output=True,
        cwd=here,
        env=environment(),
        timeout=600,
        check=False,
    )
    closed.chmod(0o700)
    assert (run.returncode, run.stderr) == (1, b"")
    found = listed(here / "s.db")
    assert found["d/00000.txt"] == UNREADABLE
    assert found["d/00001.txt"] == NOTE
    assert any(path.startswith("d/closed") for path in found), "a closed directory goes unsaid"


NAMES = [
    b"new\nline",
    b"tab\t",
    b"not\xff\xfeutf8",
    b"quote'\"`$(id)",
    b"-dash",
    b"--store",
    b"[bold]x",
    b"esc\x1b[31m\x07",
    b" blank ",
    "年度报告.txt".encode(),
    b"%s{0}{x}",
    b"a*b?[c]",
    b"#",
    b"~",
    b"\\",
    "e\u0301".encode(),
    "\u202egnp".encode(),
]


@pytest.mark.batches
def test_any_name_of_a_file_is_taken_and_told_apart(here: Path) -> None:
    for number, name in enumerate(NAMES):
        with open(os.path.join(os.fsencode(here / "d"), name), "wb") as file:
            file.write(b"note %d" % number)
    run = batch("d", "--store", "s.db", "--json", cwd=here)
    assert (run.returncode, told(run)["reports"]) == (0, len(NAMES))
    assert len(listed(here / "s.db")) == len(NAMES)
    assert b"\x1b" not in run.stderr
    again = batch("d", "--store", "s.db", "--json", cwd=here)
    assert (told(again)["done"], told(again)["left_alone"]) == (0, len(NAMES))


def test_the_same_bytes_under_many_paths_are_read_once_and_listed_each(here: Path) -> None:
    for name in ("a", "b", "c"):
        (here / "d" / name).write_bytes(REPORT)
    run = batch("d", "--store", "s.db", "--json", cwd=here)
    assert (told(run)["reports"], told(run)["done"], told(run)["further_paths"]) == (1, 1, 2)
    (here / "d" / "later").write_bytes(REPORT)
    run = batch("d", "--store", "s.db", "--json", cwd=here)
    assert (told(run)["reports"], told(run)["done"]) == (1, 0)
    assert listed(here / "s.db") == {f"d/{name}": ACCEPTED for name in ("a", "b", "c", "later")}
    assert ask(here / "s.db", "SELECT count(*) FROM attempts") == [(1,)]


@pytest.mark.batches
def test_a_file_that_cannot_be_read_is_one_row_under_many_paths(here: Path) -> None:
    for name in ("a", "b"):
        (here / "d" / name).write_bytes(b"")
    run = batch("d", "--store", "s.db", "--json", cwd=here)
    assert run.returncode == 1
    assert told(run)["failed"] == {"unreadable": 1}
    assert listed(here / "s.db") == {"d/a": UNREADABLE, "d/b": UNREADABLE}


@pytest.mark.batches
def test_one_path_given_twice_is_no_further_path(here: Path) -> None:
    notes(here / "d", 1)
    run = batch("d/00000.txt", "d/00000.txt", "d", "--store", "s.db", "--json", cwd=here)
    assert told(run)["further_paths"] == 0
    assert set(listed(here / "s.db")) == {"d/00000.txt"}


@pytest.mark.batches
def test_a_file_that_changed_is_read_again_under_its_path(here: Path) -> None:
    (here / "d" / "a").write_text("a note")
    assert read(here, "d") == {"d/a": NOTE}
    (here / "d" / "a").write_bytes(REPORT)
    assert read(here, "d") == {"d/a": ACCEPTED}
    assert ask(here / "s.db", "SELECT count(*) FROM attempts") == [(2,)]
    (here / "d" / "a").write_text("a note")
    assert read(here, "d") == {"d/a": NOTE}
    assert ask(here / "s.db", "SELECT count(*) FROM attempts") == [(2,)]


@pytest.mark.batches
@pytest.mark.parametrize(
    "list_",
    [
        b"d/00000.txt\nd/00002.txt\n",
        b"d/00000.txt\nd/00002.txt",
        b"\xef\xbb\xbfd/00000.txt\r\n\r\nd/00002.txt\r\n",
        b"\n\nd/00000.txt\n\n\nd/00002.txt\n\n",
        b"d/00000.txt\0d/00002.txt\0",
        b"d/00000.txt\0d/00002.txt",
    ],
)
def test_a_list_names_a_path_a_line(here: Path, list_: bytes) -> None:
    notes(here / "d", 3)
    (here / "list").write_bytes(list_)
    assert set(read(here, "--list", "list")) == {"d/00000.txt", "d/00002.txt"}
    run = batch("-", "--store", "s.db", "--json", cwd=here, data=list_)
    assert (told(run)["reports"], told(run)["left_alone"]) == (2, 2)


@pytest.mark.batches
def test_a_list_may_name_what_is_gone_and_directories(here: Path) -> None:
    notes(here / "d", 2)
    (here / "list").write_text("gone.txt\nd\n")
    found = read(here, "--list", "list", code=1)
    assert found == {"gone.txt": UNREADABLE, "d/00000.txt": NOTE, "d/00001.txt": NOTE}


@pytest.mark.batches
def test_a_store_in_the_directory_that_is_read_is_no_report(here: Path) -> None:
    notes(here / "d", 1)
    for _ in range(2):
        assert batch("d", "--store", "d/s.db", "-q", cwd=here).returncode == 0
        assert set(listed(here / "d" / "s.db")) == {"d/00000.txt"}
    assert batch(".", "--store", "../d/s.db", "-q", cwd=here / "d").returncode == 0
    assert not [path for path in listed(here / "d" / "s.db") if "s.db" in path]


def fault(here: Path, *arguments: str, code: int = 3, data: bytes | None = None) -> str:
    run = batch(*arguments, cwd=here, data=data)
    assert run.returncode == code, run.stderr
    assert run.stdout == b""
    return one_line(run.stderr)


@pytest.mark.batches
def test_a_path_that_is_not_there_makes_no_store(here: Path) -> None:
    assert "'gone'" in fault(here, "gone", "--store", "s.db")
    assert "'g*'" in fault(here, "g*", "--store", "s.db")
    assert "''" in fault(here, "", "--store", "s.db")
    assert not (here / "s.db").exists()


@pytest.mark.batches
def test_an_empty_directory_is_said_and_makes_no_store(here: Path) -> None:
    assert "'d'" in fault(here, "d", "--store", "s.db", code=2)
    assert not (here / "s.db").exists()


@pytest.mark.batches
def test_lists_that_cannot_be_are_said(here: Path) -> None:
    (here / "empty").write_text("\n\n")
    assert "'gone'" in fault(here, "--list", "gone", "--store", "s.db")
    assert "directory" in fault(here, "--list", "d", "--store", "s.db")
    assert "'empty'" in fault(here, "--list", "empty", "--store", "s.db")
    assert "standard input" in fault(here, "-", "--store", "s.db", data=b"")
    assert not (here / "s.db").exists()


@pytest.mark.batches
@pytest.mark.parametrize(
    "list_", [bytes(range(1, 256)) * 99, b"x" * 99_999, b"gone\nno*ne\0\n", REPORT]
)
def test_a_list_of_which_nothing_is_there_is_said_and_makes_no_store(
    here: Path, list_: bytes
) -> None:
    (here / "list").write_bytes(list_)
    assert len(fault(here, "-", "--store", "s.db", data=list_)) < 600
    assert len(fault(here, "--list", "list", "--store", "s.db")) < 600
    assert not (here / "s.db").exists()


@pytest.mark.batches
def test_the_command_is_recorded_as_it_was_given(here: Path) -> None:
    notes(here / "d", 1)
    assert batch("d", "--store", "s.db", "-q", cwd=here).returncode == 0
    [(command,)] = ask(here / "s.db", "SELECT command FROM runs")
    assert json.loads(command)["arguments"] == [*SMALL, "d", "--store", "s.db", "-q"]
