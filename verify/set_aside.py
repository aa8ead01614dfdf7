"""Figures that are set aside when they break a sum, since they may be none."""

from __future__ import annotations

from dataclasses import replace

from verify.arithmetic import Checked
from verify.cells import CellValue
from verify.findings import Finding


def set_aside_numerals(
    checked: Checked, cells: dict[str, CellValue], findings: list[Finding]
) -> bool:
    """Chinese numerals that break a sum are no figures: nobody is accused by what may be an ordinal."""
    failing = {name for rule in checked.failed for name in rule.cells}
    against = {
        name
        for finding in findings
        if finding.code == "spelled_oddly" and "chinese_numeral" in (finding.by or "")
        for name in failing.intersection(finding.cells)
    }
    for name in against:
        cells[name] = replace(cells[name], value=None, state="unreadable")
    findings[:] = [f for f in findings if f.code != "spelled_oddly" or not against & {*f.cells}]
    return bool(against)
