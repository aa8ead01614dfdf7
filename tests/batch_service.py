"""Many questions through a scripted batch service that fails, and a program that is killed.

What has to come of it: every report has the result that it has online, no question is lost, none is paid for twice.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.batch import Store
from tests.conftest import ROOT, environment
from tests.loopback.batches import FAULTS, BatchServer
from tests.scripted.many import PROMPT, Known, write

KINDS = ("lossless", "lossy", "legible")
_SHORTEST = 2.0
Results = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        results: Of the batches, by hash of the source.
        online: The same online.
        paid: How often each line was paid for.
        played: How often each fault was.
        batches: How many there were.
        kills: How often the program was killed.
        told: Reports of which was told that they failed in every batch; they were then asked about online.
    """

    results: Results
    online: Results
    paid: Counter[str]
    played: Counter[str]
    batches: int
    kills: int
    told: int

    @property
    def wrong(self) -> list[str]:
        """What is not as it has to be."""
        twice = sum(count > 1 for count in self.paid.values())
        differ = sum(self.results.get(one) != result for one, result in self.online.items())
        lacking = len(self.online.keys() - self.results.keys())
        found = (("lost", lacking), ("paid twice", twice), ("not as online", differ))
        return [f"{what}: {count}" for what, count in found if count]


def command(folder: Path, store: Path, url: str, *more: str) -> list[str]:
    """The words of the command line."""
    return [
        *(sys.executable, "-m", "extractor", "batch", str(folder), "--store", str(store)),
        *("--model", "openai/scripted", "--base-url", url, "--prompt", PROMPT, "--lang", "en"),
        *more,
    ]


def results_of(store: Path) -> Results:
    """Verdict and cells of every report, by the hash of its source."""
    found: Results = {}
    with Store.open(store) as opened:
        for report in opened.reports():
            if report.json is not None:
                result: dict[str, Any] = json.loads(report.json)
                cells = json.dumps(result["cells"], sort_keys=True)
                found[result["provenance"]["source"]["sha256"]] = result["verdict"], cells
    return found


def run(requests: int, kills: int = 0, *, share: float = 0.1, seed: int = 0) -> Outcome:
    """So many questions, with faults and so many kills at random moments."""
    chance = random.Random(seed)
    environ = {**environment(), "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "scripted"}
    with tempfile.TemporaryDirectory() as place:
        folder, store, online = Path(place, "reports"), Path(place, "s.db"), Path(place, "o.db")
        folder.mkdir()
        known = Known(
            write(str(folder), itertools.count(), most=requests, kinds=KINDS, most_damages=9)
        )
        with BatchServer(known) as server:
            words = command(folder, online, server.url, "-q")
            began = time.monotonic()
            subprocess.run(words, env=environ, cwd=ROOT, check=False)  # noqa: S603
            # all kills together come before the end of a run of batches, which does no less than this
            longest = max((time.monotonic() - began) / (kills + 1), _SHORTEST)
        done = 0
        with BatchServer(known, faults=FAULTS, share=share, seed=seed, seconds=1.0) as server:
            words = command(folder, store, server.url, "--service", "batch", "--poll", "0.2", "-q")
            while True:
                process = subprocess.Popen(words, env=environ, cwd=ROOT, start_new_session=True)  # noqa: S603
                if done < kills:
                    ends = time.monotonic() + chance.uniform(0.5, longest)
                    while time.monotonic() < ends and process.poll() is None:
                        time.sleep(0.05)
                if done < kills and process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    done += 1
                    continue
                if process.wait() != 4:
                    break
            assert not Path(f"{store}.batches").exists()
            with Store.open(store) as opened:
                told = sum("ask online" in (one.message or "") for one in opened.failures())
            words = command(folder, store, server.url, "--rerun", "failed", "-q")
            subprocess.run(words, env=environ, cwd=ROOT, check=False)  # noqa: S603
        results = results_of(store), results_of(online)
        return Outcome(*results, server.paid, server.played, server.batches, done, told)
