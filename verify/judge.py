"""The second half of a verification: figures, findings and a verdict from what was taken of a source.

The order is fixed: what structure said comes first, then the figures are read from the texts, then
identities and bounds, then what follows for cells that were not read. The verdict is the first of the
contract that applies; every reason that applies is listed. Neither source nor layout is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from verify.arithmetic import Checked, Deduction, check, sides
from verify.cells import CellValue, withheld
from verify.codes import CODES
from verify.copies import compare_copies
from verify.decisions import Applied, Applying, Decision
from verify.fault import cells_to_reread, doubtful_cells, without_fault
from verify.feasible import Values
from verify.figures import Number, read_figure
from verify.findings import Finding
from verify.forms import Form, Identity
from verify.grounded import Grounded
from verify.local_rows import added_rows, counted_in, taken_for_others
from verify.localise import Suspicion, localise
from verify.plausible import odd_figures
from verify.proof import not_proven
from verify.prose import Compared, compare, findings_of
from verify.reading import MISSING, Reading
from verify.rules.check import rule
from verify.set_aside import set_aside_numerals
from verify.unknowns import (
    against_printed,
    check_deduced,
    deduce_unknown,
    is_complete,
    report_undecided_form,
    report_unknown,
    unguarded_cells,
    write_deduced,
)
from verify.verdicts import FORCED, VerdictName

_LOCALISED = ("identity_failed", "blanks_impossible", "negative_count")
_MOST_SLIPS = 4  # named in the message; the result lists them all


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
        decisions: What people decided and took effect.
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
    decisions: tuple[Applied, ...] = ()


@rule("deduction", severity="info", codes=("cells_deduced",))
@rule("structure.table", severity="error", codes=("no_table",))
@rule(
    "structure.reader",
    severity="error",
    codes=(
        "no_reading",
        "answer_unusable",
        "not_qualified",
        "requests_spent",
        "prompt_clipped",
        "provider_failed",
        "readers_agree",
    ),
)
def judge(grounded: Grounded, decisions: Sequence[Decision] = ()) -> Verified:
    """Give the verdict on a reading that was held against its source.

    Args:
        grounded: From `verify.ground.ground`; it is not changed, and the same gives the same.
        decisions: Of people, on this report: those that count (`verify.decisions.standing`).

    Returns:
        Cells, findings and the verdict. Never raises for what a report or a reading holds.
    """
    reading, agency, year = grounded.reading, grounded.agency, grounded.year
    form = reading.form
    if form is None or not grounded.has_tables:
        code = "no_reading" if grounded.has_tables else "no_table"
        verdict: VerdictName = "rejected" if grounded.has_tables else "unsupported"
        found = (Finding(code), *grounded.oddities)
        return Verified(verdict, found, None, agency, year, {}, Checked((), (), ()))
    people = Applying(decisions)
    findings = people.settle(list(grounded.findings))
    cells = _read(grounded, form, findings)
    entered = people.enter(cells, form)
    findings = [f for f in findings if not _is_answered(f, entered, cells)]
    findings += _notes(reading)
    values, checked = _check_sums(form, cells, findings)
    _check_rewording(checked, findings)
    findings += _bounds(form, cells)
    compare_copies(grounded, form, cells, findings)
    findings += _failed(checked.failed, values, cells)
    unknown = _unread(cells)
    deduction = Deduction()
    if unknown:
        deduction = deduce_unknown(form, checked, values, findings)
        check_deduced(grounded, cells, deduction, findings)
        report_undecided_form(form, cells, findings)
        findings += _taken_for_others(findings, form, deduction)
    complete = is_complete(unknown, deduction)
    if unknown and complete:
        complete = _is_guarded(grounded, form, cells, deduction, findings)
    if not complete:
        report_unknown(form, grounded, cells, unknown, findings)
    added = counted_in(added_rows(findings), checked.failed, form, values)
    doubted = (added, frozenset(entered), people.proven)
    suspects, unproven = _explain(form, values, cells, findings, doubted)
    otherwise: VerdictName = "accepted" if complete else "incomplete"
    verdict = decide(findings, otherwise=otherwise, proven=not unproven)
    if unknown and verdict == "accepted":
        verdict = "completed"
        findings.append(Finding("cells_deduced", tuple(unknown)))
    if entered and verdict == "accepted":
        verdict = "completed"
    write_deduced(cells, deduction, keep=verdict == "completed")
    if verdict == "completed":
        values |= deduction.values
    claims, warnings = _claims_and_oddities(
        grounded, form, values, cells, rejected=verdict == "rejected"
    )
    findings += warnings
    people.note(findings)
    findings.sort(key=lambda f: ("error", "warning", "info").index(f.level))
    if verdict == "rejected":
        cells = {name: withheld(cell) for name, cell in cells.items()}
    return Verified(
        verdict,
        tuple(findings),
        form,
        agency,
        year,
        cells,
        checked,
        tuple(suspects),
        claims,
        tuple(people.applied),
    )


def _unread(cells: dict[str, CellValue]) -> list[str]:
    """Cells without a figure that somebody saw."""
    return [name for name, cell in cells.items() if cell.state not in ("read", "entered")]


def _is_guarded(
    grounded: Grounded,
    form: Form,
    cells: dict[str, CellValue],
    deduction: Deduction,
    findings: list[Finding],
) -> bool:
    """Whether what follows for every unread cell may stand in it: confirmed, and against nothing printed."""
    values = {name: cell.value for name, cell in cells.items()}
    alone = unguarded_cells(form, values, deduction)
    if alone:
        findings.append(Finding("deduction_alone", alone))
    return not alone and not against_printed(grounded, form, cells, _unread(cells))


def _taken_for_others(
    findings: Sequence[Finding], form: Form, deduction: Deduction
) -> list[Finding]:
    """Rows that may be taken for others, but for those of which that is said already."""
    said = {finding.cells for finding in findings if finding.code == "row_ambiguous"}
    others = taken_for_others(added_rows(findings), form, deduction.values)
    return [finding for finding in others if finding.cells not in said]


def _is_answered(finding: Finding, entered: tuple[str, ...], cells: dict[str, CellValue]) -> bool:
    """Whether a finding is on the spelling, recognition or words of a figure that a person has entered."""
    if finding.code == "remark" and finding.span is not None:
        spans = [span for name in entered if (span := cells[name].span) is not None]
        return any(span[0] <= finding.span[0] and finding.span[1] <= span[1] for span in spans)
    about = finding.code in ("recognition_unsure", "spelled_oddly", "yuan_converted")
    return about and bool(finding.cells) and set(finding.cells) <= set(entered)


@rule("spelling", severity="info", codes=("spelled_oddly",))
@rule("spelling.yuan", severity="info", codes=("yuan_converted",))
def _read(grounded: Grounded, form: Form, findings: list[Finding]) -> dict[str, CellValue]:
    """Every cell of the form with its place, its figure read from what stands under its span."""
    cells: dict[str, CellValue] = {}
    texts, undecided, place_of = grounded.texts, grounded.undecided, grounded.reading.places.get
    for name, kind in form.kinds.items():
        where, span, _ = place_of(name, MISSING)
        text = texts[span] if span else None
        if name in undecided:
            cells[name] = CellValue(None, "unreadable", text, span)
        elif where == "missing":
            cells[name] = CellValue(None, "missing")
        elif where == "blank":
            cells[name] = CellValue(None, "blank", text, span)
        else:
            figure = read_figure(text, kind) if where == "span" and text else None
            if figure is None:
                cells[name] = CellValue(None, "unreadable", text, span)
                continue
            value, oddities = figure
            cells[name] = CellValue(value, "read", text, span)
            if oddities:
                code = "yuan_converted" if "yuan" in oddities else "spelled_oddly"
                findings.append(
                    Finding(
                        code,
                        (name,),
                        by=",".join(oddities),
                        expected=str(value),
                        actual=text,
                        span=span,
                    )
                )
    for name, original in grounded.originals:
        cells[name].place = original
    return cells


def _check_sums(
    form: Form, cells: dict[str, CellValue], findings: list[Finding]
) -> tuple[dict[str, Number | None], Checked]:
    """The figures and which identities they hold."""
    values = {name: cell.value for name, cell in cells.items()}
    checked = check(form.identities, values)
    if set_aside_numerals(checked, cells, findings):
        values = {name: cell.value for name, cell in cells.items()}
        checked = check(form.identities, values)
    return values, checked


def _notes(reading: Reading) -> list[Finding]:
    """What the reader has to say; its notes never decide a verdict."""
    return [
        Finding(note.code, note.cells, span=note.span)
        for note in reading.notes
        if note.code in CODES and CODES[note.code].forces is None
    ]


def _check_rewording(checked: Checked, findings: list[Finding]) -> None:
    """Other words in a label's place count only while every identity of the row holds."""
    doubtful = {name for rule in (*checked.failed, *checked.open) for name in rule.cells}
    for i, finding in enumerate(findings):
        if finding.code == "label_reworded" and doubtful.intersection(finding.cells):
            findings[i] = replace(finding, code="wrong_label")


@rule("bound", severity="error", codes=("negative_count",))
def _bounds(form: Form, cells: Mapping[str, CellValue]) -> list[Finding]:
    """Figures below 0 in cells that cannot be negative."""
    return [
        Finding(
            "negative_count",
            (name,),
            rule=f"bound.{name}",
            expected=">= 0",
            actual=str(cell.value),
            span=cell.span,
        )
        for name, cell in cells.items()
        if cell.value is not None and cell.value < 0 and form.kinds[name] != "change"
    ]


def _failed(
    failed: Iterable[Identity], values: Values, cells: Mapping[str, CellValue]
) -> Iterator[Finding]:
    for identity in failed:
        left, right = sides(identity, values) or (None, None)
        yield Finding(
            "identity_failed",
            identity.cells,
            rule=identity.id,
            expected=str(left),
            actual=str(right),
            span=cells[identity.minus[0]].span,
            detail_zh=identity.sentence_zh,
            detail_en=identity.sentence_en,
        )


def _claims_and_oddities(
    grounded: Grounded,
    form: Form,
    values: Values,
    cells: Mapping[str, CellValue],
    *,
    rejected: bool,
) -> tuple[tuple[Compared, ...], list[Finding]]:
    """What the prose claims, and what is not plausible; no figure of a rejected reading is used."""
    if rejected or not values:
        return (), list(grounded.oddities)
    spans = {name: cell.span for name, cell in cells.items()}
    texts = {name: cell.text for name, cell in cells.items()}
    claims = compare(grounded.claims, form, values)
    odd = odd_figures(form, grounded.agency, values, spans, texts)
    return claims, [*findings_of(claims, spans), *odd, *grounded.oddities]


def _explain(
    form: Form,
    values: Values,
    cells: dict[str, CellValue],
    findings: list[Finding],
    doubted: tuple[frozenset[str], ...],
) -> tuple[Sequence[Suspicion], bool]:
    """What could explain that sums fail, and whether it is open that the source is wrong."""
    suspects: Sequence[Suspicion] = ()
    if any(finding.code in _LOCALISED for finding in findings):
        suspects = localise(form, values, doubts=doubtful_cells(findings))
        findings += cells_to_reread(suspects, cells)
        findings += _slips(suspects)
    _attach_remarks(findings, cells)
    unproven = not_proven(findings, *doubted)
    findings += unproven
    return (without_fault(suspects) if unproven else suspects), bool(unproven)


@rule("slip", severity="warning", codes=("structure_suspected",))
def _slips(suspects: Sequence[Suspicion]) -> list[Finding]:
    """A warning for each group that structural slips would explain; all of them when several would."""
    return [
        Finding(
            "structure_suspected",
            suspicion.slips[0].cells,
            detail_zh="；或".join(slip.zh for slip in suspicion.slips[:_MOST_SLIPS]),
            detail_en="; or ".join(slip.en for slip in suspicion.slips[:_MOST_SLIPS]),
        )
        for suspicion in suspects
        if suspicion.slips
    ]


def _attach_remarks(findings: Sequence[Finding], cells: dict[str, CellValue]) -> None:
    """Put a remark at each cell to which it is tied: the nearest, and a harmless one at its own cell alone."""
    for finding in sorted(findings, key=lambda found: len(found.cells)):
        if finding.code in ("remark", "header_unread", "figure_beside") or (
            finding.code == "remark_harmless" and len(finding.cells) == 1
        ):
            for name in finding.cells:
                if name in cells and cells[name].remark is None:
                    cells[name].remark = finding.actual


def decide(
    findings: Sequence[Finding], *, otherwise: VerdictName, proven: bool = True
) -> VerdictName:
    """The first verdict of the contract that any of these findings forces, else another.

    Args:
        findings: Every reason.
        otherwise: The verdict when none forces one.
        proven: Whether the source is known to be wrong where its figures do not fit.
    """
    forced = {CODES[finding.code].forces for finding in findings}
    if not proven:
        forced.discard("inconsistent")
    return next((verdict for verdict in FORCED if verdict in forced), otherwise)
