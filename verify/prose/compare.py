"""Claims against tables: each compared with every sum that its words may mean; findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form
from verify.prose.subjects import SUBJECTS, Claim, Compared, Meaning, meanings
from verify.reading import Span
from verify.rules.check import rule

Values = Mapping[str, Number | None]
_NEW = frozenset({"requests.received", "requests.accepted"})
_DONE_RULES = ("prose.answered", "prose.results", "prose.carried_in", "prose.carried_out")
_DONE = frozenset(name for name, subject in SUBJECTS.items() if subject.rule in _DONE_RULES)


def compare(claims: Iterable[Claim], form: Form, values: Values) -> tuple[Compared, ...]:
    """Hold each claim against the cells or sums that it may speak of.

    Args:
        claims: From `find_claims`.
        form: Of the tables.
        values: The figures as read; None or absent is unknown, and unknown is never 0.
    """
    return tuple(_compared(claim, form, values) for claim in claims)


def _compared(claim: Claim, form: Form, values: Values) -> Compared:
    possible = meanings(claim.subject, form)
    if not possible:
        return Compared(claim, "open")
    found = [(meaning, _sum(meaning, values)) for meaning in possible]
    for meaning, actual in found:
        if actual is not None and _agrees(claim.value, actual):
            return Compared(claim, "agrees", meaning.cells, actual)
    usual, actual = found[0]
    no_items = claim.subject.endswith(".items") and usual.cells[0].endswith(".decisions")
    if no_items or any(other is None for _, other in found):
        return Compared(claim, "open", usual.cells, actual)
    return Compared(claim, "scoped" if claim.scope else "contradicts", usual.cells, actual)


def _sum(meaning: Meaning, values: Values) -> Number | None:
    total: Number = 0
    for sign, cells in ((1, meaning.plus), (-1, meaning.minus)):
        for cell in cells:
            value = values.get(cell)
            if value is None:
                return None
            total += sign * value
    return total


def _agrees(claimed: Number, actual: Number) -> bool:
    """Whether a claim states a figure; money in prose is rounded or cut to the places it shows."""
    if not isinstance(claimed, Decimal):
        return claimed == actual
    places = claimed.as_tuple().exponent
    unit = Decimal(1).scaleb(places if isinstance(places, int) else 0)
    return abs(claimed - actual) < (unit if claimed else Decimal("0.00005"))


@rule("prose", severity="warning", codes=("prose_contradicts", "prose_scoped"))
def findings_of(compared: Iterable[Compared], spans: Mapping[str, Span | None]) -> list[Finding]:
    """Findings for what contradicts, what may be of another scope, and parts that do not add up.

    Args:
        compared: From `compare`.
        spans: Where each cell stands in the source, None or absent where it is not printed.
    """
    found: list[Finding] = []
    for one in compared:
        claim, subject = one.claim, SUBJECTS[one.claim.subject]
        if one.outcome in ("contradicts", "scoped"):
            where = (spans[c] for c in one.cells if spans.get(c) is not None)
            found.append(
                Finding(
                    "prose_contradicts" if one.outcome == "contradicts" else "prose_scoped",
                    one.cells,
                    rule=subject.rule,
                    expected=_shown(claim.value),
                    actual=None if one.actual is None else _shown(one.actual),
                    span=claim.span,
                    other_span=next(where, None),
                    detail_zh=subject.zh + (f"（{'、'.join(claim.scope)}）" if claim.scope else ""),
                    detail_en=subject.en + (f" ({', '.join(claim.scope)})" if claim.scope else ""),
                )
            )
        total = parts_differ(claim)
        if total is not None:
            found.append(
                Finding(
                    "prose_parts",
                    expected=_shown(claim.value),
                    actual=_shown(total),
                    span=claim.span,
                    other_span=claim.parts[0].span,
                    detail_zh=subject.zh,
                    detail_en=subject.en,
                )
            )
    return found


def _shown(value: Number) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@rule("prose.parts", severity="warning", codes=("prose_parts",))
def parts_differ(claim: Claim) -> Number | None:
    """The sum of the parts of a claim where the wording does not allow it, else None.

    Less than the whole is allowed unless the parts are said to be complete; more is not, where they
    are of one kind. Channels overlap: what one of them holds entirely is in the others again.
    """
    if not claim.parts:
        return None
    if claim.subject in _NEW and any(part.subject in _DONE for part in claim.parts):
        return None  # what was carried in is among the results, and what is carried out is not
    figures = [part.value for part in claim.parts]
    total: Number = 0
    for figure in figures:
        total += figure
    if max(figures) > claim.value:
        return total
    if total > claim.value:
        return total if (claim.alike or claim.complete) and max(figures) < claim.value else None
    return total if total < claim.value and claim.complete else None
