"""The statistics of a run, as a table by damage and some shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .trials import COLUMNS, Trial

_FAULTS = ("silent", "accused", "crashed", "refused", "wrong", "span", "head", "unread")
_SEEDS_SHOWN = 20


def statistics(done: Iterable[Trial]) -> dict[str, Counter[str]]:
    """For each key, and for all together, the sum of each count."""
    table: dict[str, Counter[str]] = {}
    for trial in done:
        for key in (*trial.keys, "total"):
            table.setdefault(key, Counter()).update(trial.counts)
    total = table.pop("total", Counter())
    return dict(sorted(table.items())) | {"total": total}


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} % of {whole}" if whole else "none"


def print_table(done: list[Trial], only: str) -> None:
    """Print the table, the shares and the seeds with faults.

    Args:
        done: The outcomes.
        only: ``old`` or ``new`` to leave out the rows of the other damages, ``all`` for every row.
    """
    table = statistics(done)
    other = {"old": "new ", "new": "old "}.get(only, "-")
    print(f"{'':40}" + "".join(f"{column:>12}" for column in COLUMNS))
    for key, counts in table.items():
        if not key.startswith(other):
            print(f"{key:40}" + "".join(f"{counts[column]:>12}" for column in COLUMNS))
    total = table["total"]
    print("verdicts:", dict(Counter(t.verdict for t in done).most_common()))
    for whole, part in (
        ("lossless of old", "read"),
        ("clean and lossless", "unconfirmed"),
        ("lossless", "unconfirmed"),
    ):
        share = _share(total[f"{whole}, {part}"], total[whole])
        print(f"{whole + (' damages' if 'old' in whole else '')}, {part}: {share}")
    plain = total["plain cells"]
    print("cells that a careful person reads, read:", _share(plain - total["unread"], plain))
    for column in _FAULTS:
        seeds = [t.seed for t in done if t.counts.get(column)]
        if seeds:
            print(f"seeds with {column}: {' '.join(map(str, seeds[:_SEEDS_SHOWN]))}")
