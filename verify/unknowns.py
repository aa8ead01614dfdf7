"""Cells that were not read: what follows for them, what that contradicts, and what is said of them.

Missing is not zero. A value is derived only where the identities leave exactly one, and it never
becomes a cell of a report that is not `completed`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

from verify.arithmetic import Checked, Deduction, check, deduce, signed_cells
from verify.cells import CellValue, UnreadName
from verify.codes import CODES
from verify.feasible import residuals, unguarded
from verify.figures import Number, read_figure
from verify.findings import Finding
from verify.forms import Form
from verify.grounded import Grounded
from verify.reading import Span
from verify.rules.check import rule

MOST_DEDUCED = 25
"""Beyond this many unknown cells a wrong figure slips through too easily; see the contract."""


_REGIONS = ("placement_ambiguous", "row_ambiguous", "columns_unclear")
_PARTS = re.compile(r"[\s|]+")


@rule("deduction.impossible", severity="error", codes=("blanks_impossible",))
def deduce_unknown(
    form: Form, checked: Checked, values: dict[str, Number | None], findings: list[Finding]
) -> Deduction:
    """Deduce what follows; say when no non-negative figures fit."""
    signed = signed_cells(form)
    by_id = {identity.id: identity for identity in form.identities}
    for residual in residuals(checked.open, values, signed):
        ids, concerned = residual.identities, set(residual.cells)
        zh = "、".join(by_id[id].sentence_zh for id in ids[:3])
        en = "; ".join(by_id[id].sentence_en for id in ids[:3])
        findings.append(
            Finding(
                "blanks_impossible",
                tuple(name for name in form.cells if name in concerned),
                by=",".join(ids),
                detail_zh=zh,
                detail_en=en,
            )
        )
    return deduce(checked.open, values, signed)


@rule("deduction.contradicted", severity="error", codes=("deduction_contradicted",))
@rule("structure.row", severity="error", codes=("row_ambiguous", "row_moved"))
def check_deduced(
    grounded: Grounded, cells: dict[str, CellValue], deduction: Deduction, findings: list[Finding]
) -> None:
    """Hold derived figures against what stands in the row that could not be read."""
    reading = grounded.reading
    for row in grounded.open_rows:
        names, ways = row.cells, row.ways
        derived = [deduction.values.get(name, cells[name].value) for name in names]
        if any(value is None for value in derived):
            continue
        printed = any(
            all(
                figure is None or figure == value
                for figure, value in zip(way, derived, strict=True)
            )
            for way in ways
        )
        if not printed:
            whose = any(reading.place(name).why == "row_ambiguous" for name in names)
            code = "row_ambiguous" if whose else "deduction_contradicted"
            findings.append(Finding(code, names))
    findings += [
        Finding("deduction_contradicted", names, span=cells[names[0]].span)
        for names in _rows_of_regions(grounded, cells, deduction)
    ]
    for stranger in grounded.strangers:
        rows = [[deduction.values.get(name) for name in names] for names in stranger.rows]
        if any(None not in row for row in rows):  # under other words it may be theirs, or not
            first = stranger.rows[0]
            findings.append(Finding("row_ambiguous", first, span=stranger.span))
    merged = [n for n in deduction.values if reading.place(n).why == "merged_cell"]
    wrong = tuple(n for n in merged if deduction.values[n] != 0)
    if wrong:
        findings.append(Finding("deduction_contradicted", wrong, span=cells[wrong[0]].span))


def _rows_of_regions(
    grounded: Grounded, cells: Mapping[str, CellValue], deduction: Deduction
) -> Iterator[tuple[str, ...]]:
    """Rows for which other figures follow than are printed where their cells could not be told apart."""
    form = grounded.reading.form
    assert form is not None
    for table in form.tables:
        for row in table.rows:
            names = tuple(
                name
                for name in table.cells(row)
                if name in deduction.values and grounded.undecided.get(name) in _REGIONS
            )
            texts = {cells[n].span: cells[n].text or "" for n in names if cells[n].span}
            figures = [
                figure.value
                for text in texts.values()
                for part in _PARTS.split(text)
                if (figure := read_figure(part, form.kinds[names[0]])) is not None
            ]
            derived = Counter(deduction.values[name] for name in names)
            if any(value for value in Counter(figures) - derived):
                yield names


@rule("structure.form", severity="error", codes=("form_undecided",))
def report_undecided_form(form: Form, cells: dict[str, CellValue], findings: list[Finding]) -> None:
    """Without the rows that tell it the form itself is not known, and nothing can be derived for them.

    In the official forms these are the rows （六）.
    """
    if not form.telling:
        return
    rows = {form.row_of[name][1].id for name in form.telling}
    table, _ = form.row_of[form.telling[0]]
    open_form = all(cells[n].state == "missing" for n in form.telling) or (
        len(rows) == 1 and all(cells[n].state == "unreadable" for n in form.telling)
    )
    seen = (
        cells[name].state in ("read", "entered") for row in table.rows for name in table.cells(row)
    )
    if open_form and any(seen):
        findings.append(Finding("form_undecided", form.telling))


def is_complete(unknown: list[str], deduction: Deduction) -> bool:
    """Whether every cell is read, or the few that are not follow from the identities."""
    if len(unknown) > MOST_DEDUCED or deduction.impossible:
        return not unknown
    return all(name in deduction.values for name in unknown)


@rule("deduction.unguarded", severity="error", codes=("deduction_alone",))
def unguarded_cells(
    form: Form, values: Mapping[str, Number | None], deduction: Deduction
) -> tuple[str, ...]:
    """Derived cells that no identity outside their own proof confirms, once all are put in.

    Nor do identities confirm them where one wrong figure of a proof would take them along unnoticed.
    """
    full = {**values, **deduction.values}
    held = check(form.identities, full).held
    alone = {
        name
        for name in deduction.values
        if not any(name in rule.cells and rule.id not in deduction.proofs[name] for rule in held)
    }
    unproven = set(unguarded(form.identities, values, signed_cells(form)))
    for ids in map(set, deduction.proofs.values()) if unproven else ():
        if any(rule.id in ids and not unproven.isdisjoint(rule.cells) for rule in held):
            alone |= {name for name, proof in deduction.proofs.items() if ids & set(proof)}
    return tuple(name for name in form.cells if name in alone)


_QUANTITY = re.compile(
    "[0-9０-９〇零一二三四五六七八九十百千万两几多数□]|^[.．,，·]+$"
)  # or its sign alone


def against_printed(
    grounded: Grounded, form: Form, cells: Mapping[str, CellValue], unknown: list[str]
) -> tuple[str, ...]:
    """Cells that print a quantity that is no figure: nothing derived may stand against it.

    What several cells share is of none of them alone; its figures are held against what is derived for the
    row (`check_deduced`), and what is no figure in it stands in one of its cells.
    """
    shared = Counter(cells[name].span for name in unknown)

    def is_printed(name: str) -> bool:
        text, span = cells[name].text, cells[name].span
        if text is None or cells[name].state != "unreadable":
            return False
        if grounded.undecided.get(name) in _REGIONS:
            return False
        if shared[span] == 1:
            return _QUANTITY.search(text) is not None
        kind = form.kinds[name]
        return any(
            _QUANTITY.search(part) and read_figure(part, kind) is None
            for part in _PARTS.split(text)
        )

    return tuple(filter(is_printed, unknown))


@rule(
    "deduction.unread",
    severity="error",
    codes=("cells_blank", "cells_missing", "not_a_figure", "votes_differ", "recognitions_differ"),
)
@rule("table", severity="error", codes=("table_missing",))
def report_unknown(
    form: Form,
    grounded: Grounded,
    cells: dict[str, CellValue],
    unknown: list[str],
    findings: list[Finding],
) -> None:
    """One finding for each kind of unknown cell; whole tables are named as such."""
    rest = list(unknown)
    for table in form.tables:
        names = [name for row in table.rows for name in table.cells(row)]
        if all(cells[name].state == "missing" for name in names):
            findings.append(
                Finding(
                    "table_missing",
                    tuple(names),
                    rule=f"table.{table.id}",
                    detail_zh=table.title,
                    detail_en=table.id,
                )
            )
            gone = set(names)
            rest = [name for name in rest if name not in gone]
    groups: dict[tuple[str, Span | None], list[str]] = {}
    for name in rest:
        cell = cells[name]
        if cell.state == "unreadable":
            why = grounded.undecided.get(name) or grounded.reading.place(name).why or "not_a_figure"
            groups.setdefault((why, cell.span), []).append(name)
        else:
            groups.setdefault((f"cells_{cell.state}", None), []).append(name)
    for (why, span), names in groups.items():
        is_code = why in CODES and CODES[why].forces == "incomplete"
        code = why if is_code else "not_a_figure"  # or a reader's own word
        text = cells[names[0]].text if span else None
        findings.append(Finding(code, tuple(names), span=span, actual=text))


def write_deduced(cells: dict[str, CellValue], deduction: Deduction, *, keep: bool) -> None:
    """Write deduced values into a completed report, beside the cell in any other."""
    for name, value in deduction.values.items():
        cell = cells[name]
        if keep:
            cell.was = cast(UnreadName, cell.state)
            cell.state = "deduced"
            cell.value = value
        else:
            cell.derived = value
        cell.proof = deduction.proofs[name]
