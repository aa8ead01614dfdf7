"""Text in which every glyph of the tables stands twice, as pages print type that they thicken so.

Nothing is undone without proof: each figure of the tables, without exception, has each of its signs twice,
zeros stand as 00, and several figures are of more than one digit. Then one of each two goes.
"""

from __future__ import annotations

import re

from verify.document.model import Anchor, Characters, Document

RENDERER = "undoubled/1"
_DOUBLE_ZERO = re.compile(r"[\t |]00(?=[\t\r\n |]|\Z)")
_WORD = re.compile(r"[^\s|]+")
_FIGURE = re.compile(r"[0-9０-９][0-9０-９.,．，]*")
_TWICE = re.compile(r"(?:(.)\1)+")
_FEWEST_ZEROS = 3
_FEWEST_FIGURES = 20
_FEWEST_LONG = 5
_SHORTEST_WORD = 4


def undoubled(text: str, encoding: str) -> Document | None:
    """The text with one of each two glyphs; None where nothing proves that they stand twice."""
    if len(_DOUBLE_ZERO.findall(text)) < _FEWEST_ZEROS:
        return None
    figures = [word[0] for word in _WORD.finditer(text) if _FIGURE.fullmatch(word[0])]
    if len(figures) < _FEWEST_FIGURES or not all(map(_TWICE.fullmatch, figures)):
        return None
    if sum(len(set(figure[::2])) > 1 for figure in figures) < _FEWEST_LONG:
        return None  # figures of one digit may as well be printed twice as a whole
    pieces: list[str] = []
    anchors: list[Anchor] = []
    place = length = line = 0
    for word in _WORD.finditer(text):
        if _TWICE.fullmatch(word[0]) is None or not _is_meant(word[0]):
            continue
        start, end = word.span()
        line += text.count("\n", place, start)
        pieces += (text[place:start], word[0][::2])
        length += start - place
        anchors += [
            Anchor(
                (length + i, length + i + 1), Characters(line + 1, start + 2 * i, start + 2 * i + 2)
            )
            for i in range((end - start) // 2)
        ]
        length += (end - start) // 2
        place = end
    pieces.append(text[place:])
    note = "every glyph of the tables is printed twice; one of each two is left out"
    return Document(
        "".join(pieces), anchors=tuple(anchors), renderer=RENDERER, notes=(note,), encoding=encoding
    )


def _is_meant(word: str) -> bool:
    """Whether a word of pairs is a figure, or too long to be a word that is spelled so."""
    return _FIGURE.fullmatch(word) is not None or len(word) >= _SHORTEST_WORD
