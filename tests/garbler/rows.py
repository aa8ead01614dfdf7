"""Damages to the rows of tables that leave every figure readable."""

from __future__ import annotations

from random import Random

from .layouts import LAYOUTS
from .model import Draft, Figure, Label, Line, Table
from .prose import remark
from .registry import damage

_LOCAL_ROWS = ("其中：网络申请", "其中：信函申请", "其中：当面申请", "其中：涉企申请")
_LOCAL_MATTERS = ("行政检查", "行政确认", "行政奖励")
_SHORT_LABEL = 4
_ENOUGH_ROWS = 5


def _group_starts(draft: Draft) -> list[Line]:
    """Rows that begin a group and have a label of their own."""
    return [
        line
        for table in draft.tables
        for line in table.rows
        if line.group is not None
        and line.own_label is not None
        and line.labels.index(line.group) == len(line.labels) - 2
        and line.group_place == "own"
    ]


def _complete(line: Line) -> bool:
    return bool(line.row) and all(f.text and f.role == "figure" for f in line.figures)


@damage("lossless")
def group_glued(draft: Draft, rng: Random) -> bool:
    """The label of a group stands in the cell of its first row's label."""
    rows = _group_starts(draft)
    for line in rng.sample(rows, rng.randint(1, len(rows))) if rows else []:
        line.group_place = "glued"
    return bool(rows)


@damage("lossless")
def group_after_first_row(draft: Draft, rng: Random) -> bool:
    """The label of a group is printed after the first row of the group."""
    rows = _group_starts(draft)
    for line in rng.sample(rows, rng.randint(1, min(2, len(rows)))) if rows else []:
        line.group_place = "after"
    return bool(rows)


@damage("lossless")
def labels_lost(draft: Draft, rng: Random) -> bool:
    """A row of figures stays between labelled rows without its own label."""
    table = draft.table("requests")
    if table is None or len(table.rows) < _ENOUGH_ROWS:
        return False
    rows = table.rows
    candidates = [
        i
        for i in range(1, len(rows) - 1)
        if all(
            _complete(r) and r.own_label and not (r.split or r.glue) for r in rows[i - 1 : i + 2]
        )
    ]
    if not candidates:
        return False
    first = rng.choice(candidates)
    others = [i for i in candidates if abs(i - first) > 1]
    chosen = [first, *rng.sample(others, min(len(others), rng.randint(0, 1)))]
    for place in chosen:
        rows[place].labels[-1] = None
        draft.unlabelled.update(figure.cell for figure in rows[place].figures)
    return True


def _split(draft: Draft, rng: Random, *, around: bool) -> bool:
    rows = [
        line
        for table in draft.tables
        for line in table.rows
        if line.own_label is not None
        and len(line.own_label.words) >= _SHORT_LABEL
        and _complete(line)
        and not line.glue
    ]
    for line in rng.sample(rows, min(len(rows), rng.randint(1, 4))):
        line.split = "around" if around else "after"
    return bool(rows)


@damage("lossless")
def label_around_figures(draft: Draft, rng: Random) -> bool:
    """Half of a label stands before the row of figures, half after it."""
    return _split(draft, rng, around=True)


@damage("lossless")
def label_ends_after_figures(draft: Draft, rng: Random) -> bool:
    """The second half of a label stands in the line after its row."""
    return _split(draft, rng, around=False)


@damage("lossless")
def labels_before_figures(draft: Draft, rng: Random) -> bool:
    """The labels of some neighbouring rows are printed first, then their figures in order."""
    table = draft.table("requests")
    if table is None or len(table.rows) < _ENOUGH_ROWS:
        return False
    first = rng.randint(0, len(table.rows) - 3)
    block = table.rows[first : first + rng.randint(2, 3)]
    if not all(_complete(line) and line.own_label and not line.glue for line in block):
        return False
    places = [table.lines.index(line) for line in block]
    if places != list(range(places[0], places[0] + len(block))):
        return False
    labels = [
        Line(line.labels, split=line.split, group_place=line.group_place, merged=True)
        for line in block
    ]
    for line in block:
        line.labels = [None] * len(line.labels)
        line.split, line.group_place = "", "own"
        draft.unlabelled.update(figure.cell for figure in line.figures)
    table.lines[places[0] : places[-1] + 1] = [*labels, *block]
    return True


@damage("lossless")
def glued_digits(draft: Draft, rng: Random) -> bool:
    """The single digits of the rows of a table are glued to each other and to their label."""
    found: dict[str, list[Line]] = {}
    for table in draft.tables:
        for line in table.rows:
            single = all(len(f.text) == 1 and f.role == "figure" for f in line.figures)
            if single and len(line.figures) > 1 and not line.split and line.labels[-1:] != [None]:
                found.setdefault(table.id, []).append(line)
    if not found:
        return False
    rows = found[rng.choice(sorted(found))]
    for line in rows if rng.random() < 0.5 else [rng.choice(rows)]:
        line.glue = "all"
    return True


@damage("lossless")
def figures_in_one_cell(draft: Draft, rng: Random) -> bool:
    """The figures of some rows stand in one cell, apart by spaces."""
    rows = [
        line
        for table in draft.tables
        if LAYOUTS[table.layout].separates
        for line in table.rows
        if _complete(line) and len(line.figures) > 1 and not (line.glue or line.split)
    ]
    for line in rng.sample(rows, min(len(rows), rng.choice((1, 4, 40)))):
        line.glue = "figures"
        line.merged = True
    return bool(rows)


@damage("lossless")
def rows_reordered(draft: Draft, rng: Random) -> bool:
    """Two neighbouring rows of a group stand in the other order, with their labels."""
    table = draft.table("requests")
    lines = table.lines if table else []
    places = [
        i
        for i in range(len(lines) - 1)
        if all(_complete(line) and line.own_label for line in lines[i : i + 2])
        and lines[i].group is None
        and lines[i + 1].group is None
        and len(lines[i].labels) == len(lines[i + 1].labels)
    ]
    if not places:
        return False
    place = rng.choice(places)
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    return True


@damage("legible")
def headers_lost(draft: Draft, rng: Random) -> bool:
    """A table under its heading has no header words."""
    tables = [t for t in draft.tables if t.id == "requests" and _header(t) and draft.heading(t.id)]
    for table in tables:
        headers = [line for line in table.lines if line.columns and not line.figures]
        gone = headers if rng.random() < 0.5 else headers[:2]
        table.lines = [line for line in table.lines if not any(line is lost for lost in gone)]
    return bool(tables)


@damage("lossless")
def group_labels_lost(draft: Draft, rng: Random) -> bool:
    """The labels of some groups are lost, their rows keep their own."""
    rows = _group_starts(draft)
    for line in rng.sample(rows, rng.randint(1, len(rows))) if rows else []:
        line.labels[-2] = None
    return bool(rows)


@damage("lossless")
def figure_glued_to_label(draft: Draft, rng: Random) -> bool:
    """The first figure of some rows follows its label without a gap."""
    rows = [
        line
        for table in draft.tables
        for line in table.rows
        if _complete(line) and line.own_label is not None and not (line.split or line.glue)
    ]
    for line in rng.sample(rows, min(len(rows), rng.choice((1, 3, 30)))):
        line.glue = "label"
    return bool(rows)


def _header(table: Table) -> list[Line]:
    """Fresh lines with the same header words."""
    return [
        Line(list(line.labels), list(line.columns))
        for line in table.lines
        if line.columns and not line.figures
    ]


@damage("lossless")
def page_break(draft: Draft, rng: Random) -> bool:
    """Page numbers, a running title or repeated headers stand between rows of table 三."""
    table = draft.table("requests")
    if table is None or len(table.rows) < _ENOUGH_ROWS:
        return False
    page = rng.randint(1, 9)
    number = rng.choice(
        (
            f"- {page} -",
            f"第{page}页",
            f"{page}",
            f"— {page} —",
            f"第 {page} 页 共 9 页",
            f"\f{page}",
            f"{page} / 9",
        )
    )
    pages = [number]
    if rng.random() < 0.3:
        pages.append(f"{draft.agency}{draft.year}年政府信息公开工作年度报告")
    headers = _header(table) if rng.random() < 0.4 else []
    place = table.lines.index(rng.choice(table.rows[1:]))
    table.lines[place:place] = [Line(pages=pages), *headers]
    return True


@damage("lossless")
def header_repeated(draft: Draft, rng: Random) -> bool:
    """The header words of a table are printed again between its rows."""
    tables = [t for t in draft.tables if t.id != "proactive" and _header(t) and len(t.rows) > 1]
    if not tables:
        return False
    table = rng.choice(tables)
    place = table.lines.index(rng.choice(table.rows[1:]))
    table.lines[place:place] = _header(table)
    return True


@damage("lossless")
def local_row(draft: Draft, rng: Random) -> bool:
    """A row that the form does not have stands among the others, with its own label."""
    table = draft.table(rng.choice(("proactive", "requests")))
    rows = [line for line in (table.rows if table else []) if _complete(line)]
    if table is None or not rows:
        return False
    if table.id == "requests":
        line, label = rows[0], rng.choice(_LOCAL_ROWS)
        if line.row != "new_received":
            return False
    else:
        rows = [row for row in rows if row.row in ("penalties", "coercion")]
        if not rows:
            return False
        line, label = rows[-1], rng.choice(_LOCAL_MATTERS)
    figures = [Figure("", str(rng.randint(0, 9))) for _ in line.figures]
    table.lines.insert(table.lines.index(line) + 1, Line([Label(label)], figures=figures))
    return True


@damage("lossless")
def local_column(draft: Draft, rng: Random) -> bool:
    """Table 三 has a remark column of its own, empty or with text that may hold digits."""
    table = draft.table("requests")
    if table is None or any(line.tail is not None for line in table.lines):
        return False
    if LAYOUTS[table.layout].empties == "shifted":
        return False
    headed = False
    for line in table.lines:
        if line.figures and not line.merged:
            line.tail = remark(rng)
            if line.tail not in ("", "—"):
                draft.at_least("legible")
        elif line.columns and not line.figures:
            line.tail = "" if headed else "备注"
            headed = True
    return True
