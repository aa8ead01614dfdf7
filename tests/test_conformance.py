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
from tests.suites import few_or_many
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


@few_or_many("conformance")
@each("folder", FOLDERS, ids=named)
def test_a_case_is_answered_as_it_expects(folder: Path, many: bool) -> None:
    if many or folder in HAND:
        case, expected = load(folder)
        verified, findings = answer(case)
        assert expectation(verified, findings, expected["absent"]) == expected
        assert folder in HAND or expected["absent"] == [folder.parent.name] * (
            folder.name == "passes"
        )


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


# --- cases made by hand


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
