"""Write the conformance cases that come from the examples of the rules, or check that they are current.

``python conformance/write.py`` writes ``rules/``: for one rule of each family a case that passes and one that
fails, read by the builtin reader. With ``--check`` it writes nothing, names each file that is stale,
missing or superfluous and exits with 1. With ``--hand`` it also writes anew what the cases in ``hand/``
expect (and their reading where there is none); that is a change of what the product promises, to be
looked at line by line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # judge the tree that this script stands in, installed or not

from conformance.case import Case, answer, expectation, files_of, load  # noqa: E402
from conformance.examples import case_of  # noqa: E402
from extractor.readers import builtin  # noqa: E402
from verify.layout import lay_out  # noqa: E402
from verify.rules import Rule, every_family  # noqa: E402

HERE = Path(__file__).resolve().parent


def representatives() -> Iterator[Rule]:
    """The rules that have a case: the first of each family; the examples of the others are in their tests."""
    return (next(iter(family.rules)) for family in every_family())


def generated() -> dict[Path, bytes]:
    """Every file of ``rules/`` and what it should hold."""
    found: dict[Path, bytes] = {}
    for rule in representatives():
        for outcome, example in (("passes", rule.passes), ("fails", rule.fails)):
            case = case_of(example)
            verified, findings = answer(case)
            absent = [rule.id] if outcome == "passes" else []
            folder = HERE / "rules" / rule.id / outcome
            files = files_of(case, expectation(verified, findings, absent))
            found.update({folder / name: data for name, data in files.items()})
    return found


def by_hand() -> dict[Path, bytes]:
    """Every file of ``hand/`` and what it should hold by the code of today."""
    found: dict[Path, bytes] = {}
    for report in sorted((HERE / "hand").glob("*/report.txt")):
        folder = report.parent
        absent: list[str] = []
        if (folder / "reading.json").is_file() and (folder / "expected.json").is_file():
            case, expected = load(folder)
            absent = expected["absent"]
        else:
            text = report.read_bytes().decode()
            case = Case(text, builtin.read(lay_out(text)))
        verified, findings = answer(case)
        files = files_of(case, expectation(verified, findings, absent))
        found.update({folder / name: data for name, data in files.items()})
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; 1 when a file is stale under ``--check``, else 0."""
    parser = argparse.ArgumentParser(prog="python conformance/write.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when stale")
    parser.add_argument("--hand", action="store_true", help="also what the cases in hand/ expect")
    options = parser.parse_args(arguments)
    wanted = generated() | (by_hand() if options.hand else {})
    written = {path for path in (HERE / "rules").rglob("*") if path.is_file()}
    stale = False
    for path in sorted(written - wanted.keys()):
        stale = True
        _say(path, "is superfluous", "removed", check=options.check)
        if not options.check:
            path.unlink()
    for path, data in wanted.items():
        if path.is_file() and path.read_bytes() == data:
            continue
        stale = True
        _say(path, "is stale", "written", check=options.check)
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    if not options.check:
        _prune(HERE / "rules")
    return int(stale and options.check)


def _say(path: Path, stale: str, done: str, *, check: bool) -> None:
    name = path.relative_to(ROOT)
    print(f"{name} {stale}; run python conformance/write.py" if check else f"{name} {done}")


def _prune(folder: Path) -> None:
    """Remove folders that are left empty."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


if __name__ == "__main__":
    raise SystemExit(main())
