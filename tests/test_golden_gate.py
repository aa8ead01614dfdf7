"""The golden gate: what a model made of the golden cases, and what follows from it for its results.

The models are scripted and answer over real HTTP on loopback.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor import qualification
from extractor.errors import ProviderError
from extractor.models.cache import Cache
from extractor.models.meter import Meter
from extractor.models.prices import Prices
from extractor.models.service import Service
from extractor.models.settings import make_settings, parse_model
from extractor.readers.model import Interview
from prompts import ids, load
from tests.conftest import CASES, GOLDEN, ROOT, extract
from tests.each import each
from tests.loopback import Call, Server, scripted
from tests.scripted.ask import text_of
from tests.scripted.golden import GoldenModel
from verify.forms import FORM_DATA_VERSION
from verify.layout import lay_out

MODEL = "openai/scripted"
CASE = "tab-indented-2021"
REPORT = GOLDEN / CASE / "report.txt"
NOWHERE = "http://127.0.0.1:9/v1"


def read(
    url: str, cache: Path, *more: str, model: str = MODEL
) -> subprocess.CompletedProcess[bytes]:
    """Read the report with a model of a service, or of its recorded answers."""
    return extract(REPORT, "--model", model, "--base-url", url, "--cache", cache, *more)


def check(
    url: str, cache: Path, *more: str | Path, model: str = MODEL
) -> subprocess.CompletedProcess[bytes]:
    """Run the golden cases with it."""
    options = ("--model", model, "--base-url", url, "--cache", cache, *more)
    return extract("golden", "check", *options, OPENAI_API_KEY="scripted-key")


@pytest.fixture(scope="module")
def able() -> Iterator[Server]:
    """A server whose scripted model knows every golden case."""
    model = GoldenModel()

    def answer(call: Call) -> str:
        return model(call.system, call.user)

    with Server(scripted(answer)) as server:
        yield server


@pytest.fixture(scope="module")
def gate(able: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    """The cache after a golden run with the able model, what was printed, and the exit code."""
    cache = tmp_path_factory.mktemp("cache")
    run = check(able.url, cache)
    assert run.stderr == b""
    return cache, run.stdout.decode(), run.returncode


def test_the_gate_prints_every_case_and_the_sums(gate: tuple[Path, str, int]) -> None:
    _, out, code = gate
    assert code == 0
    for case in CASES:
        assert re.search(rf"^(ok|other) +{re.escape(case)}  ", out, re.MULTILINE), case
    assert re.search(
        rf"^[0-9]+ of {len(CASES)} verdicts and [0-9]+ of [0-9]+ cells right, 0 silent errors$",
        out,
        re.MULTILINE,
    )
    assert re.search(
        r"^[0-9]+ requests, [0-9]+ tokens in, [0-9]+ out, cost not known, [0-9.]+ s$",
        out,
        re.MULTILINE,
    )


@pytest.mark.models
def test_an_able_model_is_qualified_and_its_results_say_so(
    gate: tuple[Path, str, int], able: Server
) -> None:
    cache, _, _ = gate
    record = qualification.find(MODEL, load("pointer-zh"), FORM_DATA_VERSION, str(cache))
    assert record is not None
    assert record.qualified
    assert record.silent_errors == 0
    run = read(able.url, cache, "--require-qualified")
    result = json.loads(run.stdout)
    assert (run.returncode, result["verdict"]) == (0, "accepted")
    assert result["provenance"]["qualified"] is True
    assert result["provenance"]["model"] == MODEL
    assert result["provenance"]["prompt"] == {
        "id": load("pointer-zh").name,
        "sha256": load("pointer-zh").sha256,
    }


@pytest.mark.models
@pytest.mark.parametrize("id", ids())
def test_every_prompt_as_it_stands_has_a_fresh_record_of_recorded_answers(id: str) -> None:
    """A changed prompt misses its recorded answers: run python -m tests.scripted.record."""
    recorded = ROOT / "golden" / "recorded"
    run = check(NOWHERE, recorded, "--prompt", id, "--offline")
    out = run.stdout.decode()
    assert run.returncode == 0, out + run.stderr.decode()
    assert "0 silent errors" in out
    assert "0 requests, " in out
    assert re.search(r"^replayed; qualified, as recorded on [0-9-]{10}$", out, re.MULTILINE)
    assert qualification.is_qualified(MODEL, load(id), FORM_DATA_VERSION, str(recorded))


def test_a_changed_prompt_has_no_recorded_answers() -> None:
    changed = dataclasses.replace(load("pointer-zh"), sha256="0" * 64)
    recorded = str(ROOT / "golden" / "recorded")
    service = Service(
        parse_model(MODEL),
        make_settings({}, base_url=NOWHERE),
        Meter(0, None, Prices.load()),
        Cache(recorded, offline=True),
    )
    layout = lay_out(text_of(CASE))
    assert Interview(load("pointer-zh"), ask=service.ask).first(layout).told[0].pointing is not None
    with pytest.raises(ProviderError, match="recorded"):
        Interview(changed, ask=service.ask).first(layout)


def test_a_replay_that_comes_to_other_figures_is_said(
    gate: tuple[Path, str, int], tmp_path: Path
) -> None:
    cache, _, _ = gate
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    (path,) = (copy / "qualified").iterdir()
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"cells_right": record["cells_right"] - 1}))
    run = check(NOWHERE, copy, "--offline")
    assert run.returncode == 1
    assert "has other figures" in run.stdout.decode()


def test_recorded_answers_replay_without_network_and_cost_nothing(
    gate: tuple[Path, str, int], able: Server
) -> None:
    cache, _, _ = gate
    asked = len(able.calls)
    run = read(NOWHERE, cache, "--offline")
    assert run.returncode == 0
    provenance = json.loads(run.stdout)["provenance"]
    assert provenance["attempts"] == []
    assert provenance["usage"]["requests"] == 0
    assert provenance["usage"]["cost_usd"] == "0"
    assert len(able.calls) == asked


def test_an_offline_miss_is_one_line_and_exit_4(gate: tuple[Path, str, int]) -> None:
    cache, _, _ = gate
    run = read(NOWHERE, cache, "--offline", model="openai/another")
    assert run.returncode == 4
    assert run.stdout == b""
    assert run.stderr.decode().count("\n") == 1
    assert "--offline" in run.stderr.decode()


def test_the_cache_holds_no_key_and_no_text_of_a_report(gate: tuple[Path, str, int]) -> None:
    cache, _, _ = gate
    kept = "".join(path.read_text() for path in cache.rglob("*") if path.is_file())
    assert "scripted-key" not in kept
    assert "本年新收" not in kept


@pytest.mark.models
def test_a_model_that_was_never_run_is_not_qualified(able: Server, tmp_path: Path) -> None:
    run = read(able.url, tmp_path, model="openai/new")
    assert json.loads(run.stdout)["provenance"]["qualified"] is False
    assert run.returncode == 0


def test_nothing_of_an_unqualified_pair_is_taken_where_that_is_asked_for(
    able: Server, tmp_path: Path
) -> None:
    asked = len(able.calls)
    run = read(able.url, tmp_path, "--require-qualified", model="openai/new")
    result = json.loads(run.stdout)
    assert (run.returncode, result["verdict"]) == (1, "rejected")
    assert "not_qualified" in {reason["code"] for reason in result["reasons"]}
    assert len(able.calls) == asked


RECORDS: dict[str, dict[str, object] | str] = {
    "of another prompt": {"prompt_sha256": "another"},
    "of another form": {"form_data": "another"},
    "of another model": {"model": "another"},
    "not qualified, though it says so": {"silent_errors": 1},
    "empty": "",
    "cut": "{",
    "a list": "[]",
    "of the format alone": '{"format": 1}',
    "of the answer alone": '{"qualified": true}',
    "null": "null",
    "no text": "\x00",
}


@each("what", RECORDS)
def test_a_record_that_is_damaged_or_of_anything_else_qualifies_nobody(
    gate: tuple[Path, str, int], tmp_path: Path, what: str
) -> None:
    cache, prompt, change = gate[0], load("pointer-zh"), RECORDS[what]
    (path,) = (cache / "qualified").iterdir()
    (tmp_path / "qualified").mkdir(exist_ok=True)
    text = change if isinstance(change, str) else json.dumps(json.loads(path.read_text()) | change)
    (tmp_path / "qualified" / path.name).write_text(text)
    assert qualification.is_qualified(MODEL, prompt, FORM_DATA_VERSION, str(cache))
    assert not qualification.is_qualified(MODEL, prompt, FORM_DATA_VERSION, str(tmp_path))


def test_a_model_of_the_same_name_elsewhere_is_not_qualified(gate: tuple[Path, str, int]) -> None:
    cache, _, _ = gate
    prompt = load("pointer-zh")
    asked = (MODEL, prompt, FORM_DATA_VERSION, str(cache))
    assert qualification.is_qualified(*asked, "127.0.0.1")
    assert not qualification.is_qualified(*asked, "models.example.org")


def test_cases_that_ask_a_model_nothing_qualify_it_for_nothing(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "narrative-without-tables", tmp_path / "golden" / "narrative")
    run = check(NOWHERE, tmp_path / "cache", tmp_path / "golden")
    assert run.returncode == 1
    assert "not qualified; record" in run.stdout.decode()


@pytest.mark.models
def test_a_model_that_knows_nothing_is_not_qualified(tmp_path: Path) -> None:
    with Server(scripted("I do not know.")) as server:
        run = check(server.url, tmp_path)
    out = run.stdout.decode()
    assert run.returncode == 1
    assert "not qualified; record: " in out
    assert "0 silent errors" in out


@pytest.mark.models
def test_a_ladder_of_several_readers_leaves_no_record(able: Server, tmp_path: Path) -> None:
    run = check(able.url, tmp_path, model=f"builtin,{MODEL}")
    assert run.returncode == 0, run.stdout.decode()
    assert "no qualification record" in run.stdout.decode()
    assert not (tmp_path / "qualified").exists()


@pytest.mark.models
def test_the_best_prompt_on_record_is_taken(able: Server, tmp_path: Path) -> None:
    assert read(able.url, tmp_path, "--prompt", "auto").returncode == 2
    assert check(able.url, tmp_path, "--prompt", "auto").returncode == 0
    assert len(list((tmp_path / "qualified").iterdir())) == 1
    run = read(able.url, tmp_path, "--prompt", "auto")
    result = json.loads(run.stdout)
    assert result["provenance"]["prompt"]["id"] == load("pointer-zh").name
    assert result["provenance"]["qualified"] is True
