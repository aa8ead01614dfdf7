"""What fields of a form and pictures show in a cell of a page."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.inputs.markup import Element, Text, names
from extractor.inputs.written import SIGN

_PICTURES = names(
    "img svg canvas object embed iframe video audio math button meter progress picture"
)
_TEXTS = frozenset(("", "text", "number", "tel", "search", "email", "url", "date", "month", "year"))
_SPACER = ("0", "1", "2", "3")  # pixels of a picture that is not seen


def field_of(element: Element) -> list[Text] | None:
    """What a form's field or a picture shows; None for what is neither. Texts of attributes have no places."""
    tag, attributes = element.tag, element.attrib
    if tag == "input":
        return _input(attributes)
    if tag == "textarea":
        return list(element.within())
    if tag == "select":
        return _chosen(element)
    if tag == "script" and "write" in "".join(text.text for text in element.within()):
        return [_said(SIGN)]
    if tag not in _PICTURES:
        return None
    small = [attributes[name] for name in ("width", "height") if name in attributes]
    return [] if any(one.removesuffix("px") in _SPACER for one in small) else [_said(SIGN)]


def _said(text: str) -> Text:
    return Text(text, 0, 0)


def _input(attributes: dict[str, str]) -> list[Text]:
    kind = attributes.get("type", "").strip().lower()
    if kind == "hidden":
        return []
    value = attributes.get("value", "")
    if kind not in _TEXTS or (not value and attributes.get("placeholder", "").strip()):
        return [_said(SIGN)]
    return [_said(value)]


def _chosen(element: Element) -> list[Text]:
    options = [one for one in element.walk() if one.tag == "option"]
    if "multiple" in element.attrib or element.attrib.get("size", "1") not in ("0", "1"):
        return [_said(SIGN)] if options else []
    free = [one for one in options if "disabled" not in one.attrib]
    chosen = [one for one in options if "selected" in one.attrib][-1:] or free[:1]
    return [text for one in chosen for text in _option(one)]


def _option(option: Element) -> Iterator[Text]:
    if option.attrib.get("label"):
        yield _said(option.attrib["label"])
    else:
        yield from option.within()
