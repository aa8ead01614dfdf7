"""Placements chosen again: what a row's figures leave open is decided here as the reader should have.

A row with one figure a cell has one placement. For any other the structure allows several (`verify.placement`), and
`verify.choices` chooses among all rows together; what differs from the reading is said, or its cells are left open.
"""

from __future__ import annotations

from collections.abc import Sequence

from verify.choices import Block, Choice, choose, figures_of
from verify.columns import grid_of
from verify.findings import Finding
from verify.forms import Form, Row, Table, ValueKind
from verify.grounding import Places, Spot, figures_at
from verify.layout import Layout
from verify.placement import Option, Piece, is_summed, options
from verify.reading import Place, Reading
from verify.stream import Kind
from verify.structured import Structure
from verify.zones import Zone


class Placements:
    """The rows of a reading whose figures leave a choice.

    Attributes:
        chosen: Each with the entries that it is about.
    """

    def __init__(self, layout: Layout, reading: Reading, form: Form, out: Structure) -> None:
        self.source = layout.source
        self.stream = layout.stream
        self.layout = layout
        self.reading = reading
        self.form = form
        self.out = out
        self.chosen: list[tuple[Block, list[Spot]]] = []

    def _say(self, code: str, cells: tuple[str, ...] = (), **fields: object) -> None:
        self.out.findings.append(Finding(code, cells, **fields))  # type: ignore[arg-type]

    def options(self) -> list[Option]:
        """All placements of all rows noted."""
        return [option for block, _ in self.chosen for option in block.options]

    def note(
        self, names: tuple[str, ...], kinds: tuple[ValueKind, ...], chunk: list[Spot], zone: Zone
    ) -> None:
        """Keep a row, its cells in printed order, with the entries that may fill them."""
        entries = [spot.entry for spot in chunk]
        fields = chunk[0].segment.lines.get(entries[0].line, 0)
        found = options(
            entries,
            len(names),
            grid=grid_of(zone, len(names)),
            fields=fields,
            summed=is_summed(names, self.form),
        )
        self.chosen.append((Block(names, kinds, tuple(found)), chunk))

    def choose(self, places: Places) -> None:
        """Choose again, and leave undecided whatever differs from what the reading says."""
        if not self.chosen:
            return
        chosen = {name for block, _ in self.chosen for name in block.cells}
        outside = {name: place for name, place in places.items() if name not in chosen}
        known = figures_at(self.source, outside, self.form)
        text_of = self.layout.text_of
        blocks = [block for block, _ in self.chosen]
        outcomes = choose(blocks, known, self.form.identities, text_of)
        for (block, chunk), choice in zip(self.chosen, outcomes, strict=True):
            span = (chunk[0].start, chunk[-1].end)
            surplus = sum(s.entry.kind is Kind.FIGURE for s in chunk) - len(block.cells)
            left_open = is_open(block.cells, places)
            if choice.option is None or left_open:
                considered = block.options if choice.option is None else (choice.option,)
                ways = [v for o in considered if (v := figures_of(block, o, text_of)) is not None]
                if ways:
                    self.out.open_rows.append((block.cells, ways))
            if choice.option is None:
                if (surplus > 1 and choice.by == "none") or (surplus > 0 and not block.options):
                    self._say(
                        "figure_left_over",
                        block.cells,
                        span=span,
                        actual=self.source[span[0] : span[1]],
                    )
                for name in block.cells:
                    if name in places and places[name].where == "span":
                        self.out.undecided[name] = "placement_ambiguous"
                continue
            if left_open:  # the reader knew less than it could; that is no fault
                if not self._is_placed(places, block, choice.option):
                    self._say("misplaced", block.cells)
                continue
            if self._is_placed(places, block, choice.option):
                self._say_placed(block, chunk, choice)
            elif choice.by != "same":
                self._say("misplaced", block.cells)
            elif any(self._is_placed(places, block, option) for option in block.options):
                self._say("placement_decided", block.cells, by=choice.by)
            else:
                self._say("misplaced", block.cells)

    def _say_placed(self, block: Block, chunk: list[Spot], choice: Choice) -> None:
        option = choice.option
        assert option is not None
        if option.sure and option.basis not in ("glued", "dropped"):
            return
        local = any(set(block.cells).issuperset(i.cells) for i in self.form.identities)
        in_order = option.basis == "gap" and not local
        self._say("zeros_in_order" if in_order else "placement_decided", block.cells, by=choice.by)
        for spot in chunk:
            inside = any(p and p.start <= spot.entry.start < p.end for p in option.pieces)
            if not inside and spot.entry.kind is Kind.FIGURE:
                used = {s.entry.line for s in chunk if s is not spot}
                beside = spot.entry.line in used
                self._say(
                    "figure_beside" if beside else "stray_figure",
                    block.cells if beside else (),
                    span=(spot.start, spot.end),
                    actual=self.source[spot.start : spot.end],
                )

    def _is_placed(self, places: Places, block: Block, option: Option) -> bool:
        """Whether a reading places the cells of a block as an option does."""
        return all(
            self.agrees(places.get(name), piece)
            for name, piece in zip(block.cells, option.pieces, strict=True)
        )

    def agrees(self, place: Place | None, piece: Piece | None) -> bool:
        """Whether a reading says of a cell what fills it, or doubts it."""
        if place is not None and place.where == "doubt":
            return True
        span = place.span if place is not None and place.where != "missing" else None
        if piece is None:
            return span is None
        return span == self.stream.span(piece.start, piece.end)

    def keep_open(
        self, table: Table, row: Row, pieces: Sequence[Piece | None], places: Places
    ) -> None:
        """Keep the figures of a row that the reading leaves in doubt."""
        names = table.cells(row)
        if not is_open(names, places):
            return
        option = Option(tuple(pieces), "direct")
        block = Block(names, table.kinds[row.id], (option,))
        vector = figures_of(block, option, self.layout.text_of)
        if vector is not None:
            self.out.open_rows.append((names, [vector]))


def is_open(names: Sequence[str], places: Places) -> bool:
    """Whether the reader could not read something that stands in a row."""
    return any(
        (place := places.get(name)) is not None and place.where == "doubt" and place.span
        for name in names
    )
