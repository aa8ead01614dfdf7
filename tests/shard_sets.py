"""What the tests of shards share: the command, a set as pyarrow reads it, files that hold many reports."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.batch_corpus import garbled
from tests.conftest import ROOT, environment, extract

RAY = {"RAY_worker_niceness": "0", "RAY_DEDUP_LOGS": "0", "RAY_USAGE_STATS_ENABLED": "0"}


def shards(
    *arguments: str | Path, code: int | None = 0, **env: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run ``extract batch``: in an interpreter of its own in two processes by Ray, else here with one worker."""
    if "ray" in arguments:
        run = subprocess.run(  # noqa: S603 - our own command
            _command(arguments),
            capture_output=True,
            cwd=ROOT,
            env=environment(**RAY, **env),
            timeout=1800,
            check=False,
        )
    else:
        run = extract(
            "batch", "--lang", "en", "--processes", "1", *arguments, data=None, cwd=ROOT, **env
        )
    assert code is None or run.returncode == code, run.stderr.decode()
    return run


def started(*arguments: str | Path, **env: str) -> subprocess.Popen[bytes]:
    """Start it as the leader of a process group."""
    return subprocess.Popen(  # noqa: S603 - our own command
        _command(arguments),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(**RAY, **env),
        start_new_session=True,
    )


def _command(arguments: Iterable[str | Path]) -> list[str]:
    words = ["batch", "--lang", "en", "--processes", "2", *map(str, arguments)]
    return [sys.executable, "-m", "extractor", *words]


def files(root: Path) -> dict[str, bytes]:
    """The shards of a set, by their names."""
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("prefix=*/*.parquet")
    }


def rows(root: Path) -> list[dict[str, Any]]:
    """All rows of a set; none is there twice."""
    found = [
        row
        for path in sorted(root.rglob("prefix=*/*.parquet"))
        for row in pq.ParquetFile(path).read().to_pylist()
    ]
    assert len({row["sha256"] for row in found}) == len(found)
    return found


def results(root: Path) -> dict[str, str]:
    """The result of each source, by the hash of its bytes."""
    return {row["sha256"]: row["json"] for row in rows(root)}


def crawl(path: Path, pages: Iterable[bytes], damaged: Iterable[int] = ()) -> None:
    """A WARC with a page a record, of which some are damaged in the file."""
    out = BytesIO()
    offsets = []
    writer = WARCWriter(out, gzip=path.suffix == ".gz")
    for number, page in enumerate(pages):
        offsets.append(out.tell())
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"http://example.com/{number}.html",
            "response",
            payload=BytesIO(page),
            length=len(page),
            http_headers=headers,
            warc_headers_dict={  # else another file every time, and other damage
                "WARC-Date": "2024-01-31T00:00:00Z",
                "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012}>",
            },
        )
        writer.write_record(record)
    data = bytearray(out.getvalue())
    for number in damaged:
        at = offsets[number]
        data[at + 40 : at + 48] = b"\0" * 8
    path.write_bytes(bytes(data))


def table(path: Path, count: int) -> None:
    """A Parquet file of (name, bytes)."""
    data = {"name": [f"{n}.txt" for n in range(count)], "bytes": [garbled(n) for n in range(count)]}
    pq.write_table(pa.table(data), path, row_group_size=7)


def page(text: str) -> bytes:
    """A report as a web page."""
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    return f"<html><head><meta charset='utf-8'></head><body>{lines}</body></html>".encode()


def readers(session: int, words: tuple[str, ...]) -> list[int]:
    """Processes of which the command line holds one of these words, and which descend from a process."""
    parents, lines = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            lines[int(stat.parent.name)] = (
                (stat.parent / "cmdline").read_bytes().decode("utf-8", "replace")
            )
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = []
    for pid, line in lines.items():
        above = pid
        while above in parents and above != session:
            above = parents[above]
        if above == session and any(word in line for word in words):
            found.append(pid)
    return found


def kill_some(process: subprocess.Popen[bytes], times: int, seed: int) -> int:
    """Kill workers of a run at random moments of their work; how many were killed.

    A moment is so much processor time: on a busy machine one that has only been started is never hit alone.
    """
    rng, killed = random.Random(seed), 0
    tick = os.sysconf("SC_CLK_TCK")
    after = rng.uniform(0.9, 3)
    while killed < times and process.poll() is None:
        time.sleep(0.05)
        for pid in readers(process.pid, ("spawn_main", "ray::_run")):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                if int(fields[11]) / tick < after:
                    continue
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
            killed, after = killed + 1, rng.uniform(0.9, 3)
            break
    return killed


def wait_for(found: Any, process: subprocess.Popen[bytes]) -> None:
    """Wait until something is so, while a process runs."""
    for _ in range(60_000):
        if found() or process.poll() is not None:
            return
        threading.Event().wait(0.01)
    process.kill()
    raise AssertionError("it never came so far")
