"""The ladder: climbed where nothing can be asked, stopped by failures, and judged again without a source."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

import pytest

import prompts
from extractor import steps as steps_module
from extractor.errors import ProviderError
from extractor.ladder import Builtin, LanguageModel, Rung, climb, climb_asking
from extractor.models.exchange import Asked, Question, Reply, Spent, Told, UnansweredError, drive
from extractor.pipeline import Account, origin_of, read_source, result_of
from extractor.readers.model import Interview
from extractor.source import SourceText
from extractor.steps import Climbed, Tried, rejudged
from tests.conftest import CASES
from tests.each import each
from tests.garbler import garble
from tests.scripted.ask import Script, text_of
from tests.scripted.strong import StrongModel
from tests.scripted.truth import truth_of, truth_of_case
from verify.grounded import Grounded
from verify.judge import Verified, judge
from verify.layout import lay_out

Ask = Callable[[Question], Reply]
T = TypeVar("T")
NOTHING = '{"rows":[],"cells":[],"order":[]}'


def crossed(one: T) -> T:
    """The same in another process."""
    made: T = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own
    return made


def silent(_: Question) -> Reply:
    return Reply(None, "empty")


def dead(_: Question) -> Reply:
    raise UnansweredError(
        "'openai/dead': nothing answers there; start the server", kind="unreachable"
    )


def spent(_: Question) -> Reply:
    raise Spent("--max-requests 0 is used up; allow more")


def weak() -> Ask:
    return Script(lambda _system, _user: NOTHING)


def rung(name: str, ask: Ask, votes: int = 1) -> LanguageModel:
    return LanguageModel(f"openai/{name}", Interview(prompts.load("pointer-zh"), votes, ask=ask))


def ladders(strong: StrongModel) -> list[list[Rung]]:
    """Ladders that end in every way that there is."""

    def able(name: str) -> LanguageModel:
        return rung(name, Script(strong))

    unqualified = replace(able("unqualified"), required=True)
    return [
        [Builtin()],
        [able("a")],
        [Builtin(), able("a")],
        [Builtin(), rung("weak", weak()), able("b")],
        [rung("dead", dead), Builtin(), able("a")],
        [Builtin(), rung("dead", dead), rung("silent", silent), rung("dead2", dead), able("b")],
        [unqualified, rung("spent", spent), able("a"), able("b")],
        [rung("votes", Script(strong), votes=3), Builtin()],
    ]


def reports() -> list[tuple[str, StrongModel]]:
    """Texts of every kind of verdict, and the model that knows each."""
    cases = [case for case in CASES if truth_of_case(case)][::5]
    found = [(text_of(case), StrongModel(text_of(case), truth_of_case(case))) for case in cases]
    garbled = [garble(seed) for seed in range(40, 44)]
    return found + [(one.text, StrongModel(one.text, truth_of(one))) for one in garbled]


REPORTS = reports()


@cache
def climbs(number: int) -> tuple[Climbed, ...]:
    """A report's way up each of the ladders."""
    text, strong = REPORTS[number]
    layout = lay_out(text)
    return tuple(climb(layout, rungs) for rungs in ladders(strong))


def tried(climbed: Climbed) -> list[Tried]:
    """What a store would keep of the steps: nothing that the verifier said."""
    return [
        Tried(
            step.model, step.grounded, step.troubles, step.prompt, step.qualified, step.asked_again
        )
        for step in climbed.steps
    ]


@each("number", range(len(REPORTS)))
def test_what_was_made_judged_again_comes_to_what_the_ladder_came_to(number: int) -> None:
    for rungs, climbed in zip(ladders(REPORTS[number][1]), climbs(number), strict=True):
        again = rejudged(tried(climbed), climbed.lost)
        assert again == climbed
        assert len(climbed.steps) + len(climbed.lost) == len(rungs) or climbed.settled


def test_the_ladders_end_in_every_way() -> None:
    """So that the test before shows something."""
    made = [climbed for number in range(len(REPORTS)) for climbed in climbs(number)]
    codes = {finding.code for climbed in made for finding in climbed.step.verified.findings}
    codes |= {f.code for climbed in made for step in climbed.steps for f in step.troubles}
    assert codes >= {
        "readers_agree",
        "provider_failed",
        "not_qualified",
        "requests_spent",
        "answer_unusable",
    }
    assert {climbed.settled for climbed in made} == {True, False}
    assert {len(climbed.steps) for climbed in made} >= {1, 2, 3}
    assert any(climbed.lost for climbed in made)
    assert any(step.asked_again for climbed in made for step in climbed.steps)
    assert any(climbed.step.model != climbed.steps[0].model for climbed in made)


@each("number", range(0, len(REPORTS), 3))
def test_a_ladder_is_climbed_the_same_where_nothing_can_be_asked(number: int) -> None:
    """Rungs, questions and replies cross to another process; nothing but them does."""
    text, strong = REPORTS[number]
    layout = lay_out(text)
    for n, (rungs, theirs) in enumerate(zip(ladders(strong), ladders(strong), strict=True)):
        askers = {one.model: one.reader.ask for one in rungs if isinstance(one, LanguageModel)}
        asked: list[Asked] = []

        def ask(
            one: Asked, askers: dict[str, Ask | None] = askers, to: list[Asked] = asked
        ) -> Told:
            to.append(one)
            asked_there = crossed(one)
            asker = askers[asked_there.model]
            assert asker is not None
            try:
                told = Told(asker(asked_there.question))
            except (ProviderError, Spent) as error:
                raise crossed(error) from None
            return crossed(told)

        bare: Sequence[Rung] = crossed([_bare(one) for one in theirs])
        assert drive(climb_asking(layout, bare), ask) == climbs(number)[n]
        assert {one.model for one in asked} <= set(askers)


def _bare(one: Rung) -> Rung:
    if isinstance(one, LanguageModel):
        return replace(one, reader=Interview(one.reader.prompt, one.reader.votes))
    return one


def test_a_reader_with_nobody_to_ask_says_so() -> None:
    text, strong = REPORTS[0]
    with pytest.raises(TypeError, match="'openai/a' has nothing to ask with"):
        climb(lay_out(text), [_bare(ladders(strong)[1][0])])


def test_a_step_that_passes_today_ends_the_ladder(monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of("one-digit-wrong")
    strong = StrongModel(text, truth_of_case("one-digit-wrong"))
    rungs: list[Rung] = [
        Builtin(),
        rung("dead", dead),
        rung("weak", weak()),
        rung("b", Script(strong)),
    ]
    climbed = climb(lay_out(text), rungs)
    assert [step.model for step in climbed.steps] == ["builtin", "openai/weak", "openai/b"]
    assert [(one.model, one.after) for one in climbed.lost] == [("openai/dead", 1)]
    assert climbed.settled

    def lenient(grounded: Grounded) -> Verified:
        verified = judge(grounded)
        bad = verified.verdict == "inconsistent"
        return replace(verified, verdict="accepted", findings=()) if bad else verified

    monkeypatch.setattr(steps_module, "judge", lenient)
    again = rejudged(tried(climbed), climbed.lost)
    assert [step.model for step in again.steps] == ["builtin"]
    assert again.step.verified.verdict == "accepted"
    assert again.lost == ()
    assert again.settled


def test_a_ladder_that_would_go_on_today_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    climbed = climb(lay_out(REPORTS[0][0]), [Builtin()])
    assert climbed.settled
    monkeypatch.setattr(
        steps_module, "judge", lambda grounded: replace(judge(grounded), verdict="incomplete")
    )
    assert not rejudged(tried(climbed)).settled


@each("number", range(0, len(REPORTS), 4))
def test_a_result_made_of_what_was_kept_is_the_same(number: int) -> None:
    text, strong = REPORTS[number]
    source = SourceText("report.txt", text, "0" * 64, "utf-8")
    assert result_of(climb(lay_out(text), [Builtin()]), origin_of(source)) == read_source(source)
    climbed = climb(lay_out(text), [rung("a", Script(strong))])
    attempts: list[Account] = [{"about": "requests", "status": 200, "seconds": 0.5}]
    usage: Account = {"input_tokens": 5, "output_tokens": 2, "requests": 1, "cost_usd": "0.01"}
    made = result_of(climbed, origin_of(source), attempts, usage)
    again = result_of(rejudged(tried(climbed)), origin_of(source), attempts, usage)
    assert again == made
    assert made.provenance.model == "openai/a"
    assert made.provenance.prompt is not None
    assert made.provenance.attempts == tuple(attempts)
    assert made.provenance.usage.cost_usd == "0.01"


def test_a_failure_comes_with_what_was_sent() -> None:
    error = UnansweredError("a line", kind="key_refused", lasting=True)
    again = crossed(error)
    assert (str(again), again.kind, again.lasting, again.attempts) == (
        "a line",
        "key_refused",
        True,
        (),
    )
    assert isinstance(again, ProviderError)
    assert again.exit_code == 4
