"""What a report says plainly to a person is not read as something else, and passed.

Each case is a right report with one edit after which some cell prints no figure, or another one. The
report may then be refused or read rightly; it may not pass with that cell wrong. What the edit leaves
alone is still read.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from types import FrameType

import pytest

from extractor.pipeline import work
from tests.conftest import APPLICANTS, OUTCOMES
from tests.conftest import PROCEEDINGS as SUITS
from tests.each import each, rows
from tests.garbler.judge import PASSING
from tests.hard.draft import CELLS, TABS, Style
from tests.misread import (
    AGENCY,
    END,
    HEADINGS,
    LINES,
    OTHER_AGENCY,
    YEAR,
    Report,
    is_read,
    outcomes,
    proactive,
    reads,
    report,
    requests,
    silent,
    title,
)

ROWS = rows(__file__)

STYLES = {"blanks": LINES, "tabs": TABS, "lines": CELLS}
LICENSING, FEES = "proactive.licensing.decisions", "proactive.fees.amount"
DOCUMENTS = [f"proactive.normative_documents.{c}" for c in ("issued", "repealed", "in_force")]
FORM_2019 = "2019+2019"


def holds(edited: Report, *untouched: str, of: Report | None = None) -> None:
    """The edited report does not pass with a wrong cell; the report itself, and what is left, is read."""
    assert is_read(of or report())
    assert silent(edited) == {}
    assert reads(edited, *untouched)


def licensed(words: str, figure: int | None, style: Style = LINES) -> None:
    """The row 行政许可 with other words after its label holds."""
    old, new = ("行政许可 397\n行政处罚", f"行政许可 {words}\n行政处罚")
    if style is not LINES:
        old, new = old.replace(" ", style.between), new.replace(" ", style.between)
    right = report(style)
    edited = right.edit(old, new, {LICENSING: figure})
    holds(edited, "requests", "proceedings", "proactive.regulations", of=right)


def fee(words: str, figure: str | None = None, style: Style = LINES) -> None:
    """The row 行政事业性收费 with other words after its label holds."""
    right = report(style)
    label = "行政事业性收费" + style.between
    edited = right.edit(
        label + "15\n", label + words + "\n", {FEES: None if figure is None else Decimal(figure)}
    )
    holds(edited, "requests", "proceedings", "proactive.licensing", of=right)


# --- a figure that is something else's ------------------------------------------------------------

NOT_THE_ROWS = ROWS["not_the_rows"]


@each("name", NOT_THE_ROWS)
def test_a_number_after_other_words_is_no_figure_of_the_row(name: str) -> None:
    licensed(NOT_THE_ROWS[name], None)


@pytest.mark.parametrize("name", ["annex_apart", "table"])
def test_a_number_after_other_words_in_the_next_field_is_no_figure_of_the_row(name: str) -> None:
    licensed(NOT_THE_ROWS[name], None, TABS)


@pytest.mark.parametrize("style", STYLES)
def test_a_number_after_other_words_is_no_money(style: str) -> None:
    fee("见附件2", None, STYLES[style])


# --- a figure of another year, unit or part -------------------------------------------------------

TWO_FIGURES = ROWS["two_figures"]


@each("name", TWO_FIGURES)
def test_a_figure_of_last_year_or_of_a_part_is_not_the_rows(name: str) -> None:
    licensed(TWO_FIGURES[name], 397)


@pytest.mark.parametrize("name", ["city", "before_and_now"])
def test_a_field_of_last_year_or_of_a_part_is_not_the_rows(name: str) -> None:
    licensed(TWO_FIGURES[name], 397, TABS)


def test_the_figure_of_one_procedure_is_not_that_of_the_row() -> None:
    right = report()
    edited = right.edit(
        "行政处罚 12\n",
        "行政处罚其中：简易程序 33\n一般程序 12\n",
        {"proactive.penalties.decisions": 45},
    )
    holds(edited, "requests", "proceedings")


def test_the_figures_of_one_part_of_a_row_are_not_its_own() -> None:
    edited = report().edit(
        "行政规范性文件 3 1 20\n",
        "行政规范性文件 其中政府 5 5 5\n部门 3 1 20\n",
        dict(zip(DOCUMENTS, (8, 6, 25), strict=True)),
    )
    holds(edited, "requests", "proceedings")


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
    ids=["last", "last_tabs", "last_lines", "past", "term_tabs", "bracketed_lines"],
)
def test_a_row_of_last_year_above_each_row_is_not_this_years(
    years: tuple[str, str], style: str
) -> None:
    used = STYLES[style]
    edited = report(used, requests=requests(used, years=years))
    holds(edited, "proactive", "proceedings", of=report(used))


# --- units ----------------------------------------------------------------------------------------

FEE_HEADER = "本年收费金额（单位：万元，保留4位小数）"


@each(
    "header",
    [
        "本年收费金额（单位：元）",
        "本年收费金额(元)",
        "本年收费金额（单位：人民币元，保留2位小数）",
        "本年收费金额 元",
    ],
    ids=["unit", "bare", "with_digits", "apart"],
)
def test_a_unit_of_the_header_is_the_units_of_the_figure(header: str) -> None:
    edited = report().edit(FEE_HEADER, header, {FEES: Decimal("0.0015")})
    holds(edited, "requests", "proceedings", "proactive.licensing")


@pytest.mark.parametrize("label", ["行政事业性收费 元 15", "行政事业性收费（元） 15"])
def test_a_unit_of_the_label_is_the_units_of_the_figure(label: str) -> None:
    edited = report().edit("行政事业性收费 15", label, {FEES: Decimal("0.0015")})
    holds(edited, "requests", "proceedings", "proactive.licensing")


def test_a_unit_of_the_header_is_the_units_of_the_procurement() -> None:
    right = report(LINES, FORM_2019)
    edited = right.edit(
        "采购总金额", "采购总金额（元）", {"proactive.procurement.amount": Decimal("0.0088")}
    )
    holds(edited, "requests", "proceedings", "proactive.licensing", of=right)


@each(
    ("words", "amount"),
    [
        ("152790  元", "15.279"),
        ("152790\n\n元", "15.279"),
        ("0.0015 亿元", "15"),
        ("150 千元", "15"),
    ],
    ids=["two_blanks", "below", "hundred_millions", "thousands"],
)
def test_a_unit_apart_from_its_figure_is_its_unit(words: str, amount: str) -> None:
    fee(words, amount)


@pytest.mark.parametrize(
    ("words", "amount"),
    [("6 0.0088 亿元", "88"), ("6项 880000.00  元", "88")],
    ids=["hundred_millions", "two_blanks"],
)
def test_a_unit_apart_from_the_procurement_is_its_unit(words: str, amount: str) -> None:
    right = report(LINES, FORM_2019)
    edited = right.edit(
        "政府集中采购 6 88\n",
        f"政府集中采购 {words}\n",
        {"proactive.procurement.amount": Decimal(amount)},
    )
    holds(edited, "requests", "proceedings", "proactive.licensing", of=right)


@each(
    ("words", "count"),
    [("3 万件", 30_000), ("3 万", 30_000), ("约 400 余件", None), ("397 百件", 39_700)],
    ids=["ten_thousands", "ten_thousand", "about", "hundreds"],
)
def test_a_word_of_scale_is_part_of_the_figure(words: str, count: int | None) -> None:
    licensed(words, count)


# --- corrections ----------------------------------------------------------------------------------


@each(
    "words",
    ROWS["a_figure_that_is_corrected_beside_is_not_taken"],
    ids=["corrected", "should_be", "in_words", "glued", "below", "remark_below", "after", "actual"],
)
def test_a_figure_that_is_corrected_beside_is_not_taken(words: str) -> None:
    licensed(words, 397)


def test_a_correction_is_of_the_figure_before_it() -> None:
    edited = report().edit(
        "行政规范性文件 3 1 20\n", "行政规范性文件 3（更正为4） 1 20\n", {DOCUMENTS[0]: 4}
    )
    holds(edited, "requests", "proceedings", *DOCUMENTS[1:])


# --- figures too many -----------------------------------------------------------------------------


def test_three_figures_of_one_cell_are_not_one_figure() -> None:
    licensed("397 418 402", 397)


def test_figures_of_two_years_are_not_one_row() -> None:
    edited = report().edit(
        "行政规范性文件 3 1 20\n",
        "行政规范性文件 0 0 20 3 1 18\n",
        dict(zip(DOCUMENTS, (0, 0, 20), strict=True)),
    )
    holds(edited, "requests", "proceedings", "proactive.licensing")


# --- table 四 -------------------------------------------------------------------------------------

NAMES = dict(zip(OUTCOMES, ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"), strict=True))
SUIT_NAMES = dict(zip(SUITS, ("行政复议", "未经复议直接起诉", "复议后起诉"), strict=True))
FIVE = " ".join(NAMES.values())


def four(body: str) -> Report:
    """A report with this under the heading of table 四."""
    return report(proceedings=HEADINGS["proceedings"] + body + "\n")


def lines_of(suits: tuple[str, ...], columns: tuple[str, ...]) -> str:
    return "\n".join(f"{SUIT_NAMES[s]} {' '.join(outcomes([s], columns))}" for s in suits)


def pairs_of(suits: tuple[str, ...]) -> str:
    return "\n".join(
        SUIT_NAMES[s] + "\n" + "\n".join(f"{NAMES[o]} {outcomes([s], [o])[0]}" for o in OUTCOMES)
        for s in suits
    )


CORRECTED_FIRST = ("corrected", "upheld", "other", "pending", "total")
PENDING_THIRD = ("upheld", "corrected", "pending", "other", "total")
SWAPPED = (SUITS[0], SUITS[2], SUITS[1])
SUED_FIRST = (SUITS[1], SUITS[2], SUITS[0])
ANOTHER_ORDER = {
    "suits_of_the_header": f"行政复议 行政诉讼\n{FIVE} 复议后起诉 未经复议直接起诉\n"
    f"{FIVE} {FIVE}\n{' '.join(outcomes(SWAPPED))}",
    "litigation_first": f"行政诉讼 行政复议\n未经复议直接起诉 复议后起诉 {FIVE}\n{FIVE} {FIVE}\n"
    f"{' '.join(outcomes(SUED_FIRST))}",
    "corrected_first": " ".join(NAMES[o] for o in CORRECTED_FIRST)
    + "\n"
    + lines_of(SUITS, CORRECTED_FIRST),
    "pending_third": " ".join(NAMES[o] for o in PENDING_THIRD)
    + "\n"
    + lines_of(SUITS, PENDING_THIRD),
    "corrected_first_in_one_row": "行政复议 未经复议直接起诉 复议后起诉\n"
    + " ".join(NAMES[o] for o in CORRECTED_FIRST)
    + "\n"
    + " ".join(outcomes(SUITS, CORRECTED_FIRST)),
    "outcomes_below_each_other": "行政复议 复议后起诉 未经复议直接起诉\n"
    + "\n".join(f"{NAMES[o]} {' '.join(outcomes(SWAPPED, (o,)))}" for o in OUTCOMES),
    "pairs": pairs_of(SWAPPED),
}


@each("name", ANOTHER_ORDER)
def test_proceedings_in_another_order_are_not_read_in_the_order_of_the_form(name: str) -> None:
    holds(four(ANOTHER_ORDER[name]), "proactive", "requests")


ROW_OF_A_SUM = {
    "third": ("行政复议 2 1 0 0 3\n未经复议直接起诉 1 0 0 0 1\n行政诉讼合计 1 0 1 0 2", SUITS[2]),
    "second": ("行政复议 2 1 0 0 3\n行政诉讼 1 0 1 0 2\n复议后起诉 0 0 1 0 1", SUITS[1]),
    "second_said": (
        "行政复议 2 1 0 0 3\n行政诉讼（合计） 1 0 1 0 2\n复议后起诉 0 0 1 0 1",
        SUITS[1],
    ),
}


@pytest.mark.parametrize("name", ROW_OF_A_SUM)
def test_a_row_of_all_litigation_is_no_row_of_the_form(name: str) -> None:
    body, lost = ROW_OF_A_SUM[name]
    holds(four(f"{FIVE}\n{body}").without(f"proceedings.{lost}"), "proactive", "requests")


ZEROS = " ".join(["0"] * 15)
OFFICIAL = f"行政复议 行政诉讼\n{FIVE} 未经复议直接起诉 复议后起诉\n{FIVE} {FIVE}\n"
NONE_SAID = HEADINGS["proceedings"] + "这一年没有。\n"


@pytest.mark.parametrize(
    "end",
    [
        f"{END}七、信件办理\n{ZEROS}\n",
        f"{END}渠道一览\n{ZEROS}\n",
        END.replace("人手偏紧，明年增补。", ZEROS),
    ],
    ids=["section_seven", "section_six", "section_five"],
)
def test_fifteen_figures_of_another_section_are_no_proceedings(end: str) -> None:
    edited = report(proceedings=NONE_SAID, end=end).without("proceedings")
    holds(edited, "proactive", "requests")


OWN = " ".join(outcomes())


@each(
    ("other", "own"),
    [("2021年", "2022年"), ("上年", "本年"), ("全市", "本局"), (OTHER_AGENCY, AGENCY)],
    ids=["year", "last", "city", "agency"],
)
def test_of_two_rows_of_proceedings_the_first_is_not_just_taken(other: str, own: str) -> None:
    assert is_read(four(OFFICIAL + OWN))
    holds(four(f"{OFFICIAL}{other} {ZEROS}\n{own} {OWN}"), "proactive", "requests")


def test_a_row_of_another_agency_is_not_this_ones_proceedings() -> None:
    edited = four(f"{OFFICIAL}{OTHER_AGENCY} {ZEROS}").without("proceedings")
    holds(edited, "proactive", "requests")


# --- attached tables ------------------------------------------------------------------------------

CAPTIONS = ROWS["captions"]
TABLES = {
    "proactive": proactive(other=True),
    "requests": requests(other=True),
    "proceedings": HEADINGS["proceedings"] + f"{OFFICIAL}{OWN}\n",
}


@each(
    ("table", "caption"),
    [
        *(("requests", caption) for caption in CAPTIONS),
        ("proactive", "year"),
        ("proactive", "annex_of_a_centre"),
        ("proceedings", "annex_of_last_year"),
        ("proceedings", "annex_of_a_centre"),
    ],
)
def test_an_attached_table_of_another_is_not_the_reports(table: str, caption: str) -> None:
    own, attached = HEADINGS[table] + "这一年没有。\n", TABLES[table].split("\n", 1)[1]
    edited = report(**{table: own, "end": f"{END}{CAPTIONS[caption]}\n{attached}"}).without(table)
    holds(edited, *(other for other in TABLES if other != table))


def test_last_years_row_under_the_header_of_this_year_is_not_this_years() -> None:
    edited = four(f"{OFFICIAL}上年同期（2021年）\n{OWN}").without("proceedings")
    holds(edited, "proactive", "requests")


# --- numbers in empty cells -----------------------------------------------------------------------

NUMBERED = "3 行政许可\n4 行政处罚\n5 行政强制\n"


def test_the_number_of_the_next_row_is_no_figure_of_an_empty_one() -> None:
    edited = (
        report()
        .edit(
            "信息内容 本年处理决定数量\n行政许可 397\n行政处罚 12\n行政强制 2\n第二十条第（八）项\n"
            f"信息内容 {FEE_HEADER}\n行政事业性收费 15\n",
            f"{NUMBERED}6 行政事业性收费 15\n",
        )
        .without(LICENSING, "proactive.penalties", "proactive.coercion")
    )
    holds(edited, "requests", "proceedings", "proactive.regulations")


@each(
    ("old", "new", "lost"),
    ROWS["a_page_number_is_no_figure_of_an_empty_cell"],
    ids=["below", "form_feed", "empty_field", "fields", "documents", "first"],
)
def test_a_page_number_is_no_figure_of_an_empty_cell(old: str, new: str, lost: str) -> None:
    right = report(TABS if "\t" in old else LINES)
    holds(right.edit(old, new, {f"proactive.{lost}": None}), "requests", "proceedings", of=right)


@pytest.mark.parametrize("figures_of", ["3 1 2\n0", "3 12\n0"], ids=["digits", "two_cells"])
def test_a_figure_broken_at_the_end_of_a_line_is_not_two(figures_of: str) -> None:
    edited = report().edit("行政规范性文件 3 1 20\n", f"行政规范性文件 {figures_of}\n")
    holds(edited, "requests", "proceedings", "proactive.licensing")


@each("below", ["4\n", "\n\f4\n\n"], ids=["bare", "set_off"])
@each(
    ("row", "lost"),
    [("行政许可 397\n", LICENSING), ("行政事业性收费 15\n", FEES)],
    ids=["licensing", "fees"],
)
def test_a_page_number_is_no_figure_of_a_row_that_is_empty(row: str, lost: str, below: str) -> None:
    edited = report().edit(row, row.split(" ", maxsplit=1)[0] + "\n" + below, {lost: None})
    holds(edited, "requests", "proceedings", "proactive.regulations")


@pytest.mark.parametrize("number", ["3 ", "3\n"], ids=["beside", "above"])
def test_the_number_of_the_next_section_is_no_money(number: str) -> None:
    right = report(requests=requests().replace("三、", number))
    edited = right.edit("行政事业性收费 15\n", "行政事业性收费\n", {FEES: None})
    holds(edited, "requests", "proceedings", "proactive.licensing")


@pytest.mark.parametrize("end", ["行政事业性收费 15\n", "行政事业性收费\n\n5\n"])
def test_labels_after_their_figures_do_not_take_the_next_rows(end: str) -> None:
    table = proactive()
    start = table[: table.index("信息内容 本年处理决定数量")]
    body = "397\n行政许可\n12\n行政处罚\n2\n行政强制\n15\n"
    holds(report(proactive=start + body + end), "requests", "proceedings")


# --- columns in another order ---------------------------------------------------------------------

LEGAL_FIRST = (*APPLICANTS[:3], "legal_service", "public_welfare", *APPLICANTS[5:])
THREE_HEADERS = ROWS["three_headers"]


@each("name", THREE_HEADERS)
def test_a_damaged_header_in_another_order_is_not_read_in_the_order_of_the_form(name: str) -> None:
    header, columns = THREE_HEADERS[name]
    edited = report(requests=requests(header=header, columns=columns))
    holds(edited, "proactive", "proceedings")


ISSUED_HEADER = "本年制发件数 本年废止件数 现行有效件数"


@each(
    ("header", "order"),
    ROWS["a_reworded_header_in_another_order_is_not_read_in_the_order_of_the_form"],
    ids=["repealed_first", "other_words", "a_remark", "in_force_first", "in_force_in_all"],
)
def test_a_reworded_header_in_another_order_is_not_read_in_the_order_of_the_form(
    header: str, order: tuple[int, ...]
) -> None:
    edited = report().edit(ISSUED_HEADER, header)
    for label, row in (("规章", "1 2 9"), ("行政规范性文件", "3 1 20")):
        cells = row.split()
        edited = edited.edit(f"{label} {row}\n", f"{label} {' '.join(cells[i] for i in order)}\n")
    holds(edited, "requests", "proceedings")


def test_a_reworded_header_of_the_procurement_in_another_order_is_not_read_in_the_forms() -> None:
    right = report(LINES, FORM_2019)
    edited = right.edit("采购项目数量 采购总金额", "采购金额（万元） 采购数量")
    edited = edited.edit("政府集中采购 6 88\n", "政府集中采购 88 6\n")
    holds(edited, "requests", "proceedings", of=right)


def test_a_second_header_in_another_order_is_not_that_of_all_rows() -> None:
    edited = report().edit(
        "行政规范性文件 3 1 20\n",
        "信息内容 本年废止件数 本年制发件数 现行有效件数\n行政规范性文件 1 3 20\n",
    )
    holds(edited, "requests", "proceedings")


def test_a_first_header_in_another_order_is_not_that_of_all_rows() -> None:
    right = report(LINES, FORM_2019)
    table = proactive(variant=FORM_2019)
    for old, new in (
        ("上一年项目数量 本年增/减 处理决定数量", "处理决定数量 上一年项目数量 本年增/减"),
        ("行政许可 14 2 45", "行政许可 45 14 2"),
        ("其他对外管理服务事项 30 1 17", "其他对外管理服务事项 17 30 1"),
    ):
        table = table.replace(old, new, 1)
    table = table.replace("行政处罚", "信息内容 上一年项目数量 本年增/减 处理决定数量\n行政处罚")
    edited = report(LINES, FORM_2019, proactive=table, requests=requests(variant=FORM_2019))
    holds(edited, "requests", "proceedings", of=right)


def test_a_second_header_of_the_requests_in_another_order_is_not_that_of_all_rows() -> None:
    """The two columns are alike but in two rows above that header, so every sum holds either way."""
    alike = report()
    for row, old, new in (
        ("new_received", "一、本年新收政府信息公开申请数量 5 3 1 2 4 0 15", "3 3 0 15"),
        ("granted", "（一）予以公开 3 3 1 0 0 0 7", "1 0 0 8"),
        ("partially_granted", "不计其他情形） 0 0 0 0 0 0 0", "0 1 0 1"),
        ("unable_not_held", "1.本机关不掌握相关政府信息 2 0 0 2 4 0 8", "2 2 0 6"),
        ("results_total", "（七）总计 5 3 1 2 4 0 15", "3 3 0 15"),
    ):
        cells = (f"requests.{row}.{applicant}" for applicant in APPLICANTS[3:])
        truth = dict(zip(cells, map(int, new.split()), strict=True))
        alike = alike.edit(old, " ".join((*old.split()[:-4], new)), truth)
    header = "自然人 商业企业 科研机构 法律服务机构 社会公益组织 其他 总计\n"
    edited = alike.edit("（三）不予公开", header + "（三）不予公开")
    holds(edited, "proactive", "proceedings", of=alike)


def test_labels_side_by_side_over_columns_are_not_read_row_by_row() -> None:
    edited = report().edit(
        "规章 1 2 9\n行政规范性文件 3 1 20\n", "规章 行政规范性文件\n1 3\n2 1\n9 20\n"
    )
    holds(edited, "requests", "proceedings", "proactive.licensing")


TRADITIONAL = "自然人 法人或其他組織 總計\n商業企業 科研機構 法律服務機構 社會公益組織 其他"


def test_a_traditional_header_says_the_order_of_its_columns() -> None:
    edited = report(requests=requests(header=TRADITIONAL, columns=LEGAL_FIRST))
    assert is_read(edited)


# --- decimals and commas after a blank ------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["15 .279", "15. 279", "15\n.279"], ids=["before", "after", "below"]
)
def test_decimals_apart_from_their_figure_are_not_lost(words: str) -> None:
    fee(words, "15.279")


def test_a_second_figure_after_a_comma_is_not_lost() -> None:
    licensed("397 ，418", None)


# --- more than one report -------------------------------------------------------------------------


def test_rows_that_are_lost_are_not_taken_from_the_tables_of_others() -> None:
    table = proactive()
    cut = table[: table.index("行政强制")]
    edited = report(proactive=cut, end=f"{END}所属单位\n行政强制 418\n行政事业性收费 1\n")
    holds(edited.without("proactive.coercion", FEES), "requests", "proceedings")


@pytest.mark.parametrize("table", ["proactive", "requests"])
def test_a_table_under_a_title_without_a_year_is_the_other_agencys(table: str) -> None:
    """The title stands right under a line of a table; the report's own one may stand there."""
    running = {agency: title(agency, "").split("\n")[0] + "\n" for agency in (AGENCY, OTHER_AGENCY)}
    attached = running[OTHER_AGENCY] + TABLES[table] + END
    edited = report(**{table: HEADINGS[table] + "这一年没有。\n", "end": attached}).without(table)
    again = report(requests=running[AGENCY] + requests())
    holds(edited, *(other for other in TABLES if other != table), of=again)


UNTITLED = {
    "nothing": f"一、总体情况\n{OTHER_AGENCY}按月更新栏目。\n",
    "name": f"{OTHER_AGENCY}\n一、总体情况\n按月更新栏目。\n",
    "other_title": f"{OTHER_AGENCY}2022年报告\n一、总体情况\n按月更新栏目。\n",
}


@pytest.mark.parametrize(
    ("head", "lost"), list(zip(UNTITLED, TABLES, strict=True)), ids=list(UNTITLED)
)
def test_figures_of_an_untitled_report_are_not_those_of_a_titled_one(head: str, lost: str) -> None:
    first = UNTITLED[head] + "".join(TABLES.values()) + END
    own = report(**{lost: HEADINGS[lost] + "这一年没有。\n"}).without(lost)
    outcome = work(first + own.text)
    named = (outcome.year, outcome.agency) != (None, None)
    assert is_read(report())
    assert not (outcome.verdict in PASSING and named and own.wrong(outcome))


# --- whose report, of which year ------------------------------------------------------------------


def headed(head: str, end: str = END) -> tuple[int | None, str | None]:
    """Year and agency that are said of a report under this head."""
    edited = report(head=head, end=end)
    assert is_read(edited)
    outcome = work(edited.text)
    return outcome.year, outcome.agency


FIRST = "一、总体情况\n栏目按月更新。\n"


@pytest.mark.parametrize("agency", [AGENCY, OTHER_AGENCY])
def test_a_link_below_the_tables_is_no_title(agency: str) -> None:
    link = f"相关链接\n{agency}2019年政府信息公开工作年度报告\n"
    assert headed(FIRST, END + link) == (None, None)


@pytest.mark.parametrize("above", ["首页 > 政府信息公开", "索引号 A01\n发布日期 2023-01-20"])
def test_what_a_page_prints_above_the_title_is_no_agency(above: str) -> None:
    year, agency = headed(f"{above}\n2022年政府信息公开工作年度报告\n{AGENCY}\n{FIRST}")
    assert year == YEAR
    assert agency in {None, AGENCY}


@pytest.mark.parametrize("year", ["二〇二二年", "二零二二年度"])
def test_a_year_in_characters_is_no_part_of_the_agency(year: str) -> None:
    assert headed(title(year=year)) == (YEAR, AGENCY)


# --- work -----------------------------------------------------------------------------------------

MOST_CALLS = 200_000


def test_glued_digits_are_cut_in_a_bounded_number_of_steps() -> None:
    """Thirty equal digits have very many cuts and few that add up."""
    row = "一、本年新收政府信息公开申请数量 "
    edited = report().edit(row + "5 3 1 2 4 0 15", row + "1" * 30)
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"
        if calls > MOST_CALLS:
            pytest.fail("the cuts are tried without bound")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        outcome = work(edited.text)
    finally:
        sys.setprofile(before)
    assert calls > 0
    assert edited.wrong(outcome) == {}
