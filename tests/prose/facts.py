"""What is true of a set of tables, by the names that templates use."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from verify.forms import Form

Value = int | Decimal
_ORGANISATIONS = ("business", "research", "public_welfare", "legal_service", "other_org")


def facts(form: Form, figures: Mapping[str, Value]) -> dict[str, Value]:
    """The true figures; one that the form has no cell for is left out."""

    def rows(prefix: str) -> Value:
        return sum(
            figures[f"requests.{row.id}.total"]
            for row in form.table("requests").rows
            if row.id.startswith(prefix)
        )

    def total(row: str) -> Value:
        return figures[f"requests.{row}.total"]

    found: dict[str, Value] = {
        "new": total("new_received"),
        "cin": total("carried_in"),
        "cout": total("carried_out"),
        "done": total("results_total"),
        "granted": total("granted"),
        "partial": total("partially_granted"),
        "denied": rows("denied_"),
        "unable": rows("unable_"),
        "unproc": rows("unprocessed_"),
        "other": rows("other"),
        "nat": figures["requests.new_received.natural_person"],
        "org": sum(figures[f"requests.new_received.{c}"] for c in _ORGANISATIONS),
        "business": figures["requests.new_received.business"],
        "rec": figures["proceedings.reconsideration.total"],
        "litd": figures["proceedings.litigation_direct.total"],
        "lita": figures["proceedings.litigation_after_reconsideration.total"],
        "lic": figures["proactive.licensing.decisions"],
        "pen": figures["proactive.penalties.decisions"],
        "coe": figures["proactive.coercion.decisions"],
    }
    found["lit"] = found["litd"] + found["lita"]
    cells = {
        "nd": ("proactive.normative_documents.issued", "proactive.normative_documents.made"),
        "rep": ("proactive.normative_documents.repealed",),
        "force": ("proactive.normative_documents.in_force",),
        "rules": ("proactive.regulations.issued", "proactive.regulations.made"),
        "fee": ("proactive.fees.amount",),
        "buy": ("proactive.procurement.items",),
        "spent": ("proactive.procurement.amount",),
    }
    for name, possible in cells.items():
        for cell in possible:
            if cell in figures:
                found[name] = figures[cell]
    return found


def chance(rng: Random, year: int, agency: str) -> dict[str, str]:
    """Figures that speak of nothing in the tables."""
    parts = [rng.randint(20, 400) for _ in range(3)]
    found = {f"r{i}": str(rng.randint(1, 60)) for i in (1, 2, 3)}
    found |= {f"R{i}": str(rng.randint(100, 999)) for i in (1, 2, 3)}
    found |= {f"p{i}": str(part) for i, part in enumerate(parts, 1)}
    found |= {"P": str(sum(parts)), "rest": str(sum(parts[1:])), "R9": str(rng.randint(1000, 9999))}
    return found | {"year": str(year), "last": str(year - 1), "agency": agency}
