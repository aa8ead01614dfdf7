"""The findings of the page: every reason, and what could explain the identities that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.render._claims import cited
from extractor.render._source import usable
from extractor.render._tables import short
from extractor.render._text import html, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractor.render._view import View
    from verify.schema import Reason, Slip, Suspects

_SEVERITY_SIGNS = {"error": "✕", "warning": "!", "info": "i"}
_FEW_CELLS = 6
_FEW_INFOS = 3
# Characters of last year's source on both sides of the figure that is shown.
_AROUND = 40


def reason_list(view: View) -> str:
    """Every reason, errors first; many infos are folded."""
    words = view.words
    grave = [(n, r) for n, r in enumerate(view.reasons) if r.severity != "info"]
    infos = [(n, r) for n, r in enumerate(view.reasons) if r.severity == "info"]
    body = ""
    for found, folded in ((grave, False), (infos, len(infos) > _FEW_INFOS)):
        items = "".join(_reason(view, n, reason) for n, reason in found)
        if items:
            body += (
                f'<details class="infos"><summary>{html(words.severities["info"])} '
                f'{len(found)}</summary><ol class="reasons">{items}</ol></details>'
                if folded
                else f'<ol class="reasons">{items}</ol>'
            )
    if view.hidden:
        body += f"<p>{html(words.more.format(view.hidden))}</p>"
    body = body or f"<p>{html(words.no_reasons)}</p>"
    return f"<section><h2>{html(words.reasons)}</h2>{body}</section>"


def _reason(view: View, number: int, reason: Reason) -> str:
    words = view.words
    message = reason.message_zh if view.lang == "zh" else reason.message_en
    known = [name for name in reason.cells if name in view.result.cells]
    place = ""
    if view.usable(reason.span) is not None:
        place = f' <a class="place" href="#w-{number}">{html(words.in_source)}</a>'
    rules = {e.identity.id for e in view.facts.evaluated}
    if reason.rule in rules:
        place += f' <a class="place" href="#i-{html(reason.rule)}">{html(words.see_rule)}</a>'
    # The cells of an identity stand in the sum below and are lit when pointed at; a list of
    # them here would bury the message.
    few = 0 if reason.rule in rules else _FEW_CELLS
    links = "".join(f"<li>{short(view.facts, name, view.lang)}</li>" for name in known[:few])
    more = f"<li>{html(words.more_cells.format(len(known) - few))}</li>" if len(known) > few else ""
    cells = f'<ul class="cells">{links}{more}</ul>' if links else ""
    return (
        f'<li class="{reason.severity}" id="r-{number}" data-reason="r{number}" '
        f'data-cells="{html(" ".join(known))}" tabindex="0">'
        f'<i aria-hidden="true">{_SEVERITY_SIGNS[reason.severity]}</i>'
        f"<div><p><b>{html(words.severities[reason.severity])}</b> {html(message)}"
        f" <code>{html(reason.code)}</code>{place}</p>{_previous(view, reason)}{cells}</div></li>"
    )


def _previous(view: View, reason: Reason) -> str:
    """Last year's figure of a finding across years, with the words around it where known."""
    span, words = reason.previous_span, view.words
    if span is None:
        return ""
    where = words.previous_place.format(span[0], span[1])
    text = view.previous
    inside = None if text is None else usable(span, len(text))
    if text is None or inside is None:
        figure = html(one_line(reason.expected or "", 40))
    else:
        start, end = inside
        end = min(end, start + _AROUND)
        before = html(one_line(text[max(0, start - _AROUND) : start]))
        after = html(one_line(text[end : end + _AROUND]))
        figure = f"<q>…{before}<b>{html(one_line(text[start:end]))}</b>{after}…</q>"
    return (
        f'<p class="previous">{html(words.previous)}{html(words.colon)}{figure} '
        f"<small>{html(where)}</small></p>"
    )


def suspects(view: View) -> str:
    """For each group of failed identities what could explain it, structure first."""
    parts = [_group(view, group) for group in view.result.suspects]
    if not parts:
        return ""
    return f"<section><h2>{html(view.words.suspects)}</h2>{''.join(parts)}</section>"


def _group(view: View, group: Suspects) -> str:
    words = view.words
    slips = "".join(_slip(view, slip) for slip in group.slips)
    found = f"<p>{html(words.slips_lead)}</p><ul>{slips}</ul>" if slips else ""
    sets = "".join(_cells(view, names, " + ") for names in group.sets)
    lead = words.suspects_lead if sets else words.not_localised
    if sets or not slips:
        found += f"<p>{html(lead)}</p>" + (f"<ol>{sets}</ol>" if sets else "")
    fault = f'<p class="fault by-{group.fault}">{html(words.faults[group.fault])}</p>'
    if group.doubtful:
        fault += f"<ul>{''.join(_cells(view, (name,), '') for name in group.doubtful)}</ul>"
    about = html(words.list_sep.join(group.identities))
    claims = cited(view, view.facts.claims_of(group))
    return f'<div class="suspects">{found}{fault}{claims}<p><code>{about}</code></p></div>'


def _slip(view: View, slip: Slip) -> str:
    message = slip.message_zh if view.lang == "zh" else slip.message_en
    known = " ".join(name for name in slip.cells if name in view.result.cells)
    return (
        f'<li class="slip" data-cells="{html(known)}" tabindex="0">{html(message)} '
        f"<code>{html(slip.operation)}</code></li>"
    )


def _cells(view: View, names: Sequence[str], between: str) -> str:
    """Cells in one line; pointing at it lights all of them."""
    known = " ".join(name for name in names if name in view.result.cells)
    links = between.join(short(view.facts, name, view.lang) for name in names)
    return f'<li data-cells="{html(known)}">{links}</li>'
