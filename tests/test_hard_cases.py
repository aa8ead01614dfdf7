"""The hard cases that the contract decides, one edit each on a report whose figures are known."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from extractor.readers import builtin
from tests.conftest import APPLICANTS
from tests.each import each, rows_of
from tests.garbler import garble
from tests.garbler.product import run
from verify import Place, lay_out, verify

told = rows_of(__file__)
Json = dict[str, Any]
REPORT = garble(
    7, variant="2021+2021", scale="medium", layout="tabs_dense", shape="standard", damages=()
)
TRUTH = {name: expected.value for name, expected in REPORT.expected.items()}
ROW = "30\t2\t2\t3\t2\t0\t39"
ZEROS = "0\t0\t0\t0\t0\t0\t0"
GRANTED = "（一）予以公开\t" + ROW


def edited(*changes: tuple[str, str]) -> str:
    text = REPORT.text
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def codes(result: Json) -> set[str]:
    return {reason["code"] for reason in result["reasons"]}


def row(result: Json, name: str) -> list[Json]:
    return [result["cells"][f"requests.{name}.{column}"] for column in APPLICANTS]


def values_are_true(result: Json) -> bool:
    return all(
        str(cell["value"]) == str(TRUTH[name])
        for name, cell in result["cells"].items()
        if cell["value"] is not None
    )


@pytest.mark.parametrize("printed", ["行政许可 397 418", "行政许可\t397\t418", "行政许可 397\t418"])
def test_two_figures_beside_a_label_are_not_one(printed: str) -> None:
    result = run(edited(("行政许可\t7", printed)))
    assert result["verdict"] not in ("accepted", "completed")
    assert result["cells"]["proactive.licensing.decisions"]["value"] is None


def test_figures_with_a_blank_alone_in_their_cell_are_one() -> None:
    result = run(edited(("行政许可\t7", "行政许可\t1 2")))
    assert result["verdict"] == "accepted"
    assert result["cells"]["proactive.licensing.decisions"]["value"] == 12


def test_the_report_itself_is_accepted() -> None:
    result = run(REPORT.text)
    assert result["verdict"] == "accepted"
    assert values_are_true(result)


@told
def test_odd_spellings_are_read_and_said(printed: str, spelling: str) -> None:
    result = run(edited((ROW, printed)))
    assert result["verdict"] == "accepted"
    assert values_are_true(result)
    said = [r for r in result["reasons"] if r["code"] == "spelled_oddly"]
    assert [r["by"] for r in said] == [spelling]


@each("mark", ["/", "-", "—", "无", "——"])
def test_a_mark_is_a_blank_and_its_figure_follows(mark: str) -> None:
    result = run(edited((ROW, f"30\t2\t2\t3\t2\t{mark}\t39")))
    assert result["verdict"] == "completed"
    cell = row(result, "granted")[5]
    assert (cell["state"], cell["was"], cell["text"], cell["value"]) == (
        "deduced",
        "blank",
        mark,
        0,
    )
    assert cell["proof"]


@pytest.mark.parametrize("figure", ["3", "4"], ids=["as_it_would_balance", "corrupt"])
def test_two_digits_in_two_cells_are_two_figures_and_are_not_deduced_away(figure: str) -> None:
    result = run(edited((ROW, f"3\t0\t2\t2\t{figure}\t2\t0\t39")))
    assert result["verdict"] == "incomplete"
    assert "deduction_contradicted" in codes(result)
    assert {(cell["state"], cell["value"]) for cell in row(result, "granted")} == {
        ("unreadable", None)
    }


@each("why", [None, "placement_ambiguous", "row_ambiguous", "merged_cell"])
def test_a_doubt_of_a_whole_row_hides_no_quantity_in_it(why: str | None) -> None:
    """Nothing is derived against 约30, whatever a reader calls the row in which it stands."""
    text = edited((ROW, ROW.replace("30", "约30", 1)))
    layout = lay_out(text)
    reading = builtin.read(layout)
    at = text.index("约30")
    doubted = {
        f"requests.granted.{column}": Place("doubt", (at, at + len(ROW) + 1), why)
        for column in APPLICANTS
    }
    outcome = verify(layout, replace(reading, places={**reading.places, **doubted}))
    assert outcome.verdict not in ("accepted", "completed")
    assert {outcome.cells[name].value for name in doubted} == {None}


def test_twenty_five_blanks_are_completed_and_twenty_six_are_not() -> None:
    zero_rows = re.findall(r"[^\t\n]+\t" + ZEROS, REPORT.text)
    few = [(line, line.replace(ZEROS, "/\t/\t/\t/\t/\t/\t/")) for line in zero_rows[:3]]
    four = (zero_rows[3], zero_rows[3].replace(ZEROS, "/\t/\t/\t/\t0\t0\t0"))
    five = (zero_rows[3], zero_rows[3].replace(ZEROS, "/\t/\t/\t/\t/\t0\t0"))
    assert run(edited(*few, four))["verdict"] == "completed"
    assert run(edited(*few, five))["verdict"] == "incomplete"


def test_blanks_that_no_figures_can_fill_are_inconsistent() -> None:
    result = run(edited((ROW, "/\t2\t2\t3\t2\t0\t8")))
    assert result["verdict"] == "inconsistent"


@each("line", ["- 12 -", "第12页", "第 12 页 共 30 页", "12/30", "５页"])
def test_page_numbers_between_rows_are_explained(line: str) -> None:
    result = run(edited((GRANTED + "\n", f"{GRANTED}\n\n{line}\n\n")))
    assert result["verdict"] == "accepted"


def test_figures_that_nothing_explains_are_not_swallowed() -> None:
    result = run(edited((GRANTED + "\n", GRANTED + "\n47\t61\t13\n")))
    assert result["verdict"] == "rejected"
    assert "figure_left_over" in codes(result)


def test_rows_in_another_order_are_read_by_their_labels() -> None:
    one = next(line for line in REPORT.text.split("\n") if line.startswith("2.其他法律"))
    two = next(line for line in REPORT.text.split("\n") if line.startswith("4.保护第三方"))
    result = run(edited((one, "@"), (two, one), ("@", two)))
    assert result["verdict"] == "accepted"
    assert values_are_true(result)


def test_columns_in_another_order_are_read_by_their_headers() -> None:
    text = edited(
        ("自然人\t法人或其他组织\t总计\n商业企业\t科研机构", "自然人\t科研机构\t商业企业")
    )
    text = text.replace(
        "商业企业\t社会公益组织\t法律服务机构\t其他\n",
        "商业企业\t社会公益组织\t法律服务机构\t其他\t总计\n",
        1,
    )
    result = run(text)
    assert result["cells"]["requests.granted.research"]["value"] == 2
    assert result["cells"]["requests.new_received.research"]["value"] == 14
    assert result["cells"]["requests.new_received.business"]["value"] == 16


def test_prose_with_figures_between_heading_and_table_fills_no_cell() -> None:
    prose = "2021年，本单位共收到申请4件，其中自然人3件、商业企业1件，予以公开2件。\n"
    result = run(edited(("（本列数据", prose + "（本列数据")))
    assert result["verdict"] == "accepted"
    assert values_are_true(result)


def test_another_agencys_table_never_fills_a_lost_one() -> None:
    other = garble(9, variant="2021+2021", scale="medium", layout="tabs_dense", damages=())
    start = REPORT.text.index("\n四、")
    end = REPORT.text.index("\n五、")
    text = REPORT.text[:start] + REPORT.text[end:]
    four = other.text[other.text.index("\n四、") : other.text.index("\n五、")]
    for title in ("别处县财政局2021年政府信息公开工作年度报告", "2019年政府信息公开年报", ""):
        result = run(f"{text}\n{title}\n一、总体情况\n无。\n{four}\n五、存在的主要问题\n")
        assert result["verdict"] not in ("accepted", "completed"), title
        assert {c["state"] for n, c in result["cells"].items() if n.startswith("proceed")} == {
            "missing"
        }
