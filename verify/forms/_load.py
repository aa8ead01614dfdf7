"""A TOML file of forms → `FormSet`, checked strictly. ``docs/new-forms.md`` describes the file."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from typing import get_args

from verify.forms._instances import identities, year_rules
from verify.forms._node import FormsError, Node
from verify.forms._types import Column, Form, FormSet, Identity, Row, Table, ValueKind

_FORMAT = "1"
_KINDS: tuple[ValueKind, ...] = get_args(ValueKind)


@dataclass
class _Printed:
    """A table with its editions, as the file has it."""

    node: Node
    id: str
    editions: tuple[str, ...]
    tables: dict[str, Table] = field(default_factory=dict)
    rules: dict[str, list[Identity]] = field(default_factory=dict)


def load_forms(path: str | os.PathLike[str]) -> FormSet:
    """Read the forms that a TOML file describes.

    Args:
        path: Of the file.

    Raises:
        FormsError: The file is no TOML, or something in it is wrong; the message says where.
        OSError: The file cannot be read.
    """
    with open(path, "rb") as file:
        return parse_forms(file.read(), os.path.basename(path))


def parse_forms(data: bytes, name: str) -> FormSet:
    """The forms that the bytes of a file describe.

    Args:
        data: UTF-8, TOML.
        name: Of the file, for messages.

    Raises:
        FormsError: It is no TOML, or something in it is wrong; the message says where.
    """
    try:
        read = tomllib.loads(data.decode().replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormsError(f"{name}: is no TOML in UTF-8: {error}") from None
    return _forms(Node(read, name))


def _forms(root: Node) -> FormSet:
    root.choice("format", (_FORMAT,))
    id, version = root.id("id"), root.text("version")
    words = root.node("words", {})
    titles, ends = words.texts("titles"), words.texts("ends")
    words.done()
    printed: dict[str, _Printed] = {}
    headings: dict[str, str] = {}
    for node in root.nodes("tables"):
        one = _table(node)
        if one.id in printed:
            raise node.error("id", f"two tables are called {one.id!r}")
        printed[one.id] = one
        for heading in next(iter(one.tables.values())).headings:
            if headings.setdefault(heading, one.id) != one.id:
                raise node.error("headings", f"{heading!r} is a heading of {headings[heading]!r}")
    forms = _compositions(root, printed)
    editions = {id: one.tables for id, one in printed.items()}
    years = year_rules(root.nodes("years", required=False), editions)
    root.done()
    return FormSet(id, version, forms, editions, titles, ends, headings, years)


# --- tables ---------------------------------------------------------------------------------------


def _table(node: Node) -> _Printed:
    id = node.id("id")
    found = _Printed(node, id, node.texts("editions", ("",)))
    columns = _columns(node)
    sets = node.node("column_sets", {})
    named = {key: _chosen(sets, key, columns) for key in sets}
    sets.done()
    title, number, headings = node.text("title"), node.text("number", ""), node.texts("headings")
    parts = (
        node.text("parts_zh", "总计以外"),
        node.text("parts_en", "columns before the total"),
    )
    words = [_of_edition(word, found, node) for word in node.mixed("words")]
    rows = [_row(each, found, columns, named) for each in node.nodes("rows")]
    for edition in found.editions:
        own = tuple(row for row, editions in rows if edition in editions)
        table = Table(
            id,
            title,
            own,
            tuple(word for word, editions in words if edition in editions),
            number,
            edition,
            headings,
            *parts,
        )
        _check(table, node)
        found.tables[edition] = table
    rules = node.nodes("identities", required=False)
    for edition, table in found.tables.items():
        found.rules[edition] = [
            rule
            for each in rules
            if edition in _editions(each, found)
            for rule in identities(each, table)
        ]
    for each in rules:
        each.done()
    return found


def _columns(node: Node) -> dict[str, Column]:
    found = {}
    columns = node.node("columns")
    for key in columns:
        each = columns.node(key)
        kind = each.choice("kind", _KINDS, "count")
        found[key] = Column(
            each.id("id", key),
            each.text("label"),
            each.texts("variants"),
            kind,  # type: ignore[arg-type]  # one of the choices
            each.text("unit", ""),
            each.id("part_of", ""),
        )
        each.done()
    return found


def _chosen(node: Node, key: str, columns: dict[str, Column]) -> tuple[Column, ...]:
    names = node.texts(key, None)
    for name in names:
        if name not in columns:
            raise node.error(key, f"no column is called {name!r}")
    return tuple(columns[name] for name in names)


def _of_edition(word: str | Node, printed: _Printed, node: Node) -> tuple[str, tuple[str, ...]]:
    if isinstance(word, str):
        return word, printed.editions
    text, editions = word.text("text"), _editions(word, printed)
    word.done()
    if not editions:
        raise node.error("words", f"{text!r} is of no edition")
    return text, editions


def _editions(node: Node, printed: _Printed) -> tuple[str, ...]:
    editions = node.texts("editions", printed.editions)
    for edition in editions:
        if edition not in printed.editions:
            raise node.error("editions", f"{edition!r} is no edition of {printed.id!r}")
    return editions


def _row(
    node: Node,
    printed: _Printed,
    columns: dict[str, Column],
    named: dict[str, tuple[Column, ...]],
) -> tuple[Row, tuple[str, ...]]:
    if node.is_text("columns"):
        name = node.text("columns")
        if name not in named:
            raise node.error("columns", f"no set of columns is called {name!r}")
        own = named[name]
    elif node.has("columns") or len(named) != 1:
        own = _chosen(node, "columns", columns)
    else:
        (own,) = named.values()
    row = Row(
        node.id("id"),
        node.text("label"),
        own,
        node.texts("variants"),
        node.text("ordinal", ""),
        node.text("group", ""),
        node.id("part_of", ""),
    )
    editions = _editions(node, printed)
    node.done()
    if not own:
        raise node.error("columns", "a row needs one column at least")
    return row, editions


def _check(table: Table, node: Node) -> None:
    """Names once each, and totals that there are, above no total of their own."""
    edition = f" of edition {table.edition!r}" if table.edition else ""
    if not table.rows:
        raise node.error("rows", f"there is no row{edition}")
    rows = [row.id for row in table.rows]
    _check_names(rows, node, "rows", edition)
    _check_parts({row.id: row.part_of for row in table.rows}, node, "rows")
    for row in table.rows:
        columns = [column.id for column in row.columns]
        _check_names(columns, node, f"rows[{row.id}].columns", edition)
        _check_parts({c.id: c.part_of for c in row.columns}, node, f"rows[{row.id}].columns")


def _check_names(ids: list[str], node: Node, key: str, edition: str) -> None:
    for id in ids:
        if ids.count(id) > 1:
            raise node.error(key, f"{id!r} stands twice{edition}")


def _check_parts(parts: dict[str, str], node: Node, key: str) -> None:
    for id, of in parts.items():
        seen, total = {id}, of
        while total:
            if total not in parts:
                raise node.error(key, f"{id!r} is part of {total!r}, which is not there")
            if total in seen:
                raise node.error(key, f"the totals above {id!r} run in a circle")
            seen.add(total)
            total = parts[total]


# --- forms ----------------------------------------------------------------------------------------


def _compositions(root: Node, printed: dict[str, _Printed]) -> tuple[Form, ...]:
    """The forms: one edition of each table that they have."""
    found: list[Form] = []
    for node in root.nodes("forms"):
        id, variant = node.id("id"), node.text("variant", node.text("id"))
        chosen = node.node("tables", {})
        tables: list[Table] = []
        rules: list[Identity] = []
        for one in printed.values():
            if "" in one.editions and chosen.has(one.id):
                raise chosen.error(one.id, "this table has no editions")
            edition = "" if "" in one.editions else chosen.choice(one.id, one.editions)
            tables.append(one.tables[edition])
            rules += one.rules[edition]
        chosen.done()
        node.done()
        telling = [name for table in tables for name in _telling(table, printed[table.id])]
        form = Form(id, variant, tuple(tables), tuple(rules), tuple(telling))
        if any(other.variant == variant for other in found):
            raise node.error("variant", f"two forms are called {variant!r}")
        ids = [rule.id for rule in rules]
        for rule in ids:
            if ids.count(rule) > 1:
                raise node.error("tables", f"two identities are called {rule!r}")
        found.append(form)
    return tuple(found)


def _telling(table: Table, printed: _Printed) -> list[str]:
    """The cells of the rows that only this edition has, where each edition has rows of its own."""
    ids = {edition: {row.id for row in one.rows} for edition, one in printed.tables.items()}
    own = {
        edition: mine.difference(*(other for name, other in ids.items() if name != edition))
        for edition, mine in ids.items()
    }
    if len(own) == 1 or not all(own.values()):
        return []
    return [name for row in table.rows if row.id in own[table.edition] for name in table.cells(row)]
