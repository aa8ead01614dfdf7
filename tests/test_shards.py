"""`extract batch --shards` on this machine, and `extract merge`: what is in a set, and that it is there once."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractor.batch.shards import portion
from extractor.batch.shards.plan import Portion
from extractor.batch.shards.rows import Set
from extractor.batch.shards.sources import Source, fetched, scan
from extractor.batch.unit import Settings
from tests.batch_corpus import ask, batch, corpus, garbled, listed, notes, one_line, told
from tests.batch_corpus import results as stored
from tests.batch_rungs import Trapped
from tests.conftest import extract, run_code
from tests.garbler import garble
from tests.shard_sets import crawl, files, page, results, rows, shards, started, table, wait_for

MANY = 16


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Sixteen reports, two of them alike, and their results one by one."""
    folder = corpus(tmp_path_factory.mktemp("few"), MANY)
    (folder / "again.txt").write_bytes(garbled(7))
    store = folder.parent / "few.db"
    assert batch(folder, "--store", store, "-q").returncode == 0
    return folder, stored(store)


@pytest.fixture(scope="module")
def few_shards(few: tuple[Path, dict[str, str]]) -> Path:
    root = few[0].parent / "few_shards"
    shards(few[0], "--shards", root, "-q", "--shard-size", "4")
    return root


def test_shards_hold_what_a_store_holds_and_merge_into_one(
    few: tuple[Path, dict[str, str]], few_shards: Path, tmp_path: Path
) -> None:
    folder, expected = few
    assert results(few_shards) == expected
    for name in files(few_shards):
        about = pq.ParquetFile(few_shards / name)
        assert about.schema_arrow.metadata[b"gouji.schema"] == b"1"
        assert about.metadata.row_group(0).column(0).compression == "ZSTD"
        prefix = name.split("prefix=")[1].split("/")[0]
        assert all(sha.startswith(prefix) for sha in about.read(["sha256"])["sha256"].to_pylist())
    assert extract("merge", few_shards, "--to", tmp_path / "m.db", "-q").returncode == 0
    assert stored(tmp_path / "m.db") == expected
    assert {Path(path) for path in listed(tmp_path / "m.db")} == set(folder.iterdir())
    again = extract("merge", few_shards, "--to", tmp_path / "m.db", "--lang", "en")
    assert again.stderr.endswith(f": 0 attempts added; {MANY} reports have a result\n".encode())
    exported = [
        extract("export", tmp_path / "m.db", "--to", tmp_path / "a.csv", "--verdict", "all")
    ]
    assert [one.returncode for one in exported] == [0]


def test_what_is_done_is_left_alone_and_what_is_lost_is_done_again(
    few: tuple[Path, dict[str, str]], few_shards: Path
) -> None:
    folder, expected = few
    before = files(few_shards)
    gone = sorted(before)[:3]
    lost = sum(pq.ParquetFile(few_shards / name).metadata.num_rows for name in gone)
    for name in gone:
        (few_shards / name).unlink()
    run = told(shards(folder, "--shards", few_shards, "--json", "-q"))
    assert (run["done"], run["left_alone"], run["further_paths"]) == (lost, MANY - lost, 1)
    after = files(few_shards)
    assert {name: after[name] for name in before if name not in gone} == {
        name: data for name, data in before.items() if name not in gone
    }
    assert results(few_shards) == expected


@pytest.mark.parametrize(
    "sign", [pytest.param(signal.SIGKILL, marks=pytest.mark.kills), signal.SIGINT]
)
def test_a_run_is_alone_and_once_ended_leaves_whole_shards_and_is_gone_on_with(
    few: tuple[Path, dict[str, str]], tmp_path: Path, sign: signal.Signals
) -> None:
    folder, expected = few
    root = tmp_path / "s"
    process = started(folder, "--shards", root, "-q", "--shard-size", "2")
    wait_for(lambda: len(files(root)) > 1, process)
    process.send_signal(signal.SIGSTOP)
    refused = shards(folder, "--shards", root, "-q", code=3)
    assert b"another run" in refused.stderr
    process.send_signal(sign)
    process.send_signal(signal.SIGCONT)
    process.communicate(timeout=600)
    assert process.returncode == (-9 if sign == signal.SIGKILL else 130)
    before = files(root)
    assert results(root).items() < expected.items()
    run = told(shards(folder, "--shards", root, "--json", "-q"))
    assert run["left_alone"] + run["done"] == MANY
    assert before.items() <= files(root).items()
    assert results(root) == expected


def test_a_crawl_with_broken_pages_gives_a_row_a_page(tmp_path: Path) -> None:
    pages = [page(garble(number).text) for number in range(12)]
    pages[3] = b""
    pages[5] = b"%PDF-1.4 broken"
    crawl(tmp_path / "a.warc.gz", pages, damaged=[0, 8, 11])
    crawl(tmp_path / "b.warc", [page(garble(number).text) for number in range(12, 15)])
    shards(tmp_path, "--shards", tmp_path / "s", "-q", "--keep-sources", code=1)
    kept = {row["content"] for row in rows(tmp_path / "s")}
    assert {pages[1], pages[2], pages[4]} <= kept
    store = tmp_path / "m.db"
    assert extract("merge", tmp_path / "s", "--to", store, "-q").returncode == 0
    found = listed(store)
    assert len(found) == 15
    problems = {path.rpartition("/")[2]: problem for path, (_, problem) in found.items() if problem}
    assert sum("#" in name and problem == "unreadable" for name, problem in problems.items()) == 3
    assert {"3.html", "5.html"} <= problems.keys()
    alone = batch("-", "--store", tmp_path / "one.db", "-q", data=b"")
    assert alone.returncode == 3
    one = tmp_path / "1.html"
    one.write_bytes(pages[1])
    batch(one, "--store", tmp_path / "one.db", "-q")
    assert set(stored(tmp_path / "one.db").items()) <= set(stored(store).items())


def test_reports_in_a_table_are_read_each_by_its_row(tmp_path: Path) -> None:
    table(tmp_path / "in.parquet", 20)
    found = scan([str(tmp_path / "in.parquet")])
    assert [source.inner for source in found] == list(range(20))
    some = [found[number] for number in (3, 4, 15, 19)]
    assert [(one.inner, data) for one, data in fetched(some)] == [
        (number, garbled(number)) for number in (3, 4, 15, 19)
    ]
    table(tmp_path / "in.parquet", 4)  # it has become another
    assert [data is None for _, data in fetched(some)] == [False, True, True, True]
    gone = Source("x", str(tmp_path / "gone.txt"), None, "0" * 64, 1)
    assert list(fetched([gone])) == [(gone, None)]


def test_a_file_that_is_no_table_of_reports_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing more")
    [source] = scan([str(tmp_path / "x.parquet")])
    assert "\n" not in source.message
    assert source.sha256 == ""


def test_a_report_that_ends_its_process_takes_down_itself_alone(tmp_path: Path) -> None:
    """Read in a process of its own, it is named, and its neighbours have results."""
    folder = notes(tmp_path / "d", 6)
    (folder / "00002.txt").write_text("TRAP-KILL")
    (folder / "00004.txt").write_text("TRAP-RAISE")
    sources = scan([str(path) for path in sorted(folder.iterdir())])
    given = portion.Given(str(tmp_path / "s"), "r", Settings(rungs=(Trapped(),)), "")
    portion._given[:] = [given]
    written = portion.make_alone(Portion("0", tuple(sources)))
    assert (written.done, dict(written.problems)) == (6, {"crashed": 2})
    assert dict(written.verdicts) == {"unsupported": 4}


def test_a_report_that_hangs_ends_its_process() -> None:
    """By a timer that needs no lock of the interpreter."""
    run = run_code(
        "import re\n"
        "from extractor.batch.shards.portion import Given, _Reader\n"
        "from extractor.batch.unit import Settings\n"
        "with _Reader(Given('', '', Settings(), '', patience=0.5)).busy(1):\n"
        "    re.match(r'(a+)+b', 'a' * 60)\n"
    )
    assert run.returncode == -signal.SIGALRM
    assert run.stderr == b""


def test_a_shard_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    place = Set(str(tmp_path / "s"))
    place.put("run=a/x", b"before")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Exception, match="No space left on device"):
        place.put("run=a/x", b"after")
    monkeypatch.undo()
    assert place.get("run=a/x") == b"before"
    assert place.names() == ["run=a/x"]


def test_stores_merge_with_their_runs_paths_and_decisions(
    few: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    folder, expected = few
    names = sorted(folder.iterdir())
    parts = [tmp_path / "a.db", tmp_path / "b.db"]
    for part, some in zip(parts, (names[:10], names[8:]), strict=True):
        assert batch(*some, "--store", part, "-q").returncode == 0
    (folder.parent / "gone.txt").unlink(missing_ok=True)
    assert batch(folder.parent / "gone.txt", *names[:1], "--store", parts[0], "-q").returncode == 1
    to = tmp_path / "m.db"
    for _ in range(2):
        assert extract("merge", *reversed(parts), "--to", to, "-q").returncode == 0
    assert stored(to) == expected
    assert {Path(path) for path in listed(to)} == {*names, folder.parent / "gone.txt"}
    assert ask(to, "SELECT count(*) FROM runs") == [(3,)]
    assert ask(to, "SELECT count(*) FROM attempts") == [(10 + 9,)]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["golden", "--store", "s.db", "--shards", "s"], 2),
        (["golden"], 2),
        (["golden", "--shards", "s", "--engine", "spark"], 2),
        (["golden", "--shards", "s", "--rerun", "all"], 2),
        (["golden", "--store", "s.db", "--engine", "ray"], 2),
        (["nothing-there", "--shards", "s"], 3),
    ],
)
def test_what_cannot_be_is_one_line(arguments: list[str], code: int, tmp_path: Path) -> None:
    run = extract(
        "batch",
        *[word.replace("golden", str(tmp_path)) for word in arguments],
        "--lang",
        "en",
        cwd=tmp_path,
    )
    assert run.returncode == code
    one_line(run.stderr)


def test_what_is_no_part_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "run=x").mkdir()
    for part in (tmp_path, tmp_path / "none.db"):
        run = extract("merge", part, "--to", tmp_path / "m.db", "--lang", "en")
        assert run.returncode == 3
        one_line(run.stderr)
