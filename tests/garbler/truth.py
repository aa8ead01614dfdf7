"""Figures that satisfy every identity of a form, sparse as those of real reports."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from verify.forms import Edition, Form, Identity, Table, compose

from .model import Value

VARIANTS: dict[str, tuple[Edition, Edition]] = {
    "2021+2021": ("2021", "2021"),
    "2019+2019": ("2019", "2019"),
    "2021+2019": ("2021", "2019"),
    "2019+2021": ("2019", "2021"),
}
SCALES = ("zero", "tiny", "small", "medium", "large")

_APPLICATIONS = {
    "zero": (0, 0),
    "tiny": (1, 6),
    "small": (10, 80),
    "medium": (100, 900),
    "large": (1_000, 30_000),
}
_ROWS_IN_USE = {"zero": 0, "tiny": 2, "small": 4, "medium": 9, "large": 16}
_APPLICANTS = (
    "natural_person",
    "business",
    "research",
    "public_welfare",
    "legal_service",
    "other_org",
)
_OUTSIDE_RESULTS = ("new_received", "carried_in", "results_total", "carried_out")
_OUTCOMES = ("upheld", "corrected", "other", "pending")
_COMMON_RESULTS = ("granted", "unable_not_held", "partially_granted")
_LARGEST = {"zero": 0, "tiny": 3, "small": 30, "medium": 400, "large": 40_000}
_LARGEST_PROCEEDINGS = {"zero": 0, "tiny": 1, "small": 4, "medium": 30, "large": 300}
_FIFTH = 0.2


def form_of(variant: str) -> Form:
    """The form of a variant such as ``2021+2019`` (table 二 + table 三)."""
    return compose(*VARIANTS[variant])


def make(rng: Random, variant: str, scale: str) -> dict[str, Value]:
    """Draw a figure for every cell of the form; all identities and bounds hold."""
    form = form_of(variant)
    figures: dict[str, Value] = {}
    figures.update(_proactive(rng, form.table("proactive"), scale))
    figures.update(_requests(rng, form.table("requests"), scale))
    figures.update(_proceedings(rng, form.table("proceedings"), scale))
    return figures


def broken(form: Form, figures: Mapping[str, Value]) -> list[str]:
    """The identities among known figures that do not hold, and the counts below zero."""
    found = [i.id for i in form.identities if _fails(i, figures)]
    found += [
        name for name, kind in form.kinds.items() if kind != "change" and figures.get(name, 0) < 0
    ]
    return found


def _fails(identity: Identity, figures: Mapping[str, Value]) -> bool:
    if any(name not in figures for name in identity.cells):
        return False
    left = sum(figures[name] for name in identity.plus)
    return left != sum(figures[name] for name in identity.minus)


def _parts(rng: Random, whole: int, weights: list[float]) -> list[int]:
    """Cut a whole number into parts, roughly by weight."""
    parts = []
    left, weight_left = whole, sum(weights)
    for weight in weights:
        share = weight / weight_left if weight_left > 0 else 1.0
        part = min(left, round(left * share * rng.uniform(0.8, 1.2))) if left else 0
        parts.append(part)
        left -= part
        weight_left -= weight
    parts[0] += left
    return parts


def _requests(rng: Random, table: Table, scale: str) -> dict[str, Value]:
    results = [row.id for row in table.rows if row.id not in _OUTSIDE_RESULTS]
    received = rng.randint(*_APPLICATIONS[scale])
    in_use = [r for r in _COMMON_RESULTS if rng.random() < 0.8]
    in_use += rng.sample(results, min(len(results), _ROWS_IN_USE[scale]))
    weight = dict.fromkeys(results, 0.0)
    for row in in_use:
        weight[row] += rng.uniform(0.2, 3.0) * (3 if row in _COMMON_RESULTS else 1)
    applicants = [rng.uniform(5, 20)] + [
        rng.uniform(0, 1.5) if rng.random() < 0.5 else 0.0 for _ in _APPLICANTS[1:]
    ]
    figures: dict[str, Value] = {}
    totals: dict[str, int] = dict.fromkeys((row.id for row in table.rows), 0)
    for applicant, count in zip(_APPLICANTS, _parts(rng, received, applicants), strict=True):
        carried_out = rng.randint(0, max(1, count // 8)) if count and rng.random() < 0.5 else 0
        column = dict(zip(results, _parts(rng, count, [weight[r] for r in results]), strict=True))
        carried_in = rng.randint(0, max(1, count // 8)) if count and rng.random() < 0.5 else 0
        carried_in = min(carried_in, count + carried_out)
        column["results_total"] = count
        column["carried_in"] = carried_in
        column["carried_out"] = carried_out
        column["new_received"] = count + carried_out - carried_in
        for row_id, figure in column.items():
            figures[f"requests.{row_id}.{applicant}"] = figure
            totals[row_id] += figure
    for row_id, total in totals.items():
        figures[f"requests.{row_id}.total"] = total
    return figures


def _proceedings(rng: Random, table: Table, scale: str) -> dict[str, Value]:
    figures: dict[str, Value] = {}
    largest = _LARGEST_PROCEEDINGS[scale]
    for row in table.rows:
        outcomes = [rng.randint(0, largest) if rng.random() < 0.4 else 0 for _ in _OUTCOMES]
        for outcome, figure in zip(_OUTCOMES, outcomes, strict=True):
            figures[f"proceedings.{row.id}.{outcome}"] = figure
        figures[f"proceedings.{row.id}.total"] = sum(outcomes)
    return figures


def _money(rng: Random, largest: int) -> Decimal:
    if not largest or rng.random() < 0.3:
        return Decimal(0)
    places = rng.choice((0, 1, 2, 4, 4))
    return Decimal(rng.randint(1, largest * 10**places)) / Decimal(10**places)


def _proactive(rng: Random, table: Table, scale: str) -> dict[str, Value]:
    figures: dict[str, Value] = {}
    largest = _LARGEST[scale]
    for row in table.rows:
        for column in row.columns:
            name = f"proactive.{row.id}.{column.id}"
            if column.kind == "money":
                figures[name] = _money(rng, largest)
            elif column.kind == "change":
                size = rng.randint(0, max(0, largest // 10)) if largest else 0
                change = rng.choice((-1, 1, 1)) * size if rng.random() < 0.5 else 0
                figures[name] = max(change, -figures[f"proactive.{row.id}.previous_items"])
            else:
                limit = largest if rng.random() < _FIFTH else largest // 6
                figures[name] = rng.randint(0, limit) if rng.random() < 0.6 else 0
    return figures
