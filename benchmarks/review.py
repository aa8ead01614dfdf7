"""From a key to the next screen: how long a decision takes, at two sizes of a store.

``python -m benchmarks.review [SMALL LARGE]``: makes a store of each size from reports with a remark, a wrong sum,
an unreadable figure or nothing wrong, decides fifty items as the browser does, and tells the median and the worst
time, and the ratio of the medians. The reports differ in their figures; the results of a few are stored under the
hashes of many, so that a large store is made in minutes.
"""

from __future__ import annotations

import hashlib
import re
import statistics
import sys
import tempfile
import time
import zlib
from pathlib import Path

from extractor.batch.store.packing import Connection
from tests.reviewed import TOKEN, kinds, rows, serve, store_of

_READ = 64
_DECISIONS = 50


def grown(path: Path, count: int) -> None:
    """Copy the reports of a store, each with a last line of its own, until there are so many."""
    with Connection(path) as store:
        have = store.execute(
            "SELECT s.id, s.sha256, s.content, g.body, result_json(r.body), r.id FROM sources AS s "
            "JOIN attempts AS a ON a.source_id = s.id JOIN readings AS g ON g.id = a.reading_id "
            "JOIN results AS r ON r.id = a.result_id ORDER BY s.id"
        ).fetchall()
        for number in range(count - len(have)):
            source, old, content, body, text, before = have[number % len(have)]
            data = zlib.decompress(content) + b"%d\n" % number
            sha256 = hashlib.sha256(data).hexdigest()
            new = store.execute(
                "INSERT INTO sources (sha256, bytes, content) VALUES (?, ?, ?)",
                (sha256, len(data), zlib.compress(data, 1)),
            ).lastrowid
            text = text.replace(old, sha256)
            result = store.execute(
                "INSERT INTO results (sha256, verdict, agency, year, form, held, failed, not_evaluable, "
                "cells_read, cells_deduced, cells_unread, errors, warnings, tables_sha256, body) "
                "SELECT ?, verdict, agency, year, form, held, failed, not_evaluable, cells_read, "
                "cells_deduced, cells_unread, errors, warnings, tables_sha256, packed(?) FROM results WHERE id = "
                "(SELECT result_id FROM attempts WHERE source_id = ?)",
                (hashlib.sha256(text.encode()).hexdigest(), text, source),
            ).lastrowid
            store.execute(
                "INSERT INTO found SELECT ?, number, severity, code, rule, cell, cells, span_start, span_end, "
                "expected, actual, item, words FROM found WHERE result_id = ?",
                (result, before),
            )
            kept = store.packer.unpack(body).replace(old.encode(), sha256.encode())
            reading = store.execute(
                "INSERT INTO readings (body) VALUES (packed_reading(?))", (zlib.compress(kept, 1),)
            ).lastrowid
            store.execute(
                "INSERT INTO attempts (run_id, source_id, maker_id, how, ended, seconds, result_id, "
                "reading_id, requests, input_tokens, output_tokens) SELECT run_id, ?, maker_id, how, "
                "ended, seconds, ?, ?, 0, 0, 0 FROM attempts WHERE source_id = ?",
                (new, result, reading, source),
            )


def measure(count: int) -> tuple[float, float, float, float]:
    """Seconds to open a store, the median and worst of a decision with its next screen, and its processor time."""
    with tempfile.TemporaryDirectory() as folder:
        path = store_of(Path(folder), kinds(min(count, _READ)))
        grown(path, count)
        began = time.perf_counter()
        served = serve(path)
        opened = time.perf_counter() - began
        client = served.client
        client.get(f"/?token={TOKEN}")
        answer = client.get("/next")
        taken, worked = [], []
        for _ in range(_DECISIONS):
            form = re.search(
                r'<form method="post" class="decision.*?</form>', answer.text, re.DOTALL
            )
            assert form is not None, "an item is open"
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
            if fields["kind"] not in ("harmless", "label", "as_printed"):
                fields["kind"] = "uphold"
            fields.pop("scope", None)
            began, used = time.perf_counter(), time.process_time()
            answer = client.post(str(answer.url).split("?")[0], data=fields)
            taken.append(time.perf_counter() - began)
            worked.append(time.process_time() - used)
            assert answer.status_code == 200, answer.text
        assert len(rows(path)) >= _DECISIONS
        served.close()
    return opened, statistics.median(taken), max(taken), statistics.median(worked)


def main() -> None:
    """Measure and tell."""
    small, large = map(int, sys.argv[1:3] or ("200", "20000"))
    medians = []
    for count in (small, large):
        opened, median, worst, work = measure(count)
        medians.append(work)
        print(
            f"{count:>6} reports: opened in {opened:.1f} s; key to next screen "
            f"{median * 1000:.0f} ms (median), {worst * 1000:.0f} ms (worst of {_DECISIONS}), "
            f"{work * 1000:.0f} ms of processor time (median)"
        )
    print(f"ratio of processor times {medians[1] / medians[0]:.2f}")


if __name__ == "__main__":
    main()
