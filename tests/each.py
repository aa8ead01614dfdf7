"""One test of many values: each is tried, and all that fail are told together.

For what is one assertion for each rule, cell or word. It stands where ``pytest.mark.parametrize`` would,
with the same arguments, and makes one test of the list instead of one a value.
"""

from __future__ import annotations

import functools
import inspect
import tomllib
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

Test = Callable[..., None]
_MOST = 40  # failures that are told


def each(
    names: str | Sequence[str],
    values: Iterable[Any],
    ids: Callable[[Any], object] | Iterable[object] | None = None,
) -> Callable[[Test], Test]:
    """A decorator: the test is run for every value.

    Args:
        names: Of the arguments that are given, parted by commas or one by one.
        values: One for each run, or a tuple when there are several names.
        ids: How a value is told when its run fails: of each value, or one for each run.
    """
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else [*names]
    rows = [_row(value, len(wanted)) for value in values]
    assert rows, "a test of nothing"
    told = None if ids is None or callable(ids) else [str(id) for id in ids]
    assert told is None or len(told) == len(rows)

    def name(at: int) -> str:
        if told:
            return told[at]
        show = ids if callable(ids) else repr
        return ", ".join(str(show(value)) for value in rows[at])

    def of(test: Test) -> Test:
        @functools.wraps(test)
        def collected(**given: Any) -> None:
            failed = []
            for at, row in enumerate(rows):
                try:
                    test(**given, **dict(zip(wanted, row, strict=True)))
                except (AssertionError, pytest.fail.Exception) as error:
                    failed.append(f"{name(at)}: {_line(error)}{error}")
                except Exception as error:
                    error.add_note(f"with {name(at)}")
                    raise
            if failed:
                said = "\n".join(failed[:_MOST])
                pytest.fail(f"{len(failed)} of {len(rows)} fail\n{said}", pytrace=False)

        own = inspect.signature(test)
        left = [one for key, one in own.parameters.items() if key not in wanted]
        collected.__signature__ = own.replace(parameters=left)  # type: ignore[attr-defined]
        return collected

    return of


def rows(file: str) -> dict[str, Any]:
    """The values that the tests of a module are given: ``tests/data/rows/NAME.toml`` for ``test_NAME.py``."""
    path = Path(file)
    name = path.stem.removeprefix("test_")
    return tomllib.loads((path.parent / "data" / "rows" / f"{name}.toml").read_text("utf-8"))


def rows_of(file: str) -> Callable[[Test], Test]:
    """A decorator: the test is run for every row of its own name, whose values are its arguments in order."""
    given = rows(file)

    def told(test: Test) -> Test:
        names = list(inspect.signature(test).parameters)
        return each(names, given[test.__name__.removeprefix("test_")])(test)

    return told


def _row(value: Any, width: int) -> tuple[Any, ...]:
    row = tuple(value) if width > 1 else (value,)
    assert len(row) == width
    return row


def _line(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"line {frames[-1].lineno}: " if frames else ""
