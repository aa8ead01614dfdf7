"""Add findings to a verified report; its verdict follows from all of them.

For what a verifier cannot know: that the reader gave no usable answer, that it was not qualified.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from verify.cells import CellValue, withheld
from verify.findings import Finding
from verify.judge import Verified, decide

_COMPLETED = ("cells_deduced",)  # said of completed reports alone


def amended(verified: Verified, findings: Iterable[Finding]) -> Verified:
    """A verified report with further findings.

    Args:
        verified: As the verifier left it; it is not changed.
        findings: To be added. They can make a verdict worse, never better.
    """
    added = tuple(findings)
    if not added:
        return verified
    everything = sorted(
        (*verified.findings, *added),
        key=lambda finding: ("error", "warning", "info").index(finding.level),
    )
    verdict = decide(everything, otherwise=verified.verdict)
    cells = verified.cells
    if verified.verdict == "completed" and verdict != "completed":
        everything = [finding for finding in everything if finding.code not in _COMPLETED]
        cells = {name: _undone(cell) for name, cell in cells.items()}
    if verdict == "rejected" != verified.verdict:
        cells = {name: withheld(cell) for name, cell in cells.items()}
    return replace(verified, verdict=verdict, findings=tuple(everything), cells=cells)


def _undone(cell: CellValue) -> CellValue:
    """A deduced cell as it is in a report that is not completed."""
    if cell.state != "deduced" or cell.was is None:
        return cell
    return replace(cell, state=cell.was, value=None, was=None, derived=cell.value)
