"""Sources that invite a wrong reading: rows lost, others added in their place, labels changed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

from verify.forms import Row

from .draft import CELLS, PIPES, SPACES, TABS, Draft, HardReport

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
REWORDED: dict[str, list[str]] = _WORDS["reworded"]
LOCAL: list[str] = _WORDS["local"]


def trap(seed: int) -> HardReport:
    """A report with rows lost, relabelled, added and moved; the same seed gives the same one."""
    rng = Random(seed)
    d = Draft(
        rng.choice(("2021+2021", "2019+2019", "2021+2019", "2019+2021")),
        rng.choice(("zero", "tiny", "tiny", "small", "medium")),
        seed,
    )
    style = rng.choice((TABS, SPACES, CELLS, PIPES))
    d.opening("临山县农业局", 2021, "本局各项工作按计划完成。")
    _small_table(d, rng)
    table = d.heading("requests")
    if rng.random() < 0.8:
        d.request_headers(style)
    rows = list(table.rows)
    for at in range(len(rows) - 1):
        if rng.random() < 0.01:
            rows[at], rows[at + 1] = rows[at + 1], rows[at]
    trouble = rng.choice((0.02, 0.05, 0.1, 0.2))
    for row in rows:
        words, lost = _label(d, row, rng, trouble)
        if rng.random() < trouble / 3 and not lost:
            d.say(style.line(words) if words else "")  # the label alone
        elif not lost:
            d.line(style, words, table.cells(row))
        if rng.random() < trouble / 2 or (lost and rng.random() < 0.6):
            _local_row(d, rng, style.between, style.open, style.close)
    d.proceedings(rng.choice((TABS, SPACES)))
    d.closing("还有不足之处。")
    return d.done("", "trap")


def _label(d: Draft, row: Row, rng: Random, trouble: float) -> tuple[list[str], bool]:
    """The words before a row, and whether the row is not printed at all."""
    chance = rng.random()
    if chance < trouble / 2:
        return [], True
    if chance < trouble:
        return [], False
    if chance < 2 * trouble:
        return [rng.choice(REWORDED[row.id])], False
    return d.labels(row, {}), False


def _local_row(d: Draft, rng: Random, between: str, opening: str, close: str) -> None:
    table = d.form.table("requests")
    label = rng.choice(LOCAL) if rng.random() < 0.9 else ""
    kind = rng.randrange(3)
    figures = ["0"] * 7
    if kind == 1:
        figures = [str(d.figures[name]) for name in table.cells(rng.choice(table.rows))]
    elif kind == 2:
        parts = [rng.choice((0, 0, 1, 2)) for _ in range(6)]
        figures = [*map(str, parts), str(sum(parts))]
    d.say(opening, between.join([label, *figures] if label else figures), close)


def _small_table(d: Draft, rng: Random) -> None:
    """Table 二, one of its rows lost or followed by a row of the agency's own."""
    table = d.heading("proactive")
    before: tuple[str, ...] = ()
    lost = rng.choice(table.rows) if rng.random() < 0.25 else None
    for row in table.rows:
        headers = tuple(column.label for column in row.columns)
        if headers != before:
            d.say(TABS.line([row.group]), TABS.line(["信息内容", *headers]))
        before = headers
        if row is not lost:
            d.line(TABS, [row.label], table.cells(row))
        if (row is lost and rng.random() < 0.7) or rng.random() < 0.05:
            figures = [str(rng.randint(0, 9)) for _ in row.columns]
            d.say(
                TABS.line(
                    [rng.choice(("行政检查", "备案", "行政确认", "小计", "行政奖励")), *figures]
                )
            )
