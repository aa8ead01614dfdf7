"""What is drawn over the cells of a sheet (.xlsx), and what its pages bear above and below."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f+-]{5,6}|[0-9]{1,3}|&|.)')
_MOST = 10_000  # cells under one drawing

Cells = set[tuple[int, int]]


def drawings(archive: zipfile.ZipFile, target: str) -> tuple[list[str], Cells]:
    """What the drawings on a sheet say, and the cells that they cover, from 0.

    Args:
        archive: The workbook.
        target: Its part for the sheet.
    """
    from openpyxl.packaging.relationship import get_dependents, get_rels_path

    path = str(get_rels_path(target))  # type: ignore[no-untyped-call]
    says: list[str] = []
    covered: Cells = set()
    if path not in archive.namelist():
        return says, covered
    for relation in get_dependents(archive, path):
        if not relation.Type.endswith("/drawing"):
            continue
        for anchor in _anchors(archive.read(posixpath.normpath(relation.target.lstrip("/")))):
            text = "".join(one.text or "" for one in anchor.iter(f"{_A}t"))
            says += [text] if text.strip() else []
            covered |= _covered(anchor)
    return says, covered


def _anchors(part: bytes) -> Iterator[Any]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(part, parser)
    yield from root.iter(*(f"{_XDR}{kind}Anchor" for kind in ("twoCell", "oneCell", "absolute")))


def _covered(anchor: Any) -> Cells:
    found = [
        [int(anchor.findtext(f"{_XDR}{end}/{_XDR}{part}") or "-1") for part in ("row", "col")]
        for end in ("from", "to")
    ]
    (top, left), (bottom, right) = found
    if min(top, left) < 0:
        return set()
    if min(bottom, right) < 0:
        bottom, right = top, left
    if (bottom - top + 1) * (right - left + 1) > _MOST:
        return set()
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def running_heads(sheet: Any) -> list[str]:
    """What stands above and below each page of a sheet that is printed."""
    found = []
    for name in ("oddHeader", "oddFooter", "firstHeader", "firstFooter", "evenHeader"):
        head = getattr(sheet, name)
        for part in (head.left, head.center, head.right):
            text = _CODE.sub("", part.text or "") if part is not None else ""
            found += [text] if text.strip() else []
    return found
