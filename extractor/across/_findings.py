"""Tables and lists of the summary page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from extractor.across.charts import bar
from extractor.across.lines import (
    duplicate_title,
    exact,
    not_compared,
    several_title,
    spans,
    who,
    year_message,
    year_word,
)
from extractor.across.records import Member, YearFinding
from extractor.across.summary import Summary
from extractor.across.words import WORDS, Lang, Words
from extractor.render._text import html, one_line
from extractor.render._words import WORDS as RESULT_WORDS

_MOST_WORST = 25


def worst(summary: Summary, lang: Lang) -> str:
    """The reports with the most errors."""
    words = WORDS[lang]
    rows = "".join(
        f'<tr><td class="path">{html(one_line(one.path, 200))}</td>'
        f'<td class="who">{html(one_line(one.agency or "", 80) or words.no_agency)}</td>'
        f'<td class="year">{html(year_word(one.year, words))}</td>'
        f"<td>{_chip(one.verdict, lang)}</td>"
        f'<td class="n">{exact(one.errors)}</td><td class="n">{exact(one.failed)}</td>'
        f'<td class="n">{exact(one.warnings)}</td></tr>'
        for one in summary.worst[:_MOST_WORST]
    )
    if not rows:
        return _section(words.worst, f"<p>{html(words.none)}</p>")
    heads = _heads(
        [(words.report, ""), (words.agency, ""), (words.years_year, ""), (words.verdict, ""),
         (words.errors, "n"), (words.failed_identities, "n"), (words.warnings, "n")]
    )  # fmt: skip
    return _section(
        words.worst,
        f'<p class="soft">{html(words.worst_lead)}</p>{_table(heads, rows)}',
    )


def years(summary: Summary, lang: Lang) -> str:
    """What consecutive years say against each other."""
    words, counts = WORDS[lang], summary.counts
    told = words.years_counts.format(
        agencies=exact(counts.agencies), pairs=exact(counts.pairs), held=exact(counts.held),
        failed=exact(counts.failed), open=exact(counts.open),
    )  # fmt: skip
    lead = f"<p>{html(told)}</p>"
    left = "".join(f"<li>{html(line)}</li>" for line in not_compared(summary, words))
    if left:
        lead += f'<ul class="soft">{left}</ul>'
    rows = "".join(
        _pair_row(list(found), lang, words)
        for _, found in groupby(summary.years, key=lambda one: (one.current, one.previous))
    )
    if not rows:
        return _section(words.years, f"{lead}<p>{html(words.years_none)}</p>")
    heads = _heads([(words.agency, ""), (words.said, ""), (words.now, ""), (words.before, "")])
    return _section(
        words.years, f"{lead}{_table(heads, rows)}{_more(summary.dropped['years'], words)}"
    )


def _pair_row(found: Sequence[YearFinding], lang: Lang, words: Words) -> str:
    """What two years of one agency say against each other, each with both places."""
    one = found[0]
    said = "".join(
        f"<li><b>{html(words.severities[each.severity])}</b> {html(year_message(each, lang))} "
        f"<small>{html(spans(each, words))} <code>{html(each.rule or each.code)}</code></small></li>"
        for each in found
    )
    doubt = "" if one.certain else f'<p class="soft">{html(words.uncertain)}</p>'
    return (
        f'<tr><td class="who">{html(who(one.current, words))}</td>'
        f'<td class="say">{doubt}<ul>{said}</ul></td>'
        f'<td class="path">{html(one_line(one.current.path, 200))}</td>'
        f'<td class="path">{html(one_line(one.previous.path, 200))}</td></tr>'
    )


def several(summary: Summary, lang: Lang) -> str:
    """Several reports of one agency and year."""
    words = WORDS[lang]
    items = [
        (several_title(one, words), one.members, one.count - len(one.members))
        for one in summary.several
    ]
    return _section(words.several, _list(items, words, lang, summary.dropped["several"]))


def twice(summary: Summary, lang: Lang) -> str:
    """The same tables more than once."""
    words = WORDS[lang]
    items = [
        (duplicate_title(one, words), one.members, one.count - len(one.members))
        for one in summary.duplicates
    ]
    return _section(words.duplicates, _list(items, words, lang, summary.dropped["duplicates"]))


def failures(summary: Summary, words: Words) -> str:
    """Reports without a result, by problem and one by one."""
    if not summary.failures:
        return ""
    most = max(summary.failures.values())
    rows = []
    for problem, count in summary.failures.most_common():
        label = words.problems.get(problem, one_line(problem, 40))
        drawn = bar([("error", count, f"{label} {exact(count)}")], most, f"{label} {exact(count)}")
        rows.append(
            f'<div><dt>{html(label)}</dt><dd>{drawn}<span class="n">{exact(count)}</span></dd></div>'
        )
    listed = "".join(
        f'<tr><td class="path">{html(one_line(one.name, 200))}</td>'
        f"<td>{html(words.problems.get(one.problem or 'untried', one_line(one.problem or '', 40)))}</td>"
        f'<td class="say">{html(one_line(one.message or "", 300))}</td></tr>'
        for one in summary.failed
    )
    heads = _heads([(words.report, ""), (words.finding, ""), (words.said, "")])
    return _section(
        words.failed,
        f'<dl class="bars years">{"".join(rows)}</dl>{_table(heads, listed)}'
        f"{_more(summary.dropped['failed'], words)}",
    )


def _chip(verdict: str, lang: Lang) -> str:
    word = RESULT_WORDS[lang].verdicts[verdict][0]
    return (
        f'<span class="chip {verdict}"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">'
        f'<rect width="10" height="10"/></svg>{html(word)}</span>'
    )


def _list(
    items: Sequence[tuple[str, tuple[Member, ...], int]], words: Words, lang: Lang, dropped: int
) -> str:
    if not items:
        return f"<p>{html(words.none)}</p>"
    made = "".join(
        f"<li><p><b>{html(title)}</b></p><ul>{_members(members, more, words, lang)}</ul></li>"
        for title, members, more in items
    )
    return f'<ul class="plain">{made}</ul>{_more(dropped, words)}'


def _members(members: Iterable[Member], more: int, words: Words, lang: Lang) -> str:
    made = "".join(
        f"<li>{html(who(one, words))} · {html(one_line(one.path, 200))} · {_chip(one.verdict, lang)}</li>"
        for one in members
    )
    return made + (f"<li>{html(words.members.format(count=exact(more)))}</li>" if more > 0 else "")


def _more(count: int, words: Words) -> str:
    return f'<p class="soft">{html(words.more.format(count=exact(count)))}</p>' if count else ""


def _heads(heads: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f'<th scope="col"{f" class={chr(34)}{class_}{chr(34)}" if class_ else ""}>{html(head)}</th>'
        for head, class_ in heads
    )


def _table(heads: str, rows: str) -> str:
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{html(title)}</h2>{body}</section>"
