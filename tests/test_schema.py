"""The result JSON keeps the contract, whoever wrote it."""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from functools import cache, reduce
from typing import Any

import pytest
from pydantic import ValidationError

from extractor.cli.read import to_json
from extractor.pipeline import read_source
from extractor.source import load
from tests.conftest import CASES, FORMS, GOLDEN, MONEY, cases_with
from tests.each import each
from verify.codes import CODES
from verify.schema import Cell, Result, figures_of

Json = dict[str, Any]


def result_of(case: str) -> tuple[str, Result]:
    """The source of a golden case and what is made of it."""
    source = load(str(GOLDEN / case / "report.txt"))
    return source.text, read_source(source)


@cache
def made(case: str) -> tuple[str, Json]:
    """The source of a golden case and its result as JSON."""
    text, result = result_of(case)
    loaded: Json = json.loads(to_json(result), parse_float=_no_float)
    return text, loaded


def _no_float(text: str) -> float:
    raise AssertionError(f"a float in the result: {text}")


@pytest.fixture
def valid() -> Json:
    """A result with figures, money, blanks and deduced cells, to be spoilt."""
    loaded: Json = json.loads(to_json(result_of("blanks-that-follow")[1]))
    return loaded


# --- the JSON of every golden case


def test_the_sizes_of_the_forms_are_those_of_the_contract() -> None:
    assert [len(cells) for cells in FORMS["2021"]] == [175 + 15 + 10]
    assert [len(cells) for cells in FORMS["2019"]] == [161 + 15 + 22]
    assert [len(cells) for cells in FORMS["hybrid"]] == [161 + 15 + 10, 175 + 15 + 22]


KEYS = {
    "": "schema_version verdict reasons report cells identities suspects provenance",
    "report": "agency year form",
    "identities": "held failed not_evaluable",
    "provenance": "source reader model prompt attempts usage version",
    "provenance.source": "name sha256 encoding chars",
    "provenance.usage": "input_tokens output_tokens requests cost_usd",
}


@each("case", CASES)
def test_keys_cells_and_sums_are_those_of_the_contract(case: str) -> None:
    _, result = made(case)
    for path, keys in KEYS.items():
        inside = result
        for step in path.split(".") if path else ():
            inside = inside[step]
        assert set(inside) >= set(keys.split()), path
    assert result["schema_version"] == "2"
    form, names = result["report"]["form"], list(result["cells"])
    assert names in (FORMS[form] if form else [[]])
    assert (form is None) == (result["verdict"] == "unsupported")
    of_three = 39 if "requests.other_other.total" in names else 37
    assert sum(result["identities"].values()) == (of_three + 3 if names else 0)
    states = {cell["state"] for cell in result["cells"].values()}
    if result["verdict"] == "accepted":
        assert states == {"read"}
        assert result["identities"]["failed"] == result["identities"]["not_evaluable"] == 0
    assert result["verdict"] != "completed" or states == {"read", "deduced"}


@each("case", CASES)
def test_counts_are_integers_and_money_is_text(case: str) -> None:
    _, result = made(case)
    for name, cell in result["cells"].items():
        assert set(cell) >= {"value", "state", "text", "span"}, name
        tried = result["verdict"] == "rejected" and cell["state"] == "read"
        assert ("tentative" in cell) == tried, name
        if cell["value"] is None:
            assert tried or cell["state"] in {"blank", "missing", "unreadable"}, name
            continue
        assert result["verdict"] != "rejected", name
        assert cell["state"] in {"read", "deduced"}, name
        if name in MONEY:
            assert isinstance(cell["value"], str), name
            assert Decimal(cell["value"]).is_finite(), name
        else:
            assert type(cell["value"]) is int, name


@each("case", CASES)
def test_the_text_is_what_stands_under_the_span(case: str) -> None:
    source, result = made(case)
    for name, cell in result["cells"].items():
        assert (cell["span"] is None) == (cell["text"] is None), name
        assert cell["span"] or cell["state"] != "read", f"{name} was read nowhere"
        if cell["span"] is not None:
            start, end = cell["span"]
            assert 0 <= start < end <= len(source), name
            assert source[start:end] == cell["text"], name


@each("case", CASES)
def test_a_deduced_cell_says_what_it_was_and_why(case: str) -> None:
    _, result = made(case)
    for name, cell in result["cells"].items():
        deduced = cell["state"] == "deduced"
        assert deduced == ("was" in cell), name
        if deduced:
            assert result["verdict"] == "completed", name
            assert cell["was"] in {"blank", "missing", "unreadable"}, name
            assert cell["proof"], name
            assert "derived" not in cell, name


@each("case", CASES)
def test_reasons_have_codes_messages_and_known_cells(case: str) -> None:
    source, result = made(case)
    forced = {CODES[reason["code"]].forces for reason in result["reasons"]}
    for reason in result["reasons"]:
        assert set(reason) >= {"code", "severity", "rule", "cells", "expected", "actual", "span"}
        assert reason["severity"] in {"error", "warning", "info"}
        assert reason["message_zh"]
        assert reason["message_en"].isprintable()
        assert re.search(r"\{\w*\}", reason["message_zh"] + reason["message_en"]) is None
        assert set(reason["cells"]) <= set(result["cells"])
        if reason["span"] is not None:
            assert 0 <= reason["span"][0] < reason["span"][1] <= len(source)
    if "not_proven" in {reason["code"] for reason in result["reasons"]}:
        forced.discard("inconsistent")
    order = ["unsupported", "rejected", "inconsistent", "incomplete", "unconfirmed"]
    first = next((verdict for verdict in order if verdict in forced), None)
    assert result["verdict"] == (first or result["verdict"])
    assert (first is None) == (result["verdict"] in {"completed", "accepted"})


@each("case", CASES)
def test_the_json_is_read_back_to_the_same_result(case: str) -> None:
    _, loaded = made(case)
    text = json.dumps(loaded, ensure_ascii=False)
    assert json.loads(to_json(Result.model_validate_json(text))) == loaded


def test_suspects_are_small_sets_of_cells() -> None:
    for name in cases_with("inconsistent"):
        _, result = result_of(name)
        for group in result.suspects:
            assert group.identities
            assert len({len(cells) for cells in group.sets}) <= 1
            assert all(0 < len(cells) <= 3 for cells in group.sets)
            assert set().union(*map(set, group.sets)) <= set(result.cells)


def test_one_wrong_digit_is_located() -> None:
    _, result = result_of("one-digit-wrong")
    (group,) = result.suspects
    assert group.sets == (("requests.unprocessed_petition.natural_person",),)
    assert len(group.identities) == result.identities.failed == 2


# --- what is refused

GRANTED = "requests.granted.business"
BLANK = "requests.granted.natural_person"
FEES = "proactive.fees.amount"
GONE = object()
NOWHERE: Json = {"value": None, "text": None, "span": None}
Path = tuple[str, ...]
IN_CELL = ("cells", GRANTED)
SPOILT: dict[str, tuple[Path, object]] = {
    "a key more": (("more",), 1),
    "a key more in a cell": ((*IN_CELL, "more"), 1),
    "a float": ((*IN_CELL, "value"), 1.0),
    "a boolean": ((*IN_CELL, "value"), True),
    "a count is no text": ((*IN_CELL, "value"), "17"),
    "what was read is known": ((*IN_CELL, "value"), None),
    "no decimal": (("cells", FEES, "value"), "1e3"),
    "thousands": (("cells", FEES, "value"), "1,000"),
    "money is no number": (("cells", FEES, "value"), 12),
    "money has plain digits": (("cells", FEES, "value"), "１２"),
    "no state": ((*IN_CELL, "state"), "guessed"),
    "a blank has no value": ((*IN_CELL, "state"), "blank"),
    "half a span": ((*IN_CELL, "span"), [1]),
    "a negative span": ((*IN_CELL, "span"), [-2, 1]),
    "a span does not run backwards": ((*IN_CELL, "span"), [9, 3]),
    "a span of text": ((*IN_CELL, "span"), ["1", "2"]),
    "what was read stands somewhere": (IN_CELL, NOWHERE | {"value": 17, "state": "read"}),
    "what was deduced has a proof": (("cells", BLANK, "proof"), None),
    "a cell is dropped": (IN_CELL, GONE),
    "a cell is invented": (("cells", "requests.granted.nobody"), NOWHERE | {"state": "blank"}),
    "another form": (("report", "form"), "2019"),
    "no form": (("report", "form"), None),
    "a year as text": (("report", "year"), "2021"),
    "no verdict": (("verdict",), "fine"),
    "another version": (("schema_version",), "1"),
    "a sum as text": (("identities", "held"), "42"),
    "a key is gone": (("suspects",), GONE),
}


def test_the_unspoilt_result_is_taken(valid: Json) -> None:
    assert Result.model_validate_json(json.dumps(valid)).verdict == "completed"


@each(("path", "value"), SPOILT.values(), ids=SPOILT)
def test_a_result_that_breaks_the_contract_is_refused(
    path: Path, value: object, valid: Json
) -> None:
    spoilt = copy.deepcopy(valid)
    *above, last = path
    inside = reduce(lambda part, key: part[key], above, spoilt)
    if value is GONE:
        del inside[last]
    else:
        inside[last] = value
    with pytest.raises(ValidationError):
        Result.model_validate_json(json.dumps(spoilt))


@each("value", [1.5, True, "", "one", " 1", "1 ", "0x1", "NaN", "Infinity"])
def test_a_cell_takes_no_other_value(value: object) -> None:
    with pytest.raises(ValidationError):
        Cell.model_validate_json(json.dumps({"value": value, "state": "read"}))


def test_a_result_cannot_be_changed(valid: Json) -> None:
    result = Result.model_validate_json(json.dumps(valid))
    with pytest.raises(ValidationError):
        result.verdict = "accepted"


# --- figures


@each("name", [*cases_with("accepted"), *cases_with("completed")])
def test_figures_are_integers_and_decimals(name: str) -> None:
    _, result = result_of(name)
    figures = figures_of(result)
    assert list(figures) == list(result.cells)
    for cell, value in figures.items():
        assert type(value) is (Decimal if cell in MONEY else int), cell


def test_figures_are_exact() -> None:
    _, result = result_of("fee-in-yuan")
    assert figures_of(result)["proactive.fees.amount"] == Decimal("15.279")
    _, result = result_of("form-2019-with-money")
    figures = figures_of(result)
    assert figures["proactive.procurement.amount"] == Decimal("1843.257")
    assert figures["proactive.penalties.change"] == -7


def test_an_unknown_figure_is_none_and_not_zero() -> None:
    _, result = result_of("blanks-that-do-not-follow")
    figures = figures_of(result)
    unknown = [name for name, value in figures.items() if value is None]
    assert unknown == [name for name, cell in result.cells.items() if cell.state == "blank"]
    assert len(unknown) == 5


def test_there_are_no_figures_of_an_unsupported_report() -> None:
    _, result = result_of("narrative-without-tables")
    with pytest.raises(ValueError, match="unsupported"):
        figures_of(result)


def test_a_negative_count_is_no_figure() -> None:
    _, result = result_of("cut-table-negative-count")
    with pytest.raises(ValueError, match="negative"):
        figures_of(result)
