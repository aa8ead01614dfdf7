"""Reports of which every cell is known, written as web page, Word, Excel and PDF, with what such files really hold."""

from __future__ import annotations

import html
import io
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.conftest import APPLICANTS, OUTCOMES

ROWS: tuple[tuple[str, str, int | str], ...] = (
    ("new_received", "一、本年新收政府信息公开申请数量", 0),
    ("carried_in", "二、上年结转政府信息公开申请数量", 0),
    ("granted", "（一）予以公开", 1),
    ("partially_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1),
    ("denied_state_secret", "1.属于国家秘密", "（三）不予公开"),
    ("denied_prohibited_by_law", "2.其他法律行政法规禁止公开", 2),
    ("denied_security_and_stability", "3.危及“三安全一稳定”", 2),
    ("denied_third_party_rights", "4.保护第三方合法权益", 2),
    ("denied_internal_affairs", "5.属于三类内部事务信息", 2),
    ("denied_process_information", "6.属于四类过程性信息", 2),
    ("denied_enforcement_files", "7.属于行政执法案卷", 2),
    ("denied_administrative_inquiry", "8.属于行政查询事项", 2),
    ("unable_not_held", "1.本机关不掌握相关政府信息", "（四）无法提供"),
    ("unable_needs_creation", "2.没有现成信息需要另行制作", 2),
    ("unable_unclear", "3.补正后申请内容仍不明确", 2),
    ("unprocessed_petition", "1.信访举报投诉类申请", "（五）不予处理"),
    ("unprocessed_repeated", "2.重复申请", 2),
    ("unprocessed_publication", "3.要求提供公开出版物", 2),
    ("unprocessed_excessive", "4.无正当理由大量反复申请", 2),
    ("unprocessed_confirmation", "5.要求行政机关确认或重新出具已获取信息", 2),
    (
        "other_not_corrected",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "（六）其他处理",
    ),
    (
        "other_fee_unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        2,
    ),
    ("other_other", "3.其他", 2),
    ("results_total", "（七）总计", 1),
    ("carried_out", "四、结转下年度继续办理", 0),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as printed; `key` is the cell of the form that it holds."""

    text: str
    columns: int = 1
    rows: int = 1
    key: str = ""


Grid = list[list[Box]]


@dataclass(slots=True)
class Report:
    """What a document says."""

    agency: str = "云岭市林业局"
    year: int = 2023
    blocks: list[str | Grid] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)

    def keep(self, key: str, value: int | str, columns: int = 1) -> Box:
        self.cells[key] = str(value)
        return Box(str(value), columns, 1, key)


def report(seed: int) -> Report:
    """A report of form 2021 that balances."""
    rng, made = Random(seed), Report()
    made.blocks = [
        f"{made.agency}{made.year}年政府信息公开工作年度报告",
        "一、总体情况",
        "本局认真贯彻落实条例，稳步推进政府信息公开各项工作。",
        "二、主动公开政府信息情况",
        _proactive(made, rng),
        "三、收到和处理政府信息公开申请情况",
        _requests(made, rng),
        "四、政府信息公开行政复议、行政诉讼情况",
        _proceedings(made, rng),
        "五、存在的主要问题及改进情况",
        "公开的及时性有待提高。",
        "六、其他需要报告的事项",
        "无。",
    ]
    return made


def _proactive(made: Report, rng: Random) -> Grid:
    keep = made.keep
    grid: Grid = [
        [Box("第二十条第（一）项", 4)],
        [Box("信息内容"), Box("本年制发件数"), Box("本年废止件数"), Box("现行有效件数")],
    ]
    for label, row in (("规章", "regulations"), ("行政规范性文件", "normative_documents")):
        kept = [
            keep(f"proactive.{row}.{c}", rng.randint(0, 99))
            for c in ("issued", "repealed", "in_force")
        ]
        grid.append([Box(label), *kept])
    parts = (
        ("五", (("行政许可", "licensing"),)),
        ("六", (("行政处罚", "penalties"), ("行政强制", "coercion"))),
    )
    for item, rows in parts:
        grid += [[Box(f"第二十条第（{item}）项", 4)], [Box("信息内容"), Box("本年处理决定数量", 3)]]
        grid += [
            [Box(n), keep(f"proactive.{row}.decisions", rng.randint(0, 999), 3)] for n, row in rows
        ]
    grid += [
        [Box("第二十条第（八）项", 4)],
        [Box("信息内容"), Box("本年收费金额（单位：万元）", 3)],
    ]
    grid.append(
        [
            Box("行政事业性收费"),
            keep("proactive.fees.amount", f"{rng.randint(0, 99)}.{rng.randint(1, 9)}", 3),
        ]
    )
    return grid


def _requests(made: Report, rng: Random) -> Grid:
    grid: Grid = [
        [
            Box("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            Box("申请人情况", 7),
        ],
        [Box("自然人", 1, 2), Box("法人或其他组织", 5), Box("总计", 1, 2)],
        [Box(n) for n in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    values = {row: [rng.choice((0, 0, rng.randint(1, 60))) for _ in range(6)] for row, _, _ in ROWS}
    results = [row for row, _, _ in ROWS[2:-2]]
    for column in range(6):
        total = sum(values[row][column] for row in results)
        values["results_total"][column] = total
        balance = total + values["carried_out"][column]
        values["carried_in"][column] = min(values["carried_in"][column], balance)
        values["new_received"][column] = balance - values["carried_in"][column]
    high = {"（三）不予公开": 8, "（四）无法提供": 3, "（五）不予处理": 5, "（六）其他处理": 3}
    for number, (row, label, level) in enumerate(ROWS):
        figures = [*values[row], sum(values[row])]
        line = [
            made.keep(f"requests.{row}.{c}", v) for c, v in zip(APPLICANTS, figures, strict=True)
        ]
        head = [Box("三、本年度办理结果", 1, 22)] if number == 2 else []
        if isinstance(level, str):
            head += [Box(level, 1, high[level]), Box(label)]
        else:
            head.append(Box(label, 3 - level))
        grid.append([*head, *line])
    return grid


def _proceedings(made: Report, rng: Random) -> Grid:
    names = [Box(n) for n in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    line = []
    for row in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        values = [rng.randint(0, 30) for _ in range(4)]
        values.append(sum(values))
        line += [
            made.keep(f"proceedings.{row}.{c}", v) for c, v in zip(OUTCOMES, values, strict=True)
        ]
    tall = [Box(name.text, 1, 2) for name in names]
    return [
        [Box("行政复议", 5), Box("行政诉讼", 10)],
        [*tall, Box("未经复议直接起诉", 5), Box("复议后起诉", 5)],
        [*names, *names],
        line,
    ]


def placed(grid: Grid) -> list[tuple[int, int, Box]]:
    """Row, column and cell of each, from 0."""
    taken: set[tuple[int, int]] = set()
    found = []
    for row, line in enumerate(grid):
        column = 0
        for box in line:
            while (row, column) in taken:
                column += 1
            found.append((row, column, box))
            taken |= {(row + r, column + c) for r in range(box.rows) for c in range(box.columns)}
            column += box.columns
    return found


CHROME = (
    '<div class="top"><a href="/">首页</a> | <a href="/a">政务公开</a> | <a href="/b">互动交流</a></div>'
    "<ul>"
    + "".join(f"<li><a href='#'>{y}年政府信息公开工作年度报告</a></li>" for y in range(2016, 2024))
    + "</ul>"
)
AFTER = (
    "<p>上一篇：<a href='#'>云岭市林业局2022年政府信息公开工作年度报告</a></p><div>版权所有</div>"
)


def as_html(
    made: Report, *, chrome: bool = False, broken: bool = False, hidden: bool = False
) -> str:
    """A page, as it is or with menus round the report, cells that are not closed, a hidden column."""
    parts = [
        f"<html><head><meta charset='gb2312'><title>{made.blocks[0]}_门户</title></head><body>"
    ]
    parts.append(CHROME if chrome else "")
    parts.append("<div><div class='content'>")
    for block in made.blocks:
        if isinstance(block, str):
            parts.append(f"<p>&nbsp;&nbsp;{html.escape(block)}" + ("" if broken else "</p>\r\n"))
            continue
        parts.append("<table border=1>\n")
        for line in block:
            parts.append("<tr>")
            for box in line:
                spans = f" colspan={box.columns} rowspan='{box.rows}'"
                text = "</span><span>".join(html.escape(part) for part in _cut(box.text))
                parts.append(f"<td{spans}><p><span>{text}</span></p>" + ("" if broken else "</td>"))
            parts.append("<td style='display:none'>7</td>" if hidden else "")
            parts.append("" if broken else "</tr>\n")
        parts.append("</table>")
    parts.append("</div></div>" + (AFTER if chrome else "") + "</body></html>")
    return "".join(parts)


def _cut(text: str) -> list[str]:
    """As Word does: a figure in two runs."""
    return [text[:1], text[1:]] if text.isdigit() and len(text) > 1 else [text]


def as_docx(made: Report, *, tracked: bool = False) -> bytes:
    """A Word file with merged cells; with a tracked change in every figure."""
    import docx
    from docx.oxml import OxmlElement

    document = docx.Document()
    for block in made.blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        cells = placed(block)
        table = document.add_table(
            len(block), max(c + b.columns for _, c, b in cells), "Table Grid"
        )
        for row, column, box in cells:
            cell = table.cell(row, column)
            if box.rows > 1 or box.columns > 1:
                cell = cell.merge(table.cell(row + box.rows - 1, column + box.columns - 1))
            paragraph = cell.paragraphs[0]
            paragraph.add_run(box.text)
            if tracked and box.key:
                gone, run, text = (OxmlElement(f"w:{n}") for n in ("moveFrom", "r", "t"))
                text.text = "9"
                run.append(text)
                gone.append(run)
                paragraph._p.insert(0, gone)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_xlsx(made: Report, *, hidden: bool = False) -> bytes:
    """A workbook of one sheet; with a hidden sheet of other figures and a hidden column."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    row = 1
    for block in made.blocks:
        if isinstance(block, str):
            sheet.cell(row, 1, block)
            row += 1
            continue
        row += 1
        for r, c, box in placed(block):
            column = c + 1 + (hidden and c > 0)
            value: Any = float(box.text) if box.key else box.text
            sheet.cell(row + r, column, value)
            if box.rows > 1 or box.columns > 1:
                right = c + box.columns + (hidden and c + box.columns > 1)
                sheet.merge_cells(None, row + r, column, row + r + box.rows - 1, right)
        row += len(block) + 1
    if hidden:
        sheet.column_dimensions["B"].hidden = True
        other = book.create_sheet("去年")
        other["A1"], other["B1"] = "本年新收政府信息公开申请数量", 5
        other.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_pdf(made: Report, *, bold: bool = False, turned: bool = False) -> bytes:
    """A PDF over several pages; with every figure drawn twice, or with pages that are shown turned."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("s", fontName="STSong-Light", fontSize=10, leading=15, wordWrap="CJK")
    small = ParagraphStyle("t", parent=style, fontSize=7, leading=9)

    class Twice(Flowable):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

        def wrap(self, *_: float) -> tuple[float, float]:
            return 20, 9

        def draw(self) -> None:
            for shift in (0, 0.3):
                self.canv.setFont("STSong-Light", 7)
                self.canv.drawString(shift, 2, self.text)

    story: list[Any] = []
    for block in made.blocks:
        if isinstance(block, str):
            story.append(Paragraph(block, style))
            continue
        cells = placed(block)
        wide = max(c + b.columns for _, c, b in cells)
        data: list[list[Any]] = [[""] * wide for _ in block]
        rules: list[Any] = [
            ("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ]
        for row, column, box in cells:
            data[row][column] = Twice(box.text) if bold and box.key else Paragraph(box.text, small)
            rules.append(("SPAN", (column, row), (column + box.columns - 1, row + box.rows - 1)))
        widths = [40, 60, 130, *[34] * 7] if wide == 10 else [480 / wide] * wide
        story.append(Table(data, widths, style=rules))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story)
    if not turned:
        return out.getvalue()
    import pypdfium2

    document = pypdfium2.PdfDocument(out.getvalue())
    for page in document:
        page.set_rotation(90)
    turned_out = io.BytesIO()
    document.save(turned_out)
    return turned_out.getvalue()
