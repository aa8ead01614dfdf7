"""Files that show a result to people and to other programs: the page, SARIF, JUnit XML, CSV."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from extractor.writing import write

if TYPE_CHECKING:
    from extractor.outputs import Earlier
    from verify.schema import Result

OPTIONS = {
    "--html": "also write a page with source, tables and sums",
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
) -> None:
    """Write the views that were asked for, each whole or not at all.

    Args:
        options: With the options of `add_views` and ``lang``.
        result: The result.
        source: The decoded text that its spans point into.
        uri: Path of the source as the user gave it.
        previous: Last year's source, where two years were compared.

    Raises:
        UsageError: A file cannot be written.
    """
    lang = options.lang
    if options.html:
        from extractor.render import page

        earlier = previous.source if previous else None
        write(options.html, page(result, source, lang, previous_text=earlier))
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
