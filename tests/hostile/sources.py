"""Sources at which the verifier bends its rules, drawn by seed: other words, columns first, parts.

A verifier that takes other words for a label, a table by columns or one in parts has left the safety of
verbatim labels in order; these reports are for the models that lie just there.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.hard.draft import CELLS, PIPES, SPACES, TABS, Draft, HardReport, Style
from tests.hard.traps import LOCAL, REWORDED
from verify.forms import Row

_VARIANTS = ("2021+2021", "2019+2019", "2021+2019", "2019+2021")
_SCALES = ("zero", "zero", "tiny", "tiny", "small", "medium")
_STYLES = (TABS, SPACES, PIPES, CELLS)
_BETWEEN = (
    "窗口工作人员耐心解释办理流程，对不属于本机关职责的事项及时告知去向，并做好登记，方便日后查询与"
    "核对，群众普遍表示满意，没有出现推诿扯皮的情形。"
)


def reworded(seed: int) -> HardReport:
    """Rows of table 三 under other words, alone and side by side; some labels lost."""
    d, rng, style = _begun(seed)
    rows = list(d.heading("requests").rows)
    first = rng.randrange(len(rows))
    changed = set(range(first, min(len(rows), first + rng.randint(1, 4))))
    changed |= set(rng.sample(range(len(rows)), rng.randint(0, 5)))
    words = {rows[i].id: rng.choice((*REWORDED[rows[i].id], "")) for i in changed}
    d.request_headers(style)
    d.requests(style, words, rows)
    return _ended(d, style, "reworded")


def reworded_and_wrong(seed: int) -> HardReport:
    """Rows under other words, and the figures of one of them are not those that would balance."""
    d, rng, style = _begun(seed)
    rows = list(d.heading("requests").rows)
    changed = rng.sample(rows, rng.randint(1, 3))
    words = {row.id: rng.choice(REWORDED[row.id]) for row in changed}
    cells = d.form.table("requests").cells(changed[0])
    at, by = rng.randrange(6), rng.randint(1, 4)
    d.figures[cells[at]] += by
    if rng.random() < 0.8:  # the row itself adds up
        d.figures[cells[6]] += by
    d.request_headers(style)
    d.requests(style, words, rows)
    made = _ended(d, style, f"reworded and wrong: {changed[0].id}")
    return replace(made, verdict="inconsistent")


def cut_off(seed: int) -> HardReport:
    """Table 三 ends within rows （六） or soon after, or lacks one of them."""
    d, rng, style = _begun(seed)
    rows = list(d.heading("requests").rows)
    six = [at for at, row in enumerate(rows) if row.id.startswith("other")]
    how = rng.randrange(3)
    if how == 0:
        kept = rows[: six[0] + rng.randint(1, len(six))]
    elif how == 1:
        kept = [row for at, row in enumerate(rows) if at not in six[1:]]
    else:
        gone = rng.sample([*six, len(rows) - 2, len(rows) - 1], 2)
        kept = [row for at, row in enumerate(rows) if at not in gone]
    d.request_headers(style)
    d.requests(style, {}, kept)
    return _ended(d, style, "cut off")


def by_column(seed: int) -> HardReport:
    """Table 三 column by column, the columns in any order, now and then a mark for a zero."""
    d, rng, style = _begun(seed)
    table = d.heading("requests")
    order = list(range(7))
    if rng.random() < 0.5:
        rng.shuffle(order)
    names = [name for row in table.rows for name in table.cells(row)]
    zeros = [name for name in names if d.figures[name] == 0]
    for name in rng.sample(zeros, min(len(zeros), rng.choice((0, 0, 2)))):
        d.blank[name] = rng.choice(("/", "—"))
    labels = [label + "\n" for row in table.rows for label in d.labels(row, {})]
    before = rng.random() < 0.5
    if before:
        d.say(*labels)
    for at in order:
        d.say(table.rows[0].columns[at].label, "\n")
        d.line(style, [], [table.cells(row)[at] for row in table.rows])
    if not before:
        d.say(*labels)
    return _ended(d, style, "by column")


def gaps(seed: int) -> HardReport:
    """Neighbouring rows of table 三 without labels, and a local row beside or for one that is lost."""
    d, rng, style = _begun(seed)
    rows = list(d.heading("requests").rows)
    d.request_headers(style)
    first = rng.randrange(1, len(rows) - 4)
    bare = set(range(first, first + rng.randint(1, 4)))
    lost = rng.choice((-1, first - 1, first, rng.randrange(len(rows))))
    local = rng.choice((-1, lost, first, rng.randrange(len(rows))))
    for at, row in enumerate(rows):
        cells = d.form.table("requests").cells(row)
        if at != lost:
            d.line(style, [] if at in bare else d.labels(row, {}), cells)
        if at == local:
            _local(d, style, rng, row)
    return _ended(d, style, "gaps")


def scattered(seed: int) -> HardReport:
    """Table 三 in two or three parts with prose between, some labels in other words."""
    d, rng, style = _begun(seed)
    rows = list(d.heading("requests").rows)
    cuts = sorted(rng.sample(range(2, len(rows) - 2), rng.randint(1, 2)))
    changed = rng.sample(rows, rng.randint(0, 4))
    words = {row.id: rng.choice(REWORDED[row.id]) for row in changed}
    d.request_headers(style)
    for first, last in zip((0, *cuts), (*cuts, len(rows)), strict=True):
        d.requests(style, words, rows[first:last])
        d.say("\n", _BETWEEN, "\n\n")
    return _ended(d, style, "scattered")


def blocks(seed: int) -> HardReport:
    """Labels of neighbouring rows together before their figures, remarks between the rows."""
    d, rng, style = _begun(seed)
    style = TABS if style is CELLS else style
    rows = list(d.heading("requests").rows)
    d.request_headers(style)
    at = 0
    while at < len(rows):
        part = rows[at : at + rng.randint(1, 5)]
        d.say(*(label + "\n" for row in part for label in d.labels(row, {})))
        for row in part:
            remark = "与上年基本持平" if rng.random() < 0.4 else ""
            d.line(style, [], d.form.table("requests").cells(row), remark)
        at += len(part)
    return _ended(d, style, "blocks")


DRAWN = (reworded, reworded_and_wrong, cut_off, by_column, gaps, scattered, blocks)


def drawn(seed: int) -> HardReport:
    """One of them."""
    return DRAWN[seed % len(DRAWN)](seed)


def _begun(seed: int) -> tuple[Draft, Random, Style]:
    rng = Random(seed)
    d = Draft(rng.choice(_VARIANTS), rng.choice(_SCALES), seed)
    style = rng.choice(_STYLES)
    d.opening("临湖县水产局", 2022, "本局各项公开工作按部就班。")
    d.proactive(rng.choice((TABS, SPACES)))
    return d, rng, style


def _ended(d: Draft, style: Style, why: str) -> HardReport:
    d.proceedings(TABS if style is CELLS else style)
    d.closing("公开渠道有待拓宽。")
    return d.done("", why)


def _local(d: Draft, style: Style, rng: Random, row: Row) -> None:
    figures = [str(d.figures[name]) for name in d.form.table("requests").cells(row)]
    if rng.random() < 0.4:
        parts = [rng.choice((0, 0, 1)) for _ in range(6)]
        figures = [*map(str, parts), str(sum(parts))]
    d.say(style.line([rng.choice(LOCAL), *figures]))
