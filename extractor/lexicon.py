"""The lexicon file: words that a person confirmed as names of rows and columns, a JSON object a line.

::

    {"words": "合计办理数", "table": "requests", "row": "results_total", "who": "王芳", "when": "2026-11-28"}

A line names a ``row`` or a ``column``, never both. A file is taken whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace

from extractor.errors import UsageError
from verify.lexicon import Entry, wrong_with

_MOST = 1_000_000
_FIELDS = frozenset(Entry.__dataclass_fields__)


@dataclass(slots=True)
class Lexicon:
    """Entries in the order of their file.

    Attributes:
        entries: Each checked; no two have the same words for one table.
    """

    entries: tuple[Entry, ...] = ()

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, new: bool = False) -> Lexicon:
        """The entries of a file.

        Args:
            path: Of the file.
            new: Whether a file that is not there is an empty lexicon.

        Raises:
            UsageError: There is no such file, or a line of it is wrong; the line is named.
        """
        try:
            with open(path, "rb") as file:
                data = file.read(_MOST + 1)
        except FileNotFoundError:
            if new:
                return cls()
            raise UsageError(f"--lexicon {os.fspath(path)!r}: no such file") from None
        except OSError as error:
            reason = error.strerror
            raise UsageError(f"--lexicon {os.fspath(path)!r} cannot be read ({reason})") from None
        lexicon = cls()
        try:
            if len(data) > _MOST:
                raise ValueError("it is larger than 1 MB")
            lines = data.decode("utf-8-sig").splitlines()
        except ValueError as error:
            wrong = "it is no UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            raise _unusable(path, 1, wrong) from None
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                lexicon._put(_entry(line))
            except ValueError as error:
                raise _unusable(path, number, str(error)) from None
        return lexicon

    def add(
        self, words: str, table: str, row: str, who: str = "", when: str = "", *, column: str = ""
    ) -> Entry:
        """Add an entry; the same words for the same row once more change nothing.

        Args:
            words: As printed.
            table: Id of the table.
            row: Id of the row that they name; "" for a column.
            who: Who confirmed it.
            when: On which day; the program asks no clock.
            column: Id of the column that they name.

        Raises:
            UsageError: The form itself knows these words, or they name another row already.
        """
        entry = Entry(words.strip(), table, row, column, who, when)
        try:
            return self._put(entry)
        except ValueError as error:
            raise UsageError(f"no entry of a lexicon: {error}") from None

    def remove(self, words: str, table: str | None = None) -> tuple[Entry, ...]:
        """Take the entries of some words out, of one table or of all; they are given back."""
        key = replace(_ANY, words=words).key
        gone = tuple(e for e in self.entries if e.key == key and table in (None, e.table))
        self.entries = tuple(entry for entry in self.entries if entry not in gone)
        return gone

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file whole, or leave it as it was.

        Raises:
            UsageError: It cannot be written.
        """
        from extractor.writing import put

        put(os.fspath(path), self.text)

    @property
    def text(self) -> str:
        """The file as `save` writes it."""
        lines = ({k: v for k, v in asdict(entry).items() if v} for entry in self.entries)
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    @property
    def sha256(self) -> str:
        """A hash of what the entries say, however the file is written."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def _put(self, entry: Entry) -> Entry:
        if wrong := wrong_with(entry):
            raise ValueError(wrong)
        for other in self.entries:
            if (other.key, other.table) == (entry.key, entry.table):
                if other.target == entry.target:
                    return other
                raise ValueError(f"{entry.words!r} names {other.target} already")
        self.entries = (*self.entries, entry)
        return entry


_ANY = Entry("", "")


def _entry(line: str) -> Entry:
    """One line.

    Raises:
        ValueError: It is no entry.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON object") from None
    if not isinstance(fields, dict) or not {"words", "table"} <= fields.keys() <= _FIELDS:
        raise ValueError(f"it must have words, table, and row or column, of {sorted(_FIELDS)}")
    if not all(isinstance(value, str) for value in fields.values()):
        raise ValueError("each of its values must be a string")
    return Entry(**fields)


def _unusable(path: str | os.PathLike[str], number: int, wrong: str) -> UsageError:
    return UsageError(
        f"--lexicon {os.fspath(path)!r}, line {number}: {wrong}; mend it or leave it out"
    )


__all__ = ["Entry", "Lexicon"]
