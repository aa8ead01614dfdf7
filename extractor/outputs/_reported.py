"""One report as every output takes it: its result, the source that its spans point into, its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from extractor.render._facts import Facts
from extractor.render._places import Places

if TYPE_CHECKING:
    from verify.schema import Result


@dataclass(frozen=True)
class Earlier:
    """Last year's report, with which a report was compared."""

    # the decoded text that findings across years point into, or None when it is not at hand
    source: str | None
    uri: str  # its path as the user gave it
    # its result; without one no rule across years is said to have held
    result: Result | None = None

    @cached_property
    def places(self) -> Places | None:
        """Lines and columns of its offsets."""
        return None if self.source is None else Places(self.source)


class Reported(Facts):
    """One report.

    Args:
        result: Its result.
        source: The decoded text of which the result was made, or None when it is not at hand.
        uri: Path of the source as the user gave it, ``-`` for standard input. It is made a URI where
            a format asks for one.
        previous: Last year's report when the two years were compared, and only then.

    Raises:
        ValueError: The source is another text: every place would be wrong.
    """

    def __init__(
        self, result: Result, source: str | None, uri: str, *, previous: Earlier | None = None
    ) -> None:
        super().__init__(result, source)
        self.uri, self.previous = uri, previous
        if source is not None and not self.agrees():
            raise ValueError(
                f"{uri!r} is not the text of which the result was made; give that text"
            )
