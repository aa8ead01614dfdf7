"""The lexicon file: words that a person confirmed as names of rows and columns, a JSON object a line.

::

    {"words": "合计办理数", "table": "requests", "row": "results_total", "who": "王芳", "when": "2026-11-28"}

A line names a ``row`` or a ``column``, never both. A file is taken whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass, replace

from extractor.errors import UsageError
from extractor.files import write_whole
from verify.lexicon import Entry, Fault, fault_of

_MOST = 1_000_000
_FIELDS = frozenset(Entry.__dataclass_fields__)


@dataclass(slots=True)
class Lexicon:
    """Entries in the order of their file."""

    entries: tuple[Entry, ...] = ()  # each checked; no two have the same words for one table

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
            raise UsageError(
                f"--lexicon {os.fspath(path)!r}: no such file; check the path"
            ) from None
        except OSError as error:
            raise UsageError(
                f"--lexicon {os.fspath(path)!r} cannot be read ({error.strerror}); check it"
            ) from None
        if len(data) > _MOST:
            raise UsageError(f"--lexicon {os.fspath(path)!r} is larger than 1 MB; give a lexicon")
        try:
            lines = data.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise UsageError(f"--lexicon {os.fspath(path)!r} is no UTF-8; give a lexicon") from None
        lexicon = cls()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            lexicon._put(_entry(line, where := _line(path, number)), where)
        return lexicon

    def add(
        self, words: str, table: str, row: str, who: str = "", when: str = "", *, column: str = ""
    ) -> Entry:
        """Add an entry; the same words for the same row once more change nothing.

        Args:
            words: As printed; of several fields the last one counts, the others name the group.
            table: Id of the table.
            row: Id of the row that they name; "" for a column.
            who: Who confirmed it.
            when: On which day; the program asks no clock.
            column: Id of the column that they name.

        Raises:
            UsageError: The form itself knows these words, or they name another row already.
        """
        words = re.split(r"[\t|\n]", words.strip())[-1].strip()
        return self._put(Entry(words, table, row, column, who, when), "lexicon")

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
        try:
            write_whole(path, self.text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise UsageError(
                f"{os.fspath(path)!r} cannot be written ({error.strerror}); check it"
            ) from None

    @property
    def text(self) -> str:
        """The file as `save` writes it."""
        lines = ({k: v for k, v in asdict(entry).items() if v} for entry in self.entries)
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    @property
    def sha256(self) -> str:
        """A hash of what the entries say, however the file is written."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def _put(self, entry: Entry, where: str) -> Entry:
        fault = fault_of(entry)
        if fault:
            raise _refused(entry, fault, where)
        for other in self.entries:
            if (other.key, other.table) == (entry.key, entry.table):
                if other.target == entry.target:
                    return other
                raise UsageError(
                    f"{where}: {entry.words!r} names {other.target} already; remove that entry first"
                )
        self.entries = (*self.entries, entry)
        return entry


_ANY = Entry("", "")


def _line(path: str | os.PathLike[str], number: int) -> str:
    return f"--lexicon {os.fspath(path)!r}, line {number}"


def _entry(line: str, where: str) -> Entry:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError(f"{where}: no JSON object; mend the line or take it out") from None
    known = isinstance(fields, dict) and {"words", "table"} <= fields.keys() <= _FIELDS
    if not known or not all(isinstance(value, str) for value in fields.values()):
        raise UsageError(
            f"{where}: an entry has words, table, row or column, who and when, each a string"
        )
    return Entry(**fields)


def _refused(entry: Entry, fault: Fault, where: str) -> UsageError:
    if fault == "table":
        return UsageError(f"{where}: there is no table {entry.table!r}; see extract rules")
    if fault == "row_or_column":
        return UsageError(f"{where}: {entry.words!r} must name a row or a column, not both")
    if fault == "target":
        return UsageError(f"{where}: the form has no {entry.target}; see extract rules")
    if fault == "words":
        return UsageError(f"{where}: {entry.words!r} is no label; give one label as it is printed")
    return UsageError(
        f"{where}: {entry.words!r} is what the form itself knows; no lexicon overrides that"
    )
