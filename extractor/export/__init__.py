"""Results of a store as CSV, JSONL, Parquet or XLSX, for people who analyse them.

::

    from extractor.export import export

    exported = export("run.db", "panel.parquet", shape="wide")
    print(exported.reports, "of", exported.of)
"""

from __future__ import annotations

from extractor.export.exporting import DEFAULT_VERDICTS, Exported, export

__all__ = ["DEFAULT_VERDICTS", "Exported", "export"]
