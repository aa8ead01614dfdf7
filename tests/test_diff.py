"""Comparing stores: what changed is told, one by one, and an accepted cell that changed is exit 1."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.batch.records import Made, Maker
from extractor.batch.store import Store
from extractor.diff import Change, Totals, diff
from extractor.diff.compare import compare_results
from extractor.diff.makers import maker_changes
from extractor.errors import UsageError
from tests.across_results import base, dumped, result
from tests.conftest import command
from tests.each import each, rows
from tests.stores import BUILTIN, fill, made, make_store

ROWS = rows(__file__)

run = command("diff")

Results = Mapping[str, str]
CELL = "requests.granted.natural_person"


def stored(path: Path, results: Results, **options: Any) -> str:
    """A store of one text for each path, with these results."""
    path.parent.mkdir(exist_ok=True)
    reports = [(name, f"text of {name}".encode()) for name in results]
    return str(make_store(path, reports, results=results, **options))


def compared(
    tmp_path: Path, old: Results, new: Results, **options: Any
) -> tuple[list[Change], Totals]:
    before = stored(tmp_path / "old.db", old)
    after = stored(tmp_path / "new.db", new, **options)
    with Store.open(before) as one, Store.open(after) as two:
        difference = diff(one, two)
        return list(difference), difference.totals()


def edited(cells: Mapping[str, Mapping[str, Any]], verdict: str = "accepted") -> str:
    """A golden result whose first cells have other values or states."""
    parsed = base(verdict)
    for name, changes in cells.items():
        parsed["cells"][name] |= changes
    return dumped(parsed)


def exits(tmp_path: Path, old: Results, new: Results) -> int:
    return run([stored(tmp_path / "o.db", old), stored(tmp_path / "n.db", new), "-q"])


CHANGED = {CELL: {"value": 77, "text": "77"}}


def test_two_stores_with_the_same_results_differ_in_nothing(tmp_path: Path) -> None:
    same = {"a.txt": dumped(base()), "b.txt": dumped(base("incomplete"))}
    changes, totals = compared(tmp_path, same, same)
    assert changes == []
    assert (totals.matched, totals.unchanged, totals.accepted_changed) == (2, 2, False)


def test_a_changed_cell_is_told_with_both_values_and_places(tmp_path: Path) -> None:
    old = dumped(base())
    changes, totals = compared(tmp_path, {"a.txt": old}, {"a.txt": edited(CHANGED)})
    (cell,) = changes[0].cells
    before = base()["cells"][CELL]
    assert (cell.cell, cell.kind) == (CELL, "value")
    assert cell.old is not None
    assert cell.new is not None
    assert (cell.old.value, cell.old.text) == (before["value"], before["text"])
    assert (cell.new.value, cell.new.text) == (77, "77")
    assert cell.old.span == cell.new.span == tuple(before["span"])
    assert (totals.alarms, totals.alarmed, totals.cells) == (1, 1, {"value": 1})


@pytest.mark.parametrize("verdict", ["accepted", "completed"])
def test_a_changed_cell_of_an_accepted_report_is_exit_1(tmp_path: Path, verdict: str) -> None:
    new = edited(CHANGED, verdict)
    assert exits(tmp_path, {"a.txt": dumped(base(verdict))}, {"a.txt": new}) == 1


@pytest.mark.parametrize("verdict", ["incomplete", "inconsistent", "rejected"])
def test_a_changed_cell_of_another_report_is_exit_0(tmp_path: Path, verdict: str) -> None:
    old = base(verdict)
    name = next(name for name, cell in old["cells"].items() if cell["state"] == "read")
    new = edited({name: {"value": 4321, "text": "4321"}}, verdict)
    assert exits(tmp_path, {"a.txt": dumped(old)}, {"a.txt": new}) == 0


def test_another_state_of_the_same_value_is_exit_1(tmp_path: Path) -> None:
    deduced = {
        "state": "deduced",
        "was": "blank",
        "proof": ["row.granted"],
        "text": None,
        "span": None,
    }
    new = edited({CELL: deduced})
    changes, _ = compared(tmp_path, {"a.txt": dumped(base())}, {"a.txt": new})
    assert [cell.kind for cell in changes[0].cells] == ["state"]
    assert run([str(tmp_path / "old.db"), str(tmp_path / "new.db"), "-q"]) == 1


def test_another_place_of_the_same_value_is_told_and_exit_0(tmp_path: Path) -> None:
    new = edited({CELL: {"span": [1, 2]}})
    changes, totals = compared(tmp_path, {"a.txt": dumped(base())}, {"a.txt": new})
    assert [cell.kind for cell in changes[0].cells] == ["place"]
    assert not totals.accepted_changed


def test_a_sum_of_money_written_otherwise_is_the_same_value() -> None:
    old, new = base(), base()
    old["cells"]["proactive.fees.amount"] |= {"value": "15.0", "text": "15.0"}
    new["cells"]["proactive.fees.amount"] |= {"value": "15.00", "text": "15.00"}
    cells, _ = compare_results(dumped(old), dumped(new))
    assert [cell.kind for cell in cells] == ["place"]


def test_a_report_newly_accepted_is_exit_0(tmp_path: Path) -> None:
    changes, totals = compared(
        tmp_path, {"a.txt": dumped(base("incomplete"))}, {"a.txt": dumped(base())}
    )
    assert changes[0].newly_accepted
    assert (totals.newly_accepted, totals.newly_lost) == (1, 0)
    assert totals.verdicts == {("incomplete", "accepted"): 1}
    assert not totals.accepted_changed


def test_a_report_newly_lost_is_exit_1(tmp_path: Path) -> None:
    lost = base() | {"verdict": "rejected"}
    assert exits(tmp_path, {"a.txt": dumped(base())}, {"a.txt": dumped(lost)}) == 1


def test_a_report_that_is_gone_is_lost_only_if_it_was_accepted(tmp_path: Path) -> None:
    stay = {"stay.txt": dumped(base())}
    changes, totals = compared(tmp_path, {"a.txt": dumped(base("rejected")), **stay}, stay)
    assert [(change.kind, change.newly_lost) for change in changes] == [("gone", False)]
    assert not totals.accepted_changed
    changes, totals = compared(tmp_path / "2", {"b.txt": dumped(base()), **stay}, stay)
    assert totals.newly_lost == 1


def test_a_new_report_is_told_and_is_no_alarm(tmp_path: Path) -> None:
    old = {"a.txt": dumped(base())}
    changes, totals = compared(tmp_path, old, {**old, "b.txt": dumped(base())})
    assert [(change.kind, change.name) for change in changes] == [("new", "b.txt")]
    assert (totals.newly_accepted, totals.accepted_changed) == (0, False)


def test_a_report_that_fails_now_is_lost_and_one_that_failed_before_is_newly_accepted(
    tmp_path: Path,
) -> None:
    good = stored(tmp_path / "good.db", {"a.txt": dumped(base())})
    bad = failing(tmp_path / "bad.db", "a.txt")
    with Store.open(good) as one, Store.open(bad) as two:
        now, before = list(diff(one, two)), list(diff(two, one))
    assert [(c.kind, c.newly_lost) for c in now] == [("now_failing", True)]
    assert now[0].new is not None
    assert (now[0].new.problem, now[0].new.message) == ("provider", "it did not answer")
    assert [(c.kind, c.newly_accepted) for c in before] == [("failed_before", True)]
    assert run([good, bad, "-q"]) == 1
    assert run([bad, good, "-q"]) == 0
    assert run([bad, bad.replace("bad", "good"), "-q"]) == 0


def failing(path: Path, name: str) -> str:
    """A store whose only report failed."""
    with Store.open(str(path), write=True) as store:
        begun = store.begin_run({}, "0")
        content = f"text of {name}".encode()
        source = store.add_source(sha256_of(content), len(content), content)
        store.list_path(begun, name, source)
        made = Made("read", 0.1, problem="provider", message="it did not answer")
        store.add_attempt(begun, source, store.maker_id(BUILTIN), made)
        store.end_run(begun, "finished")
    return str(path)


def sha256_of(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


def test_another_text_at_the_same_path_is_flagged_and_its_places_are_not_compared(
    tmp_path: Path,
) -> None:
    new = base()
    for cell in new["cells"].values():
        cell["span"] = cell["span"] and [cell["span"][0] + 5, cell["span"][1] + 5]
    new["cells"][CELL] |= {"value": 77}
    before = make_store(tmp_path / "o.db", [("a.txt", b"one")], results={"a.txt": dumped(base())})
    after = make_store(tmp_path / "n.db", [("a.txt", b"two")], results={"a.txt": dumped(new)})
    with Store.open(str(before)) as one, Store.open(str(after)) as two:
        (change,) = diff(one, two)
    assert change.kind == "text_changed"
    assert [cell.cell for cell in change.cells] == [CELL]
    assert change.alarms == 1


def test_a_report_that_moved_is_the_same_report(tmp_path: Path) -> None:
    texts = [("a.txt", b"one"), ("b.txt", b"two")]
    swapped = [("b.txt", b"one"), ("a.txt", b"two"), ("c/a.txt", b"one")]
    same = {name: dumped(base()) for name in ("a.txt", "b.txt", "c/a.txt")}
    before = make_store(tmp_path / "o.db", texts, results=same)
    after = make_store(tmp_path / "n.db", swapped, results=same)
    with Store.open(str(before)) as one, Store.open(str(after)) as two:
        assert list(diff(one, two)) == []


def test_other_makers_alone_change_nothing_and_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = base()
    other["provenance"]["version"] = "9.9"
    old = stored(tmp_path / "o.db", {"a.txt": dumped(base())})
    maker = replace(BUILTIN, version="9.9", code_judge="k" * 64)
    new = stored(tmp_path / "n.db", {"a.txt": dumped(other)}, maker=maker)
    assert run([old, new, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "unchanged: 1;" in shown
    assert f"version  {BUILTIN.version} → 9.9" in shown
    assert f"code_judge (judging)  {'j' * 12} → {'k' * 12}" in shown
    assert "code_read" not in shown


def test_findings_and_claims_that_changed_are_counted_apart(tmp_path: Path) -> None:
    new = base()
    new["report"]["agency"] = "别县别局"
    new["reasons"] = []
    _, totals = compared(tmp_path, {"a.txt": dumped(base("completed"))}, {"a.txt": dumped(new)})
    assert totals.other["agency"] == 1
    assert totals.other["reasons"] == 1


def test_two_runs_of_one_store_are_compared_as_they_ended(tmp_path: Path) -> None:
    path = stored(tmp_path / "r.db", {"a.txt": dumped(base()), "b.txt": dumped(base())})
    stored(tmp_path / "r.db", {"a.txt": edited(CHANGED)})
    stored(tmp_path / "r.db", {"b.txt": dumped(base() | {"verdict": "rejected"})})
    with Store.open(path) as store:
        first = [change.name for change in diff(store, store, old_run=1, new_run=2)]
        second = [change.name for change in diff(store, store, old_run=2, new_run=3)]
        both = [change.name for change in diff(store, store, old_run=1)]
    assert (first, second, sorted(both)) == (["a.txt"], ["b.txt"], ["a.txt", "b.txt"])
    assert run([path, "--runs", "1", "2", "-q"]) == 1
    assert run([path, "--runs", "2", "3", "--only", "a.txt", "-q"]) == 0


def test_a_run_that_was_killed_can_be_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored(tmp_path / "r.db", {"a.txt": dumped(base())})
    with Store.open(path, write=True) as store:
        begun = store.begin_run({}, "0")
        source = store.add_source(sha256_of(b"new"), 3, b"new")
        store.list_path(begun, "b.txt", source)
    assert run([path, "--runs", "1", "2", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "not ended" in shown
    assert re.search(r"new reports: 1\n  b\.txt  – → no result", shown)


def test_an_older_result_that_stands_because_a_run_failed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored(tmp_path / "r.db", {"a.txt": dumped(base())})
    with Store.open(path, write=True) as store:
        begun = store.begin_run({}, "0")
        source = store.add_source(sha256_of(b"text of a.txt"), 13, None)
        failed = Made("read", 0.1, problem="provider", message="it did not answer")
        store.add_attempt(begun, source, store.maker_id(BUILTIN), failed)
        store.end_run(begun, "failed")
    assert run([path, "--runs", "1", "2", "--lang", "en"]) == 0
    assert "so that an older result stands: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    ROWS["wrong_usage_is_one_line"],
)
def test_wrong_usage_is_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    names = {name: stored(tmp_path / f"{name}.db", {"a.txt": dumped(base())}) for name in "ab"}
    with pytest.raises(UsageError, match=message):
        run([argument.format(**names) for argument in arguments])


def many(count: int) -> tuple[dict[str, str], dict[str, str]]:
    """Results with 20 changed cells each."""
    parsed = base()
    names = [name for name, cell in parsed["cells"].items() if isinstance(cell["value"], int)][:20]
    new = edited({name: {"value": 901, "text": "901"} for name in names})
    files = [f"r/{number:03}.txt" for number in range(count)]
    return dict.fromkeys(files, dumped(parsed)), dict.fromkeys(files, new)


def test_thousands_of_changed_cells_are_capped_for_people_and_whole_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = many(150)
    names = [stored(tmp_path / "o.db", before), stored(tmp_path / "n.db", after)]
    assert run([*names, "--lang", "en"]) == 1
    capped = capsys.readouterr().out
    assert len(capped.splitlines()) < 50
    assert "and 2980 more; --all lists them" in capped
    assert run([*names, "--all", "--lang", "en"]) == 1
    assert capsys.readouterr().out.count("901 read") == 3000
    assert run([*names, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert sum(len(change["cells"]) for change in document["changes"]) == 3000
    assert document["counts"]["alarms"] == 3000


def test_the_json_has_the_keys_that_are_documented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [
        stored(tmp_path / "o.db", {"a.txt": dumped(base()), "gone.txt": dumped(base())}),
        stored(tmp_path / "n.db", {"a.txt": edited(CHANGED), "new.txt": dumped(base())}),
    ]
    assert run([*names, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    page = (Path(__file__).parent.parent / "docs" / "comparing.md").read_text(encoding="utf-8")
    keys = {*document, *document["old"], *document["counts"]}
    keys |= {key for change in document["changes"] for key in change}
    keys |= {key for change in document["changes"] for cell in change["cells"] for key in cell}
    assert {key for key in keys if f"`{key}`" not in page} == set()
    assert document["schema_version"] == "1"
    assert {change["kind"] for change in document["changes"]} == {"changed", "gone", "new"}


def test_nothing_of_a_report_reaches_the_terminal_as_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "\x1b[31mred\x1b]0;title\x07\r\n\u202e"
    path = f"r/{hostile}.txt"
    new = edited({CELL: {"value": 5, "text": hostile}})
    names = [
        stored_bytes(tmp_path / "o.db", path, dumped(base())),
        stored_bytes(tmp_path / "n.db", path, new),
    ]
    assert run([*names, "--all"]) == 1
    shown = capsys.readouterr().out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert "␛[31mred" in shown
    assert run([*names, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["changes"][0]["paths"] == [path]


def test_a_path_that_is_no_unicode_is_compared(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = "r/\udcff.txt"
    names = [
        stored_bytes(tmp_path / "o.db", path, dumped(base())),
        stored_bytes(tmp_path / "n.db", path, edited(CHANGED)),
    ]
    assert run([*names, "--json"]) == 1
    assert json.loads(capfdbinary.readouterr().out)["changes"][0]["paths"] == [path]
    assert run(names) == 1


def stored_bytes(store: Path, path: str, text: str) -> str:
    return str(make_store(store, [(path, b"bytes")], results={path: text}))


def test_empty_stores_have_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(tmp_path / "o.db"), str(tmp_path / "n.db")]
    for name in names:
        Store.open(name, write=True).close()
    assert run([*names, "--lang", "en"]) == 0
    assert "neither side has a report" in capsys.readouterr().out
    assert run([*names, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == []


def test_only_confines_the_comparison_to_paths_and_what_is_below(tmp_path: Path) -> None:
    old = {name: dumped(base()) for name in ("r/a.txt", "r/b/c.txt", "rest/a.txt")}
    new = dict.fromkeys(old, edited(CHANGED))
    names = [stored(tmp_path / "o.db", old), stored(tmp_path / "n.db", new)]
    with Store.open(names[0]) as one, Store.open(names[1]) as two:
        for only, expected in {
            "r": ["r/a.txt", "r/b/c.txt"],
            "./r/": ["r/a.txt", "r/b/c.txt"],
            "r/b": ["r/b/c.txt"],
            "r/a.txt": ["r/a.txt"],
            ".": sorted(old),
            "res": [],
        }.items():
            assert sorted(c.name for c in diff(one, two, only=[only])) == expected


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.integers(0, 199), st.integers(1000, 9999), max_size=8))
def test_exactly_the_cells_that_were_changed_are_told(changes: dict[int, int]) -> None:
    old, new = base(), base()
    names = list(old["cells"])
    wanted = {
        names[i]: value for i, value in changes.items() if names[i] != "proactive.fees.amount"
    }
    for name, value in wanted.items():
        new["cells"][name]["value"] = value
    cells, other = compare_results(dumped(old), dumped(new))
    assert {cell.cell: cell.new.value for cell in cells if cell.new} == wanted
    assert all(cell.kind == "value" for cell in cells)
    assert other == {}


def test_a_result_of_another_form_tells_cells_that_are_gone_and_new() -> None:
    cells, other = compare_results(dumped(base()), dumped(base(form="2019")))
    kinds = {cell.kind for cell in cells}
    assert {"gone", "new"} <= kinds
    assert other["form"] == ["2021", "2019"]


def test_a_report_without_a_path_is_compared_by_its_bytes(tmp_path: Path) -> None:
    for name, text in (("o.db", dumped(base())), ("n.db", edited(CHANGED))):
        with Store.open(str(tmp_path / name), write=True) as store:
            begun = store.begin_run({}, "0")
            source = store.add_source(sha256_of(b"x"), 1, b"x")
            store.add_attempt(begun, source, store.maker_id(BUILTIN), made(text))
            store.end_run(begun, "finished")
    with Store.open(str(tmp_path / "o.db")) as one, Store.open(str(tmp_path / "n.db")) as two:
        (change,) = diff(one, two)
    assert (change.kind, change.name) == ("changed", sha256_of(b"x"))


def test_a_text_that_was_replaced_within_a_store_is_compared_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    with Store.open(str(path), write=True) as store:
        fill(store, [("a.txt", b"one")], results={"a.txt": result("甲县乙局", 2020)})
        fill(store, [("a.txt", b"two")], results={"a.txt": result("甲县乙局", 2021)})
        (change,) = diff(store, store, old_run=1)
        assert diff(store, store).totals().old == 1
    assert change.kind == "text_changed"
    assert change.other["year"] == [2020, 2021]


# --- who made it


def digests(*parts: str) -> str:
    return ":".join(part * 64 for part in parts)


@each(
    ("key", "value", "said"),
    [
        ("code_read", digests("x", "g"), "code_read.readers"),
        ("code_read", digests("r", "x"), "code_read.verifier"),
        ("code_judge", digests("x", "c"), "code_judge.judging"),
        ("code_judge", digests("j", "x"), "code_judge.contract"),
        ("code_read", digests("r", "g")[:-1] + "x", "code_read.verifier"),
        ("models", "m" * 300 + "2", "models"),
        ("prompts", (("m" * 300, "p", "2" * 64),), "prompts"),
        ("options", (("votes", "3"),), "options"),
    ],
)
def test_the_part_in_which_makers_differ_is_named(key: str, value: object, said: str) -> None:
    one = replace(
        BUILTIN,
        code_read=digests("r", "g"),
        code_judge=digests("j", "c"),
        models="m" * 300 + "1",
        prompts=(("m" * 300, "p", "1" * 64),),
    )
    two: Maker = replace(one, **{key: value})  # type: ignore[arg-type]
    assert [change.key for change in maker_changes([(one, 3)], [(two, 3)])] == [said]
    assert list(maker_changes([(one, 3)], [(one, 1)])) == []


def test_makers_whose_parts_go_together_otherwise_are_not_the_same() -> None:
    kinds = {
        (v, d): replace(BUILTIN, version=v, form_data=d) for v in ("1", "2") for d in ("a", "b")
    }
    old = [(kinds["1", "a"], 1), (kinds["2", "b"], 1)]
    new = [(kinds["1", "b"], 1), (kinds["2", "a"], 1)]
    assert [change.key for change in maker_changes(old, new)] == ["together"]


def test_a_change_of_the_verifier_alone_is_never_made_by_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = {"a.txt": dumped(base())}
    makers = [replace(BUILTIN, code_read=digests("r", part)) for part in "gh"]
    names = [stored(tmp_path / f"{n}.db", same, maker=maker) for n, maker in enumerate(makers)]
    assert run([*names, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "made by the same" not in shown
    assert f"verifier takes from the text)  {'g' * 12} → {'h' * 12}" in shown
    assert "(readers)" not in shown
    assert run(names) == 0
    assert "核验程序对原文的读法（code_read）" in capsys.readouterr().out


# --- words


def test_the_time_of_a_side_is_when_its_run_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored(tmp_path / "r.db", {"a.txt": dumped(base())})
    with Store.open(path, write=True) as store:
        store.begin_run({}, "0")
        first, second = store.runs()
    ended = [
        replace(first, began="2020-01-01T01:01:01Z", ended="2020-01-02T02:02:02Z"),
        replace(second, began="2020-01-03T03:03:03Z"),
    ]
    monkeypatch.setattr(Store, "runs", lambda _: ended)
    run([path, "--runs", "1", "2", "--lang", "en"])
    shown = capsys.readouterr().out
    assert "at the end of run 1 (UTC 2020-01-02 02:02:02, finished)" in shown
    assert "at the end of run 2 (began UTC 2020-01-03 03:03:03, not ended)" in shown
    run([path, "--runs", "1", "2"])
    shown = capsys.readouterr().out
    assert "第1次运行结束时（UTC 2020-01-02 02:02:02，已完成）" in shown
    assert "第2次运行结束时（始于UTC 2020-01-03 03:03:03，未正常结束）" in shown


def test_a_chinese_comparison_says_verdicts_and_states_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = base("completed") | {"verdict": "inconsistent"}
    name = next(name for name, cell in lost["cells"].items() if cell["state"] == "deduced")
    lost["cells"][name] |= {"value": None, "state": "blank"}
    lost["report"]["agency"] = "别县别局"
    names = [
        stored(tmp_path / "o.db", {"a.txt": dumped(base("completed"))}),
        stored(tmp_path / "n.db", {"a.txt": dumped(lost)}),
    ]
    assert run(names) == 1
    shown = capsys.readouterr().out
    assert "a.txt  推算补全（completed） → 勾稽不符（inconsistent）" in shown
    assert re.search(rf"{re.escape(name)}  数值：\d+ 推算.* → 未知 空白", shown)
    assert "机关（agency） 1" in shown
    words = set(re.findall(r"(?<![\w（./])[a-z]{4,}(?![\w）./])", shown.replace(str(tmp_path), "")))
    assert words <= {"json"}


# --- where cells and reports are counted


def test_places_and_new_cells_of_an_accepted_report_stand_under_such_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [
        stored(tmp_path / "o.db", {"a.txt": dumped(base())}),
        stored(tmp_path / "n.db", {"a.txt": edited({CELL: {"span": [1, 2]}})}),
    ]
    assert run([*names, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    section = "cells that are new or stand elsewhere, of reports that were accepted or completed: 1"
    assert re.search(rf"{section}\n  a\.txt  {re.escape(CELL)}  place: ", shown)
    assert "of other reports" not in shown


@pytest.mark.parametrize("only", [(), ("b.txt",)])
def test_a_report_copied_over_another_is_counted_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], only: tuple[str, ...]
) -> None:
    results = {"a.txt": dumped(base()), "b.txt": dumped(base("incomplete"))}
    before = str(make_store(tmp_path / "o.db", [("a.txt", b"1"), ("b.txt", b"2")], results=results))
    after = str(
        make_store(
            tmp_path / "n.db", [("a.txt", b"1"), ("b.txt", b"1")], results={"a.txt": dumped(base())}
        )
    )
    for names, counts in (((before, after), (2, 1)), ((after, before), (1, 2))):
        with Store.open(names[0]) as one, Store.open(names[1]) as two:
            difference = diff(one, two, only=only)
            totals = difference.totals()
            assert (totals.old, totals.new) == counts
            assert (totals.matched, totals.again, totals.kinds) == (2, 1, {"text_changed": 1})
            made_by = [sum(count for _, count in side) for side in difference.makers()]
            assert made_by == list(counts)
        run([*names, "--lang", "en"])
        assert "stand at the path of another report: 1" in capsys.readouterr().out
