"""Formulas of a file, written out: one rule for each row or column for which a formula holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from verify.forms._formulas import FormulaError, Term, parse
from verify.forms._node import Node
from verify.forms._types import Column, Identity, Row, Table, ValueKind, YearIdentity

_PLACE = re.compile(r"\{([^{}]*)\}")


class _Instance(NamedTuple):
    """A formula for one row or column: its id, its terms with the names of their cells, sentences."""

    id: str
    terms: tuple[tuple[str, Term], ...]
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
                texts = (_filled(node, text, row=row) for text in (id, *sentences))
                yield _instance(texts, cells)
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
        texts = (_filled(node, text, column=column) for text in (id, *sentences))
        yield _instance(texts, cells)


def _instance(texts: Iterator[str], cells: tuple[tuple[str, Term], ...]) -> _Instance:
    id, zh, en = texts
    return _Instance(id, cells, zh, en)


def _named(node: Node, key: str, possible: list[str], table: Table) -> tuple[str, ...]:
    names = node.texts(key, tuple(dict.fromkeys(possible)))
    for name in names:
        if name not in possible:
            raise node.error(key, f"there is no {name!r} in table {table.id!r}")
    return names


def _terms(node: Node, formula: str, named: Mapping[str, Row | Column]) -> tuple[Term, ...]:
    def parts(total: str) -> list[str]:
        return [id for id, one in named.items() if one.part_of == total]

    try:
        terms = parse(formula, parts)
    except FormulaError as error:
        raise node.error("formula", str(error)) from None
    for term in terms:
        if term.name not in named:
            raise node.error("formula", f"{term.name!r} is none of {', '.join(named)}")
    return terms


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
