"""Decisions of people as JSON lines: read strictly and whole, or not at all; written in one order, byte for byte.

A file may come from anywhere: every line is checked, and a wrong one is named.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.catalogue import Catalogue
from extractor.cli.command import command
from extractor.errors import InputError, UsageError
from extractor.options import Spoken
from extractor.writing import check_targets, put, say
from verify.decisions import Decision, order

if TYPE_CHECKING:
    from extractor.batch.store import Store

MOST_ROWS = 100_000
MOST_BYTES = 64 * 2**20
_LONGEST = 64 * 1024


def parse(data: bytes, name: str) -> list[Decision]:
    """The decisions of a file.

    Args:
        data: JSON lines.
        name: Of the file, for messages.

    Raises:
        InputError: A line is none, or there are too many.
    """
    from pydantic import ValidationError

    from verify.schema_parts import Decision as Row

    if len(data) > MOST_BYTES or data.count(b"\n") > MOST_ROWS:
        raise InputError(
            f"{name!r} has more than {MOST_ROWS} decisions or {MOST_BYTES // 2**20} MB; import it in parts"
        )
    found: dict[str, Decision] = {}
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        if len(line) > _LONGEST:
            raise _wrong(name, number, "it is longer than 64 kB")
        try:
            one = Row.model_validate_json(line).plain()
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            at = ".".join(map(str, first["loc"]))
            what = " ".join(f"{at}: {first['msg']}".split())[:160].removeprefix(": ")
            raise _wrong(name, number, what) from None
        except (ValueError, RecursionError) as error:
            raise _wrong(name, number, str(error)[:160]) from None
        if found.setdefault(one.id, one) != one:
            raise _wrong(name, number, f"the id {one.id} stands twice for different decisions")
    return list(found.values())


def _wrong(name: str, line: int, what: str) -> InputError:
    return InputError(f"{name!r}, line {line}: no decision ({what}); nothing was taken")


def load(path: str) -> list[Decision]:
    """The decisions of a file on disk, ``-`` for standard input.

    Raises:
        InputError: It cannot be read, or a line of it is none.
    """
    try:
        if path == "-":
            return parse(sys.stdin.buffer.read(MOST_BYTES + 1), "-")
        with open(path, "rb") as file:
            return parse(file.read(MOST_BYTES + 1), path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path!r} cannot be read ({reason}); check it") from None


def lines(decisions: Iterable[Decision]) -> Iterator[str]:
    """Each as a line, by time; the same decisions give the same bytes."""
    from verify.schema_parts import Decision as Row

    for one in sorted(decisions, key=order):
        yield Row.row(one).model_dump_json() + "\n"


def take(store: Store, rows: list[Decision], *, known: bool = False) -> tuple[int, int, int]:
    """Add decisions to a store, all or none.

    Args:
        store: Open for writing.
        rows: From a file.
        known: Leave out those on reports that the store does not have.

    Returns:
        How many were added, were there, and were left out.

    Raises:
        InputError: Decisions on other reports, or that undo what is not there.
        StoreError: One has the id of another.
    """
    here = {one.id for _, one in store.decisions()}
    asked = {one.source for one in rows if one.scope == "place" and one.id not in here}
    foreign = {sha256 for sha256 in asked if store.known(sha256) is None}
    if foreign and not known:
        raise InputError(
            f"{len(foreign)} reports of these decisions are not in {store.path!r}, as {min(foreign)[:12]}…; "
            "nothing was taken: name the right store, or leave them out with --known"
        )
    kept = [one for one in rows if one.scope == "words" or one.source not in foreign]
    ids = here | {one.id for one in kept}
    lost = next((one for one in kept if one.undoes and one.undoes not in ids), None)
    if lost is not None:
        raise InputError(
            f"decision {lost.id} undoes {lost.undoes}, which is not there; nothing was taken"
        )
    return *store.add_decisions(kept), len(rows) - len(kept)


# --- commands -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Exporting(Spoken):
    """From where, and where to."""

    store: Annotated[str, typer.Argument(metavar="RUN.db")]
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE")] = None


@dataclass(frozen=True, kw_only=True)
class Importing(Spoken):
    """Which file, into which store."""

    file: Annotated[str, typer.Argument(metavar="FILE")]
    store: Annotated[str, typer.Argument(metavar="RUN.db")]
    known: Annotated[bool, typer.Option("--known")] = False


@command(Exporting)
def export(options: Exporting) -> int:
    """Write the decisions of a store."""
    from extractor.batch.store import Store

    check_targets({"-o": options.output}, [options.store])
    with Store.open(options.store) as store:
        text = "".join(lines(one for _, one in store.decisions()))
    put(None if options.output == "-" else options.output, text)
    return 0


@command(Importing)
def import_(options: Importing) -> int:
    """Add the decisions of a file to a store; its reports are judged again by the next run over it."""
    from extractor.batch.store import Store

    if not os.path.exists(options.store):
        raise UsageError(f"{options.store!r}: no such store; check the path")
    rows = load(options.file)
    with Store.open(options.store, write=True) as store:
        added, there, left_out = take(store, rows, known=options.known)
    if not options.quiet:
        words, store_path = Catalogue("review")[options.lang].imported, options.store
        say(words.format(added=added, there=there, left_out=left_out, store=store_path))
    return 0
