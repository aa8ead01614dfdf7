"""``extract lexicon``: words that a person confirms as names of rows and columns, in a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from extractor.cli.command import command
from extractor.errors import UsageError
from extractor.options import Spoken
from extractor.writing import put


@dataclass(frozen=True, kw_only=True)
class Listing(Spoken):
    """A lexicon."""

    file: Annotated[str, typer.Argument(metavar="FILE")]


@dataclass(frozen=True, kw_only=True)
class Adding(Listing):
    """Words, and what they name."""

    words: Annotated[str, typer.Argument(metavar="WORDS")]
    target: Annotated[str, typer.Argument(metavar="TABLE.ROW")]
    who: Annotated[str, typer.Option("--who", metavar="NAME")]
    when: Annotated[str | None, typer.Option("--when", metavar="DAY")] = None


@dataclass(frozen=True, kw_only=True)
class Removing(Listing):
    """Words that name nothing any more."""

    words: Annotated[str, typer.Argument(metavar="WORDS")]


@command(Adding)
def add(options: Adding) -> int:
    """Add an entry; the file is made where there is none."""
    from extractor.lexicon import Lexicon

    table, _, rest = options.target.partition(".")
    column = rest.removeprefix("*.") if rest.startswith("*.") else ""
    if not rest:
        raise UsageError(
            f"{options.target!r} names no row; write TABLE.ROW, as requests.granted, or TABLE.*.COLUMN"
        )
    lexicon = Lexicon.load(options.file, new=True)
    when = options.when or datetime.now().astimezone().date().isoformat()
    row = "" if column else rest
    lexicon.add(options.words, table, row, options.who, when, column=column)
    lexicon.save(options.file)
    return 0


@command(Listing)
def list(options: Listing) -> int:
    """Print the entries, one a line."""
    from extractor.lexicon import Lexicon

    for entry in Lexicon.load(options.file).entries:
        said = (entry.words, entry.target, entry.official, entry.who, entry.when)
        put(None, "\t".join(said) + "\n")
    return 0


@command(Removing)
def remove(options: Removing) -> int:
    """Take words out."""
    from extractor.lexicon import Lexicon

    lexicon = Lexicon.load(options.file)
    if not lexicon.remove(options.words):
        raise UsageError(
            f"{options.file!r} has no words {options.words!r}; see extract lexicon list"
        )
    lexicon.save(options.file)
    return 0
