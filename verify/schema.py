"""The result as it crosses the boundary: strict pydantic models of the JSON contract.

`Result` is schema_version "2". Counts are exact integers, money is an exact decimal carried as a
string, unknown is None; no figure is a float (points of a page are), no coercion, no unknown key. Importing
this module loads pydantic, which the verifier itself does not need.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Annotated, ClassVar, Final, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    model_serializer,
    model_validator,
)

from verify.cells import WITH_FIGURE, CellPlace, StateName
from verify.forms import DISCLOSURE, FormId, every_form
from verify.provenance import Provenance, Sparse, Strict
from verify.schema_parts import DecisionMade, Offset, Place, Span, forward
from verify.verdicts import VerdictName

_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def _exact(value: int | str | None) -> int | str | None:
    if isinstance(value, bool):
        # pydantic turns ValueError, and no other, into a validation error
        raise ValueError("a value is an integer or a decimal string, not a boolean")  # noqa: TRY004
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError(f"{value!r} is not an exact decimal")
    return value


SCHEMA_VERSION: Final = "2"

Verdict = VerdictName
Severity = Literal["error", "warning", "info"]
Value = Annotated[int | str | None, AfterValidator(_exact)]


class Cell(Strict):
    """One cell of the form.

    Attributes:
        value: Integer (counts), exact decimal string (money, 万元) or None when not known, and in a
            rejected report.
        state: How the cell was found; see the contract.
        text: What stands in the source, or None.
        span: Half-open character range of ``text`` in the decoded source, or None.
        was: Only when deduced: the state before.
        proof: Only when deduced: the identities that leave exactly this value.
        derived: A value that follows for a cell of a report that is not `completed`.
        tentative: Only in a rejected report: what was tried as the value.
        remark: Words beside the figure that are no unit.
        place: Where it stands in the original, where there is one beside the text.
    """

    value: int | str | None
    state: StateName
    text: str | None = None
    span: tuple[Offset, Offset] | None = None
    was: Literal["blank", "missing", "unreadable"] | None = None
    proof: tuple[str, ...] | None = None
    derived: Value = None
    tentative: Value = None
    remark: Annotated[str, StringConstraints(min_length=1)] | None = None
    place: Place | None = None

    @model_validator(mode="after")
    def _state_fits(self) -> Cell:
        """All that a cell has to satisfy, in one call: `Value` and `Span` would be two more each."""
        state, value, span = self.state, self.value, self.span
        if isinstance(value, str):
            _exact(value)
        if span is not None:
            forward(span)
        figures = (value is not None) + (self.tentative is not None)
        if figures != (state in WITH_FIGURE):
            raise ValueError(
                f"a cell that is {state} has value {value!r} and tentative {self.tentative!r}"
            )
        if state == "deduced" and value is None:
            raise ValueError("a deduced cell has a value")
        if state == "read" and (span is None or self.text is None):
            raise ValueError("a cell that is read has a text and a span")
        if (span is None) != (self.text is None):
            raise ValueError("text and span go together")
        if (state == "deduced") != (self.was is not None):
            raise ValueError("`was` belongs to deduced cells and to no others")
        if state == "deduced" and not self.proof:
            raise ValueError("a deduced cell has a proof")
        return self

    @model_serializer(mode="plain")  # a report has 200 cells: nothing is made to be left out
    def _without_absent(self) -> dict[str, object]:
        """The four keys that every cell has, the others only where they say something."""
        keys: dict[str, object] = {
            "value": self.value,
            "state": self.state,
            "text": self.text,
            "span": self.span,
        }
        for key in ("was", "proof", "derived", "tentative", "remark"):
            value = getattr(self, key)
            if value is not None:
                keys[key] = value
        if self.place is not None:
            keys["place"] = self.place.as_dict()
        return keys


class Reason(Sparse):
    """One finding: a stable code, the rule, the cells and what to read about it.

    Attributes:
        code: Stable; see docs/reasons.md.
        severity: How grave it is.
        rule: Id of the rule; see docs/rules.
        by: How it came about, in stable words separated by commas, where there is more to say:
            oddities of a spelling, what decided a placement, identities combined.
        cells: The cells concerned.
        expected: Left side of a sum, or what should stand there.
        actual: Right side, or what stands there.
        span: Where in the source.
        other_span: A second place in the same source.
        previous_span: A place in last year's source.
        message_zh: What to read about it in Chinese.
        message_en: The same in English.
    """

    code: str
    severity: Severity
    rule: str | None = None
    by: str | None = None
    cells: tuple[str, ...] = ()
    expected: str | None = None
    actual: str | None = None
    span: Span | None = None
    other_span: Span | None = None
    previous_span: Span | None = None
    message_zh: str
    message_en: str
    may_lack: ClassVar[frozenset[str]] = frozenset({"by", "previous_span"})


class Report(Strict):
    """What the report says of itself; ``form`` is decided by the tables alone."""

    agency: str | None
    year: int | None
    form: FormId | None


class Identities(Strict):
    """How many identities held, failed or were open."""

    held: int
    failed: int
    not_evaluable: int


class Slip(Strict):
    """One structural operation that would explain a group of failed identities."""

    operation: str
    cells: tuple[str, ...]
    message_zh: str
    message_en: str


class Suspects(Strict):
    """For a connected group of failed identities, all smallest sets of cells that explain it.

    Attributes:
        identities: Their ids.
        sets: All smallest sets; empty when no set of up to three cells does ("not localised").
        needed: For each set the value that each cell of it would need, None where several would do.
            A comment: nothing is ever repaired with it.
        slips: Structural operations that explain it.
        doubtful: Cells of the sets that were doubtful to read.
        fault: ``source`` when the reading is grounded and anchored, ``reading`` when a suspect cell
            is one that was doubtful to read, ``open`` when it is not proven that the source is
            wrong.
        claims: Numbers of the claims of the prose (in ``claims``) that speak of these identities.
    """

    identities: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    needed: tuple[tuple[int | None, ...], ...] = ()
    slips: tuple[Slip, ...] = ()
    doubtful: tuple[str, ...] = ()
    fault: Literal["source", "reading", "open"] = "source"
    claims: tuple[int, ...] = ()


class Claim(Strict):
    """A figure that the prose claims, and what the tables say of it.

    Attributes:
        subject: What it speaks of, a stable word (docs/rules).
        value: The figure claimed.
        text: The words that state it.
        span: Where they stand.
        sentence: The clause around them.
        scope: Words that may give it another scope than the tables have, as printed.
        outcome: ``agrees``, ``contradicts``, ``scoped`` (differs, and a word of scope may be why),
            ``open`` (the cells are not known).
        cells: The cells, or parts of the sum, that it was held against.
        actual: What the tables say, or None when not known.
    """

    subject: str
    value: Value
    text: str
    span: Span
    sentence: Span
    scope: tuple[str, ...] = ()
    outcome: Literal["agrees", "contradicts", "scoped", "open"]
    cells: tuple[str, ...] = ()
    actual: Value = None


@cache
def _cells_of(form: FormId | None) -> tuple[frozenset[str], ...]:
    """The names that the cells of a form may have; a hybrid is one of two forms."""
    if form is None:
        return (frozenset(),)
    return tuple(frozenset(f.cells) for f in every_form() if f.id == form)


class Result(Strict):
    """The result of one report, schema_version "2"."""

    schema_version: Literal["2"] = SCHEMA_VERSION
    verdict: Verdict
    reasons: tuple[Reason, ...]
    report: Report
    cells: dict[str, Cell]
    identities: Identities
    suspects: tuple[Suspects, ...]
    claims: tuple[Claim, ...] = ()
    decisions: Annotated[tuple[DecisionMade, ...], Field(exclude_if=lambda made: not made)] = ()
    provenance: Provenance

    @model_validator(mode="after")
    def _cells_are_those_of_the_form(self) -> Result:
        if self.cells.keys() not in _cells_of(self.report.form):
            raise ValueError(f"cells are not those of form {self.report.form!r}")
        for name, cell in self.cells.items():
            money = name in DISCLOSURE.money
            for value in (cell.value, cell.derived, cell.tentative):
                if value is not None and isinstance(value, str) != money:
                    raise ValueError(f"{name}: {value!r} is not {'money' if money else 'a count'}")
        return self

    @model_validator(mode="after")
    def _verdict_fits_the_cells(self) -> Result:
        states = {cell.state for cell in self.cells.values()}
        if self.verdict == "accepted" and states != {"read"}:
            raise ValueError("an accepted report has only cells that were read")
        if self.verdict == "completed" and (
            not states <= {"read", "deduced", "entered"} or states <= {"read"}
        ):
            raise ValueError(
                "a completed report has only cells that were read, deduced or entered, and not "
                "only read ones"
            )
        if self.verdict != "completed" and "deduced" in states:
            raise ValueError(f"a report that is {self.verdict} has no deduced cells")
        for name, cell in self.cells.items():
            key = "value" if self.verdict == "rejected" else "tentative"
            if getattr(cell, key) is not None:
                raise ValueError(f"{name}: a report that is {self.verdict} has no {key}")
        return self


def figures_of(result: Result) -> dict[str, int | Decimal | None]:
    """Every cell's figure: counts as integers, money as decimals in 万元, None where it is not known.

    Raises:
        ValueError: The result is `unsupported`, or a negative count makes it no valid report.
    """
    if result.report.form is None:
        raise ValueError("an unsupported report has no figures")
    figures = {
        name: Decimal(cell.value) if isinstance(cell.value, str) else cell.value
        for name, cell in result.cells.items()
    }
    kinds = next(form.kinds for form in every_form() if form.kinds.keys() == figures.keys())
    for name, value in figures.items():
        if value is not None and value < 0 and kinds[name] != "change":
            raise ValueError(f"{name}: {value!r} is negative")
    return figures


__all__ = [
    "SCHEMA_VERSION",
    "Cell",
    "CellPlace",
    "Claim",
    "DecisionMade",
    "Identities",
    "Provenance",
    "Reason",
    "Report",
    "Result",
    "Severity",
    "Slip",
    "Span",
    "Suspects",
    "Value",
    "Verdict",
    "figures_of",
]
