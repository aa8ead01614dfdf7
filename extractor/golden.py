"""Golden cases: a report, every cell that is expected of it, and why it is there.

A case is a folder with ``report.txt``, ``expected.json`` (verdict, codes of the reasons, form, every
cell with value, state and span, in a rejected report with what was tried; the suspects and the claims of the prose where there are any) and
``README.md``. Expectations change only through `add` with an
explicit confirmation, and not at all where the environment says that this is CI.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from extractor.errors import InputError, UsageError
from extractor.files import write_whole
from extractor.source import SourceText, load
from verify.stored.older import is_older, modernised

if TYPE_CHECKING:
    from verify.schema import Result

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MOST_SHOWN = 12

Expected = dict[str, Any]


def expectation(result: Result) -> Expected:
    """What of a result a case holds on to."""
    return {
        "schema_version": result.schema_version,
        "verdict": result.verdict,
        "reasons": sorted({reason.code for reason in result.reasons}),
        "form": result.report.form,
        "suspects": [
            {
                "identities": list(group.identities),
                "sets": [list(cells) for cells in group.sets],
                "slips": [slip.operation for slip in group.slips],
                "fault": group.fault,
                "claims": list(group.claims),
            }
            for group in result.suspects
        ],
        "claims": [
            claim.model_dump(mode="json", include={"subject", "value", "span", "outcome"})
            for claim in result.claims
        ],
        "cells": {
            name: {
                "value": cell.value,
                "state": cell.state,
                "span": list(cell.span) if cell.span else None,
                **({} if cell.tentative is None else {"tentative": cell.tentative}),
            }
            for name, cell in result.cells.items()
        },
    }


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Readable lines, one for each thing that differs; empty when nothing does."""
    lines = [
        f"{key}: expected {expected.get(key)!r}, found {found.get(key)!r}"
        for key in ("verdict", "form")
        if expected.get(key) != found.get(key)
    ]
    lines += [
        f"{key}: expected {expected[key]!r}, found {found.get(key)!r}"
        for key in ("suspects", "claims")
        if key in expected and expected[key] != found.get(key)
    ]
    before, after = set(expected.get("reasons", ())), set(found.get("reasons", ()))
    lines += [f"reason {code}: expected, not found" for code in sorted(before - after)]
    lines += [f"reason {code}: found, not expected" for code in sorted(after - before)]
    wanted, got = expected.get("cells", {}), found.get("cells", {})
    for name in [*wanted, *(name for name in got if name not in wanted)]:
        if wanted.get(name) != got.get(name):
            lines.append(
                f"{name}: expected {_shown(wanted.get(name))}, found {_shown(got.get(name))}"
            )
    return lines


def _shown(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return "no such cell"
    span = cell.get("span")
    where = f" at {span[0]}:{span[1]}" if span else ""
    tried = f", tried {cell['tentative']}" if "tentative" in cell else ""
    return f"{cell.get('state')} {json.dumps(cell.get('value'), ensure_ascii=False)}{tried}{where}"


def check(directory: str, out: TextIO) -> int:
    """Run every case of a directory.

    Returns:
        0 when each is as expected, else 1.

    Raises:
        InputError: There is no such directory, no case in it, or a case cannot be read.
    """
    from extractor.pipeline import read_source

    cases = cases_in(directory)
    failed = 0
    for case in cases:
        expected = expected_of(case)
        found = expectation(read_source(load(str(case / "report.txt"))))
        lines = differences(expected, found)
        old = "; the expectation is of schema_version 1" if is_older(expected) else ""
        if not lines:
            cells = len(found["cells"])
            print(f"ok    {case.name}  {found['verdict']}, {cells} cells{old}", file=out)
            continue
        failed += 1
        print(f"FAIL  {case.name}  {len(lines)} differences{old}", file=out)
        for line in lines[:_MOST_SHOWN]:
            print(f"      {line}", file=out)
        if len(lines) > _MOST_SHOWN:
            print(f"      and {len(lines) - _MOST_SHOWN} more", file=out)
    print(f"{len(cases)} golden cases, {len(cases) - failed} as expected, {failed} not", file=out)
    return 1 if failed else 0


def cases_in(directory: str) -> list[Path]:
    """The folders of the cases, by name.

    Raises:
        InputError: There is no such directory, or no case in it.
    """
    root = Path(directory)
    if not root.is_dir():
        raise InputError(f"{directory!r}: no such directory; give the folder of the golden cases")
    if (root / "report.txt").is_file():
        return [root]
    cases = sorted(path.parent for path in root.glob("*/report.txt"))
    if not cases:
        raise InputError(f"{directory!r} holds no golden case (NAME/report.txt); check the path")
    return cases


def expected_of(case: Path) -> Expected:
    """What is expected of a case, as this version of the contract has it; `is_older` tells what it was.

    Raises:
        InputError: Its expectation is not there or cannot be read.
    """
    path = case / "expected.json"
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{str(path)!r} is missing; add the case with extract golden add"
        ) from None
    except (ValueError, OSError) as error:
        raise InputError(f"{str(path)!r} cannot be read ({error}); restore it") from None
    if not isinstance(loaded, dict):
        raise InputError(f"{str(path)!r} is no expectation of a case; restore it")
    if "schema_version" not in loaded:  # version 1 did not say it
        loaded = {"schema_version": "1", **loaded}
    return modernised(loaded)


def add(
    report: str,
    name: str,
    directory: str,
    *,
    confirm: str | None,
    note: str | None,
    summarise: Callable[[Result], None],
) -> int:
    """Write a new case, when somebody confirmed what the reader makes of it.

    Args:
        report: Path of the report.
        name: Name of the case.
        directory: Folder of the cases; made when it is not there.
        confirm: The verdict that a person confirmed, ``any`` for the one found, None for nobody.
        note: What is special about the case.
        summarise: Shows the result to the person.

    Returns:
        0 when the case was written, 1 when nobody confirmed.

    Raises:
        UsageError: A bad or taken name, another verdict than the one confirmed, or CI.
        InputError: The report cannot be read.
    """
    from extractor.pipeline import read_source

    if not _NAME.fullmatch(name):
        raise UsageError(f"--name {name!r}: use letters, digits, '.', '_' and '-'")
    case = Path(directory) / name
    if case.exists():
        raise UsageError(f"{str(case)!r} is there already; choose another --name")
    source = load(report)
    result = read_source(source)
    if confirm is None:
        summarise(result)
        raise UsageError(
            f"the verdict {result.verdict!r} is not confirmed by anybody; look at it, then run "
            f"again with --confirm {result.verdict}"
        )
    if os.environ.get("CI"):
        raise UsageError("golden cases are not written in CI; add the case by hand and commit it")
    if confirm not in ("any", result.verdict):
        raise UsageError(
            f"--confirm {confirm!r}, but the verdict is {result.verdict!r}; look again"
        )
    _write_case(case, report, source, result, note)
    print(f"{case}: {result.verdict}, {len(result.cells)} cells")
    return 0


def _write_case(
    case: Path, report: str, source: SourceText, result: Result, note: str | None
) -> None:
    data = Path(report).read_bytes() if report != "-" else source.text.encode()
    expected = expectation(result)
    cells = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(cell, ensure_ascii=False)}"
        for name, cell in expected.pop("cells").items()
    )
    head = json.dumps(expected, ensure_ascii=False, indent=2).removesuffix("\n}")
    body = f'{head},\n  "cells": {{{chr(10) + cells + chr(10) + "  " if cells else ""}}}\n}}\n'
    special = note or ", ".join(expected["reasons"]) or "nothing is wrong with it"
    readme = (
        f"# {case.name}\n"
        f"Form {expected['form'] or 'unknown'}, {result.verdict}.\n"
        f"Special: {special}\n"
    )
    case.mkdir(parents=True)
    write_whole(case / "report.txt", data)
    write_whole(case / "expected.json", body)
    write_whole(case / "README.md", readme)
