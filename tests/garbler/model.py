"""The words of the garbler: a report as a draft of blocks, its pieces of text, and its truth.

A `Draft` is changed by damages, then rendered to `Piece`s. Only pieces carry text, and a piece that
is the figure of a cell carries the cell's name, so spans are counted at the very end and are exact
whatever was inserted before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from verify.forms import Form, TableId

Value = int | Decimal
Kind = Literal["lossless", "legible", "lossy", "corrupting"]
KINDS: tuple[Kind, ...] = ("lossless", "legible", "lossy", "corrupting")
Role = Literal[
    "title",
    "heading",
    "prose",
    "label",
    "group",
    "word",
    "ordinal",
    "figure",
    "mark",
    "odd",
    "gap",
    "note",
    "remark",
    "page",
]

READ = frozenset({"read"})
BLANK = frozenset({"blank"})
EMPTY = frozenset({"blank", "missing"})
MISSING = frozenset({"missing"})
UNREADABLE = frozenset({"unreadable"})
NOT_READ = frozenset({"blank", "missing", "unreadable"})
MAY_BE_READ = frozenset({"read", "blank", "missing", "unreadable"})


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch of the text with one role; `cell` names the cell whose figure it is."""

    text: str
    role: Role
    cell: str = ""
    table: str = ""


@dataclass(slots=True, eq=False)
class Label:
    """Words in a table that are no figure: a row's label, a group's, or a header word."""

    words: str
    role: Literal["label", "group", "word"] = "label"
    ordinal: str = ""


def a_word(words: str) -> Label:
    """A header word, or another that is no row's own label."""
    return Label(words, "word")


@dataclass(slots=True, eq=False)
class Figure:
    """What a cell prints: nothing when blank; `cell` is empty for no cell of the form.

    `before` and `after` stand in the same printed cell and are no part of the figure. A figure of
    the role "odd" is left alone by damages to the spelling of figures.
    """

    cell: str
    text: str
    role: Literal["figure", "mark", "odd"] = "figure"
    before: str = ""
    after: str = ""


@dataclass(slots=True, eq=False)
class Line:
    """One row of a printed table.

    Attributes:
        labels: Left to right; None where a cell merged with the row above leaves an empty one.
        columns: Header words over the figures, None where merged; empty for rows of figures.
        figures: The figures of a row.
        row: Id of the form's row, or "" for headers, local rows and rows of several form rows.
        pages: Lines of page furniture that stand here instead of a row.
        tail: A remark column's cell, None when the table has no such column.
        glue: What runs together: label and first figure, label and all figures, or the figures
            alone, with spaces.
        split: How the label stands to its figures.
        group_place: Where the group's label stands to the row's.
        merged: One cell spans all columns of the row.
    """

    labels: list[Label | None] = field(default_factory=list)
    columns: list[Label | None] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    row: str = ""
    pages: list[str] = field(default_factory=list)
    tail: str | None = None
    glue: Literal["", "label", "all", "figures"] = ""
    split: Literal["", "around", "after"] = ""
    group_place: Literal["own", "glued", "after"] = "own"
    merged: bool = False

    @property
    def own_label(self) -> Label | None:
        """The row's own label, or None."""
        last = self.labels[-1] if self.labels else None
        return last if last is not None and last.role == "label" else None

    @property
    def group(self) -> Label | None:
        """The label of the group that begins at this row, or None."""
        for label in reversed(self.labels):
            if label is not None and label.role == "group":
                return label
        return None


@dataclass(slots=True, eq=False)
class Table:
    """A printed table: its lines and the name of the layout it is printed in."""

    id: TableId
    lines: list[Line]
    layout: str
    label_columns: int
    width: int
    copy: bool = False

    @property
    def rows(self) -> list[Line]:
        """The lines that hold figures."""
        return [line for line in self.lines if line.figures]

    @property
    def figures(self) -> list[Figure]:
        """The figures of all lines."""
        return [figure for line in self.lines for figure in line.figures]


@dataclass(slots=True, eq=False)
class Paragraph:
    """Text outside the tables; `table` is the table a heading or note belongs to."""

    text: str
    role: Literal["title", "heading", "prose", "note"] = "prose"
    ordinal: str = ""
    table: str = ""


Block = Paragraph | Table


@dataclass(slots=True)
class Fate:
    """What must be found of a cell: acceptable states, the printed value, the meant value.

    Attributes:
        states: Acceptable states, without "deduced".
        value: The printed value, None when no figure stands there.
        true_value: What the agency meant; a deduced value must equal it.
        passable: Whether a report may pass with this cell read.
        deducible: Whether the cell may be deduced at all.
        loose: Whether a span is right that only overlaps the one told.
    """

    states: frozenset[str]
    value: Value | None
    true_value: Value
    passable: bool = True
    deducible: bool = True
    loose: bool = False


@dataclass(slots=True)
class Draft:
    """A report while damages work on it."""

    form: Form
    agency: str
    year: int
    shape: str
    blocks: list[Block]
    fates: dict[str, Fate]
    pieces: list[Piece] = field(default_factory=list)
    unlabelled: set[str] = field(default_factory=set)
    before: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    line_break: str = "\n"
    kind: Kind = "lossless"
    claimed: set[str] = field(default_factory=set)
    spans: bool = True
    year_told: bool = True
    passable: bool = True

    def at_least(self, kind: Kind) -> None:
        """Whatever else was done, the report is of this kind or a worse one."""
        self.kind = max(self.kind, kind, key=KINDS.index)

    def table(self, id: str) -> Table | None:
        """The first printed table of that id, None when it is lost."""
        return next((b for b in self.blocks if isinstance(b, Table) and b.id == id), None)

    @property
    def tables(self) -> list[Table]:
        """The printed tables without second copies."""
        return [b for b in self.blocks if isinstance(b, Table) and not b.copy]

    def heading(self, table: str) -> Paragraph | None:
        """The heading of a table, None when it is lost."""
        for block in self.blocks:
            if isinstance(block, Paragraph) and (block.role, block.table) == ("heading", table):
                return block
        return None

    def lose(self, figures: Iterable[Figure], states: frozenset[str]) -> None:
        """The cells of these figures can no longer be read; one of `states` is expected."""
        for figure in figures:
            if figure.cell:
                fate = self.fates[figure.cell]
                fate.states, fate.value = states, None

    def loosen(self, figures: Iterable[Figure]) -> None:
        """A careful reader may decline the figures that are still printed here."""
        for figure in figures:
            if figure.cell and self.fates[figure.cell].states == READ:
                self.fates[figure.cell].states = MAY_BE_READ

    def may_read(self, figures: Iterable[Figure]) -> None:
        """These figures can be read, and a reader that is not sure may leave them."""
        for figure in figures:
            if figure.cell and "read" in self.fates[figure.cell].states:
                fate = self.fates[figure.cell]
                fate.states, fate.loose = MAY_BE_READ, True

    def doubt(self, figures: Iterable[Figure]) -> None:
        """Figures stand there that are not surely the cells': a report does not pass with them."""
        self.may_read(figures)
        for figure in figures:
            if figure.cell:
                fate = self.fates[figure.cell]
                fate.passable = fate.deducible = False

    def no_figure(self, figure: Figure, *, deducible: bool) -> None:
        """What stands in the cell is no figure; reading one from it is wrong, whichever it is."""
        fate = self.fates[figure.cell]
        fate.states, fate.value, fate.passable = UNREADABLE, None, False
        fate.deducible = deducible

    def reprint(self, figure: Figure, value: Value) -> None:
        """Print another value in a cell: the agency's own error."""
        figure.text = str(value)
        if figure.cell:
            self.fates[figure.cell].value = value

    def surely_read(self) -> dict[str, Value]:
        """The printed values that every reader must find."""
        return {
            name: fate.value
            for name, fate in self.fates.items()
            if fate.states == READ and fate.value is not None
        }

    def pieces_of(self, *roles: Role) -> Iterator[Piece]:
        """The rendered pieces of some roles."""
        return (piece for piece in self.pieces if piece.role in roles)


@dataclass(frozen=True, slots=True)
class Expected:
    """The truth of one cell of a garbled report.

    Attributes:
        states: The states a right reading may give.
        value: The printed value where "read" is among them, else None.
        text: What stands in the text, None for nothing.
        span: Where it stands: ``report.text[span[0]:span[1]] == text``.
        true_value: The value the agency meant; a deduced value must equal it.
        passable: Whether a report may pass with this cell read.
        deducible: Whether the cell may be deduced.
        loose: Whether another span is right that overlaps this one.
    """

    states: frozenset[str]
    value: Value | None
    text: str | None
    span: tuple[int, int] | None
    true_value: Value
    passable: bool = True
    deducible: bool = True
    loose: bool = False

    @property
    def must_be_read(self) -> bool:
        """Whether nothing but reading the cell is right."""
        return self.states == READ


@dataclass(frozen=True, slots=True)
class Garbled:
    """A garbled report and the truth about it.

    Attributes:
        layout: A layout's name, or three joined by "+" when the tables differ.
        shape: The arrangement of table 四.
        damages: The damages that were applied, in order of application.
        kind: The worst kind among them; ``lossless`` when there are none.
        pool: The set of damages that they were drawn from.
        spans: Whether spans are those of the text; not where it is a shell around another text.
        year_told: Whether the text tells the year at all.
        passable: Whether the report may pass at all, whatever is read of it.
    """

    seed: int
    variant: str
    scale: str
    layout: str
    shape: str
    damages: tuple[str, ...]
    kind: Kind
    text: str
    form: str
    year: int
    agency: str
    expected: dict[str, Expected]
    pool: str = "old"
    spans: bool = True
    year_told: bool = True
    passable: bool = True

    @property
    def sound(self) -> bool:
        """Whether the agency's own figures are right, so that nobody may be accused."""
        return self.kind != "corrupting"

    @property
    def clean(self) -> bool:
        """Whether nothing at all was done to the report."""
        return not self.damages
