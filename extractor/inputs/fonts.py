"""How a run of a Word file is seen: its own marks, those of its styles, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extractor.inputs.wordml import W
from extractor.inputs.written import Color, Look, faint, is_of_signs, rgb

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_SWITCHES = ("vanish", "strike", "dstrike")
_VALUES = ("vertAlign", "position", "sz", "w", "spacing", "em")
_HIGHLIGHTS = {
    "black": "000000",
    "white": "FFFFFF",
    "yellow": "FFFF00",
    "red": "FF0000",
    "blue": "0000FF",
    "green": "00FF00",
    "cyan": "00FFFF",
    "magenta": "FF00FF",
    "darkBlue": "00008B",
    "darkCyan": "008B8B",
    "darkGreen": "006400",
    "darkMagenta": "800080",
    "darkRed": "8B0000",
    "darkYellow": "808000",
    "darkGray": "A9A9A9",
    "lightGray": "D3D3D3",
}
_THEME = {"background1": "FFFFFF", "light1": "FFFFFF", "text1": "000000", "dark1": "000000"}
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


@dataclass(slots=True)
class Fonts:
    """The styles of a Word file."""

    styles: Any  # the element of the part, or None
    _chains: dict[str, list[Any]] = field(default_factory=dict)
    _styled: dict[tuple[Around, str], dict[str, str]] = field(default_factory=dict)
    _looks: dict[tuple[Around, str], Look] = field(default_factory=dict)
    _shades: dict[str, list[Any]] = field(default_factory=dict)
    _default: str | None = None

    def look(self, run: Any, around: Around) -> Look:
        """How a run is seen."""
        own = run.find(f"{W}rPr")
        style = "" if own is None else _value(own.find(f"{W}rStyle"))
        key = around, style
        if key not in self._styled:
            found = self._styled[key] = self._of_styles(around, style)
            self._looks[key] = _look(found, around)
        plain = own is None or len(own) == 0
        return self._looks[key] if plain else _look(self._styled[key] | _read(own), around)

    def _of_styles(self, around: Around, style: str) -> dict[str, str]:
        """What styles say of a run."""
        levels = [self._chain(name) for name in (around.table, around.paragraph, style)]
        found: dict[str, str] = {}
        for chain in (self._defaults(), *levels):
            here: dict[str, str] = {}
            for properties in chain:
                here |= _read(properties)
            for name in _SWITCHES:  # of one style within another the other switches back
                if name in here and chain is levels[2] and found.get(name) == "1":
                    here[name] = "0" if here[name] == "1" else "1"
            found |= here
        return found

    def ground(self, table: str) -> Color | None:
        """What a style of tables paints behind its cells; None where it paints some."""
        for style in self._styles_of(table):
            if any(_fill(shade) != "" for shade in style.iter(f"{W}shd")):
                return None
        return WHITE

    def paragraph_ground(self, style: str, ground: Color | None) -> Color | None:
        """What stands behind a paragraph of a style."""
        if style not in self._shades:
            path = f"{W}pPr/{W}shd"
            self._shades[style] = [s for one in self._styles_of(style) for s in one.findall(path)]
        for shade in self._shades[style]:
            ground = behind(shade, ground)
        return ground

    def default(self) -> str:
        """The style of paragraphs that name none."""
        if self._default is None:
            self._default = self._found_default()
        return self._default

    def _found_default(self) -> str:
        if self.styles is not None:
            for one in self.styles.iter(f"{W}style"):
                if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true"):
                    return str(one.get(f"{W}styleId"))
        return ""

    def _defaults(self) -> list[Any]:
        """Properties of every run."""
        if "" not in self._chains:
            path = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
            self._chains[""] = [] if self.styles is None else list(self.styles.findall(path))
        return self._chains[""]

    def _chain(self, name: str) -> list[Any]:
        """Properties of a style, those that it is based on first."""
        if not name:
            return []
        known = self._chains.get(name)
        if known is None:
            known = [rpr for one in self._styles_of(name) for rpr in one.findall(f"{W}rPr")]
            self._chains[name] = known
        return known

    def _styles_of(self, name: str) -> list[Any]:
        found: list[Any] = []
        while name and self.styles is not None and len(found) < _MOST_STYLES:
            one = next(
                (s for s in self.styles.iter(f"{W}style") if s.get(f"{W}styleId") == name), None
            )
            if one is None:
                break
            found.append(one)
            name = _value(one.find(f"{W}basedOn"))
        return found[::-1]


def behind(shade: Any, ground: Color | None) -> Color | None:
    """The color that a shading makes of what is behind it."""
    fill = _fill(shade)
    return ground if not fill else rgb(fill)


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
            found["shade"] = _HIGHLIGHTS.get(_value(one), "")
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
        ground = rgb(found["shade"])
    written = get("color", "auto")
    color = None if written == "auto" else rgb(written)
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


__all__ = ["WHITE", "Around", "Fonts", "behind"]
