"""Findings for other programs: SARIF for code viewers, JUnit XML for build servers, CSV for Excel."""

from __future__ import annotations

from extractor.outputs._reported import Earlier, Reported
from extractor.outputs.clerk_csv import to_csv
from extractor.outputs.junit import to_junit
from extractor.outputs.sarif import sarif_log, to_sarif

__all__ = ["Earlier", "Reported", "sarif_log", "to_csv", "to_junit", "to_sarif"]
