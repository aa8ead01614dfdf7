"""From a folder of reports and a manifest to a panel, as a researcher writes it: pandas, polars, DuckDB.

    python docs/researcher.py reports/ manifest.csv panel/

The same cells can be pasted into a notebook. What an R user types stands in docs/exporting.md; R was not tried here.
"""

# %% Read the reports; the same again does only what is new.
from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

from extractor import batch
from extractor.export import export

reports, manifest, out = (Path(argument) for argument in sys.argv[1:4])
out.mkdir(exist_ok=True)
summary = batch(reports, out / "run.db", manifest=manifest)
print(dict(summary.counts.verdicts))

# %% Every figure of every report, with its quality; a data dictionary and a data package stand beside it.
exported = export(out / "run.db", out / "cells.parquet", verdicts="all")
print(exported.reports, "reports,", exported.rows, "cells")

# %% pandas: how far the figures can be trusted, by verdict.
cells = pd.read_parquet(out / "cells.parquet", dtype_backend="pyarrow")
print(pd.crosstab(cells["verdict"], cells["quality"]).to_string())

# %% polars: a panel of one cell, guarded figures only, whatever the verdict on the whole report.
panel = (
    pl.read_parquet(out / "cells.parquet")
    .filter(pl.col("cell") == "requests.new_received.total", pl.col("quality") == "guarded")
    .select("region_code", "region", "agency_id", "agency", "year", "value", "sums_held")
    .sort("agency_id", "agency", nulls_last=True)
)
print(panel)

# %% DuckDB: by region, and what the reports say otherwise than the manifest.
by_region = duckdb.sql(
    f"""
    SELECT region_code, region, year, sum(value) AS received, count(*) AS reports
    FROM '{out / "cells.parquet"}'
    WHERE cell = 'requests.new_received.total' AND quality = 'guarded' AND region_code IS NOT NULL
    GROUP BY ALL ORDER BY ALL
    """
)
print(by_region)
print(
    duckdb.sql(
        f"SELECT DISTINCT path, otherwise FROM '{out / 'cells.parquet'}' WHERE otherwise IS NOT NULL"
    )
)
