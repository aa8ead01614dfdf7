"""One flat view of a result, which every writer uses: a cell a place in each column, its sums, its suspects, its quality.

Nothing is judged anew: what is said of a cell comes from the states, findings and suspects of the result, and the sums are
computed again only to be counted and shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Literal

from verify.forms import Form, Identity, every_form

Number = int | Decimal
Outcome = Literal["held", "failed", "open"]
Flag = Literal["suspect", "doubtful", "member", "named"]
Value = int | str | None
"""Money is text: an exact decimal, as the result has it."""
DOUBTED = frozenset({"suspect", "named", "remarked", "questioned"})
"""Qualities of figures that were read and that a person has to look at."""
_NAMED = frozenset({"named_by_model", "named_by_lexicon"})
_GRAVE = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the cells of a form stand in the columns."""

    form: Form  # the form
    at: Mapping[str, int]  # the place of each cell
    money: frozenset[int]  # the places of sums of money
    # each identity with the places of both its sides, and of all its cells
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


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An identity with the figures of a result put in; a side is None where a figure of it is not known."""

    identity: Identity
    left: Number | None
    right: Number | None

    @property
    def outcome(self) -> Outcome:
        """``open`` when a figure is not known: never counted as held."""
        if self.left is None or self.right is None:
            return "open"
        return "held" if self.left == self.right else "failed"


def _side(numbers: Sequence[Number | None], places: tuple[int, ...]) -> Number | None:
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
        json: The same.
        names: Of the cells.
        values: Of each: a count, money as an exact decimal, None where it is not known.
        states: Of each.
    """

    def __init__(self, result: Mapping[str, Any]) -> None:
        cells: Mapping[str, Mapping[str, Any]] = result["cells"]
        self.json = result
        self.names = tuple(cells)
        self._cells = cells.values()
        self.values: list[Value] = [cell["value"] for cell in self._cells]
        self.states: list[str] = [cell["state"] for cell in self._cells]

    @cached_property
    def layout(self) -> Layout | None:
        """Of its form, None without tables."""
        return layout_of(self.names) if self.names else None

    @property
    def form(self) -> Form | None:
        """Its form, None without tables."""
        return None if self.layout is None else self.layout.form

    def column(self, key: str) -> list[Any]:
        """What the result says of each cell under a key; None where it says nothing."""
        return [cell.get(key) for cell in self._cells]

    @cached_property
    def numbers(self) -> list[Number | None]:
        """The values as numbers."""
        return self.exact(self.values)

    @staticmethod
    def exact(values: Iterable[Value]) -> list[Number | None]:
        """Values as numbers; None where one is not known."""
        return [Decimal(value) if isinstance(value, str) else value for value in values]

    @cached_property
    def evaluated(self) -> list[Evaluated]:
        """Every identity of the form with both its sides."""
        numbers = self.numbers
        return [
            Evaluated(identity, _side(numbers, plus), _side(numbers, minus))
            for identity, plus, minus, _ in (self.layout.sums if self.layout else ())
        ]

    @property
    def broken(self) -> list[Evaluated]:
        """The identities that do not hold."""
        return [one for one in self.evaluated if one.outcome == "failed"]

    def _counted(self, outcome: Outcome) -> list[int]:
        counts = [0] * len(self.names)
        if self.layout is not None:
            for one, (*_, places) in zip(self.evaluated, self.layout.sums, strict=True):
                if one.outcome == outcome:
                    for at in places:
                        counts[at] += 1
        return counts

    @cached_property
    def held(self) -> list[int]:
        """In how many identities that hold each cell is."""
        return self._counted("held")

    @cached_property
    def failed(self) -> list[int]:
        """In how many that fail."""
        return self._counted("failed")

    @cached_property
    def flags(self) -> dict[str, Flag]:
        """For each cell that is pointed at, how, the gravest last.

        ``named`` by an error, a ``member`` of a failed identity that was not localised, ``suspect`` where it is
        in a smallest set, ``doubtful`` where it was doubtful to read besides.
        """
        flags: dict[str, Flag] = {}
        broken, groups = self.broken, self.json.get("suspects", ())
        known = {one.identity.id for one in self.evaluated}
        for reason in self.json.get("reasons", ()):
            # An error that restates an identity names all its cells: pointing at each of them
            # would hide the suspects.
            restates = reason["rule"] in known or any(
                set(one.identity.cells) <= set(reason["cells"]) for one in broken
            )
            if reason["severity"] == "error" and not restates:
                flags.update(dict.fromkeys(reason["cells"], "named"))
        sets = [(g, g["sets"] or [slip["cells"] for slip in g.get("slips", ())]) for g in groups]
        localised = {id for group, found in sets if found for id in group["identities"]}
        for one in broken:
            if one.identity.id not in localised:
                flags.update(dict.fromkeys(one.identity.cells, "member"))
        for _, found in sets:
            for names in found:
                flags.update(dict.fromkeys(names, "suspect"))
        for group in groups:
            flags.update(dict.fromkeys(group.get("doubtful", ()), "doubtful"))
        return {name: flag for name, flag in flags.items() if name in self.json["cells"]}

    @property
    def suspects(self) -> list[str]:
        """Cells of the smallest sets; where nothing was localised, every cell of the failed identity."""
        return [name for name, flag in self.flags.items() if flag != "named"]

    @cached_property
    def _doubts(self) -> dict[str, str]:
        """Cells that a person has to look at if they were read, each with why: the gravest reason."""
        known = {one.identity.id for one in self.evaluated}
        named: list[str] = []
        remarked: list[str] = []
        questioned: list[str] = []
        for reason in self.json.get("reasons", ()):
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
        doubts, cells = self._doubts, self.json["cells"]
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
        found = self.json.get("decisions", [])
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
