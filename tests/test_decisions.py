"""Decisions of people: what they may change, what not, and that the same ones give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.batch.store import Store
from extractor.decisions import lines, parse, take
from extractor.errors import InputError, StoreError
from extractor.pipeline import read_source
from extractor.rederive import rederive
from extractor.source import SourceText, decode
from extractor.stored import opened_from
from tests.conftest import command
from tests.here import in_this_process
from tests.reviewed import REMARK, rerun, results, sha, store_of, with_figure
from verify.decisions import Decision, Kind, opinions, standing
from verify.schema import Reason, Result

CELL = "requests.granted.natural_person"
WHEN = "2026-11-28T08:00:00.000Z"


def source(text: str) -> SourceText:
    return decode(text.encode(), "report.txt")


def on(text: str, reason: Reason, kind: Kind, id: int = 1, **more: object) -> Decision:
    made = Decision(
        f"{id:032x}",
        "王芳",
        WHEN,
        kind,
        sha(text),
        code=reason.code,
        rule=reason.rule,
        cells=reason.cells,
        span=reason.span,
        text=reason.actual,
        why="看过原件",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def entered(text: str, value: str, /, **more: object) -> Decision:
    cell = read_source(source(text)).cells[CELL]
    made = Decision(
        "e" * 32,
        "王芳",
        WHEN,
        "enter",
        sha(text),
        cells=(CELL,),
        span=cell.span,
        text=cell.text,
        value=value,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def reason_of(result: Result, code: str) -> Reason:
    return next(reason for reason in result.reasons if reason.code == code)


def follows(result: Result, text: str) -> bool:
    return rederive(opened_from(result.model_dump_json()).stored, source(text)).follows


REMARKED = with_figure(1, "{}" + REMARK)
WRONG = with_figure(1, "{1}")
UNREADABLE = with_figure(1, "{}余")
FIGURE = with_figure(1, "{}")


def figure_of(text: str) -> str:
    return str(read_source(source(text)).cells[CELL].value)


def test_a_remark_that_a_person_calls_harmless_lifts_the_report_and_stays_in_the_result() -> None:
    before = read_source(source(REMARKED))
    assert before.verdict == "unconfirmed"
    remark = reason_of(before, "remark")
    after = read_source(source(REMARKED), decisions=[on(REMARKED, remark, "harmless")])
    assert after.verdict == "accepted"
    assert [one.kind for one in after.decisions] == ["harmless"]
    assert after.cells[CELL].remark == before.cells[CELL].remark
    assert after.cells[CELL].state == "read"
    assert follows(after, REMARKED)


def test_without_decisions_a_result_has_no_key_for_them() -> None:
    assert "decisions" not in json.loads(read_source(source(REMARKED)).model_dump_json())


@pytest.mark.parametrize(
    "change",
    [
        lambda d: replace(d, source="0" * 64),
        lambda d: replace(d, text="（含其他事项）"),
        lambda d: replace(d, span=(d.span[0] + 1, d.span[1] + 1)),
        lambda d: replace(d, cells=("requests.granted.business",)),
    ],
    ids=["other bytes", "other words", "another place", "another cell"],
)
def test_a_decision_on_anything_else_changes_nothing(
    change: Callable[[Decision], Decision],
) -> None:
    before = read_source(source(REMARKED))
    made = change(on(REMARKED, reason_of(before, "remark"), "harmless"))
    assert read_source(source(REMARKED), decisions=[made]) == before


def test_a_wrong_sum_is_never_dismissed_away() -> None:
    before = read_source(source(WRONG))
    assert before.verdict == "inconsistent"
    failed = [reason for reason in before.reasons if reason.code == "identity_failed"]
    made = [on(WRONG, one, kind, n) for n, one in enumerate(failed) for kind in ("dismiss",)]
    after = read_source(source(WRONG), decisions=made)
    assert after.verdict == "inconsistent"
    assert len(after.decisions) == len(failed)
    assert [r.code for r in after.reasons] == [r.code for r in before.reasons]
    assert follows(after, WRONG)


def test_an_entered_figure_completes_and_is_never_called_read() -> None:
    before = read_source(source(UNREADABLE))
    assert before.verdict == "incomplete"
    after = read_source(source(UNREADABLE), decisions=[entered(UNREADABLE, figure_of(FIGURE))])
    cell = after.cells[CELL]
    assert (after.verdict, cell.state) == ("completed", "entered")
    assert str(cell.value) == figure_of(FIGURE)
    assert after.decisions[0].before is not None
    assert after.decisions[0].before.state == "unreadable"
    assert follows(after, UNREADABLE)


def test_a_wrong_entered_figure_accuses_nobody_until_a_person_has_seen_the_sum() -> None:
    made = entered(UNREADABLE, str(int(figure_of(FIGURE)) + 1))
    after = read_source(source(UNREADABLE), decisions=[made])
    assert after.verdict == "unconfirmed"
    assert all(str(group.fault) == "open" for group in after.suspects)
    assert follows(after, UNREADABLE)
    seen = [
        on(UNREADABLE, one, "as_printed", n + 2)
        for n, one in enumerate(after.reasons)
        if one.code == "identity_failed"
    ]
    proven = read_source(source(UNREADABLE), decisions=[made, *seen])
    assert proven.verdict == "inconsistent"
    assert follows(proven, UNREADABLE)


def test_a_figure_that_was_read_is_not_written_over() -> None:
    made = entered(WRONG, figure_of(FIGURE))
    assert read_source(source(WRONG), decisions=[made]) == read_source(source(WRONG))


def test_an_entered_figure_takes_no_place_that_another_cell_has() -> None:
    other = read_source(source(UNREADABLE)).cells["requests.granted.business"]
    made = entered(UNREADABLE, figure_of(FIGURE), span=other.span, text=other.text)
    assert read_source(source(UNREADABLE), decisions=[made]).verdict == "incomplete"


def test_an_entered_figure_of_other_words_than_stand_there_is_not_taken() -> None:
    made = entered(UNREADABLE, figure_of(FIGURE), text="40")
    assert read_source(source(UNREADABLE), decisions=[made]).verdict == "incomplete"
    cell = read_source(source(UNREADABLE)).cells[CELL]
    assert cell.span is not None
    shifted = replace(made, span=(cell.span[0] - 1, cell.span[1] - 1), text="40")
    assert read_source(source(UNREADABLE), decisions=[shifted]).verdict == "incomplete"


@pytest.mark.parametrize("value", ["-1", "1.5", "１", "1,000", "", "一"])
def test_what_is_no_plain_figure_of_the_cell_is_not_entered(value: str) -> None:
    made = entered(UNREADABLE, value)
    assert read_source(source(UNREADABLE), decisions=[made]).verdict == "incomplete"


def test_a_result_with_a_forged_decision_does_not_follow() -> None:
    made = entered(UNREADABLE, figure_of(FIGURE))
    result = json.loads(read_source(source(UNREADABLE), decisions=[made]).model_dump_json())
    result["decisions"][0]["source"] = "0" * 64
    again = rederive(opened_from(json.dumps(result)).stored, source(UNREADABLE))
    assert not again.follows
    assert again.result.verdict not in ("accepted", "completed")


# --- which count


def test_what_is_undone_counts_no_more_and_is_never_erased() -> None:
    made = Decision("1" * 32, "王芳", WHEN, "dismiss", "a" * 64, code="remark", why="x")
    undone = replace(made, id="2" * 32, kind="undo", undoes=made.id, code=None)
    assert standing([made]) == (made,)
    assert standing([made, undone]) == ()
    assert standing([undone, made]) == ()


def test_where_people_differ_nothing_counts() -> None:
    one = Decision("1" * 32, "王芳", WHEN, "harmless", "a" * 64, code="remark")
    other = replace(one, id="2" * 32, who="李雷", kind="uphold")
    assert standing([one, other]) == ()
    assert next(iter(opinions([one, other]).values())).differ
    again = replace(other, id="3" * 32, kind="dismiss", when="2026-11-28T09:00:00.000Z", why="x")
    assert standing([one, other, again]) == (again,)


def test_a_second_opinion_that_was_asked_for_is_waited_for() -> None:
    one = Decision("1" * 32, "王芳", WHEN, "harmless", "a" * 64, code="remark")
    asked = replace(one, id="2" * 32, kind="hand_on", to="*")
    agreed = replace(one, id="3" * 32, who="李雷", when="2026-11-28T09:00:00.000Z")
    assert standing([one, asked]) == ()
    assert standing([one, asked, agreed]) == (agreed,)


# --- in stores and files


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    with in_this_process():
        yield


@pytest.fixture
def store(tmp_path: Path) -> Path:
    reports = {"a.txt": REMARKED, "b.txt": UNREADABLE, "c.txt": with_figure(2, "{}" + REMARK)}
    return store_of(tmp_path, reports)


def decisions_on(store: Path) -> list[Decision]:
    found = []
    for text in (REMARKED, UNREADABLE):
        result = Result.model_validate_json(results(store)[sha(text)])
        if text == REMARKED:
            found.append(on(text, reason_of(result, "remark"), "harmless", scope="words"))
    return [*found, entered(UNREADABLE, figure_of(FIGURE))]


def test_one_decision_on_words_settles_every_report_with_them(store: Path) -> None:
    with Store.open(store, write=True) as opened:
        opened.add_decisions(decisions_on(store)[:1])
    rerun(store)
    verdicts = sorted(json.loads(text)["verdict"] for text in results(store).values())
    assert verdicts == ["accepted", "accepted", "incomplete"]
    before = results(store)
    rerun(store, "all")
    assert results(store) == before


def test_the_same_decisions_on_a_fresh_run_give_the_same_bytes(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    with Store.open(store, write=True) as opened:
        opened.add_decisions(decisions_on(store))
    rerun(store)
    command("decisions")(["export", str(store), "-o", str(file)])
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    again = store_of(
        fresh, {"a.txt": REMARKED, "b.txt": UNREADABLE, "c.txt": with_figure(2, "{}" + REMARK)}
    )
    assert command("decisions")(["import", str(file), str(again), "-q"]) == 0
    rerun(again)
    assert results(again) == results(store)
    exported = tmp_path / "again.jsonl"
    command("decisions")(["export", str(again), "-o", str(exported)])
    assert exported.read_bytes() == file.read_bytes()


def test_a_changed_source_reopens_exactly_its_own(store: Path, tmp_path: Path) -> None:
    with Store.open(store, write=True) as opened:
        decided = decisions_on(store)
        opened.add_decisions([replace(decided[0], scope="place"), decided[1]])
    rerun(store)
    changed = UNREADABLE.replace("目录", "条目")
    assert store_of(tmp_path, {"b.txt": changed}) == store
    found = results(store)
    assert json.loads(found[sha(changed)])["verdict"] == "incomplete"
    assert json.loads(found[sha(REMARKED)])["verdict"] == "accepted"
    assert sha(UNREADABLE) not in found


def test_decisions_for_a_single_report_are_taken_from_a_file(tmp_path: Path) -> None:
    report, file, out = tmp_path / "r.txt", tmp_path / "d.jsonl", tmp_path / "o.json"
    report.write_text(REMARKED, encoding="utf-8", newline="")
    remark = reason_of(read_source(source(REMARKED)), "remark")
    file.write_text("".join(lines([on(REMARKED, remark, "harmless")])), encoding="utf-8")
    from extractor.cli import invoke

    given = [str(report), "--decisions", str(file), "-q", "-o", str(out)]
    assert invoke(given) == 0
    assert json.loads(out.read_bytes())["verdict"] == "accepted"


def test_what_is_imported_is_whole_or_not_at_all(store: Path) -> None:
    good = decisions_on(store)
    foreign = replace(good[1], id="f" * 32, source="0" * 64)
    with Store.open(store, write=True) as opened:
        with pytest.raises(InputError, match="not in"):
            take(opened, [*good, foreign])
        with pytest.raises(InputError, match="not there"):
            take(opened, [replace(good[0], kind="undo", undoes="9" * 32, scope="place")])
        assert list(opened.decisions()) == []
        assert take(opened, [*good, foreign], known=True) == (2, 0, 1)
        assert take(opened, good) == (0, 2, 0)
        with pytest.raises(StoreError, match="another decision"):
            take(opened, [replace(good[0], why="anders")])
        assert [one for _, one in opened.decisions()] == good


LINE = next(iter(lines([entered(UNREADABLE, "5")])))


@pytest.mark.parametrize(
    "data",
    [
        b"{}\n",
        b"[]\n",
        b"\xff\xfe\n",
        b'{"id": ' + b"[" * 5000 + b"\n",
        LINE.replace('"enter"', '"approve"').encode(),
        LINE.replace('"who":"王芳"', '"who":""').encode(),
        LINE.replace('"5"', "5").encode(),
        LINE.replace("}\n", ',"more":1}\n').encode(),
        b"{}\n" * 100_001,
        LINE.encode() + LINE.replace('"5"', '"6"').encode(),
        b"x" * 70_000,
    ],
    ids=lambda data: str(data[:12]),
)
def test_a_wrong_line_is_named_and_nothing_is_taken(data: bytes) -> None:
    with pytest.raises(InputError, match=r"nothing was taken|import it in parts"):
        parse(data, "file")
