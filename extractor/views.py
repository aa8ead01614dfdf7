"""Files that show a result to people and to other programs: the page, SARIF, JUnit XML, CSV."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from extractor.writing import say, write

if TYPE_CHECKING:
    from extractor.outputs import Earlier
    from extractor.render.original import Original
    from extractor.source import SourceText
    from verify.schema import Result

OPTIONS = {
    "--html": "also write a page with source, tables and sums",
    "--comments": "also write a copy of the Word or Excel file with comments at the cells in question",
    "--sarif": "also write the findings as SARIF 2.1.0, for code viewers",
    "--junit": "also write one test case a rule as JUnit XML, for build servers",
    "--csv": "also write the findings as CSV, for spreadsheets",
}


def add_views(parser: argparse.ArgumentParser) -> None:
    """The options that name the files."""
    for option, about in OPTIONS.items():
        parser.add_argument(option, metavar="FILE", help=about)


def views_of(options: argparse.Namespace) -> dict[str, str | None]:
    """Option and file of each view, None where it is not asked for."""
    return {option: getattr(options, option.strip("-")) for option in OPTIONS}


def write_views(
    options: argparse.Namespace,
    result: Result,
    source: str,
    uri: str,
    *,
    previous: Earlier | None = None,
    original: Original | None = None,
    data: bytes | None = None,
) -> None:
    """Write the views that were asked for, each whole or not at all.

    Args:
        options: With the options of `add_views` and ``lang``.
        result: The result.
        source: The decoded text that its spans point into.
        uri: Path of the source as the user gave it.
        previous: Last year's source, where two years were compared.
        original: What the page shows of a source that is no text.
        data: The bytes of such a source, for a copy with comments.

    Raises:
        UsageError: A file cannot be written.
    """
    lang = options.lang
    if options.html:
        from extractor.render import page

        earlier = previous.source if previous else None
        write(options.html, page(result, source, lang, previous_text=earlier, original=original))
    if options.comments:
        from extractor.outputs.comments import write_comments

        write_comments(options.comments, result, data, lang)
    if not (options.sarif or options.junit or options.csv):
        return
    from extractor.outputs import Reported, sarif_log, to_csv, to_junit

    reports = [Reported(result, source, uri, previous=previous)]
    if options.sarif:
        write(options.sarif, sarif_log(reports, lang=lang))
    if options.junit:
        write(options.junit, to_junit(reports, lang=lang))
    if options.csv:
        write(options.csv, to_csv(reports, lang=lang))


def shown(source: SourceText, options: argparse.Namespace) -> Original | None:
    """What the page shows of a source; how large pictures of its pages are is said.

    Raises:
        RefusedError: There are too many pages, or Pillow is not installed.
    """
    from extractor.render.pictures import original_of

    original = original_of(source, pictures=options.pictures)
    if options.pictures:
        drawn = original.pictures if original else ()
        size = sum(len(one.data) for one in drawn) / 1_000_000
        say(f"extract: {len(drawn)} pictures of pages, {size:.1f} MB in the page")
    return original
