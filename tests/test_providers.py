"""A provider of another package: named on the command line, imported then and not before."""

from __future__ import annotations

import sys
from importlib import metadata
from types import ModuleType
from typing import Any

import pytest

from extractor.errors import UsageError
from extractor.models.exchange import Question, Reply, Told
from extractor.models.providers import GROUP, Given
from extractor.models.settings import ModelName
from extractor.pipeline import read_source
from extractor.rungs import Asking, build, rungs_of
from extractor.source import SourceText
from tests.oracle import Oracle
from tests.scripted.ask import Script
from tests.test_oracle import reworded


class Toy:
    """A model without a network."""

    host = "nowhere"

    def __init__(self, model: ModelName, given: Given) -> None:
        self.model = model.full
        self.given = given
        self.closed = False
        self.script = Script(Oracle(reworded().truth))

    def ask(self, question: Question) -> Reply:
        return self.script(question)

    def ask_recorded(self, question: Question) -> Told:
        return Told(self.ask(question))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("a_package_with_a_provider")
    vars(module)["toy"] = Toy
    monkeypatch.setitem(sys.modules, module.__name__, module)
    point = metadata.EntryPoint("toy", f"{module.__name__}:toy", GROUP)

    def found(**wanted: Any) -> metadata.EntryPoints:
        return metadata.EntryPoints([point]).select(**wanted)

    monkeypatch.setattr(metadata, "entry_points", found)


@pytest.mark.usefixtures("toy")
def test_a_model_of_a_provider_of_another_package_reads_as_any() -> None:
    ladder = build(Asking(rungs_of("builtin,toy/one"), prompt="pointer-zh"), {})
    result = read_source(SourceText("report", reworded().text, "0" * 64, "utf-8"), ladder)
    assert result.verdict == "unconfirmed"
    assert result.provenance.model == "toy/one"
    (asked,) = ladder.services
    assert isinstance(asked, Toy)
    assert asked.given.meter is ladder.meter
    ladder.close()
    assert asked.closed


@pytest.mark.usefixtures("toy")
def test_a_provider_that_nobody_brings_is_refused() -> None:
    with pytest.raises(UsageError, match="'toys' is not known"):
        rungs_of("toys/one")
    with pytest.raises(UsageError, match="no name of a model"):
        rungs_of("toy/")


def test_without_such_a_package_only_openai_is_known() -> None:
    with pytest.raises(UsageError, match="'toy' is not known"):
        rungs_of("toy/one")
    assert rungs_of("openai/one") == ("openai/one",)
