"""The work unit: the bytes of one report and the settings in, what was made of it out. Nothing else.

`work` is a generator that yields questions for models and is sent what came of them; `process` drives it for
who has something to ask with, or needs nothing. Both are pure: no file, no network, no global that changes.
Settings, jobs and what is made can be pickled, so that any engine can map them over any number of machines.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from extractor.batch.kept import Kept, pack, unpack
from extractor.batch.records import How, Made, MadeResult, Problem
from extractor.errors import InputError, ProviderError
from extractor.ladder import Builtin, Rung, climb_asking
from extractor.lexicon import Lexicon
from extractor.models.exchange import Asked, Told, drive
from extractor.models.meter import plain, usage_of
from extractor.models.prices import Prices
from extractor.pipeline import origin_of, provenance_of, result_of
from extractor.source import SourceText, decode
from extractor.steps import Climbed, Tried, decided, rejudged
from verify.cells import WITH_FIGURE
from verify.decisions import Decision, in_text
from verify.layout import Layout, lay_out
from verify.result import unchecked_json
from verify.verdict import ground

if TYPE_CHECKING:
    from extractor.models.meter import Attempt
    from verify.schema import Result

_LONGEST = 500
_Outcome = tuple["Result | None", bytes | None, str | None]


@dataclass(frozen=True, slots=True)
class Settings:
    """How reports are read.

    Attributes:
        rungs: The ladder; its language models have nothing to ask with themselves.
        prices: What requests cost.
        lexicon: Words that a person confirmed as names of rows and columns.
        read_with: Hash of the lexicon of a stored reading that is judged again without its lexicon.
    """

    rungs: tuple[Rung, ...] = (Builtin(),)
    prices: Prices = field(default_factory=Prices.load)
    lexicon: Lexicon | None = None
    read_with: str | None = None

    @property
    def words(self) -> str | None:
        """Hash of the lexicon that a result names."""
        return self.lexicon.sha256 if self.lexicon else self.read_with


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with one report.

    Attributes:
        number: For who sent it.
        data: Its bytes; None where they are not needed.
        name: Of its file, for the result.
        how: From the bytes, from a reading held against them, or from a grounded reading alone.
        reading: The reading as it is stored, for the last two.
        sha256: Of the bytes, for the last two.
        result_sha256: For a grounded reading: of the result of before, which is then not made once more.
        decisions: Of people, on this report: those that count.
    """

    number: int
    data: bytes | None
    name: str
    how: How = "read"
    reading: bytes | None = None
    result_sha256: str | None = None
    sha256: str = ""
    decisions: tuple[Decision, ...] = ()


def process(
    data: bytes,
    name: str = "report",
    settings: Settings | None = None,
    ask: Callable[[Asked], Told] | None = None,
) -> Made:
    """Read one report; never raises for what a report holds or a provider does.

    Args:
        data: The bytes of the report.
        name: Of its file.
        settings: How it is read; the builtin reader when None.
        ask: Asks a model; needed when the ladder has one.
    """
    return drive(work(Job(0, data, name), settings or Settings()), ask or _nobody)


def process_job(job: Job, settings: Settings) -> Made:
    """Do a job that has nothing to ask, as judging again."""
    return drive(work(job, settings), _nobody)


def work(job: Job, settings: Settings) -> Generator[Asked, Told, Made]:
    """What is made of one report; yields its questions."""
    began = time.perf_counter()
    attempts: list[Attempt] = []
    problem: Problem | None = None
    result = reading = None
    try:
        if job.how == "read":
            result, reading, message = yield from _read(job, settings, attempts)
        else:
            result, reading, message = _again(job, settings)
    except InputError as error:
        problem, message = "unreadable", str(error)
    except ProviderError as error:
        problem, message = "provider", str(error)
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001 - never ends a run
        problem = "crashed"
        message = f"{type(error).__name__}: {error}; report it with the input"
    if problem is not None:
        message = printable(message or "")[:_LONGEST]
    usage = usage_of(attempts, settings.prices)
    http = [attempt.as_dict() for attempt in attempts]
    return Made(
        job.how,
        round(time.perf_counter() - began, 6),
        result=None if result is None else _stored(result),
        reading=reading,
        problem=problem,
        message=message,
        requests=usage.requests,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost_usd=None if usage.cost_usd is None else plain(usage.cost_usd),
        http=json.dumps(http, ensure_ascii=False) if http else None,
        same=result is None and problem is None,
    )


def name_of(path: str) -> str:
    """The name of a report's file as its result has it; bytes that are no text become question marks."""
    return PurePath(path).name.encode("utf-8", "replace").decode()


def _read(
    job: Job, settings: Settings, attempts: list[Attempt]
) -> Generator[Asked, Told, _Outcome]:
    source = decode(job.data or b"", job.name)
    layout = _laid_out(source, settings)
    climbing = climb_asking(layout, settings.rungs)
    try:
        asked = next(climbing)
        while True:
            try:
                told = yield asked
            except ProviderError as error:
                attempts += getattr(error, "attempts", ())
                asked = climbing.throw(error)
            else:
                attempts += told.attempts
                asked = climbing.send(told)
    except StopIteration as end:
        climbed: Climbed = end.value
    accounts = tuple(attempt.as_dict() for attempt in attempts)
    asks = any(not isinstance(rung, Builtin) for rung in settings.rungs)
    usage = usage_of(attempts, settings.prices).as_dict() if asks else None
    climbed = decided(climbed, in_text(job.decisions, source.text))
    kept = Kept(origin_of(source), climbed.steps, climbed.lost, accounts, usage)
    result = result_of(climbed, kept.origin, accounts, usage, lexicon=settings.words)
    return result, pack(kept), _rest(climbed, settings)


def _again(job: Job, settings: Settings) -> _Outcome:
    """Judge a stored reading again, held against its source anew where the verifier's reading of it changed.

    Returns:
        The result, None where it is the one of before; the reading where that is new; what is left to do.
    """
    kept = unpack(job.reading or b"")
    if kept.origin.sha256 != job.sha256:
        raise ValueError("a stored reading is of another report")
    tried: tuple[Tried, ...] = kept.steps
    if job.how == "grounded":
        source = decode(job.data or b"", job.name)
        layout = _laid_out(source, settings)
        tried = tuple(
            Builtin().read(layout)
            if step.prompt is None
            else Tried(
                step.model,
                ground(layout, step.reading),
                step.troubles,
                step.prompt,
                step.qualified,
                step.asked_again,
            )
            for step in kept.steps
        )
    climbed = decided(rejudged(tried, kept.lost), job.decisions)
    if job.result_sha256 is not None:
        provenance = provenance_of(climbed, kept.origin, kept.attempts, kept.usage, settings.words)
        if _sha256(unchecked_json(climbed.step.verified, provenance)) == job.result_sha256:
            return None, None, _rest(climbed, settings)
    result = result_of(climbed, kept.origin, kept.attempts, kept.usage, lexicon=settings.words)
    if job.how == "judged":
        return result, None, _rest(climbed, settings)
    reading = pack(Kept(kept.origin, tried, kept.lost, kept.attempts, kept.usage))
    return result, reading, _rest(climbed, settings)


def _laid_out(source: SourceText, settings: Settings) -> Layout:
    entries = settings.lexicon.entries if settings.lexicon else ()
    return lay_out(source.text, source.document, entries)


def _rest(climbed: Climbed, settings: Settings) -> str | None:
    """What of its ladder a report did not have, None when nothing is left to do."""
    if climbed.lost:
        lost = ", ".join(one.model for one in climbed.lost)
        return f"the provider of {lost} failed; --rerun failed asks again"
    if not climbed.settled and len(climbed.steps) < len(settings.rungs):
        return "judged again, it would now go on to the next reader; --rerun failed does"
    return None


def printable(text: str) -> str:
    """Text on one line, without what a terminal would take for a command."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(kept.split())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _stored(result: Result) -> MadeResult:
    text = result.model_dump_json()
    values = "|".join(
        f"{name}={cell.value}" for name, cell in result.cells.items() if cell.value is not None
    )
    tables = hashlib.sha256(values.encode()).hexdigest() if values else None
    states = Counter(cell.state for cell in result.cells.values())
    grave = Counter(reason.severity for reason in result.reasons)
    return MadeResult(
        sha256=_sha256(text),
        json=text,
        verdict=result.verdict,
        agency=result.report.agency,
        year=result.report.year,
        form=result.report.form,
        held=result.identities.held,
        failed=result.identities.failed,
        not_evaluable=result.identities.not_evaluable,
        tables_sha256=tables,
        cells_read=states["read"],
        cells_deduced=states["deduced"],
        cells_unread=states.total() - sum(states[state] for state in WITH_FIGURE),
        errors=grave["error"],
        warnings=grave["warning"],
    )


def _nobody(asked: Asked) -> Told:
    raise ProviderError(f"{asked.model!r}: nothing to ask with was given; pass ask=")


__all__ = ["Job", "Settings", "name_of", "process", "process_job", "work"]
