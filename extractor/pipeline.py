"""One report through the program: source, layout, readers, verifier, result.

`work` is a pure function of text and settings; nothing is global, nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from extractor import __version__
from extractor.ladder import Builtin, climb
from extractor.lexicon import Lexicon
from extractor.source import SourceText
from extractor.steps import Climbed, decided
from verify.decisions import Decision, in_text, of_source
from verify.forms import FORM_DATA_VERSION
from verify.layout import lay_out
from verify.verdict import Verified

if TYPE_CHECKING:
    from extractor.rungs import Ladder
    from verify.provenance import Provenance
    from verify.schema import Result

Account = Mapping[str, str | int | float | None]
"""A request, or what requests used, as the JSON of a result has it."""


def work(text: str) -> Verified:
    """Read a decoded text with the builtin reader and verify the reading."""
    return climb(lay_out(text), [Builtin()]).step.verified


def read_source(
    source: SourceText,
    ladder: Ladder | None = None,
    lexicon: Lexicon | None = None,
    decisions: Sequence[Decision] = (),
) -> Result:
    """The result of one report, as the contract has it.

    Args:
        source: The decoded report.
        ladder: The readers to try; the builtin one when None.
        lexicon: Words that a person confirmed as names of rows and columns.
        decisions: Of people, any; those on this report that count are taken.

    Raises:
        ProviderError: The model or its provider failed, and no other reader was left.
    """
    layout = lay_out(source.text, source.document, lexicon.entries if lexicon else ())
    words = lexicon.sha256 if lexicon else None
    on_this = in_text(of_source(decisions, source.sha256), source.text)
    if ladder is None:
        climbed = decided(climb(layout, [Builtin()]), on_this)
        return result_of(climbed, origin_of(source), lexicon=words)
    from extractor.models.meter import usage_of

    before = len(ladder.meter.attempts)
    climbed = climb(layout, ladder.rungs)
    attempts = ladder.meter.attempts[before:]
    return result_of(
        decided(climbed, on_this),
        origin_of(source),
        [attempt.as_dict() for attempt in attempts],
        usage_of(attempts, ladder.meter.prices).as_dict(),
        lexicon=words,
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """What a result says of its source."""

    name: str  # as the user gave it
    sha256: str  # of the bytes
    encoding: str  # in which they were decoded
    chars: int  # of the decoded text
    # of the bytes; None of a source that was read before this was kept
    media_type: str | None = None
    renderer: str | None = None  # what made the text of them; None likewise


def origin_of(source: SourceText) -> Origin:
    """What a result says of a source."""
    return Origin(
        source.name,
        source.sha256,
        source.encoding,
        len(source.text),
        source.media_type,
        source.renderer,
    )


def result_of(
    climbed: Climbed,
    origin: Origin,
    attempts: Sequence[Account] = (),
    usage: Account | None = None,
    *,
    lexicon: str | None = None,
) -> Result:
    """The result of a ladder that was climbed, as the contract has it.

    Args:
        climbed: What came of the ladder.
        origin: The source.
        attempts: The HTTP requests that it took, as `extractor.models.meter.Attempt.as_dict` gives them.
        usage: What these used, as `extractor.models.meter.Usage.as_dict` gives it; None for nothing.
        lexicon: Hash of the words that it was read with.
    """
    from verify.result import to_result

    provenance = provenance_of(climbed, origin, attempts, usage, lexicon)
    return to_result(climbed.step.verified, provenance)


def provenance_of(
    climbed: Climbed,
    origin: Origin,
    attempts: Sequence[Account],
    usage: Account | None,
    lexicon: str | None = None,
) -> Provenance:
    """How a result came about; arguments as for `result_of`."""
    from verify import provenance

    step = climbed.step
    prompt = step.prompt
    return provenance.Provenance(
        source=provenance.Source(**asdict(origin)),
        reader="model" if prompt else step.model,
        model=step.model if prompt else None,
        prompt=provenance.Prompt(id=prompt.name, sha256=prompt.sha256) if prompt else None,
        qualified=step.qualified,
        ladder=tuple(
            provenance.Rung(
                model=tried.model, verdict=tried.verified.verdict, asked_again=tried.asked_again
            )
            for tried in climbed.steps
        ),
        attempts=tuple(dict(attempt) for attempt in attempts),
        usage=provenance.Usage.model_validate(usage) if usage is not None else provenance.Usage(),
        lexicon=lexicon,
        form_data=FORM_DATA_VERSION,
        version=__version__,
    )


def read_text(text: str, name: str = "text") -> Result:
    """The result of a text that is already decoded; its hash is that of its UTF-8 bytes."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return read_source(SourceText(name, text, digest, "utf-8"))
