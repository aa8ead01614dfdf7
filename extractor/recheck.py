"""``extract verify``: whether a stored result, of whatever maker, follows from its source and spans.

Exit codes: 0 it follows, whatever its verdict; 1 it does not; 2 wrong usage; 3 the result or its source
cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.cli.command import command
from extractor.errors import UsageError
from extractor.options import Views, Worded
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
    """Derive a stored result anew."""
    return run(options if options.output != "-" else replace(options, output=None))


def run(options: Options) -> int:
    """Derive a stored result anew and return the exit code.

    Raises:
        UsageError: The options do not go together.
        InputError: The result or its source cannot be read.
    """
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

    zh = f"“{found.path}”是另一个文件；用--source指明原文，或用它核对此文件"
    en = f"{found.path!r} is another file; name the source with --source, or this one to hold it against"
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
            names = ", ".join(skipped)
            lines.append(f"未写出：{names}" if options.lang == "zh" else f"not written: {names}")
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


def _summary(again: Rederived, years: Years | None, lang: str) -> list[str]:
    zh = lang == "zh"
    verdict = again.result.verdict
    if again.follows:
        head = f"结果与其原文相符，结论{verdict}" if zh else f"the result follows: {verdict}"
    else:
        count = len(again.wrong)
        head = (
            f"结果与其原文不符，共{count}处；由原文和位置得出的结论是{verdict}"
            if zh
            else f"the result does not follow, {count} disagreements; what follows is {verdict}"
        )
    lines = [head, *_listed(again.wrong, lang)]
    if again.notes:
        lines.append(f"说明{len(again.notes)}条：" if zh else f"notes, {len(again.notes)} in all:")
        lines += _listed(again.notes, lang)
    if again.on_word:
        lines.append("下列各条无从核对，照录：" if zh else "taken on the maker's word:")
        lines += [f"  {r.message_zh if zh else r.message_en}" for r in again.on_word[:_MOST_SHOWN]]
    if years is not None:
        held, failed, opened = map(
            len, (years.checked.held, years.checked.failed, years.checked.open)
        )
        lines.append(
            f"跨年核对：成立{held}式，不符{failed}式，未能核对{opened}式"
            if zh
            else f"across years: {held} held, {failed} failed, {opened} not compared"
        )
        lines.append("  " + _CHECKED[years.previous.checked][0 if zh else 1])
        lines += [f"  {finding.message(lang)}" for finding in years.findings[:_MOST_SHOWN]]
    return lines


_CHECKED = {
    "follows": (
        "上一年的结果已与其原文核对，相符",
        "last year's result follows from its own source",
    ),
    "does_not_follow": (
        "上一年的结果与其原文不符，按其原文取数",
        "last year's result does not follow; figures are those of its source",
    ),
    "another_source": (
        "上一年结果的原文已变，其数字照录",
        "last year's source is another file; its figures are taken as stored",
    ),
    "another_lexicon": (
        "上一年结果所用的用词表不在手边，其数字照录",
        "last year's result was made with another lexicon; its figures are taken as stored",
    ),
    "no_source": (
        "上一年结果的原文不在手边，其数字照录",
        "last year's source is not at hand; its figures are taken as stored",
    ),
}


def _listed(differences: Iterable[Difference], lang: str) -> list[str]:
    differences = list(differences)
    lines = [
        f"  {d.cell or d.path}{'：' if lang == 'zh' else ': '}{d.message(lang)}"
        for d in differences[:_MOST_SHOWN]
    ]
    more = len(differences) - _MOST_SHOWN
    if more > 0:
        lines.append(
            f"  另有{more}处，见JSON" if lang == "zh" else f"  and {more} more in the JSON"
        )
    return lines


def _say(lines: Iterable[str]) -> None:
    from extractor.render._text import one_line

    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        say(" " * indent + one_line(line))
