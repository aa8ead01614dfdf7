"""Figures that an agency of this level cannot well have: 规章, and sums of money as large as 元."""

from __future__ import annotations

from collections.abc import Mapping
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


def odd_figures(
    form: Form | None,
    agency: str | None,
    values: Mapping[str, Number | None],
    spans: Mapping[str, Span | None],
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
def regulations(
    agency: str | None, values: Mapping[str, Number | None], spans: Mapping[str, Span | None]
) -> list[Finding]:
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
            span=_first(cells, spans),
            detail_zh=zh,
            detail_en=en,
        )
    ]


@rule("plausible.yuan", severity="warning", codes=("fee_looks_like_yuan",))
def yuan(
    form: Form | None,
    agency: str | None,
    values: Mapping[str, Number | None],
    spans: Mapping[str, Span | None],
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


def _first(cells: tuple[str, ...], spans: Mapping[str, Span | None]) -> Span | None:
    return next((span for name in cells if (span := spans.get(name))), None)
