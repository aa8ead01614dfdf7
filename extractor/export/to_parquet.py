"""Parquet by pyarrow: row groups as they come, exact decimals, and what was left out in its metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from extractor.export.columns import Column
from extractor.export.rows import Row, Value
from extractor.export.text import encodable

if TYPE_CHECKING:
    import pyarrow as pa

DIGITS, SCALE = 38, 8
"""Of a decimal: 30 digits before the point, which no figure of a report exceeds, and 8 after it."""
EXACT_COLUMN = Column(
    "value_exact",
    "text",
    "数值的列容不下的数字，原样写出；宽表为“单元格=数字”，以空格分隔",
    "figures that the column of their value cannot hold, in digits; wide: cell=digits, separated by blanks",
)
_GROUP = 400_000  # values; about 25,000 rows of the long shape, 1,600 of the wide one
_INT64 = 2**63


class ParquetWriter:
    """Rows as Parquet, a row group at a time.

    Attributes:
        beyond: Figures that their column could not hold: null there, in digits in `EXACT_COLUMN`.
        shortened: Texts that were cut: none.
    """

    shortened = 0

    def __init__(
        self, sink: BinaryIO, columns: Sequence[Column], metadata: Mapping[str, str]
    ) -> None:
        """Begin the file.

        Args:
            sink: Where to.
            columns: Of each row; `EXACT_COLUMN` is added.
            metadata: To be said in the file.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.beyond = 0
        self._columns = columns
        money = pa.decimal128(DIGITS, SCALE)
        types = {"text": pa.string(), "integer": pa.int64(), "money": money, "figure": money}
        fields = [pa.field(column.name, types[column.kind]) for column in columns]
        fields.append(pa.field(EXACT_COLUMN.name, pa.string()))
        self._schema = pa.schema(fields, {f"gouji.{k}": v for k, v in metadata.items()})
        self._file = pq.ParquetWriter(sink, self._schema, compression="zstd")
        self._rows: list[Row] = []
        self._most = max(1, _GROUP // len(columns))

    def add(self, rows: Iterable[Row]) -> None:
        """Keep rows until they are a row group."""
        self._rows += rows
        while len(self._rows) >= self._most:
            group, self._rows = self._rows[: self._most], self._rows[self._most :]
            self._flush(group)

    def close(self, dictionary: Sequence[Row]) -> None:  # noqa: ARG002 - a workbook needs it
        """Write what is left and the end of the file; the dictionary is a file of its own."""
        if self._rows:
            self._flush(self._rows)
            self._rows = []
        self._file.close()

    def abort(self) -> None:
        """Write no more; the file is thrown away."""
        self._file.is_open = False  # or it would write its end when it is collected

    def _flush(self, rows: list[Row]) -> None:
        import pyarrow as pa

        exact: list[list[str]] = [[] for _ in rows]
        arrays: list[pa.Array] = []
        for at, column in enumerate(self._columns):
            values = [row[at] for row in rows]
            to_column = _CONVERT[column.kind]
            arrays.append(pa.array(to_column(values, column, exact), self._schema.field(at).type))
        self.beyond += sum(map(len, exact))
        arrays.append(pa.array([" ".join(said) or None for said in exact], pa.string()))
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))


def _texts(values: list[Value], column: Column, exact: list[list[str]]) -> list[Any]:  # noqa: ARG001
    return [None if value is None else encodable(str(value)) for value in values]


def _integers(values: list[Value], column: Column, exact: list[list[str]]) -> list[Any]:
    found: list[Any] = []
    for at, value in enumerate(values):
        fits = value is None or -_INT64 <= int(value) < _INT64
        if not fits:
            _keep(value, column, exact[at])
        found.append(value if fits else None)
    return found


def _decimals(values: list[Value], column: Column, exact: list[list[str]]) -> list[Any]:
    found: list[Any] = []
    for at, value in enumerate(values):
        amount = None if value is None else _held(value)
        if amount is None and value is not None:
            _keep(value, column, exact[at])
        found.append(amount)
    return found


@lru_cache(maxsize=16_384)
def _held(value: str | int) -> Decimal | None:
    """The figure as a decimal of the column, None when it has more digits than that."""
    amount = Decimal(value)
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent < -SCALE:  # zeros at the end are no digits that could be lost
        amount = Decimal(str(value).rstrip("0"))
        exponent = amount.as_tuple().exponent
        assert isinstance(exponent, int)
    fits = exponent >= -SCALE and (not amount or amount.adjusted() < DIGITS - SCALE)
    return amount if fits else None


def _keep(value: object, column: Column, exact: list[str]) -> None:
    """Say a figure in digits that its column cannot hold; nothing is ever rounded."""
    exact.append(str(value) if column.cell is None else f"{column.name}={value}")


_CONVERT: dict[str, Callable[[list[Value], Column, list[list[str]]], list[Any]]] = {
    "text": _texts,
    "integer": _integers,
    "money": _decimals,
    "figure": _decimals,
}
