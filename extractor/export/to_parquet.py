"""Parquet by pyarrow: row groups as they come, exact decimals, and what was left out in its metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from extractor.export.blocks import SEVERAL, Block, Row, Value
from extractor.export.columns import Column, named
from extractor.export.text import encodable

if TYPE_CHECKING:
    import pyarrow as pa

DIGITS, SCALE = 38, 8
"""Of a decimal: 30 digits before the point, which no figure of a report exceeds, and 8 after it."""
EXACT_COLUMN = next(named("value_exact"))
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
        self._blocks: list[Block] = []
        self._count = 0
        self._most = max(1, _GROUP // len(columns))

    def add(self, block: Block) -> None:
        """Keep a report until there are enough rows for a row group."""
        self._blocks.append(block)
        self._count += block.count
        if self._count >= self._most:
            self._flush()

    def close(self, dictionary: Sequence[Row]) -> None:  # noqa: ARG002 - a workbook needs it
        """Write what is left and the end of the file; the dictionary is a file of its own."""
        if self._count:
            self._flush()
        self._file.close()

    def abort(self) -> None:
        """Write no more; the file is thrown away."""
        self._file.is_open = False  # or it would write its end when it is collected

    def _flush(self) -> None:
        import pyarrow as pa

        blocks, self._blocks, count, self._count = self._blocks, [], self._count, 0
        spread = pa.array([n for n, block in enumerate(blocks) for _ in range(block.count)])
        wide = all(block.count == 1 for block in blocks)
        exact: dict[int, list[str]] = {}
        arrays: list[pa.Array] = []
        for at, column in enumerate(self._columns):
            kind = self._schema.field(at).type
            many = [block.columns[at] for block in blocks]
            lists = [type(values) in SEVERAL for values in many]
            if not any(lists):  # a value for each report
                array = _array(many, column, exact, kind)
                arrays.append(array if wide else array.take(spread))
                continue
            if all(type(one) is tuple for one in many):
                arrays.append(pa.concat_arrays([_fixed(one) for one in many]))
                continue
            values: list[Value] = []
            for block, found, listed in zip(blocks, many, lists, strict=True):
                values += found if listed else [found] * block.count
            arrays.append(_array(values, column, exact, kind))
        self.beyond += sum(map(len, exact.values()))
        said = [" ".join(exact[row]) if row in exact else None for row in range(count)]
        arrays.append(pa.array(said, pa.string()))
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))


def _array(values: list[Value], column: Column, exact: dict[int, list[str]], kind: Any) -> pa.Array:
    """Values as Arrow has them; those that do not fit are null and stand in ``exact`` of their rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if column.kind != "figure":
            plain = values if column.kind != "money" else [v and Decimal(v) for v in values]
            return pa.array(plain, kind)
        counts = pa.array([v if type(v) is int else None for v in values], pa.int64()).cast(kind)
        money = pa.array([_held(v) if type(v) is str else None for v in values], kind)
        if counts.null_count + money.null_count == len(values) + values.count(None):
            return pc.coalesce(counts, money)
    except (UnicodeEncodeError, OverflowError, pa.ArrowInvalid):
        pass
    made = _CONVERT[column.kind](values)
    for row, (value, held) in enumerate(zip(values, made, strict=True)):
        if held is None and value is not None:  # in digits: nothing is ever rounded
            said = str(value) if column.cell is None else f"{column.name}={value}"
            exact.setdefault(row, []).append(said)
    return pa.array(made, kind)


@lru_cache
def _fixed(column: tuple[str, ...]) -> pa.Array:
    """A column that is the same for all reports of a form."""
    import pyarrow as pa

    return pa.array(column, pa.string())


def _texts(values: list[Value]) -> list[Any]:
    return [None if value is None else encodable(str(value)) for value in values]


def _integers(values: list[Value]) -> list[Any]:
    return [None if v is None or not -_INT64 <= int(v) < _INT64 else v for v in values]


def _decimals(values: list[Value]) -> list[Any]:
    return [None if value is None else _held(value) for value in values]


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


_CONVERT: dict[str, Callable[[list[Value]], list[Any]]] = {
    "text": _texts,
    "integer": _integers,
    "money": _decimals,
    "figure": _decimals,
}
