"""`verify`: a source and a reading in, figures, findings and a verdict out.

The order is fixed: structure first, then the figures are read from the spans, then identities and
bounds, then what follows for cells that were not read. The verdict is the first of the contract that
applies; every reason that applies is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from verify.arithmetic import Checked, Deduction, check, deduce, residuals, sides, signed_cells
from verify.codes import CODES
from verify.figures import Number, read_figure
from verify.findings import Finding
from verify.forms import APPLICANTS, Form, Identity
from verify.layout import Layout, lay_out
from verify.reading import Place, Reading, Span
from verify.structure import Structure, check_structure
from verify.suspects import Suspicion, localise

VerdictName = Literal[
    "unsupported", "rejected", "inconsistent", "incomplete", "completed", "accepted"
]
UnreadName = Literal["blank", "missing", "unreadable"]
StateName = Literal["read", "deduced"] | UnreadName
_UNREAD: dict[str, UnreadName] = {
    "blank": "blank", "missing": "missing", "unreadable": "unreadable",
}  # fmt: skip
MOST_DEDUCED = 25
"""Beyond this many unknown cells a wrong figure slips through too easily; see the contract."""

_ORDER: tuple[VerdictName, ...] = ("unsupported", "rejected", "inconsistent", "incomplete")


@dataclass(slots=True)
class CellValue:
    """One cell of a verified report.

    Attributes:
        value: Figure (count: int, money: Decimal in 万元), or None.
        state: How it was found.
        text: What stands in the source.
        span: Where.
        was: For a deduced cell its state before.
        proof: For a derived value the identities that leave exactly this one.
        derived: The value that follows, when the report is not completed.
    """

    value: Number | None
    state: StateName
    text: str | None = None
    span: Span | None = None
    was: UnreadName | None = None
    proof: tuple[str, ...] = ()
    derived: Number | None = None


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
    """

    verdict: VerdictName
    findings: tuple[Finding, ...]
    form: Form | None
    agency: str | None
    year: int | None
    cells: dict[str, CellValue]
    checked: Checked
    suspects: tuple[Suspicion, ...] = field(default=())


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
        empty = Checked((), (), ())
        return Verified(verdict, (Finding(code),), None, agency, year, {}, empty)
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
        deduction = _unknown(form, checked, values, findings)
        _contradicted(reading, structure, cells, deduction, findings)
        _undecided_rows(form, cells, findings)
    complete = _complete(unknown, deduction)
    if not complete:
        _say_unknown(form, reading, cells, unknown, structure.undecided, findings)
    verdict = decide(findings, otherwise="accepted" if complete else "incomplete")
    if unknown and verdict == "accepted":
        verdict = "completed"
        findings.append(Finding("cells_deduced", tuple(unknown), rule="deduction"))
    _settle(cells, deduction, keep=verdict == "completed")
    suspects = tuple(localise(form, checked, values)) if checked.failed else ()
    findings.sort(key=lambda f: ("error", "warning", "info").index(f.level))
    return Verified(verdict, tuple(findings), form, agency, year, cells, checked, suspects)


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
            Finding(code, (name,), rule=",".join(figure.oddities), expected=str(figure.value),
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
                Finding(code, (name,), rule="copies", expected=str(first.value), actual=shown,
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


def _unknown(
    form: Form, checked: Checked, values: dict[str, Number | None], findings: list[Finding]
) -> Deduction:
    """Deduce what follows; say when no non-negative figures fit."""
    signed = signed_cells(form)
    deduction = deduce(checked.open, values, signed)
    by_id = {identity.id: identity for identity in form.identities}
    broken: dict[tuple[str, ...], tuple[str, ...]] = {}
    for residual in residuals(checked.open, values):
        broken[residual.identities] = residual.cells
    if not broken:
        for id in deduction.impossible:
            broken[(id,)] = by_id[id].cells
    for ids, concerned in broken.items():
        zh = "、".join(by_id[id].sentence_zh for id in ids[:3])
        en = "; ".join(by_id[id].sentence_en for id in ids[:3])
        findings.append(
            Finding("blanks_impossible", concerned, rule=",".join(ids), detail_zh=zh, detail_en=en)
        )
    return deduction


def _contradicted(
    reading: Reading, structure: Structure, cells: dict[str, CellValue],
    deduction: Deduction, findings: list[Finding],
) -> None:  # fmt: skip
    """Hold derived figures against what stands in the row that could not be read."""
    for names, ways in structure.open_rows:
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
            findings.append(Finding(code, names, rule="deduction"))
    for stranger in structure.strangers:
        rows = [[deduction.values.get(name) for name in names] for names in stranger.rows]
        if any(None not in row for row in rows) and list(stranger.figures) not in rows:
            first = stranger.rows[0]
            findings.append(Finding("row_ambiguous", first, rule="deduction", span=stranger.span))
    merged = [n for n in deduction.values if reading.place(n).why == "merged_cell"]
    wrong = tuple(n for n in merged if deduction.values[n] != 0)
    if wrong:
        findings.append(
            Finding("deduction_contradicted", wrong, rule="deduction", span=cells[wrong[0]].span)
        )


def _undecided_rows(form: Form, cells: dict[str, CellValue], findings: list[Finding]) -> None:
    """Without the rows （六） the form itself is not known, and nothing can be derived for them."""
    table = form.table("requests")
    states = {name: cells[name].state for row in table.rows for name in table.cells(row)}
    sixth = [name for name in states if name.split(".")[1].startswith("other")]
    open_form = all(states[n] == "missing" for n in sixth) or (
        len(sixth) == len(APPLICANTS) and all(states[n] == "unreadable" for n in sixth)
    )
    if open_form and any(s == "read" for s in states.values()):
        findings.append(Finding("form_undecided", tuple(sixth)))


def _complete(unknown: list[str], deduction: Deduction) -> bool:
    """Whether every cell is read, or the few that are not follow from the identities."""
    if len(unknown) > MOST_DEDUCED or deduction.impossible:
        return not unknown
    return all(name in deduction.values for name in unknown)


def _say_unknown(
    form: Form, reading: Reading, cells: dict[str, CellValue], unknown: list[str],
    undecided: dict[str, str], findings: list[Finding],
) -> None:  # fmt: skip
    """One finding for each kind of unknown cell; whole tables are named as such."""
    rest = list(unknown)
    for table in form.tables:
        names = [name for row in table.rows for name in table.cells(row)]
        if all(cells[name].state == "missing" for name in names):
            findings.append(Finding("table_missing", tuple(names), rule=f"table.{table.id}",
                                    detail_zh=table.title, detail_en=table.id))  # fmt: skip
            gone = set(names)
            rest = [name for name in rest if name not in gone]
    groups: dict[tuple[str, Span | None], list[str]] = {}
    for name in rest:
        cell = cells[name]
        if cell.state == "unreadable":
            why = undecided.get(name) or reading.place(name).why or "not_a_figure"
            groups.setdefault((why, cell.span), []).append(name)
        else:
            groups.setdefault((f"cells_{cell.state}", None), []).append(name)
    for (why, span), names in groups.items():
        known = why in CODES and CODES[why].forces == "incomplete"
        code = why if known else "not_a_figure"  # a reader's own word is no reason code
        text = cells[names[0]].text if span else None
        findings.append(Finding(code, tuple(names), span=span, actual=text))


def decide(findings: Sequence[Finding], *, otherwise: VerdictName) -> VerdictName:
    """The first verdict of the contract that any of these findings forces, else another."""
    forced = {CODES[finding.code].forces for finding in findings}
    return next((verdict for verdict in _ORDER if verdict in forced), otherwise)


def _settle(cells: dict[str, CellValue], deduction: Deduction, *, keep: bool) -> None:
    """Write deduced values into a completed report, beside the cell in any other."""
    for name, value in deduction.values.items():
        cell = cells[name]
        if keep:
            cell.was = _UNREAD[cell.state]
            cell.state = "deduced"
            cell.value = value
        else:
            cell.derived = value
        cell.proof = deduction.proofs[name]
