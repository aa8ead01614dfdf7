"""What both views say about a result: its form, its identities evaluated, the state of each cell.

Nothing is judged here. The verdict, the reasons and the suspects are the verifier's; the sums are
computed again only to be shown.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from extractor.flat import layout_of, sums
from extractor.render._text import figure
from extractor.render._words import WORDS

if TYPE_CHECKING:
    from verify.forms import Column, Form, Identity, Row
    from verify.schema import Cell, Claim, Result, Suspects

Lang = Literal["zh", "en"]
Outcome = Literal["held", "failed", "open"]
Flag = Literal["suspect", "doubtful", "member", "named", ""]
Sign = Literal[
    "suspect",
    "doubtful",
    "member",
    "named",
    "unreadable",
    "blank",
    "missing",
    "deduced",
    "entered",
    "remark",
]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An identity with the figures of a result put in; sums are None when it is open."""

    identity: Identity
    left: int | Decimal | None
    right: int | Decimal | None

    @property
    def outcome(self) -> Outcome:
        """``open`` when a figure is not known: never counted as held."""
        if self.left is None or self.right is None:
            return "open"
        return "held" if self.left == self.right else "failed"


def form_of(result: Result) -> Form | None:
    """The form whose tables the result lists, None when the report is of no known form."""
    layout = layout_of(tuple(result.cells)) if result.cells else None
    return layout.form if layout is not None and layout.form.id == result.report.form else None


def form_name(result: Result, lang: Lang) -> str:
    """The form of a result in words."""
    words, form = WORDS[lang], result.report.form
    return words.form.format(words.forms.get(form, form)) if form else words.no_form


def figure_in(cell: Cell) -> int | str | None:
    """The figure of a cell to be shown: its value, in a rejected report what was tried."""
    return cell.tentative if cell.value is None else cell.value


def exact(cell: Cell) -> int | Decimal | None:
    """The same as a number."""
    value = figure_in(cell)
    return Decimal(value) if isinstance(value, str) else value


def exact_text(value: int | str | None) -> str:
    """A value of the result in digits, or nothing when it is not known."""
    return "" if value is None else figure(value)


class Facts:
    """A result seen with its form.

    Attributes:
        result: The result.
        form: Its form, or None.
        evaluated: Every identity of the form with its sums.
        flags: For each cell that is pointed at, how: in a set of suspects, doubtful to read besides,
            a member of a failed identity that was not localised, or named by another error.
        states: How many cells are in each state.
    """

    __slots__ = ("evaluated", "flags", "form", "result", "states")

    def __init__(self, result: Result) -> None:
        self.result = result
        self.form = form_of(result)
        self.evaluated: tuple[Evaluated, ...] = ()
        layout = layout_of(tuple(result.cells)) if self.form is not None else None
        if layout is not None:
            numbers = [exact(cell) for cell in result.cells.values()]
            found = sums(layout, numbers)
            self.evaluated = tuple(Evaluated(one, left, right) for one, left, right, _ in found)
        self.flags = self._flags()
        self.states = Counter(cell.state for cell in result.cells.values())

    @property
    def failed(self) -> list[Evaluated]:
        """The identities that do not hold."""
        return [e for e in self.evaluated if e.outcome == "failed"]

    def _flags(self) -> dict[str, Flag]:
        flags: dict[str, Flag] = {}
        failed = self.failed
        known = {e.identity.id for e in self.evaluated}
        for reason in self.result.reasons:
            # An error that restates an identity names all its cells: pointing at each of them
            # would hide the suspects.
            restates = reason.rule in known or any(
                set(e.identity.cells) <= set(reason.cells) for e in failed
            )
            if reason.severity == "error" and not restates:
                flags.update(dict.fromkeys(reason.cells, "named"))
        localised: set[str] = set()
        for group in self.result.suspects:
            if group.sets or group.slips:
                localised.update(group.identities)
        for e in failed:
            if e.identity.id not in localised:
                flags.update(dict.fromkeys(e.identity.cells, "member"))
        for group in self.result.suspects:
            moved = tuple(slip.cells for slip in group.slips)
            for names in group.sets or moved:
                flags.update(dict.fromkeys(names, "suspect"))
        for group in self.result.suspects:
            flags.update(dict.fromkeys(group.doubtful, "doubtful"))
        return {name: flag for name, flag in flags.items() if name in self.result.cells}

    def claims_of(self, group: Suspects) -> list[tuple[int, Claim]]:
        """The claims of the prose that speak of a group of failed identities, with their numbers."""
        claims = self.result.claims
        return [(n, claims[n]) for n in group.claims if 0 <= n < len(claims)]

    def body(self, name: str, lang: Lang) -> str:
        """What stands in a cell: its figure, or the sign of why there is none."""
        cell = self.result.cells[name]
        signs = WORDS[lang].signs
        shown = figure_in(cell)
        if shown is None:
            return signs["unreadable" if cell.state == "read" else cell.state]
        return figure(shown) if cell.state == "read" else signs[cell.state] + figure(shown)

    def flag(self, name: str, lang: Lang) -> str:
        """The sign beside a cell that is pointed at or has a remark, or nothing."""
        flag = self.flags.get(name, "")
        if flag:
            return WORDS[lang].signs[flag]
        return WORDS[lang].signs["remark"] if self.result.cells[name].remark is not None else ""

    def signs(self, name: str) -> set[Sign]:
        """Which signs of the legend a cell wears."""
        found: set[Sign] = set()
        flag = self.flags.get(name, "")
        if flag:
            found.add(flag)
        state = self.result.cells[name].state
        if state != "read":
            found.add(state)
        if self.result.cells[name].remark is not None and not flag:
            found.add("remark")
        return found


# --- names ---------------------------------------------------------------------------------------


def humanise(identifier: str) -> str:
    """An identifier of the contract as words: ``natural_person`` is "natural person"."""
    return identifier.replace("_", " ")


def column_label(column: Column, lang: Lang) -> str:
    """The header of a column, without its remark on units."""
    return re.sub(r"（.*）$", "", column.label) if lang == "zh" else humanise(column.id)


def row_label(row: Row, lang: Lang) -> str:
    """The label of a row with its number, and the number of its group where rows restart at 1."""
    if lang == "en":
        return humanise(row.id)
    outer = re.match(r"（.）", row.group)
    label = re.sub(r"（区分处理的.*）$", "", row.label)
    return (outer[0] if outer and row.ordinal[:1].isdigit() else "") + row.ordinal + label


def cell_label(form: Form | None, name: str, lang: Lang) -> str:
    """A cell as a clerk names it: row, then column; a name that is of no form stays as it is."""
    if form is None or name not in form.row_of:
        return name
    _, row = form.row_of[name]
    column = next(c for c in row.columns if c.id == name.rpartition(".")[2])
    return f"{row_label(row, lang)} · {column_label(column, lang)}"


def operand_label(form: Form, identity: Identity, name: str, lang: Lang) -> str:
    """A cell inside an identity: its column when the identity is a row, its row when a column."""
    _, row = form.row_of[name]
    if len({form.row_of[other][1].id for other in identity.cells}) > 1:
        return row_label(row, lang)
    column = next(c for c in row.columns if c.id == name.rpartition(".")[2])
    return column_label(column, lang)
