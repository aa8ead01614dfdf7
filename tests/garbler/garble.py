"""`garble`: draw a report, damage it, print it, and tell the truth about it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from random import Random

from . import (
    accounts,
    arrangement,
    context,
    corrupting,
    documents,
    figures,
    headers,
    labels,
    lossy,
    marks,
    others,
    prose,
    remarked,
    rows,
    scope,
    sections,
    sparse,
    spelling,
    truth,
)
from .build import SHAPES, draft
from .choose import listed
from .layouts import LAYOUTS, render
from .model import MAY_BE_READ, READ, Draft, Expected, Garbled, Piece
from .registry import DAMAGES, Damage, Pool, of_pool

__all__ = ["MIXED", "garble"]

MIXED = "mixed"
_OLD = (lossy, corrupting, rows, sections, figures, labels, context)
_NEW = (sparse, arrangement, accounts, headers, remarked, marks, spelling, scope, others, documents)
_ORDER = [module.__name__ for module in (*_OLD, *_NEW)]
_NEXT_TRY = 1_000_003
_TRIES = 30
# Old damages that leave room for a new one in the same report.
_COMPANIONS = listed(
    "blank_cells|digit_changed|total_off|row_lost|label_variants|typos|ordinal_style|"
    "half_width_brackets|zero_width_labels|tables_reordered|heading_misnumbered|"
    "web_page_furniture|spam_words|prose_before_table|page_break|spaced_figures|blank_lines|"
    "crlf"
)
_COMPANIONS_OF_DOCUMENTS = ("blank_cells", "digit_changed", "label_variants")


def garble(
    seed: int,
    *,
    pool: Pool = "old",
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
        pool: The set that damages are drawn from: ``old``, ``new``, or ``all``, by turns one of
            either. Damages of one set never change the reports of the other.
        variant: A key of `truth.VARIANTS`.
        scale: One of `truth.SCALES`.
        layout: A name in `layouts.LAYOUTS`, or ``mixed`` for one drawn for each table.
        shape: One of `build.SHAPES`.
        damages: Names in `registry.DAMAGES`; drawn when None.
        max_damages: How many of the old set are drawn at most.

    Raises:
        KeyError: A damage or layout that is not registered.
    """
    if pool == "all":
        seed, turn = divmod(seed, 2)
        pool = "new" if turn else "old"
    for attempt in range(_TRIES):
        if pool == "new":
            rng = Random(f"new {seed} {attempt}")
        else:
            rng = Random(seed + attempt * _NEXT_TRY)
        if damages is not None:
            wanted = [DAMAGES[name] for name in damages]
        elif pool == "new":
            wanted = _draw_new(seed, attempt)
        else:
            wanted = rng.sample(of_pool("old"), rng.randint(0, max_damages))
        report = _once(seed, rng, wanted, pool, variant, scale, layout, shape)
        proven = report.kind != "corrupting" or _proven(report)
        applied = len(report.damages)
        enough = applied == len(wanted) if damages is not None or pool == "new" else True
        if proven and enough:
            return report
    assert proven, f"seed {seed}: no corrupted report that proves its fault"
    return report


def _draw_new(seed: int, attempt: int) -> list[Damage]:
    """One or two new damages, sometimes with an old one.

    Each damage has its own lot for each seed, so that one more name takes few seeds from the others.
    """
    lots = sorted((_lot(seed, attempt, d.name), d.name) for d in of_pool("new"))
    first, second = (DAMAGES[name] for _, name in lots[:2])
    chance = Random(f"company {seed} {attempt}")
    chosen = [first]
    if not first.alone and not second.alone and chance.random() < 0.25:
        chosen.append(second)
    if chance.random() < 0.35:
        companions = _COMPANIONS_OF_DOCUMENTS if first.alone else _COMPANIONS
        chosen.append(DAMAGES[chance.choice(companions)])
    return chosen


def _lot(seed: int, attempt: int, name: str) -> bytes:
    return sha256(f"{seed} {attempt} {name}".encode()).digest()


def _once(
    seed: int,
    rng: Random,
    wanted: Sequence[Damage],
    pool: Pool,
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
    if shape in ("bare", "one_header"):
        # nothing but their order says what the fifteen figures are
        report.at_least("legible")
    planned = sorted(wanted, key=_place)
    applied = [d for d in planned if d.stage == "draft" and d.apply(report, rng) is not False]
    if any(d.kind == "lossy" for d in applied):
        _doubt_unlabelled(report)
    report.pieces = render(report, rng)
    applied += [d for d in planned if d.stage == "pieces" and d.apply(report, rng) is not False]
    for done in applied:
        report.at_least(done.kind)
    text, expected = _truth_of(report)
    used = list(dict.fromkeys(layouts.values()))
    return Garbled(
        seed=seed,
        variant=variant,
        scale=scale,
        layout="+".join(layouts.values()) if len(used) > 1 else used[0],
        shape=shape,
        damages=tuple(d.name for d in applied),
        kind=report.kind,
        text=text,
        form=form.id,
        year=report.year,
        agency=report.agency,
        expected=expected,
        pool=pool,
        spans=report.spans,
        year_told=report.year_told,
        passable=report.passable,
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
        expected[name] = Expected(
            fate.states,
            fate.value,
            printed.get(name),
            span,
            fate.true_value,
            fate.passable,
            fate.deducible,
            fate.loose,
        )
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
