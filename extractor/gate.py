"""The golden gate: the golden cases through a model, and what that says of the model and its prompt."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
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


@dataclass(slots=True)
class _Tally:
    """What was counted over the cases."""

    cases: int = 0
    verdicts_right: int = 0
    cells: int = 0
    cells_right: int = 0
    silent_errors: int = 0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = Decimal(0)
    seconds: float = 0.0


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
    tally = _Tally()
    for case in cases_in(directory):
        began = time.monotonic()
        result = read_source(load(str(case / "report.txt")), ladder)
        seconds = time.monotonic() - began
        _count(case.name, expected_of(case), result, seconds, tally, out)
    right = f"{tally.verdicts_right} of {tally.cases} verdicts and {tally.cells_right} of {tally.cells} cells right"
    print(f"{right}, {tally.silent_errors} silent errors", file=out)
    print(
        f"{tally.requests} requests, {tally.input_tokens} tokens in, {tally.output_tokens} out, "
        f"{_money(tally.cost)}, {tally.seconds:.1f} s",
        file=out,
    )
    if len(ladder.rungs) != 1 or not models:
        print("no qualification record: it is for one language model alone", file=out)
        return tally.silent_errors == 0 and tally.verdicts_right == tally.cases
    record = _record(models[0], ladder, tally)
    word = "qualified" if record.qualified else "not qualified"
    if not asking.offline:
        path = qualification.write(record, asking.cache)
        print(f"{word}; record: {path}", file=out)
        return record.qualified
    known = qualification.find(
        record.model, models[0].reader.prompt, record.form_data, asking.cache
    )
    if known is None:
        print("replayed; no record of this model, prompt and form data is on file", file=out)
        return False
    if not known.same_outcome(record):
        print(f"replayed; the record of {known.date} has other figures", file=out)
        return False
    print(f"replayed; {word}, as recorded on {known.date}", file=out)
    return record.qualified


def _count(
    name: str,
    expected: Mapping[str, Any],
    result: Result,
    seconds: float,
    tally: _Tally,
    out: TextIO,
) -> None:
    found = expectation(result)
    wanted = expected.get("cells", {})
    right = sum(
        _as_read(cell) == _as_read(found["cells"].get(cell_name))
        for cell_name, cell in wanted.items()
    )
    passes = result.verdict in GOOD
    silent = passes and (
        expected.get("verdict") not in GOOD
        or expected.get("form") != found["form"]
        or any(
            (wanted.get(cell_name) or {}).get("value") != cell["value"]
            for cell_name, cell in found["cells"].items()
        )
    )
    usage = result.provenance.usage
    cost = None if usage.cost_usd is None else Decimal(usage.cost_usd)
    agrees = result.verdict == expected.get("verdict")
    tally.cases += 1
    tally.verdicts_right += agrees
    tally.cells += len(wanted)
    tally.cells_right += right
    tally.silent_errors += silent
    tally.requests += usage.requests
    tally.input_tokens += usage.input_tokens
    tally.output_tokens += usage.output_tokens
    tally.cost = None if cost is None or tally.cost is None else tally.cost + cost
    tally.seconds += seconds
    word = "SILENT" if silent else "ok" if agrees else "other"
    meant = "" if agrees else f" (expected {expected.get('verdict')})"
    print(
        f"{word:<7}{name}  {result.verdict}{meant}, {right} of {len(wanted)} cells, "
        f"{usage.requests} requests, {usage.input_tokens} + {usage.output_tokens} tokens, "
        f"{_money(cost)}, {seconds:.1f} s",
        file=out,
        flush=True,
    )


def _as_read(cell: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """A cell as the reader read it, whether or not the report was rejected in the end."""
    if cell is None:
        return None
    figure = cell["value"] if cell["value"] is not None else cell.get("tentative")
    return figure, cell["state"], cell["span"]


def _money(cost: Decimal | None) -> str:
    return "cost not known" if cost is None else f"{cost.normalize():f} USD"


def _record(rung: LanguageModel, ladder: Ladder, tally: _Tally) -> Record:
    prompt = rung.reader.prompt
    return Record(
        model=rung.model,
        prompt_id=prompt.name,
        prompt_sha256=prompt.sha256,
        form_data=FORM_DATA_VERSION,
        service=ladder.services[0].host,
        date=datetime.now(UTC).date().isoformat(),
        version=__version__,
        cases=tally.cases,
        verdicts_right=tally.verdicts_right,
        cells=tally.cells,
        cells_right=tally.cells_right,
        silent_errors=tally.silent_errors,
        requests=tally.requests,
        input_tokens=tally.input_tokens,
        output_tokens=tally.output_tokens,
        cost_usd=None if tally.cost is None else f"{tally.cost:f}",
        seconds=round(tally.seconds, 1),
    )
