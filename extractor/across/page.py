"""The summary of a store as one self-contained HTML page: plots drawn into it, no script."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterable, Mapping
from importlib import resources

from extractor.across._findings import failures, several, twice, worst, years
from extractor.across.charts import bar, shade
from extractor.across.lines import exact, run_line, year_word
from extractor.across.summary import RuleCount, Summary
from extractor.across.words import WORDS, Lang, Words
from extractor.batch.words import VERDICTS
from extractor.render._text import html, one_line
from extractor.render._words import WORDS as RESULT_WORDS

_MOST_RULES = 20


def page(summary: Summary, lang: Lang = "zh") -> str:
    """A page that shows what a store holds and what was found across it.

    It loads nothing and runs no script. All text of reports is escaped.

    Args:
        summary: What it shows.
        lang: Language of the page.

    Returns:
        A complete HTML document.
    """
    words = WORDS[lang]
    css = resources.files("extractor.across").joinpath("_summary.css").read_text(encoding="utf-8")
    # the browser hashes what stands between the tags, so the text goes in without a change
    digest = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    name = os.path.basename(summary.store) or summary.store
    if summary.empty:
        body = f"<section><p>{html(words.empty)}</p></section>"
    else:
        body = "".join(_body(summary, lang))
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if lang == "zh" else "en"}">\n<head>'
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{html(name)} · {html(words.title)}</title><style>{css}</style></head>\n"
        f"<body><main>{_header(summary, name, words)}{body}</main></body>\n</html>\n"
    )


def _header(summary: Summary, name: str, words: Words) -> str:
    return (
        f'<header><p class="eyebrow">{html(words.page_title)}</p><h1>{html(name)}</h1>'
        f'<p class="soft">{html(run_line(summary, words))}</p></header>'
    )


def _body(summary: Summary, lang: Lang) -> Iterable[str]:
    words = WORDS[lang]
    yield _tiles(summary, lang)
    if summary.reports:
        yield f'<div class="two">{_by_year(summary, lang)}{_by_form(summary, words)}</div>'
    yield _rules(summary, words)
    yield worst(summary, lang)
    yield years(summary, lang)
    yield several(summary, lang)
    yield twice(summary, lang)
    yield failures(summary, words)
    yield _spent(summary, words)


def _tiles(summary: Summary, lang: Lang) -> str:
    words = WORDS[lang]
    verdicts = RESULT_WORDS[lang].verdicts
    total = summary.reports + summary.failures.total()
    tiles = [("", exact(total), words.reports, "")]
    for verdict in VERDICTS:
        count = summary.verdicts[verdict]
        share = words.share.format(share=f"{100 * count / total:.1f}") if total else ""
        word = verdicts[verdict][0]
        label = word if lang == "en" else f"{word} {verdict}"
        tiles.append((verdict, exact(count), label, share))
    if summary.failures:
        tiles.append(("failed", exact(summary.failures.total()), words.failures, ""))
    items = "".join(
        f'<li class="{class_}"><b>{count}</b><span>{html(label)}</span><small>{html(share)}</small></li>'
        for class_, count, label, share in tiles
    )
    return f'<ul class="tiles">{items}</ul>'


def _years_of(found: Mapping[int | None, object]) -> list[int | None]:
    return [*sorted(year for year in found if year is not None), *([None] if None in found else [])]


def _by_year(summary: Summary, lang: Lang) -> str:
    words, verdicts = WORDS[lang], RESULT_WORDS[lang].verdicts
    most = max(counts.total() for counts in summary.by_year.values())
    rows = []
    for year in _years_of(summary.by_year):
        counts = summary.by_year[year]
        label = year_word(year, words)
        said = [f"{verdicts[v][0]} {exact(counts[v])}" for v in VERDICTS if counts[v]]
        parts = [
            (v, counts[v], f"{label}{words.colon}{verdicts[v][0]} {exact(counts[v])}")
            for v in VERDICTS
        ]
        drawn = bar(parts, most, f"{label}{words.colon}{words.sep.join(said)}")
        rows.append(_row(label, drawn, exact(counts.total())))
    return (
        f'<section class="years"><h2>{html(words.by_year)}</h2>{_legend(summary, lang)}'
        f'<dl class="bars">{"".join(rows)}</dl></section>'
    )


def _row(label: str, drawn: str, count: str, note: str = "") -> str:
    small = f" <small>{html(note)}</small>" if note else ""
    shown = html(label).replace(".", ".<wbr>")
    return f'<div><dt>{shown}</dt><dd>{drawn}<span class="n">{html(count)}{small}</span></dd></div>'


def _legend(summary: Summary, lang: Lang) -> str:
    verdicts = RESULT_WORDS[lang].verdicts
    items = "".join(
        f'<li class="{v}"><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10"/></svg>'
        f"{html(verdicts[v][0])}</li>"
        for v in VERDICTS
        if summary.verdicts[v]
    )
    return f'<ul class="legend">{items}</ul>'


def _by_form(summary: Summary, words: Words) -> str:
    order = ("2019", "2021", "hybrid", None)
    totals = {form: sum(c[form] for c in summary.by_form.values()) for form in order}
    forms = [form for form in order if totals[form]]
    most = max(max(counts.values()) for counts in summary.by_form.values())
    named = {
        form: words.no_form if form is None
        else words.hybrid if form == "hybrid" else words.form.format(form)
        for form in forms
    }  # fmt: skip
    heads = "".join(f'<th scope="col">{html(named[form])}</th>' for form in forms)
    rows = []
    for year in _years_of(summary.by_form):
        counts, label = summary.by_form[year], year_word(year, words)
        cells = "".join(
            f"<td>{shade(counts[f], most, f'{label} {named[f]}{words.colon}{exact(counts[f])}')}"
            f"{exact(counts[f]) if counts[f] else '·'}</td>"
            for f in forms
        )
        rows.append(
            f'<tr><th scope="row">{html(label)}</th>{cells}<td>{exact(counts.total())}</td></tr>'
        )
    feet = "".join(f"<td>{exact(totals[form])}</td>" for form in forms)
    return (
        f'<section><h2>{html(words.by_form)}</h2><div class="scroll" tabindex="0"><table class="grid">'
        f'<thead><tr><th></th>{heads}<th scope="col">{html(words.total)}</th></tr></thead>'
        f"<tbody>{''.join(rows)}"
        f'<tr><th scope="row">{html(words.total)}</th>{feet}<td>{exact(summary.reports)}</td></tr>'
        "</tbody></table></div></section>"
    )


def _rules(summary: Summary, words: Words) -> str:
    grave = [one for one in summary.rules if one.severity != "info"]
    shown, rest = grave[:_MOST_RULES], grave[_MOST_RULES:]
    rest += [one for one in summary.rules if one.severity == "info"]
    drawn = _rule_bars(shown, words) if shown else f"<p>{html(words.none)}</p>"
    if rest:
        more = html(words.rules_more.format(count=len(rest)))
        drawn += f"<details><summary>{more}</summary>{_rule_bars(rest, words)}</details>"
    kinds = "".join(
        f'<li class="{kind}"><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10"/></svg>'
        f"{html(word)}</li>"
        for kind, word in words.severities.items()
        if any(one.severity == kind for one in summary.rules)
    )
    return (
        f'<section class="rules"><h2>{html(words.rules)}</h2><ul class="legend">{kinds}</ul>{drawn}'
        "</section>"
    )


def _rule_bars(rules: list[RuleCount], words: Words) -> str:
    most = max(one.findings for one in rules)
    rows = []
    for one in rules:
        name = one_line(one.rule, 120)
        said = words.rule_counts.format(findings=exact(one.findings), reports=exact(one.reports))
        label = f"{name}{words.colon}{words.severities[one.severity]} {said}"
        drawn = bar([(one.severity, one.findings, label)], most, label)
        rows.append(_row(name, drawn, said))
    return f'<dl class="bars">{"".join(rows)}</dl>'


def _spent(summary: Summary, words: Words) -> str:
    spent = summary.spent
    cost = f"{spent.cost_usd:f}"
    if spent.unknown:
        cost = words.cost_unknown.format(cost=cost, count=exact(spent.unknown))
    facts = {
        words.attempts: exact(spent.attempts),
        words.seconds: f"{spent.seconds:,.1f}",
        words.requests: exact(spent.requests),
        words.tokens: f"{exact(spent.input_tokens)} + {exact(spent.output_tokens)}",
        words.cost: cost,
    }
    rows = "".join(f"<dt>{html(key)}</dt><dd>{html(value)}</dd>" for key, value in facts.items())
    for maker, count in summary.makers:
        prompts = words.sep.join(f"{model} {id}" for model, id, _ in maker.prompts)
        told = f"{one_line(maker.models, 200)} · {maker.version} · {maker.code_read[:8]}/{maker.code_judge[:8]}"
        if prompts:
            told += f" · {one_line(prompts, 200)}"
        told += f" · {words.maker.format(count=exact(count))}"
        rows += f"<dt>{html(words.makers)}</dt><dd>{html(told)}</dd>"
    return f'<footer><h2>{html(words.spent)}</h2><dl class="facts">{rows}</dl></footer>'
