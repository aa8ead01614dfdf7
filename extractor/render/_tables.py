"""The tables of a form as HTML, as the form prints them: groups, numbers, official labels."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from extractor.render._facts import cell_label, column_label, figure_in, humanise, row_label
from extractor.render._text import figure, html, one_line
from extractor.render._words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extractor.render._facts import Facts, Lang
    from verify.forms import Column, Row, Table
    from verify.schema import Span

_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def classes(facts: Facts, name: str) -> str:
    """The CSS classes of a cell: its state and, where it is pointed at, how."""
    flag = facts.flags.get(name, "")
    how = {"": "", "doubtful": " suspect doubtful"}.get(flag, f" {flag}")
    return facts.result.cells[name].state + how


def describe(facts: Facts, name: str, lang: Lang) -> str:
    """One sentence on a cell: what it is, its value, state, text and place."""
    words, cell = WORDS[lang], facts.result.cells[name]
    value = "" if figure_in(cell) is None else f" = {facts.body(name, lang)}"
    parts = [cell_label(facts.form, name, lang) + value, words.states[cell.state]]
    if cell.text is not None:
        parts.append(words.quoted.format(one_line(cell.text, 60)))
    if cell.span is not None:
        parts.append(f"[{cell.span[0]}, {cell.span[1]})")
    else:
        parts.append(words.no_span)
    if cell.tentative is not None:
        parts.append(words.tentative)
    if cell.remark is not None:
        parts.append(words.remark.format(one_line(cell.remark, 60)))
    if cell.derived is not None:
        parts.append(words.derived.format(figure(cell.derived)))
    if cell.proof:
        parts.append(words.legend["deduced"] + words.colon + words.list_sep.join(cell.proof))
    flag = facts.flags.get(name, "")
    if flag:
        parts.append(words.legend[flag])
    return ("；" if lang == "zh" else "; ").join(parts)


class TableWriter:
    """Writes the tables of one result.

    Args:
        facts: The result.
        lang: Official Chinese labels in both; English ones are added beside them.
        spans: Usable span of each cell that has one.
    """

    def __init__(self, facts: Facts, lang: Lang, spans: Mapping[str, Span]) -> None:
        self.facts, self.lang, self.spans = facts, lang, spans

    def cell(self, name: str, span: int = 1) -> str:
        """A ``td``: value and signs, linked to its place in the source."""
        facts, lang = self.facts, self.lang
        about = html(describe(facts, name, lang))
        flag = facts.flag(name, lang)
        inner = f"<b>{html(facts.body(name, lang))}</b>" + (f"<sup>{flag}</sup>" if flag else "")
        if name in self.spans:
            inner = f'<a class="v" href="#s-{html(name)}">{inner}</a>'
        else:
            inner = f'<span class="v" tabindex="0">{inner}</span>'
        wide = f' colspan="{span}"' if span > 1 else ""
        return (
            f'<td id="c-{html(name)}" class="{classes(facts, name)}" data-cell="{html(name)}"'
            f'{wide} title="{about}">{inner}</td>'
        )

    def label(self, chinese: str, english: str) -> str:
        """An official label, in English mode with its meaning beside it."""
        gloss = f'<small lang="en">{html(english)}</small>' if self.lang == "en" else ""
        return f'<span lang="zh-Hans">{html(chinese)}</span>{gloss}'

    def head(self, column: Column, extra: str = "") -> str:
        """A column header."""
        text = self.label(column.label, column_label(column, "en"))
        return f'<th scope="col"{extra}>{text}</th>'

    def table(self, table: Table) -> str:
        """A whole table with its heading."""
        shapes = {"requests": self._requests, "proceedings": self._proceedings}
        body = shapes.get(table.id, self._proactive)(table)
        words = WORDS[self.lang]
        heading = words.tables[table.id] + (table.title if self.lang == "zh" else "")
        return (
            f'<section class="sheet" id="t-{table.id}"><h3>{html(heading)}</h3>'
            f'<div class="scroll"><table class="{table.id}">{body}</table></div></section>'
        )

    def _proactive(self, table: Table) -> str:
        width = max(len(row.columns) for row in table.rows)
        parts = []
        for (group, columns), found in groupby(table.rows, key=lambda r: (r.group, r.columns)):
            rows = list(found)
            rest = width - len(columns) + 1
            last = f' colspan="{rest}"' if rest > 1 else ""
            parts.append(
                f'<tbody><tr class="group"><th colspan="{width + 1}" scope="rowgroup">'
                f'<span lang="zh-Hans">{html(group)}</span></th></tr>'
            )
            heads = "".join(self.head(column) for column in columns[:-1])
            about = self.label("信息内容", "content")
            parts.append(
                f'<tr class="heads"><th scope="col">{about}</th>{heads}'
                f"{self.head(columns[-1], last)}</tr>"
            )
            for row in rows:
                names = table.cells(row)
                cells = "".join(self.cell(name) for name in names[:-1]) + self.cell(names[-1], rest)
                label = self.label(row.printed, humanise(row.id))
                parts.append(f'<tr><th scope="row">{label}</th>{cells}</tr>')
            parts.append("</tbody>")
        return "".join(parts)

    def _requests(self, table: Table) -> str:
        chains, depth = _chains(table.rows)
        columns = table.rows[0].columns
        first, inner, last = columns[0], columns[1:-1], columns[-1]
        tall, taller = ' rowspan="2"', f' colspan="{depth + 1}" rowspan="3"'
        parts = [
            (
                f'<thead><tr><th{taller} class="note">'
                f"{self.label(_NOTE, 'in each column: 一 + 二 = 三 + 四')}</th>"
                f'<th colspan="{len(columns)}">{self.label("申请人情况", "applicants")}</th></tr>'
            ),
            (
                f"<tr>{self.head(first, tall)}"
                f'<th colspan="{len(inner)}">{self.label("法人或其他组织", "organisations")}</th>'
                f"{self.head(last, tall)}</tr>"
            ),
            f"<tr>{''.join(self.head(column) for column in inner)}</tr></thead><tbody>",
        ]
        previous: tuple[str, ...] = ()
        for i, row in enumerate(table.rows):
            chain = chains[i]
            heads = ""
            for level, group in enumerate(chain):
                if previous[: level + 1] == chain[: level + 1]:
                    continue
                tall_ = sum(1 for c in chains if c[: level + 1] == chain[: level + 1])
                heads += (
                    f'<th class="g{level}" rowspan="{tall_}" scope="rowgroup">'
                    f'<span lang="zh-Hans">{html(group)}</span></th>'
                )
            previous = chain
            rest = depth + 1 - len(chain)
            wide = f' colspan="{rest}"' if rest > 1 else ""
            label = self.label(row.printed, humanise(row.id))
            cells = "".join(self.cell(name) for name in table.cells(row))
            parts.append(f'<tr>{heads}<th{wide} scope="row">{label}</th>{cells}</tr>')
        parts.append("</tbody>")
        return "".join(parts)

    def _proceedings(self, table: Table) -> str:
        # The form prints this table lying: one row of figures, the rows side by side above it.
        top, second, third, cells = "", "", "", ""
        for group, found in groupby(table.rows, key=lambda row: row.group):
            rows = list(found)
            count = sum(len(row.columns) for row in rows)
            if not group:
                for row in rows:
                    label = self.label(row.label, humanise(row.id))
                    top += f'<th colspan="{len(row.columns)}" rowspan="2">{label}</th>'
            else:
                top += f'<th colspan="{count}"><span lang="zh-Hans">{html(group)}</span></th>'
                for row in rows:
                    label = self.label(row.label, humanise(row.id))
                    second += f'<th colspan="{len(row.columns)}">{label}</th>'
            for row in rows:
                third += "".join(self.head(column) for column in row.columns)
                cells += "".join(self.cell(name) for name in table.cells(row))
        return (
            f"<thead><tr>{top}</tr><tr>{second}</tr><tr>{third}</tr></thead>"
            f"<tbody><tr>{cells}</tr></tbody>"
        )


def _chains(rows: Sequence[Row]) -> tuple[list[tuple[str, ...]], int]:
    """For each row the groups it stands in, outer first, and the depth of the deepest.

    A group reaches from its first row to its last; a group met on the way stands inside it.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for i, row in enumerate(rows):
        if row.group:
            first.setdefault(row.group, i)
            last[row.group] = i
    chains = [
        tuple(
            sorted(
                (g for g in first if first[g] <= i <= last[g]),
                key=lambda g: first[g] - last[g],
            )
        )
        for i in range(len(rows))
    ]
    return chains, max(len(chain) for chain in chains)


def short(facts: Facts, name: str, lang: Lang) -> str:
    """A link to a cell by its label, for lists; a name that is of no form is only text."""
    if facts.form is None or name not in facts.form.row_of:
        return f"<code>{html(name)}</code>"
    table, row = facts.form.row_of[name]
    column = next(c for c in row.columns if c.id == name.rpartition(".")[2])
    text = f"{row_label(row, lang)} · {column_label(column, lang)}"
    return (
        f'<a class="cell" href="#c-{html(name)}" data-cell="{html(name)}" '
        f'title="表{table.number} {html(name)}">{html(text)}</a>'
    )
