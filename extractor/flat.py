"""One flat view of a result, which every writer uses: a cell a place in each column, its sums, its suspects, its quality.

Nothing is judged anew: what is said of a cell comes from the states, findings and suspects of the result, and the sums are
computed again only to be counted and shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from verify.forms import Form, Identity, every_form

if TYPE_CHECKING:
    from verify.schema import Result

Number = int | Decimal
Value = int | str | None
"""Money is text: an exact decimal, as the result has it."""
DOUBTED = frozenset({"suspect", "named", "remarked", "questioned"})
"""Qualities of figures that were read and that a person has to look at."""
_NAMED = frozenset({"named_by_model", "named_by_lexicon"})
_GRAVE = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the cells of a form stand in the columns.

    Attributes:
        form: The form.
        at: The place of each cell.
        money: The places of sums of money.
        sums: Each identity with the places of both its sides, and of all its cells.
    """

    form: Form
    at: Mapping[str, int]
    money: frozenset[int]
    sums: tuple[tuple[Identity, tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]


@cache
def layout_of(names: tuple[str, ...]) -> Layout | None:
    """The layout of a result with these cells, None when no form has exactly these."""
    there = frozenset(names)
    form = next((form for form in every_form() if there == form.kinds.keys()), None)
    if form is None:
        return None
    at = {name: place for place, name in enumerate(names)}

    def places(of: Sequence[str]) -> tuple[int, ...]:
        return tuple(at[name] for name in of)

    return Layout(
        form,
        at,
        frozenset(at[name] for name, kind in form.kinds.items() if kind == "money"),
        tuple((i, places(i.plus), places(i.minus), places(i.cells)) for i in form.identities),
    )


def sums(
    layout: Layout, numbers: Sequence[Any]
) -> Iterator[tuple[Identity, Number | None, Number | None, tuple[int, ...]]]:
    """Every identity with both its sides, None where a figure of one is not known, and the places of its cells.

    Args:
        layout: Of the form.
        numbers: Of each cell, exact; None where it is not known.
    """
    for identity, plus, minus, places in layout.sums:
        yield identity, _side(numbers, plus), _side(numbers, minus), places


def _side(numbers: Sequence[Any], places: tuple[int, ...]) -> Number | None:
    total: Number = 0
    for at in places:
        number = numbers[at]
        if number is None:
            return None
        total += number
    return total


class Flat:
    """A result in columns, in the order of its cells.

    Args:
        result: As JSON has it, of the newest version of the contract.

    Attributes:
        result: The same.
        names: Of the cells.
        values: Of each: a count, money as an exact decimal, None where it is not known.
        states: Of each.
        layout: Of its form, None without tables.
    """

    def __init__(self, result: Mapping[str, Any]) -> None:
        cells: Mapping[str, Mapping[str, Any]] = result["cells"]
        self.result = result
        self.names = tuple(cells)
        self.layout = layout_of(self.names) if cells else None
        self._cells = cells.values()
        self.values: list[Value] = [cell["value"] for cell in self._cells]
        self.states: list[str] = [cell["state"] for cell in self._cells]

    @classmethod
    def of(cls, result: Result) -> Flat:
        """The same of a result that was parsed."""
        return cls(result.model_dump(mode="json"))

    @property
    def form(self) -> Form | None:
        """Its form, None without tables."""
        return None if self.layout is None else self.layout.form

    def column(self, key: str) -> list[Any]:
        """What the result says of each cell under a key; None where it says nothing."""
        return [cell.get(key) for cell in self._cells]

    @cached_property
    def _counted(self) -> tuple[list[int], list[int], dict[str, tuple[str, ...]]]:
        held, failed = [0] * len(self.names), [0] * len(self.names)
        broken: dict[str, tuple[str, ...]] = {}
        if self.layout is None:
            return held, failed, broken
        numbers: list[Any] = [*self.values]
        if self.layout.money:
            for at in self.layout.money:
                value = numbers[at]
                numbers[at] = Decimal(value) if isinstance(value, str) else value
        for identity, left, right, places in sums(self.layout, numbers):
            if left is None or right is None:
                continue
            counts = held
            if left != right:
                counts = failed
                broken[identity.id] = identity.cells
            for at in places:
                counts[at] += 1
        return held, failed, broken

    @property
    def held(self) -> list[int]:
        """In how many identities that hold each cell is."""
        return self._counted[0]

    @property
    def failed(self) -> list[int]:
        """In how many that fail."""
        return self._counted[1]

    @cached_property
    def listed(self) -> frozenset[str]:
        """Cells that stand in a smallest set of suspects."""
        return frozenset(n for group in self._groups for names in group["sets"] for n in names)

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """Suspects that were doubtful to read."""
        return frozenset(n for group in self._groups for n in group.get("doubtful", ()))

    @property
    def _groups(self) -> Sequence[Mapping[str, Any]]:
        groups: Sequence[Mapping[str, Any]] = self.result.get("suspects", ())
        return groups

    @cached_property
    def suspects(self) -> frozenset[str]:
        """Cells of the smallest sets; where nothing was localised, every cell of the failed identity."""
        found = set(self.doubtful)
        localised: set[str] = set()
        for group in self._groups:
            moved = [slip["cells"] for slip in group.get("slips", ())]
            if group["sets"] or moved:
                localised.update(group["identities"])
            for names in group["sets"] or moved:
                found.update(names)
        for identity, cells in self._counted[2].items():
            if identity not in localised:
                found.update(cells)
        return frozenset(found)

    @cached_property
    def _doubts(self) -> dict[str, str]:
        """Cells that a person has to look at if they were read, each with why: the gravest reason."""
        known = {identity.id for identity in self.form.identities} if self.form else set()
        named: list[str] = []
        remarked: list[str] = []
        questioned: list[str] = []
        for reason in self.result.get("reasons", ()):
            if reason["code"] in _NAMED:
                named += reason["cells"]
            elif reason["code"] == "remark":  # one that is harmless has another code
                remarked += reason["cells"]
            elif reason["severity"] in _GRAVE and reason["rule"] not in known:
                questioned += reason["cells"]
        found = dict.fromkeys(questioned, "questioned")
        found.update(dict.fromkeys(remarked, "remarked"))
        found.update(dict.fromkeys(named, "named"))
        found.update(dict.fromkeys(self.suspects, "suspect"))
        return found

    @cached_property
    def qualities(self) -> list[str]:
        """How far each figure can be trusted; in a word; the catalogue of exports says what each means."""
        doubts, cells = self._doubts, self.result["cells"]
        facts = zip(self.names, self.values, self.states, self.held, strict=True)
        return [
            _without(cells[name])
            if value is None
            else state
            if state != "read"
            else doubts.get(name) or ("guarded" if held else "unguarded")
            for name, value, state, held in facts
        ]

    @property
    def decisions(self) -> Sequence[Mapping[str, Any]]:
        """The decisions of people that took effect."""
        found = self.result.get("decisions", [])
        return found if isinstance(found, list) else []

    @property
    def entered_by(self) -> dict[str, str]:
        """Who entered the figure of a cell, where one was entered."""
        return {one["cells"][0]: one["who"] for one in self.decisions if one["kind"] == "enter"}


def _without(cell: Mapping[str, Any]) -> str:
    """The quality of a cell without a figure."""
    if cell.get("tentative") is not None:
        return "tentative"
    state: str = cell["state"]
    return "unreadable" if state in ("read", "deduced", "entered") else state


__all__ = ["DOUBTED", "Flat", "Layout", "Number", "Value", "layout_of", "sums"]
