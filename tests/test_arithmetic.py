"""What the identities can see, and what follows from them."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from tests.garbler.truth import make
from verify.arithmetic import check, deduce, residuals, signed_cells
from verify.figures import Number
from verify.forms import Form, Identity, compose, every_form

FULL = compose("2021", "2021")


def request_rules(form: Form) -> list[Identity]:
    return [i for i in form.identities if i.cells[0].startswith("requests.")]


def effects(form: Form) -> dict[str, dict[str, int]]:
    """For each cell of table 三 how it enters each identity."""
    found: dict[str, dict[str, int]] = {}
    for identity in request_rules(form):
        for name in identity.plus:
            found.setdefault(name, {})[identity.id] = 1
        for name in identity.minus:
            found.setdefault(name, {})[identity.id] = -1
    return found


def rank(rows: list[dict[str, int]]) -> int:
    left = [dict(row) for row in rows]
    found = 0
    while left:
        row = left.pop()
        if not row:
            continue
        found += 1
        pivot, value = next(iter(row.items()))
        for i, other in enumerate(left):
            if factor := other.get(pivot):
                mixed = {k: other.get(k, 0) * value - row.get(k, 0) * factor
                         for k in other.keys() | row.keys()}  # fmt: skip
                left[i] = {k: v for k, v in mixed.items() if v}
    return found


@pytest.mark.parametrize(
    ("form", "identities", "expected_rank"),
    [(compose("2021", "2021"), 39, 37), (compose("2019", "2019"), 37, 35)],
)
def test_table_three_has_the_identities_and_the_rank_of_its_form(
    form: Form, identities: int, expected_rank: int
) -> None:
    rules = request_rules(form)
    assert len(rules) == identities
    assert len([i for i in form.identities if i not in rules]) == 3
    rows = [{**dict.fromkeys(i.plus, 1), **dict.fromkeys(i.minus, -1)} for i in rules]
    assert rank(rows) == expected_rank


@pytest.mark.parametrize("form", every_form(), ids=lambda f: f.variant)
def test_every_change_of_one_two_or_three_cells_is_noticed(form: Form) -> None:
    """Exhaustive: no one, two or three cells can change so that every identity still holds.

    A set of cells can hide a change only when their effects are linearly dependent. Any triple that
    is dependent has a third cell in each identity that exactly one of the other two enters, so
    looking there looks at all triples.
    """
    effect = effects(form)
    members: dict[str, list[str]] = {}
    for name, entry in effect.items():
        assert entry, name
        for id in entry:
            members.setdefault(id, []).append(name)
    for a, b in itertools.combinations(effect, 2):
        assert rank([effect[a], effect[b]]) == 2, (a, b)
        lonely = effect[a].keys() ^ effect[b].keys()
        assert lonely, (a, b)
        for c in members[min(lonely)]:
            if c in (a, b) or not lonely <= effect[c].keys():
                continue
            assert rank([effect[a], effect[b], effect[c]]) == 3, (a, b, c)


def test_changing_read_cells_fails_identities_in_figures_too() -> None:
    rng = Random(5)
    truth = make(rng, "2021+2021", "medium")
    figures: dict[str, Number] = dict(truth)
    cells = [name for name in FULL.cells if name.startswith("requests.")]
    assert not check(FULL.identities, figures).failed
    for size in (1, 2, 3):
        for _ in range(400):
            changed = dict(figures)
            for name in rng.sample(cells, size):
                changed[name] = changed[name] + rng.choice([-1, 1]) * rng.randint(1, 500)
            assert check(FULL.identities, changed).failed


def test_an_identity_with_an_unknown_cell_is_open_and_never_held() -> None:
    figures: dict[str, Number | None] = dict.fromkeys(FULL.cells, 0)
    figures["requests.granted.total"] = None
    outcome = check(FULL.identities, figures)
    assert {i.id for i in outcome.open} == {"results.total", "row.granted"}
    assert len(outcome.held) == 40
    assert not outcome.failed


def test_a_blank_is_never_taken_for_zero() -> None:
    figures: dict[str, Number | None] = dict.fromkeys(FULL.cells, 0)
    figures["requests.granted.natural_person"] = None
    figures["requests.granted.total"] = 7
    figures["requests.results_total.natural_person"] = 7
    figures["requests.results_total.total"] = 7
    figures["requests.new_received.natural_person"] = 7
    figures["requests.new_received.total"] = 7
    found = deduce(FULL.identities, figures, signed_cells(FULL))
    assert found.values == {"requests.granted.natural_person": 7}


def test_terms_that_sum_to_zero_are_all_zero_with_their_proof() -> None:
    figures: dict[str, Number | None] = dict.fromkeys(FULL.cells, 0)
    row = [n for n in FULL.cells if n.startswith("requests.granted.")]
    for name in row[:6]:
        figures[name] = None
    found = deduce([i for i in FULL.identities if i.id == "row.granted"], figures, frozenset())
    assert found.values == dict.fromkeys(row[:6], 0)
    assert set(found.proofs.values()) == {("row.granted",)}


def test_blanks_that_would_have_to_be_negative_are_impossible() -> None:
    figures: dict[str, Number | None] = dict.fromkeys(FULL.cells, 0)
    figures["requests.granted.natural_person"] = None
    figures["requests.granted.business"] = 3
    found = deduce(FULL.identities, figures, frozenset())
    assert "row.granted" in found.impossible


def test_what_remains_after_blanks_are_eliminated_is_checked() -> None:
    """Two rows lose a column each; skipping their identities would miss the error."""
    figures: dict[str, Number | None] = dict.fromkeys(FULL.cells, 0)
    for row in ("granted", "partially_granted"):
        for column in ("natural_person", "business"):
            figures[f"requests.{row}.{column}"] = None
    figures["requests.granted.total"] = 5  # the columns say that these rows hold nothing
    opened = check(FULL.identities, figures).open
    assert residuals(opened, figures)


@pytest.mark.parametrize("blanks", [5, 15, 25])
def test_no_deduced_value_is_ever_wrong(blanks: int) -> None:
    rng = Random(blanks)
    for _ in range(60):
        form = rng.choice(every_form())
        truth = make(rng, form.variant, rng.choice(["zero", "tiny", "small", "large"]))
        names = [n for n in form.cells if not n.startswith("proactive.")]
        gone = set(rng.sample(names, blanks))
        known: dict[str, Number | None] = {n: None if n in gone else v for n, v in truth.items()}
        found = deduce(form.identities, known, signed_cells(form))
        assert not found.impossible
        assert not residuals(check(form.identities, known).open, known)
        for name, value in found.values.items():
            assert value == truth[name], name
