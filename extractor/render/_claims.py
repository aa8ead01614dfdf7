"""The figures that the prose claims, each with its words in the source and what the tables say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.render._facts import exact_text
from extractor.render._tables import short
from extractor.render._text import html, one_line
from verify.prose.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractor.render._view import View
    from verify.schema import Claim

_SIGNS = {"agrees": "=", "contradicts": "≠", "scoped": "≈", "open": "?"}
_ORDER = ("contradicts", "scoped", "open", "agrees")
_FEW_CELLS = 8


def claim_list(view: View) -> str:
    """Every claim: those that contradict first, those that agree folded away."""
    words = view.words
    if not view.claims:
        return ""
    numbered = sorted(enumerate(view.claims), key=lambda item: _ORDER.index(item[1].outcome))
    grave = "".join(_claim(view, n, c) for n, c in numbered if c.outcome != "agrees")
    agreeing = [_claim(view, n, c) for n, c in numbered if c.outcome == "agrees"]
    body = f'<ul class="claims">{grave}</ul>' if grave else ""
    if agreeing:
        body += (
            f'<details class="more"><summary>{html(words.claim_outcomes["agrees"])} '
            f'<small>{len(agreeing)}</small></summary><ul class="claims">{"".join(agreeing)}</ul>'
            "</details>"
        )
    rest = len(view.result.claims) - len(view.claims)
    if rest:
        body += f"<p>{html(words.more.format(rest))}</p>"
    heading = f"{html(words.claims_title)} <small>{len(view.result.claims)}</small>"
    return f'<section id="claims"><h2>{heading}</h2>{body}</section>'


def _claim(view: View, number: int, claim: Claim) -> str:
    words = view.words
    known = [name for name in claim.cells if name in view.result.cells]
    quoted = f"<q>{html(one_line(claim.text, 200))}</q>"
    if view.usable(claim.span) is not None:
        quoted = f'<a href="#k-{number}">{quoted}</a>'
    figures = (
        f"{html(words.claim_value)} <b>{html(exact_text(claim.value) or words.unknown)}</b>"
        f' <span class="rel">{_SIGNS[claim.outcome]}</span> '
        f"{html(words.claim_actual)} <b>{html(exact_text(claim.actual) or words.unknown)}</b>"
    )
    scope = ""
    if claim.scope:
        said = words.list_sep.join(one_line(word, 40) for word in claim.scope)
        scope = f'<p class="scope">{html(words.claim_scope)}{html(words.colon)}{html(said)}</p>'
    links = "".join(
        f"<li>{short(view.facts, name, view.lang)}{_body(view, name)}</li>"
        for name in claim.cells[:_FEW_CELLS]
    )
    if len(claim.cells) > _FEW_CELLS:
        links += f"<li>{html(words.more_cells.format(len(claim.cells) - _FEW_CELLS))}</li>"
    cells = f'<ul class="cells"><li>{html(words.compared)}</li>{links}</ul>' if links else ""
    return (
        f'<li class="claim {claim.outcome}" id="q-{number}" data-reason="k{number}" '
        f'data-cells="{html(" ".join(known))}" tabindex="0"><p>{quoted} '
        f"{_subject(view, claim)}</p>"
        f"<p><b>{html(words.claim_outcomes[claim.outcome])}</b>{html(words.colon)}{figures}</p>"
        f"{scope}{cells}</li>"
    )


def _body(view: View, name: str) -> str:
    """What stands in a cell, so that a claim about several can be added up by eye."""
    known = name in view.result.cells
    return f" <b>{html(view.facts.body(name, view.lang))}</b>" if known else ""


def _subject(view: View, claim: Claim) -> str:
    """What a claim speaks of, in words where its subject is known."""
    known = SUBJECTS.get(claim.subject)
    name = "" if known is None else html(known.zh if view.lang == "zh" else known.en) + " "
    return f"{name}<code>{html(claim.subject)}</code>"


def cited(view: View, claims: Sequence[tuple[int, Claim]]) -> str:
    """The claims that speak of failed identities, in a list of links to them."""
    if not claims:
        return ""
    items = ""
    for n, claim in claims:
        text = html(one_line(claim.text, 120))
        shown = f'<a href="#q-{n}">{text}</a>' if n < len(view.claims) else text
        outcome = view.words.claim_outcomes[claim.outcome]
        items += f'<li data-reason="k{n}">{shown} <small>{html(outcome)}</small></li>'
    return f"<p>{html(view.words.claims_of)}</p><ul>{items}</ul>"
