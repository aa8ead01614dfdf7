"""What a reader of any file sees: how letters look, and what a cell says with no two figures joined that may be two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from extractor.inputs.canvas import Piece, one_line
from verify.document.signs import BREAK

SIGN = "\u25a1"
"""Something stands here that is no text."""
_NUMERALS = frozenset("〇零一二三四五六七八九十百千两.,．，")
_SMALLER = 0.85
"""Of the letters beside it, for one that is not of the same figure."""
Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How a piece of text is seen.

    Attributes:
        unseen: What is written so cannot be seen.
        doubtful: It cannot be told whether or how it is.
        struck: It is struck out.
        raised: It is small and higher or lower, as marks of notes are.
        apart: What may tell it from its neighbours: a link, its height, the class of a style that is not given.
        size: Of its letters.
    """

    unseen: bool = False
    doubtful: bool = False
    struck: bool = False
    raised: bool = False
    apart: tuple[object, ...] = ()
    size: float = 16.0


@lru_cache(maxsize=1024)
def shade_of(written: str) -> tuple[Color | None, float]:
    """A color as style sheets and Office write it, and how much it covers; None for one that is not known."""
    from tinycss2.color4 import parse_color

    six = re.fullmatch("[0-9a-fA-F]{6}", written)
    found = parse_color(f"#{written}" if six else written.strip())
    if found is None or isinstance(found, str):
        return None, 1.0
    red, green, blue, alpha = found.to("srgb")
    return (red or 0.0, green or 0.0, blue or 0.0), 1.0 if alpha is None else alpha


def color_of(written: str) -> Color | None:
    """A color by its six digits or its name; None for one that is not known."""
    return shade_of(written)[0]


def is_of_signs(font: str) -> bool:
    """Whether a font has pictures in place of letters and digits."""
    return any(name in font.lower() for name in ("wingdings", "webdings"))


def faint(color: Color | None, ground: Color | None) -> tuple[bool, bool]:
    """Whether letters of a color cannot be seen on what is behind them; whether that is doubtful."""
    if color is None:
        return False, False
    if ground is None:
        return False, min(color) > 0.8
    contrast = max(abs(a - b) for a, b in zip(color, ground, strict=True))
    return contrast < 0.04, contrast < 0.12


def _is_numeral(character: str) -> bool:
    return character.isdigit() or character in _NUMERALS


@dataclass(slots=True)
class Written:
    """Takes what is seen, in order.

    Attributes:
        pieces: What is read.
        struck: What is struck out and not among the pieces.
    """

    pieces: list[Piece] = field(default_factory=list)
    struck: list[Piece] = field(default_factory=list)
    _picture: bool = False
    _parted: bool = False
    _last: str = ""
    _apart: tuple[object, ...] = ()
    _size: float = 0.0

    @property
    def text(self) -> str:
        """What is read, without what is struck."""
        return one_line("".join(piece.text for piece in self.pieces))

    @property
    def struck_text(self) -> str:
        """The same in words."""
        return one_line("".join(piece.text for piece in self.struck))

    def line(self) -> None:
        """The end of a line, where it parts nothing."""
        self.pieces.append(Piece("\n"))

    def part(self) -> None:
        """The border of a block."""
        self._parted = True
        self.line()

    @contextmanager
    def noted(self, *, small: bool = True) -> Iterator[None]:
        """Brackets round letters that are small, where anything is read between them."""
        if small:
            self._bracket("[")
        yield
        if small and self.text.endswith("["):
            while self.pieces.pop().text != "[":
                pass
        elif small:
            self._bracket("]")

    def _bracket(self, sign: str) -> None:
        self.pieces.append(Piece(sign))
        self._last, self._parted = sign, False

    def add(self, piece: Piece, look: Look) -> None:
        """A text and how it is seen."""
        text = piece.text.strip()
        if piece.text == SIGN:
            self._picture = True
        elif look.struck:
            self._parted = self._parted or bool(text)
            self.struck.append(piece)
        elif text:
            doubtful = look.doubtful and any(map(_is_numeral, text))
            low, high = sorted((look.size, self._size or look.size))
            parted = self._parted or look.apart != self._apart or low < _SMALLER * high
            both = _is_numeral(self._last[-1:] or " ") and _is_numeral(text[0])
            if doubtful or (parted and both):
                self.pieces.append(Piece(BREAK))
            self.pieces.append(piece)
            self._last, self._apart, self._parted = text[-1], look.apart, doubtful
            self._size = look.size
        else:
            self.pieces.append(piece)

    def close(self, *, doubtful: bool = False) -> None:
        """End a cell: a figure beside a picture, and one that is struck out alone, are no figures."""
        text = self.text
        figures = any(map(str.isdigit, text))
        if self._picture and (figures or not text):
            self.pieces.append(Piece(SIGN))
        if doubtful and figures:
            self.pieces.append(Piece(BREAK))
        gone = self.struck_text
        if gone and (not text or (not figures and any(map(str.isdigit, gone)))):
            self.pieces += [Piece("~~"), *self.struck, Piece("~~")]
            self.struck = []
