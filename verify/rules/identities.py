"""The sums and balances (勾稽关系) as rules, made from the identities of `verify.forms`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from verify.forms import every_form
from verify.rules._types import Example, Rule

_REQUESTS = {"new_received": "3", "granted": "2", "results_total": "2", "carried_out": "1"}
"""Three requests of one kind of applicant, two granted and one carried over: everything balances."""
_ROWS = {
    "new_received": ("new_received", "carried_out"),
    "carried_in": ("carried_in", "carried_out"),
    "carried_out": ("new_received", "carried_out"),
    "results_total": ("new_received", "granted", "results_total"),
}
"""The rows that have to have the same figures so that one of these has them and all else balances."""


def rules_of(family: str) -> Iterator[Rule]:
    """The rules of a family of identities, in order of the forms.

    Args:
        family: ``balance``, ``results`` or ``row``.
    """
    found: dict[str, tuple[list[str], str, str]] = {}
    for form in every_form():
        for identity in form.identities:
            if identity.id.startswith(f"{family}."):
                sentences = (identity.sentence_zh, identity.sentence_en)
                forms, *same = found.setdefault(identity.id, ([], *sentences))
                assert tuple(same) == sentences, identity.id
                forms.append(form.variant)
    for id, (forms, zh, en) in found.items():
        good, bad = _figures(family, id.partition(".")[2])
        variant = Example().form if Example().form in forms else "2019+2019"
        yield Rule(
            id, tuple(forms), zh, en, Example(good, form=variant), Example(bad, form=variant)
        )


def _figures(family: str, of: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The cells of an example that holds, and of one in which the identity alone fails."""
    if family == "row":
        rows = _ROWS.get(of, ("new_received", of, "results_total"))
        figures = {"natural_person": "1", "business": "2", "total": "3"}
        good = {f"requests.{row}.{c}": text for row in rows for c, text in figures.items()}
        return good, {**good, f"requests.{of}.total": "4"}
    columns = ("natural_person" if of == "total" else of, "total")
    good = {f"requests.{row}.{c}": text for row, text in _REQUESTS.items() for c in columns}
    wrong = (
        {"carried_out": "2"} if family == "balance" else {"results_total": "3", "carried_out": "0"}
    )
    return good, {
        **good,
        **{f"requests.{row}.{c}": text for row, text in wrong.items() for c in (of, "total")},
    }
