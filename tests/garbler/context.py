"""Damages around the tables: notes, prose, other reports, line ends. No figure is touched."""

from __future__ import annotations

from random import Random

from . import prose, truth
from .build import SHAPES, draft
from .layouts import LAYOUTS, render
from .model import Draft, Paragraph, Piece, Table
from .registry import damage


def _insert_prose(target: Draft, rng: Random, text: str) -> None:
    """Put a paragraph somewhere outside the tables, after the titles."""
    first = next(
        i for i, b in enumerate(target.blocks) if isinstance(b, Paragraph) and b.role != "title"
    )
    places = [
        i
        for i in range(first + 1, len(target.blocks) + 1)
        if not isinstance(target.blocks[i - 1], Table) or i == len(target.blocks)
    ]
    target.blocks.insert(rng.choice(places), Paragraph(text))


@damage("legible")
def notes(target: Draft, rng: Random) -> bool:
    """A note with digits stands under a table."""
    if not target.tables:
        return False
    table = rng.choice(target.tables)
    note = Paragraph(prose.note(rng, target.year), "note")
    target.blocks.insert(target.blocks.index(table) + 1, note)
    return True


@damage("lossless")
def prose_before_table(target: Draft, rng: Random) -> bool:
    """A sentence with spaced digits stands between a heading and its table."""
    if not target.tables:
        return False
    table = rng.choice(target.tables)
    sentence = Paragraph(prose.before_table(rng, table.id, target.year))
    target.blocks.insert(target.blocks.index(table), sentence)
    return True


@damage("lossless")
def spam_words(target: Draft, rng: Random) -> None:
    """A sentence of the prose has spam words in place of ordinary ones."""
    _insert_prose(target, rng, prose.spam(rng, target.year))


@damage("legible")
def text_to_a_model(target: Draft, rng: Random) -> None:
    """A sentence addresses a language model."""
    _insert_prose(target, rng, prose.to_model(rng, target.year))


@damage("lossless", "pieces")
def two_reports(target: Draft, rng: Random) -> None:
    """The agency's report of an earlier year stands before or after this one."""
    year = target.year - rng.randint(1, 2)
    variant = rng.choice(list(truth.VARIANTS))
    figures = truth.make(rng, variant, rng.choice(truth.SCALES[1:4]))
    layout = rng.choice(list(LAYOUTS))
    layouts = dict.fromkeys(prose.HEADINGS, layout)
    form = truth.form_of(variant)
    other = draft(rng, form, figures, layouts, rng.choice(SHAPES[:2]), target.agency, year)
    pieces = render(other, rng)
    for piece in pieces:
        piece.cell = ""
    if rng.random() < 0.5:
        title = f"{target.agency}{target.year}年政府信息公开工作年度报告\n\n"
        target.before = [Piece(title, "title"), *pieces, Piece("\n", "gap")]
    else:
        target.after = [Piece("\n", "gap"), *pieces]


@damage("lossless", "pieces")
def blank_lines(target: Draft, rng: Random) -> bool:
    """More blank lines, and spaces in them, stand between lines."""
    share = rng.choice((0.05, 0.3))
    extra = rng.choice(("\n", "\n\n", " \n", "\xa0\n", "\t\n"))
    found = False
    for piece in target.pieces_of("gap"):
        if piece.text.endswith("\n") and rng.random() < share:
            piece.text += extra
            found = True
    return found


@damage("lossless", "pieces")
def crlf(target: Draft, _rng: Random) -> None:
    """Lines end in CR LF."""
    for piece in (*target.before, *target.pieces, *target.after):
        piece.text = piece.text.replace("\n", "\r\n")
