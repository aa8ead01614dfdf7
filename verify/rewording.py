"""Reworded labels: whether other words in a row's place still name that row and no other.

A label is compared by its words of two characters. One that only this row's label has speaks for it,
one that several rows share speaks little, and a stretch in which such words are few is another
label. Local rows (其中：网络申请, 备注, 去年同期) come out below the floor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from verify.arithmetic import check, deduce, signed_cells
from verify.figures import Number
from verify.fold import fold_text
from verify.forms import Form, Table, every_form
from verify.labels import squeeze, without_fillers

_FLOOR = 1.0  # as much as one word that no other row has
_SHARE = 0.2  # of the words of the stretch
_CLEARLY = 2.0  # times as like as any other row


def _words(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _words_of_rows() -> dict[str, dict[str, frozenset[str]]]:
    """The words of every row of every table, all editions and spellings together."""
    found: dict[str, dict[str, set[str]]] = {}
    for form in every_form():
        for table in form.tables:
            for row in table.rows:
                words = found.setdefault(table.id, {}).setdefault(row.id, set())
                for phrase in (row.label, *row.variants):
                    words |= _words(without_fillers(squeeze(fold_text(phrase))))
    return {
        table: {row: frozenset(words) for row, words in rows.items()}
        for table, rows in found.items()
    }


_ROWS = _words_of_rows()
_HELD_BY = {
    table: Counter(word for words in rows.values() for word in words)
    for table, rows in _ROWS.items()
}


@lru_cache(maxsize=1024)
def affinity(text: str, table: str, row: str) -> tuple[float, float]:
    """How much the words of a stretch speak for a row: their weight, and its share of the stretch.

    Args:
        text: Squeezed, without fillers.
        table: Id of the table.
        row: Id of the row.
    """
    words = _words(text)
    held_by = _HELD_BY[table]
    weight = sum(1 / held_by[word] for word in words & _ROWS[table].get(row, frozenset()))
    return weight, weight / max(1, len(words))


def rewords(text: str, table: Table, row: str, elsewhere: Collection[str]) -> bool:
    """Whether a stretch names ``row`` and no other row that has no verbatim label elsewhere."""
    weight, share = affinity(text, table.id, row)
    if weight < _FLOOR or share < _SHARE:
        return False
    rivals = [other.id for other in table.rows if other.id != row and other.id not in elsewhere]
    return all(weight >= _CLEARLY * affinity(text, table.id, rival)[0] for rival in rivals)


def all_hold(form: Form, names: Collection[str], values: Mapping[str, Number | None]) -> bool:
    """Whether identities touch all these cells, and every one that does is evaluated and holds."""
    wanted = set(names)
    concerned = [rule for rule in form.identities if wanted.intersection(rule.cells)]
    touched = {name for rule in concerned for name in rule.cells}
    return wanted <= touched and len(check(concerned, values).held) == len(concerned)


def follow(form: Form, names: Sequence[str], values: Mapping[str, Number | None]) -> bool:
    """Whether the identities leave exactly the printed figures when these cells are not known."""
    gone = set(names)
    others = {name: value for name, value in values.items() if name not in gone}
    follows = deduce(form.identities, others, signed_cells(form))
    return not follows.impossible and all(
        name in follows.values and follows.values[name] == values.get(name) for name in names
    )
