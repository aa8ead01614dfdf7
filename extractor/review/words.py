"""Labels that people confirm wherever they stand, kept in a lexicon file for later runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from extractor.lexicon import Lexicon
from verify.decisions import Decision, opinions
from verify.lexicon import key_of

_OF_LABELS = frozenset({"named_by_model", "label_reworded"})


def keep(path: str, rows: Iterable[Decision], by_id: Mapping[str, Decision]) -> None:
    """Bring a lexicon up to date with decisions that are about to be kept.

    Args:
        path: The file; made where it is not there.
        rows: The new decisions; of others than on a label's words wherever they stand nothing is written.
        by_id: Those that there are.

    Raises:
        UsageError: The lexicon does not take these words, or cannot be read or written; it is as it was.
    """
    rows = tuple(rows)
    labels = [one for row in rows if _is_label(one := by_id.get(row.undoes or "", row))]
    if not labels:
        return
    lexicon, found = Lexicon.load(path, new=True), opinions([*by_id.values(), *rows])
    for one in labels:
        (table,) = {name.partition(".")[0] for name in one.cells}
        lines = {name.rpartition(".")[0].partition(".")[2] for name in one.cells}
        text, row = one.text or "", lines.pop() if len(lines) == 1 else ""
        column = "" if row else one.cells[0].rpartition(".")[2]
        same = [e for e in lexicon.entries if (e.key, e.table) == (key_of(text), table)]
        if [(e.who, e.when) for e in same] == [(one.who, one.when[:10])]:
            lexicon.remove(text, table)
        stands = found[one.about].stands if one.about in found else None
        if stands is not None and stands.kind == "label":
            lexicon.add(text, table, row, stands.who, stands.when[:10], column=column)
    lexicon.save(path)


def _is_label(one: Decision) -> bool:
    """Whether it is on words that name one row, or one column, wherever they stand."""
    parts = [frozenset(part) for part in zip(*(name.split(".") for name in one.cells), strict=True)]
    named = len(parts) == 3 and len(parts[0]) == 1 and min(len(parts[1]), len(parts[2])) == 1
    is_asked = one.kind == "label" and one.scope == "words" and one.code in _OF_LABELS
    return is_asked and named and bool(one.text)
