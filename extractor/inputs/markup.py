"""A tree of a web page in which every piece of text knows the characters of the file that it came from.

It repairs what pages get wrong (cells, rows, paragraphs and list entries that are not closed, end tags of
nothing) as browsers do, as far as tables and paragraphs go. It takes linear time whatever it is given.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from xml.etree import ElementTree as ET

from extractor.inputs.limits import RefusedError


def names(text: str) -> frozenset[str]:
    """Names parted by blanks."""
    return frozenset(text.split())


_VOID = names(
    "area base basefont bgsound br col embed frame hr img input link meta param source track wbr"
)
_RAW = frozenset(["script", "style", "xmp", "iframe", "noembed", "noframes"])
_RAW_WITH_ENTITIES = frozenset(["title", "textarea"])
_CLOSE_A_PARAGRAPH = names(
    "address article aside blockquote center details dir div dl fieldset figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre section table ul"
)
_SECTIONS = frozenset(["tbody", "thead", "tfoot"])
_CELLS = frozenset(("td", "th", "caption"))
_SCOPES = _CELLS | {"table", "html"}
_KEPT = _SCOPES | _SECTIONS | {"tr"}  # however deep they lie
_ROWLESS = _SECTIONS | {"table"}
_TABLE = frozenset(("table",))
_CLOSES = {  # by tag the open elements that it closes, and those beyond which it closes none
    **dict.fromkeys(("td", "th"), (_CELLS, _TABLE)),
    "tr": (_CELLS | {"tr"}, _TABLE),
    **dict.fromkeys((*_SECTIONS, "caption", "colgroup"), (_CELLS | _SECTIONS | {"tr"}, _TABLE)),
    "li": (frozenset(("li",)), _SCOPES | {"ul", "ol", "menu"}),
    **dict.fromkeys(("dd", "dt"), (frozenset(("dd", "dt")), _SCOPES | {"dl"})),
    "option": (frozenset(("option",)), _SCOPES | {"select"}),
}
_ONCE = frozenset(("html", "head", "body"))
_DEEPEST = 150  # elements below lie flat
_MOST_TABLES_DEEP = 20
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,60})")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_SIMPLE = re.compile(  # a tag whose end is plain; what is none is told before the next tag begins
    _NAME.pattern + r"""(?:[^<>"']|(?<=[=\s])"[^"<>]*"|(?<=[=\s])'[^'<>]*')*+>"""
)
_STOPS = re.compile(r"""["'>]""")


@dataclass(slots=True)
class Text:
    """Characters as they are read, and the range of the file that spells them."""

    text: str
    start: int
    end: int


class Element(ET.Element):
    """An element; names of tags and attributes are small letters.

    Attributes:
        children: Elements and texts in their order; elements alone are what `xml.etree` knows.
        start: Where its start tag begins in the file.
        end: Where it ends.
    """

    def __init__(
        self,
        tag: str,
        attributes: dict[str, str] | None = None,
        parent: Element | None = None,
        start: int = 0,
        end: int = 0,
    ) -> None:
        super().__init__(tag, attributes or {})
        self.children: list[Element | Text] = []
        self.parent, self.start, self.end = parent, start, end
        if parent is not None:
            parent.append(self)
            parent.children.append(self)

    def within(self) -> Iterator[Text]:
        """All its text, in the order of the file."""
        waiting: list[Element | Text] = [self]
        while waiting:
            one = waiting.pop()
            if isinstance(one, Text):
                yield one
            else:
                waiting += reversed(one.children)

    def ancestors(self) -> Iterator[Element]:
        """Its parent first, the root last."""
        one = self.parent
        while one is not None:
            yield one
            one = one.parent

    def walk(self, tag: str | None = None) -> Iterator[Element]:
        """It and all elements within, or those of one tag, in the order of the file."""
        return cast("Iterator[Element]", self.iter(tag))


def parse(source: str) -> Element:
    """The tree of a page.

    Raises:
        RefusedError: Tables lie too deep within each other.
    """
    builder, at = _Builder(source), 0
    while (found := source.find("<", at)) >= 0:
        if found > at:
            builder.text(at, found)
        at = builder.tag(found)
    builder.text(at, len(source))
    return builder.root


class _Builder:
    def __init__(self, source: str) -> None:
        self._source = source
        self.root = Element("html")
        self._open = [self.root]
        self._lost: set[str] = set()  # what was looked for to the end, in vain

    def tag(self, at: int) -> int:
        """Take what begins at a ``<``; returns where it ends."""
        source = self._source
        simple = _SIMPLE.match(source, at)
        name = simple or _NAME.match(source, at)
        if name is None:
            if source.startswith("<!--", at):
                end = self._behind("-->", at + 4)
            elif source.startswith("<![CDATA[", at):
                end = self._behind("]]>", at)
                self.text(at + 9, end - 3, entities=False)
            else:
                end = 0
            if not end and source[at + 1 : at + 2] in ("!", "?", "/"):
                end = self._behind(">", at)
        else:
            end = simple.end() if simple else self._end_of_tag(name.end())
        if not end:
            self.text(at, at + 1)
            return at + 1
        if name is not None:
            tag = name[2].lower()
            if name[1]:
                self._close(tag)
            else:
                self._start(tag, source[name.end(2) : end - 1], end, at)
                if tag in _RAW or tag in _RAW_WITH_ENTITIES:
                    return self._raw(tag, end)
        return end

    def _behind(self, what: str, start: int) -> int:
        """Where the next of it ends, or 0; looks for nothing a second time that is not there."""
        found = -1 if what in self._lost else self._source.find(what, start)
        if found < 0:
            self._lost.add(what)
            return 0
        return found + len(what)

    def _end_of_tag(self, at: int) -> int:
        """Behind the ``>`` of a tag, not one in quotes; 0 where there is none."""
        first = self._behind(">", at)
        while first and (stop := _STOPS.search(self._source, at)) is not None:
            if stop[0] == ">":
                return stop.end()
            at = stop.end()
            if self._source[stop.start() - 1] in "= \t\n\r":
                at = self._behind(stop[0], at)
                if not at:
                    break
        return first

    def _raw(self, tag: str, at: int) -> int:
        """Text in which no other tag counts, to its end tag."""
        key = f"</{tag}"
        if key in self._lost:
            return at
        found = re.compile(rf"</{tag}\b", re.IGNORECASE).search(self._source, at)
        if found is None:
            self._lost.add(key)
            return at
        self.text(at, found.start(), entities=tag in _RAW_WITH_ENTITIES)
        return found.start()

    def text(self, start: int, end: int, *, entities: bool = True) -> None:
        """Take text; each entity is one of its own."""
        children, source = self._open[-1].children, self._source
        if entities and source.find("&", start, end) >= 0:
            for found in _ENTITY.finditer(source, start, end):
                plain = html.unescape(found.group())
                if plain == found.group():
                    continue
                if found.start() > start:
                    children.append(Text(source[start : found.start()], start, found.start()))
                children.append(Text(plain, found.start(), found.end()))
                start = found.end()
        if end > start:
            children.append(Text(source[start:end], start, end))

    def _start(self, tag: str, inside: str, end: int, start: int = 0) -> None:
        self._imply(tag, end)
        if tag in _ONCE and any(
            one.tag == tag or (tag == "head" and one.tag == "body") for one in self._open[1:]
        ):
            return
        attributes = {}
        for name, double, single, bare in _ATTRIBUTE.findall(inside[:20_000]) if inside else ():
            value = double or single or bare
            attributes[name.lower()] = html.unescape(value) if "&" in value else value
        element = Element(tag, attributes, self._open[-1], start, end)
        flat = len(self._open) > _DEEPEST and tag not in _KEPT
        if tag in _VOID or flat:
            return
        self._open.append(element)
        if tag == "table" and sum(one.tag == tag for one in self._open) > _MOST_TABLES_DEEP:
            raise RefusedError("depth", _MOST_TABLES_DEEP)

    def _imply(self, tag: str, end: int) -> None:
        """Close what a start tag closes, and open the row that a cell needs."""
        if tag in _CLOSES:
            tags, stops = _CLOSES[tag]
            self._close_within(tags, stops)
        if tag in ("td", "th") and self._open[-1].tag in _ROWLESS:
            self._start("tr", "", end)
        elif tag == "table":
            nearest = next((o.tag for o in reversed(self._open) if o.tag in _SCOPES), "html")
            if nearest == "table":  # between its rows: the one before was not closed
                self._close("table")
        if tag in _CLOSE_A_PARAGRAPH:
            self._close_within(frozenset(("p",)), _SCOPES)

    def _close_within(self, tags: frozenset[str], stops: frozenset[str]) -> None:
        """Close the outermost open element of these tags that lies within the nearest of the stops."""
        outermost = None
        for number in range(len(self._open) - 1, 0, -1):
            if self._open[number].tag in stops:
                break
            if self._open[number].tag in tags:
                outermost = number
        if outermost is not None:
            del self._open[outermost:]

    def _close(self, tag: str) -> None:
        stops = {"table"} if tag in _CELLS | _SECTIONS | {"tr"} else _SCOPES
        if tag in ("body", "html"):
            return
        for number in range(len(self._open) - 1, 0, -1):
            if self._open[number].tag == tag:
                del self._open[number:]
                return
            if self._open[number].tag in stops and tag != "table":
                break
        if tag == "br":
            Element("br", parent=self._open[-1])
