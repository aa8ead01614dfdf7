"""Files whose cells are parted by commas or semicolons, and quoted cells of any file with separators.

A comma also stands in sentences and figures. So it parts cells only where quotes show them, or where
record after record has the same number, and never where it may group thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from verify.document.official import row_labels
from verify.document.signs import joint
from verify.document.view import Edit, View

_SEPARATORS = ",;\t|"
_FIELDS = "\t|"  # that part cells anyway, so that only quotes are to be undone
_FEWEST_SIGNS = 6
_FEWEST_QUOTED = 3
_RUN = 3  # records of one width that show a table
_LONGEST_CELL = 200
_REQUESTS, _PROCEEDINGS, _PAIR = 7, 15, 2  # columns of table 三, cells of table 四
_WIDTHS = frozenset({1, _PAIR, 3, 5, _REQUESTS, _PROCEEDINGS})
_PROCEEDINGS_WORDS = ("结果维持", "行政复议", "未经复议", "复议后起诉")
_FEWEST_ROWS = 5
_MOST_ROWS = 0.9  # of rows that a width of their own shows, or the widths are ragged
_HEADERS = 6  # lines of headers above the first row
_LONGEST_HEADER = 50
_SENTENCE = re.compile("[。；]|[0-9]")
_BREAK = re.compile(r"[ \t]*(?:\r\n|[\r\n\t])[ \t\r\n]*")
_HEAD = re.compile(r"(?:.*[^0-9])?[0-9]{1,3}", re.DOTALL)
_GROUP = re.compile(r"[0-9]{3}(?:[^0-9].*)?", re.DOTALL)
_FIGURE = re.compile(r"[-+]?[0-9][0-9,.]*|[-/—]?")
_ORDINAL = re.compile(r"^[\s（(一二三四五六七八九十0-9）).、．]+")


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a record: where its content stands, and whether quotes stand around it."""

    start: int
    end: int
    quoted: bool


@cache
def _cell_pattern(separator: str) -> re.Pattern[str]:
    sign = re.escape(separator)
    return re.compile(
        rf'[ ]*"((?:[^"]|""){{0,{_LONGEST_CELL}}})"[ ]*(?={sign}|[\r\n]|\Z)|([^{sign}\r\n]*)'
    )


def cells(view: View) -> View:
    """Separators of cells as tabs, quotes around cells gone."""
    text = view.text
    for separator in _SEPARATORS:
        count = text.count(separator)
        if count < _FEWEST_SIGNS or (separator in _FIELDS and '"' not in text):
            continue
        records = list(_records(text, separator))
        chosen = _chosen(text, records, separator)
        if chosen:
            return view.edited(_edits(text, chosen))
    return view


def _records(text: str, separator: str) -> Iterator[list[_Cell]]:
    """Every line as its cells; a quoted cell may hold line ends."""
    pattern = _cell_pattern(separator)
    place, size = 0, len(text)
    while place < size:
        record: list[_Cell] = []
        while True:
            match = pattern.match(text, place)
            assert match is not None
            quoted = match[1] is not None
            record.append(_Cell(*match.span(1 if quoted else 2), quoted))
            place = match.end()
            if place >= size or text[place] != separator:
                break
            place += 1
        yield record
        if place < size:
            place += 2 if text.startswith("\r\n", place) else 1


def _chosen(text: str, records: list[list[_Cell]], separator: str) -> list[list[_Cell]]:
    """The records that are rows of a table."""
    quoted = [r for r in records if len(r) > 1 and all(c.quoted for c in r)]
    chosen = {id(r): r for r in quoted} if len(quoted) >= _FEWEST_QUOTED else {}
    if separator in _FIELDS:
        if any(c.quoted for r in records for c in r if len(r) > 1):
            chosen = {id(r): r for r in records if any(c.quoted for c in r)}
    else:
        for width, group in groupby(records, key=len):
            run = list(group)
            if width > 1 and len(run) >= _RUN and _is_table(text, run):
                chosen |= {id(r): r for r in run}
    if separator not in _FIELDS:
        labelled = [id(r) for r in records if len(r) > 1 and _has_label(text, r)]
        if sum(at in chosen for at in labelled) < _MOST_ROWS * len(labelled):
            return _ragged(text, records)
    if not chosen:
        return []
    widths = {len(r) for r in chosen.values()}
    for record in records:
        alone = len(record) == 1 and record[0].quoted
        named = len(record) in widths and len(record) > 1 and separator not in _FIELDS
        figures = len(record) == _PROCEEDINGS == _figures_at_end(text, record)
        if (
            alone
            or figures
            or (named and _has_label(text, record) and not _may_group(text, [record]))
        ):
            chosen[id(record)] = record
    return sorted(chosen.values(), key=lambda record: record[0].start)


def _ragged(text: str, records: list[list[_Cell]]) -> list[list[_Cell]]:
    """Records of different widths, where row after row of table 三 ends in as many figures as it has columns.

    Then a row may have as many figures as a row of the form; with two, they may be one that is grouped.
    """
    tails = [_figures_at_end(text, record) for record in records]
    labelled = [
        at
        for at, (record, tail) in enumerate(zip(records, tails, strict=True))
        if tail < len(record) and _has_label(text, record)
    ]
    if sum(tails[at] == _REQUESTS for at in labelled) < _FEWEST_ROWS:
        return []
    first, last = labelled[0] - _HEADERS, len(records)
    chosen = []
    for at, (record, tail) in enumerate(zip(records, tails, strict=True)):
        if len(record) == 1:
            continue
        if tail:
            good = tail in _WIDTHS if tail < len(record) else tail == _PROCEEDINGS
            good = good and (tail != _PAIR or not _may_group(text, [record]))
        else:
            good = first <= at < last and all(_is_header(_content(text, cell)) for cell in record)
        if good:
            chosen.append(record)
    return chosen


def _figures_at_end(text: str, record: list[_Cell]) -> int:
    """How many cells at the end of a record are figures, marks or empty, from the first that is not empty."""
    found = 0
    for count, cell in enumerate(reversed(record), 1):
        content = _content(text, cell)
        if _FIGURE.fullmatch(content) is None:
            break
        found = count if content else found
    return found


def _is_header(content: str) -> bool:
    return len(content) <= _LONGEST_HEADER and not _SENTENCE.search(content)


def _is_table(text: str, run: list[list[_Cell]]) -> bool:
    """Whether records of one width hold figures beside words of the form, and no grouped thousands."""
    if any(cell.end - cell.start > _LONGEST_CELL for record in run for cell in record):
        return False
    figures = sum(
        all(_FIGURE.fullmatch(_content(text, cell)) for cell in record[1:][-1:]) for record in run
    )
    named = any(_has_label(text, record) for record in run)
    return named and figures * 2 >= len(run) and not _may_group(text, run)


def _may_group(text: str, run: list[list[_Cell]]) -> bool:
    """Whether two neighbouring columns can be read as the groups of one figure in every row."""
    filled = sum(any(_content(text, cell)[:1].isdigit() for cell in record) for record in run)
    for at in range(len(run[0]) - 1):
        pairs = [
            (_content(text, record[at]), _content(text, record[at + 1]))
            for record in run
            if not (record[at].quoted or record[at + 1].quoted)
        ]
        pairs = [(a, b) for a, b in pairs if a[-1:].isdigit() and b[:1].isdigit()]
        if 2 * len(pairs) < max(filled, 1):
            continue
        if all(_HEAD.fullmatch(a) and _GROUP.fullmatch(b) for a, b in pairs):
            return True
    return False


def _content(text: str, cell: _Cell) -> str:
    return text[cell.start : cell.end].strip()


def _has_label(text: str, record: list[_Cell]) -> bool:
    """Whether a cell begins with the label of a row, or with a word of table 四."""
    contents = [_content(text, cell) for cell in record]
    rows = any(_ORDINAL.sub("", content).startswith(row_labels()) for content in contents[:3])
    return rows or any(content.startswith(_PROCEEDINGS_WORDS) for content in contents)


def _edits(text: str, records: list[list[_Cell]]) -> list[Edit]:
    edits: list[Edit] = []
    for record in records:
        place = record[0].start - 1 if record[0].quoted else record[0].start
        for i, cell in enumerate(record):
            if cell.start > place:
                edits.append((place, cell.start, "\t" if i else ""))
            if cell.quoted:
                edits += _inside(text, cell)
            place = cell.end
        if record[-1].quoted:
            edits.append((place, place + 1, ""))
    return edits


def _inside(text: str, cell: _Cell) -> list[Edit]:
    """Line ends and doubled quotes inside a quoted cell."""
    content = text[cell.start : cell.end]
    edits: list[Edit] = []
    for match in _BREAK.finditer(content):
        before = content[match.start() - 1 : match.start()]
        after = content[match.end() : match.end() + 1]
        edits.append((cell.start + match.start(), cell.start + match.end(), joint(before, after)))
    edits += [
        (cell.start + m.start(), cell.start + m.end(), '"') for m in re.finditer('""', content)
    ]
    return sorted(edits)
