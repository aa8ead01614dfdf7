"""Damages to the spelling of figures: digits, units, remarks, spaces. The values stay."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from .layouts import LAYOUTS, Layout
from .model import MAY_BE_READ, READ, Draft, Figure, Piece, Role
from .registry import damage

_FULL_WIDTH = str.maketrans("0123456789.-+,", "０１２３４５６７８９．－＋，")
_THOUSAND = 1000
_ZERO_WIDTH = ("\u200b", "\ufeff", "\u2060")
_YUAN = 10_000
_UNITS = ("件", "项", "个", "条")


def _money_figures(draft: Draft) -> list[Figure]:
    return [
        figure
        for table in draft.tables
        for line in table.rows
        for figure in line.figures
        if figure.cell
        and figure.role == "figure"
        and figure.text
        and draft.form.kinds[figure.cell] == "money"
    ]


def _is_money(draft: Draft, piece: Piece) -> bool:
    return bool(piece.cell) and draft.form.kinds[piece.cell] == "money"


def surround(
    draft: Draft, chosen: list[Piece], before: str, after: str, role: Role = "gap"
) -> None:
    """Put text before and after some pieces, outside their spans."""
    ids = {id(piece) for piece in chosen}
    pieces: list[Piece] = []
    for piece in draft.pieces:
        if id(piece) in ids:
            pieces += [Piece(before, role), piece, Piece(after, role)]
        else:
            pieces.append(piece)
    draft.pieces = pieces


def _figures(draft: Draft, rng: Random, shares: tuple[float, ...]) -> list[Piece]:
    share = rng.choice(shares)
    return [piece for piece in draft.pieces_of("figure") if rng.random() < share]


@damage("lossless")
def money_in_yuan(draft: Draft, _rng: Random) -> bool:
    """Money is given in 元, with the unit in the cell, where the form asks 万元."""
    found = _money_figures(draft)
    for figure in found:
        value = Decimal(draft.fates[figure.cell].value or 0) * _YUAN
        figure.text = f"{value.to_integral_value():f}元"
    return bool(found)


@damage("lossless")
def money_with_unit(draft: Draft, _rng: Random) -> bool:
    """Money stands with its unit 万元 in the cell."""
    found = [f for f in _money_figures(draft) if not f.text.endswith("元")]
    for figure in found:
        figure.text += "万元"
    return bool(found)


@damage("lossless", "pieces")
def figure_with_space(draft: Draft, rng: Random) -> bool:
    """A space stands inside one figure, in a layout where the cell's borders are plain."""
    layouts: dict[str, Layout] = {t.id: LAYOUTS[t.layout] for t in draft.tables}
    glued = {f.cell for t in draft.tables for row in t.rows if row.glue for f in row.figures}
    found = [
        piece
        for piece in draft.pieces_of("figure")
        if piece.cell
        and piece.cell not in glued
        and piece.text.isdigit()
        and len(piece.text) > 1
        and not piece.cell.startswith("proactive")
        and layouts[piece.table].separates
    ]
    if not found:
        return False
    piece = rng.choice(found)
    cut = rng.randint(1, len(piece.text) - 1)
    piece.text = piece.text[:cut] + rng.choice((" ", " ", "\xa0")) + piece.text[cut:]
    return True


@damage("lossless", "pieces")
def thousands(draft: Draft, rng: Random) -> bool:
    """Figures from 1000 on have separators."""
    comma = rng.choice((",", ",", "，"))
    found = False
    for piece in draft.pieces_of("figure"):
        if piece.text.isdigit() and int(piece.text) >= _THOUSAND:
            piece.text = f"{int(piece.text):,}".replace(",", comma)
            found = True
    return found


@damage("lossless", "pieces")
def full_width_digits(draft: Draft, rng: Random) -> bool:
    """Figures are written in full-width digits, some or all of them."""
    chosen = _figures(draft, rng, (0.1, 0.5, 1.0))
    for piece in chosen:
        if "元" not in piece.text:
            piece.text = piece.text.translate(_FULL_WIDTH)
    return bool(chosen)


@damage("lossless", "pieces")
def letter_for_zero(draft: Draft, rng: Random) -> bool:
    """A letter O or a circle stands for 0."""
    letter = rng.choice(("O", "〇", "○", "o", "Ｏ"))
    chosen = [p for p in _figures(draft, rng, (0.05, 0.3, 1.0)) if p.text == "0"]
    for piece in chosen:
        piece.text = letter
        fate = draft.fates.get(piece.cell)
        if letter == "○":
            draft.at_least("legible")
            if fate is not None and fate.states == READ:
                fate.states = MAY_BE_READ
    return bool(chosen)


@damage("lossless", "pieces")
def other_minus(draft: Draft, rng: Random) -> bool:
    """The sign of 本年增/减 is another character, or stands apart from its digits."""
    minus, plus = rng.choice((("－", "＋"), ("−", "+"), ("- ", "+ ")))
    found = False
    for piece in draft.pieces_of("figure"):
        if piece.cell and draft.form.kinds[piece.cell] == "change" and piece.text[:1] in "+-":
            piece.text = (minus if piece.text[0] == "-" else plus) + piece.text[1:]
            found = True
    return found


@damage("lossless", "pieces")
def units(draft: Draft, rng: Random) -> bool:
    """Units stand in the cells after the figures."""
    unit = rng.choice(_UNITS)
    chosen = [p for p in _figures(draft, rng, (0.05, 0.5, 1.0)) if not _is_money(draft, p)]
    for piece in chosen:
        piece.text += unit
    return bool(chosen)


@damage("lossless", "pieces")
def remarks(draft: Draft, rng: Random) -> bool:
    """Remarks in brackets, with figures of their own, follow some figures."""
    known = [p for p in draft.pieces_of("figure") if p.text.isdigit() and int(p.text)]
    known = [p for p in known if not _is_money(draft, p)]
    chosen = rng.sample(known, min(len(known), rng.randint(1, 3)))
    for piece in chosen:
        most = int(piece.text)
        part = rng.randint(1, most)
        text = rng.choice(
            (
                f"（其中修订{part}件）",
                f"(含上年{part}件)",
                f"（{part}件为网上提交）",
                "（注1）",
                "*",
                "（+2）",
            )
        )
        surround(draft, [piece], "", text, "remark")
        if not text.startswith("（其中"):
            draft.at_least("legible")
    return bool(chosen)


@damage("lossless", "pieces")
def spaced_figures(draft: Draft, rng: Random) -> bool:
    """Spaces, wide or non-breaking ones too, stand around figures."""
    space = rng.choice((" ", "\xa0", "\xa0\xa0", "\u3000", " \xa0"))
    chosen = _figures(draft, rng, (0.1, 0.6, 1.0))
    half = rng.random()
    before, after = (space, space) if half < 1 / 3 else (space, "") if half < 2 / 3 else ("", space)
    surround(draft, chosen, before, after)
    return bool(chosen)


@damage("lossless", "pieces")
def zero_width_figures(draft: Draft, rng: Random) -> bool:
    """Characters without width stand beside figures."""
    mark = rng.choice(_ZERO_WIDTH)
    chosen = _figures(draft, rng, (0.1, 1.0))
    before, after = rng.choice(((mark, ""), ("", mark), (mark, mark)))
    surround(draft, chosen, before, after)
    return bool(chosen)
