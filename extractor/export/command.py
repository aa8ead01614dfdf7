"""``extract export``: the results of a store as CSV, JSONL, Parquet or XLSX.

Exit codes: 0 the file is written, even when no report passed; 2 wrong usage, or it cannot be written;
3 the store cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

from extractor.cli.command import command
from extractor.errors import UsageError
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
    """Write the results of a store to one file."""
    return run(options)


def run(options: Options) -> int:
    """Write the file and return the exit code.

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
        _say(exported, options.lang)
    return 0


def _say(exported: Exported, lang: Literal["zh", "en"]) -> None:
    from extractor.render._text import one_line

    for text in (_zh if lang == "zh" else _en)(exported):
        say(one_line(text))


def _en(exported: Exported) -> list[str]:
    reports, rows = _counted(exported.of, "report"), _counted(exported.rows, "row")
    chosen = verdicts_of(exported.written).en
    lines = [f"{exported.path}: {exported.reports} of {reports}, {rows}", f"written: {chosen}"]
    if not exported.reports:
        none = "such a verdict" if exported.left_out else "a result"
        lines.append(f"no report has {none}; the file has no rows")
    if exported.left_out:
        left_out = verdicts_of(exported.left_out).en
        lines.append(
            f"left out: {left_out} ({_share(exported)} of the reports, {exported.figures_left_out:,} figures; "
            "--verdict all writes them as well, and column quality says what each figure is worth)"
        )
    if exported.without_cells and exported.shape == "long":
        lines.append(
            f"without cells, and so without a row: {_counted(exported.without_cells, 'report')}"
        )
    if exported.without_result:
        lines.append(f"without a result: {_counted(exported.without_result, 'report')}")
    if exported.beyond:
        lines.append(
            f"{_counted(exported.beyond, 'figure')} that no number of the format holds exactly, "
            "written as text"
        )
    if exported.shortened:
        lines.append(f"{_counted(exported.shortened, 'text')} too long for a cell, cut and marked")
    return [*lines, f"dictionary: {exported.dictionary}; data package: {exported.datapackage}"]


def _share(exported: Exported) -> str:
    """How much of all reports with a result is left out."""
    left_out = sum(exported.left_out.values())
    return f"{100 * left_out / max(1, left_out + exported.reports):.0f} %"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _zh(exported: Exported) -> list[str]:
    chosen = verdicts_of(exported.written).zh
    lines = [
        f"{exported.path}：{exported.of}份报告中写出{exported.reports}份，{exported.rows}行",
        f"写出的结论：{chosen}",
    ]
    if not exported.reports:
        none = "没有报告是这些结论" if exported.left_out else "没有报告有结果"
        lines.append(f"{none}；文件中没有数据行")
    if exported.left_out:
        left_out = verdicts_of(exported.left_out).zh
        lines.append(
            f"未写出：{left_out}（占报告的{_share(exported)}，共{exported.figures_left_out:,}个数字；"
            "用--verdict all一并写出，每个数字的质量见quality一列）"
        )
    if exported.without_cells and exported.shape == "long":
        lines.append(f"没有单元格因而没有行的报告：{exported.without_cells}份")
    if exported.without_result:
        lines.append(f"没有结果的报告：{exported.without_result}份")
    if exported.beyond:
        lines.append(f"有{exported.beyond}个数字不能以此格式的数值准确表示，写作文本")
    if exported.shortened:
        lines.append(f"有{exported.shortened}处文字超出单元格的长度，已截短并标明")
    return [*lines, f"数据字典：{exported.dictionary}；数据包说明：{exported.datapackage}"]
