"""A manifest put into a store, and what a run says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.batch.words import WORDS
from extractor.panel.against import FIELDS, otherwise

if TYPE_CHECKING:
    from extractor.batch.words import Lang
    from extractor.panel.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the lines of a manifest."""

    rows: int  # how many it has
    files: int  # how many of the files have a line
    without_line: int  # files that have none
    without_file: tuple[int, ...]  # lines that lead to no file of this run


def keep(manifest: Manifest, store: str, listed: Iterable[str] | None) -> Kept:
    """Write into a store what a manifest says of files.

    Args:
        manifest: It.
        store: Path of the store; made when it is not there.
        listed: The files of the run; None for those that the store lists now.

    Raises:
        StoreError: It cannot be written.
    """
    from extractor.batch.store import Store

    with Store.open(store, write=True) as opened:
        if listed is None:
            listed = (str(path) for (path,) in opened.sql("SELECT path FROM current_paths"))
        paths = list(listed)
        matched = manifest.matched(paths)
        opened.add_manifest(manifest.path, manifest.columns, matched)
    used = {row.line for row in matched.values()}
    lost = tuple(row.line for row in manifest.rows if row.line not in used)
    return Kept(len(manifest.rows), len(matched), len(paths) - len(matched), lost)


def said_of(kept: Kept, store: str, lang: Lang) -> list[str]:
    """Lines about a manifest after a run: what has no line, what no file, what the reports say otherwise."""
    from extractor.batch.store import Store

    words = WORDS[lang]
    lines = [words.manifest.format(rows=kept.rows, files=kept.files)]
    if kept.without_line:
        lines.append(words.without_line.format(number=kept.without_line))
    if kept.without_file:
        first = kept.without_file[0]
        lines.append(words.without_file.format(number=len(kept.without_file), line=first))
    found: Counter[str] = Counter()
    with Store.open(store) as opened:
        for report in opened.rows():
            stated = opened.stated(report.sha256)
            found.update(
                {one.code for one in otherwise(stated, report.sha256, report.agency, report.year)}
            )
    if found:
        told = words.parted.join(
            words.count.format(number=found[code], name=words.fields[field])
            for field in FIELDS
            if found[code := f"manifest_{field}"]
        )
        lines.append(words.otherwise.format(told=told))
    return lines
