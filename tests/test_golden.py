"""Golden cases hold, a changed expectation is noticed, and none comes in unseen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CASES, GOLDEN, expected, extract
from tests.each import each
from verify.verdicts import VERDICTS

Expected = dict[str, Any]
CELL = "requests.granted.natural_person"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of a golden case that a test may spoil."""
    return Path(shutil.copytree(GOLDEN / "blanks-that-follow", tmp_path / "cases" / "a-case"))


# --- the cases


def test_every_case_is_as_expected() -> None:
    run = extract("golden", "check")
    out = run.stdout.decode()
    assert (run.returncode, run.stderr) == (0, b""), out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("ok")] == list(CASES)


def test_one_case_can_be_checked_alone() -> None:
    run = extract("golden", "check", GOLDEN / CASES[0])
    assert run.returncode == 0
    assert CASES[0] in run.stdout.decode()
    assert "1 golden cases, 1 as expected, 0 not" in run.stdout.decode()


@each("name", CASES)
def test_a_case_is_three_files_and_its_readme_three_lines(name: str) -> None:
    files = {path.name for path in (GOLDEN / name).iterdir()}
    assert files == {"report.txt", "expected.json", "README.md"}
    first, second, third = (GOLDEN / name / "README.md").read_text(encoding="utf-8").splitlines()
    wanted = expected(name)
    assert first == f"# {name}"
    assert wanted["verdict"] in second
    assert (wanted["form"] or "unknown") in second
    assert len(third) > len("Special: ")


def test_the_cases_cover_verdicts_and_forms() -> None:
    every = [expected(name) for name in CASES]
    assert len(every) >= 16
    assert {case["verdict"] for case in every} == set(VERDICTS)
    assert {case["form"] for case in every} == {None, "2019", "2021", "hybrid"}
    sizes = {len(case["cells"]) for case in every}
    assert sizes == {0, 175 + 15 + 10, 161 + 15 + 22, 161 + 15 + 10, 175 + 15 + 22}
    states = {cell["state"] for case in every for cell in case["cells"].values()}
    assert states >= {"read", "blank", "missing", "deduced"}


def test_the_cases_cover_encodings_and_line_ends() -> None:
    data = {name: (GOLDEN / name / "report.txt").read_bytes() for name in CASES}
    with pytest.raises(UnicodeDecodeError):
        data["traditional-big5"].decode("utf-8")
    assert "政府信息公開" in data["traditional-big5"].decode("big5")
    assert "\r\n" in data["gb18030-crlf"].decode("gb18030")
    assert b"\n" not in data["gb18030-crlf"].replace(b"\r\n", b"")


# --- a changed expectation


def _set(*path: str | int, to: object) -> Callable[[Expected], None]:
    """Put a value at a place of an expectation; None takes away what stands there."""

    def change(e: Any) -> None:
        for step in path[:-1]:
            e = e[step]
        if to is None:
            del e[path[-1]]
        else:
            e[path[-1]] = to

    return change


@each(
    ("change", "named"),
    [
        (_set("cells", CELL, "value", to=4711), CELL),
        (_set("cells", CELL, "value", to="0"), CELL),
        (_set("cells", CELL, "state", to="read"), CELL),
        (_set("cells", CELL, "span", to=[1, 2]), CELL),
        (_set("cells", CELL, to=None), CELL),
        (
            _set("cells", "requests.no_such.row", to={"value": 0, "state": "read", "span": [0, 1]}),
            "requests.no_such.row",
        ),
        (_set("verdict", to="accepted"), "verdict"),
        (_set("form", to="2019"), "form"),
        (lambda e: e["reasons"].append("negative_count"), "negative_count"),
        (lambda e: e["reasons"].remove("cells_deduced"), "cells_deduced"),
    ],
)
def test_a_changed_expectation_fails_and_is_named(
    change: Callable[[Expected], None], named: str, case: Path
) -> None:
    path = case / "expected.json"
    before = path.read_bytes()
    loaded = json.loads(before)
    change(loaded)
    path.write_text(json.dumps(loaded), encoding="utf-8")
    run = extract("golden", "check", case.parent)
    out = run.stdout.decode()
    assert run.returncode == 1
    assert "FAIL  a-case  1 differences" in out
    assert named in out
    assert json.loads(path.read_bytes()) == loaded
    path.write_bytes(before)


@pytest.mark.parametrize(
    ("name", "key"), [("one-digit-wrong", "suspects"), ("prose-contradicts", "claims")]
)
def test_changed_suspects_or_claims_fail_and_are_named(name: str, key: str, tmp_path: Path) -> None:
    path = Path(shutil.copytree(GOLDEN / name, tmp_path / name)) / "expected.json"
    loaded = json.loads(path.read_bytes())
    loaded[key].pop()
    path.write_text(json.dumps(loaded), encoding="utf-8")
    run = extract("golden", "check", path.parent)
    assert run.returncode == 1
    assert f"{key}: expected" in run.stdout.decode()


def test_a_changed_report_fails(case: Path) -> None:
    report = case / "report.txt"
    report.write_text(" " + report.read_text(encoding="utf-8"), encoding="utf-8")
    run = extract("golden", "check", case.parent)
    assert run.returncode == 1
    assert CELL in run.stdout.decode() or "more" in run.stdout.decode()


def test_an_unspoilt_copy_passes(case: Path) -> None:
    assert extract("golden", "check", case.parent).returncode == 0


@pytest.mark.parametrize("what", ["nowhere", "empty", "no expectation", "broken", "a list"])
def test_cases_that_cannot_be_read_end_with_3(what: str, case: Path) -> None:
    directory = case.parent
    if what == "nowhere":
        directory = case.parent / "none"
    elif what == "empty":
        shutil.rmtree(case)
    elif what == "no expectation":
        (case / "expected.json").unlink()
    else:
        (case / "expected.json").write_text("[]" if what == "a list" else "{")
    run = extract("golden", "check", directory)
    assert run.returncode == 3
    assert run.stderr.startswith(b"extract: ")
    assert run.stderr.count(b"\n") == 1


# --- adding


def test_a_case_is_added_when_it_is_confirmed(accepted: Path, tmp_path: Path) -> None:
    into = tmp_path / "new" / "cases"
    run = extract(
        "golden",
        "add",
        accepted,
        "--name",
        "mine",
        "--directory",
        into,
        "--note",
        "a sentence.",
        "--confirm",
        "accepted",
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert (into / "mine" / "report.txt").read_bytes() == accepted.read_bytes()
    assert json.loads((into / "mine" / "expected.json").read_bytes()) == expected(
        "tab-indented-2021"
    )
    readme = (into / "mine" / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(readme) == 3
    assert "a sentence." in readme[2]
    assert extract("golden", "check", into).returncode == 0


@pytest.mark.parametrize("name", ["gb18030-crlf", "traditional-big5", "narrative-without-tables"])
def test_an_added_case_keeps_the_bytes_of_its_report(name: str, tmp_path: Path) -> None:
    report = GOLDEN / name / "report.txt"
    args = ("golden", "add", report, "--name", name, "--directory", tmp_path, "--confirm")
    assert extract(*args, expected(name)["verdict"]).returncode == 0
    assert (tmp_path / name / "report.txt").read_bytes() == report.read_bytes()
    assert extract("golden", "check", tmp_path).returncode == 0


def refused(tmp_path: Path, report: Path, *more: str, ci: str = "") -> str:
    """Run ``golden add``; it must refuse and leave the directory as it was."""
    before = sorted(tmp_path.rglob("*"))
    run = extract("golden", "add", report, "--directory", tmp_path, *more, CI=ci)
    assert run.returncode == 2
    assert run.stdout == b""
    assert b"Traceback" not in run.stderr
    assert sorted(tmp_path.rglob("*")) == before
    return run.stderr.decode()


def test_add_refuses_what_nobody_confirmed(accepted: Path, tmp_path: Path) -> None:
    said = refused(tmp_path, accepted, "--name", "mine")
    assert "结论" in said
    assert "--confirm accepted" in said.splitlines()[-1]


def test_add_refuses_another_verdict(accepted: Path, tmp_path: Path) -> None:
    assert "'accepted'" in refused(
        tmp_path, accepted, "--name", "mine", "--confirm", "inconsistent"
    )


def test_add_refuses_a_taken_name(accepted: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert "mine" in refused(tmp_path, accepted, "--name", "mine", "--confirm", "accepted")


@pytest.mark.parametrize("name", ["", ".", "..", "../up", "a/b", "a b", ".hidden", "-x", "名"])
def test_add_refuses_a_bad_name(name: str, accepted: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    refused(inside, accepted, f"--name={name}", "--confirm", "accepted")
    assert list(tmp_path.iterdir()) == [inside]


@pytest.mark.parametrize("value", ["1", "true"])
def test_add_refuses_in_ci(value: str, accepted: Path, tmp_path: Path) -> None:
    said = refused(tmp_path, accepted, "--name", "mine", "--confirm", "accepted", ci=value)
    assert said.count("\n") == 1
    assert "CI" in said


def test_add_cannot_read_a_report_that_is_not_there(tmp_path: Path) -> None:
    run = extract(
        "golden",
        "add",
        tmp_path / "none.txt",
        "--name",
        "mine",
        "--directory",
        tmp_path,
        "--confirm",
        "accepted",
    )
    assert run.returncode == 3
    assert list(tmp_path.iterdir()) == []
