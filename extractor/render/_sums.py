"""The identities of the page, each shown as the sum it is, its terms linked to the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.render._facts import figure_in, operand_label
from extractor.render._tables import classes
from extractor.render._text import figure, html

if TYPE_CHECKING:
    from extractor.render._facts import Evaluated
    from extractor.render._view import View

# A sum of up to this many zero terms prints them; more are folded away but stay in the page.
_FEW_ZEROS = 3
_SIGNS = {"held": "=", "failed": "≠", "open": "?"}


def identities(view: View) -> str:
    """Every identity: those that fail open to the eye, the others folded."""
    words = view.words
    parts = []
    for outcome, title in (
        ("failed", words.failed_title),
        ("open", words.open_title),
        ("held", words.held_title),
    ):
        found = [e for e in view.facts.evaluated if e.outcome == outcome]
        if not found:
            continue
        body = f'<ol class="identities">{"".join(_identity(view, e) for e in found)}</ol>'
        heading = f"{html(title)} <small>{len(found)}</small>"
        if outcome == "failed":
            parts.append(f"<section><h2>{heading}</h2>{body}</section>")
        else:
            parts.append(
                f'<section><details class="more"><summary>{heading}</summary>{body}'
                "</details></section>"
            )
    return "".join(parts)


def _identity(view: View, e: Evaluated) -> str:
    identity, words = e.identity, view.words
    sentence = identity.sentence_zh if view.lang == "zh" else identity.sentence_en
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
        f'<div class="sum">{_side(view, e, identity.plus)}'
        f'<span class="rel">{_SIGNS[e.outcome]}</span>'
        f"{_side(view, e, identity.minus)}</div>{sums}</li>"
    )


def _side(view: View, e: Evaluated, names: tuple[str, ...]) -> str:
    """One side of an identity as a sum; many zero terms are folded together."""
    cells = view.result.cells
    zeros = [name for name in names if figure_in(cells[name]) == 0]
    fold = len(zeros) > _FEW_ZEROS
    shown = [name for name in names if not fold or figure_in(cells[name]) != 0]
    parts = [_operand(view, e, name) for name in shown]
    if fold:
        inner = "".join(_operand(view, e, name) for name in zeros)
        text = html(view.words.zeros.format(len(zeros)))
        parts.append(f'<details class="zeros"><summary>{text}</summary>{inner}</details>')
    return '<span class="plus" aria-label="+">+</span>'.join(parts)


def _operand(view: View, e: Evaluated, name: str) -> str:
    """A term of a sum, a link to where it stands in the source."""
    if view.facts.form is None:
        return ""
    flag = view.facts.flag(name, view.lang)
    label = html(operand_label(view.facts.form, e.identity, name, view.lang))
    return (
        f'<a class="term {classes(view.facts, name)}" href="{html(view.place(name))}" '
        f'data-cell="{html(name)}" title="{html(name)}">'
        f"<b>{html(view.facts.body(name, view.lang))}{flag}</b>"
        f"<small>{label}</small></a>"
    )
