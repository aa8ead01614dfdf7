"""Short texts that the page and the terminal share."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from extractor.across.records import Duplicate, Member, Several, YearFinding
from extractor.across.summary import Summary
from extractor.across.words import Lang, Words
from extractor.render._text import one_line

if TYPE_CHECKING:
    from extractor.batch.records import Run
    from extractor.panel.against import Otherwise


def exact(count: int) -> str:
    """A count with its thousands set apart."""
    return f"{count:,}"


def year_word(year: int | None, words: Words) -> str:
    """A year, or that it is not known."""
    return words.no_year if year is None else words.year.format(year)


def run_line(summary: Summary, words: Words) -> str:
    """Which runs a store has had, and until which it is summed up."""
    if not summary.runs:
        return words.no_run
    latest = summary.run or summary.runs[-1]
    told = words.latest_run if summary.run is None else words.at_run
    line = told.format(run=latest.id, when=when(latest, words), ending=ending(latest, words))
    return f"{words.runs.format(count=exact(len(summary.runs)))}{words.sep}{line}"


def when(run: Run, words: Words) -> str:
    """When a run ended; when it began, and that this is told, where it never did."""
    ended, began = words.when
    told, time = (began, run.began) if run.ended is None else (ended, run.ended)
    return told.format(time=one_line(time[:19].replace("T", " "), 20))


def ending(run: Run, words: Words) -> str:
    """How a run ended, or that it did not."""
    return words.unfinished if run.ending is None else words.endings[run.ending]


def who(member: Member, words: Words) -> str:
    """Agency and year of a report."""
    agency = one_line(member.agency or "", 80) or words.no_agency
    return f"{agency} {year_word(member.year, words)}"


def spans(found: YearFinding, words: Words) -> str:
    """Where in both texts a finding across years points."""
    parts = [
        f"{word} {words.characters.format(*span)}"
        for word, span in ((words.now, found.span), (words.before, found.previous_span))
        if span is not None
    ]
    return f"({words.comma.join(parts)})" if parts else ""


def year_message(found: YearFinding, lang: Lang) -> str:
    """What a finding across years says."""
    return one_line(found.message_zh if lang == "zh" else found.message_en, 400)


def several_title(found: Several, words: Words) -> str:
    """Who has several reports, and whether they are alike."""
    kind = "alike" if found.alike else "differ"
    said = words.several_kinds[kind].format(count=exact(found.count))
    doubt = "" if found.certain else f"{words.sep}{words.uncertain}"
    return f"{who(found.members[0], words)}{words.colon}{said}{doubt}"


def duplicate_title(found: Duplicate, words: Words) -> str:
    """How many reports have the same tables, and whose they are."""
    return words.duplicate_kinds[found.kind].format(count=exact(found.count))


def not_compared(summary: Summary, words: Words) -> list[str]:
    """What was left out of the comparison of years, and why; nothing where nothing was."""
    return [
        text.format(count=exact(count))
        for key, text in words.not_compared.items()
        if (count := getattr(summary.counts, key))
    ]


def otherwise_line(found: Otherwise, words: Words) -> str:
    """What a report says otherwise than the manifest, in one line."""
    sentence = words.otherwise_line if found.certain else words.otherwise_open
    return str(
        sentence.format(
            field=words.fields[found.code.removeprefix("manifest_")],
            line=found.line,
            manifest=one_line(found.manifest, 120),
            report=one_line(found.report, 120),
        )
    )


def rule_words(id: str, lang: Lang) -> str:
    """A rule for people: its sentence in Chinese, its id in English.

    Args:
        id: Of a rule, or the code of findings that name none.
        lang: Language of the view.
    """
    if lang == "en":
        return one_line(id, 120)
    from verify.rules import find_rule, rule_of_code

    said = []
    for part in id.split(","):
        for name in (part, rule_of_code(part)):
            if name is not None:
                with suppress(KeyError):
                    said.append(find_rule(name).zh)
                    break
    return one_line("；".join(said) or id, 200)
