"""The data dictionary beside an export: its columns, every cell, the states, the verdicts, what was left out.

Labels come from `verify.forms`, the sentences on verdicts and states from the words of the views.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from extractor.catalogue import LANGS
from extractor.export.blocks import Row
from extractor.export.cells import FormCell, every_cell
from extractor.export.columns import WORDS as TEXTS
from extractor.export.columns import Column
from extractor.export.facts import Facts
from extractor.render._words import WORDS
from extractor.render.labels import humanise
from verify.verdicts import GOOD

_HEADER = (
    "kind name short_name type unit forms table_zh group_zh row_zh column_zh label_en "
    "meaning_zh meaning_en"
)
HEADER = tuple(_HEADER.split())
_TYPES = {"count": "integer >= 0", "change": "integer", "money": "exact decimal >= 0"}
_SIGNED = {"count": "integer", "change": "integer", "money": "exact decimal"}
_COLUMN_TYPES = {
    "text": "text",
    "integer": "integer",
    "money": "exact decimal",
    "figure": "integer or exact decimal, by its cell",
}


def dictionary(columns: Sequence[Column], facts: Facts, verdicts: Collection[str]) -> list[Row]:
    """The dictionary as rows, its header first.

    Args:
        columns: Of the file; none for whole results.
        facts: What is said of the export, each under its name.
        verdicts: Of the reports in the file; with some of them come figures as they are printed, below
            zero too.
    """
    rows: list[Row] = [HEADER]
    rows += (_line("export", name, fact["zh"], fact["en"]) for name, fact in facts.items())
    rows += (
        _line("column", c.name, c.zh, c.en, type=_COLUMN_TYPES[c.kind])
        for c in columns
        if c.cell is None
    )
    rows.append(_line("note", "empty", *(TEXTS[lang].meanings["empty"] for lang in LANGS)))
    types = _TYPES if frozenset(GOOD).issuperset(verdicts) else _SIGNED
    rows += (_cell(cell, types[cell.kind]) for cell in every_cell().values())
    rows += _states()
    zh, en = (TEXTS[lang].qualities for lang in LANGS)
    rows += (_line("quality", name, zh[name], en[name]) for name in zh)
    en = WORDS["en"].verdicts
    rows += (
        _line("verdict", name, f"{word}：{meaning}", en[name][1])
        for name, (word, meaning) in WORDS["zh"].verdicts.items()
    )
    return rows


def _states() -> Iterator[Row]:
    for state in WORDS["zh"].states:
        said = (TEXTS[lang].meanings.get(state) or WORDS[lang].legend[state] for lang in LANGS)
        yield _line("state", state, *said)


def _cell(cell: FormCell, type: str) -> Row:
    row_en, column_en = humanise(cell.rows[0].id), humanise(cell.columns[0].id)
    labels = (
        [row.group for row in cell.rows],
        [row.printed for row in cell.rows],
        [column.label for column in cell.columns],
    )
    return (
        "cell",
        cell.name,
        cell.short,
        type,
        cell.unit,
        " ".join(cell.forms),
        cell.table.title,
        *(" / ".join(dict.fromkeys(each)) for each in labels),
        f"{WORDS['en'].tables[cell.table.id]}: {row_en}, {column_en}",
        None,
        None,
    )


def _line(kind: str, name: str, zh: str, en: str, *, type: str | None = None) -> Row:
    return (kind, name, None, type, *[None] * (len(HEADER) - 6), zh, en)
