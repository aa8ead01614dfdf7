"""The rules that a file of forms brings, listed: no code is written for them."""

from __future__ import annotations

from collections.abc import Iterator

from verify.forms import FormSet
from verify.rules.lint import report


def listed(forms: FormSet) -> Iterator[str]:
    """Each identity with the forms that have it, its sentence and its sum, then the lint of each form.

    Args:
        forms: As `verify.forms.load_forms` reads them.
    """
    sums: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    sentences: dict[str, str] = {}
    for form in forms.forms:
        for identity in form.identities:
            key = (identity.id, identity.plus, identity.minus)
            sums.setdefault(key, []).append(form.variant)
            sentences[identity.id] = identity.sentence_en
    for (id, plus, minus), variants in sums.items():
        yield f"{id}  ({', '.join(variants)})  {sentences[id]}"
        yield f"    {' + '.join(plus)} = {' + '.join(minus)}"
    for rule in forms.years:
        right = " + ".join([*(f"last year's {name}" for name in rule.last), *rule.plus])
        yield f"{rule.id}  {rule.cell} = {' - '.join([right, *rule.minus])}"
    yield from report(forms.forms)
