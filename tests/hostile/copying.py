"""Hostile answers in the transcript protocol that fit the schema."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from random import Random
from typing import Any

from extractor.readers.excerpt import Excerpt
from tests.scripted import StrongModel
from verify.forms import Row, Table
from verify.stream import Kind

from .registry import Asked, On, compact, hostile

Copied = list[dict[str, Any]]
Bend = Callable[[Asked], str]


def _said(rows: Copied) -> str:
    kept = [
        {"label": r["label"][:60], "figures": [f[:20] for f in r["figures"]][:20]} for r in rows
    ]
    return compact({"rows": kept[:60]})


def bent_rows(on: On = "any") -> Callable[[Callable[[Asked, Copied], None]], Bend]:
    """Register a behaviour that changes the rows of the right answer in place."""

    def register(bend: Callable[[Asked, Copied], None]) -> Bend:
        @wraps(bend)
        def behave(asked: Asked) -> str:
            rows: Copied = asked.answer["rows"]
            bend(asked, rows)
            return _said(rows)

        return hostile("transcript", on=on)(behave)

    return register


def _table(asked: Asked) -> Table:
    return asked.strong.form.table(asked_excerpt(asked).parts[0].zone.table)


def asked_excerpt(asked: Asked) -> Excerpt:
    """The excerpt of the one table that is to be copied."""
    from extractor.readers.excerpt import copyable

    data = asked.user.split("<data-", 1)[1].split(">\n", 1)[1].rsplit("\n</data-", 1)[0]
    layout = asked.strong.layout
    return next(e for e in asked.strong.alone if copyable(layout, e.parts[0].zone) == data)


def _printed(asked: Asked) -> list[list[str]]:
    """The figures of every candidate, those that are no row of the form included."""
    return [
        [e.text for e in candidate.entries if e.kind is Kind.FIGURE]
        for candidate in asked_excerpt(asked).candidates
    ]


def _labels(asked: Asked) -> list[str]:
    return [_label(row) for row in _table(asked).rows]


def _label(row: Row) -> str:
    return row.label[:60]


@hostile("transcript", made="nonsense")
def copied_random(asked: Asked) -> str:
    """Official labels and random words with random figures."""
    rng = asked.rng
    labels = [*_labels(asked), "其中", "", "合计"]
    return _said(
        [
            {"label": rng.choice(labels), "figures": _random_figures(rng)}
            for _ in range(rng.randint(0, 60))
        ]
    )


def _random_figures(rng: Random) -> list[str]:
    return [
        rng.choice(("0", "1", "", "/", str(rng.randint(0, 99)))) for _ in range(rng.randint(0, 9))
    ]


@hostile("transcript", made="nonsense")
def copied_zeros(asked: Asked) -> str:
    """Every row of the form with zeros."""
    table = _table(asked)
    return _said([{"label": _label(r), "figures": ["0"] * len(r.columns)} for r in table.rows])


@bent_rows(on="labels")
def copied_labels_exchanged(asked: Asked, rows: Copied) -> None:
    """Two labels are exchanged."""
    if len(rows) > 1:
        one = asked.rng.randrange(len(rows) - 1)
        two = asked.rng.choice((one + 1, asked.rng.randrange(len(rows))))
        rows[one]["label"], rows[two]["label"] = rows[two]["label"], rows[one]["label"]


@bent_rows()
def copied_labels_slipped(asked: Asked, rows: Copied) -> None:
    """From some row on each row has the label of the next or the one before."""
    first = asked.rng.randrange(len(rows) + 1)
    labels = [row["label"] for row in rows]
    moved = [*labels[1:], "其中"] if asked.rng.random() < 0.5 else ["其中", *labels[:-1]]
    for at in range(first, len(rows)):
        rows[at]["label"] = moved[at]


@bent_rows()
def copied_rows_exchanged(asked: Asked, rows: Copied) -> None:
    """Two rows, or the figures of two rows, stand in each other's place."""
    if len(rows) > 1:
        at = asked.rng.randrange(len(rows) - 1)
        other = asked.rng.choice((at + 1, asked.rng.randrange(len(rows))))
        rows[at], rows[other] = rows[other], rows[at]
        if asked.rng.random() < 0.5:
            rows[at]["label"], rows[other]["label"] = rows[other]["label"], rows[at]["label"]


@bent_rows()
def copied_figures_altered(asked: Asked, rows: Copied) -> None:
    """Some figures are others, blanks are zeros, zeros are left out."""
    for row in rows:
        for at in range(len(row["figures"])):
            if asked.rng.random() < 0.05:
                row["figures"][at] = asked.rng.choice(
                    ("0", "", "7", "12", row["figures"][at] + "0")
                )


@bent_rows()
def copied_columns_turned(asked: Asked, rows: Copied) -> None:
    """The figures of every row are turned."""
    by = asked.rng.randrange(1, 6)
    for row in rows:
        row["figures"] = row["figures"][by:] + row["figures"][:by]


@bent_rows(on="wrong")
def copied_rows_dropped(asked: Asked, rows: Copied) -> None:
    """Some rows are left out."""
    for _ in range(min(len(rows), asked.rng.randint(1, 4))):
        rows.pop(asked.rng.randrange(len(rows)))


@bent_rows()
def copied_rows_doubled(asked: Asked, rows: Copied) -> None:
    """Some rows stand there twice, under their own or another label."""
    for _ in range(asked.rng.randint(1, 3) if rows else 0):
        at = asked.rng.randrange(len(rows))
        label = asked.rng.choice((rows[at]["label"], asked.rng.choice(_labels(asked))))
        rows.insert(at, {"label": label, "figures": list(rows[at]["figures"])})


@bent_rows(on="local")
def copied_rows_invented(asked: Asked, rows: Copied) -> None:
    """Rows that are not printed are told, with figures of others or zeros."""
    told = {row["label"] for row in rows}
    for label in _labels(asked):
        if label not in told or asked.rng.random() < 0.1:
            lent = asked.rng.choice(rows)["figures"] if rows else ["0"] * 7
            figures = asked.rng.choice((list(lent), ["0"] * len(lent)))
            rows.insert(asked.rng.randint(0, len(rows)), {"label": label, "figures": figures})


@hostile("transcript", on="local")
def copied_local_rows_renamed(asked: Asked) -> str:
    """Every group of figures is given a label of the form in order, whatever is printed before it."""
    labels = _labels(asked)
    printed = [figures for figures in _printed(asked) if figures]
    if len(printed) > len(labels) and asked.rng.random() < 0.5:
        printed.pop(asked.rng.randrange(len(printed)))
    if len(labels) > len(printed):
        gone = set(asked.rng.sample(range(len(labels)), len(labels) - len(printed)))
        labels = [label for at, label in enumerate(labels) if at not in gone]
    return _said(
        [
            {"label": label, "figures": figures}
            for label, figures in zip(labels, printed, strict=False)
        ]
    )


@bent_rows(on="local")
def copied_lost_row_filled(asked: Asked, rows: Copied) -> None:
    """Groups that no row of the form has are copied under labels of rows that are lost."""
    told = {row["label"] for row in rows}
    lost = [label for label in _labels(asked) if label not in told]
    copied = [tuple(f for f in row["figures"] if f) for row in rows]
    for at, figures in enumerate(_printed(asked)):
        if tuple(figures) not in copied and figures and lost:
            label = lost.pop(asked.rng.randrange(len(lost)))
            rows.insert(min(at, len(rows)), {"label": label, "figures": figures})


@hostile("transcript")
def copied_from_another_report(asked: Asked) -> str:
    """The transcript of another report's table."""
    other: StrongModel = asked.other
    table = asked_excerpt(asked).parts[0].zone.table
    same = [e for e in other.alone if e.parts[0].zone.table == table] or other.alone
    return _said(other._copied(same[0])) if same else _said([])


@hostile("transcript", made="nonsense")
def copied_from_another_table(asked: Asked) -> str:
    """Rows of another table of the report, under labels of the one that was asked about."""
    others = [e for e in asked.strong.alone if e is not asked_excerpt(asked)]
    if not others:
        return _said([])
    rows = asked.strong._copied(asked.rng.choice(others))
    for row, label in zip(rows, _labels(asked), strict=False):
        row["label"] = label
    return _said(rows)


@bent_rows(on="six")
def copied_sixth_row_misnamed(asked: Asked, rows: Copied) -> None:
    """Rows （六） under one label, other labels, or those of the other edition."""
    for row in rows:
        if "补正" in row["label"] or "缴费" in row["label"] or "其他" in row["label"]:
            row["label"] = asked.rng.choice(
                (
                    "（六）其他处理",
                    "3.其他",
                    "其他",
                    "1.申请人无正当理由逾期不补正",
                )
            )
        elif asked.rng.random() < 0.1:
            row["label"] = asked.rng.choice(("其他对外管理服务事项", "政府集中采购", row["label"]))


@bent_rows(on="equal")
def copied_equal_rows_relabelled(asked: Asked, rows: Copied) -> None:
    """Rows with equal figures exchange their labels: no sum can tell."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for at, row in enumerate(rows):
        alike.setdefault(tuple(row["figures"]), []).append(at)
    for places in alike.values():
        labels = [rows[at]["label"] for at in places]
        asked.rng.shuffle(labels)
        for at, label in zip(places, labels, strict=True):
            rows[at]["label"] = label


COPIED_SUBTLE: tuple[Bend, ...] = (
    copied_labels_exchanged,
    copied_labels_slipped,
    copied_rows_exchanged,
    copied_rows_dropped,
    copied_rows_doubled,
    copied_local_rows_renamed,
    copied_lost_row_filled,
    copied_equal_rows_relabelled,
)
