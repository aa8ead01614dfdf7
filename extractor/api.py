"""For Python: a report read, a stored result verified, many reports read into a store."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from extractor.catalogue import Lang
from extractor.source import SourceText, decode, load

if TYPE_CHECKING:
    import pandas as pd

    from extractor.batch import Options as BatchOptions
    from extractor.batch import Store, Summary
    from extractor.render.todo import Todo
    from verify.schema import Reason, Result
    from verify.stored.differences import Difference

Path = str | os.PathLike[str]
Number = int | Decimal


class ExtraMissingError(ImportError):
    """A package that is not installed; the message says how to install it."""


@dataclass(frozen=True, repr=False)
class Report:
    """One report that was read."""

    result: Result  # everything, as the JSON of the command line has it
    source: SourceText = field(compare=False)  # the text that the spans of the result point into
    lang: Lang = "zh"  # language of what people read

    @property
    def verdict(self) -> str:
        """One of the seven verdicts of the contract."""
        return self.result.verdict

    @property
    def agency(self) -> str | None:
        """Whose report it is."""
        return self.result.report.agency

    @property
    def year(self) -> int | None:
        """Of which year."""
        return self.result.report.year

    @property
    def reasons(self) -> Sequence[Reason]:
        """Every reason, errors first."""
        return self.result.reasons

    @cached_property
    def figures(self) -> Mapping[str, Number | None]:
        """The figure of each cell, exact: integers, decimals for money, None where not known."""
        return {
            name: Decimal(cell.value) if isinstance(cell.value, str) else cell.value
            for name, cell in self.result.cells.items()
        }

    @cached_property
    def todo(self) -> Sequence[Todo]:
        """What a person has to look at."""
        from extractor.render._facts import Facts
        from extractor.render.todo import Todos

        return tuple(Todos(Facts(self.result, self.source.text), self.lang).all)

    def __repr__(self) -> str:
        who = " ".join(str(part) for part in (self.agency, self.year) if part is not None)
        cells = len(self.result.cells)
        looks = f", {len(self.todo)} to do" if self.todo else ""
        return f"<Report {who or self.source.name}: {self.verdict}, {cells} cells{looks}>"

    def summary(self) -> str:
        """What the command line says on standard error."""
        from extractor.render import summary

        return summary(self.result, self.lang, source=self.source.text)

    def _repr_html_(self) -> str:
        from extractor.render.page import fragment

        return fragment(self.result, self.source.text, self.lang)

    def to_json(self) -> str:
        """The result as the contract's JSON."""
        return self.result.model_dump_json(indent=2) + "\n"

    def to_html(self) -> str:
        """The page that ``--html`` writes."""
        from extractor.render import page

        return page(self.result, self.source.text, self.lang)

    def to_frame(self) -> pd.DataFrame:
        """A row for each cell: its name and words, value, state, text, span, and whether it is suspect.

        Values are integers and decimals, never floats; a figure that is not known is None.

        Raises:
            ExtraMissingError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise ExtraMissingError(
                "to_frame needs pandas; install it with pip install 'gouji[frame]'"
            ) from None
        from extractor.render._facts import Facts
        from extractor.render.labels import cell_words

        facts = Facts(self.result)
        spans = [cell.span or (None, None) for cell in self.result.cells.values()]
        parts = [name.split(".") for name in facts.names]
        frame = pd.DataFrame(
            {
                "cell": facts.names,
                "table": [table for table, _, _ in parts],
                "row": [row for _, row, _ in parts],
                "column": [column for _, _, column in parts],
                "label": [cell_words(facts.form, name, self.lang) for name in facts.names],
                "value": list(self.figures.values()),
                "state": facts.states,
                "text": facts.column("text"),
                "start": [start for start, _ in spans],
                "end": [end for _, end in spans],
                "flag": [facts.flags.get(name, "") for name in facts.names],
            },
            dtype=object,
        )
        return frame.set_index("cell")


def read(
    report: Path | bytes,
    *,
    model: str = "builtin",
    lang: Lang = "zh",
    name: str = "-",
    **asking: Any,
) -> Report:
    """Read one report.

    Args:
        report: Its path, or its bytes.
        model: The readers to try in order, as ``--model`` has them.
        lang: Language of what people read.
        name: What bytes are called.
        asking: How language models are asked, as `extractor.rungs.Asking` has it.

    Raises:
        InputError: It cannot be read.
        UsageError: An option that cannot be.
        ProviderError: The model or its provider failed.
    """
    from extractor.lexicon import Lexicon
    from extractor.pipeline import read_source

    source = decode(report, name) if isinstance(report, bytes) else load(os.fspath(report))
    path = asking.pop("lexicon", None)
    lexicon = None if path is None else Lexicon.load(path)
    if model == "builtin":
        return Report(read_source(source, lexicon=lexicon), source, lang)
    from extractor.rungs import Asking, build, rungs_of

    with closing(build(Asking(rungs_of(model), **asking), os.environ)) as ladder:
        return Report(read_source(source, ladder, lexicon), source, lang)


@dataclass(frozen=True, repr=False)
class Checked:
    """A stored result, and what follows from its source."""

    # where the stored result does not follow; empty when it does
    disagreements: Sequence[Difference]
    report: Report  # what follows

    @property
    def follows(self) -> bool:
        """Whether the stored result follows from its source and spans."""
        return not self.disagreements

    def __repr__(self) -> str:
        said = "follows" if self.follows else f"{len(self.disagreements)} disagreements"
        return f"<Checked {self.report.source.name}: {said}, {self.report.verdict}>"


def verify(
    result: Path | Report | Mapping[str, Any],
    source: Path | None = None,
    *,
    lang: Lang = "zh",
    lexicon: Path | None = None,
) -> Checked:
    """Derive a stored result anew from its source and spans, whoever made it.

    Args:
        result: Path of the JSON, the JSON as a mapping, or a report of `read`.
        source: The report that it was made of; without it a file is looked for by the name in the result.
        lang: Language of what people read.
        lexicon: The file with which it was made, where there was one.

    Raises:
        InputError: The result or its source cannot be read.
    """
    from extractor.lexicon import Lexicon
    from extractor.rederive import rederive
    from extractor.stored import find_source, open_result, opened_from

    if isinstance(result, Report):
        opened = opened_from(result.to_json())
        found = result.source if source is None else load(os.fspath(source))
    else:
        if isinstance(result, Mapping):
            opened = opened_from(json.dumps(result, ensure_ascii=False))
        else:
            opened = open_result(os.fspath(result))
        found = find_source(opened).source if source is None else load(os.fspath(source))
    again = rederive(opened.stored, found, None if lexicon is None else Lexicon.load(lexicon))
    return Checked(again.wrong, Report(again.result, found, lang))


class Batch:
    """How `extractor.batch` looks to a type checker: a package that can be called."""

    run: Any
    Options: type[BatchOptions]
    Store: type[Store]

    def __call__(
        self,
        paths: Path | Sequence[Path] | None,
        store: Path,
        *,
        model: str = "builtin",
        manifest: Path | None = None,
        **options: Any,
    ) -> Summary:
        """Read many reports into a store.

        Args:
            paths: Files, directories and patterns; None for every source that the store holds, or for the
                files of the manifest.
            store: Path of the store; made when it is not there.
            model: The readers to try in order.
            manifest: A table that says of each file whose report it is (docs/exporting.md).
            options: As `extractor.batch.Options` and `extractor.rungs.Asking` have them.
        """
        from dataclasses import fields

        from extractor.batch import Options, run
        from extractor.rungs import Asking, rungs_of

        own = {f.name for f in fields(Options)}
        how = Options(**{name: value for name, value in options.items() if name in own})
        rest = {name: value for name, value in options.items() if name not in own}
        return run(paths, store, how, Asking(rungs_of(model), **rest), manifest=manifest)
