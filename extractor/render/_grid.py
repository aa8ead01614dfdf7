"""Tables of a form as aligned text, the cells that matter marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from extractor.render._facts import figure_in
from extractor.render._text import clip, pad, width_of, wrap
from extractor.render._words import WORDS
from extractor.render.labels import column_label, row_label, table_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from extractor.render._facts import Facts, Sign
    from extractor.render._words import Lang
    from verify.forms import Row, Table

    Paint = Callable[[str, str], str]

_SMALL = 8
_HEADER_WIDTH = 8
_LABEL_MIN, _LABEL_MAX = 16, 40


@dataclass(frozen=True, slots=True)
class Grid:
    """A text table: its lines and the signs that occur in it."""

    lines: tuple[str, ...]
    signs: frozenset[Sign]


def _style(facts: Facts, name: str) -> str:
    flag = facts.flags.get(name, "")
    if flag in {"suspect", "doubtful", "named"}:
        return "error"
    if flag == "member":
        return "warning"
    return "" if facts.result.cells[name].state == "read" else "note"


def _concerned_rows(facts: Facts, table: Table, rows: Sequence[Row]) -> list[Row]:
    if len(rows) <= _SMALL:
        return list(rows)
    # A clerk checks a sum by its terms: the rows that put something into a failed sum belong to
    # the picture although none of their cells is marked.
    terms = {name for e in facts.broken for name in e.identity.cells}

    def concerns(row: Row) -> bool:
        return row.id in table.summed_rows or any(
            facts.signs(name) - {"member"}
            or (name in terms and figure_in(facts.result.cells[name]) not in {0, "0", None})
            for name in table.cells(row)
        )

    return [row for row in rows if concerns(row)]


def _aligned(
    facts: Facts, cells: Mapping[Row, tuple[str, ...]], lang: Lang, width: int, paint: Paint
) -> list[str]:
    rows = list(cells)
    columns = rows[0].columns
    headers = [wrap(column_label(column, lang), _HEADER_WIDTH) for column in columns]
    # The flag has a place of its own so that the figures stay in line with and without it.
    bodies = [
        [
            (facts.body(name, lang), facts.flag(name, lang) or " ", _style(facts, name))
            for name in names
        ]
        for names in cells.values()
    ]
    widths = [
        max(*(width_of(line) for line in header), *(width_of(b[i][0]) + 1 for b in bodies), 4)
        for i, header in enumerate(headers)
    ]
    labels = [row_label(row, lang) for row in rows]
    room = width - 2 - sum(w + 2 for w in widths)
    label_width = min(
        max(width_of(label) for label in labels), max(_LABEL_MIN, min(room, _LABEL_MAX))
    )
    height = max(len(header) for header in headers)
    lines = []
    for i in range(height):
        parts = [pad("", label_width)]
        for header, w in zip(headers, widths, strict=True):
            # Headers sit on the figures: short ones on the last line.
            above = height - len(header)
            parts.append(pad(header[i - above] if i >= above else "", w - 1, right=True) + " ")
        lines.append(paint(("  " + "  ".join(parts)).rstrip(), "dim"))
    for label, row_bodies in zip(labels, bodies, strict=True):
        parts = [pad(clip(label, label_width), label_width)]
        for (body, flag, style), w in zip(row_bodies, widths, strict=True):
            cell = pad(body, w - 1, right=True) + flag
            parts.append(paint(cell, style) if style else cell)
        lines.append(("  " + "  ".join(parts)).rstrip())
    return lines


def concerned_tables(facts: Facts, lang: Lang, width: int, paint: Paint) -> Grid:
    """Every table with a cell to look at, cut to the rows that matter.

    Args:
        facts: The result.
        lang: Language of labels.
        width: Terminal cells to fit into; labels are cut for it, figures never.
        paint: Puts a style around a text, or returns it as it is.
    """
    words = WORDS[lang]
    lines: list[str] = []
    signs: set[Sign] = set()
    for table in facts.form.tables if facts.form else ():
        names = [name for row in table.rows for name in table.cells(row)]
        if not any(facts.signs(name) for name in names):
            continue
        lines.append("")
        lines.append(paint(table_heading(table, lang), "bold"))
        states = {facts.result.cells[name].state for name in names}
        if len(states) == 1 and states <= {"missing", "blank", "unreadable"}:
            state = words.states[next(iter(states))]
            lines.append("  " + words.whole_table.format(count=len(names), state=state))
            continue
        for _, group in groupby(table.rows, key=lambda row: row.columns):
            block = list(group)
            if not any(facts.signs(name) for row in block for name in table.cells(row)):
                continue
            rows = _concerned_rows(facts, table, block)
            cells = {row: table.cells(row) for row in rows}
            lines += _aligned(facts, cells, lang, width, paint)
            if len(rows) < len(block):
                more = words.more_rows.format(len(block) - len(rows))
                lines.append(paint("  " + more, "dim"))
            for row in rows:
                for name in table.cells(row):
                    signs |= facts.signs(name)
    return Grid(tuple(lines), frozenset(signs))


def legend(signs: frozenset[Sign], lang: Lang) -> str:
    """What each sign that occurs means, in a fixed order; empty when none does."""
    words = WORDS[lang]
    known = [f"{words.signs[sign]} {words.legend[sign]}" for sign in words.legend if sign in signs]
    separator = "；" if lang == "zh" else "; "
    return words.legend_title + words.colon + separator.join(known) if known else ""
