"""What people decided about a report, as input of judging: settled remarks, confirmed labels, entered figures.

A decision is data that never changes. Which of many stands is told by `standing`: what was undone counts no
more, of one person's decisions on one thing the last counts, and where people differ none does. Nothing here
reads a source; a decision takes effect only where what it was made of is found again, sign for sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from verify.cells import CellPlace, CellValue
from verify.codes import CODES
from verify.figures import Number, read_figure
from verify.findings import Finding
from verify.forms import Form, ValueKind
from verify.reading import Span

Kind = Literal[
    "harmless",  # the words change no figure
    "label",  # the words name this row or column
    "dismiss",  # looked at, nothing to do
    "uphold",  # looked at, the doubt is right and stays
    "as_printed",  # the source itself is wrong so
    "enter",  # the figure that the source shows
    "hand_on",  # to somebody else; to "*" for a second opinion
    "note",
    "undo",
]
Scope = Literal["place", "words"]
SETTLING: tuple[Kind, ...] = ("harmless", "label", "dismiss")
"""They take a finding that only asks for a person's look off the report."""
DECIDING: tuple[Kind, ...] = (*SETTLING, "uphold", "as_printed", "enter")
"""They say what somebody thinks; the others only tell."""
SECOND = "*"


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of what was decided.

    Attributes:
        id: Unique, 32 hexadecimal digits; the same row twice is one.
        who: Decided.
        when: UTC, ISO 8601.
        kind: What.
        source: SHA-256 of the bytes on which it was decided.
        scope: For this place alone, or for the same words at the same rows in every report.
        code: Of the finding, where it is about one.
        rule: Of the finding.
        cells: Of the finding, or the cell that is entered.
        span: Of the finding, or of what shows the entered figure.
        text: What stands there.
        place: In the original, of an entered figure.
        value: Entered, in digits.
        to: To whom it is handed on.
        undoes: Id of the decision that is undone.
        why: In the words of who decided.
    """

    id: str
    who: str
    when: str
    kind: Kind
    source: str
    scope: Scope = "place"
    code: str | None = None
    rule: str | None = None
    cells: tuple[str, ...] = ()
    span: Span | None = None
    text: str | None = None
    place: CellPlace | None = None
    value: str | None = None
    to: str | None = None
    undoes: str | None = None
    why: str = ""

    @property
    def about(self) -> tuple[object, ...]:
        """What it is about: decisions with the same are on the same thing."""
        if self.kind == "enter":
            return (self.source, "enter", self.cells)
        if self.scope == "words":
            return words_key(self.code, self.cells, self.text)
        return (self.source, self.code, self.rule, self.cells, self.span, self.text)

    @property
    def outcome(self) -> tuple[str, str | None]:
        """What it comes to: two people agree where it is the same."""
        return ("settled" if self.kind in SETTLING else self.kind), self.value


def words_key(code: str | None, cells: Sequence[str], text: str | None) -> tuple[object, ...]:
    """The same words at the same rows, whatever the columns and the blanks between the words."""
    rows = tuple(dict.fromkeys(name.rpartition(".")[0] for name in cells))
    return ("words", code, rows, "".join((text or "").split()))


def order(decision: Decision) -> tuple[str, str]:
    """By time; the id parts what is of one moment, so that every store has one order."""
    return decision.when, decision.id


def not_undone(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that were not taken back, in their order; an undoing itself is none of them."""
    rows = sorted(decisions, key=order)
    gone = {row.undoes for row in rows if row.kind == "undo"}
    return [row for row in rows if row.kind != "undo" and row.id not in gone]


@dataclass(slots=True)
class Opinions:
    """What people said about one thing.

    Attributes:
        latest: By each person.
        second: Somebody asked for a second opinion, so one person's does not settle it.
    """

    latest: dict[str, Decision] = field(default_factory=dict)
    second: bool = False

    @property
    def differ(self) -> bool:
        """Whether two people say different things."""
        return len({one.outcome for one in self.latest.values()}) > 1

    @property
    def stands(self) -> Decision | None:
        """The decision that counts: the last, where all say the same and are enough."""
        if not self.latest or self.differ or (self.second and len(self.latest) < 2):
            return None
        return max(self.latest.values(), key=order)


def opinions(decisions: Iterable[Decision]) -> dict[tuple[object, ...], Opinions]:
    """What people said, by what it is about."""
    found: dict[tuple[object, ...], Opinions] = {}
    for row in not_undone(decisions):
        if row.kind in DECIDING:
            found.setdefault(row.about, Opinions()).latest[row.who] = row
        elif row.kind == "hand_on" and row.to == SECOND:
            found.setdefault(row.about, Opinions()).second = True
    return found


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that count, in their order."""
    found = (one.stands for one in opinions(decisions).values())
    return tuple(sorted((one for one in found if one is not None), key=order))


def of_source(decisions: Iterable[Decision], sha256: str) -> tuple[Decision, ...]:
    """The decisions that count for a report with these bytes: on it, and on words wherever they stand."""
    given = list(decisions)
    undoings = [one for one in given if one.kind == "undo"]
    own = [one for one in given if one.source == sha256 or one.scope == "words"]
    return standing([*own, *(one for one in undoings if one not in own)])


def in_text(decisions: Iterable[Decision], text: str) -> tuple[Decision, ...]:
    """Those whose entered figures stand where they say: another renderer may give another text of the same bytes."""
    return tuple(
        one
        for one in decisions
        if one.kind != "enter" or one.span is None or text[slice(*one.span)] == one.text
    )


# --- in judging -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applied:
    """A decision that took effect.

    Attributes:
        decision: It.
        before: For an entered figure the cell as it was read.
    """

    decision: Decision
    before: CellValue | None = None


@dataclass(slots=True)
class Applying:
    """Decisions on their way through one judging.

    Args:
        decisions: Those that count, see `standing`.
    """

    decisions: Sequence[Decision]
    applied: list[Applied] = field(default_factory=list)
    _by_place: dict[tuple[object, ...], Decision] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Find decisions by what they are about."""
        for one in self.decisions:
            if one.kind != "enter":
                key = one.about if one.scope == "words" else one.about[1:]
                self._by_place.setdefault(key, one)

    def of(self, finding: Finding) -> Decision | None:
        """The decision on a finding; the one on its place goes before the one on its words."""
        at = (finding.code, finding.rule, finding.cells, finding.span, finding.actual)
        return self._by_place.get(at) or self._by_place.get(
            words_key(finding.code, finding.cells, finding.actual)
        )

    def settle(self, findings: list[Finding]) -> list[Finding]:
        """Findings without those that a person settled; words beside a figure stay, as harmless.

        Only what asks for a person's look can be settled: what contradicts a report stands.
        """
        left = []
        for finding in findings:
            one = self.of(finding)
            if one is None or one.kind not in SETTLING or not can_settle(finding.code):
                left.append(finding)
                continue
            self._note(one)
            if finding.code == "remark":
                left.append(
                    replace(
                        finding, code="remark_harmless", rule="notes.remark_harmless", by="decided"
                    )
                )
        return left

    def note(self, findings: Iterable[Finding]) -> None:
        """Take down the decisions on findings that stand: what is upheld, dismissed or as printed."""
        for finding in findings:
            one = self.of(finding)
            if one is not None:
                self._note(one)

    def enter(self, cells: dict[str, CellValue], form: Form) -> tuple[str, ...]:
        """Put the entered figures in; returns their cells.

        A figure that was read is never written over, but on a page that people see and code recognised; and no
        figure is used twice.
        """
        entered = []
        for one in self.decisions:
            name = one.cells[0] if one.kind == "enter" and len(one.cells) == 1 else ""
            if name not in cells:
                continue
            cell, value = cells[name], figure_of(one, form.kinds[name])
            if value is None or not can_enter(cell) or _is_used(one.span, name, cells):
                continue
            if one.span is not None and one.span == cell.span and one.text != cell.text:
                continue
            self.applied.append(Applied(one, replace(cell)))
            span, text = (one.span, one.text) if one.span is not None else (None, None)
            place = one.place or cell.place
            cells[name] = CellValue(value, "entered", text, span, remark=cell.remark, place=place)
            entered.append(name)
        return tuple(entered)

    def _note(self, one: Decision) -> None:
        if one.id not in self._used:
            self._used.add(one.id)
            self.applied.append(Applied(one))

    @property
    def proven(self) -> frozenset[str]:
        """Identities of which a person says that the source itself is wrong."""
        return frozenset(
            one.rule for one in self.decisions if one.kind == "as_printed" and one.rule
        )


def can_settle(code: str) -> bool:
    """Whether a person's word takes a finding off: it asks for a look and is no conclusion."""
    return code in CODES and CODES[code].forces == "unconfirmed" and code != "not_proven"


def can_enter(cell: CellValue) -> bool:
    """Whether a figure may be entered in a cell: it was not read, or it was recognised on a page."""
    return cell.state != "read" or (cell.place is not None and cell.place.page is not None)


def figure_of(decision: Decision, kind: ValueKind) -> Number | None:
    """The figure that is entered; None where it is none, or negative where the form has none."""
    text = decision.value or ""
    found = read_figure(text, kind) if text.isascii() and text.strip() == text else None
    if found is None or found.oddities or (found.value < 0 and kind != "change"):
        return None
    return found.value


def _is_used(span: Span | None, own: str, cells: Mapping[str, CellValue]) -> bool:
    return span is not None and any(
        cell.span is not None
        and cell.state in ("read", "entered")
        and name != own
        and cell.span[0] < span[1]
        and span[0] < cell.span[1]
        for name, cell in cells.items()
    )
