"""What a reader of a web page sees of it: styles of its elements, of its style sheets and of browsers.

Nothing is drawn. An element is *gone* (it takes no place), *unseen* (its place is empty) or *struck*; where that
cannot be told it is *doubtful*. Of properties that are not known here none is taken to hide anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from extractor.inputs.markup import Element, names
from extractor.inputs.styles import PAGE_WIDTH, Styles, named
from extractor.inputs.written import Color, Look, faint, shade_of

_BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main marquee menu nav ol p pre "
    "search section summary table tbody td tfoot th thead title tr ul"
)
_INLINE = frozenset(("inline", "contents", "ruby", "inline-block"))
_UNFLOWED = frozenset(("flex", "inline-flex", "grid", "inline-grid"))
_GAP = 0.4  # of the height of letters, for a space beside an element that is seen
_SIDES = ("top", "right", "bottom", "left")
_FLOWN = -2_000.0  # pixels to the left of what floats, from which it is nowhere
_MOVES = frozenset(("position", "margin", "margin-left", "margin-top"))
_OFF = 200.0  # pixels beyond the edge
_TINY = 2.0  # pixels of letters that are not seen
_SLIT = 2.0  # of a box that shows nothing
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "vw": 12.8,
    "vh": 8.0,
    "rem": 16.0,
}
_LENGTH = re.compile(
    r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(px|pt|pc|in|cm|mm|vw|vh|rem|em|ex|ch|%)?"
)
_WORDS = {"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24}
_TELLING = names("style class id href open hidden bgcolor color text background dir size")
"""Attributes by which two elements of one tag in one place may look different."""
_AWAY = {  # properties, and values of them that leave nothing to be seen
    "transform": r"scale[xy3d]*\(\s*0(?:\.0+)?\s*[,)]",
    "scale": r"0 ",
    "clip": r"rect\(\s*([01])(?:px)?[, ]+\1(?:px)?[, ]+\1",
    "clip-path": r"inset\(\s*(?:50|100)%",
    "content-visibility": r"hidden",
    "zoom": r"0%?$",
    "filter": r"opacity\s*[(=]\s*0?(?:\.0|[^.0-9])",
}
_DOUBTED = {  # values with which it is not told whether or how something is seen
    "transform": r"scale|rotate|matrix|skew",
    "scale": r"scale",
    "rotate": r"turn|deg",
    "filter": r"opacity|brightness|contrast|invert|blur|difference",
    "mix-blend-mode": r"difference",
    "clip": r"(?!auto)",
    "clip-path": r"(?!none|auto)",
    "mask": r"(?!none)",
    "order": r"(?!0$)",
    "flex-direction": r".*reverse",
    "z-index": r"-",
    "-webkit-text-security": r"(?!none)",
    "font-family": r".*(?:wing|web)dings",
}


@dataclass(frozen=True, slots=True)
class PageLook(Look):
    """How an element of a page is seen.

    Attributes:
        gone: It takes no place.
        block: It stands apart from what is before and behind it.
        before: What a style writes before it.
        after: What a style writes behind it.
        hidden: What of `unseen` an element within can take back.
        sunk: What it cannot.
        parts: Elements within are blocks.
    """

    gone: bool = False
    block: bool = True
    before: str = ""
    after: str = ""
    hidden: bool = False
    sunk: bool = False
    color: Color | None = (0.0, 0.0, 0.0)
    ground: Color | None = (1.0, 1.0, 1.0)
    parts: bool = False


class Looks:
    """The looks of all elements of a page."""

    def __init__(self, page: Element) -> None:
        self._page = page
        self._known: dict[Element | None, PageLook] = {None: PageLook()}
        self._plain: dict[tuple[int, str], PageLook] = {}  # of elements without a style

    def of(self, element: Element | None) -> PageLook:
        """How an element is seen."""
        found = self._known.get(element)
        if found is None:
            assert element is not None
            found = self._known[element] = self._look(element, self.of(element.parent))
        return found

    def _look(self, element: Element, parent: PageLook) -> PageLook:
        plain = not self._styles.has_rules and _TELLING.isdisjoint(element.attrib)
        key = id(parent), element.tag
        if plain and key in self._plain:
            return self._plain[key]
        look = _seen(element, parent, *self._styles.of(element), self._styles.names)
        if plain:
            self._plain[key] = look
        return look

    @cached_property
    def _styles(self) -> Styles:
        return Styles(self._page)


def _px(value: str, em: float, whole: float = 0.0) -> float | None:
    """A length in pixels; of per cent of `whole`, None where it is none."""
    found = _LENGTH.fullmatch(value)
    if found is None:
        return None
    number, unit = float(found[1]), found[2] or ""
    if unit == "%":
        return number / 100 * whole
    if unit in ("em", "ex", "ch"):
        return number * em * (1 if unit == "em" else 0.5)
    return number * _UNITS[unit]


def _size(style: dict[str, str], parent: float) -> float:
    written = style.get("font-size")
    if written is None and "font" in style:
        short = _LENGTH.search(re.sub(r"\b[1-9]00\b", "", style["font"]))
        written = short.group() if short else None
    if written is None:
        return parent
    found = _px(written, parent, parent)
    return float(_WORDS.get(written, parent)) if found is None else found


def _background(style: dict[str, str], parent: Color | None) -> Color | None:
    """The color behind the letters; None where a picture or a color that is not known is."""
    ground = parent
    for word in (style.get("background", ""), style.get("background-color", "")):
        for part in re.findall(r"[a-z-]+\([^()]*\)|[^\s,]+", word):
            found, alpha = shade_of(part)
            if found is not None and alpha:
                ground = found if alpha > 0.9 else None
    picture = style.get("background-image", "") + style.get("background", "")
    return None if "url(" in picture or "gradient(" in picture else ground


def _seen(
    element: Element,
    parent: PageLook,
    style: dict[str, str],
    before: str,
    after: str,
    known: set[str],
) -> PageLook:
    """The look of an element in that of its parent."""
    get = style.get
    size = _size(style, parent.size)
    display = get("display", "").split(" ")[0]
    lies = get("position", "") in ("absolute", "fixed")
    inline = display in _INLINE or (not display and element.tag not in _BLOCKS)
    block = parent.parts or lies or get("float", "none") != "none" or not inline
    line = get("text-decoration", "") + " " + get("text-decoration-line", "")
    hides = parent.hidden
    if "visibility" in style:
        hides = get("visibility") in ("hidden", "collapse")
    if element.tag == "details" and "open" not in element.attrib:
        hides = True  # until a reader opens it, but for its head
    elif element.tag == "summary" and element.parent is not None:
        hides = hides and (element.parent.tag != "details" or "visibility" in style)
    color, alpha = parent.color, 1.0
    for name in ("color", "-webkit-text-fill-color"):
        if name in style:
            found, alpha = shade_of(style[name])
            color = found or ((0.0, 0.0, 0.0) if alpha else color)
    ground = _background(style, parent.ground)
    sunk, doubt = (False, False) if not style else _is_away(element, style, size, alpha)
    doubt = doubt or _is_cut(element, style, size)
    apart = parent.apart + _apart(element, style, known)
    if style and not block and _stands_off(style, size):
        apart = (*apart, element)
    if not {"color", "-webkit-text-fill-color"}.isdisjoint(style) or ground != parent.ground:
        pale, dim = faint(color, ground)
        sunk, doubt = sunk or pale, doubt or (dim and (ground is not None or "color" in style))
    gone = parent.gone or display == "none" or "all" in get("mso-hide", "")
    sunk = sunk or parent.sunk
    return PageLook(
        unseen=gone or hides or sunk or size < _TINY,
        doubtful=parent.doubtful or doubt,
        struck=parent.struck or "line-through" in line or element.tag == "del",
        apart=apart,
        size=size,
        gone=gone,
        block=block,
        before=before,
        after=after,
        hidden=hides,
        sunk=sunk,
        color=color,
        ground=ground,
        parts=display in _UNFLOWED,
    )


def _sides(style: dict[str, str], name: str, size: float) -> dict[str, float]:
    """Pixels of a margin or padding at each side where one is given."""
    words = style.get(name, "").split(" ")[:4]
    found = {
        side: words[index if len(words) > index else index % 2 if len(words) > 1 else 0]
        for index, side in enumerate(_SIDES)
    }
    found |= {side: style[f"{name}-{side}"] for side in found if f"{name}-{side}" in style}
    lengths = {side: _px(word, size, PAGE_WIDTH) for side, word in found.items()}
    return {side: length for side, length in lengths.items() if length}


def _stands_off(style: dict[str, str], size: float) -> bool:
    """Whether a gap is seen between what is in an element and what is beside it on its line."""
    room = {**_sides(style, "margin", size), **_sides(style, "padding", size)}
    wide = _px(style.get("min-width", style.get("width", "")), size, PAGE_WIDTH) or 0.0
    return max(wide, *(room.get(side, 0.0) for side in ("left", "right"))) > _GAP * size


def _shifted(style: dict[str, str], size: float) -> list[float]:
    """By how many pixels an element is moved: to the right, down, and back from the other edges."""
    margin = _sides(style, "margin", size)
    left, top = margin.get("left", 0.0), margin.get("top", 0.0)
    if style.get("float", "none") != "none" and left >= _FLOWN:
        left = 0.0
    if style.get("position", "static") == "static":
        return [left, top]
    ends = [_px(style.get(side, ""), size, PAGE_WIDTH) or 0.0 for side in _SIDES]
    return [ends[3] + left, ends[0] + top, ends[1], ends[2]]


def _is_in_a_cell(element: Element) -> bool:
    """Whether it is a part of a cell and no part of a page laid out with tables."""
    return next(element.walk("table"), None) is None and any(
        one.tag in ("td", "th") for one in element.ancestors()
    )


def _is_away(
    element: Element, style: dict[str, str], size: float, alpha: float
) -> tuple[bool, bool]:
    """Whether an element and all in it is nowhere to be seen; whether it may be."""
    get = style.get
    clear = _LENGTH.match(get("opacity", "1"))
    if clear:
        alpha = min(alpha, float(clear[1]) / (100 if clear[2] == "%" else 1))
    away = alpha < 0.1 or any(re.search(_AWAY[n], v) for n, v in style.items() if n in _AWAY)
    doubt = alpha < 0.3 or any(re.match(_DOUBTED[n], v) for n, v in style.items() if n in _DOUBTED)
    shifts = _shifted(style, size) if not _MOVES.isdisjoint(style) else []
    indent = _px(get("text-indent", ""), size, PAGE_WIDTH) or 0.0
    away = away or any(not -_OFF < one < 3_000 for one in (*shifts, indent))
    moves = get("transform", "") + " " + get("translate", "")
    for word in re.findall(r"[^\s(),]+", moves):
        moved = _px(word, size)  # a share is one of itself, as what is set in the middle has
        shifts.append(moved or 0.0)
        away = away or (moved is not None and abs(moved) > _OFF and "rotate" not in moves)
    held = not moves.strip() and get("position", "static") == "static"  # a margin is room
    astray = any(one < -size or (one > size and not held) for one in shifts)
    if any(
        "hidden" in get(n, "") or "clip" in get(n, "")
        for n in ("overflow", "overflow-x", "overflow-y")
    ):
        rooms = [
            _px(get(f"{n}{side}", ""), size, PAGE_WIDTH)
            for n in ("", "max-")
            for side in ("width", "height")
        ]
        away = away or any(room is not None and room <= _SLIT for room in rooms)
    turned = "override" in get("unicode-bidi", "") and get("direction") == "rtl"
    return away, doubt or turned or (astray and _is_in_a_cell(element))


def _is_cut(element: Element, style: dict[str, str], size: float) -> bool:
    """Whether the box of an element is too small for its words, and what is beyond is not shown."""
    if not any("hidden" in style.get(n, "") for n in ("overflow", "overflow-x")):
        return False
    room = [_px(style[n], size, PAGE_WIDTH) for n in ("width", "max-width") if n in style]
    most = min((one for one in room if one is not None), default=None)
    if most is None or next(element.walk("table"), None) is not None:
        return False
    longest = max((len(text.text.strip()) for text in element.within()), default=0)
    digits = any(map(str.isdigit, "".join(text.text for text in element.within())))
    return most < 0.5 * size * longest and digits


def _apart(element: Element, style: dict[str, str], known: set[str]) -> tuple[object, ...]:
    """What may tell an element from its neighbours, beside its own style."""
    found: list[object] = []
    if element.tag == "a" and "href" in element.attrib:
        found.append(element)
    if element.tag not in ("td", "th", "tr", "table", "tbody"):
        found += [name for name in named(element) if name not in known]
    height = style.get("vertical-align", "").split(" ")[0]
    raised = height in ("super", "sub", "text-top", "text-bottom") or _px(height, 1.0)
    if raised and element.tag not in ("td", "th", "tr", "table", "tbody", "img"):
        found.append(height)
    if "mso-text-raise" in style or (style.get("position") == "relative" and "top" in style):
        found.append(("raised", style.get("mso-text-raise", ""), style.get("top", "")))
    return tuple(found)
