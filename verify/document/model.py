"""The document: one canonical text, the grids in it, and where each part of it stands in the original.

Every kind of input makes the same `Document`; readers and the verifier see nothing else. Rows, columns,
pages, lines and tables of a *place* count from 1; rows and columns of a `Slot` count from 0.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Literal

Span = tuple[int, int]
"""Half-open range of character offsets."""

Known = Literal["given", "delimited", "aligned"]
"""How a grid is known: the file says so, separators keep one count, or columns of spaces or boxes."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of a grid, once, at its anchor.

    Attributes:
        row: Of its anchor, from 0.
        column: Of its anchor, from 0.
        row_span: Rows that it covers, at least 1.
        column_span: Columns that it covers, at least 1.
        span: Its text in the canonical text; None when the cell is there and empty.
        offset: Where its field begins in the canonical text, empty or not.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    span: Span | None
    offset: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes:
        slots: Its cells, by row and column. A position that no slot covers does not exist in the original.
        known: How its rows and columns are known.
        span: Its lines in the canonical text.
    """

    slots: tuple[Slot, ...]
    known: Known
    span: Span


@dataclass(frozen=True, slots=True)
class Box:
    """A box on a page, in points from the top left corner of the page as it is shown."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def as_dict(self) -> dict[str, Any]:
        """``{"page": 3, "box": [x0, y0, x1, y1]}``."""
        return {
            "page": self.page,
            "box": [round(one, 1) for one in (self.x0, self.y0, self.x1, self.y1)],
        }


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell of a sheet, as the user names it."""

    sheet: str
    cell: str

    def as_dict(self) -> dict[str, Any]:
        """``{"sheet": "…", "cell": "C7"}``."""
        return {"sheet": self.sheet, "cell": self.cell}


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a Word table; the column is that of the grid, so that merged cells count as many."""

    table: int
    row: int
    column: int

    def as_dict(self) -> dict[str, Any]:
        """``{"table": 2, "row": 5, "column": 4}``."""
        return {"table": self.table, "row": self.row, "column": self.column}


@dataclass(frozen=True, slots=True)
class Characters:
    """A range of characters of the decoded file, and the line on which it begins."""

    line: int
    start: int
    end: int

    def as_dict(self) -> dict[str, Any]:
        """``{"line": 120, "offset": [a, b]}``."""
        return {"line": self.line, "offset": [self.start, self.end]}


Place = Box | SheetCell | TableCell | Characters


@dataclass(frozen=True, slots=True)
class Anchor:
    """A part of the canonical text and its place; an empty cell has an empty span at its field."""

    span: Span
    place: Place


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of the canonical text that was recognised in a picture, differently by different looks.

    Attributes:
        span: Of it.
        unsure: Most looks agree, and the figure is given with a word; else it is not read.
    """

    span: Span
    unsure: bool


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    Attributes:
        text: The canonical text: each cell of a table once, at its anchor; covered positions of merged cells
            empty; cells parted by a tab, rows by a line end; paragraphs are lines.
        grids: Its tables, in the order of the text.
        anchors: Where parts of the text stand in the original, by span; none overlap.
        media_type: Of the file.
        renderer: Who made the text, with a version that changes when the text does: ``html/2``.
        encoding: Codec that decodes the file; None when it is no text.
        notes: What of the file is not in the text, or was decided: hidden sheets, tracked changes.
        struck: Where a cell begins in the text of which a part is struck out and left out, and that part.
        doubts: Of a scan, what its recognitions read differently.
    """

    text: str
    grids: tuple[Grid, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    media_type: str = "text/plain"
    renderer: str = "text/1"
    notes: tuple[str, ...] = ()
    encoding: str | None = None
    struck: tuple[tuple[int, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [anchor.span[0] for anchor in self.anchors])

    @property
    def places(self) -> tuple[Anchor, ...]:
        """The same as `anchors`."""
        return self.anchors

    def place_of(self, span: Span) -> dict[str, Any] | None:
        """Where a part of the canonical text stands in the original, as the JSON of a result has it.

        Args:
            span: Of a figure, a mark or a label; empty, at the field of a cell, for an empty cell.

        Returns:
            ``{"page", "box"}``, ``{"sheet", "cell"}``, ``{"table", "row", "column"}`` or ``{"line",
            "offset"}``; None where nothing is known, as in a text file.
        """
        found = self._anchors_in(span)
        if not found:
            return None
        first = found[0].place
        if isinstance(first, Characters):
            return _characters(found, span)
        if isinstance(first, Box):
            boxes = [a.place for a in found if isinstance(a.place, Box)]
            same = [box for box in boxes if box.page == first.page]
            return Box(
                first.page,
                min(b.x0 for b in same),
                min(b.y0 for b in same),
                max(b.x1 for b in same),
                max(b.y1 for b in same),
            ).as_dict()
        return first.as_dict()

    def _anchors_in(self, span: Span) -> list[Anchor]:
        start, end = span
        at = bisect_right(self._starts, start) - 1
        found = []
        for number in range(max(at, 0), len(self.anchors)):
            anchor = self.anchors[number]
            if anchor.span[0] >= max(end, start + 1):
                break
            inside = anchor.span[1] > start and anchor.span[0] < end
            if inside or (start == end and anchor.span == span):
                found.append(anchor)
        if not found and start == end and at >= 0 and self.anchors[at].span[1] >= start:
            found.append(self.anchors[at])
        return found


def _characters(found: list[Anchor], span: Span) -> dict[str, Any]:
    """The range from the first to the last; within a part whose spelling is the original's, exactly."""
    first, last = found[0], found[-1]
    assert isinstance(first.place, Characters)
    assert isinstance(last.place, Characters)
    start, end = first.place.start, last.place.end
    if _plain(first) and span[0] > first.span[0]:
        start += span[0] - first.span[0]
    if _plain(last) and span[1] < last.span[1]:
        end -= last.span[1] - span[1]
    return Characters(first.place.line, start, max(start, end)).as_dict()


def _plain(anchor: Anchor) -> bool:
    """Whether each character of it is one of the original."""
    place = anchor.place
    return (
        isinstance(place, Characters) and place.end - place.start == anchor.span[1] - anchor.span[0]
    )
