"""How ``extractor/inputs/boxes.ttf`` was made: ``python -m tests.box_font`` writes it anew.

A sign of a script without spaces is a frame as wide as high, any other sign a frame half as wide, points and
strokes are small; what leaves no ink (spaces, marks of direction, private codes) has no box.
"""

from __future__ import annotations

import io
from itertools import chain
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

PATH = Path(__file__).parent.parent / "extractor" / "inputs" / "boxes.ttf"
_STROKE = 80
_WIDE = ((0x2E80, 0xA4D0), (0xAC00, 0xD7A4), (0xF900, 0xFB00), (0xFE30, 0xFE70), (0xFF01, 0xFFE7))
_FAR = (0x20000, 0x32000)
_NARROW = ((0x21, 0x7F), (0xA1, 0x250), (0x370, 0x530), (0x2010, 0x2028), (0x2030, 0x205F))
_SIGNS = (0x2070, 0x2C00)
_NONE = {0x3000, 0xAD, 0x3164, 0x2800}
_SMALL = {*map(ord, ".,:;'`|·")}
_BOXES = {"wide": (50, -80, 950, 830), "narrow": (60, 0, 440, 700), "small": (80, 0, 190, 110)}
_ADVANCES = {".notdef": 500, "wide": 1000, "narrow": 500, "small": 250}


def made() -> bytes:
    """The font."""
    fonts = FontBuilder(1000, isTTF=True)
    fonts.setupGlyphOrder([*_ADVANCES])
    narrow = dict.fromkeys(chain.from_iterable(map(_codes, (*_NARROW, _SIGNS))), "narrow")
    narrow |= dict.fromkeys(_SMALL, "small")
    wide = dict.fromkeys(chain.from_iterable(map(_codes, (*_WIDE, _FAR))), "wide")
    fonts.setupCharacterMap({code: name for code, name in narrow.items() if code < 0x100})
    every = CmapSubtable.newSubtable(13)  # many signs, one glyph
    every.platformID, every.platEncID, every.language, every.reserved = 3, 10, 0, 0
    every.cmap = {code: name for code, name in (narrow | wide).items() if code not in _NONE}
    fonts.font["cmap"].tables.append(every)
    fonts.setupGlyf({name: _frame(_BOXES.get(name)) for name in _ADVANCES})
    sides = {name: (wide, _BOXES.get(name, (0,))[0]) for name, wide in _ADVANCES.items()}
    fonts.setupHorizontalMetrics(sides)
    fonts.setupHorizontalHeader(ascent=880, descent=-120)
    fonts.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    fonts.setupNameTable({"familyName": "Gouji Boxes", "styleName": "Regular"})
    fonts.setupPost(keepGlyphNames=False)
    fonts.updateHead(created=0, modified=0)
    fonts.font.recalcTimestamp = False
    out = io.BytesIO()
    fonts.font.save(out)
    return out.getvalue()


def _codes(ends: tuple[int, int]) -> set[int]:
    return set(range(*ends)) - _NONE


def _frame(box: tuple[int, int, int, int] | None) -> object:
    pen = TTGlyphPen(None)
    if box is not None:
        x0, y0, x1, y1 = box
        _rectangle(pen, [(x0, y0), (x0, y1), (x1, y1), (x1, y0)])
        if min(x1 - x0, y1 - y0) > 3 * _STROKE:
            s = _STROKE
            hole = [(x0 + s, y0 + s), (x1 - s, y0 + s), (x1 - s, y1 - s), (x0 + s, y1 - s)]
            _rectangle(pen, hole)
    return pen.glyph()


def _rectangle(pen: TTGlyphPen, points: list[tuple[int, int]]) -> None:
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


if __name__ == "__main__":
    PATH.write_bytes(made())
