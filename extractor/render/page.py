"""One self-contained HTML page: the source on one side, what was read from it on the other."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from extractor.render._facts import SIGNS, Facts, Sign, operand_label
from extractor.render._source import source_html, usable
from extractor.render._tables import TableWriter, classes, short
from extractor.render._text import figure, html
from extractor.render._words import WORDS

if TYPE_CHECKING:
    from extractor.render._facts import Evaluated, Lang
    from verify.schema import Reason, Result, Usage

_VERDICT_SIGNS = {
    "accepted": "✓", "completed": "≈", "incomplete": "…", "inconsistent": "≠", "rejected": "✕",
    "unsupported": "–",
}  # fmt: skip
_SEVERITY_SIGNS = {"error": "✕", "warning": "!", "info": "i"}
_MOST_REASONS = 300
_FEW_CELLS = 6
_FEW_INFOS = 3
# A sum of up to this many zero terms prints them; more are folded away but stay in the page.
_FEW_ZEROS = 3


@cache
def _asset(name: str) -> tuple[str, str]:
    """The text of a file of this package and its hash as a policy source."""
    text = resources.files("extractor.render").joinpath(name).read_text(encoding="utf-8")
    # The browser hashes what stands between the tags, so the text goes in without a change.
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"'sha256-{digest}'"


class _Page:
    """The parts of one page."""

    def __init__(self, result: Result, source: str, lang: Lang) -> None:
        self.result, self.source, self.lang = result, source, lang
        self.words = WORDS[lang]
        self.facts = Facts(result)
        length = len(source)
        self.spans = {
            name: span
            for name, cell in result.cells.items()
            if (span := usable(cell.span, length)) is not None
        }
        rank = {"error": 0, "warning": 1, "info": 2}
        ordered = sorted(result.reasons, key=lambda reason: rank[reason.severity])
        self.reasons = ordered[:_MOST_REASONS]
        self.hidden = len(ordered) - len(self.reasons)

    def matches(self) -> bool:
        """Whether the source given is the one of the result, as far as can be told here."""
        cells = self.result.cells
        return len(self.source) == self.result.provenance.source.chars and all(
            cell.text is None
            or cell.span is None
            or self.source[cell.span[0] : cell.span[1]] == cell.text
            for cell in cells.values()
        )

    # --- the left side -----------------------------------------------------------------------

    def source_pane(self) -> str:
        words = self.words
        length = len(self.source)
        reasons = {
            n: span
            for n, reason in enumerate(self.reasons)
            if (span := usable(reason.span, length)) is not None
        }
        kinds = {name: classes(self.facts, name) for name in self.spans}
        text = source_html(self.source, self.spans, reasons, kinds, (words.omitted, words.shared))
        if not self.source:
            text = f'<span class="gap">{html(words.empty_source)}</span>'
        name = html(self.result.provenance.source.name)
        return (
            f'<aside class="source" id="source" tabindex="0" aria-label="{html(words.source)}">'
            f"<h2>{html(words.source)} <small>{name}</small></h2>"
            # A div: a pre would swallow a line end that the source begins with.
            f'<div class="text" lang="zh-Hans">{text}</div></aside>'
        )

    # --- the right side ----------------------------------------------------------------------

    def header(self) -> str:
        words, result = self.words, self.result
        report, outcome = result.report, result.identities
        word, meaning = words.verdicts[result.verdict]
        year = words.year.format(report.year) if report.year is not None else words.no_year
        form = words.form.format(report.form) if report.form else words.no_form
        counts = words.identity_counts.format(
            held=outcome.held, failed=outcome.failed, open=outcome.not_evaluable
        )
        states = self.facts.states
        cells = " ".join(f"{words.states[s]} {states[s]}" for s in words.states if states[s])
        mismatch = "" if self.matches() else f'<p class="mismatch">⚠ {html(words.mismatch)}</p>'
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

    def reason(self, number: int, reason: Reason) -> str:
        words = self.words
        message = reason.message_zh if self.lang == "zh" else reason.message_en
        known = [name for name in reason.cells if name in self.result.cells]
        place = ""
        if usable(reason.span, len(self.source)) is not None:
            place = f' <a class="place" href="#w-{number}">{html(words.in_source)}</a>'
        rules = {e.identity.id for e in self.facts.evaluated}
        if reason.rule in rules:
            place += f' <a class="place" href="#i-{html(reason.rule)}">{html(words.see_rule)}</a>'
        # The cells of an identity stand in the sum below and are lit when pointed at; a list of
        # them here would bury the message.
        few = 0 if reason.rule in rules else _FEW_CELLS
        links = "".join(f"<li>{short(self.facts, name, self.lang)}</li>" for name in known[:few])
        more = (
            f"<li>{html(words.more_cells.format(len(known) - few))}</li>"
            if len(known) > few
            else ""
        )
        cells = f'<ul class="cells">{links}{more}</ul>' if links else ""
        return (
            f'<li class="{reason.severity}" id="r-{number}" data-reason="r{number}" '
            f'data-cells="{html(" ".join(known))}" tabindex="0">'
            f'<i aria-hidden="true">{_SEVERITY_SIGNS[reason.severity]}</i>'
            f"<div><p><b>{html(words.severities[reason.severity])}</b> {html(message)}"
            f" <code>{html(reason.code)}</code>{place}</p>{cells}</div></li>"
        )

    def reason_list(self) -> str:
        words = self.words
        grave = [(n, r) for n, r in enumerate(self.reasons) if r.severity != "info"]
        infos = [(n, r) for n, r in enumerate(self.reasons) if r.severity == "info"]
        body = ""
        for found, folded in ((grave, False), (infos, len(infos) > _FEW_INFOS)):
            items = "".join(self.reason(n, reason) for n, reason in found)
            if items:
                body += (
                    f'<details class="infos"><summary>{html(words.severities["info"])} '
                    f'{len(found)}</summary><ol class="reasons">{items}</ol></details>'
                    if folded
                    else f'<ol class="reasons">{items}</ol>'
                )
        if self.hidden:
            body += f"<p>{html(words.more.format(self.hidden))}</p>"
        body = body or f"<p>{html(words.no_reasons)}</p>"
        return f"<section><h2>{html(words.reasons)}</h2>{body}</section>"

    def suspects(self) -> str:
        words = self.words
        parts = []
        for group in self.result.suspects:
            sets = "".join(
                "<li>" + " + ".join(short(self.facts, n, self.lang) for n in names) + "</li>"
                for names in group.sets
            )
            lead = words.suspects_lead if sets else words.not_localised
            about = html(words.list_sep.join(group.identities))
            ordered = f"<ol>{sets}</ol>" if sets else ""
            parts.append(
                f'<div class="suspects"><p>{html(lead)}</p>{ordered}'
                f"<p><code>{about}</code></p></div>"
            )
        return (
            f"<section><h2>{html(words.suspects)}</h2>{''.join(parts)}</section>" if parts else ""
        )

    def operand(self, e: Evaluated, name: str) -> str:
        if self.facts.form is None:
            return ""
        flag = self.facts.flag(name, self.lang)
        label = html(operand_label(self.facts.form, e.identity, name, self.lang))
        return (
            f'<a class="term {classes(self.facts, name)}" href="#c-{html(name)}" '
            f'data-cell="{html(name)}" title="{html(name)}">'
            f"<b>{html(self.facts.body(name, self.lang))}{flag}</b>"
            f"<small>{label}</small></a>"
        )

    def side(self, e: Evaluated, names: tuple[str, ...]) -> str:
        """One side of an identity as a sum; many zero terms are folded together."""
        cells = self.result.cells
        zeros = [name for name in names if cells[name].value == 0]
        fold = len(zeros) > _FEW_ZEROS
        shown = [name for name in names if not fold or cells[name].value != 0]
        parts = [self.operand(e, name) for name in shown]
        if fold:
            inner = "".join(self.operand(e, name) for name in zeros)
            text = html(self.words.zeros.format(len(zeros)))
            parts.append(f'<details class="zeros"><summary>{text}</summary>{inner}</details>')
        return '<span class="plus" aria-label="+">+</span>'.join(parts)

    def identity(self, e: Evaluated) -> str:
        identity, words = e.identity, self.words
        sentence = identity.sentence_zh if self.lang == "zh" else identity.sentence_en
        sign = {"held": "=", "failed": "≠", "open": "?"}[e.outcome]
        sums = ""
        if e.left is not None and e.right is not None and e.outcome == "failed":
            difference = abs(e.left - e.right)
            sums = (
                f'<p class="sums"><b>{html(figure(e.left))}</b> ≠ <b>{html(figure(e.right))}</b>'
                f"<span>{html(words.difference)} {html(figure(difference))}</span></p>"
            )
        return (
            f'<li class="identity {e.outcome}" id="i-{html(identity.id)}" '
            f'data-cells="{html(" ".join(identity.cells))}" tabindex="0">'
            f"<p>{html(sentence)} <code>{html(identity.id)}</code></p>"
            f'<div class="sum">{self.side(e, identity.plus)}<span class="rel">{sign}</span>'
            f"{self.side(e, identity.minus)}</div>{sums}</li>"
        )

    def identities(self) -> str:
        words = self.words
        parts = []
        for outcome, title in (
            ("failed", words.failed_title),
            ("open", words.open_title),
            ("held", words.held_title),
        ):
            found = [e for e in self.facts.evaluated if e.outcome == outcome]
            if not found:
                continue
            body = f'<ol class="identities">{"".join(map(self.identity, found))}</ol>'
            heading = f"{html(title)} <small>{len(found)}</small>"
            if outcome == "failed":
                parts.append(f"<section><h2>{heading}</h2>{body}</section>")
            else:
                parts.append(
                    f'<section><details class="more"><summary>{heading}</summary>{body}'
                    "</details></section>"
                )
        return "".join(parts)

    def tables(self) -> str:
        form, words = self.facts.form, self.words
        if form is None:
            return ""
        writer = TableWriter(self.facts, self.lang, self.spans)
        seen: set[Sign] = set().union(*(self.facts.signs(name) for name in form.cells))
        key = "".join(
            f'<li class="{sign}"><b>{SIGNS[self.lang][sign]}</b> {html(text)}</li>'
            for sign, text in words.legend.items()
            if sign in seen
        )
        legend = f'<ul class="legend">{key}</ul>' if key else ""
        tables = "".join(writer.table(table) for table in form.tables)
        return (
            f"<section><h2>{html(words.tables_title)}</h2>{legend}{tables}</section>"
            f'<p class="hint">{html(words.hint)}</p>'
        )

    def provenance(self) -> str:
        from_, words = self.result.provenance, self.words
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
        return f"<footer><h2>{html(words.provenance)}</h2><dl>{rows}</dl></footer>"

    def document(self) -> str:
        css, css_hash = _asset("_page.css")
        js, js_hash = _asset("_page.js")
        words = self.words
        policy = (
            f"default-src 'none'; style-src {css_hash}; script-src {js_hash}; "
            "base-uri 'none'; form-action 'none'"
        )
        agency = self.result.report.agency or words.no_agency
        return (
            f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if self.lang == "zh" else "en"}">\n<head>'
            '<meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer"><meta name="color-scheme" '
            'content="light dark">'
            f"<title>{html(agency)} · {html(words.verdicts[self.result.verdict][0])}</title>"
            f"<style>{css}</style></head>\n<body>"
            f'<a class="skip" href="#result">{html(words.skip)}</a>'
            f'{self.source_pane()}\n<main id="result" aria-label="{html(words.result)}">'
            f"{self.header()}{self.reason_list()}{self.suspects()}"
            f"{self.tables()}{self.identities()}{self.provenance()}</main>\n"
            '<output id="now" aria-live="polite"></output>'
            f"<script>{js}</script></body>\n</html>\n"
        )


def _usage(usage: Usage) -> str:
    """What language models cost, in the words of the JSON; empty when none was asked."""
    if not usage.requests:
        return ""
    return (
        f"requests {usage.requests}, input_tokens {usage.input_tokens}, "
        f"output_tokens {usage.output_tokens}, cost_usd {usage.cost_usd or 'null'}"
    )


def page(result: Result, source_text: str, lang: Literal["zh", "en"] = "zh") -> str:
    """A page that shows where in the source each figure stands and which sums fail.

    It loads nothing, runs only its own script and reads without it. All text of the report is
    escaped; the script takes names of cells from attributes, never text.

    Args:
        result: The result.
        source_text: The decoded source that its spans point into. Of a very large one only what
            stands around the spans is shown.
        lang: Language of the page; labels of the form stay the official Chinese ones.

    Returns:
        A complete HTML document.
    """
    return _Page(result, source_text, lang).document()
