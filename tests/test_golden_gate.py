"""The golden gate: what a model made of the golden cases, and what follows from it for its results.

The models are scripted and answer over real HTTP on loopback.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
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
from extractor.readers.model import ModelReader
from prompts import ids, load
from tests.conftest import CASES, GOLDEN, ROOT, extract
from tests.loopback import Call, Server, scripted
from tests.scripted.ask import text_of
from tests.scripted.golden import GoldenModel
from verify.forms import FORM_DATA_VERSION
from verify.layout import lay_out

MODEL = "openai/scripted"
CASE = "tab-indented-2021"


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
    run = extract(
        "golden",
        "check",
        "--model",
        MODEL,
        "--base-url",
        able.url,
        "--cache",
        cache,
        OPENAI_API_KEY="scripted-key",
    )
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
    run = extract(
        GOLDEN / CASE / "report.txt",
        "--model",
        MODEL,
        "--base-url",
        able.url,
        "--cache",
        cache,
        "--require-qualified",
    )
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
    run = extract(
        "golden", "check", "--model", MODEL, "--prompt", id, "--cache", recorded, "--offline"
    )
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
        make_settings({}, base_url="http://127.0.0.1:9/v1"),
        Meter(0, None, Prices.load()),
        Cache(recorded, offline=True),
    )
    layout = lay_out(text_of(CASE))
    assert ModelReader(service.ask, load("pointer-zh")).first(layout).told[0].pointing is not None
    with pytest.raises(ProviderError, match="recorded"):
        ModelReader(service.ask, changed).first(layout)


def test_a_replay_that_comes_to_other_figures_is_said(
    gate: tuple[Path, str, int], tmp_path: Path
) -> None:
    cache, _, _ = gate
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    (path,) = (copy / "qualified").iterdir()
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"cells_right": record["cells_right"] - 1}))
    run = extract("golden", "check", "--model", MODEL, "--cache", copy, "--offline")
    assert run.returncode == 1
    assert "has other figures" in run.stdout.decode()


def test_recorded_answers_replay_without_network_and_cost_nothing(
    gate: tuple[Path, str, int], able: Server
) -> None:
    cache, _, _ = gate
    asked = len(able.calls)
    run = extract(
        GOLDEN / CASE / "report.txt",
        "--model",
        MODEL,
        "--cache",
        cache,
        "--offline",
    )
    assert run.returncode == 0
    provenance = json.loads(run.stdout)["provenance"]
    assert provenance["attempts"] == []
    assert provenance["usage"]["requests"] == 0
    assert provenance["usage"]["cost_usd"] == "0"
    assert len(able.calls) == asked


def test_an_offline_miss_is_one_line_and_exit_4(gate: tuple[Path, str, int]) -> None:
    cache, _, _ = gate
    run = extract(
        GOLDEN / CASE / "report.txt", "--model", "openai/another", "--cache", cache, "--offline"
    )
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
    run = extract(
        GOLDEN / CASE / "report.txt",
        "--model",
        "openai/new",
        "--base-url",
        able.url,
        "--cache",
        tmp_path,
    )
    assert json.loads(run.stdout)["provenance"]["qualified"] is False
    assert run.returncode == 0


def test_nothing_of_an_unqualified_pair_is_taken_where_that_is_asked_for(
    able: Server, tmp_path: Path
) -> None:
    asked = len(able.calls)
    run = extract(
        GOLDEN / CASE / "report.txt",
        "--model",
        "openai/new",
        "--base-url",
        able.url,
        "--cache",
        tmp_path,
        "--require-qualified",
    )
    result = json.loads(run.stdout)
    assert (run.returncode, result["verdict"]) == (1, "rejected")
    assert "not_qualified" in {reason["code"] for reason in result["reasons"]}
    assert len(able.calls) == asked


@pytest.mark.parametrize("change", ["prompt_sha256", "form_data", "model"])
def test_a_record_of_anything_else_qualifies_nobody(
    gate: tuple[Path, str, int], tmp_path: Path, change: str
) -> None:
    cache, _, _ = gate
    (path,) = (cache / "qualified").iterdir()
    record = json.loads(path.read_text()) | {change: "another"}
    (tmp_path / "qualified").mkdir()
    (tmp_path / "qualified" / path.name).write_text(json.dumps(record))
    prompt = load("pointer-zh")
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
    run = extract(
        "golden",
        "check",
        tmp_path / "golden",
        "--model",
        MODEL,
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--cache",
        tmp_path / "cache",
    )
    assert run.returncode == 1
    assert "not qualified; record" in run.stdout.decode()


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"format": 1}', '{"qualified": true}', "null", "\x00"]
)
def test_a_damaged_record_qualifies_nobody(
    gate: tuple[Path, str, int], tmp_path: Path, damage: str
) -> None:
    cache, _, _ = gate
    (path,) = (cache / "qualified").iterdir()
    (tmp_path / "qualified").mkdir()
    (tmp_path / "qualified" / path.name).write_text(damage)
    prompt = load("pointer-zh")
    assert not qualification.is_qualified(MODEL, prompt, FORM_DATA_VERSION, str(tmp_path))


def test_a_record_that_says_qualified_and_is_not_is_not_believed(
    gate: tuple[Path, str, int], tmp_path: Path
) -> None:
    cache, _, _ = gate
    (path,) = (cache / "qualified").iterdir()
    (tmp_path / "qualified").mkdir()
    record = json.loads(path.read_text()) | {"silent_errors": 1}
    (tmp_path / "qualified" / path.name).write_text(json.dumps(record))
    prompt = load("pointer-zh")
    assert not qualification.is_qualified(MODEL, prompt, FORM_DATA_VERSION, str(tmp_path))


@pytest.mark.models
def test_a_model_that_knows_nothing_is_not_qualified(tmp_path: Path) -> None:
    with Server(scripted("I do not know.")) as server:
        run = extract(
            "golden", "check", "--model", MODEL, "--base-url", server.url, "--cache", tmp_path
        )
    out = run.stdout.decode()
    assert run.returncode == 1
    assert "not qualified; record: " in out
    assert "0 silent errors" in out


@pytest.mark.models
def test_a_ladder_of_several_readers_leaves_no_record(able: Server, tmp_path: Path) -> None:
    run = extract(
        "golden",
        "check",
        "--model",
        f"builtin,{MODEL}",
        "--base-url",
        able.url,
        "--cache",
        tmp_path,
    )
    assert run.returncode == 0, run.stdout.decode()
    assert "no qualification record" in run.stdout.decode()
    assert not (tmp_path / "qualified").exists()


@pytest.mark.models
def test_the_best_prompt_on_record_is_taken(able: Server, tmp_path: Path) -> None:
    none = extract(
        GOLDEN / CASE / "report.txt",
        "--model",
        MODEL,
        "--base-url",
        able.url,
        "--cache",
        tmp_path,
        "--prompt",
        "auto",
    )
    assert none.returncode == 2
    both = extract(
        "golden",
        "check",
        "--model",
        MODEL,
        "--base-url",
        able.url,
        "--cache",
        tmp_path,
        "--prompt",
        "auto",
    )
    assert both.returncode == 0
    assert len(list((tmp_path / "qualified").iterdir())) == 2
    run = extract(
        GOLDEN / CASE / "report.txt",
        "--model",
        MODEL,
        "--base-url",
        able.url,
        "--cache",
        tmp_path,
        "--prompt",
        "auto",
    )
    result = json.loads(run.stdout)
    assert result["provenance"]["prompt"]["id"] == load("pointer-zh").name
    assert result["provenance"]["qualified"] is True
