"""The store keeps what it is given, gives it back as it was, and knows which result is current."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from extractor.batch.listing import Wanted, listed, named
from extractor.batch.records import Made, Maker, Problem
from extractor.batch.store import Store
from extractor.errors import StoreError
from tests.stores import (
    BUILTIN,
    add,
    as_version,
    invented,
    made,
    make_store,
    source_of,
)

FAILED = Made("read", 0.5, problem="provider", message="the provider said no", requests=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "run.db"), write=True) as opened:
        yield opened


def attempt(store: Store, run: int, source: int, what: Made, maker: Maker = BUILTIN) -> int:
    with store.transaction():
        return store.add_attempt(run, source, store.maker_id(maker), what)


def again(number: int, verdict: str) -> Made:
    """A result that differs from that of `add`, though of the same verdict."""
    return made(invented(number, verdict, padding=1))


# --- what is given comes back


def test_what_is_stored_comes_back_as_it_was(store: Store) -> None:
    run = store.begin_run({"paths": ["甲.txt", "\udce9"]}, "1.2")
    sha256, data = source_of(1)
    source = store.add_source(sha256, len(data), data)
    store.list_path(run, "a/1.txt", source)
    text = invented(1)
    number = attempt(store, run, source, made(text, b"\x00 reading"))
    known = store.known(sha256)
    assert known is not None
    assert (known.source, known.sha256, known.attempt) == (source, sha256, number)
    assert (known.maker, known.verdict, known.problem) == (BUILTIN, "accepted", None)
    assert known.result is not None
    assert known.reading is not None
    assert known.maker_id is not None
    assert store.result_json(known.result) == text
    assert store.reading(known.reading) == b"\x00 reading"
    assert store.content(source) == data
    assert store.makers() == {known.maker_id: BUILTIN}
    assert store.tried_in(run, source)
    assert not store.tried_in(run + 1, source)
    (report,) = store.reports()
    assert (report.source, report.sha256, report.paths) == (source, sha256, ("a/1.txt",))
    assert (report.run, report.maker, report.verdict) == (run, BUILTIN, "accepted")
    assert (report.agency, report.year, report.form) == ("金沙湾市第1局", 2023, "2021")
    assert (report.result, report.json) == (known.result, text)
    store.end_run(run, "finished")
    (only,) = store.runs()
    assert (only.id, only.ending, only.version) == (run, "finished", "1.2")
    assert only.command == '{"paths":["甲.txt","\\udce9"]}'
    assert only.ended is not None
    assert only.began <= only.ended
    assert (only.attempts, only.results) == (1, 1)


def test_what_is_not_there_is_none_or_refused_in_one_line(store: Store) -> None:
    assert store.known("0" * 64) is None
    assert store.answer("0" * 64) is None
    for ask in (store.content, store.reading, store.result_json):
        with pytest.raises(StoreError, match=r"has no \w+ 7"):
            ask(7)
    with pytest.raises(StoreError, match="has no run 1, it has no run"):
        list(store.reports(run=1))
    store.begin_run({}, "1")
    with pytest.raises(StoreError, match="has no run 2, it has runs 1 to 1"):
        store.count(run=2)


def test_a_source_is_stored_once_and_bytes_that_are_no_text_are_not_kept(store: Store) -> None:
    sha256, data = source_of(1)
    number = store.add_source(sha256, len(data), data)
    assert store.add_source(sha256, len(data), data) == number
    other = store.add_source("0" * 64, 5, None)
    assert other != number
    assert store.content(other) is None
    assert [tuple(row) for row in store.sql("SELECT id, bytes FROM sources")] == [
        (number, len(data)),
        (other, 5),
    ]


def test_the_same_json_is_one_result(store: Store) -> None:
    run = store.begin_run({}, "1")
    for number in (1, 2):
        sha256, data = source_of(number)
        attempt(store, run, store.add_source(sha256, len(data), data), made(invented(9)))
    first, second = store.reports()
    assert first.result == second.result
    assert list(store.sql("SELECT count(*) FROM results")) == [(1,)]
    assert list(store.sql("SELECT count(*) FROM attempts")) == [(2,)]


def _source() -> tuple[str, int, bytes]:
    sha256, data = source_of(1)
    return sha256, len(data), data


def test_names_that_look_alike_when_spelled_are_two(store: Store) -> None:
    names = ("a\udce9.txt", "a\\xe9.txt", "b\nc.txt", "z" * 100_000, "n\0ul", "\ud800")
    run = store.begin_run({}, "1")
    for number, name in enumerate(names):
        sha256, data = source_of(number)
        source = store.add_source(sha256, len(data), data)
        store.list_path(run, name, source)
        attempt(store, run, source, made(invented(number)))
    assert [report.paths for report in store.reports()] == [(name,) for name in names]
    rows = list(store.sql("SELECT path, raw FROM paths ORDER BY id LIMIT 2"))
    assert rows == [
        ("a\\xe9.txt", "a\udce9.txt".encode("utf-8", "surrogatepass")),
        ("a\\xe9.txt", None),
    ]


@pytest.mark.parametrize("text", ["{}", "", "half \ud83d", "\x00", "一\n二"])
def test_every_answer_under_a_key_stays_and_the_latest_counts(store: Store, text: str) -> None:
    about = {"model": "m/x", "prompt_id": "p@1", "prompt_sha256": "f" * 64, "about": "x"}
    store.add_answer("a" * 64, "another", **about, sample=0)
    before = store.last_answer()
    assert store.answer("a" * 64, after=before) is None
    store.add_answer("a" * 64, text, **about, sample=0)
    assert store.answer("a" * 64) == text == store.answer("a" * 64, after=before)
    assert list(store.sql("SELECT count(*) FROM answers")) == [(2,)]
    assert store.answer("b" * 64) is None


def test_a_maker_is_stored_once_and_every_part_of_it_tells_makers_apart(store: Store) -> None:
    prompted = replace(BUILTIN, prompts=(("m/x", "tables@3", "f" * 64),))
    makers = [
        BUILTIN,
        prompted,
        replace(BUILTIN, models="other"),
        replace(BUILTIN, form_data="other"),
        replace(BUILTIN, version="other"),
        replace(BUILTIN, code_read="other"),
        replace(BUILTIN, code_judge="other"),
        replace(BUILTIN, options=(("votes", "3"), ("strict", ""))),
        replace(BUILTIN, options=(("strict", ""), ("votes", "3"))),
    ]
    numbers = [store.maker_id(maker) for maker in makers]
    assert len(set(numbers)) == len(makers)
    assert [store.maker_id(maker) for maker in makers] == numbers
    assert store.makers() == dict(zip(numbers, makers, strict=True))
    with pytest.raises(ValueError, match="given twice"):
        store.maker_id(replace(BUILTIN, options=(("a", "1"), ("a", "2"))))


# --- which result is current


def test_the_latest_attempt_with_a_result_is_current_and_nothing_is_overwritten(
    store: Store,
) -> None:
    first = store.begin_run({}, "1")
    source = add(store, first, 1, "incomplete")
    second = store.begin_run({}, "1")
    changed = replace(BUILTIN, code_judge="k" * 64)
    attempt(store, second, source, again(1, "accepted"), changed)
    third = store.begin_run({}, "1")
    attempt(store, third, source, FAILED)
    known = store.known(source_of(1)[0])
    assert known is not None
    assert (known.verdict, known.maker, known.problem) == ("accepted", changed, "provider")
    (report,) = store.reports()
    assert (report.verdict, report.run) == ("accepted", second)
    assert [r.verdict for r in store.reports(run=first)] == ["incomplete"]
    assert [r.verdict for r in store.reports(run=third)] == ["accepted"]
    assert (store.count(), store.count(run=first)) == (1, 1)
    assert [(r.attempts, r.results) for r in store.runs()] == [(1, 1), (1, 1), (1, 0)]
    assert list(store.failures()) == []
    assert list(store.sql("SELECT count(*) FROM results")) == [(2,)]


def test_what_failed_is_known_as_failed_until_it_has_a_result(store: Store) -> None:
    run = store.begin_run({}, "1")
    sha256, data = source_of(1)
    source = store.add_source(sha256, len(data), data)
    store.list_path(run, "b.txt", source)
    store.list_path(run, "a.txt", source)
    store.list_path(run, "gone.txt", None, "unreadable", "'gone.txt': no such file; check \udce9")
    untried = store.known(sha256)
    assert untried is not None
    assert (untried.attempt, untried.maker, untried.verdict, untried.problem) == (None,) * 4
    assert [failed.paths for failed in store.failures()] == [("gone.txt",)]
    number = attempt(store, run, source, FAILED)
    known = store.known(sha256)
    assert known is not None
    assert (known.attempt, known.maker, known.verdict) == (number, BUILTIN, None)
    assert (known.result, known.reading, known.problem) == (None, None, "provider")
    assert [k.problem for k in store.known_sources()] == ["provider"]
    assert list(store.known_sources(verdicts=["accepted"])) == []
    gone, failed = store.failures()
    assert (gone.paths, gone.sha256, gone.problem) == (("gone.txt",), "", "unreadable")
    assert gone.message == "'gone.txt': no such file; check \\xe9"
    assert (failed.paths, failed.sha256) == (("a.txt", "b.txt"), sha256)
    assert (failed.problem, failed.message) == ("provider", "the provider said no")
    attempt(store, run, source, made(invented(1)))
    assert [f.problem for f in store.failures()] == ["unreadable"]
    assert store.count() == 1


def test_a_path_is_where_it_was_listed_last(store: Store) -> None:
    first = store.begin_run({}, "1")
    old = add(store, first, 1)
    other = add(store, first, 2)
    second = store.begin_run({}, "1")
    new = add(store, second, 3, "rejected")
    store.list_path(second, "1.txt", new)  # the file has other bytes now
    assert [(r.source, r.paths) for r in store.reports()] == [
        (other, ("2.txt",)),
        (new, ("1.txt", "3.txt")),
    ]
    assert [r.source for r in store.reports(run=first)] == [old, other]
    assert [k.source for k in store.known_sources()] == [other, new]
    third = store.begin_run({}, "1")
    store.list_path(third, "2.txt", None, "unreadable", "no permission")
    assert [r.source for r in store.reports()] == [new]
    assert [f.paths for f in store.failures()] == [("2.txt",)]
    store.list_path(store.begin_run({}, "1"), "2.txt", other)
    assert [r.source for r in store.reports()] == [other, new]
    assert list(store.failures()) == []


def test_a_source_without_a_path_is_there(store: Store) -> None:
    run = store.begin_run({}, "1")
    sha256, data = source_of(1)
    attempt(store, run, store.add_source(sha256, len(data), data), made(invented(1)))
    (report,) = store.reports()
    assert report.paths == ()
    assert [known.sha256 for known in store.known_sources()] == [sha256]
    assert list(store.sql("SELECT path, verdict FROM reports")) == [(None, "accepted")]


def test_verdicts_choose_reports(store: Store) -> None:
    run = store.begin_run({}, "1")
    verdicts = ["accepted", "rejected", "completed", "accepted"]
    for number, verdict in enumerate(verdicts):
        add(store, run, number, verdict)
    for chosen in ([], ["accepted"], {"accepted", "rejected"}, ["no'such"]):
        wanted = [verdict for verdict in verdicts if verdict in chosen]
        assert [r.verdict for r in store.reports(verdicts=chosen)] == wanted
        assert [k.verdict for k in store.known_sources(verdicts=chosen)] == wanted
        assert store.count(verdicts=chosen) == len(wanted)


def test_a_reading_is_judged_again_without_being_stored_again(store: Store) -> None:
    run = store.begin_run({}, "1")
    source = add(store, run, 1)
    before = store.known(source_of(1)[0])
    assert before is not None
    with store.transaction():
        judged = replace(again(1, "rejected"), how="judged", reading=None)
        store.add_attempt(run, source, store.maker_id(BUILTIN), judged, reading=before.reading)
    after = store.known(source_of(1)[0])
    assert after is not None
    assert (after.verdict, after.reading) == ("rejected", before.reading)
    assert list(store.sql("SELECT count(*) FROM readings")) == [(1,)]


def test_the_ending_of_a_run_is_said_once(store: Store) -> None:
    run = store.begin_run({}, "1")
    assert store.runs()[0].ending is None
    store.end_run(run, "interrupted")
    store.end_run(run, "finished")
    assert store.runs()[0].ending == "interrupted"


# --- streams


def test_a_stream_neither_skips_nor_repeats_while_the_store_is_written(store: Store) -> None:
    run = store.begin_run({}, "1")
    count = 2_300
    with store.transaction():
        maker = store.maker_id(BUILTIN)
        for number in range(count):
            sha256, data = source_of(number)
            source = store.add_source(sha256, len(data), None)
            store.list_path(run, f"{number}.txt", source)
            verdict = "accepted" if number % 3 else "rejected"
            store.add_attempt(run, source, maker, made(invented(number, verdict)))
    second = store.begin_run({}, "1")
    seen = []
    for turn, known in enumerate(store.known_sources(verdicts=["rejected"])):
        seen.append(known.sha256)
        if turn % 7 == 0:  # this one, one before, one to come, and a new one
            with store.transaction():
                for source in {known.source, 1, count}:
                    store.add_attempt(second, source, maker, again(source, "rejected"))
                add_to = store.add_source(*_new(turn))
                store.add_attempt(second, add_to, maker, made(invented(count + turn, "rejected")))
    assert seen == [source_of(number)[0] for number in range(0, count, 3)]
    listed = []
    for turn, report in enumerate(store.reports(run=run)):
        listed.append(report.sha256)
        if turn % 50 == 0:
            attempt(store, second, report.source, again(turn, "incomplete"))
    assert listed == [source_of(number)[0] for number in range(count)]


def _new(turn: int) -> tuple[str, int, None]:
    return source_of(100_000 + turn)[0], 1, None


def test_a_path_that_another_text_takes_meanwhile_is_streamed_as_it_was(store: Store) -> None:
    run = store.begin_run({}, "1")
    with store.transaction():
        maker = store.maker_id(BUILTIN)
        for number in range(3):
            sha256, data = source_of(number)
            source = store.add_source(sha256, len(data), None)
            store.list_path(run, f"{number}.txt", source)
            store.add_attempt(run, source, maker, made(invented(number, "accepted")))
    stream = store.reports()
    seen = [next(stream)]
    later = store.begin_run({}, "1")
    with store.transaction():
        store.list_path(later, "2.txt", store.add_source(*_new(0)))
    seen += stream
    assert [one.paths for one in seen] == [("0.txt",), ("1.txt",), ("2.txt",)]


def test_a_stream_that_is_left_holds_nothing(store: Store) -> None:
    run = store.begin_run({}, "1")
    for number in range(3):
        add(store, run, number)
    next(store.reports())
    next(store.known_sources())
    add(store, run, 3)
    assert store.count() == 4


# --- transactions


def test_a_transaction_is_stored_together_or_not_at_all(store: Store) -> None:
    run = store.begin_run({}, "1")
    maker = replace(BUILTIN, version="never stored")
    with pytest.raises(KeyError), store.transaction():  # noqa: PT012 - the block is what is tested
        number = store.maker_id(maker)
        sha256, data = source_of(1)
        source = store.add_source(sha256, len(data), data)
        store.list_path(run, "1.txt", source)
        store.add_attempt(run, source, number, made(invented(1)))
        raise KeyError
    assert store.known(source_of(1)[0]) is None
    assert store.makers() == {}
    # the number that the maker had within is not remembered
    source = add(store, run, 2)
    attempt(store, run, source, made(invented(2)), maker)
    (report,) = store.reports()
    assert report.maker == maker


def test_a_transaction_within_a_transaction_is_refused(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction(), store.transaction():
        pass
    assert store.begin_run({}, "1") == 1


def test_a_row_that_breaks_a_rule_undoes_its_transaction(store: Store) -> None:
    run = store.begin_run({}, "1")
    wrong = replace(made(invented(1)), how="guessed")  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="CHECK constraint failed"), store.transaction():  # noqa: PT012 - the block is what is tested
        source = store.add_source(*_source())
        try:
            store.add_attempt(run, source, store.maker_id(BUILTIN), wrong)
        finally:
            with pytest.raises(StoreError, match="was undone"):
                store.list_path(run, "1.txt", source)
    with pytest.raises(StoreError, match="FOREIGN KEY"), store.transaction():
        store.list_path(run, "1.txt", 99)
    with pytest.raises(StoreError, match="was undone"), store.transaction():  # noqa: PT012 - the block is what is tested
        with contextlib.suppress(StoreError):
            store.list_path(run, "1.txt", 99)
        store.list_path(run, "2.txt", None, "unreadable")
    assert list(store.failures()) == []
    assert list(store.sql("SELECT count(*) FROM sources")) == [(0,)]
    with pytest.raises(ValueError, match="a result, or"):
        store.add_attempt(run, 1, 1, Made("read", 0.0))


def test_what_no_column_can_hold_is_refused_in_one_line(store: Store) -> None:
    for maker in (replace(BUILTIN, models="\udce9"), replace(BUILTIN, version="\ud800")):
        with pytest.raises(StoreError, match="cannot be used"):
            store.maker_id(maker)
    with pytest.raises(StoreError, match="cannot be used"):
        store.add_source("0" * 64, 2**70, None)
    assert store.makers() == {}


@pytest.mark.parametrize("problem", ["unreadable", "provider", "crashed", "timeout"])
def test_every_problem_can_be_stored(store: Store, problem: Problem) -> None:
    run = store.begin_run({}, "1")
    source = store.add_source(*_source())
    attempt(store, run, source, Made("read", 1.5, problem=problem, message="why", cost_usd=None))
    rows = list(store.sql("SELECT problem, message, cost_usd, verdict FROM reports"))
    assert rows == [(problem, "why", None, None)]


def test_threads_may_share_a_store(store: Store) -> None:
    about = {"model": "m/x", "prompt_id": "p@1", "prompt_sha256": "f" * 64, "about": "x"}
    errors: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for number in range(20):
                key = hashlib.sha256(f"{thread} {number}".encode()).hexdigest()
                with store.transaction():
                    store.add_answer(key, f"{number}", **about, sample=0)
                    assert store.answer(key) == f"{number}"
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(store.sql("SELECT count(*) FROM answers")) == [(80,)]


# --- real results


@pytest.mark.parametrize("kept", ["store", "beside", "path"])
def test_originals_are_kept_once_where_the_user_wants_them(
    tmp_path: Path, kept: Literal["store", "beside", "path"]
) -> None:
    sha256, data = source_of(1)
    beside = tmp_path / "run.db.originals" / sha256[:2] / sha256
    with Store.open(str(tmp_path / "run.db"), write=True) as store:
        store.originals = kept
        source = store.add_source(sha256, len(data), data)
        assert store.add_source(sha256, len(data), data) == source
        assert store.content(source) == (None if kept == "path" else data)
        assert beside.exists() == (kept == "beside")
        stored = list(store.sql("SELECT content IS NULL FROM sources"))
        assert stored == [(kept != "store",)]
        if kept == "beside":
            beside.write_bytes(data + b"!")  # what is no longer those bytes is not given
            assert store.content(source) is None


def test_originals_beside_a_store_are_no_reports_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    sha256, data = source_of(1)
    with Store.open(str(tmp_path / "run.db"), write=True) as store:
        store.originals = "beside"
        store.add_source(sha256, len(data), data)
    found = listed(named(Wanted((str(tmp_path),), store=str(tmp_path / "run.db"))))
    assert [Path(path).name for path in found] == ["a.txt"]


def test_a_store_of_every_older_program_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    reports = [(f"{n}.txt", f"text {n}".encode()) for n in range(60)]
    results = {f"{n}.txt": invented(n, padding=400) for n in range(60)}
    make_store(path, reports, results=results)
    with Store.open(str(path)) as store:
        was = [(r.paths, r.json) for r in store.reports()]
        assert len(list(store.sql("SELECT * FROM dictionaries"))) <= 2
    for steps in (2, 3, 4, 5):
        old = tmp_path / f"{steps}.db"
        old.write_bytes(path.read_bytes())
        as_version(old, steps)
        Store.migrate(old)
        with Store.open(str(old)) as store:
            assert [(r.paths, r.json) for r in store.reports()] == was
            assert [store.reading(n) for n in (1, 60)] == [b"a reading"] * 2
            assert {row.verdict for row in store.rows()} == {"accepted"}
