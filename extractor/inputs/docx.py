"""Word files: paragraphs and tables in their order, tracked changes as accepted, text boxes in their place.

Merged cells are those of ``gridSpan`` and ``vMerge``. Columns of a place are those of the table's grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from extractor.inputs import packed
from extractor.inputs.canvas import Canvas, Cell, Piece, one_line
from extractor.inputs.limits import MOST_SPAN, RefusedError
from verify.document.model import Document, TableCell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RENDERER = "docx/1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_GONE = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}rPr", f"{_W}pPr", f"{_MC}Fallback")
)
_CHANGED = (f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo")
_MOST_DEEP = 20


def sniff(head: bytes) -> int:
    """90 for a zipped file, whose names tell the kind."""
    return 90 if head.startswith(b"PK") else 0


def read(data: bytes) -> Document:
    """The document of a Word file.

    Raises:
        RefusedError: Damaged, encrypted, or beyond a limit.
    """
    return render(data, MEDIA_TYPE, RENDERER)


def render(data: bytes, media_type: str, renderer: str) -> Document:
    """The same for a file that was converted to .docx."""
    packed.check(data, "Word (.docx)")
    with packed.told("Word (.docx)"):
        import io

        import docx

        body = docx.Document(io.BytesIO(data)).element.body
        canvas = Canvas(media_type, renderer)
        if next(body.iter(*_CHANGED), None) is not None:
            canvas.notes.append("tracked changes are read as accepted")
        writer = _Writer(canvas)
        writer.blocks(body, 0)
        return canvas.document()


def located(data: bytes) -> tuple[Any, dict[TableCell, Any]]:
    """The opened file, and by their places the elements of the cells of its tables.

    Raises:
        RefusedError: As for `read`.
    """
    packed.check(data, "Word (.docx)")
    with packed.told("Word (.docx)"):
        import io

        import docx

        opened = docx.Document(io.BytesIO(data))
        writer = _Writer(Canvas(MEDIA_TYPE, RENDERER))
        writer.blocks(opened.element.body, 0)
        return opened, writer.places


def _value(element: Any, path: str) -> str | None:
    """The attribute ``w:val`` of the element at a path, ``""`` where it has none, None without element."""
    found = element.find("/".join(f"{_W}{part}" for part in path.split("/")))
    return None if found is None else str(found.get(f"{_W}val") or "")


def _on(element: Any, path: str) -> bool:
    return _value(element, path) not in (None, "0", "false", "off")


@dataclass(slots=True)
class _Writer:
    canvas: Canvas
    tables: int = 0
    places: dict[TableCell, Any] = field(default_factory=dict)
    _boxes: list[Any] = field(default_factory=list)  # text boxes of the paragraph at hand

    def blocks(self, parent: Any, depth: int) -> None:
        """Write the paragraphs and tables in an element."""
        for child in _children(parent):
            if child.tag == f"{_W}p":
                self.paragraph(child, depth)
            elif child.tag == f"{_W}tbl":
                self.table(child, depth)

    def paragraph(self, paragraph: Any, depth: int) -> None:
        """One line, or several where it breaks; then what its text boxes hold."""
        line: list[Piece] = []
        for piece in self._pieces(paragraph):
            if piece.text == "\n":
                self.canvas.paragraph(line)
                line = []
            else:
                line.append(piece)
        self.canvas.paragraph(line)
        self._write_boxes(depth)

    def _write_boxes(self, depth: int) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            if depth > _MOST_DEEP:
                raise RefusedError("depth", _MOST_DEEP)
            self.blocks(box, depth + 1)

    def _pieces(self, element: Any) -> Iterator[Piece]:
        """What is read of a paragraph or run; struck and raised figures are told from those beside them."""
        for child in element:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag == f"{_W}r":
                yield from self._run(child)
            elif tag in (f"{_W}t", f"{_M}t"):
                yield Piece(child.text or "")
            elif tag in (f"{_W}br", f"{_W}cr"):
                yield Piece("\n")
            elif tag in (f"{_W}tab", f"{_W}ptab"):
                yield Piece(" ")
            elif tag == f"{_W}noBreakHyphen":
                yield Piece("-")
            elif tag == f"{_W}sym":
                yield Piece("\u25a1")  # a sign of a font of signs: something stands there
            elif tag == f"{_W}txbxContent":
                self._boxes.append(child)
            elif tag not in (f"{_W}tbl", f"{_W}p"):
                yield from self._pieces(child)

    def _run(self, run: Any) -> Iterator[Piece]:
        if _on(run, "rPr/vanish"):
            return
        pieces = list(self._pieces(run))
        if any(piece.text.strip() for piece in pieces):
            if _on(run, "rPr/strike") or _on(run, "rPr/dstrike"):
                yield from (Piece(" ~~"), *pieces, Piece("~~ "))
                return
            if _value(run, "rPr/vertAlign") in ("superscript", "subscript"):
                yield from (Piece("["), *pieces, Piece("]"))
                return
        yield from pieces

    def table(self, table: Any, depth: int) -> None:
        """A table as one, or its cells one after another when these hold tables."""
        if depth > _MOST_DEEP:
            raise RefusedError("depth", _MOST_DEEP)
        rows = [
            row
            for row in _children(table)
            if row.tag == f"{_W}tr" and row.find(f"{_W}trPr/{_W}del") is None
        ]
        holders = [
            cell for row in rows for cell in _cells(row)
            if any(len(list(one.iter(f"{_W}tc"))) > 1 for one in cell.iter(f"{_W}tbl"))
        ]  # fmt: skip
        cells = [cell for row in rows for cell in _cells(row)]
        if holders or len(cells) == 1:
            for cell in cells:
                self.blocks(cell, depth + 1)
            return
        self.tables += 1
        self.canvas.table(list(self._grid(rows)))
        self._write_boxes(depth)

    def _grid(self, rows: list[Any]) -> Iterator[Cell]:
        number = self.tables
        begun: dict[int, Cell] = {}  # column -> the cell that may go on below
        done: list[Cell] = []
        for row, element in enumerate(rows):
            column = _number(_value(element, "trPr/gridBefore"), 0)
            here: dict[int, Cell] = {}
            for cell in _cells(element):
                wide = _number(_value(cell, "tcPr/gridSpan"), 1)
                merge = _value(cell, "tcPr/vMerge")
                above = begun.get(column)
                pieces = tuple(self._content(cell))
                if merge in ("", "continue") and above is not None:
                    tall = Cell(
                        above.row, column, (*above.pieces, Piece("\n"), *pieces),
                        above.row_span + 1, above.column_span, above.place,
                    )  # fmt: skip
                    here[column] = tall
                else:
                    where = TableCell(number, row + 1, column + 1)
                    self.places[where] = cell
                    new = Cell(row, column, pieces, 1, wide, where)
                    if merge is None:
                        done.append(new)
                    else:
                        here[column] = new
                column += wide
            done += [
                cell for at, cell in begun.items() if at not in here or here[at].row != cell.row
            ]
            begun = here
        yield from done
        yield from begun.values()

    def _content(self, cell: Any) -> Iterator[Piece]:
        """What a cell says; its paragraphs, and tables of one cell in it, are lines."""
        for child in _children(cell):
            if child.tag == f"{_W}p":
                yield from self._pieces(child)
                yield Piece("\n")
                boxes, self._boxes = self._boxes, []
                for box in boxes:  # one in a cell belongs to the cell
                    yield Piece(" ")
                    yield from self._content(box)
            elif child.tag == f"{_W}tbl":
                for inner in child.iter(f"{_W}tc"):
                    yield from self._content(inner)


def _children(parent: Any) -> Iterator[Any]:
    """Blocks, rows or cells; what content controls, custom XML and insertions wrap is among them."""
    for child in parent:
        if child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _children(content)
        elif child.tag in (f"{_W}customXml", f"{_W}smartTag", f"{_W}ins", f"{_W}moveTo"):
            yield from _children(child)
        elif child.tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            if choice is not None:
                yield from _children(choice)
        elif isinstance(child.tag, str):
            yield child


def _cells(row: Any) -> Iterator[Any]:
    for cell in _children(row):
        if cell.tag == f"{_W}tc" and cell.find(f"{_W}tcPr/{_W}cellDel") is None:
            yield cell


def _number(written: str | None, none: int) -> int:
    if written is None or not written.isascii() or not written.isdigit():
        return none
    number = int(written[:9])
    if number > MOST_SPAN:
        raise RefusedError("span", MOST_SPAN)
    return max(number, none)


__all__ = ["MEDIA_TYPE", "RENDERER", "located", "one_line", "read", "render", "sniff"]
