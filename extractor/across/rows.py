"""The reports of a store sorted by agency and year, and by tables, on disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractor.across.agencies import Agencies, sort_names
from extractor.across.records import Member
from extractor.across.spill import Spill, packed, unpacked
from extractor.across.standing import Standing

_SCRIPT = """\
CREATE TABLE reports (
  agency INTEGER, printed TEXT, year INTEGER, tables TEXT NOT NULL, result INTEGER NOT NULL,
  sha256 TEXT NOT NULL, path BLOB NOT NULL, verdict TEXT NOT NULL);
CREATE TABLE numbers (printed TEXT PRIMARY KEY, agency INTEGER NOT NULL) WITHOUT ROWID"""
_ADD = "INSERT INTO reports VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
_COLUMNS = "agency, printed, year, tables, result, sha256, path, verdict"
_GROUPED = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A report with tables.

    Attributes:
        agency: Number of its agency, None when its name says nothing.
        tables: Hash of all its values.
        result: Number of the result.
        member: As findings show it.
    """

    agency: int | None
    tables: str
    result: int
    member: Member


class Rows:
    """Reports with tables whose reading is trusted, kept in a temporary database."""

    def __init__(self) -> None:
        self._spill = Spill(_SCRIPT)
        self._waiting: list[tuple[object, ...]] = []
        self._names: set[str] = set()

    def add(self, report: Standing) -> None:
        """Keep a report; one without tables has nothing to compare."""
        if report.tables is None or report.verdict in (None, "rejected"):
            return
        if report.agency is not None:
            self._names.add(report.agency)
        self._waiting.append(
            (
                report.agency,
                report.year,
                report.tables,
                report.result,
                report.sha256,
                packed(report.name),
                report.verdict,
            )
        )
        if len(self._waiting) >= _GROUPED:
            self._flush()

    def sort(self) -> Agencies:
        """Sort what was added into agencies."""
        self._flush()
        agencies = sort_names(self._names)
        self._names.clear()
        self._spill.add("INSERT INTO numbers VALUES (?, ?)", agencies.number.items())
        self._spill.add(
            "UPDATE reports SET agency = (SELECT agency FROM numbers WHERE printed = reports.printed)",
            [()],
        )
        return agencies

    def count(self, where: str) -> int:
        """How many reports a condition holds for."""
        return int(next(self._spill.rows(f"SELECT count(*) FROM reports WHERE {where}"))[0])  # noqa: S608

    def by_year(self) -> Iterator[Row]:
        """Those with agency and year, by both, then by path."""
        return self._rows(
            "WHERE agency IS NOT NULL AND year IS NOT NULL ORDER BY agency, year, path, sha256"
        )

    def by_tables(self) -> Iterator[Row]:
        """Those whose tables another has as well, by tables, then agency, year and path."""
        return self._rows(
            "WHERE tables IN (SELECT tables FROM reports GROUP BY tables HAVING count(*) > 1) "
            "ORDER BY tables, agency IS NULL, agency, year, path, sha256"
        )

    def close(self) -> None:
        """Drop everything."""
        self._spill.close()

    def _flush(self) -> None:
        self._spill.add(_ADD, self._waiting)
        self._waiting.clear()

    def _rows(self, rest: str) -> Iterator[Row]:
        for found in self._spill.rows(f"SELECT {_COLUMNS} FROM reports {rest}"):  # noqa: S608
            agency, printed, year, tables, result, sha256, path, verdict = found
            yield Row(
                agency, tables, result, Member(unpacked(path), sha256, printed, year, verdict)
            )
