"""The golden gate: the golden cases through a model, and what that says of the model and its prompt."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

import prompts
from extractor import __version__, qualification
from extractor.golden import cases_in, expectation, expected_of
from extractor.ladder import LanguageModel
from extractor.pipeline import read_source
from extractor.qualification import Record
from extractor.rungs import AUTO, Asking, Ladder, build
from extractor.source import load
from verify.forms import FORM_DATA_VERSION
from verify.verdicts import GOOD

if TYPE_CHECKING:
    from verify.schema import Result

_DEFAULT_PER_CASE = 60


def run(directory: str, asking: Asking, environ: Mapping[str, str], out: TextIO) -> int:
    """Run every golden case through a ladder and print what came of it.

    With one language model alone a qualification record is written; with ``--prompt auto`` one for
    each prompt. A replay of recorded answers (``--offline``) writes none: it holds the record against what
    the code makes of the same answers today.

    Returns:
        0 when the model is qualified (of several prompts: with one of them), or, for a ladder of several
        readers, when there is no silent error and every verdict is right; else 1.

    Raises:
        InputError: There is no such directory, no case in it, or a case cannot be read.
        ProviderError: The provider failed; the cases before it were printed.
        UsageError: An option that cannot be, or a record that cannot be written.
    """
    if asking.max_requests is None:
        asking = replace(asking, max_requests=_DEFAULT_PER_CASE * len(cases_in(directory)))
    ids = prompts.ids() if asking.prompt == AUTO else (asking.prompt,)
    good = False
    for id in ids:
        ladder = build(replace(asking, prompt=id, require_qualified=False), environ)
        try:
            good = _one(directory, asking, ladder, out) or good
        finally:
            ladder.close()
    return 0 if good else 1


def _one(directory: str, asking: Asking, ladder: Ladder, out: TextIO) -> bool:
    models = [rung for rung in ladder.rungs if isinstance(rung, LanguageModel)]
    for rung in models:
        print(f"{rung.model} with {rung.reader.prompt.name}", file=out)
    record = _record(models, ladder)
    for case in cases_in(directory):
        began = time.monotonic()
        result = read_source(load(str(case / "report.txt")), ladder)
        _count(case.name, expected_of(case), result, time.monotonic() - began, record, out)
    record.seconds = round(record.seconds, 1)
    right = f"{record.verdicts_right} of {record.cases} verdicts and {record.cells_right} of {record.cells} cells right"
    print(f"{right}, {record.silent_errors} silent errors", file=out)
    print(
        f"{record.requests} requests, {record.input_tokens} tokens in, {record.output_tokens} out, "
        f"{_money(record.cost_usd)}, {record.seconds:.1f} s",
        file=out,
    )
    if len(ladder.rungs) != 1 or not models:
        print("no qualification record: it is for one language model alone", file=out)
        return record.silent_errors == 0 and record.verdicts_right == record.cases
    word = "qualified" if record.qualified else "not qualified"
    if not asking.offline:
        path = qualification.write(record, asking.cache)
        print(f"{word}; record: {path}", file=out)
        return record.qualified
    prompt = models[0].reader.prompt
    known = qualification.find(record.model, prompt, record.form_data, asking.cache)
    if known is None:
        print("replayed; no record of this model, prompt and form data is on file", file=out)
        return False
    if not known.same_outcome(record):
        print(f"replayed; the record of {known.date} has other figures", file=out)
        return False
    print(f"replayed; {word}, as recorded on {known.date}", file=out)
    return record.qualified


def _record(models: Sequence[LanguageModel], ladder: Ladder) -> Record:
    """An empty record; of a ladder of several readers it is never written, and of whom it is does not matter."""
    prompt = models[0].reader.prompt if models else None
    return Record(
        model=models[0].model if models else "",
        prompt_id=prompt.name if prompt else "",
        prompt_sha256=prompt.sha256 if prompt else "",
        form_data=FORM_DATA_VERSION,
        service=ladder.services[0].host if ladder.services else "",
        date=datetime.now(UTC).date().isoformat(),
        version=__version__,
    )


def _count(
    name: str,
    expected: Mapping[str, Any],
    result: Result,
    seconds: float,
    record: Record,
    out: TextIO,
) -> None:
    found, wanted = expectation(result), expected.get("cells", {})
    right = sum(_as_read(cell) == _as_read(found["cells"].get(n)) for n, cell in wanted.items())
    silent = result.verdict in GOOD and (
        expected.get("verdict") not in GOOD
        or expected.get("form") != found["form"]
        or any(
            (wanted.get(n) or {}).get("value") != cell["value"]
            for n, cell in found["cells"].items()
        )
    )
    usage, agrees = result.provenance.usage, result.verdict == expected.get("verdict")
    record.cases += 1
    record.verdicts_right += agrees
    record.cells += len(wanted)
    record.cells_right += right
    record.silent_errors += silent
    record.requests += usage.requests
    record.input_tokens += usage.input_tokens
    record.output_tokens += usage.output_tokens
    known = None not in (usage.cost_usd, record.cost_usd)
    record.cost_usd = (
        f"{Decimal(record.cost_usd or 0) + Decimal(usage.cost_usd or 0):f}" if known else None
    )
    record.seconds += seconds
    word = "SILENT" if silent else "ok" if agrees else "other"
    meant = "" if agrees else f" (expected {expected.get('verdict')})"
    print(
        f"{word:<7}{name}  {result.verdict}{meant}, {right} of {len(wanted)} cells, "
        f"{usage.requests} requests, {usage.input_tokens} + {usage.output_tokens} tokens, "
        f"{_money(usage.cost_usd)}, {seconds:.1f} s",
        file=out,
        flush=True,
    )


def _as_read(cell: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """A cell as the reader read it, whether or not the report was rejected in the end."""
    if cell is None:
        return None
    figure = cell["value"] if cell["value"] is not None else cell.get("tentative")
    return figure, cell["state"], cell["span"]


def _money(cost: str | None) -> str:
    return "cost not known" if cost is None else f"{Decimal(cost).normalize():f} USD"
