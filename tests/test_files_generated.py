"""What became of generated files: nothing wrong passes, nobody is accused, what is harmless is read."""

from __future__ import annotations

import pytest

from extractor.inputs.limits import RefusedError
from tests.files_generated import KINDS, NAMES, outcome

_SHORT = (
    ("word", "watermark"),
    ("excel", "note on a sheet"),
    ("pdf", "minus as a line"),
    ("pdf", "picture over the figure"),
    ("pdf by fpdf2", "clean"),
)


def judge(kind: str, name: str, seed: int) -> None:
    try:
        found, why = outcome(kind, name, seed)
    except RefusedError as refused:
        found, why = "refused", str(refused)
    assert found in (("read",) if KINDS[kind][name].harmless else ("read", "refused")), why


@pytest.mark.parametrize(("kind", "name"), _SHORT)
def test_files_with_what_such_files_hold(kind: str, name: str) -> None:
    judge(kind, name, 0)


@pytest.mark.files
@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_each_damage_of_each_kind(kind: str, name: str) -> None:
    for seed in range(1, 4):
        judge(kind, name, seed)
