"""Damages to labels that a person still recognises."""

from __future__ import annotations

from random import Random

from .model import Draft, Piece, Role
from .registry import damage
from .script import CONFUSED, traditional

_LABELS: tuple[Role, ...] = ("label", "group", "word")
_ZERO_WIDTH = ("\u200b", "\ufeff", "\u200d", "\u2060", "\u00ad")
_DIGITS = "12345678"
_CIRCLED = dict(zip(_DIGITS, "①②③④⑤⑥⑦⑧", strict=True))
_FULL_WIDTH = dict(zip(_DIGITS, "１２３４５６７８", strict=True))
_LONG_LABEL = 4
_SHORTEST_SPACED = 2


def _long(draft: Draft, *roles: Role) -> list[Piece]:
    return [p for p in draft.pieces_of(*roles) if len(p.text) >= _LONG_LABEL and "\n" not in p.text]


def _some(rng: Random, pieces: list[Piece], most: int) -> list[Piece]:
    return rng.sample(pieces, min(len(pieces), rng.randint(1, most))) if pieces else []


@damage("lossless")
def label_variants(draft: Draft, rng: Random) -> bool:
    """Labels and header words in the other spellings that agencies use."""
    spellings: dict[str, tuple[str, ...]] = {}
    for form_table in draft.form.tables:
        for row in form_table.rows:
            spellings[row.label] = row.variants
            for column in row.columns:
                spellings.setdefault(column.label, column.variants)
    share = rng.choice((0.2, 0.6, 1.0))
    found = False
    for table in draft.tables:
        for line in table.lines:
            for label in (*line.labels, *line.columns):
                if label is None or label.role == "group":
                    continue
                colon = "：" if label.words.endswith("：") else ""
                variants = spellings.get(label.words.removesuffix("："), ())
                if variants and rng.random() < share:
                    label.words = rng.choice(variants) + colon
                    found = True
    return found


@damage("lossless", "pieces")
def label_cut(draft: Draft, rng: Random) -> bool:
    """Labels are cut in two by a line break."""
    chosen = _some(rng, _long(draft, *_LABELS), 6)
    for piece in chosen:
        cut = rng.randint(1, len(piece.text) - 1)
        piece.text = piece.text[:cut] + "\n" + piece.text[cut:]
    return bool(chosen)


@damage("lossless", "pieces")
def vertical_groups(draft: Draft, rng: Random) -> bool:
    """The labels of groups are printed one character a line."""
    groups = _long(draft, "group")
    if groups and rng.random() < 0.5:
        groups = [rng.choice(groups)]
    for piece in groups:
        piece.text = "\n".join(piece.text)
    return bool(groups)


@damage("lossless", "pieces")
def typos(draft: Draft, rng: Random) -> bool:
    """One character of some labels is a similar one, as after OCR."""
    pieces = [p for p in _long(draft, "label") if any(ch in CONFUSED for ch in p.text)]
    chosen = _some(rng, pieces, 4)
    for piece in chosen:
        places = [i for i, ch in enumerate(piece.text) if ch in CONFUSED]
        place = rng.choice(places)
        piece.text = piece.text[:place] + CONFUSED[piece.text[place]] + piece.text[place + 1 :]
    return bool(chosen)


@damage("lossless", "pieces")
def traditional_table(draft: Draft, rng: Random) -> bool:
    """The words of one table are in traditional characters."""
    tables = sorted({p.table for p in draft.pieces_of("label", "word") if p.table})
    if not tables:
        return False
    table = rng.choice(tables)
    for piece in draft.pieces_of(*_LABELS):
        if piece.table == table:
            piece.text = traditional(piece.text)
    return True


@damage("lossless", "pieces")
def traditional_document(draft: Draft, _rng: Random) -> None:
    """The whole document but its title is in traditional characters."""
    for piece in draft.pieces_of(*_LABELS, "prose", "heading", "note", "remark", "ordinal"):
        piece.text = traditional(piece.text)


@damage("lossless", "pieces")
def spaced_labels(draft: Draft, rng: Random) -> bool:
    """Spaces stand inside the words of labels."""
    pieces = [p for p in draft.pieces_of(*_LABELS) if len(p.text) >= _SHORTEST_SPACED]
    share = rng.choice((0.1, 0.5))
    chosen = [p for p in pieces if rng.random() < share]
    space = rng.choice((" ", "\u3000", "  ", "\xa0"))
    for piece in chosen:
        if len(piece.text) <= _LONG_LABEL:
            piece.text = space.join(piece.text)
        else:
            cut = rng.randint(1, len(piece.text) - 1)
            piece.text = piece.text[:cut] + space + piece.text[cut:]
    return bool(chosen)


@damage("lossless", "pieces")
def ordinal_style(draft: Draft, rng: Random) -> bool:
    """The numbers of rows are written in another style, or not at all."""
    style = rng.choice(("、", "．", "circled", "(n)", "（n）", "bare", "space", "full", "none"))
    found = False
    for piece in draft.pieces_of("ordinal"):
        digit = piece.text.removesuffix(".")
        if digit not in _CIRCLED:
            continue
        found = True
        piece.text = {
            "circled": _CIRCLED[digit],
            "(n)": f"({digit})",
            "（n）": f"（{digit}）",
            "bare": digit,
            "space": digit + ". ",
            "full": _FULL_WIDTH[digit] + "．",
            "none": "",
        }.get(style, digit + style)
    return found


@damage("lossless", "pieces")
def half_width_brackets(draft: Draft, rng: Random) -> None:
    """Brackets, commas and quotes of labels are half width, all or some of them."""
    table = str.maketrans("（），：“”", '(),:""')
    share = rng.choice((0.5, 1.0))
    for piece in draft.pieces_of(*_LABELS, "ordinal", "heading"):
        if rng.random() < share:
            piece.text = piece.text.translate(table)


@damage("lossless", "pieces")
def other_quotes(draft: Draft, rng: Random) -> bool:
    """The quotes of “三安全一稳定” are others, or none."""
    quotes = rng.choice(('""', "''", "「」", "《》", "‘’", ""))
    found = False
    for piece in draft.pieces_of("label"):
        if "“" in piece.text:
            found = True
            opening, closing = (quotes[0], quotes[1]) if quotes else ("", "")
            piece.text = piece.text.replace("“", opening).replace("”", closing)
    return found


@damage("lossless", "pieces")
def zero_width_labels(draft: Draft, rng: Random) -> bool:
    """Characters without width stand inside labels."""
    mark = rng.choice(_ZERO_WIDTH)
    share = rng.choice((0.1, 0.7))
    pieces = [p for p in draft.pieces_of(*_LABELS) if len(p.text) > 1 and rng.random() < share]
    for piece in pieces:
        cut = rng.randint(1, len(piece.text) - 1)
        piece.text = piece.text[:cut] + mark + piece.text[cut:]
    return bool(pieces)
