"""How far the real code is from an honest minimum, on clean reports: ``python -m benchmarks.floor``.

The minimum is what one would write for reports that are never damaged: a regular tokeniser, exact labels in
a dictionary, the identities of the form, and out of it the same verdict with the same cells, values and spans.
It proves nothing: no second copy of a table, no other report in the text, no word that means something else.
So it is no short way, only a measure. The corpus is pinned: the undamaged garbled reports of the first seeds
that the minimum reads as the real code does; a hash of them is printed. The same seeds with damages tell what
damage costs. Times are of the processor, in one run; those of different days are not to be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from extractor.pipeline import work
from tests.garbler import garble
from verify.figures import Number
from verify.forms import DISCLOSURE, Form

_FOLD = str.maketrans(
    {
        **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)},
        **dict.fromkeys("\u3000\xa0|│┃┌┐└┘├┤┬┴┼─━", " "),
    }
)
_TOKEN = re.compile(r"\S+")
_FIGURE = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_ORDINAL = re.compile(r"(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|[0-9]+[.、])")
_FORMS: dict[frozenset[tuple[str, str]], Form] = {}
_ROWS: dict[tuple[str, str], list[tuple[int, bool, str]]] = {}
_HEADINGS: dict[str, str] = {}


def _prepare() -> None:
    """Fill the dictionaries: headings of sections, labels of rows by table and words, forms by rows."""
    for table, editions in DISCLOSURE.tables.items():
        for one in editions.values():
            for heading in one.headings:
                _HEADINGS[heading.translate(_FOLD)] = table
            for row in one.rows:
                for spelling in row.spellings:
                    known = _ROWS.setdefault((table, spelling.translate(_FOLD)), [])
                    # the wider edition is tried first, then the row that has it as its label
                    known.append((len(row.columns), spelling == row.label, row.id))
                    known.sort(reverse=True)
    for form in DISCLOSURE.forms:
        rows = {(t.id, row.id) for t in form.tables for row in t.rows if t.id != "proceedings"}
        _FORMS[frozenset(rows)] = form


class Read(NamedTuple):
    """What a report comes to: its verdict, and for each cell its value and span."""

    verdict: str
    cells: dict[str, tuple[Number, tuple[int, int]]]


def floor(text: str) -> Read:
    """From text to verdict at the least cost; right on nothing but undamaged reports."""
    words = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text.translate(_FOLD))]
    table = ""
    rows: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    at = 0
    while at < len(words):
        word = words[at][0]
        at += 1
        if _FIGURE.fullmatch(word):
            continue
        label = _ORDINAL.sub("", word, count=1)
        heading = _HEADINGS.get(label.replace("、", ""))
        if heading is not None:
            table = heading
        if table == "proceedings":
            break
        for width, _, id in _ROWS.get((table, label), ()):
            figures = words[at : at + width]
            if len(figures) == width and all(_FIGURE.fullmatch(one[0]) for one in figures):
                rows[table, id] = figures
                at += width
                break
    form = _FORMS.get(frozenset(rows))
    cells: dict[str, tuple[Number, tuple[int, int]]] = {}
    if form is None:
        return Read("other", cells)
    last = [one for one in words[at:] if _FIGURE.fullmatch(one[0])]
    for one in form.tables:
        for row in one.rows:
            kinds = one.kinds[row.id]
            figures = rows.get((one.id, row.id)) or last[: len(kinds)]
            last = last if (one.id, row.id) in rows else last[len(kinds) :]
            for name, kind, (figure, start, end) in zip(
                one.names[row.id], kinds, figures, strict=False
            ):
                value = Decimal(figure) if kind == "money" else int(figure)
                cells[name] = value, (start, end)
    held = len(cells) == len(form.cells) and all(
        sum([cells[name][0] for name in rule.plus]) == sum([cells[name][0] for name in rule.minus])
        for rule in form.identities
    )
    return Read("accepted" if held else "other", cells)


def _real(text: str) -> Read:
    done = work(text)
    cells = {
        name: (cell.value, cell.span)
        for name, cell in done.cells.items()
        if cell.value is not None and cell.span is not None
    }
    return Read(done.verdict, cells)


def _corpus(seeds: int) -> tuple[list[str], list[str], int]:
    """Clean reports that both read alike, the same seeds damaged, and how many were left out."""
    clean, damaged, left_out = [], [], 0
    for seed in range(seeds):
        report = garble(seed, damages=())
        if not report.sound:
            continue
        found = floor(report.text)
        if found.verdict == "accepted" and found == _real(report.text):
            clean.append(report.text)
            damaged.append(garble(seed).text)
        else:
            left_out += 1
    return clean, damaged, left_out


def _seconds(run: Callable[[str], object], texts: Sequence[str], rounds: int) -> float:
    """The least processor time of a round, in seconds a report."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            run(text)
        taken.append(time.process_time() - start)
    return min(taken) / len(texts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=__doc__)
    parser.add_argument("--seeds", type=int, default=120, help="garbled reports to draw from")
    parser.add_argument("--rounds", type=int, default=5, help="of which the fastest counts")
    options = parser.parse_args(arguments)
    _prepare()
    clean, damaged, left_out = _corpus(options.seeds)
    digest = hashlib.sha256("\0".join(clean).encode()).hexdigest()[:12]
    print(f"{len(clean)} clean reports ({digest}), {left_out} that the minimum does not read")
    least = _seconds(floor, clean, options.rounds)
    real = _seconds(work, clean, options.rounds)
    harmed = _seconds(work, damaged, options.rounds)
    print(
        f"minimum {least * 1e3:.2f} ms, text to verdict {real * 1e3:.2f} ms: {real / least:.1f} times"
    )
    print(f"damaged {harmed * 1e3:.2f} ms: {harmed / real:.2f} times the clean ones")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
