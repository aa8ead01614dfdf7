"""What a cell or paragraph of a page says, with no two figures joined that may be two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.inputs.canvas import Piece, one_line
from extractor.inputs.looks import Look
from extractor.inputs.markup import Element, Text
from verify.document.signs import BREAK

SIGN = "\u25a1"
"""Something stands here that is no text."""
_NUMERALS = frozenset("〇零一二三四五六七八九十百千两.,．，")
_PICTURES = {"img", "svg", "canvas", "object", "embed", "iframe", "video", "audio", "math"}
_PICTURES |= {"button", "meter", "progress", "picture"}
_TEXTS = frozenset(("", "text", "number", "tel", "search", "email", "url", "date", "month", "year"))
_SMALLER = 0.85
"""Of the letters beside it, for one that is not of the same figure."""
_SPACER = ("0", "1", "2", "3")


def _is_numeral(character: str) -> bool:
    return character.isdigit() or character in _NUMERALS


@dataclass(slots=True)
class Written:
    """Takes what is seen, in order.

    Attributes:
        pieces: What is read.
        struck: What is struck out.
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
        """What is struck out and not among the pieces."""
        return one_line("".join(piece.text for piece in self.struck))

    def line(self) -> None:
        """The end of a line, where it parts nothing."""
        self.pieces.append(Piece("\n"))

    def part(self) -> None:
        """The border of a block."""
        self._parted = True
        self.line()

    def mark(self, bracket: str) -> None:
        """A bracket round small letters."""
        if bracket == "]" and self.text.endswith("["):
            while self.pieces.pop().text != "[":
                pass
            return
        self.pieces.append(Piece(bracket))
        self._last, self._parted = bracket, False

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


def field_of(element: Element) -> list[Text] | None:
    """What a form's field or a picture shows; None for what is neither. Texts of attributes have no places."""
    tag, attributes = element.tag, element.attributes
    if tag == "input":
        return _input(attributes)
    if tag == "textarea":
        return list(element.within())
    if tag == "select":
        return _chosen(element)
    if tag == "script" and "write" in "".join(text.text for text in element.within()):
        return [_said(SIGN)]
    if tag not in _PICTURES:
        return None
    small = [attributes[name] for name in ("width", "height") if name in attributes]
    return [] if any(one.removesuffix("px") in _SPACER for one in small) else [_said(SIGN)]


def _said(text: str) -> Text:
    return Text(text, 0, 0)


def _input(attributes: dict[str, str]) -> list[Text]:
    kind = attributes.get("type", "").strip().lower()
    if kind == "hidden":
        return []
    value = attributes.get("value", "")
    if kind not in _TEXTS or (not value and attributes.get("placeholder", "").strip()):
        return [_said(SIGN)]
    return [_said(value)]


def _chosen(element: Element) -> list[Text]:
    options = [one for one in element.walk() if one.tag == "option"]
    if "multiple" in element.attributes or element.attributes.get("size", "1") not in ("0", "1"):
        return [_said(SIGN)] if options else []
    free = [one for one in options if "disabled" not in one.attributes]
    chosen = [one for one in options if "selected" in one.attributes][-1:] or free[:1]
    return [text for one in chosen for text in _option(one)]


def _option(option: Element) -> Iterator[Text]:
    if option.attributes.get("label"):
        yield _said(option.attributes["label"])
    else:
        yield from option.within()


__all__ = ["SIGN", "Written", "field_of"]
