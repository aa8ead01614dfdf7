"""The columns of an export: the same for every store, so that files can be stacked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from extractor.export.cells import FormCell, Names, every_cell
from extractor.export.panel import OWN

Shape = Literal["long", "wide"]
Kind = Literal["text", "integer", "money", "figure"]
"""``figure`` is a count or money, by the cell of its row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export.

    Attributes:
        name: Its header.
        kind: What its values are.
        zh: What it says, in Chinese; empty for a column that is a cell.
        en: The same in English.
        cell: The cell that it holds, in a wide file.
        varied: Its values are hardly ever the same in two rows.
    """

    name: str
    kind: Kind
    zh: str = ""
    en: str = ""
    cell: FormCell | None = None
    varied: bool = False


_REPORT = (
    Column(
        "path",
        "text",
        "报告文件路径；同一文件在多处时取第一处",
        "where the report was found; the first of several places",
    ),
    Column(
        "sha256",
        "text",
        "报告文件字节的SHA-256，是报告的唯一标识",
        "SHA-256 of the bytes of the report: what identifies it",
    ),
    Column("agency", "text", "标题所称的机关", "the agency that its title names"),
    Column("year", "integer", "标题所称的年份", "the year that its title names"),
    Column(
        "form",
        "text",
        "表式：2019、2021或hybrid（两版混用），由统计表判定，不看年份；结论为不适用（unsupported）的为空",
        "2019, 2021 or hybrid, decided by the tables and never by the year; empty when unsupported",
    ),
)
_BESIDE = (
    Column("url", "text", "发布网址，见报告清单", "where it was published, by the manifest"),
    Column("agency_id", "text", "报告清单中的机关代码", "what the manifest calls the agency by"),
    Column(
        "region_code",
        "text",
        "行政区划代码（GB/T 2260，六位）：取自清单，清单未写的按机关名称查出；不能唯一确定的为空",
        "code of GB/T 2260, six digits: by the manifest, else by the agency's name; empty where the name does"
        " not settle it",
    ),
    Column("region", "text", "该行政区划的名称", "name of that division"),
    Column(
        "region_from",
        "text",
        "代码的来源：清单（manifest）、清单中的机关名称（manifest_agency）、标题中的机关名称（agency）",
        "where the code is from: manifest, manifest_agency (its agency's name), agency (the title's)",
    ),
    Column("manifest_agency", "text", "报告清单所述的机关", "the agency by the manifest"),
    Column("manifest_year", "integer", "报告清单所述的年份", "the year by the manifest"),
    Column(
        "otherwise",
        "text",
        "报告与清单不一致之处：机关（agency）、年份（year）、行政区划（region）、清单中两行不同而文件相同（several）；以空格分隔",
        "what the report says otherwise than the manifest: agency, year, region, or several (two lines that"
        " differ lead to the same bytes); separated by blanks",
    ),
)
_PATHS = Column("paths", "integer", "同一文件有几处路径", "how many paths the same file has")
"""The last of every shape: it is never empty, and a row of a workbook ends with its last figure."""
_VERDICT = Column("verdict", "text", "整份报告的结论", "the verdict on the whole report")
_LONG = (
    *_REPORT,
    *_BESIDE,
    Column("table", "text", "单元格所在的表", "the table of the cell"),
    Column("row", "text", "单元格所在的行", "the row of the cell"),
    Column("column", "text", "单元格所在的列", "the column of the cell"),
    Column(
        "cell",
        "text",
        "单元格名称，见本字典中kind为cell的各行",
        "name of the cell: the lines of this dictionary whose kind is cell",
    ),
    Column(
        "value",
        "figure",
        "数值：件数为整数，金额为精确小数（万元）；未知为空，空不是0",
        "the figure: counts are integers, money exact decimals (万元); empty when not known, which"
        " is not zero",
    ),
    Column(
        "state",
        "text",
        "数值的由来，见本字典中kind为state的各行",
        "how it was found: the lines of this dictionary whose kind is state",
    ),
    Column(
        "quality",
        "text",
        "数值可信的程度，见本字典中质量（quality）各行",
        "how far it can be trusted: the lines of this dictionary whose kind is quality",
    ),
    Column(
        "sums_held",
        "integer",
        "包含此格且成立的勾稽关系有几项",
        "how many identities that hold this cell hold",
    ),
    Column("sums_failed", "integer", "包含此格而不成立的有几项", "how many of them fail"),
    _VERDICT,
    Column("text", "text", "原文中的字样", "what stands in the source"),
    Column(
        "span_start",
        "integer",
        "字样在原文中的起点（从0起的字符数，换行符照原文计，不计开头的BOM）",
        "where that begins: characters of the decoded source, from 0, with its line ends as they are and"
        " without a byte order mark (Python: open with newline='')",
        varied=True,
    ),
    Column(
        "span_end", "integer", "字样在原文中的终点（不含）", "where it ends, exclusive", varied=True
    ),
    Column("was", "text", "推算的单元格原先的状态", "of a deduced cell: its state in the source"),
    Column("entered_by", "text", "人工填入的数字由谁填入", "of an entered figure: who entered it"),
)
_WIDE = (
    *_REPORT,
    *_BESIDE,
    Column(
        "tables",
        "text",
        "表二和表三各为哪一版，如2021+2019；单元格是否属于此报告由此而定",
        "editions of tables 二 and 三, as 2021+2019: whether the report has a cell at all",
    ),
    _VERDICT,
    Column("cells_read", "integer", "从原文读出的单元格数", "how many cells were read"),
    Column(
        "cells_deduced",
        "integer",
        "由勾稽关系推算的单元格数",
        "how many were deduced from the identities",
    ),
    Column(
        "cells_not_read",
        "integer",
        "空白、缺失或无法识读的单元格数",
        "how many are blank, missing or unreadable and not known",
    ),
    Column(
        "cells_guarded",
        "integer",
        "有勾稽关系佐证（guarded）的单元格数",
        "how many have the quality guarded",
    ),
    Column(
        "doubted_cells",
        "text",
        "读出而须人工核对的单元格，写作“单元格=质量”，以空格分隔",
        "cells of the qualities suspect, named, remarked and questioned as cell=quality, separated by blanks",
    ),
    Column(
        "deduced_cells",
        "text",
        "推算的单元格的名称，以空格分隔",
        "names of the deduced cells, separated by blanks",
    ),
    Column("cells_entered", "integer", "人工填入的单元格数", "how many were entered by people"),
    Column(
        "entered_cells",
        "text",
        "人工填入的单元格的名称，以空格分隔",
        "names of the entered cells, separated by blanks",
    ),
    Column(
        "decisions",
        "integer",
        "在结果中生效的人工决定数",
        "how many decisions of people took effect",
    ),
)
_KINDS: dict[str, Kind] = {"count": "integer", "change": "integer", "money": "money"}


@cache
def columns_of(shape: Shape, names: Names, own: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """The columns of a shape, in order.

    Args:
        shape: One row a cell, or one row a report.
        names: How cells are called.
        own: Further columns of manifests; only how many paths a report has stands behind them.
    """
    more = tuple(
        Column(
            f"{OWN}{number}" if names == "short" else f"{OWN}{name}",
            "text",
            f"报告清单中的“{name}”一列",
            f"column {name!r} of the manifest",
        )
        for number, name in enumerate(own, 1)
    )
    if shape == "long":
        return (*_LONG, *more, _PATHS)
    cells = every_cell().values()
    of_cells = (Column(c.named(names), _KINDS[c.kind], cell=c) for c in cells)
    return (*_WIDE, *of_cells, *more, _PATHS)
