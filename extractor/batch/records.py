"""What a store holds, as the rest of the program sees it: plain, frozen records without SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["read", "grounded", "judged"]
"""``read``: by the readers; ``grounded``: a stored reading held against its source anew;
``judged``: a stored, grounded reading judged anew."""
Ending = Literal["finished", "limit", "cost", "interrupted", "failed"]
Problem = Literal["unreadable", "provider", "crashed", "timeout"]


@dataclass(frozen=True, slots=True)
class Maker:
    """Everything that decides a result beside its source.

    Attributes:
        models: The ladder, as ``--model`` has it.
        prompts: For each language model of it: model, prompt id with version, hash of the prompt.
        form_data: Version of the data of the forms.
        version: Of the program.
        code_read: Digests of the code up to the grounded reading: of the readers, a colon, of the verifier.
        code_judge: Digests of the code from there to the result: of all of it, a colon, of the contract alone.
        options: What else decides: votes, qualification. Not the service's address.
    """

    models: str
    prompts: tuple[tuple[str, str, str], ...]
    form_data: str
    version: str
    code_read: str
    code_judge: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MadeResult:
    """A result as it is stored.

    Attributes:
        sha256: Of ``json`` in UTF-8.
        json: The result of the contract, on one line.
        verdict: See the contract.
        agency: As its title names it.
        year: As its title names it.
        form: Of its tables.
        held: Identities that hold.
        failed: Identities that fail.
        not_evaluable: Identities that are open.
        tables_sha256: Of all values in the order of the form, None without tables.
        cells_read: Cells with a figure of the source.
        cells_deduced: Cells with a figure that follows.
        cells_unread: Cells that are blank, missing or unreadable.
        errors: Findings of this severity.
        warnings: Findings of this severity.
    """

    sha256: str
    json: str
    verdict: str
    agency: str | None
    year: int | None
    form: str | None
    held: int
    failed: int
    not_evaluable: int
    tables_sha256: str | None
    cells_read: int
    cells_deduced: int
    cells_unread: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Made:
    """One attempt at one source: its result, or why there is none.

    Attributes:
        how: What was done.
        seconds: It took.
        result: None when it failed.
        reading: What to judge again from (compressed), None when it failed.
        problem: Why it failed.
        message: The same in one line for people; beside a result, what of its ladder is still to be done.
        requests: HTTP requests of this attempt.
        input_tokens: Of them.
        output_tokens: Of them.
        cost_usd: Exact decimal, None when not known.
        http: The requests as JSON, None when there was none.
        same: Judged again, the result is the one that the source has, byte for byte; then ``result`` is None.
    """

    how: How
    seconds: float
    result: MadeResult | None = None
    reading: bytes | None = None
    problem: Problem | None = None
    message: str | None = None
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: str | None = "0"
    http: str | None = None
    same: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a store knows of a source.

    Attributes:
        source: Its number.
        sha256: Of its bytes.
        attempt: The latest attempt that gave a result, else the latest that failed; None without any.
        maker: Who made that.
        maker_id: Its number.
        verdict: Of its result, None when it failed.
        result: Number of the result, None when it failed.
        result_sha256: Of its JSON.
        reading: Number of the reading to judge again from.
        problem: Of the latest attempt of all, None when that gave a result.
        unfinished: The result is not all that its ladder could do: a provider failed, or it has another rung.
        decided: The number of the last decision of people that the attempt took into account.
    """

    source: int
    sha256: str
    attempt: int | None = None
    maker: Maker | None = None
    maker_id: int | None = None
    verdict: str | None = None
    result: int | None = None
    result_sha256: str | None = None
    reading: int | None = None
    problem: str | None = None
    unfinished: bool = False
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its current result: the latest that there is, or that of one run.

    Attributes:
        source: Its number.
        sha256: Of its bytes.
        paths: Where it was found, sorted; empty when it was given without a path.
        run: Number of the run that made the result.
        maker: Who made it.
        verdict: See the contract.
        agency: As its title names it.
        year: As its title names it.
        form: Of its tables.
        result: Number of the result: the same number means the same result.
        json: The result of the contract, on one line.
    """

    source: int
    sha256: str
    paths: tuple[str, ...]
    run: int
    maker: Maker
    verdict: str
    agency: str | None
    year: int | None
    form: str | None
    result: int
    json: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a manifest says of one report.

    Attributes:
        file: The manifest.
        line: Of it; the header is line 1.
        path: Of the report.
        url: Where it was published.
        agency: Whose it is.
        agency_id: What the manifest calls that agency by.
        region: Code of six digits.
        year: Of which year.
        more: Name and text of each further column that is not empty.
    """

    file: str
    line: int
    path: str | None = None
    url: str | None = None
    agency: str | None = None
    agency_id: str | None = None
    region: str | None = None
    year: int | None = None
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        id: Its number.
        began: UTC, ISO 8601.
        ended: The same, None while it runs and for ever if it was killed.
        ending: How it ended.
        command: What was asked for, JSON.
        version: Of the program.
        attempts: How many reports it tried.
        results: How many of these have a result.
    """

    id: int
    began: str
    ended: str | None
    ending: Ending | None
    command: str
    version: str
    attempts: int
    results: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as it stands at the end of a run: with its current result, or with why it has none.

    A report stands where a path's latest listing leads to its bytes, or where its bytes were tried and never
    listed under a path. Its result is that of its latest attempt that gave one.

    Attributes:
        sha256: Of its bytes, empty when they could not be read.
        paths: Where it was found, sorted; empty when it was given without a path.
        maker: Number of who made the result.
        result: Number of the result, None when there is none.
        result_sha256: Hash of the result.
        verdict: Of the result.
        agency: As its title names it.
        year: As its title names it.
        form: Of its tables.
        tables: Hash of all its values, None without tables.
        failed: Identities that fail.
        errors: Findings of this severity.
        warnings: Findings of this severity.
        figures: Cells that were read or deduced.
        problem: Of the latest attempt, None when that gave a result.
        message: The same in one line.
    """

    sha256: str
    paths: tuple[str, ...] = ()
    maker: int | None = None
    result: int | None = None
    result_sha256: str | None = None
    verdict: str | None = None
    agency: str | None = None
    year: int | None = None
    form: str | None = None
    tables: str | None = None
    failed: int | None = None
    errors: int | None = None
    warnings: int | None = None
    figures: int | None = None
    problem: str | None = None
    message: str | None = None

    @property
    def name(self) -> str:
        """The first path, else the hash: what a person is shown."""
        return self.paths[0] if self.paths else self.sha256


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule was broken.

    Attributes:
        rule: Its id, or the code of findings that name none.
        severity: How grave its findings are.
        findings: How many.
        reports: Of how many reports.
    """

    rule: str
    severity: str
    findings: int = 0
    reports: int = 0
