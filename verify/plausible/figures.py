"""Figures that an agency of this level cannot well have: 规章, money as large as 元, another agency's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from verify.agencies import Level, is_government, level_of
from verify.figures import Number
from verify.findings import Finding
from verify.forms import Form
from verify.reading import Span
from verify.rules.check import rule

_MADE = ("issued", "repealed", "in_force", "made")
_LOCAL: dict[Level, tuple[str, str]] = {
    "township": ("乡镇、街道", "a township or subdistrict"),
    "county": ("县级机关", "a county or district agency"),
}
_LEAST: dict[tuple[Level | None, bool], int] = {
    ("township", True): 10_000,
    ("township", False): 10_000,
    ("county", False): 100_000,
    ("county", True): 1_000_000,
    ("city", False): 1_000_000,
}
"""万元 from which on fees are no agency's of this level; the second key: a whole government."""
_LEAST_ANY = 10_000_000
_PROCUREMENT = 10
_CENT = Decimal("0.01")
_ENOUGH_BITS = 40
_FEWEST_DIFFERENT = 4
_WHERE = 2
_FOLLOWING_ROWS = ("results_total", "new_received")
_MOST_NAMED = 3

Figures = Mapping[str, Number | None]
Spans = Mapping[str, Span | None]


def odd_figures(
    form: Form | None,
    agency: str | None,
    values: Figures,
    spans: Spans,
    texts: Mapping[str, str | None],
) -> list[Finding]:
    """What is not plausible about the figures of a report.

    Args:
        form: Of its tables, None when there are none.
        agency: As the title names it, or None.
        values: Figures by cell; empty when the reading may not be trusted.
        spans: Where they stand.
        texts: What stands there.

    Returns:
        At most one warning about 规章 and two about money.
    """
    return [*regulations(agency, values, spans), *yuan(form, agency, values, spans, texts)]


@rule("plausible.regulations", severity="warning", codes=("regulations_by_local_agency",))
def regulations(agency: str | None, values: Figures, spans: Spans) -> list[Finding]:
    """规章 reported by a township, a county or an agency of one."""
    level = level_of(agency) if agency else None
    if level is None or level not in _LOCAL:
        return []
    names = [f"proactive.regulations.{column}" for column in _MADE]
    cells = tuple(name for name in names if (values.get(name) or 0) > 0)
    if not cells:
        return []
    zh, en = _LOCAL[level]
    return [
        Finding(
            "regulations_by_local_agency",
            cells,
            actual="/".join(str(values[name]) for name in cells),
            span=next((span for name in cells if (span := spans.get(name))), None),
            detail_zh=zh,
            detail_en=en,
        )
    ]


@rule("plausible.yuan", severity="warning", codes=("fee_looks_like_yuan",))
def yuan(
    form: Form | None,
    agency: str | None,
    values: Figures,
    spans: Spans,
    texts: Mapping[str, str | None],
) -> list[Finding]:
    """Money so large that 元 was probably entered where the form asks 万元."""
    found = []
    least = _least(agency)
    for name, id, times in (
        ("proactive.fees.amount", "plausible.yuan.fees", 1),
        ("proactive.procurement.amount", "plausible.yuan.procurement", _PROCUREMENT),
    ):
        amount = values.get(name)
        if form is None or name not in form.kinds or amount is None or amount < least * times:
            continue
        span = spans.get(name)
        if Decimal(amount) % _CENT or (texts.get(name) or "").rstrip().endswith("元"):
            continue  # more than two decimals are 万元, and so is what says its unit
        found.append(
            Finding("fee_looks_like_yuan", (name,), rule=id, actual=str(amount), span=span)
        )
    return found


def _least(agency: str | None) -> int:
    if not agency:
        return _LEAST_ANY
    return _LEAST.get((level_of(agency), is_government(agency)), _LEAST_ANY)


@rule("plausible.same_tables", severity="warning", codes=("same_tables",))
def same_tables(name: str, values: Figures, others: Mapping[str, Figures]) -> list[Finding]:
    """Say with which other agencies' tables a report's agree in every figure.

    Tables of small agencies are alike by nature: all zeros, or one application granted. So the
    figures that agree must say enough. Each figure that is not zero and that no sum gives counts its
    length in bits and two for its place; 40 bits and four different figures are asked for, so that
    among a million million pairs hardly one agrees by chance.

    Args:
        name: The report's own name; an entry of this name in ``others`` is passed over.
        values: Its figures by cell, None where not known.
        others: Figures of other agencies' reports of the same year, by name.

    Returns:
        At most one finding, which names up to three of them.
    """
    figures = {cell: value for cell, value in values.items() if value is not None}
    alike = [other for other, theirs in others.items() if other != name and _same(figures, theirs)]
    if not alike:
        return []
    shown = alike[:_MOST_NAMED]
    more = len(alike) - len(shown)
    zh = "、".join(f"“{other}”" for other in shown) + (f"等{len(alike)}份" if more else "")
    en = ", ".join(f"{other!r}" for other in shown) + (f" and {more} more" if more else "")
    return [Finding("same_tables", detail_zh=zh, detail_en=en)]


def _same(figures: Mapping[str, Number], theirs: Figures) -> bool:
    for cell, value in figures.items():
        other = theirs.get(cell)
        if other is not None and other != value:
            return False
    telling = [value for cell, value in _free(figures) if theirs.get(cell) is not None]
    bits = sum(_bits(value) for value in telling)
    return bits >= _ENOUGH_BITS and len(set(telling)) >= _FEWEST_DIFFERENT


def _free(figures: Mapping[str, Number]) -> Iterator[tuple[str, Number]]:
    """The figures that are not zero and that no identity gives."""
    for cell, value in figures.items():
        _, row, column = cell.split(".")
        if value and column != "total" and row not in _FOLLOWING_ROWS:
            yield cell, value


def _bits(value: Number) -> int:
    """Of a sum of money without its point and its zeros at either end."""
    if isinstance(value, Decimal):
        value = int("".join(map(str, value.normalize().as_tuple().digits)))
    return abs(value).bit_length() + _WHERE
