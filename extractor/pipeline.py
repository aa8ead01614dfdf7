"""One report through the program: source, layout, readers, verifier, result.

`work` is a pure function of text and settings; nothing is global, nothing is written.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from extractor import __version__
from extractor.ladder import Builtin, Climbed, climb
from extractor.source import SourceText
from verify.forms import FORM_DATA_VERSION
from verify.layout import lay_out
from verify.verdict import Verified

if TYPE_CHECKING:
    from extractor.models.meter import Attempt, Usage
    from extractor.rungs import Ladder
    from verify.schema import Provenance, Result


def work(text: str) -> Verified:
    """Read a decoded text with the builtin reader and verify the reading."""
    return climb(lay_out(text), [Builtin()]).step.verified


def read_source(source: SourceText, ladder: Ladder | None = None) -> Result:
    """The result of one report, as the contract has it.

    Args:
        source: The decoded report.
        ladder: The readers to try; the builtin one when None.

    Raises:
        ProviderError: The model or its provider failed, and no other reader was left.
    """
    from verify.result import to_result

    layout = lay_out(source.text)
    if ladder is None:
        climbed = climb(layout, [Builtin()])
        return to_result(climbed.step.verified, _provenance(source, climbed, (), None))
    before = len(ladder.meter.attempts)
    climbed = climb(layout, ladder.rungs)
    attempts = ladder.meter.attempts[before:]
    usage = ladder.meter.usage_of(attempts)
    return to_result(climbed.step.verified, _provenance(source, climbed, attempts, usage))


def _provenance(
    source: SourceText, climbed: Climbed, attempts: tuple[Attempt, ...], usage: Usage | None
) -> Provenance:
    from verify import schema

    step = climbed.step
    prompt = step.prompt
    return schema.Provenance(
        source=schema.Source(
            name=source.name, sha256=source.sha256, encoding=source.encoding,
            chars=len(source.text),
        ),
        reader="model" if prompt else step.model,
        model=step.model if prompt else None,
        prompt=schema.Prompt(id=prompt.name, sha256=prompt.sha256) if prompt else None,
        qualified=step.qualified,
        ladder=tuple(
            schema.Rung(
                model=tried.model, verdict=tried.verified.verdict, asked_again=tried.asked_again
            )
            for tried in climbed.steps
        ),
        attempts=tuple(attempt.as_dict() for attempt in attempts),
        usage=schema.Usage.model_validate(usage.as_dict()) if usage else schema.Usage(),
        form_data=FORM_DATA_VERSION,
        version=__version__,
    )  # fmt: skip


def read_text(text: str, name: str = "text") -> Result:
    """The result of a text that is already decoded; its hash is that of its UTF-8 bytes."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return read_source(SourceText(name, text, digest, "utf-8"))
