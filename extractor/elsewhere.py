"""A result against other results: last year's of the same agency, and those of other agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from extractor.errors import InputError
from extractor.lexicon import Lexicon
from extractor.rederive import Rederived, rederive
from extractor.stored import Opened, find_source, open_result
from verify.cells import WITH_FIGURE
from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form
from verify.reading import Span
from verify.stored.reasons import ACROSS
from verify.stored.shape import Stored, span_of
from verify.verdict import Verified
from verify.years import YearFigures, YearsChecked, check_years, compare_years, year_identities

if TYPE_CHECKING:
    from verify.schema import Reason, Result

Checked = Literal["follows", "does_not_follow", "another_source", "another_lexicon", "no_source"]
Values = Mapping[str, Number | None]


@dataclass(frozen=True, slots=True)
class Other:
    """Another stored result and how far it could be checked."""

    path: str  # as the user gave it
    agency: str | None  # as it names it
    year: int | None  # as it names it
    form: Form | None  # of its tables, None when it has none
    values: Values  # its figures: derived anew where its source is at hand, else as they are stored
    spans: Mapping[str, Span | None]  # where they stand in its source
    checked: Checked  # whether it follows from its own source, or why that could not be said
    text: str | None = None  # its source, where it is at hand
    source_path: str = ""  # where that stands
    result: Result | None = None  # what follows from it


def open_other(path: str, lexicon: Lexicon | None = None) -> Other:
    """Read another result; where its source and its lexicon are at hand, derive it anew.

    Raises:
        InputError: It is no result.
    """
    opened = open_result(path)
    try:
        found = find_source(opened)
    except InputError:
        return _as_stored(opened, "no_source")
    if found.other:
        return _as_stored(opened, "another_source")
    made = opened.stored.text("provenance", "lexicon")
    if made is not None and (lexicon is None or lexicon.sha256 != made):
        return _as_stored(opened, "another_lexicon")
    again = rederive(opened.stored, found.source, lexicon if made else None)
    verified = again.verified
    return Other(
        path,
        verified.agency,
        verified.year,
        verified.form,
        *figures_of(verified),
        "follows" if again.follows else "does_not_follow",
        found.source.text,
        found.path,
        again.result,
    )


def figures_of(verified: Verified) -> tuple[Values, Mapping[str, Span | None]]:
    """The figures of a verified report and where they stand; none of a reading that is not trusted."""
    cells = {} if verified.verdict == "rejected" else verified.cells
    return (
        {name: cell.value for name, cell in cells.items()},
        {name: cell.span for name, cell in cells.items()},
    )


def _as_stored(opened: Opened, checked: Checked) -> Other:
    stored = opened.stored
    year = stored.get("report", "year")
    trusted = stored.form is not None and stored.text("verdict") != "rejected"
    cells = stored.cells if trusted else {}
    return Other(
        opened.path,
        stored.text("report", "agency"),
        year if isinstance(year, int) else None,
        stored.form,
        {name: _value(stored, name) for name in cells},
        {name: span_of(cell.get("span")) for name, cell in cells.items()},
        checked,
    )


def _value(stored: Stored, name: str) -> Number | None:
    """A figure as stored; of a cell that is not read, deduced or entered there is none."""
    cell = stored.cells[name]
    value = cell.get("value") if cell.get("state") in WITH_FIGURE else None
    return Decimal(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Years:
    """Two years of one agency, compared."""

    previous: Other  # last year's result
    checked: YearsChecked  # identities across years by outcome
    findings: tuple[Finding, ...]  # what is to be said


def compare_with_last(verified: Verified, previous: Other) -> Years:
    """Hold a verified report against last year's result; without tables nothing is compared."""
    if verified.form is None or previous.form is None or not verified.cells:
        forms = [form for form in (verified.form, previous.form) if form is not None]
        ids = [rule.id for rule in year_identities(forms[0], forms[0])] if forms else []
        return Years(previous, YearsChecked((), (), tuple(ids)), ())
    now = YearFigures(verified.agency, verified.year, verified.form, *figures_of(verified))
    before = YearFigures(
        previous.agency, previous.year, previous.form, previous.values, previous.spans
    )
    return Years(previous, check_years(now, before), tuple(compare_years(now, before)))


def compare_with_others(verified: Verified, others: Sequence[Other]) -> list[Finding]:
    """Say whether the tables are those of another agency."""
    from verify.plausible import same_tables

    if not verified.cells:
        return []
    named: dict[str, Values] = {}
    for other in others:
        name = other.agency or other.path
        named[name if name not in named else f"{name} ({other.path})"] = other.values
    values, _ = figures_of(verified)
    return same_tables(verified.agency or "", values, named)


def with_findings(again: Rederived, findings: Sequence[Finding]) -> Rederived:
    """A derived result with findings on other reports; they replace those of an earlier comparison."""
    kept = [reason for reason in again.result.reasons if reason.code not in ACROSS]
    everything = [*kept, *_reasons(again, findings)]
    order = ("error", "warning", "info")
    everything.sort(key=lambda reason: order.index(reason.severity))
    return replace(
        again,
        result=again.result.model_copy(update={"reasons": tuple(everything)}),
        on_word=tuple(reason for reason in again.on_word if reason.code not in ACROSS),
    )


def _reasons(again: Rederived, findings: Sequence[Finding]) -> tuple[Reason, ...]:
    from verify.result import to_result

    only = replace(again.verified, findings=tuple(findings))
    return to_result(only, again.result.provenance).reasons


def as_json(years: Years | None, again: Rederived | None) -> dict[str, Any] | None:
    """The comparison as it stands in the output."""
    if years is None or again is None:
        return None
    return {
        "previous": years.previous.path,
        "previous_checked": years.previous.checked,
        "held": list(years.checked.held),
        "failed": list(years.checked.failed),
        "not_evaluable": list(years.checked.open),
        "reasons": [reason.model_dump(mode="json") for reason in _reasons(again, years.findings)],
    }
