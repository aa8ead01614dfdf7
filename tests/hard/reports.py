"""The hard reports: the builtin reader brings none of them to the right verdict, a person does.

What each is stands in ``reports.toml``; here it is written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from verify.forms import Row

from .draft import CELLS, PIPES, SPACES, TABS, Draft, HardReport, Style

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_STYLES = {"tabs": TABS, "spaces": SPACES, "cells": CELLS, "pipes": PIPES}


def write(name: str, seed: int | None = None) -> HardReport:
    """A hard report, with the figures of another seed where one is given."""
    told: Mapping[str, Any] = _DATA["report"][name]
    variant, scale, usual = told["drawn"]
    d = Draft(variant, scale, usual if seed is None else seed)
    _blank(d, **told.get("blank", {}))
    for cell, by in told.get("off", {}).items():
        d.figures[cell] += by
    two, style, four = (_STYLES[one] for one in told["styles"])
    agency, year, opening = told["head"]
    d.opening(agency, year, opening.format(**_DATA["prose"]))
    d.proactive(two)
    rows = list(d.heading("requests").rows)
    if "columns" in told:
        _by_column(d, style, told["columns"], labels_last=told.get("labels_last", False))
    elif "blocks" in told:
        d.request_headers(style)
        _in_blocks(d, style, told["blocks"], told["remarks"])
    else:
        if "header" in told:
            d.say(style.line(told["header"]))
        else:
            d.request_headers(style)
        of = dict(told.get("order", ()))
        rows = [rows[of.get(at, at)] for at in range(len(rows))]
        _by_row(d, style, rows, told)
    if not any("{four}" in between for _, between in told.get("cuts", ())):
        d.proceedings(four)
    d.closing(told["end"])
    return d.done(told["verdict"], told["why"])


def _by_row(d: Draft, style: Style, rows: list[Row], told: Mapping[str, Any]) -> None:
    """Rows under other words, in parts between what stands between them."""
    words = told.get("words", {})
    first = 0
    for last, between in (*told.get("cuts", ()), (len(rows), "")):
        if told.get("bare"):  # without the labels of groups
            for row in rows[first:last]:
                label = words.get(row.id, row.label)
                d.line(style, [label], d.form.table("requests").cells(row))
        else:
            d.requests(style, words, rows[first:last])
        before, _, after = between.rpartition("{four}")
        d.say(before.format(**_DATA["prose"]))
        if "{four}" in between:
            d.proceedings(style)
        d.say(after.format(**_DATA["prose"]))
        first = last


def _in_blocks(d: Draft, style: Style, cuts: list[int], remarks: list[str]) -> None:
    """Labels of neighbouring rows together, their figures after them with remarks."""
    table = d.form.table("requests")
    for first, last in pairwise(cuts):
        rows = table.rows[first:last]
        for row in rows:
            d.say(*(label + "\n" for label in d.labels(row, {})))
        for i, row in enumerate(rows):
            d.line(style, [], table.cells(row), remarks[i % 2])


def _by_column(d: Draft, style: Style, order: list[int], *, labels_last: bool) -> None:
    """Table 三 by columns: each header, then its figures from top to bottom."""
    table = d.form.table("requests")
    labels = [label + "\n" for row in table.rows for label in d.labels(row, {})]
    if not labels_last:
        d.say(*labels)
    for at in order:
        d.say(table.rows[0].columns[at].label, "\n")
        d.line(style, [], [table.cells(row)[at] for row in table.rows])
    if labels_last:
        d.say(*labels)


def _blank(d: Draft, **told: Any) -> None:
    """Marks for some cells, 0 for some more, and totals that fit these."""
    if not told:
        return
    for row in told["rows"]:
        d.figures.update((f"requests.{row}.{column}", 0) for column in told["zero"])
        d.blank.update((f"requests.{row}.{column}", told["mark"]) for column in told["columns"])
    table = d.form.table("requests")
    for names in map(table.cells, table.rows):
        d.figures[names[-1]] = sum(d.figures[name] for name in names[:-1])
    for received, carried_in, *results, total, out in zip(
        *map(table.cells, table.rows), strict=True
    ):
        d.figures[total] = sum(d.figures[name] for name in results)
        d.figures[carried_in] = 0
        d.figures[received] = d.figures[total] + d.figures[out]


MAKERS: dict[str, Callable[..., HardReport]] = {
    name: partial(write, name) for name in _DATA["report"]
}
HARD: dict[str, HardReport] = {name: make() for name, make in MAKERS.items()}
