"""Damages to headings, the order of tables and what stands around them; figures stay readable."""

from __future__ import annotations

from random import Random

from .corrupting import copy_of, insert_copy
from .model import Draft, Paragraph, Table
from .prose import furniture
from .registry import damage


@damage("lossless")
def tables_reordered(draft: Draft, rng: Random) -> bool:
    """The sections with tables stand in another order, with their headings."""
    tables = draft.tables
    if len(tables) <= 1:
        return False
    groups = {t.id: [b for b in draft.blocks if _belongs(b, t)] for t in tables}
    places = [i for i, b in enumerate(draft.blocks) if any(_belongs(b, t) for t in tables)]
    order = [table.id for table in tables]
    shuffled = order[::-1] if rng.random() < 0.5 else [*order[1:], order[0]]
    blocks = [block for id in shuffled for block in groups[id]]
    for place, block in zip(places, blocks, strict=True):
        draft.blocks[place] = block
    return True


def _belongs(block: Paragraph | Table, table: Table) -> bool:
    if isinstance(block, Table):
        return block.id == table.id
    return block.table == table.id


def _headings(draft: Draft) -> list[Paragraph]:
    found = (draft.heading(table.id) for table in draft.tables)
    return [heading for heading in found if heading is not None]


def _needs_heading(draft: Draft) -> set[str]:
    """Tables that nothing but the heading names."""
    return {"proceedings"} if draft.shape == "bare" else set()


@damage("lossless")
def heading_misnumbered(draft: Draft, rng: Random) -> bool:
    """The headings of the tables have wrong or no numbers."""
    headings = _headings(draft)
    for heading in headings:
        heading.ordinal = rng.choice(("", "一、", "三、", "五、", "（二）", "2."))
    return bool(headings)


@damage("lossless")
def heading_lost(draft: Draft, rng: Random) -> bool:
    """A table has no heading."""
    headings = [h for h in _headings(draft) if h.table not in _needs_heading(draft)]
    if not headings:
        return False
    draft.blocks.remove(rng.choice(headings))
    return True


@damage("lossless")
def headings_after_tables(draft: Draft, rng: Random) -> bool:
    """One or every heading stands after its table."""
    headings = [h for h in _headings(draft) if h.table not in _needs_heading(draft)]
    if headings and rng.random() < 0.5:
        headings = [rng.choice(headings)]
    for heading in headings:
        draft.blocks.remove(heading)
        table = next(t for t in draft.tables if t.id == heading.table)
        draft.blocks.insert(draft.blocks.index(table) + 1, heading)
    return bool(headings)


@damage("lossless")
def printed_twice(draft: Draft, rng: Random) -> bool:
    """A table is printed twice, alike."""
    once = [t for t in draft.tables if not any(_twin(b, t) for b in draft.blocks)]
    if not once:
        return False
    table = rng.choice(once)
    insert_copy(draft, table, copy_of(table))
    return True


def _twin(block: Paragraph | Table, table: Table) -> bool:
    return isinstance(block, Table) and block.copy and block.id == table.id


@damage("lossless")
def contents_list(draft: Draft, rng: Random) -> None:
    """A list of contents with page numbers stands before the report."""
    leader = rng.choice(("……", "\t", "  ", "......"))
    headings = [b for b in draft.blocks if isinstance(b, Paragraph) and b.role == "heading"]
    lines = [f"{h.ordinal}{h.text}{leader}{page}" for page, h in enumerate(headings, 1)]
    place = next(i for i, b in enumerate(draft.blocks) if not _is_title(b))
    draft.blocks.insert(place, Paragraph("\n".join(["目录", *lines])))


def _is_title(block: Paragraph | Table) -> bool:
    return isinstance(block, Paragraph) and block.role == "title"


@damage("lossless")
def captions(draft: Draft, rng: Random) -> bool:
    """Tables have numbered captions, or a line with the unit."""
    number = rng.randint(1, 3)
    for table in draft.tables:
        text = rng.choice(
            (f"表{number}", "单位：件", f"表{number}（单位：件、万元）", f"附表 {number}")
        )
        draft.blocks.insert(draft.blocks.index(table), Paragraph(text, "note"))
        number += 1
    return bool(draft.tables)


@damage("lossless")
def web_page_furniture(draft: Draft, rng: Random) -> None:
    """What a web page prints around an article stands after the title and at the end."""
    place = next(i for i, b in enumerate(draft.blocks) if not _is_title(b))
    draft.blocks.insert(place, Paragraph(furniture(rng, draft.year)))
    draft.blocks.append(
        Paragraph(rng.choice(("附件下载", "【打印】【关闭】", "上一篇：无", "扫一扫")))
    )
