"""Examples of rules in words: a sum as a sum with its figures, a sentence of the prose, both years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extractor.catalogue import Catalogue, Lang
from extractor.rules.sample import YEAR, edits_of, form_of
from verify.forms import Identity
from verify.rules import Example, Rule

WORDS = Catalogue("rules")
_MOST_CELLS = 8
_MOST_TEXT = 48
_FEW = 3  # lines that are shown whole


def formulas(rule: Rule) -> list[tuple[tuple[str, ...], Identity]]:
    """The identities that a rule is, each with the variants of the forms that have it so."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[list[str], Identity]] = {}
    for variant in rule.forms:
        for identity in form_of(variant).identities:
            if identity.id == rule.id:
                key = (identity.plus, identity.minus)
                found.setdefault(key, ([], identity))[0].append(variant)
    return [(tuple(variants), identity) for variants, identity in found.values()]


def in_words(rule: Rule, example: Example, lang: Lang) -> list[str]:
    """An example in one line for each thing that it says."""
    return list(_Shown(example, lang).lines(rule))


class _Shown:
    """An example in one language."""

    def __init__(self, example: Example, lang: Lang) -> None:
        self.example, self.form, self.words = example, form_of(example.form), WORDS[lang]

    def lines(self, rule: Rule) -> Iterator[str]:
        words, example, form = self.words, self.example, self.form
        identity = next((i for i in form.identities if i.id == rule.id), None)
        if example.form != Example().form:
            yield words.form.format(form.variant)
        if identity is not None:
            yield self._sum(identity)
        elif example.cells:
            yield words.tables.format(self._cells(example.cells))
        rest = [*self._printed(), *self._read_otherwise(), *self._across()]
        yield from rest
        if not rest and identity is None and not example.cells and example.form == Example().form:
            yield words.all_zero.format(form.variant)

    def _label(self, cell: str) -> str:
        """A cell as the form prints it: row and column."""
        return f"{self.form.row_of[cell][1].printed}·{self._column(cell)}"

    def _column(self, cell: str) -> str:
        table, row = self.form.row_of[cell]
        return row.columns[table.cells(row).index(cell)].label

    def _sum(self, identity: Identity) -> str:
        """The sum with its figures; terms that are 0 are counted, not listed, where they are many."""
        cells, rows = self.example.cells, {self.form.row_of[n][1].id for n in identity.cells}
        sides = (identity.plus, identity.minus)
        left, right = (self._side(names, in_row=len(rows) == 1) for names in sides)
        a, b = (sum(int(cells.get(name, "0")) for name in names) for names in sides)
        said = self.words.holds if a == b else self.words.fails
        return str(said.format(left=left, right=right, a=a, b=b))

    def _side(self, names: tuple[str, ...], *, in_row: bool) -> str:
        """The terms of a side, each by what tells it from the others: its column within a row, else its row."""
        cells = self.example.cells
        shown = [name for name in names if len(names) <= 2 or cells.get(name, "0") != "0"]
        terms = [
            f"{self._column(n) if in_row else self.form.row_of[n][1].printed} {cells.get(n, '0')}"
            for n in shown
        ]
        if len(shown) < len(names):
            terms.append(self.words.others_zero.format(len(names) - len(shown)))
        return " + ".join(terms)

    def _cells(self, cells: Mapping[str, str]) -> str:
        words = self.words
        shown = [f"{self._label(name)} {text or words.empty}" for name, text in cells.items()]
        more = len(shown) - _MOST_CELLS
        if more > 0:
            shown = [*shown[:_MOST_CELLS], words.more_cells.format(more)]
        return str(words.sep.join(shown) or words.zeros)

    def _printed(self) -> Iterator[str]:
        words, example = self.words, self.example
        if example.agency != Example().agency:
            yield words.agency.format(example.agency)
        if example.prose:
            yield words.prose.format(example.prose)
        for old, new in edits_of(example):
            kind, more = "other", ""
            if not new:
                kind = "gone"
            elif new.startswith(old):
                kind, more = "after", new.removeprefix(old)
            elif new.endswith(old):
                kind, more = "before", new.removesuffix(old)
            clipped = {"was": self._clip(old), "now": self._clip(new), "more": self._clip(more)}
            yield words.edits[kind].format(**clipped)

    def _read_otherwise(self) -> Iterator[str]:
        words, places = self.words.reading, dict(self.example.reading)
        titles = [(str(table.id), table.title) for table in self.form.tables]
        for key in ("form", "repeats", "named", "skipped"):
            if said := places.pop(key, ""):
                yield words[key].format(next((t for id, t in titles if id == said), said))
        rows: dict[str, list[str]] = {}
        for name in places:
            rows.setdefault(self.form.row_of[name][1].printed, []).append(name)
        for printed, names in rows.items():
            table, row = self.form.row_of[names[0]]
            whole = len(names) == len(table.cells(row)) and len(names) > 1
            where = self._whole([places[name] for name in names]) if whole else ""
            if where:
                yield words["row"].format(row=printed, where=where)
                continue
            for name in names:
                yield words["cell"].format(cell=self._label(name), where=self._place(places[name]))

    def _whole(self, places: list[str]) -> str:
        """Where a reading puts a row as a whole, or nothing where it does not."""
        words, rows = self.words.reading, self.form.row_of
        if set(places) == {"missing"}:
            return self._place("missing")
        text = {place.partition(">")[0] for place in places}
        if len(text) == 1 and places[0].startswith("="):
            return str(words["figures"].format(text.pop()[1:]))
        printed = {rows[place][1].printed for place in places if place in rows}
        if len(printed) == 1 and all(place in rows for place in places):
            return str(words["of_row"].format(printed.pop()))
        return ""

    def _place(self, where: str) -> str:
        words = self.words.reading
        if where in ("missing", "blank"):
            return str(words[where])
        if where.startswith("="):
            text, _, number = where[1:].partition(">")
            said = words["figure"] if number else words["words"]
            return str(said.format(text, words=text, number=number))
        cell, _, why = where.partition("?")
        return self._label(cell) + (words["doubted"].format(why) if why else "")

    def _across(self) -> Iterator[str]:
        words, example = self.words, self.example
        if example.previous is not None:
            agency = example.previous_agency
            yield words.before.format(
                year=YEAR - 1,
                whose=words.whose.format(agency) if agency else "",
                cells=self._cells(example.previous),
            )
        for other in example.others:
            yield words.another.format(self._cells(other))

    def _clip(self, text: str) -> str:
        """Printed text on one line; of many lines the first and those with a figure that is not 0."""
        lines = text.strip("\n").split("\n")
        kept = lines
        if len(lines) > _FEW:
            kept = [lines[0], *(line for line in lines[1:] if _tells(line))]
        shown = [" ".join(line.split()) for line in kept]
        shown = [ln if len(ln) <= _MOST_TEXT else ln[: _MOST_TEXT - 1] + "…" for ln in shown]
        if len(kept) < len(lines):
            shown.append(self.words.lines.format(len(lines)))
        return " ↵ ".join(shown)


def _tells(line: str) -> bool:
    return any(field.isdecimal() and int(field) for field in line.split("\t")[1:])
