"""Results packed by zstd with a dictionary that the store keeps, and what of them stands in columns.

The same as functions of SQL: `result_json` for the views, the others for the migrations.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from typing import Any

import zstandard

from extractor.batch.store.items import applied_in, found_in

LEVEL = 3
"""Of zstd: higher ones take four times as long for a tenth less."""
SAMPLES = 128
"""So many results, or readings, make a dictionary; those before it are packed without one."""
_BYTES = 64 * 1024
Sample = bytes | bytearray | memoryview
RESULTS, READINGS = 32_768, 32_769  # lower numbers of dictionaries are not free
_MAGIC = b"\x28\xb5\x2f\xfd"  # of zstd
_MOST = 2**30


class Connection(sqlite3.Connection):
    """A connection to a store, which packs and unpacks results."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.packer = prepare(self)


class Packer:
    """Packs and unpacks for one connection; dictionaries are read when they are needed.

    Args:
        connection: Where they are kept.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.forget()

    def forget(self) -> None:
        """A transaction was undone, and a dictionary may have been with it."""
        self._unpackers: dict[int, zstandard.ZstdDecompressor] = {}
        self._packers: dict[int, zstandard.ZstdCompressor] = {}
        self._samples: dict[int, list[Sample]] = {RESULTS: [], READINGS: []}

    def pack(self, data: bytes, kind: int) -> bytes:
        """Data as they are kept; the first ones are packed without a dictionary, and make one.

        Args:
            data: A result or a reading.
            kind: Number of the dictionary: `RESULTS` or `READINGS`.
        """
        packer = self._packers.get(kind)
        if packer is None:
            found = self._dictionary(kind)
            if found is not None:
                self._samples.pop(kind, None)
            packer = zstandard.ZstdCompressor(level=LEVEL, dict_data=found)
            self._packers[kind] = packer
        return packer.compress(data)

    def learn(self, data: bytes, kind: int) -> bytes | None:
        """Take note of what was packed to be written; of the first ones a dictionary is made, to be kept."""
        samples = self._samples.get(kind)
        if samples is None:
            return None
        samples.append(data)
        if len(samples) < SAMPLES:
            return None
        del self._samples[kind], self._packers[kind]
        return trained(samples, kind)

    def unpack(self, body: bytes) -> bytes:
        """The data again.

        Raises:
            ValueError: They were not packed so.
        """
        try:
            number = zstandard.get_frame_parameters(body).dict_id
            unpacker = self._unpackers.get(number)
            if unpacker is None:
                found = self._dictionary(number) if number else None
                unpacker = self._unpackers[number] = zstandard.ZstdDecompressor(dict_data=found)
            return unpacker.decompress(body, max_output_size=_MOST)
        except (zstandard.ZstdError, TypeError) as error:
            raise ValueError(f"a packed body: {error}") from None

    def _dictionary(self, number: int) -> zstandard.ZstdCompressionDict | None:
        query = "SELECT body FROM dictionaries WHERE id = ?"
        row = self._connection.execute(query, (number,)).fetchone()
        return None if row is None else zstandard.ZstdCompressionDict(row[0])


def trained(samples: list[Sample], kind: int) -> bytes | None:
    """A dictionary for data like these, None where they say too little."""
    try:
        made = zstandard.train_dictionary(_BYTES, samples, k=1024, d=8, dict_id=kind)
    except zstandard.ZstdError:
        return None
    return bytes(made.as_bytes())


def inflated(body: bytes) -> bytes | None:
    """What a reading is, which comes as zlib; None where it is something else, and is kept as it is."""
    try:
        return zlib.decompress(body)
    except zlib.error:
        return None


def unpack_reading(packer: Packer, body: bytes) -> bytes:
    """A reading as it came."""
    return zlib.compress(packer.unpack(body), 1) if body.startswith(_MAGIC) else body


class _Trained:
    """The aggregate of SQL that makes a dictionary; NULL where there is too little."""

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._kind = RESULTS

    def step(self, data: Any, kind: Any) -> None:
        self._kind = kind
        self._samples.append(data.encode() if isinstance(data, str) else inflated(data) or b"")

    def finalize(self) -> bytes | None:
        return trained(self._samples, self._kind) if len(self._samples) >= SAMPLES else None


def prepare(connection: sqlite3.Connection) -> Packer:
    """Give a connection the functions that the views and the migrations of a store need.

    Args:
        connection: To a store, by whatever program.
    """
    packer = Packer(connection)

    def unpacked(body: bytes | None) -> str | None:
        return None if body is None else packer.unpack(body).decode()

    def packed_reading(body: bytes) -> bytes:
        data = inflated(body)
        return body if data is None else packer.pack(data, READINGS)

    connection.create_function("result_json", 1, unpacked, deterministic=True)
    connection.create_function("packed", 1, lambda text: packer.pack(text.encode(), RESULTS))
    connection.create_function("packed_reading", 1, packed_reading)
    connection.create_function("found_in", 1, lambda text: json.dumps(found_in(text)))
    connection.create_function("applied_in", 1, applied_in)
    connection.create_aggregate("trained", 2, _Trained)  # type: ignore[arg-type]  # its stub knows int alone
    return packer


__all__ = ["READINGS", "RESULTS", "Connection", "Packer", "inflated", "prepare", "unpack_reading"]
