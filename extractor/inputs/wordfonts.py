"""How a run of a Word file is seen: its own marks, those of its styles, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extractor.inputs.wordml import W
from extractor.inputs.written import Color, Look, color_of, faint, is_of_signs

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_SWITCHES = ("vanish", "strike", "dstrike")
_VALUES = ("vertAlign", "position", "sz", "w", "spacing", "em")
_THEME = {"background1": "ffffff", "light1": "ffffff", "text1": "000000", "dark1": "000000"}
_USUAL = 20  # half points of letters whose size is not given
_OFF = ("0", "false", "off")
_MOST_STYLES = 20  # that a style is based on
WHITE: Color = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Around:
    """What is behind a run and around it: the styles of paragraph and table, and the color of the cell."""

    paragraph: str = ""
    table: str = ""
    ground: Color | None = WHITE


class Fonts:
    """The styles of a Word file.

    Args:
        styles: The element of the part, or None.
    """

    def __init__(self, styles: Any) -> None:
        every = [] if styles is None else list(styles.iter(f"{W}style"))
        self._by_name = {str(one.get(f"{W}styleId")): one for one in reversed(every)}
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
        self._defaults = [] if styles is None else list(styles.findall(path))
        self.default = next(
            (
                str(one.get(f"{W}styleId"))
                for one in every
                if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true")
            ),
            "",
        )
        """The style of paragraphs that name none."""
        self._styled: dict[tuple[Around, str], tuple[dict[str, str], Look]] = {}
        self._shades: dict[str, list[Any]] = {}

    def look(self, run: Any, around: Around) -> Look:
        """How a run is seen."""
        own = run.find(f"{W}rPr")
        style = "" if own is None else _value(own.find(f"{W}rStyle"))
        key = around, style
        if key not in self._styled:
            found = self._of_styles(around, style)
            self._styled[key] = found, _look(found, around)
        styled, look = self._styled[key]
        return look if own is None or len(own) == 0 else _look(styled | _read(own), around)

    def _of_styles(self, around: Around, style: str) -> dict[str, str]:
        """What styles say of a run."""
        found: dict[str, str] = {}
        for properties in self._defaults:
            found |= _read(properties)
        for name in (around.table, around.paragraph, style):
            here: dict[str, str] = {}
            for properties in self._within(name, "rPr"):
                here |= _read(properties)
            for switch in _SWITCHES if name == style else ():  # switched on twice is off
                if switch in here and found.get(switch) == "1":
                    here[switch] = "0" if here[switch] == "1" else "1"
            found |= here
        return found

    def ground(self, table: str) -> Color | None:
        """What a style of tables paints behind its cells; None where it paints some."""
        shades = (shade for one in self._chain(table) for shade in one.iter(f"{W}shd"))
        return None if any(map(_fill, shades)) else WHITE

    def paragraph_ground(self, style: str, ground: Color | None) -> Color | None:
        """What stands behind a paragraph of a style."""
        if style not in self._shades:
            self._shades[style] = self._within(style, f"pPr/{W}shd")
        for shade in self._shades[style]:
            ground = behind(shade, ground)
        return ground

    def _within(self, name: str, path: str) -> list[Any]:
        """Elements of a style and those that it is based on, theirs first."""
        return [found for one in self._chain(name) for found in one.findall(f"{W}{path}")]

    def _chain(self, name: str) -> list[Any]:
        found: list[Any] = []
        while name in self._by_name and len(found) < _MOST_STYLES:
            found.insert(0, self._by_name[name])
            name = _value(found[0].find(f"{W}basedOn"))
        return found


def behind(shade: Any, ground: Color | None) -> Color | None:
    """The color that a shading makes of what is behind it."""
    fill = _fill(shade)
    return ground if not fill else color_of(fill)


def _fill(shade: Any) -> str:
    """Six digits, "" for none, "?" for a pattern."""
    pattern = shade.get(f"{W}val") or "clear"
    if pattern == "nil":
        return ""
    if pattern not in ("clear", "solid"):
        return "?"
    fill = str(shade.get(f"{W}color" if pattern == "solid" else f"{W}fill") or "auto")
    if fill == "auto":
        theme = shade.get(f"{W}themeFill")
        return "" if theme is None else _THEME.get(theme, "?")
    return fill


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(f"{W}val") or "")


def _read(properties: Any) -> dict[str, str]:
    """What properties say of a run."""
    found: dict[str, str] = {}
    for one in properties:
        tag = one.tag if isinstance(one.tag, str) else ""
        name = tag.removeprefix(W)
        if name in _SWITCHES or name in ("specVanish", "webHidden"):
            found[name] = "0" if _value(one) in _OFF else "1"
        elif name in _VALUES:
            found[name] = _value(one) or "single"
        elif name == "color":
            theme = one.get(f"{W}themeColor")
            auto = _value(one) in ("auto", "")
            found["color"] = _THEME.get(theme, "auto") if auto and theme else _value(one)
        elif name == "shd":
            found["shade"] = _fill(one)
        elif name == "highlight":
            found["shade"] = _value(one).replace("none", "")
        elif name == "eastAsianLayout" and (one.get(f"{W}combine") or one.get(f"{W}vert")):
            found["laid"] = "1"
        elif name == "rFonts":
            found["font"] = " ".join(filter(None, (one.get(f"{W}ascii"), one.get(f"{W}hAnsi"))))
        elif tag == f"{_W14}textFill":
            found["filled"] = "none" if one.find(f"{_W14}noFill") is not None else "some"
    return found


def _look(found: dict[str, str], around: Around) -> Look:
    get = found.get
    ground = around.ground
    if get("shade"):
        ground = color_of(found["shade"])
    written = get("color", "auto")
    color = None if written == "auto" else color_of(written)
    unseen, doubtful = (False, False) if written == "auto" else faint(color, ground)
    size, width, space = (_number(get(name, "")) for name in ("sz", "w", "spacing"))
    unseen = unseen or get("vanish") == "1" or get("filled") == "none"
    unseen = unseen or (size is not None and size <= 4)
    doubtful = doubtful or "1" in (get("specVanish"), get("webHidden"), get("laid"))
    doubtful = doubtful or (width is not None and width < 30) or (space is not None and space < -60)
    doubtful = doubtful or get("filled") == "some" or is_of_signs(get("font", ""))
    raised = get("position", "0")
    return Look(
        size=float(size or _USUAL),
        unseen=unseen,
        doubtful=doubtful,
        struck="1" in (get("strike"), get("dstrike")),
        apart=() if raised in ("0", "single") else (raised,),
        raised=get("vertAlign") in ("superscript", "subscript"),
    )


def _number(written: str) -> int | None:
    try:
        return int(written)
    except ValueError:
        return None
