"""Checks across years: this year's figures against last year's of the same agency.

What holds across years is linear, as the identities of one report are: a cell of this year equals a
sum of last year's cells and this year's. Cells that one of the two years does not know leave it
open, and open is never held. Two things that one might expect are no rules: the form of 2019 gives
对外公开总数量, but what is open to the public also shrinks when documents are repealed, and the form
does not ask for that number; and 新收 of two years have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from verify.agencies import same_agency
from verify.figures import Number
from verify.findings import Finding
from verify.forms import DISCLOSURE, Form, ValueKind, YearIdentity
from verify.reading import Span
from verify.rules.check import rule

YEAR_IDENTITIES: tuple[YearIdentity, ...] = DISCLOSURE.years
_POWERS_OF_TEN: dict[ValueKind, tuple[int, ...]] = {
    "count": (1, 2),
    "money": (1, 2, 4),
    "change": (),
}
_FEWEST_DIGITS = 2
_SMALLEST_COUNT = 12


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A verified report as the comparison needs it.

    Attributes:
        agency: As printed in the title, or None.
        year: Year named by the title, or None.
        form: Form of its tables.
        values: Figure of each cell, read or deduced; None or absent when it is not known.
        spans: Where each figure stands in its source; None or absent for a deduced one.
    """

    agency: str | None
    year: int | None
    form: Form
    values: Mapping[str, Number | None]
    spans: Mapping[str, Span | None]


@dataclass(frozen=True, slots=True)
class YearsChecked:
    """Ids of the identities across years, by outcome; `open` ones were not compared."""

    held: tuple[str, ...]
    failed: tuple[str, ...]
    open: tuple[str, ...]


def year_identities(current: Form, previous: Form) -> tuple[YearIdentity, ...]:
    """The identities whose cells the two forms have."""
    return tuple(
        identity
        for identity in YEAR_IDENTITIES
        if all(cell in current.kinds for cell in identity.cells)
        and all(cell in previous.kinds for cell in identity.last)
    )


@rule("years.carry_over", severity="warning", codes=("carry_over_differs", "years_not_compared"))
@rule("years.in_force", severity="warning", codes=("in_force_differs", "years_not_compared"))
@rule(
    "years.previous_items",
    severity="warning",
    codes=("previous_items_differ", "years_not_compared"),
)
def compare_years(current: YearFigures, previous: YearFigures) -> list[Finding]:
    """Compare a report with last year's.

    Nothing is compared when the years are known and not consecutive, or when the names are those
    of clearly different agencies. When a year or a name is not known, or the agency may have been
    renamed, the figures are compared and the doubt is said.

    Args:
        current: The later report; spans of findings are its own.
        previous: Last year's.

    Returns:
        Findings, none of which changes a verdict: first what is said of years and agencies, then
        the identities in order, then figures far from last year's, then what was not compared.
    """
    found, comparable = _about(current, previous)
    if not comparable:
        return found
    unknown: list[YearIdentity] = []
    for identity in year_identities(current.form, previous.form):
        both = _sides(identity, current, previous)
        if both is None:
            unknown.append(identity)
        elif both[0] != both[1]:
            found.append(_differs(identity, current, previous, *both))
    found += _far(current, previous)
    if unknown:
        found.append(
            Finding(
                "years_not_compared",
                tuple(one.cell for one in unknown),
                rule=",".join(one.id for one in unknown),
            )
        )
    return found


def check_years(current: YearFigures, previous: YearFigures) -> YearsChecked:
    """The identities that both forms have, by outcome; all open when nothing may be compared."""
    _, comparable = _about(current, previous)
    outcome: dict[str, list[str]] = {"held": [], "failed": [], "open": []}
    for identity in year_identities(current.form, previous.form):
        both = _sides(identity, current, previous) if comparable else None
        key = "open" if both is None else "held" if both[0] == both[1] else "failed"
        outcome[key].append(identity.id)
    return YearsChecked(*(tuple(ids) for ids in outcome.values()))


def _about(current: YearFigures, previous: YearFigures) -> tuple[list[Finding], bool]:
    """What is to be said of the two years and names, and whether figures may be compared."""
    found = []
    years = _years(current.year, previous.year)
    if years is not None:
        found.append(years)
    names = _names(current.agency, previous.agency)
    if names is not None:
        found.append(names)
    comparable = (years is None or years.level == "info") and (
        names is None or names.code != "different_agency"
    )
    return found, comparable


@rule("years.consecutive", severity="warning", codes=("years_apart",))
def _years(current: int | None, previous: int | None) -> Finding | None:
    if current is None or previous is None:
        severity: Literal["info", "warning"] = "info"
        zh, en = "年度不全知，按给定的先后核对", "not both known; compared in the order given"
    elif current == previous + 1:
        return None
    else:
        severity = "warning"
        zh, en = "不是相邻两年，未作跨年核对", "not consecutive, so nothing was compared"
        if current < previous:
            zh += "；先后颠倒，请对调"
            en += "; the order is wrong, exchange the two"
        elif current == previous:
            zh, en = "同一年度，未作跨年核对", "the same year, so nothing was compared"
    return Finding(
        "years_apart",
        expected=str(previous or "?"),
        actual=str(current or "?"),
        detail_zh=zh,
        detail_en=en,
        severity=severity,
    )


@rule("years.agency", severity="warning", codes=("other_agency", "different_agency"))
def _names(current: str | None, previous: str | None) -> Finding | None:
    if current is None or previous is None:
        return Finding(
            "other_agency",
            expected=previous or "?",
            actual=current or "?",
            severity="info",
        )
    same = same_agency(current, previous)
    if same == "same":
        return None
    code = "other_agency" if same == "question" else "different_agency"
    return Finding(code, expected=previous, actual=current)


def _sides(
    identity: YearIdentity, current: YearFigures, previous: YearFigures
) -> tuple[Number, Number] | None:
    """What last year's report and this year's other cells give for the cell, and what it has."""
    added = [previous.values.get(cell) for cell in identity.last]
    added += [current.values.get(cell) for cell in identity.plus]
    taken = [current.values.get(cell) for cell in identity.minus]
    actual = current.values.get(identity.cell)
    if actual is None or None in added or None in taken:
        return None
    return sum(added) - sum(taken), actual  # type: ignore[arg-type]  # none is None


def _differs(
    identity: YearIdentity,
    current: YearFigures,
    previous: YearFigures,
    expected: Number,
    actual: Number,
) -> Finding:
    terms = [str(previous.values[cell]) for cell in identity.last]
    terms += [str(current.values[cell]) for cell in identity.plus]
    sum_ = "+".join(terms) + "".join(f"-{current.values[cell]}" for cell in identity.minus)
    sum_ = sum_.replace("+-", "-")
    return Finding(
        identity.code,
        identity.cells,
        rule=identity.id,
        expected=str(expected),
        actual=str(actual),
        span=current.spans.get(identity.cell),
        previous_span=previous.spans.get(identity.last[0]),
        detail_zh=sum_,
        detail_en=sum_,
    )


@rule("years.tenfold", severity="warning", codes=("far_from_last_year",))
def _far(current: YearFigures, previous: YearFigures) -> Iterator[Finding]:
    for cell, kind in current.form.kinds.items():
        if kind == "change" or previous.form.kinds.get(cell) != kind:
            continue
        now, before = current.values.get(cell), previous.values.get(cell)
        factor = None if now is None or before is None else far_apart(now, before, kind)
        if factor is not None:
            yield Finding(
                "far_from_last_year",
                (cell,),
                expected=str(before),
                actual=str(now),
                span=current.spans.get(cell),
                previous_span=previous.spans.get(cell),
                detail_zh=factor,
                detail_en=factor,
            )


def far_apart(now: Number, before: Number, kind: ValueKind) -> str | None:
    """The factor between two years' figures if it is a telling power of ten.

    A slip of the decimal point, a digit too many or 元 for 万元 give an exact power of ten; growth
    hardly ever does. That says the more the more digits the smaller figure has: of single digits and
    round figures it says nothing. The limits were measured on pairs of years drawn at random, see
    `tests/test_years.py`.

    Args:
        now: This year's figure.
        before: Last year's.
        kind: Counts are tried with 10 and 100, money with 10,000 (元 for 万元) as well.

    Returns:
        ``"10"``, ``"1/100"`` and so on, or None.
    """
    if now <= 0 or before <= 0 or now == before:
        return None
    small, large = (before, now) if now > before else (now, before)
    for power in _POWERS_OF_TEN[kind]:
        if small * 10**power == large:
            digits = len(
                Decimal(small).normalize().as_tuple().digits
            )  # without zeros at either end
            telling = digits >= _FEWEST_DIGITS and (kind == "money" or small >= _SMALLEST_COUNT)
            factor = str(10**power)
            return (factor if now > before else f"1/{factor}") if telling else None
    return None
