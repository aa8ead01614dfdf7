"""Whose fault a failed identity is: the source's, the reading's where a suspect was doubtful to read, or open.

A reading that is grounded and anchored is taken at its word, and then the source is at fault. But where
changing only cells that were doubtful to read would restore a group of identities, misreading them is
the nearer explanation; then the reading is not trusted, and it is said which cells to look at again.
Never a value: the one that would balance is not evidence of what is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from verify.cells import CellValue
from verify.findings import Finding
from verify.localise import Suspicion
from verify.rules.check import rule

_DOUBTS = ("label_lost", "label_reworded", "zeros_in_order")
_DOUBTFUL_SPELLINGS = frozenset({"split", "dash_minus"})
_LETTERS = frozenset("OoＯｏ○◯")  # 〇 and 零 are zeros without a doubt; a circle may be a mark
_BY_SUMS = "identities"  # a placement that only sums decided


def doubtful_cells(findings: Iterable[Finding]) -> frozenset[str]:
    """Cells whose label, place in the row or digits were doubtful to read.

    Args:
        findings: What structure and spelling had to say of a reading.
    """
    return frozenset(name for finding in findings if _is_doubt(finding) for name in finding.cells)


def _is_doubt(finding: Finding) -> bool:
    if finding.code == "placement_decided":
        return finding.by == _BY_SUMS
    if finding.code == "spelled_oddly":
        letters = not _LETTERS.isdisjoint(finding.actual or "")
        return letters or not _DOUBTFUL_SPELLINGS.isdisjoint(finding.by.split(","))
    return finding.code in _DOUBTS


@rule("structure.doubtful", severity="error", codes=("suspect_doubtful",))
def cells_to_reread(
    suspicions: Iterable[Suspicion], cells: Mapping[str, CellValue]
) -> list[Finding]:
    """One finding for each cell that a reader should look at again: the cell and its place, no value.

    Args:
        suspicions: As localised, with whose fault each is.
        cells: As they were read.
    """
    again: dict[str, None] = {}
    for suspicion in suspicions:
        if suspicion.fault == "reading":
            doubtful = set(suspicion.doubtful)
            misread = [names for names in suspicion.sets if doubtful.issuperset(names)]
            again.update(dict.fromkeys(name for names in misread for name in names))
    return [
        Finding("suspect_doubtful", (name,), span=cells[name].span, actual=cells[name].text)
        for name in again
    ]


def without_fault(suspicions: Iterable[Suspicion]) -> list[Suspicion]:
    """The same, where it is not proven that the source is wrong: nobody is said to be at fault.

    Args:
        suspicions: As localised, with whose fault each would be.
    """
    return [
        replace(group, fault="open") if group.fault == "source" else group for group in suspicions
    ]
