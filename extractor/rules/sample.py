"""Print the example of a rule as a small complete report, and point a reading at what it says.

Only an example decides what is printed: every count is 0, every sum of money 0, the prose has no
figure, labels are the official ones, and a row is a line with tabs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from verify.forms import Form, Row, Table, TableId, every_form
from verify.layout import lay_out
from verify.named import SKIPPED, notes_of
from verify.reading import BLANK, MISSING, Note, Place, Reading
from verify.rules import Example

YEAR = 2023
_OPENING = "本单位按照有关规定开展政府信息公开工作，专人负责，渠道畅通，栏目清楚。"
_PROBLEMS = "解读形式比较单一，今后改进。"
_OTHER_MATTERS = "没有其他需要报告的事项。"
_HEAD_OF_REQUESTS = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_ORDER = {table.id: f"{table.number}、" for table in every_form()[0].tables}
_CORNER = {"proactive": "信息内容", "requests": "申请人情况", "proceedings": "情形"}


def form_of(variant: str) -> Form:
    """The form of a variant such as ``2021+2019``.

    Raises:
        ValueError: There is no such variant.
    """
    for form in every_form():
        if form.variant == variant:
            return form
    raise ValueError(f"no form has the variant {variant!r}")


def printed(example: Example, year: int = YEAR) -> str:
    """The report of an example.

    Args:
        example: What it holds.
        year: Year of the title.

    Raises:
        ValueError: It names a cell that the form does not have, or replaces what is not printed.
    """
    form = form_of(example.form)
    unknown = sorted(set(example.cells) - set(form.cells))
    if unknown:
        raise ValueError(f"form {form.variant!r} has no cell {unknown[0]!r}")
    text = "\n".join(
        (
            f"{example.agency}{year}年政府信息公开工作年度报告",
            "一、总体情况",
            _OPENING,
            *([example.prose] if example.prose else []),
            *(table_text(table.id, example).rstrip("\n") for table in form.tables),
            "五、存在的主要问题及改进情况",
            _PROBLEMS,
            "六、其他需要报告的事项",
            _OTHER_MATTERS,
            "",
        )
    )
    for old, new in edits_of(example):
        if old not in text:
            raise ValueError(f"{old!r} is not printed and cannot be replaced")
        text = text.replace(old, new, 1)
    return text


def edits_of(example: Example) -> tuple[tuple[str, str], ...]:
    """The edits of an example with what their braces stand for: a printed table, or a second report."""
    return tuple((_expanded(old), _expanded(new)) for old, new in example.edits)


def _expanded(text: str) -> str:
    if "{" not in text:
        return text
    second = printed(Example(), 2022)
    stands_for = {
        "{report 2022}": second,
        "{report 2022 untitled}": second.partition("\n")[2],
        **{f"{{table {id}}}": table_text(id, Example()) for id in _ORDER},
    }
    for name, what in stands_for.items():
        text = text.replace(name, what)
    return text


def table_text(id: str, example: Example) -> str:
    """One table of the report of an example, with its heading, as it is printed without edits."""
    table = form_of(example.form).table(id)
    lines = [_ORDER[table.id] + table.title]
    if id == "requests":
        lines.append(_HEAD_OF_REQUESTS)
    before: Row | None = None
    for row in table.rows:
        begins = before is None or before.group != row.group
        if begins and row.group and id != "proceedings":
            lines.append(row.group)
        if before is None or (id == "proactive" and (begins or before.columns != row.columns)):
            labels = [column.label for column in row.columns]
            lines.append("\t".join([_CORNER[table.id], *labels]))
        lines.append(row_text(row, table, example.cells))
        before = row
    return "\n".join(lines) + "\n"


def row_text(row: Row, table: Table, cells: Mapping[str, str]) -> str:
    """A row as it is printed."""
    return "\t".join([row.printed, *(cells.get(name, "0") for name in table.cells(row))])


def pointed(example: Example, text: str, reading: Reading) -> Reading:
    """A reading of the printed example, changed to say what the example wants said.

    Args:
        example: Its ``reading`` says what is to be changed.
        text: The report as it was printed.
        reading: The report as it was read.

    Raises:
        ValueError: The example points at something that is not there.
    """
    if not example.reading:
        return reading
    wanted = dict(example.reading)
    if wanted.pop("form", "") == "none":
        return Reading(None, reader=reading.reader)
    if wanted.pop("repeats", "") == "none":
        reading = replace(reading, repeats=())
    named = wanted.pop("named", "")
    passed_over = wanted.pop("skipped", "")
    places = dict(reading.places)
    places.update({name: _place(where, text, reading) for name, where in wanted.items()})
    reading = replace(reading, places=places)
    return _named(named, passed_over, text, reading) if named else reading


def _named(id: str, passed_over: str, text: str, reading: Reading) -> Reading:
    """A reading whose rows of one table a model named, and of which it passed over a figure."""
    assert reading.form is not None
    notes = notes_of(lay_out(text), form_of(reading.form.variant).table(_id(id)), reading.places)
    if notes is None:
        raise ValueError(f"the rows of {id!r} have no words")
    if passed_over:
        start = _place(passed_over, text, reading).span
        notes.append(Note(SKIPPED, (), start))
    return replace(reading, notes=(*reading.notes, *notes))


def _id(id: str) -> TableId:
    return next(table.id for table in every_form()[0].tables if table.id == id)


def _place(where: str, text: str, reading: Reading) -> Place:
    if where == "missing":
        return MISSING
    if where == "blank":
        return BLANK
    if where.startswith("="):
        words, _, field = where[1:].partition(">")
        if words not in text:
            raise ValueError(f"{words!r} is not printed and cannot be pointed at")
        start = text.index(words)
        if not field:
            return Place("span", (start, start + len(words)))
        before = text[start : text.index("\n", start)].split("\t")
        start += sum(len(cell) + 1 for cell in before[: int(field)])
        return Place("span", (start, start + len(before[int(field)])))
    other, _, why = where.partition("?")
    if other not in reading.places:
        raise ValueError(f"{other!r} is no cell and no place of the reading")
    place = reading.places[other]
    return Place("doubt", place.span, why) if why else place
