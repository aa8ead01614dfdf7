"""Formulas of a file, ``new_received + carried_in = results_total + carried_out``, as rules of rows and columns.

A formula is two sums with ``=`` between them. A term is a name, ``parts(total)`` for everything that
the data says is part of a total, or, in a rule across years, ``last(name)`` for last year's figure.
A name stands once; there are no factors, because every figure enters a sum of a form once, and
because exact elimination over integers rests on it. Each formula gives one rule for each row or column
for which it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from verify.forms._node import Node
from verify.forms._types import Column, Identity, Row, Table, ValueKind, YearIdentity

_TERM = re.compile(r"\s*([+-]?)\s*(?:(parts|last)\(\s*([a-z0-9_.]+)\s*\)|([a-z0-9_.]+))\s*")
_PLACE = re.compile(r"\{([^{}]*)\}")


class Term(NamedTuple):
    """A name with its sign when everything is brought to the left, and whether it is last year's."""

    side: int
    sign: int
    name: str
    last: bool = False

    @property
    def weight(self) -> int:
        """Its coefficient: the sum over all terms of an identity is zero."""
        return self.side * self.sign


class _Instance(NamedTuple):
    """A formula for one row or column: its terms with the names of their cells, its id, sentences."""

    terms: tuple[tuple[str, Term], ...]
    id: str
    zh: str
    en: str


def identities(node: Node, table: Table) -> Iterator[Identity]:
    """The identities of one ``[[tables.identities]]`` in an edition of its table.

    Raises:
        FormsError: The formula or a name in it is wrong.
    """
    for one in _instances(node, table):
        if any(term.last for _, term in one.terms):
            raise node.error("formula", "last(...) belongs to [[years]]")
        plus = tuple(name for name, term in one.terms if term.weight > 0)
        minus = tuple(name for name, term in one.terms if term.weight < 0)
        if not plus or not minus:
            raise node.error("formula", "every figure stands on one side of it")
        yield Identity(one.id, plus, minus, one.zh, one.en)


def year_rules(
    nodes: Sequence[Node], tables: Mapping[str, Mapping[str, Table]]
) -> tuple[YearIdentity, ...]:
    """The rules across years, each once though several editions have it.

    Raises:
        FormsError: A table or a name is not there, or the formula gives no single cell.
    """
    found: dict[str, YearIdentity] = {}
    for node in nodes:
        id = node.choice("table", tuple(tables))
        code = node.id("code")
        for edition in node.texts("editions", tuple(tables[id])):
            if edition not in tables[id]:
                raise node.error("editions", f"{edition!r} is no edition of {id!r}")
            for one in _instances(node, tables[id][edition]):
                found.setdefault(one.id, _year_rule(node, one, code))
        node.done()
    return tuple(found.values())


def _year_rule(node: Node, one: _Instance, code: str) -> YearIdentity:
    left = [(name, term) for name, term in one.terms if term.side > 0]
    right = [(name, term) for name, term in one.terms if term.side < 0]
    if len(left) != 1 or left[0][1].last or left[0][1].sign < 0:
        raise node.error("formula", "one cell of this year has to stand before '='")
    if any(term.last and term.sign < 0 for _, term in right):
        raise node.error("formula", "last(...) is only added")
    return YearIdentity(
        one.id,
        code,
        left[0][0],
        tuple(name for name, term in right if term.last),
        tuple(name for name, term in right if not term.last and term.sign > 0),
        tuple(name for name, term in right if not term.last and term.sign < 0),
    )


def _instances(node: Node, table: Table) -> Iterator[_Instance]:
    each = node.choice("for_each", ("row", "column"))
    id, formula = node.text("id"), node.text("formula")
    sentences = node.text("zh", formula), node.text("en", formula)
    if f"{{{each}}}" not in id:
        raise node.error("id", f"{id!r} needs {{{each}}}: its rules would share one id")
    rows = _named(node, "rows", [row.id for row in table.rows], table)
    every = [column.id for row in table.rows for column in row.columns]
    columns = _named(node, "columns", every, table)
    if each == "row":
        written: dict[tuple[Column, ...], tuple[Term, ...]] = {}
        for row in table.rows:
            if row.id in rows:
                if row.columns not in written:
                    written[row.columns] = _terms(node, formula, {c.id: c for c in row.columns})
                terms = written[row.columns]
                cells = tuple((f"{table.id}.{row.id}.{term.name}", term) for term in terms)
                _one_kind(node, [c for c in row.columns if c.id in {t.name for t in terms}])
                texts = [_filled(node, text, row=row) for text in (id, *sentences)]
                yield _Instance(cells, *texts)
        return
    row_of = {row.id: row for row in table.rows}
    terms = _terms(node, formula, row_of)
    used = [{column.id: column for column in row_of[term.name].columns} for term in terms]
    for column in used[0].values():
        if column.id not in columns:
            continue
        for own, term in zip(used, terms, strict=True):
            if column.id not in own:
                raise node.error("formula", f"row {term.name!r} has no column {column.id!r}")
        _one_kind(node, [own[column.id] for own in used])
        cells = tuple((f"{table.id}.{term.name}.{column.id}", term) for term in terms)
        texts = [_filled(node, text, column=column) for text in (id, *sentences)]
        yield _Instance(cells, *texts)


def _named(node: Node, key: str, possible: list[str], table: Table) -> tuple[str, ...]:
    names = node.texts(key, tuple(dict.fromkeys(possible)))
    for name in names:
        if name not in possible:
            raise node.error(key, f"there is no {name!r} in table {table.id!r}")
    return names


def _terms(node: Node, formula: str, named: Mapping[str, Row | Column]) -> tuple[Term, ...]:
    def parts(total: str) -> list[str]:
        return [id for id, one in named.items() if one.part_of == total]

    terms = _parsed(node, formula, parts)
    for term in terms:
        if term.name not in named:
            raise node.error("formula", f"{term.name!r} is none of {', '.join(named)}")
    return terms


def _parsed(node: Node, text: str, parts: Callable[[str], Sequence[str]]) -> tuple[Term, ...]:
    """The terms of a formula, in the order in which they stand.

    Args:
        node: Where it stands, for errors.
        text: The formula.
        parts: Gives what is part of a total, in printed order; none where nothing is.
    """
    sides = text.split("=")
    if len(sides) != 2:
        raise node.error("formula", f"{text!r} needs exactly one '='")
    terms: list[Term] = []
    for side, words in zip((1, -1), sides, strict=True):
        at = 0
        while at < len(words):
            match = _TERM.match(words, at)
            if match is None or (not match[1] and at > 0):
                where = words[at:].strip()
                raise node.error("formula", f"{text!r} cannot be read at {where!r}")
            sign = -1 if match[1] == "-" else 1
            if match[2] == "parts":
                members = parts(match[3])
                if not members:
                    raise node.error("formula", f"{text!r}: nothing is part of {match[3]!r}")
                terms += [Term(side, sign, name) for name in members]
            else:
                terms.append(Term(side, sign, match[3] or match[4], match[2] == "last"))
            at = match.end()
        if not any(term.side == side for term in terms):
            raise node.error("formula", f"{text!r} has nothing on one side of '='")
    seen: set[tuple[str, bool]] = set()
    for term in terms:
        if (term.name, term.last) in seen:
            raise node.error("formula", f"{text!r} has {term.name!r} twice")
        seen.add((term.name, term.last))
    return tuple(terms)


def _one_kind(node: Node, columns: Sequence[Column]) -> None:
    """Figures of one unit alone can be added, and only whole numbers are."""
    money: ValueKind = "money"
    if any(column.kind == money for column in columns):
        raise node.error("formula", "sums are of whole numbers; there is money in this one")
    units = {column.unit for column in columns}
    if len(units) > 1:
        raise node.error("formula", f"it adds figures of several units: {sorted(units)}")


def _filled(node: Node, text: str, *, row: Row | None = None, column: Column | None = None) -> str:
    """A sentence with what the row or column is called in the places that it leaves for that."""
    values: dict[str, str] = {}
    if row is not None:
        values |= {"row": row.id, "row.label": row.label, "row.printed": row.printed}
    if column is not None:
        values |= {"column": column.id, "column.label": column.label}

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise node.error("", f"{match[0]} in {text!r} is none of {', '.join(values)}")
        return values[match[1]]

    return _PLACE.sub(value, text)
