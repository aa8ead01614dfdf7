"""Results of this program to be rechecked, each with its source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extractor.pipeline import read_source
from extractor.rederive import Rederived, rederive
from extractor.source import SourceText, load
from tests.conftest import CASES, GOLDEN
from tests.garbler import garble
from tests.hard import HARD
from verify.schema import Result
from verify.stored.shape import read_stored

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A result and its source."""

    name: str
    source: SourceText
    result: str

    def changed(self) -> Json:
        """The result as JSON, to be changed."""
        found: Json = json.loads(self.result)
        return found


def source_of(text: str, name: str) -> SourceText:
    return SourceText(name, text, hashlib.sha256(text.encode()).hexdigest(), "utf-8")


def case_of(name: str, source: SourceText, result: Result | None = None) -> Case:
    """A report read by the builtin reader, or with a result of its own."""
    return Case(name, source, (result or read_source(source)).model_dump_json())


def cases(kind: str, start: int = 0, count: int = 0) -> Iterator[Case]:
    """Reports of a kind: ``golden``, ``hard``, or garbled ones from ``start`` on."""
    if kind == "golden":
        for name in CASES:
            yield case_of(name, load(str(GOLDEN / name / "report.txt")))
    elif kind == "hard":
        for name, report in HARD.items():
            yield case_of(name, source_of(report.text, name))
    else:
        for seed in range(start, start + count):
            yield case_of(f"seed {seed}", source_of(garble(seed).text, f"seed {seed}"))


def check(case: Case, data: Json | str) -> Rederived:
    """Recheck a result of a case, changed or not."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return rederive(read_stored(text), case.source)
