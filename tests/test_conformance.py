"""The conformance cases: each is answered from its own reading, and each says what its rule says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance import write
from conformance.case import ROOT, answer, expectation, folders, load
from tests.each import each
from verify.codes import CODES
from verify.findings import Finding
from verify.forms import every_form
from verify.rules import every_family, family_of, find_rule, ids_of

FOLDERS = folders()
RULES = [path for path in FOLDERS if path.parent.parent.name == "rules"]
HAND = [path for path in FOLDERS if path.parent.name == "hand"]
Json = dict[str, Any]


def named(folder: Path) -> str:
    return folder.relative_to(ROOT).as_posix()


def belongs(finding: Finding, id: str) -> bool:
    """Whether a finding is of a rule, by the catalogue and not by any file."""
    if finding.code not in family_of(id).codes:
        return False
    return any(find_rule(own).id == id for own in ids_of(finding.code, finding.rule))


@pytest.mark.conformance
@each("folder", FOLDERS, ids=named)
def test_a_case_is_answered_as_it_expects(folder: Path) -> None:
    case, expected = load(folder)
    verified, findings = answer(case)
    assert expectation(verified, findings, expected["absent"]) == expected


@pytest.mark.conformance
@each("folder", RULES, ids=named)
def test_the_case_of_a_rule_is_not_blind(folder: Path) -> None:
    case, expected = load(folder)
    _, findings = answer(case)
    id, outcome = folder.parent.name, folder.name
    assert outcome in {"passes", "fails"}
    assert any(belongs(finding, id) for finding in findings) == (outcome == "fails")
    assert expected["absent"] == ([id] if outcome == "passes" else [])


@each("folder", FOLDERS, ids=named)
def test_no_finding_has_a_rule_that_is_said_to_hold(folder: Path) -> None:
    expected = load(folder)[1]
    found = {id for finding in expected["findings"] for id in finding["rule"].split(",")}
    assert {find_rule(id).id for id in found}.isdisjoint(expected["absent"])


@pytest.mark.conformance
def test_the_generated_cases_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert write.main(["--check"]) == 0, capsys.readouterr().out


def test_stale_and_superfluous_files_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        write, "representatives", lambda: list(next(iter(every_family())).rules)[:1]
    )
    few = write.generated()
    monkeypatch.setattr(write, "ROOT", tmp_path)
    monkeypatch.setattr(write, "HERE", tmp_path / "conformance")
    moved = {tmp_path / "conformance" / p.relative_to(ROOT): data for p, data in few.items()}
    monkeypatch.setattr(write, "generated", lambda: moved)
    assert write.main(["--check"]) == 1
    assert write.main([]) == 0
    assert write.main(["--check"]) == 0
    capsys.readouterr()
    report, reading, *_ = moved
    report.write_text("x", encoding="utf-8")
    reading.unlink()
    extra = tmp_path / "conformance" / "rules" / "gone" / "fails" / "report.txt"
    extra.parent.mkdir(parents=True)
    extra.touch()
    assert write.main(["--check"]) == 1
    said = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert sorted(said) == sorted(
        p.relative_to(tmp_path).as_posix() for p in (report, reading, extra)
    )
    assert write.main([]) == 0
    assert not extra.parent.parent.exists()
    assert write.main(["--check"]) == 0


def test_every_family_has_a_case_that_passes_and_one_that_fails() -> None:
    families = {family_of(path.parent.name).id for path in RULES}
    assert families == {family.id for family in every_family()}
    for path in RULES:
        assert {other.name for other in path.parent.iterdir()} == {"passes", "fails"}


# --- cases made by hand: what each is there for, said here and not taken from its file

R, P = "requests.", "proceedings.reconsideration."
AMBIGUOUS = [[P + column] for column in ("upheld", "corrected", "other", "pending", "total")]
TOTALS = [R + f"results_total.{column}" for column in ("natural_person", "legal_service", "total")]
SHOWN: dict[str, tuple[str, set[str], list[list[list[str]]] | None]] = {
    "two-wrong-cells": (
        "inconsistent",
        {"identity_failed"},
        [[[R + "granted.business", R + "unprocessed_repeated.research"]]],
    ),
    "three-wrong-cells-in-the-total-row": ("inconsistent", {"identity_failed"}, [[TOTALS]]),
    "more-than-three-wrong-cells": ("inconsistent", {"identity_failed"}, [[]]),
    "several-smallest-sets": ("inconsistent", {"identity_failed"}, [AMBIGUOUS]),
    "two-smallest-sets-of-two": (
        "inconsistent",
        {"identity_failed"},
        [
            [
                [R + "granted.business", R + "unprocessed_repeated.research"],
                [R + "granted.research", R + "unprocessed_repeated.business"],
            ]
        ],
    ),
    "wrong-cell-behind-blanks": ("inconsistent", {"blanks_impossible", "cells_blank"}, None),
    "suspect-cell-was-doubtful": (
        "rejected",
        {"identity_failed", "suspect_doubtful", "spelled_oddly"},
        [[[R + "granted.natural_person"]]],
    ),
    "rolled-row": ("inconsistent", {"identity_failed", "structure_suspected"}, None),
    "total-rows-exchanged": ("inconsistent", {"identity_failed", "structure_suspected"}, None),
    "sign-flipped": ("inconsistent", {"identity_failed", "negative_count"}, None),
    "negative-count": ("inconsistent", {"identity_failed", "negative_count"}, None),
    "blanks-that-follow-with-proof": ("completed", {"cells_deduced"}, []),
    "blanks-that-do-not-follow": ("incomplete", {"cells_blank"}, []),
    "blanks-impossible": ("inconsistent", {"blanks_impossible", "cells_blank"}, None),
    "copies-alike": ("accepted", {"table_repeated"}, []),
    "copies-differ": ("inconsistent", {"copies_differ"}, []),
    "hybrid-with-one-other-row": ("accepted", set(), []),
    "hybrid-with-three-other-rows-and-a-wrong-one": (
        "inconsistent",
        {"identity_failed"},
        [[[R + "other_fee_unpaid.natural_person"]]],
    ),
    "form-2019-with-changes": ("accepted", {"spelled_oddly"}, []),
    "odd-spellings": ("accepted", {"spelled_oddly", "yuan_converted"}, []),
    "one-cell-a-line": ("accepted", set(), []),
    "one-cell-a-line-wrong-crlf": (
        "inconsistent",
        {"identity_failed"},
        [[[R + "granted.total"]]],
    ),
    "pipes-with-traditional-characters": ("accepted", set(), []),
    "narrative-without-tables": ("unsupported", {"no_table"}, []),
    "table-four-lost": ("incomplete", {"table_missing"}, []),
    "rows-exchanged-by-the-reading": ("rejected", {"wrong_label"}, []),
    "prose-contradicts": ("accepted", {"prose_contradicts"}, []),
    "prose-of-another-scope": ("accepted", {"prose_scoped"}, []),
    "text-addressed-to-a-model": ("unconfirmed", {"addressed_to_model", "remark"}, []),
    "regulations-by-a-county-agency": ("accepted", {"regulations_by_local_agency"}, []),
}


def test_every_case_made_by_hand_is_shown_to_be_about_something() -> None:
    assert sorted(folder.name for folder in HAND) == sorted(SHOWN)
    assert len(HAND) >= 12


@each("folder", HAND, ids=named)
def test_a_case_made_by_hand_shows_what_it_is_there_for(folder: Path) -> None:
    verdict, codes, sets = SHOWN[folder.name]
    verified, findings = answer(load(folder)[0])
    assert verified.verdict == verdict
    assert codes <= {finding.code for finding in findings}
    if not codes:
        assert findings == []
    if sets is not None:
        assert [[list(cells) for cells in s.sets] for s in verified.suspects] == sets


def test_a_wrong_cell_behind_blanks_is_noticed_though_no_identity_fails() -> None:
    verified, _ = answer(load(ROOT / "hand" / "wrong-cell-behind-blanks")[0])
    assert verified.checked.failed == ()
    wrong = "requests.granted.research"
    assert all(
        any(identity.id == open_.id for open_ in verified.checked.open)
        for identity in (verified.form.identities if verified.form else ())
        if wrong in identity.cells
    )


def test_a_proof_leaves_exactly_the_deduced_value() -> None:
    verified, _ = answer(load(ROOT / "hand" / "blanks-that-follow-with-proof")[0])
    assert verified.form is not None
    by_id = {identity.id: identity for identity in verified.form.identities}
    deduced = [cell for cell in verified.cells.values() if cell.state == "deduced"]
    assert len(deduced) == 5
    for cell in deduced:
        assert cell.proof
        for id in cell.proof:
            left, right = (
                sum(int(verified.cells[n].value or 0) for n in names)
                for names in (by_id[id].plus, by_id[id].minus)
            )
            assert left == right


# --- the format


def cells_named(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key.count(".") == 2:
                yield key
            yield from cells_named(value)
    elif isinstance(data, list):
        for value in data:
            yield from cells_named(value)


@each("folder", FOLDERS, ids=named)
def test_a_case_can_be_understood_without_the_code(folder: Path) -> None:
    text = (folder / "report.txt").read_bytes().decode()
    reading = json.loads((folder / "reading.json").read_bytes())
    expected = json.loads((folder / "expected.json").read_bytes())
    variants = {form.variant: set(form.cells) for form in every_form()}
    if reading["form"] is not None:
        assert set(cells_named([reading, expected])) <= variants[reading["form"]]
    for finding in expected["findings"]:
        assert finding["code"] in CODES
        for key in ("span", "other_span"):
            if finding.get(key):
                start, end = finding[key]
                assert 0 <= start < end <= len(text)
    assert not expected["report"]["form"] or expected["report"]["form"] in variants


def test_the_readme_names_every_key() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    keys: set[str] = set()

    def collect(data: object) -> None:
        if isinstance(data, dict):
            keys.update(key for key in data if "." not in key)
            for value in data.values():
                collect(value)
        elif isinstance(data, list):
            for value in data:
                collect(value)

    for folder in FOLDERS:
        for path in folder.rglob("*.json"):
            collect(json.loads(path.read_bytes()))
    words = set(re.findall(r"\w+", readme))
    assert keys <= words, keys - words
