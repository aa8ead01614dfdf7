"""The source as its reader knows it: tables with the addresses of their cells, pictures of pages with boxes.

Nothing of the file itself goes into the page: no markup, no style, no script, no link. What is shown is the
document that was read of it, escaped, or a picture that was drawn of a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extractor.render._source import Marks, Piece, pieces
from extractor.render._text import html

if TYPE_CHECKING:
    from verify.document.model import Document, Grid, Slot
    from verify.schema import CellPlace

MOST_CHARACTERS = 400_000
"""Of a document that is shown so; a larger one is shown as text."""

_ADDRESS = {"zh": "表{} 第{}行 第{}列", "en": "table {}, row {}, column {}"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it looks.

    Attributes:
        page: Its number.
        wide: In points.
        high: In points.
        data: A ``data:`` address.
    """

    page: int
    wide: float
    high: float
    data: str


@dataclass(frozen=True, slots=True)
class Original:
    """What is shown of a source beside its text.

    Attributes:
        document: That was read.
        pictures: Of its pages, where they are asked for.
    """

    document: Document
    pictures: tuple[Picture, ...] = ()

    def html(
        self,
        marks: Marks,
        places: Mapping[str, CellPlace | None],
        shared: str,
        lang: Literal["zh", "en"],
    ) -> str | None:
        """The source with everything in it that is marked; None for one that has nothing but text.

        Args:
            marks: Spans of cells, reasons and claims, as for the text.
            places: Where the cells stand in the original.
            shared: What is said of a figure that several cells share, with ``{}`` for their number.
            lang: Of addresses of cells in Word tables.
        """
        document = self.document
        if not document.grids or len(document.text) > MOST_CHARACTERS:
            return None
        drawn = "".join(_page(picture, marks, places) for picture in self.pictures)
        ids = not self.pictures  # an id stands once in a page
        written = "".join(_parts(document, marks, shared, _ADDRESS[lang], ids=ids))
        return drawn + written


def _parts(
    document: Document, marks: Marks, shared: str, address: str, *, ids: bool
) -> Iterator[str]:
    at = 0
    for grid in document.grids:
        yield _text(document.text, (at, grid.span[0]), marks, shared, ids=ids)
        yield f'<div class="sheet">{_table(document, grid, marks, shared, address, ids=ids)}</div>'
        at = grid.span[1]
    yield _text(document.text, (at, len(document.text)), marks, shared, ids=ids)


def _table(
    document: Document, grid: Grid, marks: Marks, shared: str, address: str, *, ids: bool
) -> str:
    rows: dict[int, list[Slot]] = {}
    for slot in grid.slots:
        rows.setdefault(slot.row, []).append(slot)
    lines = []
    for row in range(max(rows) + 1):
        cells = []
        for slot in sorted(rows.get(row, ()), key=lambda one: one.column):
            spans = f' colspan="{slot.column_span}"' if slot.column_span > 1 else ""
            spans += f' rowspan="{slot.row_span}"' if slot.row_span > 1 else ""
            where = document.place_of(slot.span or (slot.offset, slot.offset)) or {}
            name = _address(where, address)
            label = f'<small class="at">{html(name)}</small>' if "cell" in where else ""
            title = f' title="{html(name)}"' if name else ""
            text = _text(document.text, slot.span, marks, shared, ids=ids) if slot.span else ""
            cells.append(f"<td{spans}{title}>{label}{text}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def _address(where: Mapping[str, object], words: str) -> str:
    """A place as its user names it: a cell of a sheet, of a Word table, a line of a page."""
    if "cell" in where:
        return str(where["cell"])
    if "table" in where:
        return words.format(where["table"], where["row"], where["column"])
    return str(where["line"]) if "line" in where else ""


def _text(source: str, span: tuple[int, int], marks: Marks, shared: str, *, ids: bool) -> str:
    inside = Marks(
        {name: one for name, one in marks.cells.items() if _meets(one, span)},
        {n: one for n, one in marks.reasons.items() if _meets(one, span)},
        {n: one for n, one in marks.claims.items() if _meets(one, span)},
        marks.classes,
        marks.outcomes,
    )
    cuts = pieces(_within(inside, span), [span]) if span[0] < span[1] else []
    return "".join(_piece(source, piece, marks, shared, ids=ids) for piece in cuts)


def _meets(one: tuple[int, int], span: tuple[int, int]) -> bool:
    return one[0] < span[1] and span[0] < one[1]


def _within(marks: Marks, span: tuple[int, int]) -> Marks:
    """Marks cut to a part of the text."""

    def cut(one: tuple[int, int]) -> tuple[int, int]:
        return max(one[0], span[0]), min(one[1], span[1])

    return Marks(
        {name: cut(one) for name, one in marks.cells.items()},
        {n: cut(one) for n, one in marks.reasons.items()},
        {n: cut(one) for n, one in marks.claims.items()},
        marks.classes,
        marks.outcomes,
    )


def _piece(source: str, piece: Piece, marks: Marks, shared: str, *, ids: bool) -> str:
    text = html(source[piece.start : piece.end])
    if not (piece.cells or piece.reasons or piece.claims):
        return text
    names = [f"s-{name}" for name in piece.first if marks.cells[name][0] == piece.start]
    names += [f"w-{n}" for n in piece.first_reasons if marks.reasons[n][0] == piece.start]
    names += [f"k-{n}" for n in piece.first_claims if marks.claims[n][0] == piece.start]
    anchors = "".join(f'<i id="{html(name)}"></i>' for name in names) if ids else ""
    kinds = sorted({kind for name in piece.cells for kind in marks.classes[name].split()})
    if piece.reasons:
        kinds.append("why")
    if piece.claims:
        kinds += ["claim", *sorted({marks.outcomes[n] for n in piece.claims})]
    more = f' class="{" ".join(kinds)}"'
    notes = [f"r{n}" for n in piece.reasons] + [f"k{n}" for n in piece.claims]
    more += f' data-reason="{" ".join(notes)}"' if notes else ""
    if not piece.cells:
        return f"{anchors}<span{more}>{text}</span>"
    if len(piece.cells) > 1:
        more += f' title="{html(shared.format(len(piece.cells)))}"'
    return f'{anchors}<mark{more} data-cell="{html(" ".join(piece.cells))}">{text}</mark>'


def _page(picture: Picture, marks: Marks, places: Mapping[str, CellPlace | None]) -> str:
    """The picture of a page, and on it a box for every figure; a cell that is empty has one too."""
    boxes: dict[tuple[float, ...], list[str]] = {}
    for name, place in places.items():
        if place is not None and place.page == picture.page and place.box is not None:
            boxes.setdefault(tuple(place.box), []).append(name)
    drawn = []
    for (x0, y0, x1, y1), names in boxes.items():
        kinds = sorted({kind for n in names for kind in marks.classes.get(n, "").split()})
        anchors = "".join(f'<g id="s-{html(name)}"></g>' for name in names)
        drawn.append(
            f'{anchors}<rect class="{" ".join(["box", *kinds])}" data-cell="{html(" ".join(names))}" '
            f'x="{x0 - 1.5:.1f}" y="{y0 - 1.5:.1f}" width="{x1 - x0 + 3:.1f}" '
            f'height="{y1 - y0 + 3:.1f}" rx="1.5"/>'
        )
    size = f"{picture.wide:.1f}", f"{picture.high:.1f}"
    return (
        f'<svg class="page" viewBox="0 0 {size[0]} {size[1]}" role="img">'
        f'<image href="{html(picture.data)}" width="{size[0]}" height="{size[1]}"/>'
        f"{''.join(drawn)}</svg>"
    )


__all__ = ["Original", "Picture"]
