"""The real command against services that fail: the documented exit code, one clear line, no key, no flood."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GOLDEN, environment, expected, extract
from tests.each import each
from tests.loopback import Act, Response, Server, completion, faults, scripted
from tests.scripted import StrongModel

pytestmark = pytest.mark.models


CASE = "tab-indented-2021"
REPORT = GOLDEN / CASE / "report.txt"
KEY = "sk-scripted-0123456789abcdefghij"
NOTHING = '{"by":"row","rows":[],"cells":[],"order":[]}'
MOST_REQUESTS = 8
"""Most HTTP requests for one question."""

_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def variables(**more: str) -> dict[str, Any]:
    """The key and no proxy, as environment variables."""
    return {**dict.fromkeys(_PROXIES, ""), "OPENAI_API_KEY": KEY, **more}


def strong_model() -> StrongModel:
    """A scripted strong model for the report."""
    cells: dict[str, Any] = expected(CASE)["cells"]
    truth: dict[str, Any] = {
        name: tuple(cell["span"]) if cell["state"] == "read" else cell["state"]
        for name, cell in cells.items()
    }
    text = REPORT.read_bytes().decode("utf-8-sig")
    return StrongModel(text, truth)


def strong() -> Act:
    """Its answers."""
    model = strong_model()
    return scripted(lambda call: model(call.system, call.user))


def run(
    base_url: str, *options: str | Path, report: Path = REPORT
) -> subprocess.CompletedProcess[bytes]:
    """Run the command with a model at an address; it is patient, for a busy machine is slow to answer."""
    return extract(
        report,
        "--model",
        "openai/scripted",
        "--base-url",
        base_url,
        "--timeout",
        "30",
        "--deadline",
        "50",
        *options,
        **variables(),
    )


def failed(done: subprocess.CompletedProcess[bytes], code: int = 4) -> str:
    """The one line of a run that failed."""
    line = done.stderr.decode()
    assert done.returncode == code, line
    assert line.endswith("\n")
    assert line.count("\n") == 1, line
    assert line.startswith("extract: ")
    assert "Traceback" not in line
    assert len(line) < 600, line
    assert done.stdout == b""
    assert_no_key(done)
    return line


def assert_no_key(done: subprocess.CompletedProcess[bytes]) -> None:
    """Neither the key nor a large part of it is in what was written."""
    for part in (KEY, KEY[3:], KEY[:20], KEY[-12:]):
        assert part.encode() not in done.stderr
        assert part.encode() not in done.stdout


def result(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """The result of a run that came to one."""
    assert done.returncode in (0, 1), done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert_no_key(done)
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


# --- for good: one request, exit 4, one line --------------------------------------------------------

FINAL: dict[str, tuple[Act, str]] = {
    "429 that asks for an hour": (faults.rate_limited("3600"), "3600 s"),
    "429 that asks for an hour by date": (
        faults.status(
            429,
            "slow down",
            Retry_After="Wed, 21 Oct 2065 08:28:00 GMT",
            Date="Wed, 21 Oct 2065 07:28:00 GMT",
        ),
        "3600 s",
    ),
    "no quota": (faults.quota(), "quota"),
    "wrong key": (faults.wrong_key(), "key"),
    "no right to use it": (faults.status(403, "Forbidden"), "403"),
    "no such model": (faults.no_model(), "model"),
    "payment required": (faults.status(402, "Insufficient Balance"), "402"),
    "redirect": (faults.redirect("https://example.invalid/v1/chat/completions"), "redirect"),
}


@each("name", FINAL)
def test_what_no_further_request_mends_is_asked_once(name: str) -> None:
    act, word = FINAL[name]
    with Server(act) as server:
        line = failed(run(server.url))
        assert word in line
        assert len(server.calls) == 1
        assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"


# --- passing: asked again within the cap, then exit 4 -----------------------------------------------

AT_ONCE: dict[str, tuple[Act, str]] = {
    "429": (faults.status(429, "slow down", **faults.SOON), "429"),
    "500": (faults.status(500, "Internal error", **faults.SOON), "500"),
    "502 with a page": (faults.html(502), "502"),
    "an error under 200": (faults.error_in_success("upstream failed"), "upstream failed"),
    "a page under 200": (faults.html(), "--base-url"),
    "no choices": (faults.no_choices(), "--base-url"),
    "a packed body, never unpacked": (faults.bomb(), "--base-url"),
}
AFTER_A_WHILE: dict[str, tuple[Act, str]] = {
    "cut before the status": (faults.cut("before"), "connection"),
    "cut within the headers": (faults.cut("headers"), "connection"),
    "cut within the body": (faults.cut("body"), "connection"),
    "too short a body": (faults.short(), "connection"),
    "no HTTP": (faults.garbage(), "connection"),
    "a byte at a time": (faults.drip(), "--timeout"),
    "nothing": (faults.silent(), "--timeout"),
}


@each("name", AT_ONCE)
def test_what_may_pass_is_asked_again_up_to_the_cap_and_then_given_up(name: str) -> None:
    act, word = AT_ONCE[name]
    with Server(act) as server:
        line = failed(run(server.url))
        assert word in line
        assert 2 <= len(server.calls) <= MOST_REQUESTS
        assert len({call.raw for call in server.calls}) == 1  # never a growing history
        assert f"{len(server.calls)} requests" in line


@each("name", AFTER_A_WHILE)
def test_what_takes_its_time_is_given_up_when_the_time_is_over(name: str) -> None:
    act, word = AFTER_A_WHILE[name]
    seconds = "1" if word == "--timeout" else "30"
    with Server(act) as server:
        line = failed(run(server.url, "--timeout", seconds, "--deadline", "5"))
        assert word in line
        assert 1 <= len(server.calls) <= MOST_REQUESTS
        assert len({call.raw for call in server.calls}) == 1


def test_a_429_that_asks_for_a_second_is_waited_for() -> None:
    answer = strong()
    with Server([faults.rate_limited("1"), answer]) as server:
        made = result(run(server.url))
        assert made["verdict"] == "accepted"
        assert server.calls[1].at - server.calls[0].at >= 1
        assert server.calls[1].raw == server.calls[0].raw
    attempts = made["provenance"]["attempts"]
    assert [one["status"] for one in attempts][:2] == [429, 200]
    assert attempts[0]["retried_because"] is None
    assert attempts[1]["retried_because"] == "rate_limited"
    assert len(attempts) == len(server.calls) == made["provenance"]["usage"]["requests"]


def test_faults_that_pass_leave_no_trace_but_in_the_attempts() -> None:
    with Server(strong()) as server:
        undisturbed = result(run(server.url))
    passing = [AT_ONCE["500"][0], faults.cut("body"), faults.garbage(), faults.silent()]
    with Server([*passing, strong()]) as server:
        made = result(run(server.url, "--timeout", "15"))
    assert made["verdict"] == undisturbed["verdict"] == "accepted"
    assert made["cells"] == undisturbed["cells"]
    assert len(made["provenance"]["attempts"]) == len(undisturbed["provenance"]["attempts"]) + 4


def test_a_server_that_dies_midway_ends_the_run() -> None:
    with Server(strong(), dies_after=1) as server:
        line = failed(run(server.url, "--votes", "3"))
        assert "openai/scripted" in line
        assert 2 <= len(server.calls) <= 1 + MOST_REQUESTS


# --- answers that cannot be used: a result, rejected ------------------------------------------------

UNUSABLE: dict[str, Act] = {
    "endless": faults.endless(),
    "refusal": faults.refusal(),
    "filtered": faults.filtered(NOTHING),
    "truncated": faults.truncated('{"by": "row", "rows": [['),
    "blank": scripted(" \n" * 500),
    "no JSON": scripted("I found the tables."),
    "nothing said": scripted(NOTHING),
}


@each("name", UNUSABLE)
def test_an_answer_that_cannot_be_used_ends_as_a_rejected_result(name: str) -> None:
    with Server(UNUSABLE[name]) as server:
        done = run(server.url)
        made = result(done)
        assert done.returncode == 1
        assert made["verdict"] in ("rejected", "incomplete")
        assert not any(cell["state"] == "deduced" for cell in made["cells"].values())
        assert made["provenance"]["usage"]["requests"] == len(server.calls)
        assert len(server.calls) <= 30  # three tables, asked again twice, more room once


# --- caps, cache, interruption ----------------------------------------------------------------------


@each("act", [faults.status(500, "x", **faults.SOON), scripted(NOTHING)])
@each("most", [1, 2])
def test_no_request_is_sent_beyond_the_cap_of_the_run(act: Act, most: int) -> None:
    with Server(act) as server:
        done = run(server.url, "--max-requests", str(most))
        assert len(server.calls) == most
        if done.returncode == 4:
            failed(done)
        else:
            assert any("--max-requests" in str(reason) for reason in result(done)["reasons"])


def test_an_interrupted_run_writes_nothing(tmp_path: Path) -> None:
    with Server(faults.silent()) as server:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [
                sys.executable,
                "-m",
                "extractor",
                str(REPORT),
                "--model",
                "openai/scripted",
                "--base-url",
                server.url,
                "-o",
                str(tmp_path / "out.json"),
                "--html",
                str(tmp_path / "out.html"),
                "--cache",
                str(tmp_path / "cache"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(**variables()),
        )
        try:
            for _ in range(1000):
                if server.calls or process.poll() is not None:
                    break
                time.sleep(0.02)
            assert server.calls
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=300)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == b""
    assert err.decode().count("\n") == 1
    assert b"Traceback" not in err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_key_can_come_from_a_file_and_never_from_the_command_line(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(KEY + "\n")
    with Server(scripted(lambda call: Response(200, completion(NOTHING, call)))) as server:
        done = extract(
            REPORT,
            "--model",
            "openai/scripted",
            "--base-url",
            server.url,
            "--key-file",
            secret,
            **variables(OPENAI_API_KEY=""),
        )
        assert_no_key(done)
        assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"
        assert extract(REPORT, "--key", KEY).returncode == 2
