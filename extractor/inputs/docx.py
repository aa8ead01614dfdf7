"""Word files: paragraphs and tables in their order, tracked changes as accepted, text boxes in their place.

What is hidden is left out, and so is what is struck out beside a figure; notes and comments of a table stand under it.

Merged cells are those of ``gridSpan`` and ``vMerge``. Columns of a place are those of the table's grid.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.inputs import packed
from extractor.inputs.canvas import Canvas, Cell, Piece
from extractor.inputs.limits import RefusedError
from extractor.inputs.wordfonts import Around, Fonts, behind
from extractor.inputs.wordml import (
    FLAT,
    MC,
    NOTES,
    SHOWN,
    Numbers,
    W,
    alternative,
    cells_of,
    children,
    count,
    in_fallback,
    is_moved,
    is_squeezed,
    on,
    related,
    value,
    within,
)
from extractor.inputs.written import SIGN, Look, Written
from verify.document.model import Document, TableCell
from verify.document.signs import BREAK

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RENDERER = "docx/3"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_GONE = frozenset(
    (f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}rPr", f"{W}pPr", f"{MC}Fallback")
)
_UNSHOWN = ("SET ", "ASK ", "XE ", "TC ", "TA ", "RD ", "PRIVATE")  # whatever result is stored
_NO_RESULT = ("XE", "TC", "TA", "RD", "SET", "ASK", "PRIVATE", "FORMTEXT", "FORMCHECKBOX")
"""Fields that show nothing; others without a stored result show what is not in the file."""
_ART = "{urn:schemas-microsoft-com:vml}textpath"
_SHORT = 60  # signs of a paragraph of which a comment concerns the whole report
_CHANGED = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")
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
    return _written(data, media_type, renderer)[1].canvas.document()


def located(data: bytes) -> tuple[Any, dict[TableCell, Any]]:
    """The opened file, and by their places the elements of the cells of its tables.

    Raises:
        RefusedError: As for `read`.
    """
    opened, writer = _written(data, MEDIA_TYPE, RENDERER)
    return opened, writer.places


def _written(data: bytes, media_type: str, renderer: str) -> tuple[Any, _Writer]:
    """The opened file, and what has written its body."""
    archive = packed.check(data, "Word (.docx)")
    with packed.told("Word (.docx)"):
        import docx

        opened = docx.Document(io.BytesIO(packed.usual(archive, data)))
        part = opened.part
        body = part.element.body
        canvas = Canvas(media_type, renderer)
        if next(body.iter(*_CHANGED), None) is not None:
            canvas.notes.append("tracked changes are read as accepted")
        notes = {
            (kind, str(one.get(f"{W}id"))): one
            for kind in ("footnote", "endnote", "comment")
            for root in related(part, f"{kind}s")
            for one in root.iter(f"{W}{kind}")
        }
        writer = _Writer(canvas, Fonts(next(related(part, "styles"), None)), notes, Numbers(part))
        heads = list(related(part, "header"))
        canvas.beside += [writer.text(root) for root in (*heads, *related(part, "footer"))]
        canvas.beside += [one.get("string") or "" for r in (*heads, body) for one in r.iter(_ART)]
        writer.blocks(body, 0)
        return opened, writer


@dataclass(slots=True)
class _Writer:
    canvas: Canvas
    fonts: Fonts
    notes: dict[tuple[str, str], Any]
    numbers: Numbers
    tables: int = 0
    places: dict[TableCell, Any] = field(default_factory=dict)
    _boxes: list[Any] = field(default_factory=list)  # text boxes of the paragraph at hand
    _below: list[str] = field(default_factory=list)  # notes of the table at hand
    _fields: list[list[Any]] = field(default_factory=list)  # words, and whether a result was seen
    _around: Around = field(default_factory=Around)

    def text(self, root: Any) -> str:
        """What an element with paragraphs says, on one line."""
        inner = Written()
        for paragraph in root.iter(f"{W}p"):
            self._paragraph(paragraph, inner)
            inner.line()
        return inner.text

    def blocks(self, parent: Any, depth: int) -> None:
        """Write the paragraphs and tables in an element."""
        for child in children(parent):
            if child.tag == f"{W}p":
                self.paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                self.table(child, depth)

    def paragraph(self, paragraph: Any, depth: int) -> None:
        """One line, or several where it breaks; then what its text boxes hold."""
        written = Written()
        self._paragraph(paragraph, written)
        line: list[Piece] = []
        for piece in written.pieces:
            if piece.text == "\n":
                self.canvas.paragraph(line)
                line = []
            elif piece.text != BREAK:
                line.append(piece)
        self.canvas.paragraph(line)
        if written.struck_text:
            self.canvas.notes.append(f"left out as struck out: {written.struck_text}")
        if len(written.text) < _SHORT:  # of a title or heading
            self.canvas.beside += self._below
        else:
            self._write_below()
        self._below = []
        self._write_boxes(depth)

    def _write_boxes(self, depth: int) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            if depth > _MOST_DEEP:
                raise RefusedError("depth", _MOST_DEEP)
            if next(box.iter(f"{W}tbl"), None) is None:
                self.canvas.beside.append(self.text(box))
            self.blocks(box, depth + 1)

    def _write_below(self) -> None:
        notes, self._below = self._below, []
        for note in notes:
            self.canvas.paragraph([Piece(note)])

    def _paragraph(self, paragraph: Any, written: Written) -> None:
        style = value(paragraph, "pPr/pStyle") or self.fonts.default
        ground = self.fonts.paragraph_ground(style, self._around.ground)
        for shade in paragraph.findall(f"{W}pPr/{W}shd"):
            ground = behind(shade, ground)
        before = self._around
        self._around = replace(before, paragraph=style, ground=ground)
        self._write(paragraph, written, Look(doubtful=is_moved(paragraph)))
        self._around = before

    def _write(self, element: Any, written: Written, look: Look) -> None:
        """What is read of a paragraph or run."""
        for child in element:
            tag = child.tag
            if tag in _GONE or not isinstance(tag, str):
                continue
            name = tag.rpartition("}")[2]
            if tag in (f"{W}t", f"{_M}t"):
                self._saw(written, Piece(child.text or ""), look)
            elif tag == f"{W}r":
                self._run(child, written, look)
            elif name in ("br", "cr"):
                written.part()
            elif name in SHOWN:
                self._saw(written, Piece(SHOWN[name]), look)
            elif name in ("drawing", "pict", "object", "oMath", "oMathPara"):
                self._drawn(child, written, look)
            elif name == "fldChar":
                self._mark_field(child.get(f"{W}fldCharType"), written)
            elif tag == f"{MC}AlternateContent":
                if (chosen := alternative(child)) is not None:
                    self._write(chosen, written, look)
            elif name == "fldSimple":
                self._fields.append([str(child.get(f"{W}instr")), False, True])
                self._write(child, written, look)
                self._end_field(written)
            elif name in NOTES:
                self._note(NOTES[name], str(child.get(f"{W}id")), written)
            elif name == "ruby":
                for base in child.findall(f"{W}rubyBase"):
                    self._write(base, written, look)
                for small in child.findall(f"{W}rt"):
                    with written.noted():
                        self._write(small, written, look)
            elif tag not in (f"{W}tbl", f"{W}p"):
                self._write(child, written, within(child, look))

    def _run(self, run: Any, written: Written, outer: Look) -> None:
        look = self.fonts.look(run, self._around)
        if look.unseen:
            return
        marks = (f"{W}{note}[@{W}customMarkFollows]" for note in NOTES if self.notes)
        if any(run.find(mark) is not None for mark in marks):
            look = replace(look, raised=True)
        if outer.doubtful or outer.apart:
            doubtful, apart = look.doubtful or outer.doubtful, look.apart + outer.apart
            look = replace(look, doubtful=doubtful, apart=apart)
        if self._fields and not self._fields[-1][1]:
            self._fields[-1][0] += "".join(one.text or "" for one in run.findall(f"{W}instrText"))
        with written.noted(small=look.raised and not look.struck):
            self._write(run, written, look)

    def _saw(self, written: Written, piece: Piece, look: Look) -> None:
        if not all(shown for _, _, shown in self._fields):
            return  # what stands in the instruction of a field
        if self._fields and piece.text.strip():
            self._fields[-1][1] = True
        written.add(piece, look)

    def _drawn(self, element: Any, written: Written, look: Look) -> None:
        """A text box, a formula, or a picture."""
        boxes = [one for one in element.iter(f"{W}txbxContent") if not in_fallback(one, element)]
        self._boxes += boxes
        plain = all(
            not str(one.tag).startswith(_M) or one.tag[len(_M) :] in FLAT for one in element.iter()
        )
        if element.tag.startswith(_M) and plain:
            self._write(element, written, look)
        elif not boxes:
            written.add(Piece(SIGN), look)

    def _mark_field(self, kind: str | None, written: Written) -> None:
        if kind == "begin":
            self._fields.append(["", False, False])
        elif kind == "separate" and self._fields:
            shows_none = str(self._fields[-1][0]).strip().upper().startswith(_UNSHOWN)
            self._fields[-1][2] = not shows_none
        elif kind == "end":
            self._end_field(written)

    def _end_field(self, written: Written) -> None:
        words, seen, _ = self._fields.pop() if self._fields else ("", True, True)
        if not seen and not str(words).strip().upper().startswith(_NO_RESULT):
            written.add(Piece(SIGN), Look())
        if seen and self._fields:
            self._fields[-1][1] = True

    def _note(self, kind: str, number: str, written: Written) -> None:
        """A note of the page or of a reviewer: it is said under the table or paragraph."""
        note = self.notes.get((kind, number))
        text = "" if note is None else self.text(note)
        if text and kind == "comment":
            self._below.append(f"批注：{text}")
        elif kind != "comment":
            name = f"注{len(self._below) + 1}" if text else "注"
            written.add(Piece(f"（{name}）"), Look())
            self._below += [f"{name}：{text}"] if text else []

    def table(self, table: Any, depth: int) -> None:
        """A table as one, or its cells one after another when these hold tables."""
        if depth > _MOST_DEEP:
            raise RefusedError("depth", _MOST_DEEP)
        rows = [
            row
            for row in children(table)
            if row.tag == f"{W}tr"
            and row.find(f"{W}trPr/{W}del") is None
            and not on(row, "trPr/hidden")
        ]
        cells = [cell for row in rows for cell in cells_of(row)]
        inner = (one for cell in cells for one in cell.iter(f"{W}tbl"))
        if len(cells) == 1 or any(len(list(one.iter(f"{W}tc"))) > 1 for one in inner):
            for cell in cells:
                self.blocks(cell, depth + 1)
            return
        self.tables += 1
        style = value(table, "tblPr/tblStyle") or ""
        before, self._around = self._around, Around("", style, self.fonts.ground(style))
        for shade in table.findall(f"{W}tblPr/{W}shd"):
            self._around = replace(self._around, ground=behind(shade, self._around.ground))
        found = list(self._grid(rows))
        self._around = before
        struck = sum(cell.text.startswith("~~") for cell in found)
        if struck and struck == sum(bool(cell.text) for cell in found):
            self.canvas.notes.append("left out as struck out: a whole table")
        else:
            self.canvas.table(found)
        self._write_below()
        self._write_boxes(depth)

    def _grid(self, rows: list[Any]) -> Iterator[Cell]:
        number = self.tables
        begun: dict[int, tuple[Cell, Written]] = {}  # column -> the cell that may go on below
        done: list[tuple[Cell, Written]] = []
        for row, element in enumerate(rows):
            column = count(value(element, "trPr/gridBefore"), 0)
            here: dict[int, tuple[Cell, Written]] = {}
            low = is_squeezed(element)
            for cell in cells_of(element):
                wide = count(value(cell, "tcPr/gridSpan"), 1)
                merge = value(cell, "tcPr/vMerge")
                above = begun.get(column)
                if merge in ("", "continue") and above is not None:
                    tall, written = above
                    written.part()
                    self._content(cell, written, low=low)
                    here[column] = replace(tall, row_span=tall.row_span + 1), written
                else:
                    written = Written()
                    self._content(cell, written, low=low)
                    where = TableCell(number, row + 1, column + 1)
                    self.places[where] = cell
                    new = Cell(row, column, (), 1, wide, where)
                    if merge is None:
                        done.append((new, written))
                    else:
                        here[column] = new, written
                column += wide
            done += [
                one for at, one in begun.items() if at not in here or here[at][0].row != one[0].row
            ]
            begun = here
        for cell, written in (*done, *begun.values()):
            written.close()
            yield replace(cell, pieces=tuple(written.pieces), struck=written.struck_text)

    def _content(self, cell: Any, written: Written, *, low: bool = False) -> None:
        """What a cell says; its paragraphs, and tables of one cell in it, are lines."""
        before = self._around
        for shade in cell.findall(f"{W}tcPr/{W}shd"):
            self._around = replace(before, ground=behind(shade, before.ground))
        for child in children(cell):
            if child.tag == f"{W}p":
                self._paragraph(child, written)
                if self.numbers.counts(child):  # "1. 48" is no figure
                    written.add(Piece(SIGN), Look())
                if child.find(f"{W}pPr/{W}rPr/{W}del") is None:
                    written.part()
                boxes, self._boxes = self._boxes, []
                for (
                    box
                ) in boxes:  # one in a cell belongs to the cell, and where it lies is not known
                    inner = Written()
                    self._content(box, inner)
                    written.add(Piece(inner.text), Look(doubtful=True))
                    written.part()
            elif child.tag == f"{W}tbl":
                for inner_cell in child.iter(f"{W}tc"):
                    self._content(inner_cell, written)
        if low:
            written.add(Piece(SIGN), Look())
        self._around = before
