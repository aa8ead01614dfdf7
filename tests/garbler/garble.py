"""`garble`: draw a report, damage it, print it, and tell the truth about it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from . import context, corrupting, figures, labels, lossy, prose, rows, sections, truth
from .build import SHAPES, draft
from .layouts import LAYOUTS, render
from .model import MAY_BE_READ, READ, Draft, Expected, Garbled, Kind, Piece
from .registry import DAMAGES, Damage

__all__ = ["MIXED", "garble"]

MIXED = "mixed"
_KINDS: tuple[Kind, ...] = ("lossless", "lossy", "corrupting")
_ORDER = [f.__name__ for f in (lossy, corrupting, rows, sections, figures, labels, context)]
_NEXT_TRY = 1_000_003
_TRIES = 30


def garble(
    seed: int,
    *,
    variant: str | None = None,
    scale: str | None = None,
    layout: str | None = None,
    shape: str | None = None,
    damages: Sequence[str] | None = None,
    max_damages: int = 4,
) -> Garbled:
    """A garbled report with its exact truth; the same seed and choices give the same report.

    Args:
        seed: Decides everything that is not given.
        variant: A key of `truth.VARIANTS`.
        scale: One of `truth.SCALES`.
        layout: A name in `layouts.LAYOUTS`, or ``mixed`` for one drawn for each table.
        shape: One of `build.SHAPES`.
        damages: Names in `registry.DAMAGES`; drawn when None.
        max_damages: How many are drawn at most.

    Raises:
        KeyError: A damage or layout that is not registered.
    """
    for attempt in range(_TRIES):
        rng = Random(seed + attempt * _NEXT_TRY)
        wanted = _draw(rng, max_damages) if damages is None else [DAMAGES[n] for n in damages]
        report = _once(seed, rng, wanted, variant, scale, layout, shape)
        proven = report.kind != "corrupting" or _proven(report)
        if proven and (damages is None or len(report.damages) == len(wanted)):
            return report
    assert proven, f"seed {seed}: no corrupted report that proves its fault"
    return report


def _draw(rng: Random, most: int) -> list[Damage]:
    return rng.sample(list(DAMAGES.values()), rng.randint(0, most))


def _once(
    seed: int,
    rng: Random,
    wanted: Sequence[Damage],
    variant: str | None,
    scale: str | None,
    layout: str | None,
    shape: str | None,
) -> Garbled:
    variant = variant or rng.choice(list(truth.VARIANTS))
    scale = scale or rng.choice(truth.SCALES)
    shape = shape or rng.choice((*SHAPES, SHAPES[0], SHAPES[0]))
    layouts = _layouts(rng, layout)
    form = truth.form_of(variant)
    report = draft(
        rng,
        form,
        truth.make(rng, variant, scale),
        layouts,
        shape,
        prose.agency(rng),
        rng.randint(2019, 2024),
    )
    planned = sorted(wanted, key=_place)
    applied = [d for d in planned if d.stage == "draft" and d.apply(report, rng)]
    if any(d.kind == "lossy" for d in applied):
        _doubt_unlabelled(report)
    report.pieces = render(report, rng)
    applied += [d for d in planned if d.stage == "pieces" and d.apply(report, rng)]
    text, expected = _truth_of(report)
    used = list(dict.fromkeys(layouts.values()))
    return Garbled(
        seed=seed,
        variant=variant,
        scale=scale,
        layout="+".join(layouts.values()) if len(used) > 1 else used[0],
        shape=shape,
        damages=tuple(d.name for d in applied),
        kind=max((d.kind for d in applied), key=_KINDS.index, default="lossless"),
        text=text,
        form=form.id,
        year=report.year,
        agency=report.agency,
        expected=expected,
    )


def _place(damage: Damage) -> tuple[int, int]:
    """Damages take figures first, then spoil what is left, then only change how it looks."""
    return _ORDER.index(damage.apply.__module__), list(DAMAGES).index(damage.name)


def _layouts(rng: Random, layout: str | None) -> dict[str, str]:
    names = list(LAYOUTS)
    if layout is None and rng.random() < 0.25:
        layout = MIXED
    if layout == MIXED:
        return {table: rng.choice(names) for table in prose.HEADINGS}
    chosen = layout or rng.choice(names)
    if chosen not in LAYOUTS:
        raise KeyError(chosen)
    return dict.fromkeys(prose.HEADINGS, chosen)


def _doubt_unlabelled(report: Draft) -> None:
    """Where rows are lost, a row without a label may be any of its neighbours."""
    for cell in report.unlabelled & report.fates.keys():
        if report.fates[cell].states == READ:
            report.fates[cell].states = MAY_BE_READ


def _truth_of(report: Draft) -> tuple[str, dict[str, Expected]]:
    """The text, and where and what every cell is in it."""
    spans: dict[str, tuple[int, int]] = {}
    offset = 0
    pieces: list[Piece] = [*report.before, *report.pieces, *report.after]
    for piece in pieces:
        if piece.cell:
            assert piece.cell not in spans, f"{piece.cell} is printed twice"
            spans[piece.cell] = (offset, offset + len(piece.text))
        offset += len(piece.text)
    text = "".join(piece.text for piece in pieces)
    printed = {piece.cell: piece.text for piece in pieces if piece.cell}
    expected = {}
    for name, fate in report.fates.items():
        span = spans.get(name)
        assert span is not None or "read" not in fate.states, f"{name} is not printed"
        assert span is None or text[span[0] : span[1]] == printed[name], f"{name} is misplaced"
        expected[name] = Expected(fate.states, fate.value, printed.get(name), span, fate.true_value)
    return text, expected


def _proven(report: Garbled) -> bool:
    """Whether the text itself shows that the source cannot be right."""
    known = {
        name: cell.value
        for name, cell in report.expected.items()
        if cell.must_be_read and cell.value is not None
    }
    return "copies_differ" in report.damages or bool(
        truth.broken(truth.form_of(report.variant), known)
    )
