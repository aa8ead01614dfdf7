"""``extract verify``: whether a stored result, of whatever maker, follows from its source and spans.

Exit codes: 0 it follows, whatever its verdict; 1 it does not; 2 wrong usage; 3 the result or its source
cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.catalogue import LANGS, Lang
from extractor.cli.command import command
from extractor.errors import UsageError
from extractor.options import Views, Worded
from extractor.render._facts import message
from extractor.render._text import one_line
from extractor.render._words import WORDS
from extractor.views import views_of, write_views
from extractor.writing import check_targets, put, say

if TYPE_CHECKING:
    from extractor.elsewhere import Years
    from extractor.rederive import Rederived
    from extractor.stored import Found
    from verify.stored.differences import Difference

_MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Options(Worded, Views):
    """What is derived, and what it is compared with."""

    result: Annotated[str, typer.Argument(metavar="RESULT")]
    source: Annotated[str | None, typer.Option("--source", metavar="REPORT")] = None
    previous: Annotated[str | None, typer.Option("--previous", metavar="RESULT")] = None
    other: Annotated[list[str] | None, typer.Option("--other", metavar="RESULT")] = None
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE")] = None


@command(Options)
def verify(options: Options) -> int:
    """Derive a stored result anew and return the exit code.

    Raises:
        UsageError: The options do not go together.
        InputError: The result or its source cannot be read.
    """
    options = options if options.output != "-" else replace(options, output=None)
    others = options.other or []
    inputs = [options.result, options.source, options.previous, *others]
    if sum(path == "-" for path in inputs) > 1:
        raise UsageError("standard input can be read once; name files for the rest")
    check_targets({"-o": options.output, **views_of(options)}, inputs)

    from extractor import elsewhere
    from extractor.lexicon import Lexicon
    from extractor.rederive import rederive
    from extractor.source import load
    from extractor.stored import Found, find_source, open_result

    lexicon = Lexicon.load(options.lexicon) if options.lexicon else None
    opened = open_result(options.result)
    if options.source is None:
        found = find_source(opened)
    else:
        found = Found(load(options.source), options.source)
    previous = None if options.previous is None else elsewhere.open_other(options.previous, lexicon)
    compared = [elsewhere.open_other(path, lexicon) for path in others]
    sources = [found.path, *(other.source_path for other in (previous, *compared) if other)]
    check_targets({"-o": options.output, **views_of(options)}, [*inputs, *sources])
    if found.other:
        return _another_file(options, opened.stored.text("provenance", "source", "sha256"), found)
    again = rederive(opened.stored, found.source, lexicon)
    years: Years | None = None
    findings = elsewhere.compare_with_others(again.verified, compared) if compared else []
    if previous is not None:
        years = elsewhere.compare_with_last(again.verified, previous)
        findings = [*years.findings, *findings]
    if previous is not None or compared:
        again = elsewhere.with_findings(again, findings)
    _views(options, again, found, years)
    put(options.output, _json(again.wrong, again, elsewhere.as_json(years, again)))
    if not options.quiet:
        _say(_summary(again, years, options.lang))
    return 0 if again.follows else 1


def _views(options: Options, again: Rederived, found: Found, years: Years | None) -> None:
    """The page and the other outputs show what follows, not what was stored."""
    from extractor.outputs import Earlier

    last = years.previous if years else None
    earlier = None
    if last is not None and last.text is not None:
        earlier = Earlier(last.text, last.source_path, last.result)
    write_views(options, [(again.result, found.source, found.path)], previous=earlier)


def _another_file(options: Options, wanted: str | None, found: Found) -> int:
    """The file of that name is not the source: that is all that can be said."""
    from verify.stored.differences import Difference

    zh, en = (WORDS[lang].verify["another_file"].format(found.path) for lang in LANGS)
    wrong = Difference(
        "source_hash",
        "$.provenance.source.sha256",
        stored=wanted,
        derived=found.source.sha256,
        detail_zh=zh,
        detail_en=en,
    )
    put(options.output, _json((wrong,), None, None))
    skipped = [option for option, path in views_of(options).items() if path]
    if not options.quiet or skipped:
        lines = [zh if options.lang == "zh" else en]
        if skipped:
            lines.append(WORDS[options.lang].verify["skipped"].format(", ".join(skipped)))
        _say(lines)
    return 1


def _json(
    wrong: Iterable[Difference], again: Rederived | None, years: dict[str, Any] | None
) -> str:
    everything = {
        "follows": again is not None and again.follows,
        "disagreements": [difference.as_dict() for difference in wrong],
        "notes": [note.as_dict() for note in again.notes] if again else [],
        "taken_on_word": [r.model_dump(mode="json") for r in again.on_word] if again else [],
        "result": again.result.model_dump(mode="json") if again else None,
        "years": years,
    }
    return json.dumps(everything, ensure_ascii=False, indent=2) + "\n"


# --- for people -----------------------------------------------------------------------------------


def _summary(again: Rederived, years: Years | None, lang: Lang) -> Iterator[str]:
    words, verdict = WORDS[lang].verify, again.result.verdict
    head = words["follows" if again.follows else "not_follows"]
    yield head.format(verdict=verdict, count=len(again.wrong))
    yield from _listed(again.wrong, lang)
    if again.notes:
        yield words["notes"].format(len(again.notes))
        yield from _listed(again.notes, lang)
    if again.on_word:
        yield words["on_word"]
        yield from (f"  {message(reason, lang)}" for reason in again.on_word[:_MOST_SHOWN])
    if years is not None:
        checked = years.checked
        counts = map(len, (checked.held, checked.failed, checked.open))
        yield words["years"].format(*counts)
        yield "  " + words["checked"][years.previous.checked]
        yield from (f"  {finding.message(lang)}" for finding in years.findings[:_MOST_SHOWN])


def _listed(differences: Sequence[Difference], lang: Lang) -> Iterator[str]:
    for one in differences[:_MOST_SHOWN]:
        yield f"  {one.cell or one.path}{WORDS[lang].colon}{one.message(lang)}"
    more = len(differences) - _MOST_SHOWN
    if more > 0:
        yield "  " + WORDS[lang].verify["more"].format(more)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        say(" " * indent + one_line(line))
