"""A grounded reading as plain data and back, so that it can be judged anew.

Plain data is what JSON has. Nothing in it is trusted: a store may come from anywhere, so pydantic holds it
against the types of `verify.grounded`, what these do not say is checked here, and what passes can be judged.
Figures are exact: counts are integers, money is a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from verify.cells import CellPlace
from verify.codes import CODES, RULES
from verify.findings import Finding
from verify.forms import Form, every_form
from verify.grounded import Grounded, OpenRow, Stranger
from verify.prose import Claim
from verify.prose.subjects import SUBJECTS
from verify.reading import Note, Place, Reading, Span, Where

FORMAT: Final = 3
"""Of the plain data; any other is refused."""
_FORMS = {form.variant: form for form in every_form()}
_FARTHEST_POINT = 700  # digits before or behind the point of a sum of money


class _Cell(NamedTuple):
    """Where a cell stands, and what stands there."""

    where: Where
    span: Span | None = None
    why: str | None = None
    text: str | None = None


class _Places(NamedTuple):
    """One printed copy of the tables; ``names`` is None where they are those of the form in its order."""

    names: tuple[str, ...] | None
    cells: tuple[_Cell, ...]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal[3]
    form: str | None
    reader: str
    has_tables: bool
    agency: str | None
    year: int | None
    places: _Places
    repeats: tuple[_Places, ...]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]
    undecided: dict[str, str]
    open_rows: tuple[OpenRow, ...]
    strangers: tuple[Stranger, ...]
    claims: tuple[Claim, ...]
    oddities: tuple[Finding, ...]
    originals: tuple[tuple[str, CellPlace], ...]


_AS_THEY_ARE = ("has_tables", "agency", "year", "open_rows", "strangers", "claims", "originals")


def to_plain(grounded: Grounded) -> Any:
    """What `from_plain` makes the same grounded reading of.

    Args:
        grounded: Its form must be one of `verify.forms.every_form`.

    Returns:
        What JSON has.

    Raises:
        ValueError: The form is none of these.
    """
    reading = grounded.reading
    form = reading.form
    if form is not None and _FORMS.get(form.variant) is not form:
        raise ValueError(f"a reading of {form!r} cannot be kept: there is no such form")
    plain = _Plain.model_construct(
        format=FORMAT,
        form=form.variant if form else None,
        reader=reading.reader,
        places=_plain_places(reading.places, grounded, form),
        repeats=tuple(_plain_places(again, grounded, form) for again in reading.repeats),
        notes=reading.notes,
        findings=tuple(map(_without_rule, grounded.findings)),
        undecided=dict(grounded.undecided),
        oddities=tuple(map(_without_rule, grounded.oddities)),
        **{name: getattr(grounded, name) for name in _AS_THEY_ARE},
    )
    return plain.model_dump(mode="json", exclude_defaults=True)


def _without_rule(finding: Finding) -> Finding:
    """A finding without a rule that its code tells; `Finding` finds it again."""
    if finding.rule is None or finding.rule != RULES.get(finding.code):
        return finding
    finding = replace(finding)
    object.__setattr__(finding, "rule", None)
    return finding


def _plain_places(found: Mapping[str, Place], grounded: Grounded, form: Form | None) -> _Places:
    whole = form is not None and tuple(found) == form.cells
    texts = grounded.texts
    cells = (_Cell(*place, texts[place.span] if place.span else None) for place in found.values())
    return _Places(None if whole else tuple(found), tuple(cells))


def from_plain(value: Any) -> Grounded:
    """The grounded reading of which `to_plain` made this.

    Args:
        value: What JSON can hold; of whatever maker.

    Returns:
        A grounded reading that can be judged; nothing in it is shared with ``value`` and changed.

    Raises:
        ValueError: It is not as `to_plain` writes it, in one line.
    """
    try:
        plain = _Plain.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _wrong(f"{where}: {first['msg']}") from None
    form = _FORMS.get(plain.form or "")
    if form is None and plain.form is not None:
        raise _wrong("there is no such form")
    texts: dict[Span, str] = {}
    reading = Reading(
        form,
        _places(plain.places, form, texts),
        tuple(_places(again, form, texts) for again in plain.repeats),
        plain.notes,
        plain.reader,
    )
    _check_findings((*plain.findings, *plain.oddities))
    _check_claims(plain.claims)
    for row in plain.open_rows:
        if form is None or not form.kinds.keys() >= set(row.cells):
            raise _wrong("an open row has cells that are not of its form")
        if any(len(way) != len(row.cells) for way in row.ways):
            raise _wrong("an open row has not one figure for each cell")
    return Grounded(
        reading,
        texts=texts,
        findings=plain.findings,
        undecided=plain.undecided,
        oddities=plain.oddities,
        **{name: getattr(plain, name) for name in _AS_THEY_ARE},
    )


def _wrong(what: str) -> ValueError:
    return ValueError(f"not a kept reading: {' '.join(what.split())}")


def _places(kept: _Places, form: Form | None, texts: dict[Span, str]) -> dict[str, Place]:
    names = kept.names
    if names is None:
        names = form.cells if form else ()
    if len(kept.cells) != len(set(names)) or len(set(names)) != len(names):
        raise _wrong("its cells do not have one place each")
    for cell in kept.cells:
        if (cell.span is None) != (cell.text is None):
            raise _wrong("a span has no text, or a text no span")
        if cell.span is not None and cell.text is not None:
            texts[cell.span] = cell.text
    places = (Place(cell.where, cell.span, cell.why) for cell in kept.cells)
    return dict(zip(names, places, strict=True))


def _check_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.code not in CODES:
            raise _wrong("the code of a finding is not known")


def _check_claims(claims: Iterable[Claim]) -> None:
    for claim in claims:
        if claim.subject not in SUBJECTS:
            raise _wrong("the subject of a claim is not known")
        value = claim.value
        if isinstance(value, Decimal) and abs(value.as_tuple().exponent) > _FARTHEST_POINT:  # type: ignore[arg-type]
            raise _wrong("a sum of money is no decimal")
        _check_claims(claim.parts)
