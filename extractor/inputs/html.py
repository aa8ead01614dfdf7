"""Web pages: saved ones with menus around the report, Word's exports, broken markup.

The content of a page is what stands round its tables; menus, lists of other years' reports and the links to
the next article are left out. Places are ranges of the decoded file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.encodings import attempts, is_binary
from extractor.inputs.canvas import Canvas, Cell, Piece
from extractor.inputs.chrome import FORM, Chrome, own_text
from extractor.inputs.fields import field_of
from extractor.inputs.limits import MOST_SPAN, RefusedError
from extractor.inputs.looks import Looks, PageLook
from extractor.inputs.markup import Element, Text, parse
from extractor.inputs.written import Look, Written
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
_MARKS = frozenset(("sup", "sub", "rt"))  # small letters beside a figure
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
    root = chrome.content([one for one in page.walk("table") if tables.is_data(one)])
    canvas = Canvas(MEDIA_TYPE, renderer, notes or [], encoding=encoding)
    writer = _Writer(canvas, chrome, looks, tables, text)
    title = chrome.title_for(root)
    if title is not None:
        writer.element(title)
    canvas.beside += [
        own_text(one)
        for one in page.walk()
        if one.attrib
        and _WATERMARK.search(f"{one.attrib.get('class')} {one.attrib.get('id')}")
        and not chrome.is_out_of_sight(one)
    ]
    writer.element(root)
    writer.edge()
    if chrome.left_out:
        canvas.notes.append(f"left out round the report: {chrome.left_out} menus or lists of links")
    if chrome.hidden:
        canvas.notes.append(f"left out as not shown: {chrome.hidden} hidden parts")
    return canvas.document()


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
        inner = (one for one in table.walk("table") if one is not table)
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
            and FORM.search("".join("".join(t.text for t in table.within()).split())) is not None
        )


@dataclass(slots=True)
class _Writer:
    """Goes through the content: into paragraphs of the canvas, or into a cell at hand."""

    canvas: Canvas
    chrome: Chrome
    looks: Looks
    tables: _Tables
    text: str
    _at: Written = field(default_factory=Written)
    _in_cell: bool = False
    _starts: list[int] = field(default_factory=list)  # of lines

    def edge(self) -> None:
        """The border of a block: it parts what is in a cell, elsewhere it ends the paragraph."""
        if self._in_cell:
            self._at.part()
            return
        self.canvas.paragraph(self._at.pieces)
        if self._at.struck:
            self.canvas.notes.append(f"left out as struck out: {self._at.struck_text}")
        self._at = Written()

    def element(self, element: Element) -> None:
        """Write an element, with its tables as such where it stands in no cell."""
        look = self.looks.of(element)
        shown = field_of(element) if self._in_cell and not look.gone else None
        if shown is not None:
            self._field(element, shown, look)
        elif self.chrome.is_hidden(element) if self._in_cell else self.chrome.skips(element):
            return
        elif not self._in_cell and element.tag == "table" and self.tables.is_grid(element):
            self.edge()
            self._table(element)
        elif element.tag in _MARKS:
            with self._at.noted():
                self._inside(element, look)
        elif look.block or element.tag == "br":
            self.edge()
            self._inside(element, look)
            self.edge()
        else:
            self._inside(element, look)

    def _inside(self, element: Element, look: PageLook) -> None:
        if look.before:
            self._at.add(Piece(look.before), look)
        for child in element.children:
            if isinstance(child, Element):
                self.element(child)
            elif not look.unseen:
                self._at.add(self._piece(child), look)
            elif child.text.strip():
                self.chrome.hidden += 1
        if look.after:
            self._at.add(Piece(look.after), look)

    def _field(self, element: Element, shown: list[Text], look: Look) -> None:
        """What a field or a picture shows; of an attribute's text the place is in the tag, where it stands there so."""
        if look.unseen:
            return
        self.edge()
        tag = self.text[element.start : element.end]
        for text in shown:
            if text.end:
                piece = self._piece(text)
            else:
                at = tag.rfind(text.text) if text.text else -1
                start, end = (at, at + len(text.text)) if at >= 0 else (0, len(tag))
                piece = Piece(text.text, self._place(element.start + start, element.start + end))
            self._at.add(piece, look)
        self.edge()

    def _piece(self, text: Text) -> Piece:
        said = text.text
        if "\n" in said:  # a space, but none between two signs of a script without spaces
            said = _LINE_END.sub(lambda found: " " * len(found.group()), said)
        return Piece(said, self._place(text.start, text.end))

    def _place(self, start: int, end: int) -> Characters:
        if not self._starts:
            self._starts += [0, *(one.end() for one in re.finditer(r"\r\n|\r|\n", self.text))]
        return Characters(bisect_right(self._starts, start), start, end)

    def _cell(self, element: Element) -> Written:
        """All that a cell says."""
        before = self._at, self._in_cell
        self._at, self._in_cell = Written(), True
        self._inside(element, self.looks.of(element))
        written = self._at
        self._at, self._in_cell = before
        return written

    def _table(self, table: Element) -> None:
        rows = self.tables.rows(table)
        for one in _astray(table):
            self.canvas.paragraph(self._cell(one).pieces)
        covered: dict[int, int] = {}  # column -> rows that a cell above still covers
        cells: list[Cell] = []
        struck, said, shut = 0, 0, self._shut(table)
        for number, row in enumerate(rows):
            column = 0
            taken: dict[int, int] = {}
            for one in row:
                while covered.get(column, 0) > 0:
                    column += 1
                wide = _number(one.attrib.get("colspan"))
                high = _number(one.attrib.get("rowspan"), len(rows) - number)
                high = min(high, len(rows) - number)
                written = self._cell(one)
                struck += bool(written.struck) and not written.text
                written.close(doubtful=column in shut)
                said += bool(written.text)
                place = None if written.text else self._place(one.end, one.end)
                pieces = tuple(written.pieces)
                cells.append(Cell(number, column, pieces, high, wide, place, written.struck_text))
                taken |= dict.fromkeys(range(column, column + wide), high)
                column += wide
            covered = {c: n - 1 for c, n in (covered | taken).items() if n > 1 or c in taken}
        if struck and struck == said:
            self.canvas.notes.append("left out as struck out: a whole table")
        else:
            self.canvas.table(cells)

    def _shut(self, table: Element) -> set[int]:
        """Columns that browsers do not agree to show."""
        found: set[int] = set()
        column = 0
        for one in table.walk("col"):
            wide = _number(one.attrib.get("span"))
            if self.looks.of(one).unseen:
                found.update(range(column, column + wide))
            column += wide
        return found


def _astray(table: Element) -> Iterator[Element]:
    """Captions, and what stands between the cells of a table and is shown before it."""
    yield from (one for one in table.children if isinstance(one, Element) and one.tag == "caption")
    waiting: list[Element] = [table]
    while waiting:
        one = waiting.pop()
        stray = Element(one.tag, one.attrib, end=one.end)
        stray.parent = one.parent
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
