"""What a report says plainly to a person is not read as something else, and passed.

Each case of ``tests/data/rows/misread.toml`` is a right report with an edit after which some cell prints no
figure, or another one. The report may then be refused or read rightly; it may not pass with that cell wrong.
What the edit leaves alone is still read.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from extractor.pipeline import work
from tests.conftest import FORMS
from tests.each import each, rows
from tests.garbler.judge import PASSING
from verify import Verified

ROWS = rows(__file__)
SEPARATORS = {"blanks": " ", "tabs": "\t", "lines": "\n"}
HEADINGS = {"proactive": "二、主动公开", "requests": "三、收到", "proceedings": "四、政府信息公开"}
END = "\n五、存在的主要问题"
Truth = Mapping[str, Decimal | None]


@cache
def printed(form: str = "2021") -> str:
    """The right report of a form."""
    return (Path(__file__).parent / "data" / "misread" / f"{form}.txt").read_text("utf-8")


@cache
def truth_of(form: str) -> Truth:
    given = {**ROWS["figures"], **ROWS[f"figures_{form}"]}
    found: dict[str, Decimal | None] = {}
    for name in FORMS[form][0]:
        row = name.rpartition(".")[0]
        at = sum(other.startswith(f"{row}.") for other in found)
        found[name] = Decimal(given.get(row, [0] * 7)[at])
    return found


def tables(text: str) -> dict[str, str]:
    """What stands below the heading of each table."""
    starts = [text.index(heading) for heading in HEADINGS.values()] + [text.index(END)]
    bodies = (text[a:b].partition("\n")[2] for a, b in itertools.pairwise(starts))
    return dict(zip(HEADINGS, bodies, strict=True))


def edited(case: Mapping[str, Any]) -> str:
    """The text of a case."""
    text = printed(case.get("form", "2021")).replace(" ", SEPARATORS[case.get("style", "blanks")])
    words = tables(text) | {f"other_{name}": body for name, body in ROWS["other"].items()}
    for old, new in case.get("edits") or [(case["old"], case["new"])]:
        for name, body in words.items():
            old, new = (edit.replace("{" + name + "}", body) for edit in (old, new))  # noqa: PLW2901
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def values_of(outcome: Verified) -> dict[str, object]:
    """The figure of each cell that was read or follows; in a rejected report the one that was tried."""
    return {
        name: cell.value if cell.tentative is None else cell.tentative
        for name, cell in outcome.cells.items()
        if cell.state in ("read", "deduced")
    }


def wrong(outcome: Verified, truth: Truth) -> dict[str, object]:
    found = values_of(outcome)
    passes = outcome.verdict in PASSING
    return {name: value for name, value in found.items() if passes and value != truth.get(name)}


def cases() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for group in ROWS["group"]:
        for case in group["case"]:
            yield group["holds"], {"reads": group.get("reads"), **case}


def holds(case: Mapping[str, Any], text: str) -> None:
    """The text of a case does not pass with a wrong cell, and what it leaves alone is read."""
    truth = dict(truth_of(case.get("form", "2021")))
    truth.update(
        (n, None) for n in truth for gone in case.get("gone", ()) if f"{n}.".startswith(f"{gone}.")
    )
    truth.update((name, Decimal(figure)) for name, figure in case.get("truth", {}).items())
    outcome = work(text)
    assert wrong(outcome, truth) == {}, outcome.verdict
    left = {name: truth[name] for name in truth if name.startswith(tuple(case["reads"]))}
    found = values_of(outcome)
    assert {name: found.get(name) for name in left} == left


@pytest.mark.parametrize("style", SEPARATORS)
@pytest.mark.parametrize("form", ["2021", "2019"])
def test_the_report_itself_is_read_in_every_style(form: str, style: str) -> None:
    outcome = work(printed(form).replace(" ", SEPARATORS[style]))
    assert (outcome.verdict, values_of(outcome)) == ("accepted", truth_of(form))


@each(
    ("claim", "case"), cases(), ids=lambda told: told if isinstance(told, str) else str(told)[:200]
)
def test_what_is_printed_otherwise_is_not_read_in_silence(
    claim: str, case: Mapping[str, Any]
) -> None:
    assert claim
    holds(case, edited(case))


@each(
    ("years", "style"),
    [
        (("上年", "本年"), "blanks"),
        (("上年", "本年"), "tabs"),
        (("上年", "本年"), "lines"),
        (("去年", "今年"), "blanks"),
        (("上期", "本期"), "tabs"),
        (("（上年）", "（本年）"), "lines"),
    ],
)
def test_a_row_of_last_year_above_each_row_is_not_this_years(
    years: tuple[str, str], style: str
) -> None:
    body = tables(printed())["requests"]
    both = re.sub(r"(?m)^(.*?) ([0-9 ]+)$", rf"\1 {years[0]} 0 0 0 0 0 0 0\n{years[1]} \2", body)
    assert both.count("\n") == body.count("\n") + 25
    text = printed().replace(body, both).replace(" ", SEPARATORS[style])
    holds({"reads": ["proactive", "proceedings"]}, text)


def test_a_traditional_header_says_the_order_of_its_columns() -> None:
    header = "自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n"
    other = "自然人 法人或其他組織 總計\n商業企業 科研機構 法律服務機構 社會公益組織 其他\n"
    assert header in printed()
    turned = re.sub(
        r"(?m)(申请数量|以公开|相关政府信息|总计) (\d \d \d) (\d) (\d) (\d \d+)$",
        r"\1 \2 \4 \3 \5",
        printed(),
    )
    outcome = work(turned.replace(header, other))
    assert (outcome.verdict, values_of(outcome)) == ("accepted", truth_of("2021"))


# --- more than one report -------------------------------------------------------------------------


@each(
    ("head", "lost"),
    [
        ("一、总体情况\n青岚市财政局按月更新栏目。\n", "proactive"),
        ("青岚市财政局\n一、总体情况\n按月更新栏目。\n", "requests"),
        ("青岚市财政局2022年报告\n一、总体情况\n按月更新栏目。\n", "proceedings"),
    ],
)
def test_figures_of_an_untitled_report_are_not_those_of_a_titled_one(head: str, lost: str) -> None:
    text, bodies = printed(), tables(printed())
    first = head + text[text.index(HEADINGS["proactive"]) :]
    for name, body in bodies.items():
        first = first.replace(body, ROWS["other"][name])
    outcome = work(first + text.replace(bodies[lost], "这一年没有。\n"))
    truth = {n: None if n.startswith(lost) else figure for n, figure in truth_of("2021").items()}
    assert (outcome.year, outcome.agency) == (None, None) or wrong(outcome, truth) == {}


# --- whose report, of which year ------------------------------------------------------------------

YEAR, AGENCY = 2022, "青岚市商务局"
LINK = "相关链接\n{}2019年政府信息公开工作年度报告\n"


@each(
    ("head", "end", "year", "agencies"),
    [
        ("", LINK.format(AGENCY), None, (None,)),
        ("", LINK.format("青岚市财政局"), None, (None,)),
        (
            "首页 > 政府信息公开\n2022年政府信息公开工作年度报告\n青岚市商务局\n",
            "",
            YEAR,
            (None, AGENCY),
        ),
        (
            "索引号 A01\n发布日期 2023-01-20\n2022年政府信息公开工作年度报告\n青岚市商务局\n",
            "",
            YEAR,
            (None, AGENCY),
        ),
        ("青岚市商务局二〇二二年政府信息公开工作年度报告\n", "", YEAR, (AGENCY,)),
        ("青岚市商务局二零二二年度政府信息公开工作年度报告\n", "", YEAR, (AGENCY,)),
    ],
)
def test_year_and_agency_are_told_by_the_title_alone(
    head: str, end: str, year: int | None, agencies: tuple[str | None, ...]
) -> None:
    outcome = work(head + printed()[printed().index("一、总体") :] + end)
    assert (outcome.verdict, values_of(outcome)) == ("accepted", truth_of("2021"))
    assert outcome.year == year
    assert outcome.agency in agencies


# --- work -----------------------------------------------------------------------------------------

MOST_CALLS = 200_000


def test_glued_digits_are_cut_in_a_bounded_number_of_steps() -> None:
    """Thirty equal digits have very many cuts and few that add up."""
    row = "一、本年新收政府信息公开申请数量 "
    text = printed().replace(row + "5 3 1 2 4 0 15", row + "1" * 30)
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"
        if calls > MOST_CALLS:
            pytest.fail("the cuts are tried without bound")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        outcome = work(text)
    finally:
        sys.setprofile(before)
    assert calls > 0
    assert outcome.verdict not in PASSING
