"""From a store to one file: what is written, what is left out, and the dictionary beside it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

from extractor.errors import UsageError
from extractor.export.blocks import Block, Row, blocks_of, with_panel
from extractor.export.cells import Names
from extractor.export.columns import Column, Shape, columns_of
from extractor.export.facts import Facts, counted, facts_of
from extractor.files import whole_file
from extractor.writing import check_targets, encoded
from verify.verdicts import BEST_FIRST, GOOD

if TYPE_CHECKING:
    from extractor.batch.records import Report, Stated
    from extractor.batch.store import Store

Format = Literal["csv", "jsonl", "parquet", "xlsx"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet", "xlsx")
DEFAULT_VERDICTS = GOOD
ALL = "all"
_MODULES = {"parquet": "pyarrow", "xlsx": "openpyxl"}
_BESIDE = ("", "-wal", "-shm")  # of a store


@dataclass(slots=True)
class Exported:
    """What was written."""

    path: str  # the file
    dictionary: str  # the data dictionary beside it
    datapackage: str  # the description of both as a data package (Frictionless), beside them
    format: Format  # of the file
    shape: Shape | None  # one row a cell or one row a report; None where a line is a whole result
    written: dict[str, int]  # reports written, by verdict
    left_out: dict[str, int]  # reports left out for their verdict, by verdict
    figures: int = 0  # figures read or deduced in the reports that were written
    figures_left_out: int = 0  # the same in those that were left out
    without_result: int = 0  # reports that have no result at all, and so are in no export
    without_cells: int = 0  # reports that have no cells and so, in a long file, no row
    rows: int = 0  # rows of the file, headers not counted
    # figures that a column or a number of the format cannot hold; they stand as text
    beyond: int = 0
    shortened: int = 0  # texts that were cut because a cell of a spreadsheet cannot hold them

    @property
    def reports(self) -> int:
        """How many reports were written."""
        return sum(self.written.values())

    @property
    def of(self) -> int:
        """How many reports there are, with and without a result."""
        return self.reports + sum(self.left_out.values()) + self.without_result

    def took(self, report: Report, rows: int) -> None:
        """Count a report that was written."""
        self.written[report.verdict] += 1
        self.rows += rows
        self.without_cells += report.form is None


class _Writer(Protocol):
    beyond: int
    shortened: int

    def add(self, block: Block) -> None: ...
    def close(self, dictionary: Sequence[Row]) -> None: ...
    def abort(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for, checked."""

    store: str
    to: str
    format: Format
    shape: Shape
    names: Names
    verdicts: tuple[str, ...]
    run: int | None
    bom: bool
    own: tuple[str, ...] = ()

    @property
    def datapackage(self) -> str:
        """The description beside it."""
        return self.to + ".datapackage.json"

    @property
    def dictionary(self) -> str:
        """The file beside it."""
        return self.to + ".dictionary.csv"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Of each row; none where a line is a whole result."""
        return () if self.format == "jsonl" else columns_of(self.shape, self.names, self.own)


def export(
    store: str | os.PathLike[str],
    to: str | os.PathLike[str],
    *,
    shape: Shape = "long",
    verdicts: Collection[str] | Literal["all"] = DEFAULT_VERDICTS,
    run: int | None = None,
    names: Names = "cell",
    bom: bool = False,
) -> Exported:
    """Write the results of a store to a file, a data dictionary beside it; see docs/exporting.md.

    The file is there whole or not at all; memory does not grow with the store.

    Args:
        store: Path of the store.
        to: The file: ``.csv``, ``.jsonl``, ``.parquet`` or ``.xlsx`` says what it shall be.
        shape: ``long``, one row a cell, or ``wide``, one row a report; JSONL has no shape.
        verdicts: Reports with these verdicts, or ``all``.
        run: Store as they stood at the end of that run; None for the latest.
        names: How cells are called: as in the contract, or ``short``, at most 32 letters.
        bom: Begin CSV with a byte order mark, for Excel.

    Returns:
        What was written and what was left out.

    Raises:
        UsageError: No such format, verdict or run; an extra is not installed; the file cannot be
            written.
        StoreError: The store cannot be read.
    """
    from extractor.batch.merging import open_results

    chosen = BEST_FIRST if verdicts == ALL else tuple(v for v in BEST_FIRST if v in verdicts)
    unknown = () if verdicts == ALL else sorted(set(verdicts) - set(BEST_FIRST))
    if unknown:
        raise UsageError(f"no verdict {unknown[0]!r}; there are {', '.join(BEST_FIRST)}, or all")
    if not chosen:
        raise UsageError(f"no verdict is named; there are {', '.join(BEST_FIRST)}, or all")
    to = os.fspath(to)
    plan = Plan(os.fspath(store), to, format_of(to), shape, names, chosen, run, bom)
    _check(plan)
    with open_results(plan.store) as opened:
        if plan.run is not None:
            opened.run(plan.run)
        plan = replace(plan, own=opened.manifest_columns())
        try:
            return _export(opened, plan)
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError(
                f"{plan.to!r} cannot be written ({why}); nothing was changed; "
                "make room or name another file"
            ) from None


def _check(plan: Plan) -> None:
    """Refuse what cannot be written before anything is read."""
    if plan.bom and plan.format != "csv":
        raise UsageError(f"a byte order mark is for CSV; leave --bom out for {plan.to!r}")
    targets = {
        "--to": plan.to,
        "its dictionary": plan.dictionary,
        "its description": plan.datapackage,
    }
    for target in targets.values():
        for suffix in _BESIDE:
            if _same_file(target, plan.store + suffix):
                raise UsageError(f"{target!r} is the store itself; name another file to write")
    check_targets(targets, [])
    _need(plan.format)


def format_of(to: str) -> Format:
    """The format that the name of a file asks for.

    Raises:
        UsageError: None of the four.
    """
    ending = os.path.splitext(to)[1].lower().removeprefix(".")
    for format in FORMATS:
        if ending == format:
            return format
    raise UsageError(f"{to!r}: no such format; end it in .csv, .jsonl, .parquet or .xlsx")


def _need(format: Format) -> None:
    module = _MODULES.get(format)
    if module is None:
        return
    import importlib

    try:
        importlib.import_module(module)
    except ImportError:
        raise UsageError(f".{format} needs {module}: pip install 'gouji[export]'") from None


def _same_file(one: str, other: str) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def _export(store: Store, plan: Plan) -> Exported:
    exported = _counted(store, plan)
    facts = facts_of(plan, exported.left_out)
    with whole_file(plan.datapackage) as described:
        with whole_file(plan.dictionary) as beside, whole_file(plan.to) as sink:
            _write(store, plan, exported, facts, sink)
            from extractor.export.to_csv import BOM, line

            beside.write(BOM if plan.bom else b"")
            beside.writelines(map(line, _dictionary(plan, exported, facts)))
        from extractor.export.datapackage import datapackage

        described.write(datapackage(plan, exported))
    return exported


def _counted(store: Store, plan: Plan) -> Exported:
    """What will be written and left out; of figures a rejected report gives none."""
    reports: Counter[str | None] = Counter()
    figures: Counter[str | None] = Counter()
    for one in store.rows(run=plan.run):
        reports[one.verdict] += 1
        figures[one.verdict] += 0 if one.verdict == "rejected" else one.figures or 0
    left_out: dict[str, int] = {
        v: reports[v] for v in BEST_FIRST if reports[v] and v not in plan.verdicts
    }
    return Exported(
        plan.to,
        plan.dictionary,
        plan.datapackage,
        plan.format,
        plan.shape if plan.columns else None,
        dict.fromkeys(plan.verdicts, 0),
        left_out,
        figures=sum(figures[verdict] for verdict in plan.verdicts),
        figures_left_out=sum(figures[verdict] for verdict in left_out),
        without_result=reports[None],
    )


def _write(store: Store, plan: Plan, exported: Exported, facts: Facts, sink: BinaryIO) -> None:
    reports = store.reports(verdicts=plan.verdicts, run=plan.run)
    known = store.has_manifest()

    def stated(sha256: str) -> Sequence[Stated]:
        return store.stated(sha256) if known else ()

    if plan.format == "jsonl":
        for report in reports:
            sink.write(encoded(with_panel(report, stated(report.sha256))) + b"\n")
            exported.took(report, 1)
        return
    writer = _writer(plan, sink, facts)
    block_of = blocks_of(plan.shape, plan.names, plan.own, stated)
    try:
        for report in reports:
            block = block_of(report)
            writer.add(block)
            exported.took(report, block.count)
        exported.beyond, exported.shortened = writer.beyond, writer.shortened
        writer.close(_dictionary(plan, exported, facts))
    except BaseException:
        writer.abort()
        raise
    exported.beyond, exported.shortened = writer.beyond, writer.shortened


def _writer(plan: Plan, sink: BinaryIO, facts: Facts) -> _Writer:
    if plan.format == "csv":
        from extractor.export.to_csv import CsvWriter

        return CsvWriter(sink, plan.columns, bom=plan.bom)
    if plan.format == "parquet":
        from extractor.export.to_parquet import ParquetWriter

        return ParquetWriter(sink, plan.columns, {name: fact["en"] for name, fact in facts.items()})
    from extractor.export.to_xlsx import XlsxWriter

    return XlsxWriter(sink, plan.columns, "cells" if plan.shape == "long" else "reports")


def _dictionary(plan: Plan, exported: Exported, facts: Facts) -> list[Row]:
    from extractor.export.dictionary import dictionary

    columns = plan.columns
    if plan.format == "parquet":
        from extractor.export.to_parquet import EXACT_COLUMN

        columns = (*columns, EXACT_COLUMN)
    return dictionary(columns, {**facts, **counted(exported)}, plan.verdicts)
