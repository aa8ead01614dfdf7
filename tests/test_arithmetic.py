"""What the identities can see, and what follows from them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from functools import cache
from random import Random

import pytest

from benchmarks.blanks import Counts, another_digit, block, cells_of, draw
from tests.each import each
from tests.fillings import fillable, infeasible
from tests.garbler import SCALES
from tests.garbler.truth import make
from verify.arithmetic import check, deduce, signed_cells
from verify.feasible import Residual, Values, residuals, unguarded
from verify.figures import Number
from verify.forms import APPLICANTS, Form, Identity, compose, every_form

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
                mixed = {
                    k: other.get(k, 0) * value - row.get(k, 0) * factor
                    for k in other.keys() | row.keys()
                }
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


@each("form", every_form(), ids=lambda f: f.variant)
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


# --- whether unknown cells can be filled at all ----------------------------------------------------


def clustered(rng: Random, most: int) -> tuple[Form, dict[str, Number | None]]:
    """A report with blanks that share rows and columns, and up to two wrong digits."""
    form, truth = draw(rng, rng.choice(("zero", "tiny", "tiny", "small")))
    rows = rng.sample(form.table("requests").rows, rng.randint(2, 4))
    columns = rng.sample(APPLICANTS, rng.randint(2, 4))
    crossed = [f"requests.{row.id}.{column.id}" for row in rows for column in columns]
    gone = set(rng.sample(crossed, min(most, len(crossed))))
    known: dict[str, Number | None] = {n: None if n in gone else v for n, v in truth.items()}
    read = [name for name in cells_of(form, ("requests.",)) if name not in gone]
    for name in rng.sample(read, rng.randint(0, 2)):
        known[name] = another_digit(rng, int(truth[name]))
    return form, known


def found_by_trying(identities: Sequence[Identity], values: Values, most: int) -> bool:
    """Try every filling with whole numbers up to ``most``: slow, and independent of the product."""
    unsolved = []
    for identity in identities:
        unknown = [name for name in identity.cells if values.get(name) is None]
        left = sum(int(values.get(name) or 0) for name in identity.plus)
        right = sum(int(values.get(name) or 0) for name in identity.minus)
        if not unknown and left != right:
            return False
        if unknown:
            unsolved.append((unknown, identity, right - left))
    if not unsolved:
        return True
    unknown, identity, rest = min(unsolved, key=lambda entry: len(entry[0]))
    name = unknown[0]
    if len(unknown) == 1:
        forced = rest if name in identity.plus else -rest
        return forced >= 0 and found_by_trying(identities, {**values, name: forced}, most)
    if len({cell in identity.plus for cell in unknown}) == 1:  # all on one side: no more than rest
        most_here = min(most, abs(rest))
    else:
        most_here = most
    return any(
        found_by_trying(identities, {**values, name: value}, most) for value in range(most_here + 1)
    )


def proves(proof: Residual, form: Form, values: Values) -> bool:
    """Whether the weights of a residual show that nothing fits: no cell left over can make it up."""
    by_id = {identity.id: identity for identity in form.identities}
    left: Counter[str] = Counter()
    for id, weight in zip(proof.identities, proof.weights, strict=True):
        for name in by_id[id].plus:
            left[name] += weight
        for name in by_id[id].minus:
            left[name] -= weight
    known = {name: weight for name, weight in left.items() if values[name] is not None and weight}
    unknown = {name: weight for name, weight in left.items() if values[name] is None and weight}
    rest = sum(int(values[name] or 0) * weight for name, weight in known.items())
    assert set(proof.cells) == set(known)
    assert (proof.amount is None) == bool(unknown)
    return rest < 0 and all(weight < 0 for weight in unknown.values())


def test_blanks_are_called_impossible_exactly_when_trying_finds_no_figures() -> None:
    rng = Random(11)
    outcomes: Counter[bool] = Counter()
    for _ in range(400):
        form, known = clustered(rng, 7)
        checked = check(form.identities, known)
        impossible = not found_by_trying(checked.open, known, 40)
        assert bool(residuals(checked.open, known)) == impossible
        assert (infeasible(checked.open, known) is not None) == impossible
        assert fillable(checked.open, known) != impossible
        outcomes[impossible] += 1
    assert min(outcomes.values()) > 100


def test_every_residual_comes_with_weights_that_prove_it() -> None:
    rng = Random(12)
    proven = 0
    for _ in range(400):
        form, known = clustered(rng, 16)
        opened = check(form.identities, known).open
        for residual in residuals(opened, known):
            assert proves(residual, form, known)
            proven += 1
    assert proven > 200


def holds_and_spares_nothing(proof: Residual, form: Form, values: Values) -> None:
    assert proves(proof, form, values)
    for spared in proof.identities:
        kept = [i for i in form.identities if i.id in proof.identities and i.id != spared]
        assert fillable(kept, values)


def test_no_identity_of_a_proof_can_be_spared() -> None:
    rng = Random(13)
    longest = 0
    for _ in range(300):
        form, known = clustered(rng, 16)
        proof = infeasible(check(form.identities, known).open, known)
        if proof is not None:
            holds_and_spares_nothing(proof, form, known)
            longest = max(longest, len(proof.identities))
    assert longest > 2


def test_a_proof_where_most_cells_are_blank_is_valid_and_spares_nothing() -> None:
    rng = Random(16)
    from_signs = 0
    for _ in range(80):
        form, truth = draw(rng, rng.choice(SCALES))
        names = cells_of(form, ("requests.",))
        known: dict[str, Number | None] = dict(truth)
        known |= dict.fromkeys(rng.sample(names, rng.randint(60, 140)))
        read = [name for name in names if known[name] is not None]
        for name in rng.sample(read, 3):
            known[name] = rng.choice((0, int(truth[name]) + 1, rng.randrange(10**6)))
        opened = check(form.identities, known).open
        found = residuals(opened, known)
        assert bool(found) != fillable(opened, known)
        assert all(proves(proof, form, known) for proof in found)
        proof = infeasible(opened, known)
        if proof is not None:
            holds_and_spares_nothing(proof, form, known)
            from_signs += proof.amount is None
    assert from_signs > 25


def test_a_pivot_that_no_identity_of_a_form_has_is_refused_and_not_rounded() -> None:
    rules = [Identity("sum", ("a", "b"), ("c",), "", ""), Identity("same", ("a",), ("b",), "", "")]
    assert residuals(rules[1:], {}) == []
    with pytest.raises(ArithmeticError, match="totally unimodular"):
        residuals(rules, {"c": 3})


def test_what_no_single_sum_shows_is_still_impossible() -> None:
    """Two rows hold 3 each beside a blank; the column of their blank totals leaves 4 for both."""
    figures: dict[str, Number | None] = dict.fromkeys(FULL.cells, 0)
    for row in ("denied_administrative_inquiry", "unable_unclear"):
        figures[f"requests.{row}.natural_person"] = 3
        figures[f"requests.{row}.other_org"] = None
        figures[f"requests.{row}.total"] = None
    figures["requests.results_total.natural_person"] = 6
    figures["requests.results_total.other_org"] = None
    figures["requests.results_total.total"] = 4
    figures["requests.new_received.natural_person"] = 6
    figures["requests.new_received.other_org"] = None
    figures["requests.new_received.total"] = None
    rules = [
        i
        for i in FULL.identities
        if i.id in ("results.total", "row.unable_unclear", "row.denied_administrative_inquiry")
    ]
    assert not deduce(rules, figures, frozenset()).impossible
    (proof,) = residuals(rules, figures)
    assert set(proof.identities) == {rule.id for rule in rules}
    figures["requests.results_total.total"] = 6
    assert residuals(rules, figures) == []


def test_a_cell_that_may_be_negative_binds_nothing() -> None:
    rule = Identity("rule", ("a", "b"), ("c",), "", "")
    values: dict[str, Number | None] = {"a": 5, "b": None, "c": 3}
    assert infeasible([rule], values) is not None
    assert residuals([rule], values)
    assert infeasible([rule], values, frozenset({"b"})) is None
    assert residuals([rule], values, frozenset({"b"})) == []
    other = Identity("other", ("b",), ("d",), "", "")
    both = {**values, "d": 0}
    assert infeasible([rule, other], both, frozenset({"b"})) is not None
    assert residuals([rule, other], both, frozenset({"b"}))


@each("form", every_form(), ids=lambda f: f.variant)
def test_fractions_fill_blanks_only_where_whole_numbers_do(form: Form) -> None:
    """The identities are a network matrix, whose corners are whole numbers.

    Two of them follow from the others. Without these every cell enters at most two, and the rest
    can be turned round so that a cell in two enters them with opposite signs.
    """
    implied = {"row.results_total", "balance.total"}
    rules = [i for i in form.identities if i.id not in implied]
    left = [{**dict.fromkeys(i.plus, 1), **dict.fromkeys(i.minus, -1)} for i in rules]
    whole = [{**dict.fromkeys(i.plus, 1), **dict.fromkeys(i.minus, -1)} for i in form.identities]
    assert rank(left) == rank(whole) == len(left)
    turned: dict[int, int] = {}
    for start in range(len(left)):
        waiting = [] if start in turned else [start]
        turned.setdefault(start, 1)
        while waiting:
            here = waiting.pop()
            for there, row in enumerate(left):
                shared = row.keys() & left[here].keys()
                if shared and there not in turned:
                    name = min(shared)
                    turned[there] = -turned[here] * left[here][name] * row[name]
                    waiting.append(there)
    for name in {name for row in left for name in row}:
        signs = sorted(turned[i] * row[name] for i, row in enumerate(left) if name in row)
        assert signs in ([1], [-1], [-1, 1]), name


# --- order and repetition --------------------------------------------------------------------------


def test_neither_order_nor_repetition_of_rules_changes_what_follows() -> None:
    rng = Random(14)
    for _ in range(60):
        form, known = clustered(rng, 12)
        signed = signed_cells(form)
        opened = list(check(form.identities, known).open)
        shuffled = [*opened, *rng.sample(opened, len(opened))]
        rng.shuffle(shuffled)
        names = rng.sample(list(known), len(known))
        other = {name: known[name] for name in names}
        assert deduce(opened, known, signed) == deduce(shuffled, other, signed)
        assert residuals(opened, known) == residuals(shuffled, other)
        assert infeasible(opened, known) == infeasible(shuffled, other)


# --- what blanks cost ------------------------------------------------------------------------------


@cache
def measured(where: str, blanks: int | None) -> dict[str, Counts]:
    """The benchmark, small."""
    return {scale: block((7, 120, scale, where, blanks)) for scale in SCALES}


def together(parts: dict[str, Counts]) -> Counts:
    found = Counts()
    for counts in parts.values():
        found.add(counts)
    return found


def test_with_20_blanks_99_percent_of_wrong_digits_of_table_three_are_noticed() -> None:
    of = together(measured("三", 20)).of
    assert of["noticed"] >= 0.99 * of["errors"]
    assert of["plain"] < 0.7 * of["errors"]  # skipping the identities that have a blank
    of = together(measured("三, 四", 20)).of
    assert of["noticed 三"] >= 0.99 * of["errors 三"]


@each("where", ["三", "三, 四"])
@each("blanks", [20, None])
def test_blanks_raise_no_alarm_derive_nothing_wrong_and_hide_only_what_is_named(
    where: str, blanks: int | None
) -> None:
    of = together(measured(where, blanks)).of
    assert (of["wrong"], of["alarms"]) == (0, 0)
    assert of["derived"] > 0.95 * of["blanks"]
    assert of["errors"] - of["noticed"] == of["named"]
    assert of["slipped"] <= of["named"]


def test_unguarded_cells_are_exactly_those_that_could_differ() -> None:
    rng = Random(15)
    sizes: Counter[bool] = Counter()
    for _ in range(12):
        form, truth = draw(rng, rng.choice(SCALES))
        names = cells_of(form, ("requests.", "proceedings."))
        gone = set(rng.sample(names, 20))
        known: dict[str, Number | None] = {n: None if n in gone else v for n, v in truth.items()}
        named = unguarded(form.identities, known)
        assert gone.isdisjoint(named)
        for name in names:
            if name in gone:
                continue
            figure = int(truth[name])
            near = [v for v in (figure - 2, figure - 1, figure + 1, figure + 7) if v >= 0]
            hidden = [v for v in near if fillable(form.identities, {**known, name: v})]
            assert bool(hidden) == (name in named), name
            sizes[bool(hidden)] += 1
    assert sizes[True] > 20


def test_nothing_is_unguarded_where_every_cell_is_known() -> None:
    figures = dict(make(Random(2), "2021+2021", "medium"))
    assert unguarded(FULL.identities, figures) == ()
    blank = {**figures, "requests.granted.business": None}
    assert unguarded(FULL.identities, blank) == ()


def test_a_cell_that_may_be_negative_is_unguarded_below_zero_too() -> None:
    rules = [Identity("rule", ("a", "b"), ("c",), "", ""), Identity("most", ("a", "d"), (), "", "")]
    figures: dict[str, Number | None] = {"a": 0, "b": None, "c": 3, "d": None}
    assert "a" not in unguarded(rules, figures)  # d would have to be less than 0
    assert "a" in unguarded(rules, figures, frozenset({"a"}))
    assert "a" in unguarded(rules, figures, frozenset({"d"}))


def test_a_blank_in_table_four_leaves_its_row_unguarded() -> None:
    figures: dict[str, Number | None] = dict.fromkeys(FULL.cells, 2)
    figures["proceedings.reconsideration.total"] = None
    rules = [i for i in FULL.identities if i.id.startswith("proceedings.reconsideration")]
    assert set(unguarded(rules, figures)) == set(rules[0].plus)
