"""HTML inside a text: tables as lines of fields, other tags and comments out of the way.

A cell of a table stands once, at its anchor; the positions that it covers are empty fields. A table
is given by its tags, so a line break inside a cell joins what it parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from verify.document.signs import BREAK, NOTE, joint
from verify.document.view import Edit, View

_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>", re.IGNORECASE)
_BLOCKS = "p|div|br|hr|li|ul|ol|h[1-6]|section|article|header|footer|blockquote|pre|body|html|head|title|meta|center|dl|dt|dd"
_PARTS = "table|tr|td|th|thead|tbody|tfoot|caption|colgroup|col"
_INLINE = "a|b|i|u|em|strong|span|font|sub|sup|small|big|label|mark|code|img|o:p|ins"
_ATTRIBUTE = r"\s+[A-Za-z_:][A-Za-z0-9_:.-]*(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))?"
_TAG = re.compile(rf"<(/?)({_BLOCKS}|{_PARTS}|{_INLINE})((?:{_ATTRIBUTE})*)\s*/?>", re.IGNORECASE)
_SPANS = {
    name: re.compile(rf"\b{name}\s*=\s*[\"']?\s*([0-9]{{1,3}})", re.IGNORECASE)
    for name in ("colspan", "rowspan")
}
_ROW, _CELL, _BR, _PARAGRAPH, _END = "\x01", "\x02", "\x03", "\x04", "\x05"
_MARK = re.compile(f" *([{_ROW}{_CELL}{_END}]) *| *[{_BR}{_PARAGRAPH}][ {_BR}{_PARAGRAPH}]*")
_INNER_BLANK = re.compile(r"[ ]*[\t\r\n][ \t\r\n]*")
_TO_NOTE = re.compile(r"href\s*=\s*[\"']?#")
_RAISED = re.compile(
    r"\s*(?:[(（\[［]?[0-9①-⑳*]{1,2}[)）\]］]?|注[0-9]{0,2})\s*</(?:su[pb]|a)\s*>", re.IGNORECASE
)
_STRUCK = re.compile(
    r"<(s|del|strike)\b[^<>]{0,200}>.{0,200}?</\1\s*>"
    r"|<(span|font|b|i|u|em|strong|div|p|a)\b[^<>]{0,200}?(?:display\s*:\s*none|visibility\s*:\s*hidden"
    r"|line-through|\shidden(?=[\s=>]))[^<>]{0,200}>[^<>]{0,200}</\2\s*>",
    re.DOTALL | re.IGNORECASE,
)  # struck out, or hidden, by a tag or its style
_OF_OTHER_SIZE = (
    "small",
    "big",
    "label",
    "code",
    "ins",
    "mark",
    "a",
    "sub",
    "sup",
)  # are no part of a figure
_BR_TAG = re.compile(r"<br\b", re.IGNORECASE)
_FURTHER = re.compile(r"\s*<(?:/?(?:t|c)|!)", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DIGIT = re.compile(r"[0-9０-９]")
_MOST_COLUMNS = 60
_MANY = 20  # line breaks by tags in a text that has no others
_NEAR = 200  # characters within which a line of fields shows a separator
_EDGES = ("", "\n", _ROW, _CELL, _END)


@dataclass(slots=True)
class _Table:
    """Where the reading of a table stands.

    Attributes:
        column: Column of the grid after the last cell.
        printed: Fields begun on this line.
        covered: For a column the number of rows below that a cell above still covers.
        wide: Columns of the last cell.
        inside: Where the text of the last cell begins, None outside of cells.
    """

    column: int = 0
    printed: int = 0
    covered: dict[int, int] = field(default_factory=dict)
    wide: int = 1
    inside: int | None = None

    def next_row(self) -> None:
        """Begin a line."""
        self.covered = {at: rows - 1 for at, rows in self.covered.items() if rows > 1}
        self.column = self.printed = 0
        self.wide = 1
        self.inside = None

    def next_cell(self, attributes: str, text: str, start: int) -> int:
        """How many tabs stand before the next cell."""
        if self.wide > 1 and self.inside is not None and _is_figure(text[self.inside : start]):
            self.printed += self.wide - 1  # one figure for several columns is one field
        while self.column in self.covered:
            self.column += 1
        fields = self.column - self.printed
        self.printed = self.column
        self.wide = _number(attributes, "colspan")
        rows = _number(attributes, "rowspan")
        for at in range(self.column, self.column + self.wide):
            if rows > 1 and at < _MOST_COLUMNS:
                self.covered[at] = rows
        self.column += self.wide
        return fields


def _number(attributes: str, name: str) -> int:
    found = _SPANS[name].search(attributes)
    return min(max(1, int(found[1])), _MOST_COLUMNS) if found else 1


def _is_figure(cell: str) -> bool:
    plain = _TAG.sub("", cell)
    return _DIGIT.search(plain) is not None and _HAN.search(plain) is None


def comments(view: View) -> View:
    """Comments go, and join no two digits."""
    if "<!--" not in view.text:
        return view
    text = view.text
    edits: list[Edit] = []
    place = 0
    while (opened := text.find("<!--", place)) >= 0 and (closed := text.find("-->", opened)) >= 0:
        start = len(text[place:opened].rstrip(" \t")) + place
        end = closed + 3
        while text[end : end + 1] in (" ", "\t"):
            end += 1
        before, after = text[start - 1 : start], text[end : end + 1]
        joined = before.isdigit() and after.isdigit()
        edits.append((start, end, BREAK if joined else " " if before.strip() else ""))
        place = end
    return view.edited(edits)


def _hidden(text: str) -> list[Edit]:
    """Scripts and styles, to their ends."""
    edits: list[Edit] = []
    place = 0
    lower = text.lower() if _HIDDEN.search(text) else ""
    while (opened := _HIDDEN.search(lower, place)) is not None:
        closed = lower.find(f"</{opened[1]}", opened.end())
        if closed < 0 or len(lower) != len(text):
            break
        place = max(lower.find(">", closed) + 1, closed + 1)
        edits.append((opened.start(), place, ""))
    return edits


def tags(view: View) -> View:
    """Tables as lines of fields; other tags as line ends, or as nothing inside a line."""
    if "<" not in view.text or _TAG.search(view.text) is None:
        return view
    view = view.edited(_hidden(view.text)).replaced(_STRUCK, BREAK)
    return _with_lines(view.edited(_marked(view.text)))


def _marked(text: str) -> list[Edit]:
    """Every tag as the mark of what it begins or ends, and line ends of tables as blanks."""
    edits: list[Edit] = []
    tables: list[_Table] = []
    breaks = _breaks_lines(text)
    place = 0
    for tag in _TAG.finditer(text):
        start, end = tag.span()
        if start < place:
            continue
        name, closing = tag[2].lower(), bool(tag[1])
        if tables:
            edits += [(m.start(), m.end(), " ") for m in _INNER_BLANK.finditer(text, place, start)]
        place = end
        instead = ""
        if name == "table" and not closing:
            tables.append(_Table())
            instead = _ROW
        elif name == "table":
            tables = tables[:-1]
            instead = _END
        elif name == "tr" and not closing:
            tables = tables or [_Table()]
            tables[-1].next_row()
            instead = _ROW
        elif name in ("td", "th") and not closing and tables:
            instead = _CELL * tables[-1].next_cell(tag[3], text, start)
            tables[-1].inside = end
        elif name == "tr" and tables and _FURTHER.match(text, end) is None:
            tables = tables[:-1]
            instead = _END
        elif not closing and (name in ("sup", "sub") or (name == "a" and _TO_NOTE.search(tag[3]))):
            raised = _RAISED.match(text, end)
            if raised:
                instead, place = NOTE, raised.end()
        elif name in _OF_OTHER_SIZE:
            instead = (
                BREAK if text[start - 1 : start].isdigit() and text[end : end + 1].isdigit() else ""
            )
        elif name not in _INLINE.split("|"):
            instead = _break(text, tag, name, inside=bool(tables), lines=breaks)
        edits.append((start, place, instead))
    return edits


def _breaks_lines(text: str) -> bool:
    """Whether line breaks are tags in this text, so that none stands inside a cell."""
    count = len(_BR_TAG.findall(text))
    return count >= _MANY and count > text.count("\n")


def _break(text: str, tag: re.Match[str], name: str, *, inside: bool, lines: bool) -> str:
    """What stands for a tag that begins a line."""
    if inside:
        if name in _PARTS.split("|"):
            return _ROW if name == "caption" else ""
        return _BR if name == "br" else _PARAGRAPH
    start, end = tag.span()
    if lines:
        return "\n"
    before = text[max(0, start - _NEAR) : start].rpartition("\n")[2]
    after = text[end : end + _NEAR].partition("\n")[0]
    if "\t" in before + after or "|" in before + after:
        around = (_TAG.sub("", before).rstrip(" ")[-1:], _TAG.sub("", after).lstrip(" ")[:1])
        return joint(before[-1:], after[:1]) if name == "br" else joint(*around)
    return "\n"


def _with_lines(view: View) -> View:
    """Marks as line ends and tabs; breaks inside a cell by what they part."""
    text = view.text

    def instead(match: re.Match[str]) -> str:
        if match[1]:
            return "\t" if match[1] == _CELL else "\n"
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if before in _EDGES or after in _EDGES:
            return ""
        return joint(before, after, joins=_PARAGRAPH not in match[0])

    return view.replaced(_MARK, instead)
