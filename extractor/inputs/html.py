"""Web pages: saved ones with menus around the report, Word's exports, broken markup.

The content of a page is what stands round its tables; menus, lists of other years' reports and the links to
the next article are left out. Places are ranges of the decoded file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from extractor.encodings import attempts, is_binary
from extractor.inputs.canvas import Canvas, Cell, Piece
from extractor.inputs.chrome import FORM, Chrome, own_text
from extractor.inputs.limits import MOST_SPAN, RefusedError
from extractor.inputs.looks import Look, Looks
from extractor.inputs.markup import Element, Text, parse
from extractor.inputs.written import Written, field_of
from verify.document.model import Characters, Document

MEDIA_TYPE = "text/html"
RENDERER = "html/3"
_OPENING = re.compile(
    r"(?:\s|<!--.*?-->|<\?[^>]*>|<![^>]*>)*<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|h[1-6]|"
    r"span|section|article|center|style|script|link|base|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:p|div|td|tr|li|h[1-6])\s*>", re.IGNORECASE)
_MARKDOWN = re.compile(rb"^(?:#{1,6} |\|)", re.MULTILINE)
_CELLS = ("td", "th")
_WATERMARK = re.compile(r"water[_-]?mark|shuiyin", re.IGNORECASE)
_LINE_END = re.compile(r"(?<![\u2e80-\uffff])\s*\n\s*|\s*\n\s*(?![\u2e80-\uffff])")
_LONG = 400  # characters of a cell that holds more than a cell


def sniff(head: bytes) -> int:
    """100 for a page, 60 for a part of one, else 0: tables in Markdown are text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    head = head.removeprefix(b"\xef\xbb\xbf")
    opening = _OPENING.match(head[:4_000].decode("latin-1"))
    if opening is None:
        return 0
    if _PAGE.search(head):
        return 100
    part = len(_CLOSED.findall(head)) > 2 and _MARKDOWN.search(head) is None
    return 60 if part else 0


def read(data: bytes) -> Document:
    """The document of a page.

    Raises:
        RefusedError: In no encoding known here, or beyond a limit.
    """
    for encoding, text in attempts(data):
        if not is_binary(text):
            return render(text, encoding)
    text = data.decode("gb18030" if b"charset=gb" in data[:4_000].lower() else "utf-8", "replace")
    if is_binary(text) or text.count("\ufffd") * 100 > len(text):
        raise RefusedError("damaged", "HTML")
    return render(text, "utf-8", ["bytes that no encoding explains are shown as \ufffd"])


def render(
    text: str, encoding: str = "utf-8", notes: list[str] | None = None, renderer: str = RENDERER
) -> Document:
    """The document of a decoded page."""
    page = parse(text)
    looks = Looks(page)
    chrome = Chrome(page, looks)
    tables = _Tables(chrome)
    root = chrome.content(
        [one for one in page.walk() if one.tag == "table" and tables.is_data(one)]
    )
    canvas = Canvas(MEDIA_TYPE, renderer, notes or [], encoding=encoding)
    writer = _Writer(canvas, chrome, looks, tables, _Lines(text))
    title = chrome.title_for(root)
    if title is not None:
        writer.blocks(title)
    canvas.beside += [
        own_text(one)
        for one in page.walk()
        if one.attributes
        and _WATERMARK.search(f"{one.attributes.get('class')} {one.attributes.get('id')}")
        and not chrome.is_out_of_sight(one)
    ]
    writer.blocks(root)
    writer.flush()
    if chrome.left_out:
        canvas.notes.append(f"left out round the report: {chrome.left_out} menus or lists of links")
    if chrome.hidden:
        canvas.notes.append(f"left out as not shown: {chrome.hidden} hidden parts")
    return canvas.document()


class _Lines:
    """Numbers of lines, from 1, of offsets."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", self.text))]

    def of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


@dataclass(slots=True)
class _Tables:
    """Which tables are tables, and their rows."""

    chrome: Chrome
    _kinds: dict[Element, bool] = field(default_factory=dict)
    _rows: dict[Element, list[list[Element]]] = field(default_factory=dict)

    def rows(self, table: Element) -> list[list[Element]]:
        """Cells by row, as browsers order the parts of a table; those of tables within are not among them."""
        if table not in self._rows:
            self._rows[table] = self._rows_of(table)
        return self._rows[table]

    def _rows_of(self, table: Element) -> list[list[Element]]:
        found: list[tuple[int, list[Element]]] = []
        waiting = [(c, 1) for c in reversed(table.children) if isinstance(c, Element)]
        while waiting:
            one, part = waiting.pop()
            if one.tag == "tr":
                if not self.chrome.is_hidden(one):
                    cells = [c for c in one.children if isinstance(c, Element) and c.tag in _CELLS]
                    found.append((part, [c for c in cells if not self.chrome.is_hidden(c)]))
            elif one.tag not in ("table", *_CELLS) and not self.chrome.is_hidden(one):
                part = {"thead": 0, "tfoot": 2}.get(one.tag, part)
                waiting += [(c, part) for c in reversed(one.children) if isinstance(c, Element)]
        return [row for _, row in sorted(found, key=lambda one: one[0])]

    def is_grid(self, table: Element) -> bool:
        """Whether its cells hold words and figures and not the parts of a page."""
        known = self._kinds.get(table)
        if known is None:
            known = self._kinds[table] = self._is_grid(table)
        return known

    def _is_grid(self, table: Element) -> bool:
        rows = self.rows(table)
        if sum(map(len, rows)) < 2:
            return False
        inner = [one for one in table.walk() if one.tag == "table" and one is not table]
        if any(sum(map(len, self.rows(one))) > 1 for one in inner):
            return False
        blocks = {"p", "div", "li", "h1", "h2", "h3"}
        return not any(
            self.chrome.length(cell) > _LONG and sum(one.tag in blocks for one in cell.walk()) > 3
            for row in rows
            for cell in row
        )

    def is_data(self, table: Element) -> bool:
        """Whether it is one of the form's."""
        return (
            not self.chrome.is_out_of_sight(table)
            and self.is_grid(table)
            and FORM.search(own_text(table)) is not None
        )


@dataclass(slots=True)
class _Writer:
    """Goes through the content and writes it."""

    canvas: Canvas
    chrome: Chrome
    looks: Looks
    tables: _Tables
    lines: _Lines
    _line: Written = field(default_factory=Written)

    def flush(self) -> None:
        """End the paragraph."""
        if self._line.pieces:
            self.canvas.paragraph(self._line.pieces)
        if self._line.struck:
            self.canvas.notes.append(f"left out as struck out: {self._line.struck_text}")
        self._line = Written()

    def blocks(self, element: Element) -> None:
        """Write an element as paragraphs and tables."""
        if self.chrome.skips(element):
            return
        if element.tag == "table" and self.tables.is_grid(element):
            self.flush()
            self._table(element)
            return
        look = self.looks.of(element)
        if look.block or element.tag == "br":
            self.flush()
        self._line.add(Piece(look.before), look)
        for child in element.children:
            if isinstance(child, Text):
                self._say(child, look, self._line)
            elif child.tag in _MARKS and not self.chrome.skips(child):
                self._line.mark("[")
                self.blocks(child)
                self._line.mark("]")
            else:
                self.blocks(child)
        self._line.add(Piece(look.after), look)
        if look.block:
            self.flush()

    def _say(self, text: Text, look: Look, written: Written) -> None:
        if look.unseen:
            self.chrome.hidden += bool(text.text.strip())
        else:
            written.add(self._piece(text), look)

    def _piece(self, text: Text) -> Piece:
        said = text.text
        if "\n" in said:  # a space, but none between two signs of a script without spaces
            said = _LINE_END.sub(lambda found: " " * len(found.group()), said)
        return Piece(said, Characters(self.lines.of(text.start), text.start, text.end))

    def _table(self, table: Element) -> None:
        rows = self.tables.rows(table)
        for one in _astray(table):
            self.canvas.paragraph(self._written(one).pieces)
        covered: dict[int, int] = {}  # column -> rows that a cell above still covers
        cells: list[Cell] = []
        struck, shut = 0, self._shut(table)
        for number, row in enumerate(rows):
            column = 0
            taken: dict[int, int] = {}
            for one in row:
                while covered.get(column, 0) > 0:
                    column += 1
                wide = _number(one.attributes.get("colspan"))
                high = _number(one.attributes.get("rowspan"), len(rows) - number)
                high = min(high, len(rows) - number)
                written = self._written(one)
                struck += bool(written.struck) and not written.text
                written.close(doubtful=column in shut)
                place = None if written.text else self._place(one)
                pieces = tuple(written.pieces)
                cells.append(Cell(number, column, pieces, high, wide, place, written.struck_text))
                taken |= dict.fromkeys(range(column, column + wide), high)
                column += wide
            covered = {c: n - 1 for c, n in (covered | taken).items() if n > 1 or c in taken}
        if struck and struck == sum(bool(cell.text) for cell in cells):
            self.canvas.notes.append("left out as struck out: a whole table")
            return
        self.canvas.table(cells)

    def _shut(self, table: Element) -> set[int]:
        """Columns that browsers do not agree to show."""
        found: set[int] = set()
        column = 0
        for one in table.walk():
            if one.tag == "col":
                wide = _number(one.attributes.get("span"))
                if self.looks.of(one).unseen:
                    found.update(range(column, column + wide))
                column += wide
        return found

    def _place(self, cell: Element) -> Characters:
        """Of an empty cell: where its content would stand."""
        return Characters(self.lines.of(cell.end), cell.end, cell.end)

    def _written(self, element: Element) -> Written:
        """All that a cell says; blocks and breaks within are line ends."""
        written = Written()
        self._write(element, written)
        return written

    def _write(self, element: Element, written: Written) -> None:
        look = self.looks.of(element)
        written.add(Piece(look.before), look)
        for child in element.children:
            if isinstance(child, Text):
                self._say(child, look, written)
                continue
            inner = self.looks.of(child)
            if inner.gone:
                self.chrome.is_hidden(child)
                continue
            found = field_of(child)
            if found is not None and inner.unseen:
                continue
            if found is not None:
                written.part()
                for text in found:
                    written.add(self._piece(text) if text.end else self._value(child, text), inner)
                written.part()
            elif child.tag == "br":
                written.part()
            elif child.tag in _MARKS:
                written.mark("[")
                self._write(child, written)
                written.mark("]")
            elif not self.chrome.is_hidden(child):
                if inner.block:
                    written.part()
                self._write(child, written)
                if inner.block:
                    written.part()
        written.add(Piece(look.after), look)

    def _value(self, element: Element, text: Text) -> Piece:
        """A text that an attribute gives, with its place in the tag where it stands there so."""
        tag = self.lines.text[element.start : element.end]
        at = tag.rfind(text.text) if text.text else -1
        start, end = (at, at + len(text.text)) if at >= 0 else (0, len(tag))
        start, end = element.start + start, element.start + end
        return Piece(text.text, Characters(self.lines.of(start), start, end))


_MARKS = frozenset(("sup", "sub", "rt"))
"""Small letters beside a figure."""


def _astray(table: Element) -> Iterator[Element]:
    """Captions, and what stands between the cells of a table and is shown before it."""
    for one in table.children:
        if isinstance(one, Element) and one.tag == "caption":
            yield one
    waiting: list[Element] = [table]
    while waiting:
        one = waiting.pop()
        stray = Element(one.tag, one.attributes, parent=one.parent, end=one.end)
        for child in one.children:
            if isinstance(child, Text):
                stray.children.append(child)
            elif child.tag in ("thead", "tbody", "tfoot", "tr"):
                waiting.append(child)
            elif child.tag not in (*_CELLS, "caption", "col", "colgroup", "table", "form"):
                stray.children.append(child)
        if any(text.text.strip() for text in stray.within()):
            yield stray


def _number(written: str | None, none: int = 1) -> int:
    """A span; ``rowspan="0"`` reaches to the end.

    Raises:
        RefusedError: It is beyond any table.
    """
    found = re.match(r"\s*\+?([0-9]{1,30})", written or "1")
    number = int(found.group(1)) if found else 1
    if number > MOST_SPAN:
        raise RefusedError("span", MOST_SPAN)
    return number or none


__all__ = ["MEDIA_TYPE", "RENDERER", "read", "render", "sniff"]
