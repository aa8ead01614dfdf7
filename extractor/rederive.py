"""Derive a stored result anew from its source and spans, and say where it does not follow.

The spans and states that are stored give a reading (`verify.stored.restore`); the verifier judges it as it
judges any; what it says is held against what is stored (`verify.stored.compare`). Further copies of a table,
of which a result stores nothing, are read by the builtin reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from extractor import __version__
from extractor.errors import UsageError
from extractor.lexicon import Lexicon
from extractor.readers import builtin
from extractor.source import SourceText
from verify.amend import amended
from verify.codes import CODES
from verify.decisions import Decision, standing
from verify.findings import Finding
from verify.forms import FORM_DATA_VERSION
from verify.layout import Layout, lay_out
from verify.reading import Place, Reading, Span
from verify.stored.compare import compare, made_here
from verify.stored.differences import UNKNOWN, Diff, Difference, plain
from verify.stored.reasons import on_word
from verify.stored.restore import own_zones, readings
from verify.stored.shape import Stored, span_of
from verify.verdict import Verified, verify
from verify.zones import Zone

if TYPE_CHECKING:
    from verify.provenance import Provenance
    from verify.schema import Reason, Result

_OF_ASKING = ("prompt", "qualified", "ladder", "attempts", "usage")
_OF_MAKER = ("reader", "model", *_OF_ASKING, "lexicon")
_MOST_DECISIONS = 1000
_AS_GIVEN = ("message_zh", "message_en", "by")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rederived:
    """A stored result and what follows from its source and spans."""

    result: Result  # what follows
    verified: Verified  # the same as the verifier says it
    wrong: tuple[Difference, ...]  # where the stored one disagrees; empty when it follows
    notes: tuple[Difference, ...]  # what is worth knowing and no fault
    on_word: tuple[Reason, ...]  # reasons that nothing here can confirm, as they were stored

    @property
    def follows(self) -> bool:
        """Whether the stored result follows."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class _Trial:
    """What follows from one of the readings that fit what is stored."""

    comparison: Diff  # the stored result held against it
    result: Result  # what follows
    verified: Verified  # the same as the verifier says it
    on_word: tuple[Reason, ...]  # its reasons that are taken on the maker's word
    reading: Reading  # the reading


def rederive(stored: Stored, source: SourceText, lexicon: Lexicon | None = None) -> Rederived:
    """Derive a stored result anew.

    Args:
        stored: From `verify.stored.shape.read_stored`.
        source: The report of which it was made, or said to be.
        lexicon: The one with which it was made, where there was one.

    Raises:
        UsageError: It was made with another lexicon, or with one and none is given.
    """
    _check(stored, lexicon)
    layout = lay_out(source.text, source.document, lexicon.entries if lexicon else ())
    strict = made_here(stored, {"version": __version__, "form_data": FORM_DATA_VERSION})
    provenance, wrong, notes = _provenance(stored, source, strict=strict)
    best: _Trial | None = None
    decisions, plain_cells = _decided(stored, source)
    for word in _words(stored, layout):
        for reading in readings(plain_cells, layout, read_zone):
            if best is None or best.comparison.wrong:
                trial = _try(stored, layout, provenance, word, reading, decisions)
                if best is None or trial.comparison.weight < best.comparison.weight:
                    best = trial
    assert best is not None
    differences = [*best.comparison.wrong, *wrong, *_outside(stored, len(source.text))]
    notes = [*best.comparison.notes, *notes]
    if not differences and strict:
        notes += _read_again(layout, best.reading)
    differences.sort(key=_rank)
    return Rederived(best.result, best.verified, tuple(differences), tuple(notes), best.on_word)


def _check(stored: Stored, lexicon: Lexicon | None) -> None:
    """Refuse to hold a result against another lexicon than that with which it was made."""
    made = stored.text("provenance", "lexicon")
    given = lexicon.sha256 if lexicon else None
    if made is not None and given is None:
        raise UsageError("the result was made with a lexicon; give it with --lexicon FILE")
    if made != given:
        raise UsageError("--lexicon is not the one with which the result was made; give that one")


def _try(
    stored: Stored,
    layout: Layout,
    provenance: Provenance,
    word: Mapping[int, Json],
    reading: Reading,
    decisions: tuple[Decision, ...],
) -> _Trial:
    """Verify a reading, and hold the stored result against what comes out.

    The findings that are taken on the maker's word make a verdict worse, never better; their
    messages stay as they were.
    """
    from verify.result import to_result

    given = [_finding(reason, len(layout.source)) for reason in word.values()]
    messages = {
        id(finding): {key: reason[key] for key in _AS_GIVEN if isinstance(reason.get(key), str)}
        for finding, reason in zip(given, word.values(), strict=True)
    }
    verified = amended(verify(layout, reading, decisions), given)
    result = to_result(verified, provenance)
    derived = result.model_dump(mode="json")
    derived["reasons"] = [
        reason
        for reason, finding in zip(derived["reasons"], verified.findings, strict=True)
        if id(finding) not in messages
    ]
    reasons = [
        (reason.model_copy(update=messages.get(id(finding), {})), id(finding) in messages)
        for reason, finding in zip(result.reasons, verified.findings, strict=True)
    ]
    return _Trial(
        compare(stored, derived, layout.source, verified.form, word),
        result.model_copy(update={"reasons": tuple(reason for reason, _ in reasons)}),
        verified,
        tuple(reason for reason, of_maker in reasons if of_maker),
        reading,
    )


_FIRST = (
    "duplicate_key missing_key wrong_type schema_version source_hash source_chars source_encoding form "
    "missing_cell unknown_cell span_outside text"
)


def _rank(difference: Difference) -> int:
    """What was changed before what follows from it, as far as that can be told."""
    if difference.kind in _FIRST.split():
        return 0
    if difference.kind == "value" and difference.derived is not None:
        return 1
    return 2 if difference.cell is None else 3


def _decided(stored: Stored, source: SourceText) -> tuple[tuple[Decision, ...], Stored]:
    """The decisions that a result says it carries, and the result with its entered cells as they were read.

    Who decided is the maker's word; on which bytes and on which signs is not: what is of another source, or
    of other text than stands under its span, takes no effect, and so is told as a difference.
    """
    listed = stored.get("decisions")
    if not isinstance(listed, list) or not listed:
        return (), stored
    from pydantic import ValidationError

    from verify.schema_parts import DecisionMade

    found: list[Decision] = []
    cells = dict(stored.cells)
    for raw in listed[:_MOST_DECISIONS]:
        try:
            made = DecisionMade.model_validate_json(json.dumps(raw))
        except (ValidationError, ValueError, TypeError):
            continue
        if made.source != source.sha256 and made.scope == "place":
            continue
        if made.kind == "enter":
            if made.span and source.text[slice(*made.span)] != made.text:
                continue
            if made.before is not None and made.cells[0] in cells:
                cells[made.cells[0]] = {"value": None, **made.before.model_dump(mode="json")}
        found.append(made.plain())
    return standing(found), replace(stored, cells=cells)


def read_zone(layout: Layout, zone: Zone) -> dict[str, Place]:
    """One printed copy of a table as the builtin reader reads it."""
    alone = replace(layout, zones=[zone], titles=[], openings=[])
    return dict(builtin.read(alone).places)


def _words(stored: Stored, layout: Layout) -> Iterator[Mapping[int, Json]]:
    """Which reasons are taken on the maker's word, the fewest first."""
    tables = [zone.table for zone in own_zones(layout)]
    fewest, most = on_word(stored, copies=False), on_word(stored, copies=True)
    yield fewest
    if len(tables) > len(set(tables)) and most != fewest:
        yield most


def _finding(reason: Json, length: int) -> Finding:
    severity, code = reason.get("severity"), reason["code"]
    own = severity in ("error", "warning", "info") and CODES[code].forces is None
    return Finding(
        code,
        tuple(reason.get("cells") or ()),
        rule=reason.get("rule"),
        expected=reason.get("expected"),
        actual=reason.get("actual"),
        span=_span(reason.get("span"), length),
        other_span=_span(reason.get("other_span"), length),
        previous_span=_span(reason.get("previous_span"), None),
        severity=severity if own else None,
    )


def _outside(stored: Stored, length: int) -> list[Difference]:
    """Spans of reasons on the maker's word that are no range of the source."""
    return [
        Difference("span_outside", f"$.reasons[{i}].{key}", stored=reason[key])
        for i, reason in on_word(stored, copies=False).items()
        for key in ("span", "other_span")
        if reason.get(key) and _span(reason[key], length) is None
    ]


def _span(value: Any, length: int | None) -> Span | None:
    """A span of this source, or of another when its length is not known."""
    span = span_of(value)
    inside = span and 0 <= span[0] <= span[1] and (length is None or span[1] <= length)
    return span if inside else None


def _provenance(
    stored: Stored, source: SourceText, *, strict: bool
) -> tuple[Provenance, list[Difference], list[Difference]]:
    """Where the new result comes from: this source and version; the rest is the maker's word.

    Of how another maker asked its models the contract says no more than the keys: what is written in
    another way than here is noted, and not kept.

    Returns:
        That, what is wrong with the stored one, and what is only to be noted.
    """
    from pydantic import ValidationError

    from verify.provenance import Provenance

    name = stored.text("provenance", "source", "name")
    found: dict[str, Any] = {
        "source": {
            # a file name that is no UTF-8 reaches Python as halves of pairs, which no JSON holds
            "name": source.name.encode("utf-8", "replace").decode() if name is None else name,
            "sha256": source.sha256,
            "encoding": source.encoding,
            "chars": len(source.text),
            "media_type": source.media_type,
            "renderer": source.renderer,
        },
        "reader": "unknown",
        "form_data": FORM_DATA_VERSION,
        "version": __version__,
    }
    wrong = []
    notes = []
    for key in (*_OF_MAKER, "form_data", "version"):
        given = stored.get("provenance", key)
        if given is UNKNOWN:
            continue
        if key == "usage" and not strict:
            given = _cost_in_words(given)
        trial = found | {key: given}
        try:
            Provenance.model_validate_json(json.dumps(trial, allow_nan=False))
        except (ValidationError, ValueError, TypeError):
            path = f"$.provenance.{key}"
            if key in _OF_ASKING and not strict:
                notes.append(Difference("not_kept", path, stored=plain(given)))
            else:
                wrong.append(Difference("wrong_type", path, stored=given, derived="other"))
            continue
        if key in _OF_MAKER:
            found = trial
    return Provenance.model_validate_json(json.dumps(found)), wrong, notes


def _cost_in_words(usage: Any) -> Any:
    """A cost that another maker gives as a number, as the exact decimal that stands there."""
    cost = usage.get("cost_usd") if isinstance(usage, dict) else None
    if isinstance(cost, bool) or not isinstance(cost, int | float):
        return usage
    return usage | {"cost_usd": f"{Decimal(repr(cost)):f}"}


def _read_again(layout: Layout, reading: Reading) -> list[Difference]:
    """Where this version's own reader made the result, whether it would place the cells so again."""
    if reading.reader != builtin.NAME or reading.form is None:
        return []
    again = builtin.read(layout)
    names = reading.form.cells
    other = [n for n in names if _where(again.place(n)) != _where(reading.place(n))]
    return [Difference("reader_reads_otherwise", "$.cells", stored=len(other))] if other else []


def _where(place: Place) -> tuple[str, Any]:
    """Doubts are left out: it is not stored whether the reader or the verifier had them."""
    return place.where if place.where in ("blank", "missing") else "there", place.span
