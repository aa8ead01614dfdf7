"""One protocol for results: whoever reads them gets the same from a store and from a set of shards made of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from extractor.across import summary_of
from extractor.batch.merging import open_results
from extractor.batch.records import RuleCount
from extractor.batch.store import Store
from extractor.diff import diff
from extractor.errors import StoreError
from tests.shard_sets import shards
from tests.stores import golden, make_store


def test_rules_from_columns_are_those_of_the_results(tmp_path: Path) -> None:
    with Store.open(str(make_store(tmp_path / "run.db", golden()))) as store:
        counted = list(store.rules())
        said = [json.loads(report.json)["reasons"] for report in store.reports()]
        rows = list(store.rows())
        assert store.count() == sum(row.verdict is not None for row in rows)
        for row in rows:
            assert row.result is not None
            reasons = json.loads(store.result_json(row.result))["reasons"]
            assert row.errors == sum(one["severity"] == "error" for one in reasons)
    keys = [[(one["rule"] or one["code"], one["severity"]) for one in reasons] for reasons in said]
    found = Counter(key for of_one in keys for key in of_one)
    reports = Counter(key for of_one in keys for key in set(of_one))
    assert {(one.rule, one.severity): one for one in counted} == {
        key: RuleCount(*key, found[key], reports[key]) for key in found
    }
    assert len(counted) == len(found) > 5


@pytest.mark.batches
def test_a_set_of_shards_is_summed_up_compared_and_exported_as_a_store_is(tmp_path: Path) -> None:
    from extractor.export import export

    folder = tmp_path / "reports"
    for path, data in golden()[:6]:
        target = folder / path
        target.parent.mkdir(parents=True)
        target.write_bytes(data)
    shards(folder, "--shards", tmp_path / "set")
    shards(folder, "--store", tmp_path / "run.db")
    store, kept = str(tmp_path / "run.db"), str(tmp_path / "set")
    assert summary_of(kept).verdicts == summary_of(store).verdicts
    assert summary_of(kept).rules == summary_of(store).rules
    with open_results(store) as one, open_results(kept) as two:
        assert list(diff(one, two)) == []
        assert diff(one, two).totals().matched == 6
    for source, name in ((store, "a.csv"), (kept, "b.csv")):
        export(source, tmp_path / name, verdicts="all")
    first, second = (
        sorted((tmp_path / name).read_text("utf-8").splitlines()) for name in ("a.csv", "b.csv")
    )
    assert first == second
    assert len(first) > 500


def test_what_keeps_no_results_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a directory"), open_results(str(tmp_path)):
        pass
