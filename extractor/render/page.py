"""One self-contained HTML page: the source on one side, what was read from it on the other."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from extractor.render._claims import claim_list
from extractor.render._facts import SIGNS, Sign
from extractor.render._findings import reason_list, suspects
from extractor.render._source import Marks, source_html
from extractor.render._sums import identities
from extractor.render._tables import TableWriter, classes
from extractor.render._text import html
from extractor.render._view import View

if TYPE_CHECKING:
    from extractor.render.original import Original
    from verify.provenance import Usage
    from verify.schema import Result

_VERDICT_SIGNS = {
    "accepted": "✓", "completed": "≈", "unconfirmed": "?", "incomplete": "…", "inconsistent": "≠", "rejected": "✕",
    "unsupported": "–",
}  # fmt: skip


@cache
def _asset(name: str) -> tuple[str, str]:
    """The text of a file of this package and its hash as a policy source."""
    text = resources.files("extractor.render").joinpath(name).read_text(encoding="utf-8")
    # The browser hashes what stands between the tags, so the text goes in without a change.
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"'sha256-{digest}'"


def _source_pane(view: View, original: Original | None) -> str:
    words = view.words
    marks = Marks(
        view.spans,
        reasons={
            n: span
            for n, reason in enumerate(view.reasons)
            if (span := view.usable(reason.span)) is not None
        },
        claims={
            n: span
            for n, claim in enumerate(view.claims)
            if (span := view.usable(claim.span)) is not None
        },
        classes={name: classes(view.facts, name) for name in view.spans},
        outcomes={n: claim.outcome for n, claim in enumerate(view.claims)},
    )
    places = {name: cell.place for name, cell in view.result.cells.items()}
    text = original.html(marks, places, words.shared, view.lang) if original else None
    if text is None:
        text = source_html(view.source, marks, (words.omitted, words.shared))
    if not view.source:
        text = f'<span class="gap">{html(words.empty_source)}</span>'
    name = html(view.result.provenance.source.name)
    return (
        f'<aside class="source" id="source" tabindex="0" aria-label="{html(words.source)}">'
        f"<h2>{html(words.source)} <small>{name}</small></h2>"
        # A div: a pre would swallow a line end that the source begins with.
        f'<div class="text" lang="zh-Hans">{text}</div></aside>'
    )


def _header(view: View) -> str:
    words, result = view.words, view.result
    report, outcome = result.report, result.identities
    word, meaning = words.verdicts[result.verdict]
    year = words.year.format(report.year) if report.year is not None else words.no_year
    form = words.form.format(report.form) if report.form else words.no_form
    counts = words.identity_counts.format(
        held=outcome.held, failed=outcome.failed, open=outcome.not_evaluable
    )
    states = view.facts.states
    cells = " ".join(f"{words.states[s]} {states[s]}" for s in words.states if states[s])
    mismatch = "" if view.matches() else f'<p class="mismatch">⚠ {html(words.mismatch)}</p>'
    return (
        f'<header class="verdict {result.verdict}">'
        f'<p class="eyebrow">{html(words.title)}</p>'
        f"<h1>{html(report.agency or words.no_agency)}</h1>"
        f'<p class="what">{html(year)} · {html(form)}</p>'
        f'<p class="seal"><i aria-hidden="true">{_VERDICT_SIGNS[result.verdict]}</i>'
        f"<strong>{html(word)}</strong> <code>{result.verdict}</code></p>"
        f'<p class="meaning">{html(meaning)}</p>'
        f"<dl><dt>{html(words.identities)}</dt><dd>{html(counts)}</dd>"
        f"<dt>{html(words.cells)}</dt><dd>{html(cells) or '0'}</dd></dl>{mismatch}</header>"
    )


def _tables(view: View) -> str:
    form, words, facts = view.facts.form, view.words, view.facts
    if form is None:
        return ""
    writer = TableWriter(facts, view.lang, view.spans)
    seen: set[Sign] = set().union(*(facts.signs(name) for name in form.cells))
    key = "".join(
        f'<li class="{sign}"><b>{SIGNS[view.lang][sign]}</b> {html(text)}</li>'
        for sign, text in words.legend.items()
        if sign in seen
    )
    legend = f'<ul class="legend">{key}</ul>' if key else ""
    tables = "".join(writer.table(table) for table in form.tables)
    return (
        f"<section><h2>{html(words.tables_title)}</h2>{legend}{tables}</section>"
        f'<p class="hint">{html(words.hint)}</p>'
    )


def _provenance(view: View) -> str:
    from_ = view.result.provenance
    facts = {
        "source": from_.source.name,
        "sha256": from_.source.sha256,
        "encoding": f"{from_.source.encoding}, {from_.source.chars:,}",
        "reader": from_.reader,
        "model": from_.model or "",
        "prompt": f"{from_.prompt.id} {from_.prompt.sha256}" if from_.prompt else "",
        "qualified": "" if from_.qualified is None else ("yes" if from_.qualified else "no"),
        "ladder": " → ".join(f"{rung.model}: {rung.verdict}" for rung in from_.ladder),
        "usage": _usage(from_.usage),
        "form data": from_.form_data,
        "version": from_.version,
    }
    rows = "".join(f"<dt>{k}</dt><dd>{html(v)}</dd>" for k, v in facts.items() if v)
    return f"<footer><h2>{html(view.words.provenance)}</h2><dl>{rows}</dl></footer>"


def _usage(usage: Usage) -> str:
    """What language models cost, in the words of the JSON; empty when none was asked."""
    if not usage.requests:
        return ""
    return (
        f"requests {usage.requests}, input_tokens {usage.input_tokens}, "
        f"output_tokens {usage.output_tokens}, cost_usd {usage.cost_usd or 'null'}"
    )


def page(
    result: Result,
    source_text: str,
    lang: Literal["zh", "en"] = "zh",
    *,
    previous_text: str | None = None,
    original: Original | None = None,
) -> str:
    """A page that shows where in the source each figure stands and which sums fail.

    It loads nothing, runs only its own script and reads without it. All text of the report is
    escaped; the script takes names of cells from attributes, never text.

    Args:
        result: The result.
        source_text: The decoded source that its spans point into. Of a very large one only what
            stands around the spans is shown.
        lang: Language of the page; labels of the form stay the official Chinese ones.
        previous_text: Last year's source, of which the words around a figure are shown where a
            finding across years points there.
        original: The source as its reader knows it, shown instead of its text.

    Returns:
        A complete HTML document.
    """
    view = View(result, source_text, lang, previous_text)
    words = view.words
    css, css_hash = _asset("_page.css")
    js, js_hash = _asset("_page.js")
    policy = (
        f"default-src 'none'; style-src {css_hash}; script-src {js_hash}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    agency = result.report.agency or words.no_agency
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if lang == "zh" else "en"}">\n<head>'
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" '
        'content="light dark">'
        f"<title>{html(agency)} · {html(words.verdicts[result.verdict][0])}</title>"
        f"<style>{css}</style></head>\n<body>"
        f'<a class="skip" href="#result">{html(words.skip)}</a>'
        f'{_source_pane(view, original)}\n<main id="result" aria-label="{html(words.result)}">'
        f"{_header(view)}{reason_list(view)}{suspects(view)}{claim_list(view)}"
        f"{_tables(view)}{identities(view)}{_provenance(view)}</main>\n"
        '<output id="now" aria-live="polite"></output>'
        f"<script>{js}</script></body>\n</html>\n"
    )
