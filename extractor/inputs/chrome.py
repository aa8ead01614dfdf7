"""What of a web page is the report, and what stands round it: menus, lists of other years, paths, links."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cached_property

from extractor.inputs.canvas import one_line
from extractor.inputs.looks import Looks
from extractor.inputs.markup import Element, Text, names

FORM = re.compile(
    r"申请人情况|申請人情況|勾稽|信息内容|信息內容|本年新收|自然人|结果维持|結果維持|行政许可|行政許可"
)
"""Words that stand in the tables of the form."""
_TITLE = re.compile(
    r"20[0-9]{2}\s*年?[^。；\n]{0,40}?(?:信息公开|信息公開|政务公开)?[^。；\n]{0,12}?(?:年度?报告|年報)"
)
_HEADING = re.compile(r"[一1]\s*[、.．]\s*(?:总体|總體|概述|基本)")
_NEVER = names(
    "script style head title template noscript noembed noframes iframe object svg select option button "
    "input textarea xml math audio video canvas map datalist"
)
_LISTS = {"ul", "ol", "dl", "div", "td", "th", "table", "section", "menu", "tr", "p", "span"}
_LISTS |= {"aside", "footer", "nav"}
_BESIDE = re.compile(
    r"\s*(?:上一[篇条页則则]|下一[篇条页則则]|相关(?:链接|文章|阅读|稿件|信息[:：])|(?:您|你)?(?:现在|所在|当前)?(?:的)?位置\s*[:：]|扫一扫|打印本页|关闭窗口)"
)
_MOSTLY = 0.7  # of a text, for links that are a menu
_INDEX = 0.5  # of a text, for titles of other years that are a list of them
_HEAD = 2_000  # characters in which a report says its title
_LONGEST_MENU = 20_000


def own_text(element: Element) -> str:
    """All its text, in one line."""
    return one_line("".join(text.text for text in element.within()))


def _texts_of(page: Element) -> dict[Element, tuple[str, int]]:
    """Text of each element that may be a menu, and how much of it is that of links."""
    found: dict[Element, tuple[str, int]] = {}
    for one in reversed(list(page.walk())):
        inner = [(c.text, 0) if isinstance(c, Text) else found.get(c) for c in one.children]
        parts = [part for part in inner if part is not None]
        if len(parts) == len(inner) and sum(len(text) for text, _ in parts) <= _LONGEST_MENU:
            text = "".join(text for text, _ in parts)
            linked = len("".join(text.split())) if one.tag == "a" else sum(n for _, n in parts)
            found[one] = text, linked
    return found


class Chrome:
    """Knows what to leave out of a page.

    Attributes:
        left_out: How many menus and lists were.
        hidden: How many elements and texts were that are not shown.
    """

    def __init__(self, page: Element, looks: Looks) -> None:
        self._page = page
        self._looks = looks
        self._kept: set[Element] = set()
        self._skipped: dict[Element, bool] = {}
        self._counted: set[Element] = set()
        self.left_out = 0
        self.hidden = 0

    def is_hidden(self, element: Element) -> bool:
        """Whether it is not shown, or no content at all."""
        if element.tag in _NEVER:
            return element not in self._kept
        hides = self._looks.of(element).gone
        if hides and element not in self._counted:
            self._counted.add(element)
            self.hidden += 1
        return hides

    def length(self, element: Element) -> int:
        """Of its text, nearly."""
        return len(self._read.get(element, (" " * _LONGEST_MENU, 0))[0].strip())

    def is_out_of_sight(self, element: Element) -> bool:
        """Whether nothing of its own text is seen."""
        texts = [one for one in element.walk() if any(isinstance(c, Text) for c in one.children)]
        return all(self._looks.of(one).unseen for one in texts)

    def skips(self, element: Element) -> bool:
        """Whether it is hidden, a menu, a list of other reports or the way to another page."""
        if element in self._kept:
            return False
        known = self._skipped.get(element)
        if known is None:
            menu = not self.is_hidden(element) and self._is_menu(element)
            self.left_out += menu
            known = self._skipped[element] = menu or self.is_hidden(element)
        return known

    def _is_menu(self, element: Element) -> bool:
        if element.tag not in _LISTS:
            return False
        raw, linked = self._read.get(element, ("", 0))
        text = " ".join(raw.split())
        if not text:
            return False
        if _BESIDE.match(text) and len(text) < 200:
            return True
        if linked > _MOSTLY * len(text) and sum(1 for _ in element.walk("a")) > 2:
            return True
        if text.count("20") <= 2:
            return False
        titles = list(_TITLE.finditer(text))
        years = {found.group()[:4] for found in titles}
        return len(years) > 2 and sum(len(t.group()) for t in titles) > _INDEX * len(text)

    def content(self, tables: Sequence[Element]) -> Element:
        """The element that is the report; the tables of the form, and what stands round them, are kept.

        Args:
            tables: Those of the form; the whole page is the report when there is none.
        """
        if not tables:
            return self._page
        for table in tables:
            self._kept |= {table, *table.ancestors()}
        ways = [[*table.ancestors()][::-1] for table in tables]
        level = 0
        while all(len(way) > level for way in ways) and len({way[level] for way in ways}) == 1:
            level += 1
        root = ways[0][max(level - 1, 0)]
        for wider in (root, *root.ancestors()):
            root = wider
            before = self._text(wider, tables[0])
            if _TITLE.search(before) and (_HEADING.search(before) or len(before) > 200):
                break
        return root

    def _text(self, root: Element, table: Element | None = None, most: float = math.inf) -> str:
        """The text of an element, or what of it stands before a table, without what is left out.

        Args:
            root: The element.
            table: The table.
            most: Characters that are enough.
        """
        found: list[str] = []
        waiting: list[Element | Text] = [root]
        while waiting and most > 0:
            one = waiting.pop()
            if one is table:
                break
            if isinstance(one, Text):
                found.append(one.text)
                most -= len(one.text.strip())
            elif not self.skips(one):
                waiting += reversed(one.children)
        return one_line("".join(found))

    def title_for(self, root: Element) -> Element | None:
        """An element with the report's title, when the content has none: a heading, else the page's title."""
        if _TITLE.search(self._text(root, most=_HEAD)):
            return None
        within = {*root.walk()}
        heads = [h for h in self._page.walk() if h.tag in ("h1", "h2", "h3") and h not in within]
        for one in (*heads, *self._page.walk("title")):
            if _TITLE.search(own_text(one)):
                best = _without_site(one) if one.tag == "title" else one
                self._kept.add(best)
                return best
        return None

    @cached_property
    def _read(self) -> dict[Element, tuple[str, int]]:
        return _texts_of(self._page)


def _without_site(title: Element) -> Element:
    """A page's title without the names of site and section behind it."""
    short = Element("title")
    for text in title.within():
        found = re.search(r"\s*[_|\-–—]", text.text)
        cut = found.start() if found else len(text.text)
        short.children.append(Text(text.text[:cut], text.start, text.start + cut))
        if found:
            break
    return short
