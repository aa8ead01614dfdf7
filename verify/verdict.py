"""`verify`: a source and a reading in, figures, findings and a verdict out.

The order is fixed: structure first, then the figures are read from the spans, then identities and
bounds, then what follows for cells that were not read. The verdict is the first of the contract that
applies; every reason that applies is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from verify.arithmetic import Checked, Deduction, check, sides
from verify.cells import CellValue
from verify.codes import CODES
from verify.comments import comment
from verify.fault import doubtful_cells, to_look_at_again
from verify.figures import Number, read_figure
from verify.findings import Finding
from verify.forms import Form, Identity
from verify.layout import Layout, lay_out
from verify.localise import Suspicion, localise
from verify.prose import Compared
from verify.reading import Place, Reading
from verify.structure import check_structure
from verify.unknowns import (
    contradicted,
    follow,
    is_complete,
    say_unknown,
    settle,
    undecided_rows,
    unguarded_cells,
)

VerdictName = Literal[
    "unsupported", "rejected", "inconsistent", "incomplete", "completed", "accepted"
]
_LOCALISED = ("identity_failed", "blanks_impossible", "negative_count")
_MOST_SLIPS = 4  # named in the message; the result lists them all
_ORDER: tuple[VerdictName, ...] = ("unsupported", "rejected", "inconsistent", "incomplete")


@dataclass(frozen=True, slots=True)
class Verified:
    """The verifier's answer for one report.

    Attributes:
        verdict: See the contract.
        findings: Every reason, errors first.
        form: Form of the tables, None when unsupported.
        agency: As printed in the title, or None.
        year: Year named by the title, or None.
        cells: Every cell of the form in its order.
        checked: Identities by outcome.
        suspects: For each connected group of failed identities, its smallest explanations.
        claims: Figures that the prose claims, each held against the tables.
    """

    verdict: VerdictName
    findings: tuple[Finding, ...]
    form: Form | None
    agency: str | None
    year: int | None
    cells: dict[str, CellValue]
    checked: Checked
    suspects: tuple[Suspicion, ...] = ()
    claims: tuple[Compared, ...] = ()


def verify(source: str | Layout, reading: Reading) -> Verified:
    """Verify a reading against its source.

    Args:
        source: The decoded text, or its layout when that was made already.
        reading: Where a reader says that each cell stands; of whatever maker.

    Returns:
        Cells, findings and the verdict. Never raises for what a report or a reading holds.
    """
    layout = source if isinstance(source, Layout) else lay_out(source)
    agency, year = _who(layout)
    form = reading.form
    if form is None or not layout.zones:
        code = "no_reading" if layout.zones else "no_table"
        verdict: VerdictName = "rejected" if layout.zones else "unsupported"
        _, comments = comment(layout, None, agency, {})
        empty = Checked((), (), ())
        return Verified(verdict, (Finding(code), *comments), None, agency, year, {}, empty)
    structure = check_structure(layout, reading)
    findings = list(structure.findings)
    cells = {
        name: _cell(layout.source, form, name, reading.place(name), structure.undecided, findings)
        for name in form.cells
    }
    _say_notes(reading, findings)
    values = {name: cell.value for name, cell in cells.items()}
    checked = check(form.identities, values)
    _reworded(checked, findings)
    _bounds(form, cells, findings)
    _copies(layout.source, form, reading, cells, findings)
    _failed(checked.failed, values, cells, findings)
    unknown = [name for name, cell in cells.items() if cell.state != "read"]
    deduction = Deduction()
    if unknown:
        deduction = follow(form, checked, values, findings)
        contradicted(reading, structure, cells, deduction, findings)
        undecided_rows(form, cells, findings)
    complete = is_complete(unknown, deduction)
    if not complete:
        say_unknown(form, reading, cells, unknown, structure.undecided, findings)
    suspects: Sequence[Suspicion] = ()
    if any(finding.code in _LOCALISED for finding in findings):
        suspects = localise(form, values, doubts=doubtful_cells(findings))
        findings += to_look_at_again(suspects, cells)
        findings += _slips(suspects)
    verdict = decide(findings, otherwise="accepted" if complete else "incomplete")
    if unknown and verdict == "accepted":
        verdict = "completed"
        findings.append(Finding("cells_deduced", tuple(unknown)))
        findings += unguarded_cells(form, values)
    settle(cells, deduction, keep=verdict == "completed")
    claims, comments = comment(layout, form, agency, cells if verdict != "rejected" else {})
    findings += comments
    findings.sort(key=lambda f: ("error", "warning", "info").index(f.level))
    return Verified(
        verdict, tuple(findings), form, agency, year, cells, checked, tuple(suspects), claims
    )


def _who(layout: Layout) -> tuple[str | None, int | None]:
    if not layout.titles:
        return None, None
    title = layout.titles[0]
    agency = None
    for candidate in layout.titles:
        if candidate.year == title.year and candidate.agency is not None:
            start, end = layout.stream.span(*candidate.agency)
            agency = layout.source[start:end]
            break
    return agency, title.year


def _cell(
    source: str, form: Form, name: str, place: Place, undecided: dict[str, str],
    findings: list[Finding],
) -> CellValue:  # fmt: skip
    span = place.span
    text = source[span[0] : span[1]] if span else None
    if name in undecided:
        return CellValue(None, "unreadable", text, span)
    if place.where == "missing":
        return CellValue(None, "missing")
    if place.where == "blank":
        return CellValue(None, "blank", text, span)
    figure = read_figure(text, form.kinds[name]) if place.where == "span" and text else None
    if figure is None:
        return CellValue(None, "unreadable", text, span)
    if figure.oddities:
        code = "yuan_converted" if "yuan" in figure.oddities else "spelled_oddly"
        findings.append(
            Finding(code, (name,), by=",".join(figure.oddities), expected=str(figure.value),
                    actual=text, span=span)
        )  # fmt: skip
    return CellValue(figure.value, "read", text, span)


def _say_notes(reading: Reading, findings: list[Finding]) -> None:
    findings.extend(
        Finding(note.code, note.cells, span=note.span)
        for note in reading.notes
        if note.code in CODES and CODES[note.code].forces is None
    )


def _reworded(checked: Checked, findings: list[Finding]) -> None:
    """Other words in a label's place count only while every identity of the row holds."""
    doubtful = {name for rule in (*checked.failed, *checked.open) for name in rule.cells}
    for i, finding in enumerate(findings):
        if finding.code == "label_reworded" and doubtful.intersection(finding.cells):
            findings[i] = replace(finding, code="wrong_label")


def _bounds(form: Form, cells: dict[str, CellValue], findings: list[Finding]) -> None:
    for name, cell in cells.items():
        if cell.value is not None and cell.value < 0 and form.kinds[name] != "change":
            findings.append(
                Finding("negative_count", (name,), rule=f"bound.{name}", expected=">= 0",
                        actual=str(cell.value), span=cell.span)
            )  # fmt: skip


def _copies(
    source: str, form: Form, reading: Reading, cells: dict[str, CellValue], findings: list[Finding]
) -> None:
    """Hold each copy of a table against the first, cell by cell."""
    for again in reading.repeats:
        before = len(findings)
        spans = [place.span for place in again.values() if place.span]
        for name, place in again.items():
            first = cells.get(name)  # None: no cell of this form
            if first is None or place.span is None or first.value is None:
                continue
            text = source[place.span[0] : place.span[1]]
            figure = read_figure(text, form.kinds[name]) if place.where == "span" else None
            if figure is not None and figure.value == first.value:
                continue
            code = "copies_differ" if place.where == "span" else "copy_unclear"
            shown = text if figure is None else str(figure.value)
            findings.append(
                Finding(code, (name,), expected=str(first.value), actual=shown,
                        span=first.span, other_span=place.span)
            )  # fmt: skip
        if len(findings) == before and spans:
            findings.append(Finding("table_repeated", span=(min(spans)[0], max(spans)[1])))


def _failed(
    failed: Sequence[Identity], values: dict[str, Number | None], cells: dict[str, CellValue],
    findings: list[Finding],
) -> None:  # fmt: skip
    for identity in failed:
        both = sides(identity, values)
        assert both is not None
        right = cells[identity.minus[0]]
        findings.append(
            Finding("identity_failed", identity.cells, rule=identity.id, expected=str(both[0]),
                    actual=str(both[1]), span=right.span, detail_zh=identity.sentence_zh,
                    detail_en=identity.sentence_en)
        )  # fmt: skip


def _slips(suspects: Sequence[Suspicion]) -> list[Finding]:
    """A warning for each group that structural slips would explain; all of them when several would."""
    return [
        Finding("structure_suspected", suspicion.slips[0].cells,
                detail_zh="；或".join(slip.zh for slip in suspicion.slips[:_MOST_SLIPS]),
                detail_en="; or ".join(slip.en for slip in suspicion.slips[:_MOST_SLIPS]))
        for suspicion in suspects
        if suspicion.slips
    ]  # fmt: skip


def decide(findings: Sequence[Finding], *, otherwise: VerdictName) -> VerdictName:
    """The first verdict of the contract that any of these findings forces, else another."""
    forced = {CODES[finding.code].forces for finding in findings}
    return next((verdict for verdict in _ORDER if verdict in forced), otherwise)
