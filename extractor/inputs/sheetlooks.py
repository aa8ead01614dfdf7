"""How the cells of a workbook are seen: fonts, fills, formats under conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from extractor.inputs.canvas import Piece
from extractor.inputs.written import Color, Look, Written, color_of, faint, is_of_signs

_WHITE: Color = (1.0, 1.0, 1.0)
_BLACK: Color = (0.0, 0.0, 0.0)
_USUAL = 11.0  # points of letters whose size is not given
_LOWEST = 2.0  # points of a row, or of letters, that are not seen
_COMPARE: dict[str | None, Callable[..., bool]] = {
    "equal": eq,
    "notEqual": ne,
    "greaterThan": gt,
    "lessThan": lt,
    "greaterThanOrEqual": ge,
    "lessThanOrEqual": le,
    "between": lambda value, low, high: low <= value <= high,
    "notBetween": lambda value, low, high: not low <= value <= high,
}


def look_of(font: Any, fill: Any) -> Look:
    """How letters of a font are seen on a fill; of a part of a rich text with that of its cell."""
    if font is None:
        return Look()
    ground = _ground(fill)
    unseen, doubtful = faint(_color(getattr(font, "color", None)), ground)
    size = getattr(font, "sz", None)
    return Look(
        unseen=unseen or (size is not None and float(size) <= _LOWEST),
        doubtful=doubtful or is_of_signs(str(getattr(font, "name", None) or "")),
        size=float(size or _USUAL),
        struck=bool(getattr(font, "strike", None)),
        raised=getattr(font, "vertAlign", None) in ("superscript", "subscript"),
    )


def said(parts: Iterable[tuple[str, Look]]) -> Written:
    """What a cell says: its parts that are seen, with no figures of two lines or heights joined."""
    written = Written()
    for text, look in parts:
        if look.unseen:
            continue
        with written.noted(small=look.raised and not look.struck):
            for number, line in enumerate(text.split("\n")):
                if number:
                    written.part()
                written.add(Piece(line), look)
    written.close()
    return written


def conditional(sheet: Any) -> dict[tuple[int, int], list[Any]]:
    """For cells the rules under which they may look so that they are not seen, or other than they are."""
    found: dict[tuple[int, int], list[Any]] = {}
    for area in sheet.conditional_formatting:
        rules = [rule for rule in area.rules if _conceals(rule.dxf)]
        for part in area.cells.ranges if rules else ():
            for row in range(part.min_row, min(part.max_row, sheet.max_row) + 1):
                for column in range(part.min_col, min(part.max_col, sheet.max_column) + 1):
                    found.setdefault((row, column), []).extend(rules)
    return found


def applies(rule: Any, value: Any) -> bool:
    """Whether a rule holds for a value, or may: of what is not known here."""
    compare = _COMPARE.get(rule.operator)
    if rule.type != "cellIs" or compare is None:
        return True
    try:
        return compare(Decimal(str(value or 0)), *(Decimal(str(one)) for one in rule.formula))
    except (InvalidOperation, TypeError):
        return True


def _conceals(style: Any) -> bool:
    if style is None:
        return False
    if style.numFmt is not None:
        return True
    if style.font is None:
        return style.fill is not None and faint(_BLACK, _ground(style.fill))[1]
    color = _color(style.font.color)
    return bool(style.font.strike) or any(faint(color, _ground(style.fill)))


def _ground(fill: Any) -> Color | None:
    """The color of a fill; white for none, None where it is not known."""
    pattern = getattr(fill, "patternType", None) if fill is not None else None
    if fill is None or (pattern in (None, "none") and not getattr(fill, "stop", None)):
        background = getattr(fill, "bgColor", None)  # of a format under a condition
        given = background is not None and background.rgb not in ("00000000", None)
        return _color(background) if given and pattern is None and fill is not None else _WHITE
    if pattern != "solid":
        return None
    return _color(fill.fgColor)


def _color(color: Any) -> Color | None:
    """Red, green and blue; None for one that is not known."""
    from openpyxl.styles.colors import COLOR_INDEX

    if color is None:
        return _BLACK
    written, tint = "", float(color.tint or 0)
    if color.type == "rgb" and isinstance(color.rgb, str):
        written = color.rgb[-6:]
    elif color.type == "theme":
        written = {0: "ffffff", 1: "000000"}.get(color.theme, "")
    elif color.type == "indexed" and color.indexed in (64, 65):
        return _BLACK if color.indexed == 64 else _WHITE
    elif color.type == "indexed" and color.indexed < len(COLOR_INDEX):
        written = COLOR_INDEX[color.indexed][-6:]
    parts = color_of(written)
    if parts is None:
        return None
    red, green, blue = (p * (1 + tint) if tint < 0 else p + (1 - p) * tint for p in parts)
    return red, green, blue
