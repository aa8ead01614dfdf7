"""Which cells are suspect, and which slip would explain them."""

from __future__ import annotations

import itertools
import subprocess
import sys
from random import Random

import pytest

from tests.damaged import (
    Values,
    corrupted,
    do,
    requests_cells,
    slipped,
    wrong_digits,
)
from tests.each import each
from tests.garbler.truth import SCALES, VARIANTS, form_of, make
from tests.suites import few_or_many
from verify.arithmetic import check
from verify.feasible import residuals
from verify.forms import Form, every_form
from verify.localise import MOST_CELLS, Suspicion, localise
from verify.localise.slips import catalogue
from verify.localise.systems import systems

FULL = form_of("2021+2021")
ROWS = [row.id for row in FULL.table("requests").rows]


def cell(row: str, column: str) -> str:
    return f"requests.{row}.{column}"


def zeros(form: Form = FULL) -> Values:
    return dict.fromkeys(form.cells, 0)


def figures(seed: int, scale: str = "medium") -> Values:
    return dict(make(Random(seed), "2021+2021", scale))


def only(form: Form, values: Values) -> Suspicion:
    (suspicion,) = localise(form, values)
    return suspicion


# --- one, two, three cells ------------------------------------------------------------------------


@each("scale", SCALES)
def test_every_single_wrong_cell_is_located_and_no_other(scale: str) -> None:
    truth = figures(3, scale)
    names = requests_cells(FULL)
    assert len(names) == 175
    for name in names:
        figure = int(truth[name] or 0)
        for wrong in {figure + 1, figure * 10 + 3, figure // 10, max(0, figure - 2)} - {figure}:
            suspicion = only(FULL, truth | {name: wrong})
            assert suspicion.sets == ((name,),)
            assert suspicion.needed == ((figure,),)


def test_of_two_wrong_cells_the_truth_is_among_the_sets() -> None:
    """All pairs in turn, each with one kind of damage; the benchmark takes every kind."""
    rng = Random(8)
    truth = figures(4)
    pairs = list(itertools.combinations(requests_cells(FULL), 2))
    for a, b in pairs[rng.randrange(23) :: 23]:
        step = rng.choice((1, 7, 100))
        wrong = truth | {
            a: int(truth[a] or 0) + step,
            b: int(truth[b] or 0) + rng.choice((1, step)),
        }
        found = localise(FULL, wrong)
        together = [sum(part, ()) for part in itertools.product(*(s.sets for s in found))]
        assert {a, b} in map(set, together)
        assert {len(cells) for cells in together} == {2}


def test_what_a_set_needs_restores_every_identity() -> None:
    rng = Random(2)
    for seed in range(60):
        wrong = figures(seed)
        for name in rng.sample(requests_cells(FULL), 3):
            wrong[name] = wrong_digits(rng, int(wrong[name] or 0))
        found = localise(FULL, wrong)
        for choice in itertools.product(*(range(len(s.sets)) for s in found)):
            mended = dict(wrong)
            for suspicion, i in zip(found, choice, strict=True):
                mended |= dict(zip(suspicion.sets[i], suspicion.needed[i], strict=True))
            if all(s.sets for s in found):
                assert not check(FULL.identities, mended).failed
                assert min(int(v) for v in mended.values() if v is not None) >= 0


def test_nothing_is_said_of_a_consistent_report() -> None:
    for form, scale in itertools.product(every_form(), SCALES):
        truth: Values = dict(make(Random(1), form.variant, scale))
        assert localise(form, truth) == []
        assert localise(form, truth | dict.fromkeys(requests_cells(form)[::7])) == []
        assert localise(form, {}) == []


@few_or_many("fuzz")
def test_localisation_equals_the_oracle(many: bool) -> None:
    from tests.oracle_suspects import disagreement

    for seed in range(40 if many else 6):
        form, values = corrupted(Random(seed))
        assert disagreement(form, values) is None, seed


@each("form", every_form(), ids=lambda f: f.variant)
def test_the_identities_are_totally_unimodular(form: Form) -> None:
    """By Ghouila-Houri: in every choice of identities each can be given a sign so that their sum has
    no coefficient beyond 1. One way to give signs does with `extra` among them, another without it.
    """
    system = systems(form)[0]
    extra = "row.results_total"

    def sign(id: str, *, chosen: bool) -> int:
        kind, name = id.split(".")
        if kind == "row":
            rows = ("carried_out", "results_total") if chosen else ("new_received", "carried_in")
            return 1 if name in rows else -1
        found = -1 if name == "total" else 1
        return found if chosen or kind == "results" else -found

    for number, chosen in itertools.product(range(len(system.cells)), (True, False)):
        parts = {
            identity.id: equation[number] * sign(identity.id, chosen=chosen)
            for identity, equation in zip(system.identities, system.equations, strict=True)
            if number in equation
        }
        always = parts.pop(extra, 0) * chosen
        for size in range(len(parts) + 1):
            for some in itertools.combinations(parts.values(), size):
                assert abs(sum(some) + always) <= 1, system.cells[number]


# --- past three, and hostile figures --------------------------------------------------------------


def test_more_than_three_cells_are_not_localised() -> None:
    wrong = figures(5)
    for row in ROWS[:4]:
        wrong[cell(row, "total")] = int(wrong[cell(row, "total")] or 0) + 11
    assert only(FULL, wrong).sets == ()


@pytest.mark.parametrize("figure", [1, 10**15 - 1])
def test_a_table_in_which_everything_is_wrong_is_not_localised(figure: int) -> None:
    rng = Random(6)
    wrong: Values = {name: rng.randint(0, figure) * 2 + 1 for name in FULL.cells}
    for suspicion in localise(FULL, wrong):
        assert suspicion.sets == () or suspicion.identities[0].startswith("proceedings.")


def test_a_group_that_three_cells_explain_is_told_beside_one_that_they_do_not() -> None:
    """The table as a whole needs more than three; a column apart from the rest needs one."""
    wrong = zeros()
    for row in ("granted", "partially_granted", "denied_state_secret", "carried_in"):
        wrong[cell(row, "total")] = 7
    wrong |= {cell("denied_internal_affairs", "business"): 0}
    wrong["proceedings.reconsideration.total"] = 3
    found = localise(FULL, wrong)
    assert [bool(s.sets) for s in found] == [False, True]
    assert found[1].identities == ("proceedings.reconsideration",)


# --- groups ---------------------------------------------------------------------------------------


def test_two_failed_rows_that_cells_of_one_column_explain_are_one_group() -> None:
    wrong = figures(7)
    a, b = cell("granted", "natural_person"), cell("unable_not_held", "natural_person")
    wrong[a] = int(wrong[a] or 0) + 13
    wrong[b] = int(wrong[b] or 0) - 13
    assert int(wrong[b] or 0) >= 0
    suspicion = only(FULL, wrong)
    assert suspicion.identities == ("row.granted", "row.unable_not_held")
    assert (a, b) in suspicion.sets


def test_a_slip_of_one_group_is_named_beside_another_group() -> None:
    truth = figures(7, "large")
    rolled = next(
        o
        for o in catalogue(FULL, "requests")
        if o.kind == "row_rolled_right"
        and requests_cells(FULL)[o.cells[0]].startswith("requests.granted")
    )
    wrong = do(Random(1), FULL, rolled, truth)
    name = cell("carried_in", "research")
    wrong[name] = int(wrong[name] or 0) + 5
    first, second = localise(FULL, wrong)
    assert first.identities == ("balance.research", "row.carried_in")
    assert (first.sets, first.slips) == (((name,),), ())
    assert [slip.operation for slip in second.slips] == ["row_rolled_right"]


def test_independent_groups_are_told_apart() -> None:
    wrong = zeros()
    wrong["proceedings.reconsideration.upheld"] = 2
    wrong["proceedings.litigation_direct.total"] = 4
    wrong[cell("carried_in", "total")] = 5
    found = localise(FULL, wrong)
    assert [s.identities for s in found] == [
        ("balance.total", "row.carried_in"),
        ("proceedings.reconsideration",),
        ("proceedings.litigation_direct",),
    ]
    assert found[0].sets == ((cell("carried_in", "total"),),)
    wrong = figures(14)
    one, other = cell("carried_in", "business"), cell("granted", "total")
    wrong |= {one: int(wrong[one] or 0) + 4, other: int(wrong[other] or 0) + 9}
    assert [s.sets for s in localise(FULL, wrong)] == [((one,),), ((other,),)]
    assert len(found[1].sets) == 2  # the outcome itself or the total; nothing else can fall
    assert len(found[2].sets) == 5


def test_nothing_of_the_search_is_loaded_before_something_fails() -> None:
    code = "import sys, verify.localise; print(*(m for m in sys.modules if 'localise' in m))"
    loaded = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == ["verify.localise"]


# --- what was not read, and what is negative --------------------------------------------------------


def test_a_negative_count_is_in_every_set_though_every_identity_holds() -> None:
    wrong = zeros()
    a, b = "proceedings.reconsideration.upheld", "proceedings.reconsideration.other"
    wrong |= {a: -3, b: 3}
    suspicion = only(FULL, wrong)
    assert suspicion.identities == (f"bound.{a}",)
    assert suspicion.sets == ((a, b), (a, "proceedings.reconsideration.total"))
    assert suspicion.needed == ((0, 0), (None, None))


def test_identities_that_fail_together_with_blanks_are_named_together() -> None:
    wrong = zeros()
    for row, column in itertools.product(
        ("granted", "partially_granted"), ("natural_person", "business")
    ):
        wrong[cell(row, column)] = None
    wrong[cell("granted", "total")] = 5
    suspicion = only(FULL, wrong)
    assert {"row.granted", "results.natural_person"} <= set(suspicion.identities)
    assert suspicion.sets == ((cell("granted", "total"),),)
    assert suspicion.needed == ((0,),)


def test_what_fails_together_with_blanks_is_named_as_the_finding_names_it() -> None:
    for seed in range(50):
        form, values = corrupted(Random(seed))
        named = {identity for s in localise(form, values) for identity in s.identities}
        for residual in residuals(check(form.identities, values).open, values):
            assert named.issuperset(residual.identities)


def test_a_value_that_blanks_leave_open_is_not_named() -> None:
    wrong = zeros()
    row = "proceedings.reconsideration"
    wrong |= {f"{row}.upheld": None, f"{row}.total": 1, f"{row}.other": 4}
    suspicion = only(FULL, wrong)
    assert suspicion.sets == ((f"{row}.other",), (f"{row}.total",))
    assert suspicion.needed == ((None,), (None,))


# --- evidence ---------------------------------------------------------------------------------------


def test_sets_with_doubtful_cells_come_first() -> None:
    wrong = zeros()
    row = "proceedings.litigation_direct"
    wrong[f"{row}.total"] = 4
    plain = only(FULL, wrong)
    assert [s for (s,) in plain.sets] == [n for n in FULL.cells if n.startswith(f"{row}.")]
    assert (plain.fault, plain.doubtful) == ("source", ())
    (suspicion,) = localise(FULL, wrong, doubts={f"{row}.other", "requests.granted.total"})
    assert suspicion.sets[0] == (f"{row}.other",)
    assert sorted(suspicion.sets) == sorted(plain.sets)
    assert suspicion.doubtful == (f"{row}.other",)
    assert suspicion.fault == "reading"


# --- slips ----------------------------------------------------------------------------------------


@each("form", every_form(), ids=lambda f: f.variant)
def test_the_catalogue_has_about_160_operations_each_once(form: Form) -> None:
    operations = catalogue(form, "requests")
    assert 150 <= len(operations) <= 170
    keys = [(operation.kind, operation.cells) for operation in operations]
    assert len(set(keys)) == len(keys)
    assert len({o.zh for o in operations}) == len({o.en for o in operations}) == len(keys)
    assert systems(form)[0].cells == tuple(requests_cells(form))


def test_undoing_an_operation_gives_the_table_back() -> None:
    rng = Random(3)
    truth = figures(9, "large")
    before = systems(FULL)[0].figures(truth)
    for operation in catalogue(FULL, "requests"):
        after = systems(FULL)[0].figures(do(rng, FULL, operation, truth))
        undone = list(operation.undone(after))
        lost = operation.cells[-1] if operation.kind == "figure_split" else None
        expected = {c: v for c, v in before.items() if c != lost}
        assert expected in undone or before == after, operation


def test_a_slip_in_a_report_of_some_size_is_named() -> None:
    rng = Random(11)
    named = 0
    for seed in range(60):
        truth = figures(seed, rng.choice(("medium", "large")))
        operation, wrong = slipped(rng, FULL, truth)
        cells = tuple(requests_cells(FULL)[i] for i in operation.cells)
        found = localise(FULL, wrong)
        assert found
        assert all(suspicion.slips == found[0].slips for suspicion in found)
        named += any(s.operation == operation.kind and s.cells == cells for s in found[0].slips)
    assert named >= 57


def test_wrong_digits_are_no_slip() -> None:
    rng = Random(12)
    for _ in range(400):
        variant = rng.choice(list(VARIANTS))
        form = form_of(variant)
        wrong: Values = dict(make(rng, variant, rng.choice(SCALES)))
        for name in rng.sample(requests_cells(form), rng.choice((1, 2, 3))):
            wrong[name] = wrong_digits(rng, int(wrong[name] or 0))
        assert not any(suspicion.slips for suspicion in localise(form, wrong))


def test_a_minus_sign_too_many_is_named_with_its_cell() -> None:
    truth = figures(13)
    name = cell("granted", "natural_person")
    assert truth[name]
    suspicion = only(FULL, truth | {name: -int(truth[name] or 0)})
    assert suspicion.sets == ((name,),)
    assert [(s.operation, s.cells) for s in suspicion.slips] == [("sign_flipped", (name,))]
    assert f"bound.{name}" in suspicion.identities
    other = only(FULL, truth | {name: -1 - int(truth[name] or 0)})
    assert (other.sets, other.slips) == (((name,),), ())


def test_sets_never_have_more_than_three_cells_whatever_the_order_of_cells() -> None:
    for seed in range(50):
        form, values = corrupted(Random(1000 + seed))
        found = localise(form, values)
        if seed < 20:
            assert found == localise(form, dict(reversed(values.items())))
        for suspicion in found:
            assert all(0 < len(cells) <= MOST_CELLS for cells in suspicion.sets)
            assert len({len(cells) for cells in suspicion.sets}) <= 1
            assert [len(n) for n in suspicion.needed] == [len(s) for s in suspicion.sets]
