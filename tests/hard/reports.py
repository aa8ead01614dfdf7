"""The hard reports: the builtin reader brings none of them to the right verdict, a person does.

Figures are drawn, labels are the forms' own or other words for them, and the prose is made up.
"""

from __future__ import annotations

from collections.abc import Callable

from .draft import CELLS, PIPES, SPACES, TABS, Draft, HardReport, Style

_TWO = "2021+2021"
_OLD = "2019+2019"
_HYBRID = "2021+2019"
_APART = (
    "本单位在办理过程中坚持当面沟通与书面答复相结合，对情况复杂的事项逐件会商，并在答复作出之前请"
    "法制机构把关，保证口径前后一致、说理充分，群众看得懂、信得过，全年没有因此引起争议。"
)
_MORE = (
    "为了方便群众，受理窗口延长了开放时间，增设了自助查询设备，并为行动不便的群众提供上门服务，"
    "得到了周边社区的肯定，今后还将继续坚持下去，把好事办实、把实事办好。"
)


def reworded_in_tabs(seed: int = 11) -> HardReport:
    """Other words for six rows, each between neighbours that keep theirs."""
    d = Draft(_TWO, "medium", seed)
    d.opening("临江县林业局", 2022, "这一年各项工作平稳推进，公开渠道进一步拓宽。")
    d.proactive(TABS)
    d.heading("requests")
    d.request_headers(TABS)
    d.requests(
        TABS,
        {
            "denied_internal_affairs": "内部管理信息不予公开",
            "denied_process_information": "讨论研究等过程性材料",
            "unable_not_held": "（1）我单位未掌握",
            "unprocessed_petition": "投诉举报件",
            "unprocessed_publication": "对外出版的书刊",
            "other_fee_unpaid": "未按通知缴纳费用",
        },
    )
    d.proceedings(TABS)
    d.closing("公开内容还不够细致，明年着力改进。")
    return d.done("unconfirmed", "six labels in other words")


def reworded_one_cell_a_line(seed: int = 12) -> HardReport:
    """Other words in the old form, four rows, one of them recognised by no word at all."""
    d = Draft(_OLD, "medium", seed)
    d.opening("青石市体育局", 2020, "本局认真落实各项要求，公开工作有序开展。")
    d.proactive(CELLS)
    d.heading("requests")
    d.request_headers(CELLS)
    d.requests(
        CELLS,
        {
            "new_received": "当年收件总数",
            "denied_enforcement_files": "执法案卷材料",
            "denied_administrative_inquiry": "行政查询类",
            "unprocessed_excessive": "没有道理又反复提出的大批诉求",
        },
    )
    d.proceedings(CELLS)
    d.closing("人员力量不足，需要充实。")
    return d.done("unconfirmed", "other words, one cell a line")


def columns_first_in_lines(seed: int = 13) -> HardReport:
    """Table 三 by columns, every figure on a line of its own."""
    d = Draft(_TWO, "small", seed)
    d.opening("白沙区民政局", 2021, "本局对照清单逐项公开。")
    d.proactive(TABS)
    _by_column(d, CELLS, list(range(7)), labels_first=True)
    d.proceedings(TABS)
    d.closing("主动公开的时效还要提高。")
    return d.done("accepted", "columns first")


def columns_first_labels_last(seed: int = 14) -> HardReport:
    """Table 三 by columns in another order, the row labels after the last one."""
    d = Draft(_OLD, "large", seed)
    d.opening("松岭县水务局", 2019, "本局全年公开工作没有遗漏。")
    d.proactive(PIPES)
    _by_column(d, SPACES, [3, 0, 2, 1, 6, 4, 5], labels_first=False)
    d.proceedings(PIPES)
    d.closing("培训次数偏少。")
    return d.done("accepted", "columns first in another order, row labels last")


def columns_first_with_marks(seed: int = 15) -> HardReport:
    """Table 三 by columns with marks for some cells; each follows from the rest."""
    d = Draft(_TWO, "medium", seed)
    for blank in ("denied_third_party_rights", "unprocessed_repeated"):
        for column in ("business", "research", "legal_service"):
            d.blank[f"requests.{blank}.{column}"] = "/"
    for name in d.blank:
        d.figures[name] = 0
    _rebalance(d)
    d.opening("东湖镇人民政府", 2023, "本镇坚持应公开尽公开。")
    d.proactive(SPACES)
    _by_column(d, TABS, list(range(7)), labels_first=True)
    d.proceedings(SPACES)
    d.closing("栏目设置不够合理。")
    return d.done("completed", "columns first, marks in two rows")


def columns_first_and_wrong(seed: int = 16) -> HardReport:
    """Table 三 by columns, and the agency's own total is off by two."""
    d = Draft(_HYBRID, "medium", seed)
    d.figures["requests.granted.total"] += 2
    d.opening("南屏县审计局", 2022, "本局按时办结全部事项。")
    d.proactive(TABS)
    _by_column(d, CELLS, list(range(7)), labels_first=True)
    d.proceedings(TABS)
    d.closing("数据审核不够严格。")
    return d.done("inconsistent", "columns first, a total that is no sum")


def scattered_over_the_text(seed: int = 17) -> HardReport:
    """Table 三 in three parts between long paragraphs, six labels in other words."""
    d = Draft(_TWO, "medium", seed)
    d.opening("河阳市气象局", 2021, _MORE)
    d.proactive(SPACES)
    rows = d.heading("requests").rows
    words = {
        "denied_prohibited_by_law": "法律明文不许",
        "denied_third_party_rights": "损害他人权益",
        "denied_enforcement_files": "执法材料",
        "unprocessed_petition": "投诉举报件",
        "unprocessed_publication": "对外出版的书刊",
        "other_fee_unpaid": "未按通知缴纳费用",
    }
    d.request_headers(SPACES)
    d.requests(SPACES, words, rows[:8])
    d.say("\n", _APART, "\n\n")
    d.requests(SPACES, words, rows[8:15])
    d.say("\n", _MORE, "\n\n")
    d.requests(SPACES, words, rows[15:])
    d.proceedings(SPACES)
    d.closing("解读形式比较单一。")
    return d.done("unconfirmed", "table 三 in three parts, other words")


def cut_by_table_four(seed: int = 18) -> HardReport:
    """Table 三 goes on after table 四 and a paragraph, with labels in other words on both sides."""
    d = Draft(_OLD, "large", seed)
    d.opening("云溪县统计局", 2020, "本局公开工作由办公室牵头。")
    d.proactive(TABS)
    rows = d.heading("requests").rows
    words = {
        "denied_prohibited_by_law": "法律明文不许",
        "denied_security_and_stability": "维护社会稳定",
        "denied_third_party_rights": "损害他人权益",
        "unprocessed_publication": "对外出版的书刊",
        "unprocessed_excessive": "无理由大量提出",
        "carried_out": "转到下一年的件数",
    }
    d.request_headers(TABS)
    d.requests(TABS, words, rows[:12])
    d.proceedings(TABS)
    d.say("\n", _APART, "\n\n")
    d.requests(TABS, words, rows[12:])
    d.closing("公开的主动性有待加强。")
    return d.done("unconfirmed", "table 三 cut by table 四, other words")


def labels_in_blocks(seed: int = 19) -> HardReport:
    """Labels of neighbouring rows printed together, their figures after them with remarks."""
    d = Draft(_TWO, "medium", seed)
    d.opening("西岭区应急管理局", 2022, "本局专人负责、限时办理。")
    d.proactive(PIPES)
    table = d.heading("requests")
    d.request_headers(SPACES)
    for first, last in ((0, 4), (4, 9), (9, 12), (12, 15), (15, 20), (20, 25)):
        rows = table.rows[first:last]
        for row in rows:
            d.say(*(label + "\n" for label in d.labels(row, {})))
        for i, row in enumerate(rows):
            d.line(SPACES, [], table.cells(row), "" if i % 2 else "与上年基本持平")
    d.proceedings(PIPES)
    d.closing("回应关切不够及时。")
    return d.done("unconfirmed", "labels in blocks before their figures, remarks between")


def labels_in_blocks_with_blanks(seed: int = 20) -> HardReport:
    """Labels in blocks, and in two rows marks where figures should be."""
    d = Draft(_HYBRID, "small", seed)
    for blank in ("denied_internal_affairs", "unable_needs_creation"):
        for column in d.form.table("requests").rows[0].columns:
            d.figures[f"requests.{blank}.{column.id}"] = 0
        for marked in ("business", "research", "public_welfare", "total"):
            d.blank[f"requests.{blank}.{marked}"] = "—"
    _rebalance(d)
    d.opening("石桥乡人民政府", 2023, "本乡公开内容贴近群众。")
    d.proactive(TABS)
    table = d.heading("requests")
    d.request_headers(TABS)
    for first, last in ((0, 3), (3, 8), (8, 13), (13, 18), (18, 23)):
        rows = table.rows[first:last]
        for row in rows:
            d.say(*(label + "\n" for label in d.labels(row, {})))
        for i, row in enumerate(rows):
            d.line(TABS, [], table.cells(row), "同比略有变化" if i % 2 else "")
    d.proceedings(TABS)
    d.closing("机制还不够健全。")
    return d.done("unconfirmed", "labels in blocks, remarks, marks in two rows")


def reordered_and_damaged(seed: int = 21) -> HardReport:
    """Rows of several groups in another order, one label damaged past recognition."""
    d = Draft(_TWO, "large", seed)
    d.opening("长田县商务局", 2021, "本局对公开目录作了修订。")
    d.proactive(SPACES)
    rows = list(d.heading("requests").rows)
    rows[4], rows[7] = rows[7], rows[4]
    rows[16], rows[17], rows[18] = rows[18], rows[16], rows[17]
    d.request_headers(SPACES)
    for row in rows:
        d.line(
            SPACES,
            ["2.垂复甲请" if row.id == "unprocessed_repeated" else row.label],
            d.form.table("requests").cells(row),
        )
    d.proceedings(SPACES)
    d.closing("公开形式不够多样。")
    return d.done("unconfirmed", "rows in another order, a damaged label")


def reordered_and_wrong(seed: int = 22) -> HardReport:
    """Rows in another order with a lost label, and the agency's own figures do not add up."""
    d = Draft(_OLD, "medium", seed)
    d.figures["requests.results_total.natural_person"] += 3
    d.opening("北川市粮食局", 2020, "本局全面梳理公开事项。")
    d.proactive(CELLS)
    rows = list(d.heading("requests").rows)
    rows[5], rows[9] = rows[9], rows[5]
    rows[10], rows[11] = rows[11], rows[10]
    d.request_headers(CELLS)
    d.requests(CELLS, {"denied_third_party_rights": ""}, rows)
    d.proceedings(CELLS)
    d.closing("监督考核力度不够。")
    return d.done("inconsistent", "rows in another order, a lost label, a wrong figure")


def headers_and_rows_reworded(seed: int = 23) -> HardReport:
    """The applicants under other names and six rows under other words, in pipes."""
    d = Draft(_TWO, "large", seed)
    d.opening("柳河县教育局", 2023, "本局通过多种方式开展公开。")
    d.proactive(PIPES)
    d.heading("requests")
    d.say(
        PIPES.line(["统计项目", "个人", "企业", "科研院所", "社会团体", "法律服务", "其余", "小计"])
    )
    d.requests(
        PIPES,
        {
            "new_received": "当年新收件数",
            "denied_security_and_stability": "维护社会稳定",
            "denied_third_party_rights": "损害他人权益",
            "unable_not_held": "我单位未掌握",
            "unprocessed_petition": "投诉举报件",
            "unprocessed_publication": "对外出版的书刊",
            "carried_out": "转到下一年的件数",
        },
    )
    d.proceedings(PIPES)
    d.closing("与群众互动不够。")
    return d.done("unconfirmed", "headers and six labels in other words")


def _by_column(d: Draft, style: Style, order: list[int], *, labels_first: bool) -> None:
    """Table 三 by columns: each header, then its figures from top to bottom."""
    table = d.heading("requests")
    labels = [label + "\n" for row in table.rows for label in d.labels(row, {})]
    if labels_first:
        d.say(*labels)
    for at in order:
        d.say(table.rows[0].columns[at].label, "\n")
        d.line(style, [], [table.cells(row)[at] for row in table.rows])
    if not labels_first:
        d.say(*labels)


def _rebalance(d: Draft) -> None:
    """Totals again, after some figures were set."""
    table = d.form.table("requests")
    rows = [row.id for row in table.rows]
    results = rows[2:-2]
    columns = [column.id for column in table.rows[0].columns]
    for row in rows:
        d.figures[f"requests.{row}.total"] = sum(
            d.figures[f"requests.{row}.{column}"] for column in columns[:-1]
        )
    for column in columns:
        total = sum(d.figures[f"requests.{row}.{column}"] for row in results)
        d.figures[f"requests.results_total.{column}"] = total
        d.figures[f"requests.carried_in.{column}"] = 0
        out = d.figures[f"requests.carried_out.{column}"]
        d.figures[f"requests.new_received.{column}"] = total + out


MAKERS: tuple[Callable[..., HardReport], ...] = (
    reworded_in_tabs,
    reworded_one_cell_a_line,
    columns_first_in_lines,
    columns_first_labels_last,
    columns_first_with_marks,
    columns_first_and_wrong,
    scattered_over_the_text,
    cut_by_table_four,
    labels_in_blocks,
    labels_in_blocks_with_blanks,
    reordered_and_damaged,
    reordered_and_wrong,
    headers_and_rows_reworded,
)
HARD: dict[str, HardReport] = {make.__name__: make() for make in MAKERS}
