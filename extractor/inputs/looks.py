"""What a reader of a web page sees of it: styles of its elements, of its style sheets and of browsers.

Nothing is drawn. An element is *gone* (it takes no place), *unseen* (its place is empty) or *struck*; where that
cannot be told it is *doubtful*. Of properties that are not known here none is taken to hide anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from extractor.inputs.markup import Element, Text, names
from extractor.inputs.styles import PAGE_WIDTH, Styles

_BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main marquee menu nav ol p pre "
    "search section summary table tbody td tfoot th thead title tr ul"
)
_INLINE = frozenset(("inline", "contents", "ruby", "inline-block"))
_UNFLOWED = frozenset(("flex", "inline-flex", "grid", "inline-grid"))
_GAP = 0.4  # of the height of letters, for a space beside an element that is seen
_MOVES = frozenset(("position", "margin", "margin-left", "margin-top"))
_OFF = 200.0  # pixels beyond the edge
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
Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How an element is seen.

    Attributes:
        gone: It takes no place.
        unseen: What is written in it cannot be seen.
        doubtful: It cannot be told whether or how it is.
        struck: It is struck out.
        block: It stands apart from what is before and behind it.
        apart: What may tell it from its neighbours: the link, the height, the class of a style that is not given.
        size: Of its letters, in pixels.
        before: What a style writes before it.
        after: What a style writes behind it.
    """

    gone: bool = False
    unseen: bool = False
    doubtful: bool = False
    struck: bool = False
    block: bool = True
    apart: tuple[object, ...] = ()
    size: float = 16.0
    before: str = ""
    after: str = ""
    hidden: bool = False  # what of `unseen` an element within can take back
    tiny: bool = False
    sunk: bool = False  # what it cannot
    color: Color | None = (0.0, 0.0, 0.0)
    ground: Color | None = (1.0, 1.0, 1.0)
    parts: bool = False  # elements within are blocks
    raised: bool = False  # of Word: in small letters


_OUTER = Look()


class Looks:
    """The looks of all elements of a page."""

    def __init__(self, page: Element) -> None:
        self._page = page
        self._known: dict[Element, Look] = {}
        self._plain: dict[tuple[int, str], Look] = {}  # of elements without a style in one look

    def of(self, element: Element) -> Look:
        """How an element is seen."""
        found = self._known.get(element)
        if found is not None:
            return found
        way = [element]
        while way[-1] not in self._known and way[-1].parent is not None:
            way.append(way[-1].parent)
        look = self._known.get(way[-1])
        for one in reversed(way):
            known = self._known.get(one)
            look = known or self._look(one, look or _OUTER)
            self._known[one] = look
        assert look is not None
        return look

    def _look(self, element: Element, parent: Look) -> Look:
        key = id(parent), element.tag
        simple = not element.attributes and not self._styles.has_rules
        if simple and key in self._plain:
            return self._plain[key]
        style, before, after = self._styles.of(element)
        own = element.attributes.keys() & {"class", "id", "href", "open"}
        if not simple and (style or before or after or own):
            return _seen(element, parent, style, before, after, self._styles.names)
        if key not in self._plain:
            self._plain[key] = _seen(element, parent, style, "", "", self._styles.names)
        return self._plain[key]

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


@lru_cache(maxsize=1024)
def _color(value: str) -> tuple[Color | None, float]:
    """A color and how much it covers; None for no color, or for one that is not known."""
    from tinycss2.color4 import parse_color

    found = parse_color(value.replace("!important", "").strip())
    if found is None and re.fullmatch("[0-9a-f]{6}", value):
        found = parse_color(f"#{value}")
    if found is None or isinstance(found, str):
        return None, 1.0
    red, green, blue, alpha = found.to("srgb")
    return (red or 0.0, green or 0.0, blue or 0.0), 1.0 if alpha is None else alpha


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
            found, alpha = _color(part)
            if found is not None and alpha:
                ground = found if alpha > 0.9 else None
    picture = style.get("background-image", "") + style.get("background", "")
    return None if "url(" in picture or "gradient(" in picture else ground


def _seen(
    element: Element, parent: Look, style: dict[str, str], before: str, after: str, known: set[str]
) -> Look:
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
    if element.tag == "details" and "open" not in element.attributes:
        hides = True  # until a reader opens it, but for its head
    elif element.tag == "summary" and element.parent is not None:
        hides = hides and (element.parent.tag != "details" or "visibility" in style)
    color, alpha = parent.color, 1.0
    for name in ("color", "-webkit-text-fill-color"):
        if name in style:
            found, alpha = _color(style[name])
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
    look = Look(
        gone=parent.gone or display == "none" or "all" in get("mso-hide", ""),
        doubtful=parent.doubtful or doubt,
        struck=parent.struck or "line-through" in line or element.tag == "del",
        block=block,
        apart=apart,
        size=size,
        before=before,
        after=after,
        hidden=hides,
        tiny=size < 2,
        sunk=parent.sunk or sunk,
        color=color,
        ground=ground,
        parts=display in _UNFLOWED,
    )
    return replace(look, unseen=look.gone or look.hidden or look.tiny or look.sunk)


def rgb(written: str) -> Color | None:
    """The color of six digits; None for others."""
    if not re.fullmatch("[0-9A-Fa-f]{6}", written):
        return None
    red, green, blue = (int(written[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


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


def _sides(style: dict[str, str], name: str, size: float) -> dict[str, float]:
    """Pixels of a margin or padding at each side where one is given."""
    words = style.get(name, "").split(" ")[:4]
    found = {
        side: words[index if len(words) > index else index % 2 if len(words) > 1 else 0]
        for index, side in enumerate(("top", "right", "bottom", "left"))
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
    floats = style.get("float", "none") != "none"
    right = margin.get("left", 0.0) if not floats or margin.get("left", 0.0) < -2_000 else 0.0
    if style.get("position", "static") == "static":
        return [right, margin.get("top", 0.0)]
    found = {
        side: _px(style.get(side, ""), size, PAGE_WIDTH) or 0.0
        for side in ("left", "top", "right", "bottom")
    }
    return [
        found["left"] + right,
        found["top"] + margin.get("top", 0.0),
        found["right"],
        found["bottom"],
    ]


def _is_in_a_cell(element: Element) -> bool:
    """Whether it is a part of a cell and no part of a page laid out with tables."""
    cell = any(one.tag in ("td", "th") for one in element.ancestors())
    return cell and not any(one.tag == "table" for one in element.walk())


def _is_away(
    element: Element, style: dict[str, str], size: float, alpha: float
) -> tuple[bool, bool]:
    """Whether an element and all in it is nowhere to be seen; whether it may be."""
    get = style.get
    away, doubt = alpha < 0.1, alpha < 0.3
    clear = _LENGTH.match(get("opacity", "1"))
    if clear:
        part = float(clear[1]) / (100 if clear[2] == "%" else 1)
        away, doubt = away or part < 0.1, doubt or part < 0.3
    dim = re.search(r"opacity\s*[(=]\s*([0-9.]+)", get("filter", ""))
    if dim:
        away, doubt = away or float(dim[1].strip(".") or 0) < 0.1, True
    shifts = _shifted(style, size) if not _MOVES.isdisjoint(style) else []
    indent = _px(get("text-indent", ""), size, PAGE_WIDTH) or 0.0
    away = away or any(not -_OFF < one < 3_000 for one in (*shifts, indent))
    moves = " ".join(get(name, "") for name in ("transform", "translate", "scale", "rotate"))
    for word in re.findall(r"[^\s(),]+", moves):
        moved = _px(word, size)  # a share is one of itself, as what is set in the middle has
        shifts.append(moved or 0.0)
        away = away or (moved is not None and abs(moved) > _OFF and "rotate" not in moves)
    held = not moves.strip() and get("position", "static") == "static"  # a margin is room
    astray = any(one < -size or (one > size and not held) for one in shifts)
    doubt = doubt or (astray and _is_in_a_cell(element))
    doubt = doubt or "reverse" in get("flex-direction", "") or get("order", "0") != "0"
    doubt = doubt or is_of_signs(get("font-family", ""))
    drawn = get("filter", "") + get("mix-blend-mode", "")
    doubt = doubt or re.search(r"brightness|contrast|invert|blur|difference", drawn) is not None
    if re.search(r"scale[xy3d]*\(\s*0(?:\.0+)?\s*[,)]", moves) or get("scale", "").startswith("0 "):
        away = True
    doubt = doubt or re.search(r"scale|rotate|matrix|skew|turn|deg", moves) is not None
    clip = get("clip", "auto") + get("clip-path", "")
    away = (
        away
        or re.search(r"rect\(\s*([01])(?:px)?[, ]+\1(?:px)?[, ]+\1|inset\(\s*(?:50|100)%", clip)
        is not None
    )
    doubt = doubt or clip not in ("auto", "autonone") or get("mask", "none") != "none"
    if any(
        "hidden" in get(n, "") or "clip" in get(n, "")
        for n in ("overflow", "overflow-x", "overflow-y")
    ):
        for name in ("width", "height", "max-width", "max-height"):
            room = _px(get(name, ""), size, PAGE_WIDTH)
            away = away or (room is not None and room <= 2)
    away = away or get("content-visibility") == "hidden" or get("zoom", "1") in ("0", "0%")
    below = get("z-index", "").startswith("-") or get("-webkit-text-security", "none") != "none"
    turned = "override" in get("unicode-bidi", "") and get("direction") == "rtl"
    return away, doubt or below or turned


def _is_cut(element: Element, style: dict[str, str], size: float) -> bool:
    """Whether the box of an element is too small for its words, and what is beyond is not shown."""
    if not any("hidden" in style.get(n, "") for n in ("overflow", "overflow-x")):
        return False
    room = [_px(style[n], size, PAGE_WIDTH) for n in ("width", "max-width") if n in style]
    most = min((one for one in room if one is not None), default=None)
    if most is None or any(one.tag == "table" for one in element.walk()):
        return False
    longest = max((len(text.text.strip()) for text in element.within()), default=0)
    return most < 0.5 * size * longest and any(map(_has_digit, element.within()))


def _has_digit(text: Text) -> bool:
    return any(map(str.isdigit, text.text))


def _apart(element: Element, style: dict[str, str], known: set[str]) -> tuple[object, ...]:
    """What may tell an element from its neighbours, beside its own style."""
    found: list[object] = []
    if element.tag == "a" and "href" in element.attributes:
        found.append(element)
    if element.tag not in ("td", "th", "tr", "table", "tbody"):
        found += [
            name
            for key in ("class", "id")
            for name in element.attributes.get(key, "").split()
            if name not in known
        ]
    height = style.get("vertical-align", "").split(" ")[0]
    raised = height in ("super", "sub", "text-top", "text-bottom") or _px(height, 1.0) not in (
        None,
        0.0,
    )
    if raised and element.tag not in ("td", "th", "tr", "table", "tbody", "img"):
        found.append(height)
    if "mso-text-raise" in style or (style.get("position") == "relative" and "top" in style):
        found.append(("raised", style.get("mso-text-raise", ""), style.get("top", "")))
    return tuple(found)


__all__ = ["Look", "Looks", "faint", "is_of_signs", "rgb"]
