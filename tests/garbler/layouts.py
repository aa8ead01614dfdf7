"""The layouts: how a table's grid becomes flat text.

A line of a table becomes one or more grids of slots (a slot is the pieces of one printed cell);
a `Layout` says which empty slots are kept and what stands between slots and rows.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Literal

from .model import Draft, Figure, Label, Line, Paragraph, Piece, Table

Slot = list[Piece]


@dataclass(frozen=True, slots=True)
class Layout:
    """How slots are joined.

    Attributes:
        open: Printed before a row.
        between: Printed between two slots.
        close: Printed after a row.
        empties: Which empty slots are kept: none, those of the merged cells as exporters leave
            them (ragged), all of the rectangle (grid), or ragged with random extra ones (shifted).
        after_labels: Printed between labels and figures in place of ``between``.
        padded: Slots are filled with spaces to the width of their column.
        rule: Lines between rows: none, under the first row, or around every row.
        keeps_trailing: Whether cells merged along a row leave empty slots.
    """

    open: str
    between: str
    close: str
    empties: Literal["none", "ragged", "grid", "shifted"]
    after_labels: str = ""
    padded: bool = False
    rule: Literal["", "first", "all"] = ""
    keeps_trailing: bool = True

    @property
    def positional(self) -> bool:
        """Whether a blank cell in the middle of a row can be told by its place."""
        return self.empties != "none"

    @property
    def separates(self) -> bool:
        """Whether a space inside a cell cannot be taken for the gap between two cells."""
        return not self.between.isspace() or bool(set(self.between) & {"\t", "\n"})


LAYOUTS: dict[str, Layout] = {
    "tabs": Layout("", "\t", "\n", "ragged"),
    "tabs_grid": Layout("", "\t", "\n", "grid"),
    "tabs_shifted": Layout("", "\t", "\n", "shifted"),
    "tabs_dense": Layout("", "\t", "\n", "none"),
    "pipes_markdown": Layout("| ", " | ", " |\n", "grid", rule="first"),
    "pipes_bare": Layout("", "|", "\n", "ragged"),
    "box": Layout("│", "│", "│\n", "grid", padded=True, rule="all"),
    "aligned": Layout("", "  ", "\n", "grid", padded=True),
    "spaces": Layout("", " ", "\n", "none"),
    "ideographic_spaces": Layout("", "\u3000", "\n", "none"),
    "nbsp": Layout("\xa0", "\xa0\xa0", "\xa0\n", "none"),
    "cells_tight": Layout("", "\n", "\n", "none"),
    "cells_spaced": Layout(" ", "\n\n ", "\n\n", "none"),
    "cells_indented": Layout("\t", "\n\t", "\n\n", "ragged", keeps_trailing=False),
    "one_line": Layout("", " ", " ", "none"),
    "one_line_wide": Layout("", "   ", "   ", "none"),
    "labels_apart": Layout("", " ", "\n", "none", after_labels="\n"),
    "labels_apart_tabs": Layout("", "\t", "\n", "none", after_labels="\n\t"),
}

# Never drawn for a report: a damage puts a table into one of these.
EXPORTED: dict[str, Layout] = {
    "csv": Layout("", ",", "\n", "grid"),
    "csv_quoted": Layout('"', '","', '"\n', "grid"),
    "csv_semicolons": Layout("", ";", "\n", "grid"),
    "csv_semicolons_quoted": Layout('"', '";"', '"\n', "grid"),
    "csv_pipes_trailing": Layout("", " | ", " | ||\n", "none"),
    "bell": Layout("", "\x07", "\x07\n", "ragged"),
    "cells_empty_lines": Layout("", "\n", "\n\n\n", "grid"),
}


def layout_of(table: Table) -> Layout:
    """The layout in which a table is printed."""
    return LAYOUTS.get(table.layout) or EXPORTED[table.layout]


def positional(table: Table, line: Line) -> bool:
    """Whether a reader can tell which cell of a line is blank."""
    layout = layout_of(table)
    if len(line.figures) == 1:
        return True
    edges_known = layout.empties == "grid" or bool(line.figures[0].text and line.figures[-1].text)
    return layout.positional and edges_known and layout.between.strip(" ") != ""


def render(draft: Draft, rng: Random) -> list[Piece]:
    """All pieces of a draft, in order."""
    pieces: list[Piece] = []
    for block in draft.blocks:
        if isinstance(block, Paragraph):
            _break_line(pieces)
            if block.ordinal:
                pieces.append(Piece(block.ordinal, "ordinal", table="heading"))
            pieces.append(Piece(block.text, block.role, table=block.table))
            pieces.append(Piece(draft.line_break, "gap"))
        else:
            _break_line(pieces)
            pieces += _render_table(block, rng)
            _break_line(pieces)
            pieces.append(Piece("\n", "gap"))
    return pieces


def _break_line(pieces: list[Piece]) -> None:
    if pieces and not pieces[-1].text.endswith("\n"):
        pieces.append(Piece("\n", "gap"))


def _render_table(table: Table, rng: Random) -> list[Piece]:
    layout = layout_of(table)
    spare = {n: rng.randint(0, 2) for n in range(table.label_columns + 1)}
    trailing = {n: rng.randint(0, 1) for n in range(table.label_columns + 1)}
    grids: list[tuple[Line, list[Slot], list[Slot]]] = []
    for line in table.lines:
        for labels, figures in _grids(line, table.id):
            before, after = _with_empties(table, layout, line, labels, figures)
            if layout.empties == "shifted":
                before += [[] for _ in range(spare.get(len(line.labels), 0))]
                after += [[] for _ in range(trailing.get(len(line.labels), 0))]
            grids.append((line, before, after))
    widths = _widths([before + after for _, before, after in grids]) if layout.padded else []
    pieces: list[Piece] = []
    for line, before, after in grids:
        if line.pages:
            _break_line(pieces)
            for text in line.pages:
                pieces += [Piece(text, "page"), Piece("\n", "gap")]
            continue
        if layout.rule == "all":
            pieces.append(Piece("├" + "┼".join("─" * w for w in widths) + "┤\n", "gap"))
        pieces += _join(layout, before, after, widths)
        if layout.rule == "first" and line is grids[0][0]:
            rule = "|" + " --- |" * len(before + after) + "\n"
            pieces.append(Piece(rule, "gap"))
    return pieces


def _label_slot(label: Label | None, table: str) -> Slot:
    if label is None:
        return []
    ordinal = [Piece(label.ordinal, "ordinal", table=table)] if label.ordinal else []
    return [*ordinal, Piece(label.words, label.role, table=table)]


def _figure_slot(figure: Figure, table: str) -> Slot:
    slot = [Piece(figure.before, "remark", table=table)] if figure.before else []
    if figure.text:
        slot.append(Piece(figure.text, figure.role, figure.cell, table))
    if figure.after:
        slot.append(Piece(figure.after, "remark", table=table))
    return slot


def _grids(line: Line, table: str) -> list[tuple[list[Slot], list[Slot]]]:
    """The rows of slots that a line is printed as, labels and figures apart."""
    labels = [_label_slot(label, table) for label in line.labels]
    figures = [_label_slot(word, table) for word in line.columns]
    figures += [_figure_slot(figure, table) for figure in line.figures]
    if line.tail is not None:
        figures.append([Piece(line.tail, "remark", table=table)] if line.tail else [])
    extra: list[tuple[list[Slot], list[Slot]]] = []
    group = line.group
    if group is not None and line.group_place != "own":
        place = line.labels.index(group)
        if line.group_place == "glued":
            labels[place : place + 2] = [[*labels[place], Piece(" ", "gap"), *labels[place + 1]]]
        else:
            extra = [([labels[place]], [])]
            labels[place] = []
    if line.split and line.own_label is not None:
        return [*_split(line, labels, figures), *extra]
    if line.glue:
        labels, figures = _glued(line, labels, figures)
    return [(labels, figures), *extra]


def _glued(line: Line, labels: list[Slot], figures: list[Slot]) -> tuple[list[Slot], list[Slot]]:
    """Slots run together: the first figure, or all, with the label or with each other."""
    count = 1 if line.glue == "label" else len(line.figures)
    slot: Slot = []
    for place, figure in enumerate(figures[:count]):
        gap = [Piece(" ", "gap")] if place and line.glue == "figures" else []
        slot = [*slot, *gap, *figure]
    if line.glue == "figures" or not labels:
        return labels, [slot, *figures[count:]]
    return [*labels[:-1], [*labels[-1], *slot]], figures[count:]


def _split(
    line: Line, labels: list[Slot], figures: list[Slot]
) -> list[tuple[list[Slot], list[Slot]]]:
    """A label cut in two, with the figures between the halves or beside the first."""
    words = labels[-1][-1]
    half = len(words.text) // 2
    head = Piece(words.text[:half], words.role, table=words.table)
    rest = Piece(words.text[half:], words.role, table=words.table)
    empty: list[Slot] = [[] for _ in labels[:-1]]
    first = [*labels[:-1], [*labels[-1][:-1], head]]
    second = [*empty, [rest]]
    if line.split == "around":
        return [(first, []), ([*empty, []], figures), (second, [])]
    return [(first, figures), (second, [])]


def _with_empties(
    table: Table, layout: Layout, line: Line, labels: list[Slot], figures: list[Slot]
) -> tuple[list[Slot], list[Slot]]:
    if layout.empties == "none":
        return [slot for slot in labels if slot], [slot for slot in figures if slot]
    if layout.empties == "grid":
        labels = labels + [[] for _ in range(table.label_columns - len(labels))]
    if layout.keeps_trailing and not (line.pages or line.glue or line.merged):
        tails = 1 if line.tail is not None else 0
        missing = table.width + tails - len(figures)
        place = len(figures) - tails
        figures = figures[:place] + [[] for _ in range(missing)] + figures[place:]
    elif not layout.keeps_trailing and not line.figures:
        first = next((i for i, slot in enumerate(figures) if slot), 0)
        figures = figures[:first] + [slot for slot in figures if slot]
    return labels, figures


def _text(slot: Slot) -> str:
    return "".join(piece.text for piece in slot)


def _display_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _widths(rows: list[list[Slot]]) -> list[int]:
    columns = max((len(row) for row in rows), default=0)
    return [
        max(_display_width(_text(row[i])) for row in rows if i < len(row)) for i in range(columns)
    ]


def _join(layout: Layout, before: list[Slot], after: list[Slot], widths: list[int]) -> list[Piece]:
    pieces = [Piece(layout.open, "gap")]
    for place, slot in enumerate(before + after):
        if place:
            at_figures = place == len(before) and layout.after_labels
            pieces.append(Piece(layout.after_labels if at_figures else layout.between, "gap"))
        pieces += slot
        if widths:
            pieces.append(Piece(" " * (widths[place] - _display_width(_text(slot))), "gap"))
    pieces.append(Piece(layout.close, "gap"))
    return pieces
