"""One report as every output takes it: its result, the source that its spans point into, its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from extractor.flat import Flat
from extractor.outputs._places import Places
from extractor.render._facts import Facts, cell_label
from extractor.render._text import one_line

if TYPE_CHECKING:
    from extractor.render._facts import Lang
    from verify.schema import Reason, Result, Span

RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Earlier:
    """Last year's report, with which a report was compared.

    Attributes:
        source: The decoded text that findings across years point into, or None when it is not at
            hand.
        uri: Its path as the user gave it.
        result: Its result; without one no rule across years is said to have held.
    """

    source: str | None
    uri: str
    result: Result | None = None

    @cached_property
    def places(self) -> Places | None:
        """Lines and columns of its offsets."""
        return None if self.source is None else Places(self.source)


@dataclass(frozen=True)
class Reported:
    """One report.

    Attributes:
        result: Its result.
        source: The decoded text of which the result was made, or None when it is not at hand.
        uri: Path of the source as the user gave it, ``-`` for standard input. It is made a URI where
            a format asks for one.
        previous: Last year's report when the two years were compared, and only then.
    """

    result: Result
    source: str | None
    uri: str
    previous: Earlier | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse a source of which the result was not made: every place would be wrong.

        Raises:
            ValueError: It is another text.
        """
        source = self.source
        if source is None:
            return
        agrees = len(source) == self.result.provenance.source.chars and all(
            cell.span is None or source[cell.span[0] : cell.span[1]] == cell.text
            for cell in self.result.cells.values()
        )
        if not agrees:
            raise ValueError(
                f"{self.uri!r} is not the text of which the result was made; give that text"
            )

    @cached_property
    def facts(self) -> Facts:
        """What both views say about the result."""
        return Facts(self.result)

    @cached_property
    def places(self) -> Places | None:
        """Lines and columns of offsets, or None without a source."""
        return None if self.source is None else Places(self.source)

    @cached_property
    def flat(self) -> Flat:
        """The result in columns."""
        return Flat.of(self.result)

    @property
    def reasons(self) -> list[Reason]:
        """Every reason, errors first, otherwise in the order of the result."""
        return sorted(self.result.reasons, key=lambda reason: RANK[reason.severity])

    def span(self, name: str) -> Span | None:
        """Where a cell stands, or None."""
        cell = self.result.cells.get(name)
        return cell.span if cell is not None else None

    def label(self, name: str, lang: Lang) -> str:
        """A cell as a clerk names it."""
        return one_line(cell_label(self.facts.form, name, lang))


def message(reason: Reason, lang: Lang) -> str:
    """The message of a reason in one line, without controls and unseen characters."""
    return one_line(reason.message_zh if lang == "zh" else reason.message_en, 2000)
