"""Parquet by pyarrow: row groups as they come, exact decimals, and what was left out in its metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from extractor.export.blocks import SEVERAL, Block, Row
from extractor.export.columns import Column, named
from extractor.export.text import encodable
from extractor.flat import Value

if TYPE_CHECKING:
    import pyarrow as pa

DIGITS, SCALE = 38, 8
"""Of a decimal: 30 digits before the point, which no figure of a report exceeds, and 8 after it."""
EXACT_COLUMN = next(named("value_exact"))
_GROUP = 400_000  # values; about 25,000 rows of the long shape, 1,600 of the wide one
_INT64 = 2**63


class ParquetWriter:
    """Rows as Parquet, a row group at a time.

    Args:
        sink: Where to.
        columns: Of each row; `EXACT_COLUMN` is added.
        metadata: To be said in the file.

    Attributes:
        beyond: Figures that their column could not hold: null there, in digits in `EXACT_COLUMN`.
        shortened: Texts that were cut: none.
    """

    shortened = 0

    def __init__(
        self, sink: BinaryIO, columns: Sequence[Column], metadata: Mapping[str, str]
    ) -> None:
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
        exact: dict[int, list[str]] = {}
        arrays: list[pa.Array] = []
        for at, column in enumerate(self._columns):
            many = [block.columns[at] for block in blocks]
            values = many
            if any(type(one) in SEVERAL for one in many):
                values = []
                for block, one in zip(blocks, many, strict=True):
                    values += one if type(one) in SEVERAL else [one] * block.count
            array = self._array(values, column, exact)
            arrays.append(array if len(values) == count else array.take(spread))
        self.beyond += sum(map(len, exact.values()))
        said = [" ".join(exact[row]) if row in exact else None for row in range(count)]
        arrays.append(pa.array(said, pa.string()))
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def _array(self, values: list[Value], column: Column, exact: dict[int, list[str]]) -> pa.Array:
        """Values as Arrow has them; figures that do not fit are null and stand in ``exact`` of their rows."""
        import pyarrow as pa

        kind = self._schema.field(column.name).type
        if column.kind in ("text", "integer"):
            # what does not fit is rare, and is looked for only then
            with suppress(UnicodeEncodeError, OverflowError, pa.ArrowInvalid):
                return pa.array(values, kind)
        made = list(map(_HELD[column.kind], values))
        if made.count(None) > values.count(None):
            for row, (value, held) in enumerate(zip(values, made, strict=True)):
                if held is None and value is not None:  # in digits: nothing is ever rounded
                    said = str(value) if column.cell is None else f"{column.name}={value}"
                    exact.setdefault(row, []).append(said)
        return pa.array(made, kind)


def _text(value: Value) -> str | None:
    return None if value is None else encodable(str(value))


def _integer(value: Value) -> Value:
    return None if value is None or not -_INT64 <= int(value) < _INT64 else value


@lru_cache(maxsize=16_384)
def _decimal(value: Value) -> Decimal | None:
    """The figure as a decimal of the column, None when it has more digits than that."""
    if value is None:
        return None
    amount = Decimal(value)
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent < -SCALE:  # zeros at the end are no digits that could be lost
        amount = Decimal(str(value).rstrip("0"))
        exponent = amount.as_tuple().exponent
        assert isinstance(exponent, int)
    fits = exponent >= -SCALE and (not amount or amount.adjusted() < DIGITS - SCALE)
    return amount if fits else None


_HELD: dict[str, Callable[[Value], Any]] = {
    "text": _text,
    "integer": _integer,
    "money": _decimal,
    "figure": _decimal,
}
