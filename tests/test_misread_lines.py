"""Damages that once were read wrong in silence: each must now be left open, or be read as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extractor.pipeline import work
from tests.each import each, rows

ROWS = rows(__file__)

REPORT = (Path(__file__).parent / "data" / "misread" / "lines.txt").read_text("utf-8")
TITLE, TWO, THREE, FOUR, END = re.split("(?=^[二三四五]、.*情况$)", REPORT, flags=re.MULTILINE)


def passes(text: str) -> bool:
    return work(text).verdict in ("accepted", "completed")


def test_the_report_itself_is_accepted() -> None:
    assert work(REPORT).verdict == "accepted"


@each(
    ("old", "new"),
    ROWS["what_the_source_does_not_settle_is_left_open"],
)
def test_what_the_source_does_not_settle_is_left_open(old: str, new: str) -> None:
    assert old in REPORT
    assert not passes(REPORT.replace(old, new))


@pytest.mark.parametrize("words", ["见附件2", "详见附表 2", "全市 2"])
def test_words_before_a_figure_say_whose_it_is_where_labels_come_after(words: str) -> None:
    lines = TWO.split("\n")
    after = "\n".join(
        f"{figures.replace(chr(9), ' ')}\n{label}" if figures[:1].isdigit() else line
        for line in lines
        for label, _, figures in [line.partition("\t")]
    )
    report = TITLE + after + THREE + FOUR + END
    assert passes(report)
    assert not passes(report.replace("12\n行政处罚", f"{words}\n行政处罚"))


def test_another_office_s_table_under_its_name_is_not_the_report_s() -> None:
    lacking = TITLE + "二、主动公开政府信息情况\n见网站。\n" + THREE + FOUR + END
    assert not passes(lacking + "云岭市财政局2022年度主动公开情况\n" + TWO)


def test_a_report_without_a_title_before_one_with_it_leaves_open_which_is_meant() -> None:
    assert not passes(
        "一、总体情况\n照常。\n" + TWO.replace("397", "418") + THREE + FOUR + END + REPORT
    )


@each(
    ("title", "agency", "year"),
    [
        ("云岭市财政局\n云岭市商务局政府信息公开工作年度报告", "云岭市商务局", None),
        ("首页 政务公开 部门\n云岭市商务局政府信息公开工作年度报告", "云岭市商务局", None),
        ("云岭市商务局2023年政府信息公开工作年度报告（2022年度数据）", "云岭市商务局", None),
        ("根据要求编制云岭市商务局2022年政府信息公开工作年度报告", "云岭市商务局", 2022),
        ("关于报送2022年度政府信息公开工作年度报告的报告", None, 2022),
        (
            "云岭市人民政府2022年政府信息公开工作年度报告\n云岭市商务局2022年政府信息公开工作年度报告",
            None,
            2022,
        ),
        ("云岭市商务局二O二二年政府信息公开工作年度报告", "云岭市商务局", 2022),
        (
            "中共云岭市委机构编制委员会办公室2022年政府信息公开工作年度报告",
            "中共云岭市委机构编制委员会办公室",
            2022,
        ),
        (
            "关于报送云岭市机构编制委员会办公室2022年政府信息公开工作年度报告",
            "云岭市机构编制委员会办公室",
            2022,
        ),
        ("云岭市人民政府门户网站\n2022年政府信息公开工作年度报告", None, 2022),
    ],
)
def test_whose_report_it_is_is_told_by_its_title_or_not_at_all(
    title: str, agency: str | None, year: int | None
) -> None:
    found = work(REPORT.replace(TITLE.split("\n", 1)[0], title))
    assert (found.agency, found.year) == (agency, year)
