"""Columns of their own: numbers of the rows, shares, an earlier year's figures, by a rule that explains them."""

from __future__ import annotations

import re

from verify.labels import squeeze
from verify.match.blocks import BRACKETED, Block, Local, said_by
from verify.match.grid import Field
from verify.match.names import Phrases

_THIS_YEAR = re.compile("^本年度?")
_EARLIER = re.compile("(?:上一?年度?|去年|往年|前一?年度?)(?:同期)?")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年度?")
_COUNTED = re.compile("(?:情况|数量|数据|合计|总计|总数|数)?")
_SHARED = re.compile(r"(?:占总?数?的?比[例重率]?|比[例重率]|百分比|占比情况|所占比[例重])")
_SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?%?")
_NUMBERED = frozenset({"序号", "行次", "编号", "序", "行号"})


FEWEST_SERIAL = 3


def explain(block: Block, phrases: Phrases, year: int | None) -> None:
    """Say of each local column which rule explains it, if one does."""
    if sum(head.id is not None for head in block.heads) < 1:
        return
    for at, head in enumerate(block.heads):
        if head.id is None:
            kind = _kind(head.field, [fields[at] for fields in block.rows.values()], phrases, year)
            if kind:
                block.local[at] = kind


def _kind(head: Field, cells: list[Field], phrases: Phrases, year: int | None) -> Local:
    said = said_by(head)
    texts = [cell.text for cell in cells if cell.text]
    if not texts:
        return "empty" if said in ("备注", "说明") else ""
    if (said in _NUMBERED or not head.text) and ascends(texts):
        return "serial"
    shares = all(_SHARE.fullmatch(text) for text in texts)
    if shares and (_SHARED.fullmatch(said) or (not said and head.text.strip("()") == "%")):
        return (
            "share"
            if all(t.endswith("%") for t in texts) or "%" in head.text or _parts(texts)
            else ""
        )
    return "earlier" if _is_earlier(head.text, phrases, year) else ""


def ascends(texts: list[str]) -> bool:
    """Whether these are the numbers of rows, from 0 or 1."""
    numbers = [int(text) if text.isascii() and text.isdigit() else -1 for text in texts]
    return (
        len(numbers) >= FEWEST_SERIAL
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] in (0, 1)
    )


def _parts(texts: list[str]) -> bool:
    """Whether figures without a sign are shares: none is above a hundred, and some have decimals."""
    bare = [float(text.rstrip("%")) for text in texts]
    return max(bare) <= 100 and any("." in text for text in texts)


def _is_earlier(text: str, phrases: Phrases, year: int | None) -> bool:
    """Whether a header says that its column is an earlier year's, and of what."""
    text = BRACKETED.sub("", text).replace(" ", "")
    told = _YEAR.match(text)
    if told is not None:
        if year is None or int(told[1]) >= year:
            return False
        rest = text[told.end() :]
    else:
        match = _EARLIER.match(text)
        if match is None:
            return False
        rest = text[match.end() :]
    rest = squeeze(rest)
    stems = {_THIS_YEAR.sub("", phrase) for said in phrases.values() for phrase in said}
    return _COUNTED.fullmatch(rest) is not None or rest in stems
