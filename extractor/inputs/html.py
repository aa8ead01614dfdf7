"""Web pages: saved ones with menus around the report, Word's exports, broken markup.

The content of a page is what stands round its tables; menus, lists of other years' reports and the links to
the next article are left out. Places are ranges of the decoded file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from extractor.encodings import attempts, is_binary
from extractor.inputs.canvas import Canvas, Cell, Piece, one_line
from extractor.inputs.chrome import FORM, Chrome, own_text
from extractor.inputs.limits import MOST_SPAN, RefusedError
from extractor.inputs.markup import Element, Text, names, parse
from verify.document.model import Characters, Document

MEDIA_TYPE = "text/html"
RENDERER = "html/1"
_BLOCKS = names(
    "address article aside blockquote body center dd details dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav "
    "ol p pre section table tbody td tfoot th thead title tr ul caption"
)
_OPENING = re.compile(
    r"(?:\s|<!--.*?-->|<\?[^>]*>|<![^>]*>)*<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|h[1-6]|"
    r"span|section|article|center|style|script|link|base|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:p|div|td|tr|li|h[1-6])\s*>", re.IGNORECASE)
_MARKDOWN = re.compile(rb"^(?:#{1,6} |\|)", re.MULTILINE)
_CELLS = ("td", "th")
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
    chrome = Chrome(page)
    tables = _Tables(chrome)
    root = chrome.content(
        [one for one in page.walk() if one.tag == "table" and tables.is_data(one)]
    )
    canvas = Canvas(MEDIA_TYPE, renderer, notes or [], encoding=encoding)
    writer = _Writer(canvas, chrome, tables, _Lines(text))
    title = chrome.title_for(root)
    if title is not None:
        writer.blocks(title)
    writer.blocks(root)
    writer.flush()
    if chrome.left_out:
        canvas.notes.append(f"left out round the report: {chrome.left_out} menus or lists of links")
    if chrome.hidden:
        canvas.notes.append(f"left out as not shown: {chrome.hidden} hidden or deleted parts")
    return canvas.document()


class _Lines:
    """Numbers of lines, from 1, of offsets."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", self._text))]

    def of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


@dataclass(slots=True)
class _Tables:
    """Which tables are tables, and their rows."""

    chrome: Chrome
    _kinds: dict[Element, bool] = field(default_factory=dict)

    def rows(self, table: Element) -> list[list[Element]]:
        """Cells by row; those of tables within are not among them."""
        found: list[list[Element]] = []
        waiting = [c for c in reversed(table.children) if isinstance(c, Element)]
        while waiting:
            one = waiting.pop()
            if one.tag == "tr":
                if not self.chrome.is_hidden(one):
                    cells = [c for c in one.children if isinstance(c, Element) and c.tag in _CELLS]
                    found.append([c for c in cells if not self.chrome.is_hidden(c)])
            elif one.tag not in ("table", *_CELLS):
                waiting += [c for c in reversed(one.children) if isinstance(c, Element)]
        return found

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
        for row in rows:
            for cell in row:
                inner = [one for one in cell.walk() if one.tag == "table"]
                if any(sum(map(len, self.rows(one))) > 1 for one in inner):
                    return False
        blocks = {"p", "div", "li", "h1", "h2", "h3"}
        return not any(
            len(own_text(cell)) > _LONG and sum(one.tag in blocks for one in cell.walk()) > 3
            for row in rows
            for cell in row
        )

    def is_data(self, table: Element) -> bool:
        """Whether it is one of the form's."""
        return self.is_grid(table) and FORM.search(own_text(table)) is not None


@dataclass(slots=True)
class _Writer:
    """Goes through the content and writes it."""

    canvas: Canvas
    chrome: Chrome
    tables: _Tables
    lines: _Lines
    _line: list[Piece] = field(default_factory=list)

    def flush(self) -> None:
        """End the paragraph."""
        if self._line:
            self.canvas.paragraph(self._line)
            self._line = []

    def blocks(self, element: Element) -> None:
        """Write an element as paragraphs and tables."""
        if self.chrome.skips(element):
            return
        if element.tag == "table" and self.tables.is_grid(element):
            self.flush()
            self._table(element)
            return
        block = element.tag in _BLOCKS
        if block or element.tag == "br":
            self.flush()
        for child in element.children:
            if isinstance(child, Text):
                self._line.append(self._piece(child))
            else:
                mark = _MARKS.get(child.tag)
                if mark and not self.chrome.skips(child):
                    self._line.append(Piece(mark[0]))
                self.blocks(child)
                if mark:
                    self._line.append(Piece(mark[1]))
        if block:
            self.flush()

    def _piece(self, text: Text) -> Piece:
        return Piece(text.text, Characters(self.lines.of(text.start), text.start, text.end))

    def _table(self, table: Element) -> None:
        rows = self.tables.rows(table)
        for caption in (c for c in table.children if isinstance(c, Element) and c.tag == "caption"):
            self.canvas.paragraph(self._pieces(caption))
        covered: dict[int, int] = {}  # column -> rows that a cell above still covers
        cells: list[Cell] = []
        for number, row in enumerate(rows):
            column = 0
            taken: dict[int, int] = {}
            for one in row:
                while covered.get(column, 0) > 0:
                    column += 1
                wide = _number(one.attributes.get("colspan"))
                high = _number(one.attributes.get("rowspan"), len(rows) - number)
                high = min(high, len(rows) - number)
                pieces = tuple(self._pieces(one))
                cells.append(Cell(number, column, pieces, high, wide, self._place(one)))
                taken |= dict.fromkeys(range(column, column + wide), high)
                column += wide
            covered = {c: n - 1 for c, n in (covered | taken).items() if n > 1 or c in taken}
        self.canvas.table(cells)

    def _place(self, cell: Element) -> Characters | None:
        """Of an empty cell: where its content would stand."""
        if any(text.text.strip() for text in cell.within()):
            return None
        return Characters(self.lines.of(cell.end), cell.end, cell.end)

    def _pieces(self, element: Element) -> list[Piece]:
        """All that a cell says; blocks and breaks within are line ends."""
        found: list[Piece] = []
        for child in element.children:
            if isinstance(child, Text):
                found.append(self._piece(child))
            elif not self.chrome.is_hidden(child):
                block = child.tag in _BLOCKS or child.tag == "br"
                mark = _MARKS.get(child.tag)
                inner = self._pieces(child)
                if block:
                    inner = [Piece("\n"), *inner, Piece("\n")]
                elif mark and one_line("".join(piece.text for piece in inner)):
                    inner = [Piece(mark[0]), *inner, Piece(mark[1])]
                found += inner
        return found


_MARKS = {"sup": ("[", "]"), "sub": ("[", "]"), "s": (" ~~", "~~ "), "strike": (" ~~", "~~ ")}
"""What tells small and struck figures from the figure beside them."""


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
