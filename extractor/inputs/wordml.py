"""Elements of Word files: what wraps others, switches that are on, parts that belong to the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractor.inputs.limits import MOST_SPAN, RefusedError
from extractor.inputs.written import SIGN, Look

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
NOTES = {
    "footnoteReference": "footnote",
    "endnoteReference": "endnote",
    "commentReference": "comment",
}
_DATES = ("dayShort", "monthShort", "yearShort", "dayLong", "monthLong", "yearLong")
SHOWN = {"tab": " ", "ptab": " ", "noBreakHyphen": "-"}
SHOWN |= dict.fromkeys(("sym", "pgNum", *_DATES), SIGN)  # what is not in the file
"""What elements show that have no text."""
FLAT = ("oMath", "oMathPara", "oMathParaPr", "r", "t", "rPr", "ctrlPr", "sty", "nor", "lit", "jc")
"""Elements of formulas that are read as a line of text."""
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


def is_moved(paragraph: Any) -> bool:
    """Whether a paragraph of a cell may stand elsewhere: in a frame, or far to the left."""
    if paragraph.find(f"{W}pPr/{W}framePr") is not None:
        return True
    indent = paragraph.find(f"{W}pPr/{W}ind")
    left = "" if indent is None else indent.get(f"{W}left") or indent.get(f"{W}start") or ""
    return left.startswith("-") and len(left) > 3


class Numbers:
    """Which paragraphs show a number that Word counts and the file does not hold."""

    def __init__(self, part: Any) -> None:
        self._counted: set[tuple[str, str]] = set()
        for root in related(part, "numbering"):
            levels = {
                str(one.get(f"{W}abstractNumId")): [
                    str(level.get(f"{W}ilvl"))
                    for level in one.findall(f"{W}lvl")
                    if value(level, "numFmt") not in ("bullet", "none") and value(level, "lvlText")
                ]
                for one in root.findall(f"{W}abstractNum")
            }
            for one in root.findall(f"{W}num"):
                for level in levels.get(value(one, "abstractNumId") or "", ()):
                    self._counted.add((str(one.get(f"{W}numId")), level))
        styles = [one for root in related(part, "styles") for one in root.iter(f"{W}style")]
        self._of_style = {
            str(one.get(f"{W}styleId")): number
            for one in styles
            if self._counted and (number := value(one, "pPr/numPr/numId"))
        }

    def counts(self, paragraph: Any) -> bool:
        """Whether a paragraph does."""
        if not self._counted:
            return False
        number = value(paragraph, "pPr/numPr/numId")
        if number is None:
            number = self._of_style.get(value(paragraph, "pPr/pStyle") or "")
        return (number or "0", value(paragraph, "pPr/numPr/ilvl") or "0") in self._counted


_KNOWN_SCHEMAS = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")


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
            chosen = alternative(child)
            if chosen is not None:
                yield from children(chosen)
        elif isinstance(child.tag, str):
            yield child


def alternative(content: Any) -> Any:
    """What programs of today show of an AlternateContent: the first choice that needs nothing unknown."""
    for choice in content.findall(f"{MC}Choice"):
        needed = [
            choice.nsmap.get(prefix) or "" for prefix in (choice.get("Requires") or "").split()
        ]
        if needed and all(name.startswith(_KNOWN_SCHEMAS) for name in needed):
            return choice
    return content.find(f"{MC}Fallback")


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
