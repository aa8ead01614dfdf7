"""Providers of models: ``openai`` is the program's own, others come from packages in the entry point group ``gouji.readers``.

An entry point's name is the provider's in ``--model PROVIDER/NAME``; it leads to a function of the model and what a
run has to say of it, `Given`, which returns an `Asks`. Nothing of a package is imported before its provider is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from extractor.models.cache import Answers
    from extractor.models.exchange import Question, Reply, Told
    from extractor.models.meter import Meter
    from extractor.models.pace import Pace
    from extractor.models.settings import ModelName

GROUP = "gouji.readers"
OPENAI = "openai"


class Asks(Protocol):
    """One model that can be asked; threads share it."""

    @property
    def model(self) -> str:
        """As it is named on the command line."""

    @property
    def host(self) -> str:
        """Where it is asked, for the record of what a golden run qualified."""

    def ask(self, question: Question) -> Reply:
        """Ask; see `extractor.models.exchange.Asker`."""

    def ask_recorded(self, question: Question) -> Told:
        """The same, with the requests that it took."""

    def close(self) -> None:
        """Let go of what is open."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a run has for its models.

    Attributes:
        options: As `extractor.rungs.Asking` has them.
        environ: The environment.
        meter: Counts and caps what is sent; every request is told to it.
        answers: Recorded answers, None where none are kept.
        pace: How fast all models together may be asked, None as fast as they are.
    """

    options: Any
    environ: Mapping[str, str]
    meter: Meter
    answers: Answers | None
    pace: Pace | None


Provider = Callable[["ModelName", Given], Asks]
"""What an entry point leads to: makes a model of it ready to be asked, or raises a `UsageError`."""


def is_known(name: str) -> bool:
    """Whether there is such a provider."""
    return name == OPENAI or bool(metadata.entry_points(group=GROUP, name=name))


def provider(name: str) -> Provider:
    """The function of a provider that `is_known` and that another package brings."""
    made: Provider = next(iter(metadata.entry_points(group=GROUP, name=name))).load()
    return made
