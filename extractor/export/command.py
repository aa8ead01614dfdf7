"""``extract export``: the results of a store as CSV, JSONL, Parquet or XLSX.

Exit codes: 0 the file is written, even when no report passed; 2 wrong usage, or it cannot be written;
3 the store cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from extractor.catalogue import Lang
from extractor.cli.command import command
from extractor.errors import UsageError
from extractor.export.columns import WORDS
from extractor.export.exporting import ALL, DEFAULT_VERDICTS, Exported
from extractor.export.exporting import export as write_export
from extractor.export.facts import verdicts_of
from extractor.options import Spoken
from extractor.writing import say


@dataclass(frozen=True, kw_only=True)
class Options(Spoken):
    """What is written, and how."""

    store: Annotated[str, typer.Argument(metavar="RUN.db")]
    to: Annotated[str, typer.Option("--to", metavar="FILE")]
    long: Annotated[bool, typer.Option("--long")] = False
    wide: Annotated[bool, typer.Option("--wide")] = False
    verdict: Annotated[str, typer.Option("--verdict", metavar="V[,V…]")] = ",".join(
        DEFAULT_VERDICTS
    )
    run: Annotated[int | None, typer.Option("--run", metavar="N")] = None
    names: Annotated[Literal["cell", "short"] | None, typer.Option("--names")] = None
    bom: Annotated[bool, typer.Option("--bom")] = False

    @property
    def shape(self) -> Literal["long", "wide"] | None:
        """Which of the two shapes was named."""
        return "long" if self.long else "wide" if self.wide else None


@command(Options)
def export(options: Options) -> int:
    """Write the results of a store to one file.

    Raises:
        UsageError: The options do not go together, or the file cannot be written.
        StoreError: The store cannot be read.
    """
    if options.long and options.wide:
        raise UsageError("--long and --wide are two shapes; choose one")
    if options.to.lower().endswith(".jsonl"):
        for given, option in ((options.shape, f"--{options.shape}"), (options.names, "--names")):
            if given is not None:
                raise UsageError(f"JSONL holds whole results, one a line; leave {option} out")
    named = [verdict.strip() for verdict in options.verdict.split(",") if verdict.strip()]
    exported = write_export(
        options.store,
        options.to,
        shape=options.shape or "long",
        verdicts=ALL if named == [ALL] else named,
        run=options.run,
        names=options.names or "cell",
        bom=options.bom,
    )
    if not options.quiet:
        from extractor.render._text import one_line

        for text in _told(exported, options.lang):
            say(one_line(text))
    return 0


def _told(exported: Exported, lang: Lang) -> Iterator[str]:
    told = WORDS[lang].told
    counts = {"of": exported.of, "reports": exported.reports, "rows": exported.rows}
    yield told["of"].format(path=exported.path, **counts)
    yield told["written"].format(verdicts=verdicts_of(exported.written)[lang])
    if not exported.reports:
        yield told["none" if exported.left_out else "no_result"]
    if exported.left_out:
        count = sum(exported.left_out.values())
        yield told["left_out"].format(
            verdicts=verdicts_of(exported.left_out)[lang],
            share=f"{100 * count / max(1, count + exported.reports):.0f}",
            figures=f"{exported.figures_left_out:,}",
        )
    for name in ("without_cells", "without_result", "beyond", "shortened"):
        count = getattr(exported, name)
        if count and not (name == "without_cells" and exported.shape != "long"):
            yield told[name].format(count=count)
    yield told["beside"].format(dictionary=exported.dictionary, datapackage=exported.datapackage)
