"""Write a hard report piece by piece; where each cell stands is noted as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.garbler.model import Value
from tests.garbler.truth import form_of, make
from verify import BLANK, MISSING, Form, Place, Reading
from verify.forms import Row, Table
from verify.reading import Span

Truth = Span | Literal["blank", "missing"]


@dataclass(frozen=True, slots=True)
class HardReport:
    """A report and the truth about it.

    Attributes:
        text: As a reader is given it.
        form: The form whose tables are printed.
        verdict: The right verdict.
        truth: For each cell where its figure stands, or that it is blank or missing.
        marks: For a blank cell that holds a mark, where the mark stands.
        figures: The figure that is printed in a cell, or meant where none is.
        why: What makes it hard.
    """

    text: str
    form: Form
    verdict: str
    truth: Mapping[str, Truth]
    marks: Mapping[str, Span]
    figures: Mapping[str, Value]
    why: str

    def reading(self) -> Reading:
        """What a reader that makes no mistake says."""
        return Reading(self.form, {name: self.place(name) for name in self.truth}, reader="truth")

    def place(self, name: str) -> Place:
        """Where a cell stands, by the truth."""
        told = self.truth[name]
        if told == "missing":
            return MISSING
        if told == "blank":
            return Place("blank", self.marks[name]) if name in self.marks else BLANK
        return Place("span", told)


@dataclass(frozen=True, slots=True)
class Style:
    """What is printed before a line of a table, between its cells and after it."""

    open: str = ""
    between: str = "\t"
    close: str = "\n"

    def line(self, cells: Iterable[str]) -> str:
        """A line of words."""
        return self.open + self.between.join(cells) + self.close


TABS = Style()
SPACES = Style(between="  ")
CELLS = Style(between="\n")
PIPES = Style("| ", " | ", " |\n")

_GROUPS_OF = "（三）（四）（五）（六）"
_ORDINALS = "一二三四五六"


@dataclass(slots=True)
class Draft:
    """A report while it is written.

    Attributes:
        variant: A key of `tests.garbler.truth.VARIANTS`.
        scale: One of `tests.garbler.truth.SCALES`.
        seed: Decides the figures.
    """

    variant: str
    scale: str
    seed: int
    form: Form = field(init=False)
    figures: dict[str, Value] = field(init=False)
    parts: list[str] = field(default_factory=list)
    length: int = 0
    truth: dict[str, Truth] = field(default_factory=dict)
    marks: dict[str, Span] = field(default_factory=dict)
    blank: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.form = form_of(self.variant)
        self.figures = make(Random(self.seed), self.variant, self.scale)

    # -- text

    def say(self, *texts: str) -> None:
        """Words that are no cell's figure."""
        for text in texts:
            self.parts.append(text)
            self.length += len(text)

    def cell(self, name: str) -> None:
        """The figure of a cell, or the mark or nothing that is printed for it."""
        text = self.blank.get(name, str(self.figures[name]))
        span = (self.length, self.length + len(text))
        self.say(text)
        if name not in self.blank:
            self.truth[name] = span
            return
        self.truth[name] = "blank"
        if text:
            self.marks[name] = span

    def line(
        self, style: Style, labels: Sequence[str], names: Sequence[str], tail: str = ""
    ) -> None:
        """One line of a table: words, then cells, then a remark."""
        self.say(style.open, *(word + style.between for word in labels))
        for i, name in enumerate(names):
            if i:
                self.say(style.between)
            self.cell(name)
        self.say(style.between + tail if tail else "", style.close)

    def opening(self, agency: str, year: int, *prose: str) -> None:
        """Title and section 一."""
        self.say(f"{agency}{year}年政府信息公开工作年度报告\n\n", "一、总体情况\n")
        self.say(*(text + "\n" for text in prose))

    def heading(self, table: str) -> Table:
        """The heading of a table."""
        found = self.form.table(table)
        ordinal = _ORDINALS[1 + [t.id for t in self.form.tables].index(found.id)]
        self.say(f"\n{ordinal}、{found.title}\n")
        return found

    def closing(self, *prose: str) -> None:
        """Sections 五 and 六."""
        self.say("\n五、存在的主要问题及改进情况\n", *(text + "\n" for text in prose))
        self.say("\n六、其他需要报告的事项\n无。\n")

    # -- tables

    def proactive(self, style: Style) -> None:
        """Table 二 with its headers over each group."""
        table = self.heading("proactive")
        before: tuple[str, ...] = ()
        for row in table.rows:
            headers = tuple(column.label for column in row.columns)
            if headers != before:
                self.say(style.line([row.group]), style.line(["信息内容", *headers]))
            before = headers
            self.line(style, [row.label], table.cells(row))

    def request_headers(self, style: Style) -> None:
        """The header of table 三, flattened."""
        columns = [column.label for column in self.form.table("requests").rows[0].columns]
        self.say(style.line(["申请人情况"]))
        self.say(style.line([columns[0], "法人或其他组织", columns[-1]]))
        self.say(style.line(columns[1:-1]))

    def requests(
        self, style: Style, words: Mapping[str, str], rows: Sequence[Row] | None = None
    ) -> None:
        """Rows of table 三 as lines, under other words where ``words`` has some for a row."""
        table = self.form.table("requests")
        for row in table.rows if rows is None else rows:
            self.line(style, self.labels(row, words), table.cells(row))

    def labels(self, row: Row, words: Mapping[str, str]) -> list[str]:
        """The label of a row, that of the group before its first row."""
        rows = self.form.table("requests").rows
        first = next(other for other in rows if other.group == row.group)
        begins = bool(row.group) and first is row and row.group[:3] in _GROUPS_OF
        label = words.get(row.id, row.printed)
        return [word for word in (row.group if begins else "", label) if word]

    def proceedings(self, style: Style) -> None:
        """Table 四 in three labelled rows."""
        table = self.heading("proceedings")
        self.say(style.line(["类别", *(column.label for column in table.rows[0].columns)]))
        for row in table.rows:
            self.line(style, [row.label], table.cells(row))

    def done(self, verdict: str, why: str) -> HardReport:
        """The report with its truth; what was not written is missing."""
        truth = {name: self.truth.get(name, "missing") for name in self.form.cells}
        return HardReport(
            "".join(self.parts),
            self.form,
            verdict,
            truth,
            dict(self.marks),
            dict(self.figures),
            why,
        )
