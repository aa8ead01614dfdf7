"""Hard layouts: a true reading of them is read in full, and no wrong one passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import pytest

from extractor.readers import builtin
from tests.each import each, rows
from tests.garbler.judge import PASSING
from tests.hard import HARD, HardReport
from tests.hard.attack import attack
from tests.hard.cases import garbled_case, hard_case, trap_case, wrong_cells
from tests.hard.draft import SPACES, TABS, Draft
from verify import BLANK, MISSING, Verified, lay_out, verify
from verify.forms import Row, compose
from verify.reading import Place, Reading
from verify.rewording import affinity, rewords

_PROSE = (
    "这一年里，本单位修订了公开指南，理顺了受理、转办、答复、归档各个环节的衔接，并邀请群众代表到场"
    "观摩，听取他们对栏目设置和文字表述的意见，逐条研究、逐条回复，取得了比较好的效果。"
)


def codes(outcome: Verified) -> set[str]:
    return {finding.code for finding in outcome.findings}


def errors(outcome: Verified) -> list[str]:
    return [f.message("en") for f in outcome.findings if f.level == "error"]


def open_codes(outcome: Verified) -> set[str]:
    """The codes of everything that stands against a report."""
    return {f.code for f in outcome.findings if f.level == "error"}


def remarks(outcome: Verified) -> set[str | None]:
    return {f.actual for f in outcome.findings if f.code == "remark"}


WORDS = {"remark", "label_reworded", "header_unread"}
"""What only words give a person to look at."""


def is_read_but_for_words(report: HardReport, outcome: Verified) -> bool:
    """Whether every figure is read where it stands, and only words are left to look at."""
    return (
        outcome.verdict == "unconfirmed"
        and "remark" in open_codes(outcome)
        and open_codes(outcome) <= WORDS
        and all(
            (cell.state, cell.value, cell.span)
            == ("read", report.figures[name], report.truth[name])
            for name, cell in outcome.cells.items()
        )
    )


# --- the hard reports -----------------------------------------------------------------------------


READ_BY_CODE = {"reordered_and_wrong"}
"""What the builtin reader has learnt since."""


@pytest.mark.parametrize("name", HARD)
def test_the_builtin_reader_does_not_bring_it_to_the_right_verdict(name: str) -> None:
    report = HARD[name]
    layout = lay_out(report.text)
    outcome = verify(layout, builtin.read(layout))
    if name in READ_BY_CODE:
        assert outcome.verdict == report.verdict
    else:
        assert outcome.verdict not in {report.verdict, *PASSING}


@pytest.mark.parametrize("name", HARD)
def test_the_true_reading_is_brought_to_the_right_verdict_with_every_value(name: str) -> None:
    report = HARD[name]
    outcome = verify(report.text, report.reading())
    assert outcome.verdict == report.verdict, errors(outcome)
    if report.verdict == "unconfirmed":
        assert "remark" in open_codes(outcome), errors(outcome)
        assert open_codes(outcome) <= WORDS, errors(outcome)
    for cell, told in report.truth.items():
        found = outcome.cells[cell]
        if told == "blank" and report.verdict == "unconfirmed":
            assert (found.state, found.value, found.derived) == (
                "blank",
                None,
                report.figures[cell],
            )
            continue
        assert found.value == report.figures[cell], cell
        assert found.state == ("deduced" if told == "blank" else "read")
        if isinstance(told, tuple):
            assert (found.span, found.text) == (told, report.text[slice(*told)])


@pytest.mark.parametrize("name", HARD)
def test_a_label_in_other_words_is_always_one_that_a_person_looks_at(name: str) -> None:
    report = HARD[name]
    outcome = verify(report.text, report.reading())
    said = {cell for f in outcome.findings if f.code == "remark" for cell in f.cells}
    reworded = {c for f in outcome.findings if f.code == "label_reworded" for c in f.cells}
    assert reworded <= said


def test_every_class_of_hard_layout_is_there() -> None:
    verdicts = [report.verdict for report in HARD.values()]
    assert len(HARD) >= 10
    assert {"accepted", "completed", "inconsistent", "unconfirmed"} == set(verdicts)
    assert {report.form.id for report in HARD.values()} == {"2021", "2019", "hybrid"}


# --- wrong readings -------------------------------------------------------------------------------


@pytest.mark.hostile
@pytest.mark.parametrize("name", HARD)
def test_no_wrong_reading_of_a_hard_report_passes(name: str) -> None:
    case = hard_case(name)
    silent = [(label, wrong) for label, wrong, _ in attack(case, Random(name), 30) if wrong]
    assert silent == []


@pytest.mark.hostile
@pytest.mark.parametrize("block", range(400_000, 400_300, 60))
def test_no_wrong_reading_of_a_garbled_report_passes(block: int) -> None:
    for seed in range(block, block + 60):
        case = garbled_case(seed)
        if case is not None:
            silent = [(label, wrong) for label, wrong, _ in attack(case, Random(seed), 2) if wrong]
            assert silent == [], seed


@pytest.mark.hostile
@pytest.mark.parametrize("block", range(0, 120, 40))
def test_no_reading_of_a_trap_passes_with_a_wrong_value(block: int) -> None:
    for seed in range(block, block + 40):
        case = trap_case(seed)
        assert wrong_cells(case, verify(case.layout, case.reading)) == []
        silent = [(label, wrong) for label, wrong, _ in attack(case, Random(seed), 5) if wrong]
        assert silent == [], seed


@pytest.mark.parametrize("seed", range(4))
def test_a_row_that_breaks_a_sum_cannot_be_called_lost_under_other_words(seed: int) -> None:
    row = Random(seed).choice(ROWS[2:-3]).id
    report = written({row: "其他渠道的事"}, seed=seed, off=row)
    assert verify(report.text, report.reading()).verdict in (
        "inconsistent",
        "unconfirmed",
        "rejected",
    )
    for lost in (MISSING, BLANK):
        places = {
            n: lost if n.split(".")[1] == row else p for n, p in report.reading().places.items()
        }
        assert verify(report.text, Reading(report.form, places)).verdict not in PASSING


# --- reworded labels ------------------------------------------------------------------------------


def printed(seed: int, scale: str, table: Callable[[Draft], None]) -> HardReport:
    """A plain report of form 2021 whose table 三 is written below its heading as is said."""
    d = Draft("2021+2021", scale, seed)
    d.opening("平江县教育局", 2021, "本局各项工作平稳。")
    d.proactive(TABS)
    d.heading("requests")
    table(d)
    d.proceedings(TABS)
    d.closing("无。")
    return d.done("accepted", "")


def written(
    words: Mapping[str, str],
    *,
    scale: str = "medium",
    seed: int = 31,
    order: list[Row] | None = None,
    blank: Mapping[str, str] | None = None,
    off: str = "",
) -> HardReport:
    """One with partly other words for labels, with marks for cells, with a row that is off by 2."""

    def table(d: Draft) -> None:
        d.blank.update(blank or {})
        for column in ("natural_person", "total") if off else ():
            d.figures[f"requests.{off}.{column}"] += 2
        d.request_headers(TABS)
        d.requests(TABS, words, order)

    return printed(seed, scale, table)


ROWS = list(compose("2021", "2021").table("requests").rows)
AT = {row.id: i for i, row in enumerate(ROWS)}
PAIR = {"unprocessed_petition": "投诉举报件", "unprocessed_publication": "对外出版的书刊"}


def test_reworded_labels_are_read_and_said_with_their_words() -> None:
    report = written(PAIR)
    outcome = verify(report.text, report.reading())
    assert is_read_but_for_words(report, outcome), errors(outcome)
    assert remarks(outcome) == {"投诉举报件", "对外出版的书刊"}
    said = {
        f.cells[0].split(".")[1]: (f.actual, f.expected)
        for f in outcome.findings
        if f.code == "label_reworded"
    }
    assert said == {
        "unprocessed_petition": ("投诉举报件", "信访举报投诉类申请"),
        "unprocessed_publication": ("对外出版书刊", "要求提供公开出版物"),
    }


def exchanged(report: HardReport, one: str, two: str) -> Reading:
    """A reading that gives two rows of table 三 each other's figures."""
    reading = report.reading()
    places: dict[str, Place] = dict(reading.places)
    for column in (c.id for c in ROWS[0].columns):
        a, b = f"requests.{one}.{column}", f"requests.{two}.{column}"
        places[a], places[b] = places[b], places[a]
    return Reading(reading.form, places)


@pytest.mark.parametrize("scale", ["zero", "medium"])
def test_reworded_rows_printed_in_each_others_place_are_refused(scale: str) -> None:
    order = list(ROWS)
    a, b = AT["denied_third_party_rights"], AT["denied_internal_affairs"]
    order[a], order[b] = order[b], order[a]
    words = {"denied_third_party_rights": "损害他人权益", "denied_internal_affairs": "内部运转"}
    report = written(words, order=order, scale=scale)
    plain = exchanged(report, "denied_third_party_rights", "denied_internal_affairs")
    for reading in (report.reading(), plain):
        assert verify(report.text, reading).verdict == "rejected"


def test_words_that_name_another_row_are_refused() -> None:
    report = written({"unprocessed_repeated": "投诉举报件"})
    outcome = verify(report.text, report.reading())
    assert outcome.verdict == "rejected" or is_read_but_for_words(report, outcome)
    both = written({"unprocessed_petition": "其他渠道的事", "unprocessed_repeated": "投诉举报件"})
    assert "wrong_label" in codes(verify(both.text, both.reading()))


def test_one_row_of_foreign_words_is_read_only_where_the_identities_leave_its_figures() -> None:
    one = written({"unprocessed_repeated": "其他渠道的事"})
    outcome = verify(one.text, one.reading())
    assert is_read_but_for_words(one, outcome), errors(outcome)
    assert "label_reworded" in codes(outcome)
    two = written({"unprocessed_repeated": "其他渠道的事", "granted": "已经办好的事"})
    assert "wrong_label" in codes(verify(two.text, two.reading()))
    ends = written({"unprocessed_repeated": "其他渠道的事", "new_received": "收件总数统计"})
    assert is_read_but_for_words(ends, verify(ends.text, ends.reading()))


def test_a_local_row_never_takes_the_place_of_a_lost_one() -> None:
    for label in ("其中：网络办理", "涉及征地拆迁的", "备注", "投诉举报件"):
        for figures in ("0\t0\t0\t0\t0\t0\t0", "1\t0\t0\t0\t0\t0\t1", "2\t1\t0\t0\t0\t0\t3"):
            report = written({})
            row = compose("2021", "2021").table("requests").cells(ROWS[AT["unprocessed_petition"]])
            printed = "\t".join(str(report.figures[name]) for name in row)
            assert printed != figures
            line = f"1.信访举报投诉类申请\t{printed}\n"
            assert line in report.text
            text = report.text.replace(line, f"{label}\t{figures}\n".ljust(len(line)))
            outcome = verify(text, builtin.read(lay_out(text)))
            if outcome.verdict in PASSING:
                assert all(cell.value == report.figures[n] for n, cell in outcome.cells.items())
            places = dict(report.reading().places)
            at = text.index(figures, text.index(label))
            for name, figure in zip(row, figures.split("\t"), strict=True):
                places[name] = Place("span", (at, at + len(figure)))
                at += len(figure) + 1
            assert verify(text, Reading(report.form, places)).verdict not in PASSING


def test_a_reworded_label_counts_for_nothing_while_an_identity_of_its_row_is_open() -> None:
    blank = {"requests.granted.business": "/"}
    report = written(PAIR, blank=blank)
    assert verify(report.text, report.reading()).verdict == "rejected"
    plain = written({}, blank=blank)
    assert verify(plain.text, plain.reading()).verdict == "completed"


@pytest.mark.parametrize("label", ["行政检查", "备案", "小计", "地方性收费许可事项"])
def test_a_row_of_table_two_is_never_told_by_other_words(label: str) -> None:
    report = written({})
    text = report.text.replace("\n行政强制\t", f"\n{label}\t", 1)
    shift = len(text) - len(report.text)
    at = report.text.index("\n行政强制\t") + 1
    places = {
        name: place
        if place.span is None or place.span[0] < at
        else Place(place.where, (place.span[0] + shift, place.span[1] + shift))
        for name, place in report.reading().places.items()
    }
    outcome = verify(text, Reading(report.form, places))
    assert outcome.verdict == "rejected", errors(outcome)


@each("words", rows(__file__)["local"])
def test_words_of_local_rows_name_no_row(words: str) -> None:
    table = compose("2021", "2021").table("requests")
    assert not [row.id for row in table.rows if rewords(words, table, row.id, ())]
    assert max(affinity(words, table.id, row.id)[0] for row in table.rows) < 1


# --- columns first --------------------------------------------------------------------------------


def column_report(
    headers: list[str] | None = None, *, labels: bool = True, drop: int = 0
) -> HardReport:
    """One whose table 三 is printed column by column."""

    def table(d: Draft) -> None:
        for row in ROWS if labels else ():
            d.say(*(label + "\n" for label in d.labels(row, {})))
        for at, column in enumerate(ROWS[0].columns):
            d.say((headers or [c.label for c in ROWS[0].columns])[at], "\n")
            d.line(SPACES, [], [f"requests.{row.id}.{column.id}" for row in ROWS][drop:])

    return printed(41, "zero", table)


def test_columns_first_is_read_only_by_columns() -> None:
    report = column_report()
    reading = report.reading()
    assert verify(report.text, reading).verdict == "accepted"
    spans = sorted(p.span for n, p in reading.places.items() if n.startswith("requests") and p.span)
    names = [n for n in reading.places if n.startswith("requests")]
    rows = {**reading.places, **{n: Place("span", s) for n, s in zip(names, spans, strict=True)}}
    outcome = verify(report.text, Reading(report.form, rows))
    assert "misplaced" in codes(outcome)
    assert outcome.verdict == "rejected"


@pytest.mark.parametrize(
    "headers",
    [
        ["自然人", "商业企业", "商业企业", "社会公益组织", "法律服务机构", "其他", "总计"],
        ["自然人", "企业单位", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"],
        ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "三年合计数"],
    ],
)
def test_columns_first_needs_every_header_verbatim_and_different(headers: list[str]) -> None:
    report = column_report(headers)
    assert verify(report.text, report.reading()).verdict not in PASSING


def test_columns_first_needs_the_row_labels_and_all_figures() -> None:
    for report in (column_report(labels=False), column_report(drop=1)):
        assert verify(report.text, report.reading()).verdict not in PASSING


# --- parts of a table -----------------------------------------------------------------------------


def in_parts(*between: str, at: int = 12) -> HardReport:
    """One whose table 三 is cut in two by some text."""

    def table(d: Draft) -> None:
        d.request_headers(TABS)
        d.requests(TABS, {}, ROWS[:at])
        d.say(*between)
        d.requests(TABS, {}, ROWS[at:])

    return printed(51, "medium", table)


@pytest.mark.parametrize("at", [3, 12, 23, 24])
def test_a_table_cut_by_prose_is_one_table(at: int) -> None:
    report = in_parts("\n", _PROSE, "\n\n", at=at)
    layout = lay_out(report.text)
    assert [zone.table for zone in layout.zones] == ["proactive", "requests", "proceedings"]
    for reading in (report.reading(), builtin.read(layout)):
        outcome = verify(layout, reading)
        assert outcome.verdict == "accepted", errors(outcome)


@pytest.mark.parametrize(
    "between",
    [
        "平江县教育局2020年政府信息公开工作年度报告\n",
        "平江县水务局2021年政府信息公开工作年度报告\n",
        "一、总体情况\n",
    ],
)
def test_parts_of_two_reports_are_never_joined(between: str) -> None:
    report = in_parts(f"\n{_PROSE}\n{between}\n{_PROSE}\n")
    layout = lay_out(report.text)
    assert len([zone for zone in layout.zones if zone.table == "requests"]) == 2
    for reading in (report.reading(), builtin.read(layout)):
        assert verify(layout, reading).verdict not in PASSING


def test_two_copies_stay_copies_though_prose_stands_between() -> None:
    def table(d: Draft) -> None:
        d.request_headers(TABS)
        d.requests(TABS, {})
        first = "".join(d.parts).partition("三、")[2]
        d.say("\n", _PROSE, "\n\n", first.partition("\n")[2])

    report = printed(52, "medium", table)
    layout = lay_out(report.text)
    assert len([zone for zone in layout.zones if zone.table == "requests"]) == 2
    assert "copy_unread" in codes(verify(layout, report.reading()))
    assert (
        verify(layout, builtin.read(layout)).verdict == "unconfirmed"
    )  # prose under a table is a note


def test_a_sentence_far_from_the_table_never_fills_a_lost_row() -> None:
    report = written({})
    lost = next(line for line in report.text.split("\n") if line.startswith("（二）部分公开"))
    text = report.text.replace(lost + "\n", "")
    text += f"\n{_PROSE}\n部分公开 3 0 0 0 0 0 件\n本年度部分公开0件，其中网上公开0件。\n"
    reading = builtin.read(lay_out(text))
    for name, place in reading.places.items():
        if name.startswith("requests.partially_granted."):
            assert place.span is None
