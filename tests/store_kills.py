"""Kill a writer of a store with -9 at random moments, and look what is left.

Run ``python -m tests.store_kills --kills 200``. Each writer goes on where the last one was killed; it says
after each transaction what is stored, and is killed somewhere after a random number of these words.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from extractor.batch.records import Report
from extractor.batch.store import Store
from tests.conftest import ROOT, environment
from tests.stores import BUILTIN, invented, made, source_of

GROUP = 3
PADDING = 20_000


def write(path: str) -> None:
    """Add reports in transactions of `GROUP` for ever, and say how many are stored."""
    with Store.open(path, write=True) as store:
        number = store.count()
        run = store.begin_run({"from": number}, "1")
        while True:
            with store.transaction():
                maker = store.maker_id(BUILTIN)
                for _ in range(GROUP):
                    add(store, run, number, maker)
                    number += 1
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


def add(store: Store, run: int, number: int, maker: int) -> None:
    """Add one report: source, place, result."""
    sha256, data = source_of(number)
    source = store.add_source(sha256, len(data), data)
    store.list_path(run, f"{number}.txt", source)
    store.add_attempt(run, source, maker, made(invented(number, padding=PADDING), data * 50))


def kill_one(path: Path, chance: random.Random) -> int:
    """Start a writer, kill it at a random moment, and return how many reports it said were stored."""
    command = [sys.executable, "-m", "tests.store_kills", "--write", str(path)]
    said = 0
    with subprocess.Popen(  # noqa: S603 - our own code
        command, stdout=subprocess.PIPE, cwd=ROOT, env=environment()
    ) as process:
        assert process.stdout is not None
        for _ in range(chance.randrange(0, 25)):
            said = int(process.stdout.readline())
        spin = chance.randrange(200_000)
        while spin:  # somewhere within a transaction, a commit or the folding in of the log
            spin -= 1
        process.kill()
        for line in process.stdout:
            if line.endswith(b"\n"):
                said = int(line)
    return said


def check(path: Path, said: int) -> int:
    """Whether everything that was said to be stored is there, whole, and nothing else in part.

    Returns:
        How many reports there are.
    """
    if not path.exists():
        assert said == 0
        return 0
    for to_write in (False, True):
        with Store.open(str(path), write=to_write) as store:
            assert list(store.sql("PRAGMA integrity_check")) == [("ok",)]
            assert list(store.sql("PRAGMA foreign_key_check")) == []
            numbers = [_number(store, report) for report in store.reports()]
            count = len(numbers)
            assert numbers == list(range(count)), "each once, none left out"
            assert count % GROUP == 0, "a transaction is stored whole"
            assert count >= said, "what was said to be stored is"
            for table in ("sources", "paths", "listings", "results", "readings", "attempts"):
                assert list(store.sql(f"SELECT count(*) FROM {table}")) == [(count,)]  # noqa: S608
            assert list(store.failures()) == []
    return count


def _number(store: Store, report: Report) -> int:
    """The number of an invented report that is there whole."""
    number = report.source - 1
    sha256, data = source_of(number)
    known = store.known(sha256)
    assert known is not None
    assert known.reading is not None
    assert store.reading(known.reading) == data * 50
    assert store.content(report.source) == data
    assert (report.sha256, report.paths) == (sha256, (f"{number}.txt",))
    assert report.json == invented(number, padding=PADDING)
    return number


def kill(path: Path, kills: int, seed: int) -> int:
    """Kill so many writers of one store one after the other; how many reports are stored at the end."""
    chance = random.Random(seed)
    count = 0
    for _ in range(kills):
        said = kill_one(path, chance)
        count = check(path, max(count, said))
    return count


def main() -> None:
    """Kill as often as asked."""
    parser = argparse.ArgumentParser(description="kill -9 writers of a store")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", metavar="STORE", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.write:
        write(asked.write)
        return
    done = total = 0
    while done < asked.kills:  # a store of its own now and then, so that making one is hit as well
        with tempfile.TemporaryDirectory() as place:
            some = min(10, asked.kills - done)
            total += kill(Path(place) / "run.db", some, asked.seed + done)
            done += some
    print(f"{done} kills, {total} reports stored, none half, none lost")


if __name__ == "__main__":
    main()
