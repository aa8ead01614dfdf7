"""Elements of Word files: what wraps others, switches that are on, parts that belong to the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractor.inputs.limits import MOST_SPAN, RefusedError
from extractor.inputs.looks import Look

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SQUEEZED = 60  # twentieths of a point of a row that is too low for letters


def related(part: Any, kind: str) -> Iterator[Any]:
    """The elements of the parts of a kind."""
    from docx.oxml import parse_xml

    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            target = relation.target_part
            root = getattr(target, "element", None)
            yield parse_xml(target.blob) if root is None else root


def value(element: Any, path: str) -> str | None:
    """The attribute ``w:val`` of the element at a path, ``""`` where it has none, None without element."""
    found = element.find("/".join(f"{W}{part}" for part in path.split("/")))
    return None if found is None else str(found.get(f"{W}val") or "")


def on(element: Any, path: str) -> bool:
    """Whether a switch at a path is on."""
    return value(element, path) not in (None, "0", "false", "off")


def within(element: Any, look: Look) -> Look:
    """The look of what stands in a link, a control or a stretch of the other direction."""
    if element.tag == f"{W}hyperlink":
        return replace(look, apart=(*look.apart, element))
    turned = element.tag == f"{W}bdo" and element.get(f"{W}val") == "rtl"
    waits = element.tag == f"{W}sdt" and on(element, "sdtPr/showingPlcHdr")
    return replace(look, doubtful=True) if turned or waits else look


def in_fallback(one: Any, top: Any) -> bool:
    """Whether an element is what older programs show instead."""
    while one is not None and one is not top:
        if one.tag == f"{MC}Fallback":
            return True
        one = one.getparent()
    return False


def is_squeezed(row: Any) -> bool:
    """Whether a row is too low for its letters."""
    for height in row.findall(f"{W}trPr/{W}trHeight"):
        written = height.get(f"{W}val") or "0"
        low = not written.isdigit() or (len(written.lstrip("0")) < 3 and int(written) < _SQUEEZED)
        if height.get(f"{W}hRule") == "exact" and low:
            return True
    return False


def children(parent: Any) -> Iterator[Any]:
    """Blocks, rows or cells; what content controls, custom XML and insertions wrap is among them."""
    for child in parent:
        if child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from children(content)
        elif child.tag in (f"{W}customXml", f"{W}smartTag", f"{W}ins", f"{W}moveTo"):
            yield from children(child)
        elif child.tag == f"{MC}AlternateContent":
            choice = child.find(f"{MC}Choice")
            if choice is not None:
                yield from children(choice)
        elif isinstance(child.tag, str):
            yield child


def cells_of(row: Any) -> Iterator[Any]:
    """The cells of a row that were not deleted."""
    for cell in children(row):
        if cell.tag == f"{W}tc" and cell.find(f"{W}tcPr/{W}cellDel") is None:
            yield cell


def count(written: str | None, none: int) -> int:
    """A count of rows or columns."""
    if written is None or not written.isascii() or not written.isdigit():
        return none
    number = int(written[:9])
    if number > MOST_SPAN:
        raise RefusedError("span", MOST_SPAN)
    return max(number, none)
