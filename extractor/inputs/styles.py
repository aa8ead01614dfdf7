"""Styles of the elements of a web page: of its style sheets, of their attributes, and of browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from extractor.inputs.limits import MOST_MATCHES, RefusedError
from extractor.inputs.markup import Element, names
from extractor.inputs.written import SIGN

_STRUCK = frozenset(("s", "strike", "del"))
_UNSEEN = names("template noscript noembed noframes datalist")
_SIZES = {"small": "0.83em", "big": "1.2em"}
_FONT_SIZES = {"1": "x-small", "2": "small", "4": "large", "5": "x-large", "6": "32px", "7": "48px"}
_FONT_SIZES |= {"-2": "x-small", "-1": "small", "+1": "large", "+2": "x-large"}
_SHEET_MOST = 2_000_000  # characters of style sheets
PAGE_WIDTH = 1280.0
"""Pixels for which the styles of a page are taken."""
_CLASS = re.compile(r"[.#]((?:[\w-]|[^\x00-\x7f]|\\.)+)")
_MEDIA_WIDTH = re.compile(r"\((min|max)-width:\s*([0-9.]+)(px|em|rem)\)")
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_SPACE = re.compile(r"\s+")
_WANTED = names(
    "display visibility opacity filter font font-size color -webkit-text-fill-color background background-color "
    "background-image text-decoration text-decoration-line position left top right bottom margin margin-left "
    "margin-right margin-top padding padding-left padding-right min-width text-indent flex-direction order font-family "
    "mix-blend-mode transform translate scale rotate clip clip-path mask width height max-width max-height "
    "overflow overflow-x overflow-y z-index direction unicode-bidi vertical-align mso-hide mso-text-raise content "
    "float zoom content-visibility -webkit-text-security"
)


class Styles:
    """The style sheets in a page.

    Attributes:
        names: Classes and ids that they name; what others mean is not known.
    """

    def __init__(self, page: Element) -> None:
        self.names: set[str] = set()
        self._matcher: Any = None
        self._wrapped: dict[Element, Any] = {}
        self._variables: dict[str, str] = {}
        sheets = [
            (one, "".join(text.text for text in one.within()))
            for one in page.walk()
            if one.tag == "style"
            and not any(up.tag in ("noscript", "template") for up in one.ancestors())
            and one.attrib.get("type", "text/css").strip().lower() in ("", "text/css")
        ]
        for _, text in sheets:
            self.names.update(_CLASS.findall(text))
        texts = [text for one, text in sheets if _applies(one.attrib.get("media", ""))]
        if texts:
            self._read("\n".join(texts)[:_SHEET_MOST], page)

    def _read(self, sheet: str, page: Element) -> None:
        import cssselect2
        import tinycss2

        present = {name for one in page.walk() for name in named(one)}
        matcher, used = cssselect2.Matcher(), 0
        rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
        for prelude, body in _rules(rules):
            style = _declared(body)
            self._variables |= {n: value for n, (value, _) in style.items() if n[:2] == "--"}
            style = {name: value for name, value in style.items() if name in _WANTED}
            for part in _listed(prelude) if style else ():
                if not _named(part) <= present:
                    continue
                try:
                    (selector,) = cssselect2.compile_selector_list(part)
                except cssselect2.SelectorError:
                    self.names -= _named(part)  # of what it names nothing is known
                    continue
                matcher.add_selector(selector, style)
                used += 1
        if used:
            self._matcher = matcher
            root = cssselect2.ElementWrapper.from_html_root(page)
            self._wrapped = {one.etree_element: one for one in root.iter_subtree()}
            if used * len(self._wrapped) > MOST_MATCHES:
                raise RefusedError("styles")

    @property
    def has_rules(self) -> bool:
        """Whether there are any but those of attributes and browsers."""
        return self._matcher is not None

    def of(self, element: Element) -> tuple[dict[str, str], str, str]:
        """The properties of an element, and what stands before and after it by style."""
        found = _of_attributes(element)
        around = {"before": "", "after": ""}
        given = []
        wrapped = self._wrapped.get(element)
        if wrapped is not None:
            for _, _, pseudo, style in self._matcher.match(wrapped):
                if pseudo is None:
                    given.append(style)
                elif pseudo in around and "content" in style:
                    around[pseudo] = _content(style["content"][0], element)
        own = _inline(element.attrib.get("style", ""))
        for weight in (False, True):
            for style in (*given, own):
                found |= {name: value for name, (value, heavy) in style.items() if heavy == weight}
        for name, value in found.items():
            if "var(" in value:
                found[name] = _VAR.sub(lambda m: self._variables.get(m[1], m[2] or ""), value)
        return found, around["before"], around["after"]


def _rules(rules: Any) -> Iterator[tuple[Any, Any]]:
    """Selectors and bodies of rules that apply on a wide screen."""
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule.prelude, rule.content
            for inner in tinycss2.parse_blocks_contents(rule.content):
                if inner.type == "qualified-rule":
                    yield _nested(rule.prelude, inner.prelude), inner.content
        elif rule.type == "at-rule" and rule.content is not None:
            name = rule.lower_at_keyword
            wide = name != "media" or _applies(tinycss2.serialize(rule.prelude))
            if name in ("media", "supports", "layer", "scope", "container") and wide:
                yield from _rules(
                    tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                )


def named(element: Element) -> list[str]:
    """The classes and ids of an element."""
    return [name for key in ("class", "id") for name in element.attrib.get(key, "").split()]


def _listed(prelude: Any) -> Iterator[list[Any]]:
    """The selectors of a list, as tokens."""
    part: list[Any] = []
    for token in (*prelude, None):
        if token is None or (token.type == "literal" and token.value == ","):
            yield part
            part = []
        else:
            part.append(token)


def _named(selector: list[Any]) -> set[str]:
    """The classes and ids that an element and those around it must have."""
    found = {token.value for token in selector if token.type == "hash"}
    for before, token in pairwise(selector):
        if before.type == "literal" and before.value == "." and token.type == "ident":
            found.add(token.value)
    return found


def _nested(outer: Any, inner: Any) -> Any:
    """The selectors of a rule within another."""
    import tinycss2

    around, written = f":is({tinycss2.serialize(outer)})", tinycss2.serialize(inner).strip()
    whole = written.replace("&", around) if "&" in written else f"{around} {written}"
    return tinycss2.parse_component_value_list(whole)


def _applies(media: str) -> bool:
    """Whether a list of media holds for a page on a wide screen."""
    for query in media.lower().split(","):
        widths = [
            (limit, float(number) * (1 if unit == "px" else 16))
            for limit, number, unit in _MEDIA_WIDTH.findall(query)
        ]
        fits = all((n <= PAGE_WIDTH) == (limit == "min") for limit, n in widths)
        if fits and "print" not in query and "speech" not in query:
            return True
    return False


def _declared(body: Any) -> dict[str, tuple[str, bool]]:
    """Values of properties, and whether they are important; `body` is a text or tokens."""
    import tinycss2

    found: dict[str, tuple[str, bool]] = {}
    for one in tinycss2.parse_blocks_contents(body, skip_comments=True, skip_whitespace=True):
        if one.type != "declaration":
            continue
        name, heavy = one.lower_name, one.important
        if name in found and found[name][1] and not heavy:
            continue
        value = _SPACE.sub(" ", tinycss2.serialize(one.value).strip())
        if name == "background":
            found.pop("background-color", None)
            found.pop("background-image", None)
        found.pop(name, None)
        found[name] = (value if name == "content" else value.lower(), heavy)
    return found


_inline = lru_cache(maxsize=4096)(_declared)


def _of_attributes(element: Element) -> dict[str, str]:
    """What attributes and browsers say, which style sheets overrule."""
    attributes, found = element.attrib, {}
    shut = element.tag == "dialog" and "open" not in attributes
    if "hidden" in attributes or element.tag in _UNSEEN or shut:
        found["display"] = "none"
    if element.tag in _STRUCK:
        found["text-decoration"] = "line-through"
    if element.tag in _SIZES:
        found["font-size"] = _SIZES[element.tag]
    elif element.tag == "font" and "size" in attributes:
        found["font-size"] = _FONT_SIZES.get(attributes["size"].strip(), "medium")
    if "bgcolor" in attributes:
        found["background-color"] = attributes["bgcolor"].lower()
    color = "text" if element.tag == "body" else "color"
    if color in attributes and element.tag in ("font", "body"):
        found["color"] = attributes[color].lower()
    if "background" in attributes:
        found["background-image"] = "url()"
    if attributes.get("dir", "").lower() in ("rtl", "auto") and element.tag == "bdo":
        found |= {"direction": "rtl", "unicode-bidi": "bidi-override"}
    return found


def _content(value: str, element: Element) -> str:
    """The text that a style writes; of what is counted or drawn a sign."""
    import tinycss2

    text, sign = "", ""
    for token in tinycss2.parse_component_value_list(value):
        name = token.lower_name if token.type == "function" else token.type
        if name == "string":
            text += token.value
        elif name == "attr":
            text += element.attrib.get(tinycss2.serialize(token.arguments).strip(), "")
        elif name in ("url", "counter", "counters"):
            sign = SIGN
    return "".join(c for c in text if not "\ue000" <= c <= "\uf8ff") + sign
