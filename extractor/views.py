"""Files that show a result to people and to other programs: the page, SARIF, JUnit XML, CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractor.errors import UsageError
from extractor.writing import say, write

if TYPE_CHECKING:
    from extractor.options import Views
    from extractor.outputs import Earlier
    from extractor.render.original import Original
    from extractor.source import SourceText
    from verify.schema import Result

OPTIONS = ("--html", "--todo", "--comments", "--sarif", "--junit", "--csv")
SEVERAL = ("--todo", "--sarif", "--junit", "--csv")
"""Those that show several reports in one file."""


def views_of(options: Views) -> dict[str, str | None]:
    """Option and file of each view, None where it is not asked for.

    Raises:
        UsageError: The list of things to do is no workbook by its name.
    """
    if options.todo is not None and not options.todo.lower().endswith(".xlsx"):
        raise UsageError(f"--todo {options.todo!r}: a workbook is written; end it in .xlsx")
    return {option: getattr(options, option.strip("-")) for option in OPTIONS}


def write_views(
    options: Views,
    found: Sequence[tuple[Result, SourceText, str]],
    *,
    previous: Earlier | None = None,
) -> None:
    """Write the views that were asked for, each whole or not at all.

    Args:
        options: With the files of the views and ``lang``.
        found: The results, each with its source and the path of it as the user gave it.
        previous: Last year's source, where two years were compared.

    Raises:
        UsageError: A file cannot be written.
    """
    lang = options.lang
    if options.html:
        from extractor.render import page

        ((result, source, _),) = found
        earlier = previous.source if previous else None
        original = shown(source, pictures=options.pictures)
        write(
            options.html, page(result, source.text, lang, previous_text=earlier, original=original)
        )
    if options.comments:
        from extractor.outputs.comments import write_comments

        ((result, source, _),) = found
        write_comments(options.comments, result, source.data, lang)
    if not (options.todo or options.sarif or options.junit or options.csv):
        return
    from extractor.outputs import Reported, sarif_log, to_csv, to_junit

    reports = [
        Reported(result, source.text, uri, previous=previous) for result, source, uri in found
    ]
    if options.todo:
        from extractor.outputs.todo_xlsx import to_todo

        write(options.todo, to_todo(reports, lang=lang))
    if options.sarif:
        write(options.sarif, sarif_log(reports, lang=lang))
    if options.junit:
        write(options.junit, to_junit(reports, lang=lang))
    if options.csv:
        write(options.csv, to_csv(reports, lang=lang))


def shown(source: SourceText, *, pictures: bool) -> Original | None:
    """What the page shows of a source; how large pictures of its pages are is said.

    Raises:
        RefusedError: There are too many pages, or Pillow is not installed.
    """
    from extractor.render.pictures import original_of

    original = original_of(source, pictures=pictures)
    if pictures:
        drawn = original.pictures if original else ()
        size = sum(len(one.data) for one in drawn) / 1_000_000
        say(f"extract: {len(drawn)} pictures of pages, {size:.1f} MB in the page")
    return original
