"""Cells, rows, columns and sums in the form's own words: 表三 · 第三项（五）1 · 自然人."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from extractor.render._words import WORDS, Lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.forms import Column, Form, Identity, Row, Table

_FEW = 3
_GROUP = re.compile(r"([一二三四五六七])、")
_INNER = re.compile(r"（.）")
_AFTER_GROUPS = "三"  # the item of table 三 whose groups count （一）to（七）


def humanise(identifier: str) -> str:
    """An identifier of the contract as words: ``natural_person`` is "natural person"."""
    return identifier.replace("_", " ")


def column_of(form: Form, name: str) -> Column:
    """The column of a cell."""
    _, row = form.row_of[name]
    return next(c for c in row.columns if c.id == name.rpartition(".")[2])


def column_label(column: Column, lang: Lang) -> str:
    """The header of a column, without its remark on units."""
    return re.sub(r"（.*）$", "", column.label) if lang == "zh" else humanise(column.id)


def row_label(row: Row, lang: Lang) -> str:
    """The label of a row with its number, and the number of its group where rows restart at 1."""
    if lang == "en":
        return humanise(row.id)
    outer = _INNER.match(row.group)
    label = re.sub(r"（区分处理的.*）$", "", row.label)
    return (outer[0] if outer and row.ordinal[:1].isdigit() else "") + row.ordinal + label


def cell_label(form: Form | None, name: str, lang: Lang) -> str:
    """A cell as a clerk names it: row, then column; a name that is of no form stays as it is."""
    if form is None or name not in form.row_of:
        return name
    row, column = form.row_of[name][1], column_of(form, name)
    return f"{row_label(row, lang)} · {column_label(column, lang)}"


def operand_label(form: Form, identity: Identity, name: str, lang: Lang) -> str:
    """A cell inside an identity: its column when the identity is a row, its row when a column."""
    if len({form.row_of[other][1].id for other in identity.cells}) > 1:
        return row_label(form.row_of[name][1], lang)
    return column_label(column_of(form, name), lang)


def row_words(table: Table, row: Row, lang: Lang) -> str:
    """A row as the form counts it, with its table."""
    words = WORDS[lang].todo
    number = words["table"].format(number=table.number)
    if lang == "en":
        return f"{number} · {humanise(row.id)}"
    main = _GROUP.match(row.ordinal) or _GROUP.match(row.group)
    inner = _INNER.match(row.group)
    if main or (inner and row.ordinal):
        item = words["item"].format(number=main[1] if main else _AFTER_GROUPS)
        sub = "" if main and _GROUP.match(row.ordinal) else row.ordinal.rstrip(".")
        return f"{number} · {item}{inner[0] if inner else ''}{sub}"
    group = f"{row.group} " if row.group else ""
    return f"{number} · {group}{row.label}"


def cell_words(form: Form | None, name: str, lang: Lang) -> str:
    """A cell: table, row, column. A name that is of no form stays as it is."""
    if form is None or name not in form.row_of:
        return name
    table, row = form.row_of[name]
    return f"{row_words(table, row, lang)} · {column_label(column_of(form, name), lang)}"


def named(form: Form | None, names: Sequence[str], lang: Lang) -> str:
    """Several cells in few words: whole tables and rows as such."""
    words, separator = WORDS[lang].todo, WORDS[lang].list_sep
    known = [name for name in names if form is not None and name in form.row_of]
    if form is None or len(known) < len(names) or len(names) <= _FEW:
        return str(separator.join(cell_words(form, name, lang) for name in names))
    parts = []
    for table_id, of_table in groupby(known, key=lambda name: form.row_of[name][0].id):
        cells = list(of_table)
        table = next(t for t in form.tables if t.id == table_id)
        if len(cells) == sum(len(row.columns) for row in table.rows):
            parts.append(words["whole"].format(number=table.number, count=len(cells)))
            continue
        for _, of_row in groupby(cells, key=lambda name: form.row_of[name][1].id):
            few = list(of_row)
            row = form.row_of[few[0]][1]
            if len(few) > 1 and len(few) == len(row.columns):
                label = row_words(table, row, lang)
                parts.append(words["row"].format(row=label, count=len(few)))
            else:
                parts += [cell_words(form, name, lang) for name in few]
    if len(parts) <= _FEW:
        return str(separator.join(parts))
    return str(words["several"].format(cells=separator.join(parts[:_FEW]), count=len(names)))


def identity_words(identity: Identity, lang: Lang) -> tuple[str, str, str]:
    """Which row or column an identity is of, and what its two sides are."""
    words = WORDS[lang].todo
    sentence = identity.sentence_zh if lang == "zh" else identity.sentence_en
    name, _, sides = sentence.partition("：" if lang == "zh" else ": ")
    left, found, right = sides.partition("，等于")
    if lang == "en" or not found:
        return sentence if lang == "en" else name, words["left"], words["right"]
    return name, left, right


def table_heading(table: Table, lang: Lang) -> str:
    """The heading of a table: the official one in Chinese, what it is in English."""
    return str(WORDS[lang].tables[table.id]) + (table.title if lang == "zh" else "")
