"""What every part of the page looks at: a result with its source, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.render._facts import Facts
from extractor.render._source import usable
from extractor.render._words import WORDS

if TYPE_CHECKING:
    from extractor.render._facts import Lang
    from verify.schema import Result, Span

_MOST_REASONS = 300
_MOST_CLAIMS = 300
_RANK = {"error": 0, "warning": 1, "info": 2}


class View:
    """A result as the page shows it.

    Attributes:
        result: The result.
        source: Its decoded source.
        previous: Last year's source, when the two years were compared.
        lang: Language of the page.
        words: What the page says of its own.
        facts: What both views say about the result.
        spans: Usable span of each cell that has one.
        reasons: The reasons that are shown, errors first; they are known by their place here.
        claims: The claims that are shown.
        hidden: How many reasons are not shown.
    """

    __slots__ = (
        "claims", "facts", "hidden", "lang", "previous", "reasons", "result", "source", "spans",
        "words",
    )  # fmt: skip

    def __init__(self, result: Result, source: str, lang: Lang, previous: str | None) -> None:
        self.result, self.source, self.lang, self.previous = result, source, lang, previous
        self.words = WORDS[lang]
        self.facts = Facts(result)
        self.spans = {
            name: span
            for name, cell in result.cells.items()
            if (span := self.usable(cell.span)) is not None
        }
        ordered = sorted(result.reasons, key=lambda reason: _RANK[reason.severity])
        self.reasons = ordered[:_MOST_REASONS]
        self.hidden = len(ordered) - len(self.reasons)
        self.claims = result.claims[:_MOST_CLAIMS]

    def usable(self, span: Span | None) -> Span | None:
        """A span when it covers something of the source."""
        return usable(span, len(self.source))

    def place(self, name: str) -> str:
        """Where a link to a cell leads: its place in the source, or in the table without one."""
        return f"#s-{name}" if name in self.spans else f"#c-{name}"

    def matches(self) -> bool:
        """Whether the source given is the one of the result, as far as can be told here."""
        return len(self.source) == self.result.provenance.source.chars and all(
            cell.text is None
            or cell.span is None
            or self.source[cell.span[0] : cell.span[1]] == cell.text
            for cell in self.result.cells.values()
        )
