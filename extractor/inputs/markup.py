"""A tree of a web page in which every piece of text knows the characters of the file that it came from.

It repairs what pages get wrong (cells, rows, paragraphs and list entries that are not closed, end tags of
nothing) as browsers do, as far as tables and paragraphs go. It takes linear time whatever it is given.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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
_ONCE = frozenset(("html", "head", "body"))
_DEEPEST = 150  # elements below lie flat
_MOST_TABLES_DEEP = 20
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_NAME = re.compile(r"[a-zA-Z][^\s/>]{0,60}")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_STOPS = re.compile(r"""["'>]""")


@dataclass(slots=True)
class Text:
    """Characters as they are read, and the range of the file that spells them."""

    text: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Element:
    """An element; names of tags and attributes are small letters, `start` and `end` are those of its start tag."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | Text] = field(default_factory=list)
    parent: Element | None = None
    end: int = 0
    start: int = 0

    def walk(self) -> Iterator[Element]:
        """It and all elements within, in the order of the file."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += [c for c in reversed(one.children) if isinstance(c, Element)]

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


def parse(source: str) -> Element:
    """The tree of a page.

    Raises:
        RefusedError: Tables lie too deep within each other.
    """
    return _Builder(source).build()


class _Builder:
    def __init__(self, source: str) -> None:
        self._source = source
        self._root = Element("html")
        self._open = [self._root]
        self._lost: set[str] = set()  # what was looked for to the end, in vain

    def build(self) -> Element:
        source, at = self._source, 0
        while True:
            found = source.find("<", at)
            if found < 0:
                self._text(at, len(source))
                return self._root
            self._text(at, found)
            at = self._tag(found)

    def _find(self, what: str, start: int) -> int:
        """As `str.find`, but looks for nothing a second time that is not there."""
        if what in self._lost:
            return -1
        found = self._source.find(what, start)
        if found < 0:
            self._lost.add(what)
        return found

    def _tag(self, at: int) -> int:
        """Take what begins at a ``<``; returns where it ends."""
        source = self._source
        if source.startswith("<!--", at):
            end = self._find("-->", at + 4)
            return end + 3 if end >= 0 else self._bogus(at)
        if source.startswith("<![CDATA[", at):
            end = self._find("]]>", at)
            if end >= 0:
                self._text(at + 9, end, entities=False)
                return end + 3
            return self._bogus(at)
        closing = source.startswith("</", at)
        name = _NAME.match(source, at + 1 + closing)
        if name is None:
            if source[at + 1 : at + 2] in ("!", "?", "/"):
                return self._bogus(at)
            self._text(at, at + 1)
            return at + 1
        end = self._end_of_tag(name.end())
        if end < 0:
            self._text(at, at + 1)
            return at + 1
        tag = name.group().lower()
        if closing:
            self._close(tag)
            return end
        inside = source[name.end() : end - 1]
        self._start(tag, inside, end, at)
        if tag in _RAW or tag in _RAW_WITH_ENTITIES:
            return self._raw(tag, end)
        return end

    def _bogus(self, at: int) -> int:
        end = self._find(">", at)
        if end < 0:
            self._text(at, at + 1)
            return at + 1
        return end + 1

    def _end_of_tag(self, at: int) -> int:
        """Behind the ``>`` of a tag, not one in quotes; -1 where there is none."""
        first = self._find(">", at)
        if first < 0:
            return -1
        while True:
            stop = _STOPS.search(self._source, at)
            if stop is None:
                return first + 1
            if stop.group() == ">":
                return stop.end()
            behind = self._source[: stop.start()][-1:]
            close = self._find(stop.group(), stop.end()) if behind in "= \t\n\r" else stop.start()
            if close < 0:
                return first + 1
            at = close + 1

    def _raw(self, tag: str, at: int) -> int:
        """Text in which no other tag counts, to its end tag."""
        key = f"</{tag}"
        if key in self._lost:
            return at
        found = re.compile(rf"</{tag}\b", re.IGNORECASE).search(self._source, at)
        if found is None:
            self._lost.add(key)
            return at
        self._text(at, found.start(), entities=tag in _RAW_WITH_ENTITIES)
        return found.start()

    def _text(self, start: int, end: int, *, entities: bool = True) -> None:
        if end <= start:
            return
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
        attributes = (
            {}
            if not inside
            else {
                name.lower(): html.unescape(double or single or bare)
                for name, double, single, bare in _ATTRIBUTE.findall(inside[:20_000])
            }
        )
        element = Element(tag, attributes, parent=self._open[-1], end=end, start=start)
        self._open[-1].children.append(element)
        if tag in _VOID or (len(self._open) > _DEEPEST and tag not in _SCOPES | _SECTIONS | {"tr"}):
            return
        self._open.append(element)
        if tag == "table":
            deep = sum(one.tag == "table" for one in self._open)
            if deep > _MOST_TABLES_DEEP:
                raise RefusedError("depth", _MOST_TABLES_DEEP)

    def _imply(self, tag: str, end: int) -> None:
        """Close what a start tag closes, and open the row that a cell needs."""
        if tag in ("td", "th"):
            self._close_within(_CELLS, frozenset(("table",)))
            if self._open[-1].tag == "table" or self._open[-1].tag in _SECTIONS:
                self._start("tr", "", end)
        elif tag == "tr":
            self._close_within(_CELLS | {"tr"}, frozenset(("table",)))
        elif tag in _SECTIONS or tag in ("caption", "colgroup"):
            self._close_within(_CELLS | _SECTIONS | {"tr"}, frozenset(("table",)))
        elif tag == "table":
            nearest = next((o.tag for o in reversed(self._open) if o.tag in _SCOPES), "html")
            if nearest == "table":  # between its rows: the one before was not closed
                self._close("table")
        elif tag == "li":
            self._close_within(frozenset(("li",)), _SCOPES | {"ul", "ol", "menu"})
        elif tag in ("dd", "dt"):
            self._close_within(frozenset(("dd", "dt")), _SCOPES | {"dl"})
        elif tag == "option":
            self._close_within(frozenset(("option",)), _SCOPES | {"select"})
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
            self._open[-1].children.append(Element("br", parent=self._open[-1]))
