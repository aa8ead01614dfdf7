"""Checks across a store: consecutive years of every agency, several reports of one, the same tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.across import agencies as sorting
from extractor.across import summary_of
from extractor.across.agencies import sort_names
from extractor.across.figures import figures_in
from extractor.across.summary import Summary
from extractor.batch.records import Made, Problem
from extractor.batch.store import Store
from extractor.errors import UsageError
from tests.across_results import base, dumped, result, telling
from tests.conftest import command
from tests.each import rows
from tests.stores import BUILTIN, golden, make_store
from verify.agencies import same_agency
from verify.years import compare_years

ROWS = rows(__file__)

run = command("summary")

IN = "requests.carried_in.natural_person"
OUT = "requests.carried_out.natural_person"


def stored(path: Path, results: Sequence[str]) -> str:
    names = [f"r/{number:03}.txt" for number in range(len(results))]
    reports = [(name, name.encode()) for name in names]
    return str(make_store(path, reports, results=dict(zip(names, results, strict=True))))


def summed(tmp_path: Path, *results: str, **options: Any) -> Summary:
    return summary_of(stored(tmp_path / "r.db", results), **options)


def test_consecutive_years_of_an_agency_are_held_against_each_other(tmp_path: Path) -> None:
    found = summed(
        tmp_path, result("甲省乙县教育局", 2022, {IN: 5}), result("甲省乙县教育局", 2021, {OUT: 3})
    )
    (finding,) = found.years
    assert (finding.code, finding.rule) == ("carry_over_differs", "years.carry_over.natural_person")
    assert (finding.expected, finding.actual) == ("3", "5")
    assert (finding.current.path, finding.previous.path) == ("r/000.txt", "r/001.txt")
    cells = base()["cells"]
    assert finding.span == tuple(cells[IN]["span"])
    assert finding.previous_span == tuple(cells[OUT]["span"])
    assert finding.certain
    assert (found.counts.pairs, found.counts.failed) == (1, 1)


@pytest.mark.parametrize(
    ("one", "two", "pairs"),
    ROWS["whose_years_are_compared_is_decided_by_the_names"],
)
def test_whose_years_are_compared_is_decided_by_the_names(
    tmp_path: Path, one: str, two: str, pairs: int
) -> None:
    assert (same_agency(one, two) == "same") == bool(pairs)
    found = summed(tmp_path, result(one, 2021, {OUT: 3}), result(two, 2022))
    assert found.counts.pairs == len(found.years) == pairs


def test_reports_without_agency_or_year_are_never_one_agency(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        result(None, 2021, telling(1) | {OUT: 3}),
        result(None, 2022, telling(2)),
        result(None, 2022, telling(3)),
        result("乙县教育局", None, telling(4)),
        result("乙县教育局", None, telling(5)),
        result("", 2021, telling(6)),
        result("???", 2022, telling(7)),
        result("???", 2023, telling(8)),
    )
    assert (found.counts.agencies, found.counts.pairs) == (0, 0)
    assert (found.years, found.several, found.duplicates) == ([], [], [])
    assert (found.counts.unnamed, found.counts.unclear) == (5, 3)


def test_several_reports_of_a_year_that_differ_are_told_and_none_is_chosen(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        result("乙县教育局", 2021, {OUT: 3}),
        result("乙县教育局", 2021, {OUT: 4}),
        result("乙县教育局", 2022),
        result("乙县教育局", 2023, {IN: 9}),
    )
    (several,) = found.several
    assert (several.alike, several.count, several.certain) == (False, 2, True)
    assert [member.path for member in several.members] == ["r/000.txt", "r/001.txt"]
    assert [finding.current.year for finding in found.years] == [2023]
    assert found.counts.conflicts == 1


def test_several_reports_of_a_year_that_are_alike_are_told_and_compared_once(
    tmp_path: Path,
) -> None:
    found = summed(
        tmp_path,
        result("乙县教育局", 2021, {OUT: 3}),
        result("乙县教育局", 2021, {OUT: 3}),
        result("乙县教育局", 2022),
    )
    assert [(one.alike, one.count) for one in found.several] == [(True, 2)]
    assert (len(found.years), found.counts.pairs) == (1, 1)


def test_many_reports_of_one_year_are_counted_and_the_first_are_named(tmp_path: Path) -> None:
    found = summed(tmp_path, *(result("乙县教育局", 2021, {OUT: n}) for n in range(40)))
    (several,) = found.several
    assert (several.count, len(several.members)) == (40, 12)


def test_a_name_that_fits_two_different_agencies_joins_neither(tmp_path: Path) -> None:
    names = ["甲省朝河区教育局", "乙省朝河区教育局", "朝河区教育局"]
    assert same_agency(names[0], names[2]) == same_agency(names[1], names[2]) == "same"
    assert same_agency(names[0], names[1]) == "different"
    found = summed(
        tmp_path,
        result(names[0], 2020, {OUT: 1}),
        result(names[1], 2020, {OUT: 2}),
        result(names[2], 2021, {IN: 7}),
        result(names[0], 2021, {IN: 9}),
    )
    assert found.counts.tangled == 3
    assert [(one.current.agency, one.previous.agency) for one in found.years] == [
        (names[0], names[0])
    ]


def test_a_name_without_a_place_is_compared_with_its_doubt_said(tmp_path: Path) -> None:
    found = summed(tmp_path, result("教育局", 2021, {OUT: 3}), result("教育局", 2022))
    assert [one.certain for one in found.years] == [False]


def test_a_name_without_a_place_that_several_share_is_not_compared(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        result("教育局", 2021, {OUT: 3}),
        result("教育局", 2021, {OUT: 4}),
        result("教育局", 2022, {IN: 9, OUT: 1}),
        result("教育局", 2023),
    )
    assert (found.years, found.counts.shared, len(found.several)) == ([], 1, 1)
    assert not found.several[0].certain


def test_the_same_tables_under_two_agencies_are_found(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        result("甲县教育局", 2021, telling(1)),
        result("乙县水务局", 2021, telling(1)),
        result("丙县财政局", 2021, telling(2)),
    )
    (duplicate,) = found.duplicates
    assert (duplicate.kind, duplicate.count) == ("agencies", 2)
    assert {member.agency for member in duplicate.members} == {"甲县教育局", "乙县水务局"}


def test_tables_that_say_little_are_no_duplicates(tmp_path: Path) -> None:
    found = summed(
        tmp_path, *(result(f"{place}县教育局", 2021, {OUT: 1}) for place in "甲乙丙丁戊")
    )
    assert found.duplicates == []


def test_last_years_tables_again_are_found(tmp_path: Path) -> None:
    found = summed(
        tmp_path, result("甲县教育局", 2021, telling(1)), result("甲县教育局", 2022, telling(1))
    )
    assert [one.kind for one in found.duplicates] == ["years"]


def test_the_same_tables_of_an_unknown_agency_are_a_question(tmp_path: Path) -> None:
    found = summed(tmp_path, result(None, 2021, telling(1)), result("甲县教育局", 2021, telling(1)))
    assert [one.kind for one in found.duplicates] == ["question"]


def test_every_agency_of_a_duplicate_is_named_before_any_comes_twice(tmp_path: Path) -> None:
    results = [result("甲县教育局", 2021, telling(1)) for _ in range(20)]
    found = summed(tmp_path, *results, result("乙县水务局", 2021, telling(1)))
    (duplicate,) = found.duplicates
    assert {member.agency for member in duplicate.members[:2]} == {"甲县教育局", "乙县水务局"}
    assert duplicate.count == 21


def test_a_reading_that_is_not_trusted_is_compared_with_nothing(tmp_path: Path) -> None:
    found = summed(
        tmp_path,
        result("甲县教育局", 2021, telling(1) | {OUT: 3}, verdict="rejected"),
        result("甲县教育局", 2022, telling(1)),
        result("乙县水务局", 2022, telling(1), verdict="rejected"),
    )
    assert (found.years, found.several, found.duplicates) == ([], [], [])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(2019, 2023), st.integers(0, 2), st.integers(0, 2)),
        max_size=5,
        unique_by=lambda one: one[0],
    )
)
def test_what_is_found_is_what_two_years_at_a_time_give(years: list[tuple[int, int, int]]) -> None:
    import tempfile

    results = {year: result("乙县教育局", year, {IN: a, OUT: b}) for year, a, b in years}
    expected = []
    for year in sorted(results):
        if year - 1 in results:
            now, last = (figures_in(json.loads(results[one])) for one in (year, year - 1))
            assert now is not None
            assert last is not None
            expected += [
                (year, found.code, found.expected, found.actual)
                for found in compare_years(now, last)
                if found.code != "years_not_compared"
            ]
    with tempfile.TemporaryDirectory() as folder:
        found = summed(Path(folder), *results.values())
    assert [(f.current.year, f.code, f.expected, f.actual) for f in found.years] == expected


def test_names_are_compared_within_small_buckets_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(a: str, b: str) -> str:
        asked.append((a, b))
        return same_agency(a, b)

    monkeypatch.setattr(sorting, "same_agency", counted)
    names = {
        f"{a}{b}{c}县{duty}"
        for a in "甲乙丙丁戊己庚辛"
        for b in "子丑寅卯辰巳午未"
        for c in "金木水火土"
        for duty in ("教育局", "水务局", "发改委", "发展和改革委员会")
    }
    found = sort_names(names)
    assert len(names) == 1280
    assert len(asked) <= len(names)
    assert len(set(found.number.values())) == 960


def test_a_bucket_of_too_many_names_is_left_apart() -> None:
    names = [
        f"{a}{b}省朝河区教育局"
        for a in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"
        for b in "金木水火土东南西北中前后左右上"
    ]
    found = sort_names(names)
    assert len(found.tangled) == len(names) == len(set(found.number.values()))


def test_a_store_as_it_was_at_the_end_of_a_run(tmp_path: Path) -> None:
    path = stored(tmp_path / "r.db", [result("甲县教育局", 2021)])
    make_store(path, [("b.txt", b"b")], results={"b.txt": result("甲县教育局", 2022, {IN: 4})})
    first, now = summary_of(path, run=1), summary_of(path)
    assert (first.reports, first.counts.pairs) == (1, 0)
    assert (now.reports, now.counts.pairs, len(now.years)) == (2, 1, 1)
    with pytest.raises(UsageError, match="has no run 3; its runs are 1 to 2"):
        summary_of(path, run=3)


def test_golden_reports_are_counted_as_they_are(tmp_path: Path) -> None:
    path = str(make_store(tmp_path / "r.db", golden()))
    found = summary_of(path)
    with Store.open(path) as store:
        results = [json.loads(report.json) for report in store.reports()]
    reasons = [reason for one in results for reason in one["reasons"]]
    assert found.reports == sum(found.verdicts.values()) == len(results)
    assert sum(rule.findings for rule in found.rules) == len(reasons)
    errors = [sum(r["severity"] == "error" for r in one["reasons"]) for one in results]
    assert [one.errors for one in found.worst] == sorted((n for n in errors if n), reverse=True)
    assert sum(counts.total() for counts in found.by_form.values()) == len(results)


def test_a_report_that_quotes_a_key_of_the_result_is_counted_right(tmp_path: Path) -> None:
    made_ = base("inconsistent")
    made_["reasons"][0]["message_zh"] = '"reasons":[{"severity":"info"}],"provenance":{'
    assert summed(tmp_path, dumped(made_)).worst[0].errors


def failed_store(path: Path) -> str:
    """A store of failures only, of a run that was killed."""
    with Store.open(str(path), write=True) as store:
        begun = store.begin_run({}, "0")
        maker = store.maker_id(BUILTIN)
        failures: tuple[tuple[Problem, str | None], ...] = (("provider", None), ("crashed", "0.25"))
        for number, (problem, cost) in enumerate(failures):
            sha256 = f"{number:064x}"
            source = store.add_source(sha256, 3, None)
            store.list_path(begun, f"{number}.txt", source)
            store.add_attempt(
                begun,
                source,
                maker,
                Made(
                    "read",
                    0.5,
                    problem=problem,
                    message="it \x1b[1mfailed",
                    requests=2,
                    input_tokens=10,
                    output_tokens=5,
                    cost_usd=cost,
                ),
            )
        store.list_path(begun, "gone.txt", None, "unreadable", "no right to read it")
        store.list_path(begun, "later.txt", store.add_source("f" * 64, 1, None))
    return str(path)


def test_a_store_of_failures_only_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = failed_store(tmp_path / "r.db")
    found = summary_of(path)
    assert found.reports == 0
    assert found.failures == {"provider": 1, "crashed": 1, "unreadable": 1, "untried": 1}
    spent = found.spent
    assert (spent.requests, spent.input_tokens, str(spent.cost_usd), spent.unknown) == (
        4,
        20,
        "0.25",
        1,
    )
    assert run([path, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "not ended" in shown
    assert "the model's service failed" in shown
    assert "0.25; cost of 1 attempts not known" in shown


def test_the_json_has_every_finding_and_the_keys_that_are_documented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [
        result(f"{a}{b}县教育局", year, {IN: 1 + year % 7, OUT: 3})
        for a in "甲乙丙丁"
        for b in "子丑寅卯辰巳午未"
        for year in range(2019, 2025)
    ]
    path = stored(
        tmp_path / "r.db",
        [
            *results,
            result("丙县教育局", 2021, telling(1)),
            result("丁县水务局", 2021, telling(1)),
            result("丁县水务局", 2021, telling(2)),
        ],
    )
    assert run([path, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["years"]) == document["across"]["failed"] > 100
    assert (len(document["several"]), len(document["duplicates"])) == (1, 1)
    page = (Path(__file__).parent.parent / "docs" / "summary.md").read_text(encoding="utf-8")
    keys = {*document, *document["across"], *document["years"][0], *document["several"][0]}
    assert {key for key in keys if f"`{key}`" not in page} == set()


def test_nothing_of_a_report_reaches_the_terminal_as_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "乙县\x1b[31m教育局\x07\u202e"
    results = {
        "a\x1b[2J.txt": result(hostile, 2021, telling(1) | {OUT: 3}),
        "b\x9b1m.txt": result(hostile, 2022, telling(2)),
        "c.txt": result(hostile, 2022, telling(3)),
        "d\r.txt": result("\x1b]0;丙县教育局\x07", 2021, telling(1) | {OUT: 3}),
    }
    path = make_store(
        tmp_path / "r.db",
        [(name, str(n).encode()) for n, name in enumerate(results)],
        results=results,
    )
    assert run([str(path)]) == 0
    shown = capsys.readouterr().out
    assert not [
        c for c in shown if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c == "\u202e"
    ]
    assert "␛" in shown
