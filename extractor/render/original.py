"""The source as its reader knows it: tables with the addresses of their cells, pictures of pages with boxes.

Nothing of the file itself goes into the page: no markup, no style, no script, no link. What is shown is the
document that was read of it, escaped, or a picture that was drawn of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from extractor.render._html import environment
from extractor.render._source import Mark, Piece, pieces_of
from extractor.render._words import WORDS, Lang

if TYPE_CHECKING:
    from verify.document.model import Document, Grid, Slot
    from verify.schema import CellPlace, Span

MOST_CHARACTERS = 400_000
"""Of a document that is shown so; a larger one is shown as text."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it looks."""

    page: int  # its number
    wide: float  # in points
    high: float  # in points
    data: str  # a ``data:`` address


class Box(NamedTuple):
    """A place on a picture of a page, for one cell or several: its corners, the cells, their CSS classes."""

    corners: tuple[float, ...]
    cells: list[str]
    kinds: list[str]


class Field(NamedTuple):
    """A cell of a table: where it stands, its address as its user names it, what stands in it."""

    slot: Slot
    address: str
    shown: bool
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Original:
    """What is shown of a source beside its text."""

    document: Document  # that was read
    pictures: tuple[Picture, ...] = ()  # of its pages, where they are asked for

    def html(
        self,
        marks: Sequence[Mark],
        places: Mapping[str, CellPlace | None],
        classes: Callable[[str], str],
        lang: Lang,
    ) -> str | None:
        """The source with everything in it that is marked; None for one that has nothing but text.

        Args:
            marks: What is marked, as for the text.
            places: Where the cells stand in the original.
            classes: CSS classes of a cell.
            lang: Of what is said of it.
        """
        document = self.document
        if not document.grids or len(document.text) > MOST_CHARACTERS:
            return None
        pages = [(one, _boxes(one, places, classes)) for one in self.pictures]
        template = environment().get_template("original.html.j2")
        parts = self._parts(marks, lang)
        return template.render(pages=pages, parts=parts, shared=WORDS[lang].shared).strip("\n")

    def _parts(
        self, marks: Sequence[Mark], lang: Lang
    ) -> Iterator[tuple[list[Piece], list[list[Field]]]]:
        """The text before each table, with the table; what stands behind the last, with none."""
        at, text = 0, self.document.text
        for grid in self.document.grids:
            yield self._pieces((at, grid.span[0]), marks), self._rows(grid, marks, lang)
            at = grid.span[1]
        yield self._pieces((at, len(text)), marks), []

    def _rows(self, grid: Grid, marks: Sequence[Mark], lang: Lang) -> list[list[Field]]:
        rows: list[list[Field]] = [[] for _ in range(max(slot.row for slot in grid.slots) + 1)]
        for slot in sorted(grid.slots, key=lambda one: one.column):
            where = self.document.place_of(slot.span or (slot.offset, slot.offset)) or {}
            address = str(where.get("cell") or where.get("line") or "")
            if "table" in where and "cell" not in where:
                address = WORDS[lang].address.format(**where)
            held = self._pieces(slot.span, marks) if slot.span else []
            rows[slot.row].append(Field(slot, address, "cell" in where, held))
        return rows

    def _pieces(self, span: Span, marks: Sequence[Mark]) -> list[Piece]:
        anchors = not self.pictures  # an id stands once in a page
        return list(pieces_of(self.document.text, span, marks, anchors=anchors))


def _boxes(
    picture: Picture, places: Mapping[str, CellPlace | None], classes: Callable[[str], str]
) -> list[Box]:
    """A box for every figure on a page; a cell that is empty has one too."""
    found: dict[tuple[float, ...], list[str]] = {}
    for name, place in places.items():
        if place is not None and place.page == picture.page and place.box is not None:
            found.setdefault(tuple(place.box), []).append(name)
    return [
        Box(corners, names, sorted({kind for name in names for kind in classes(name).split()}))
        for corners, names in found.items()
    ]
