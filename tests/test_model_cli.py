"""Language models from the command line: options, keys, what would be sent, what a result tells."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import GOLDEN, extract
from tests.each import each, rows
from tests.loopback import Call, Server, scripted
from tests.scripted import StrongModel
from tests.scripted.ask import text_of
from tests.scripted.truth import truth_of_case

ROWS = rows(__file__)

CASE = "tab-indented-2021"
REPORT = GOLDEN / CASE / "report.txt"
AT_FAULT = "one-digit-wrong"
KEY = "sk-secret-48151623"
MODEL = "openai/scripted"


def one_line(run: subprocess.CompletedProcess[bytes]) -> str:
    text = run.stderr.decode()
    assert run.stdout == b""
    assert "Traceback" not in text
    assert text.startswith("extract: ")
    assert text.count("\n") == 1
    return text


@pytest.fixture(scope="module")
def able() -> Iterator[Server]:
    """A scripted model that reads two golden cases as they are."""
    known = [StrongModel(text_of(case), truth_of_case(case)) for case in (CASE, AT_FAULT)]

    def answer(call: Call) -> str:
        return next(m for m in known if m.together.text in call.user)(call.system, call.user)

    with Server(scripted(answer)) as server:
        yield server


def test_a_result_tells_who_read_it_and_what_it_cost(able: Server) -> None:
    run = extract(REPORT, "--model", MODEL, "--base-url", able.url, "--lang", "en")
    result = json.loads(run.stdout)
    assert (run.returncode, result["verdict"]) == (0, "accepted")
    provenance = result["provenance"]
    assert (provenance["reader"], provenance["model"]) == ("model", MODEL)
    assert provenance["ladder"] == [{"model": MODEL, "verdict": "accepted", "asked_again": 0}]
    (attempt,) = provenance["attempts"]
    assert attempt["status"] == 200
    assert attempt["input_tokens"] > 0
    assert attempt["seconds"] >= 0
    assert attempt["retried_because"] is None
    usage = provenance["usage"]
    assert usage["requests"] == 1
    assert usage["cost_usd"] is None  # the price of a scripted model is not known, and not 0
    assert (
        f"Read by: {MODEL} (prompt pointer-zh/1, not qualified); 1 requests" in run.stderr.decode()
    )


# --- the key


def test_the_key_goes_to_the_service_and_nowhere_else(able: Server, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    run = extract(
        REPORT,
        "--model",
        MODEL,
        "--base-url",
        able.url,
        "--cache",
        tmp_path / "cache",
        "--html",
        tmp_path / "page.html",
        "-o",
        out,
        OPENAI_API_KEY=KEY,
    )
    assert run.returncode == 0
    assert able.calls[-1].headers["authorization"] == f"Bearer {KEY}"
    kept = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) >= 3
    assert not any(KEY in text for text in [*kept, run.stderr.decode(), run.stdout.decode()])


# --- wrong usage: exit 2, one line, before anything is read or sent


@pytest.mark.models
@each(("words", "said"), ROWS["wrong_usage_is_one_line_and_exit_2"])
def test_wrong_usage_is_one_line_and_exit_2(words: str, said: str) -> None:
    run = extract(REPORT, *shlex.split(words.replace("NOBODY", "http://127.0.0.1:1/v1")))
    text = one_line(run)
    assert run.returncode == 2, text
    assert said in text
    assert ":p@" not in text


def test_a_report_that_cannot_be_read_costs_nothing(able: Server, tmp_path: Path) -> None:
    before = len(able.calls)
    run = extract(tmp_path / "none.txt", "--model", MODEL, "--base-url", able.url)
    assert run.returncode == 3
    one_line(run)
    assert len(able.calls) == before


# --- caps


@pytest.mark.models
def test_a_dead_provider_is_said_although_a_cap_stops_the_retries() -> None:
    run = extract(
        REPORT, "--model", MODEL, "--base-url", "http://127.0.0.1:9/v1", "--max-requests", "1"
    )
    assert run.returncode == 4
    assert "nothing answers there" in one_line(run)


@pytest.mark.models
def test_rounds_of_asking_again_are_told_as_they_were() -> None:
    with Server(scripted('{"rows":[],"cells":[],"order":[]}')) as server:
        run = extract(REPORT, "--model", MODEL, "--base-url", server.url)
        asked = len(server.calls)
    provenance = json.loads(run.stdout)["provenance"]
    assert provenance["ladder"][0]["asked_again"] == asked - 1 > 0
    assert len(provenance["attempts"]) == asked


@pytest.mark.models
def test_more_text_than_a_table_has_is_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    label = "2.重复申请"
    path.write_text(REPORT.read_text().replace(label, label + " 7\t" * 60_000, 1))
    with Server(scripted("no JSON")) as server:
        extract(path, "--model", MODEL, "--base-url", server.url)
        assert all(len(call.user) < 60_000 for call in server.calls)


@pytest.mark.models
def test_a_price_makes_a_cost_and_a_cap_on_it(able: Server, tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text('as_of = 2026-11-01\n[models."scripted"]\ninput = "1000"\noutput = "1000"\n')
    arguments: list[str | Path] = [
        REPORT,
        "--model",
        MODEL,
        "--base-url",
        able.url,
        "--prices",
        prices,
    ]
    run = extract(*arguments)
    assert run.returncode == 0, run.stderr.decode()
    usage = json.loads(run.stdout)["provenance"]["usage"]
    assert usage["cost_usd"] is not None
    assert float(usage["cost_usd"]) > 0
    before = len(able.calls)
    capped = json.loads(extract(*arguments, "--max-cost", "0.0001").stdout)
    assert capped["verdict"] == "rejected"
    assert len(able.calls) == before


# --- nothing sent, nothing half written


@pytest.mark.models
def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(able: Server) -> None:
    before = len(able.calls)
    run = extract(REPORT, "--model", f"builtin,{MODEL}", "--base-url", able.url, "--dry-run")
    text = run.stdout.decode()
    assert run.returncode == 0
    assert run.stderr == b""
    assert len(able.calls) == before
    assert "builtin: sends nothing" in text
    assert "nothing was sent" in text
    assert "tokens in" in text
    sent = extract(REPORT, "--model", MODEL, "--base-url", able.url)
    assert sent.returncode == 0
    assert able.calls[-1].user in text
    assert able.calls[-1].system.partition("\n")[0] in text


def test_a_dry_run_needs_no_key() -> None:
    run = extract(REPORT, "--model", MODEL, "--dry-run")
    assert run.returncode == 0
